package timing

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"tutorial/helpers/figure"
)

// formatDuration writes d in the unit that suits it, with four digits that count, and milliseconds where it is seconds.
func formatDuration(d time.Duration) string {
	if d < 0 {
		return "-" + formatDuration(-d)
	}
	unit := func(size time.Duration, name string, decimals int) string {
		return strconv.FormatFloat(float64(d)/float64(size), 'f', decimals, 64) + " " + name
	}
	switch d = fourDigits(d); {
	case d < time.Microsecond:
		return unit(time.Nanosecond, "ns", 0)
	case d < time.Millisecond:
		return unit(time.Microsecond, "µs", 3-digitsAbove(d, time.Microsecond))
	case d < time.Second:
		return unit(time.Millisecond, "ms", 3-digitsAbove(d, time.Millisecond))
	case d < time.Minute:
		return unit(time.Second, "s", 3)
	case d < time.Hour:
		d = d.Round(time.Second / 10)
		return fmt.Sprintf("%d min %04.1f s", d/time.Minute, (d % time.Minute).Seconds())
	}
	d = d.Round(time.Minute)
	return fmt.Sprintf("%d h %02d min", d/time.Hour, d%time.Hour/time.Minute)
}

// fourDigits rounds so that rounding later on cannot carry into the next unit ("1000.0 ms").
func fourDigits(d time.Duration) time.Duration {
	switch {
	case d >= time.Hour:
		return d.Round(time.Minute)
	case d >= time.Minute-time.Millisecond:
		return d.Round(time.Second / 10)
	case d >= time.Second:
		return d.Round(time.Millisecond)
	}
	quantum := time.Duration(1)
	for d/quantum >= 10_000 {
		quantum *= 10
	}
	return d.Round(quantum)
}

// digitsAbove returns how many digits d has before the point in the given unit, less one.
func digitsAbove(d, unit time.Duration) int {
	n := 0
	for d /= unit; d >= 10; d /= 10 {
		n++
	}
	return n
}

// shortDuration is formatDuration for a number that was given rather than measured: no zeros at the end.
func shortDuration(d time.Duration) string {
	number, unit, ok := strings.Cut(formatDuration(d), " ")
	if ok && strings.Contains(number, ".") {
		number = strings.TrimRight(strings.TrimRight(number, "0"), ".")
	}
	return number + " " + unit
}

// formatTimes writes a factor such as a speed-up, with two decimals where they mean something.
func formatTimes(x float64) string {
	switch {
	case x <= 0 || math.IsInf(x, 0) || math.IsNaN(x):
		return "–"
	case x < 0.0001:
		return "<0.0001×"
	case x < 0.095:
		return strconv.FormatFloat(x, 'g', 2, 64) + "×"
	case x < 99.995:
		return strconv.FormatFloat(x, 'f', 2, 64) + "×"
	case x < 999.95:
		return strconv.FormatFloat(x, 'f', 1, 64) + "×"
	}
	return figure.Count(int(min(math.Round(x), 1e15))) + "×"
}

// shortTimes is formatTimes for a factor that was given.
func shortTimes(x float64) string {
	s, ok := strings.CutSuffix(formatTimes(x), "×")
	if !ok {
		return s
	}
	if strings.Contains(s, ".") && !strings.Contains(s, "e") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s + "×"
}

func formatPercent(x float64) string {
	if x <= 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return "–"
	}
	if x >= 0.01 {
		return strconv.FormatFloat(x*100, 'f', 1, 64) + " %"
	}
	return strconv.FormatFloat(x*100, 'g', 2, 64) + " %"
}

// join lists names as in a sentence: "a, b and c".
func join(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
