package figure

import (
	"fmt"
	"strconv"
)

// Count writes a whole number with commas between groups of three digits, as in "-12,345".
func Count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Bytes writes a size with two or three digits that count, as in "979 B" and "2.7 KB". KB, MB and GB are 1024 of the unit
// before, as is usual for memory. Negative sizes stay in bytes.
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
