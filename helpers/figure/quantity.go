package figure

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// unitOf returns the largest unit up to seconds that is not larger than d.
func unitOf(d time.Duration) (size time.Duration, name string) {
	switch {
	case d >= time.Second || d == 0:
		return time.Second, "s"
	case d >= time.Millisecond:
		return time.Millisecond, "ms"
	case d >= time.Microsecond:
		return time.Microsecond, "µs"
	}
	return time.Nanosecond, "ns"
}

// Duration writes a time in the unit that suits it, with so many digits that count, as in "113 ms"; from a minute on with
// minutes and seconds, and from an hour on with hours and minutes.
func Duration(d time.Duration, digits int) string {
	if d < 0 {
		return "-" + Duration(-d, digits)
	}
	if d < time.Minute {
		quantum := time.Duration(1)
		for d/quantum >= time.Duration(math.Pow10(digits)) {
			quantum *= 10
		}
		d = d.Round(quantum)
	} else {
		d = d.Round(time.Second / 10)
	}
	switch {
	case d >= time.Hour:
		d = d.Round(time.Minute)
		return fmt.Sprintf("%d h %02d min", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%d min %04.1f s", d/time.Minute, (d % time.Minute).Seconds())
	}
	size, name := unitOf(d)
	if d == 0 || size == 1 {
		digits = 0
	}
	for whole := d / size; whole > 0 && digits > 0; whole /= 10 {
		digits--
	}
	return strconv.FormatFloat(float64(d)/float64(size), 'f', digits, 64) + " " + name
}

// Count writes a whole number with commas between groups of three digits, as in "-12,345".
func Count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Bytes writes a size with two or three digits that count, as in "979 B" and "2.7 KB". KB, MB and GB are 1024 of the unit
// before, as is usual for memory.
func Bytes(size float64) string {
	units := []string{"B", "KB", "MB", "GB"}
	for size >= 999.5 && len(units) > 1 {
		size /= 1024
		units = units[1:]
	}
	switch {
	case size == 0:
		return "0"
	case units[0] == "B" || size >= 99.95:
		return fmt.Sprintf("%.0f %s", size, units[0])
	}
	return fmt.Sprintf("%.1f %s", size, units[0])
}
