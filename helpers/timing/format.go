package timing

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tutorial/helpers/figure"
)

// formatDuration writes a time that was measured.
func formatDuration(d time.Duration) string { return figure.Duration(d, 4) }

// zeros are those at the end of a number with a point, and the point if nothing else follows it.
var zeros = regexp.MustCompile(`(?:\.0+|(\.\d*?[1-9])0+)([ ×])`)

// short leaves out the zeros at the end of a number that was given rather than measured.
func short(s string) string { return zeros.ReplaceAllString(s, "$1$2") }

func shortDuration(d time.Duration) string { return short(formatDuration(d)) }

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
func shortTimes(x float64) string { return short(formatTimes(x)) }

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
