package imageserver

import "image"

// Picture is the image of a number before it is encoded.
func Picture(number int) *image.Paletted { return picture(number) }

// Encoded is what the server sends for an image.
func Encoded(number int, extension string) []byte { return encoded(number, format(extension)) }

// Working is how many requests the server works on.
func Working(s *Server) int { return cap(s.slots) - len(s.slots) }
