package imageserver

import (
	"image"
	"time"
)

// Picture is the image of a number before it is encoded.
func Picture(number int) *image.Paletted { return picture(number) }

// Encoded is what the server sends for an image.
func Encoded(number int, extension string) []byte { return encoded(number, format(extension)) }

// ParseConduct reads a query; the results are latency, bandwidth, fault, times and after.
func ParseConduct(query string) (time.Duration, int, string, int, time.Duration, error) {
	c, err := parseConduct(query, conduct{latency: defaultLatency})
	return c.latency, c.bandwidth, string(c.fault), c.times, c.after, err
}

// Working is how many requests the server works on.
func Working(s *Server) int { return len(s.slots) }
