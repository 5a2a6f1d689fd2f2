package imageserver

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The limits of what a URL may ask for. They keep a mistyped one from holding a lesson up.
const (
	maxLatency   = time.Minute
	minBandwidth = 1_000
	maxBandwidth = 1_000_000_000
	maxTimes     = 100
	minAfter     = time.Second
	maxAfter     = 60 * time.Second
)

type fault string

const (
	noFault       fault = ""
	faultMissing  fault = "404"
	faultBusy     fault = "429"
	faultFailing  fault = "500"
	faultHang     fault = "hang"
	faultCut      fault = "cut"
	faultNoImage  fault = "noimage"
	faultRedirect fault = "redirect"
)

var faults = []fault{faultMissing, faultBusy, faultFailing, faultHang, faultCut, faultNoImage, faultRedirect}

// conduct is how a request is answered.
type conduct struct {
	latency   time.Duration
	bandwidth int // bytes a second, 0 for no limit
	fault     fault
	times     int           // of faultFailing
	after     time.Duration // of faultBusy
}

// parseConduct reads a URL's query over the defaults. Its errors are what the client is told.
func parseConduct(query string, c conduct) (conduct, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return c, fmt.Errorf("the part of the URL after the question mark cannot be read: %w", err)
	}
	c.times, c.after = 1, minAfter
	for _, name := range slices.Sorted(maps.Keys(values)) { // The first complaint is always the same one.
		all := values[name]
		if len(all) > 1 {
			return c, fmt.Errorf("the URL says %s more than once: leave one of them out", shorten(name))
		}
		value := all[0]
		switch name {
		case "latency":
			c.latency, err = parseDuration(name, value, 0, maxLatency, "300ms")
		case "after":
			c.after, err = parseDuration(name, value, minAfter, maxAfter, "2s")
		case "bandwidth":
			c.bandwidth, err = parseNumber(name, value, minBandwidth, maxBandwidth)
		case "times":
			c.times, err = parseNumber(name, value, 1, maxTimes)
		case "fault":
			c.fault, err = parseFault(value)
		default:
			err = fmt.Errorf("there is no setting %q: use latency, bandwidth, fault, times or after", shorten(name))
		}
		if err != nil {
			return c, err
		}
	}
	switch {
	case values.Has("times") && c.fault != faultFailing:
		return c, errors.New("the setting times belongs to fault=500: add that, or leave times out")
	case values.Has("after") && c.fault != faultBusy:
		return c, errors.New("the setting after belongs to fault=429: add that, or leave after out")
	}
	return c, nil
}

func parseDuration(name, value string, least, most time.Duration, example string) (time.Duration, error) {
	d, err := time.ParseDuration(value)
	if err != nil || d < least || d > most {
		return 0, fmt.Errorf("%s=%s is not a time from %v to %v: write it as in %s=%s", name, shorten(value), least, most, name, example)
	}
	return d, nil
}

func parseNumber(name, value string, least, most int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%s=%s is not a whole number from %d to %d", name, shorten(value), least, most)
	}
	return n, nil
}

func parseFault(value string) (fault, error) {
	var names []string
	for _, f := range faults {
		if fault(value) == f {
			return f, nil
		}
		names = append(names, string(f))
	}
	last := len(names) - 1
	return noFault, fmt.Errorf("there is no fault %q: choose %s or %s", shorten(value), strings.Join(names[:last], ", "), names[last])
}

// shorten keeps a sentence readable, whatever was in the URL.
func shorten(s string) string {
	const most = 40
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// parseImage reads "3.png". Only one spelling of a number is accepted, as for any file.
func parseImage(name string) (number int, f format, err error) {
	base, extension, _ := strings.Cut(name, ".")
	f = format(extension)
	number, err = strconv.Atoi(base)
	if err != nil || strconv.Itoa(number) != base || number < 0 || number >= Images || f != png8 && f != jpg {
		return 0, "", fmt.Errorf("there is no image %q: they are 0.png to %d.png, and 0.jpg to %d.jpg", shorten(name), Images-1, Images-1)
	}
	return number, f, nil
}
