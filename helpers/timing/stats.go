package timing

import (
	"slices"
	"time"
)

// median returns the middle of sorted samples, for an even number the mean of the two in the middle (rounded down to a
// nanosecond), and 0 for none.
func median(sorted []time.Duration) time.Duration {
	n := len(sorted)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return sorted[n/2]
	}
	a, b := sorted[n/2-1], sorted[n/2]
	return a + (b-a)/2
}

// fences returns the limits beyond which a sample is an outlier: one and a half times the distance between the hinges,
// below the lower and above the upper one. The hinges are the medians of the two halves, the middle sample belonging to
// both (J. W. Tukey, Exploratory Data Analysis, 1977, sections 2C and 2D).
func fences(sorted []time.Duration) (low, high time.Duration) {
	half := (len(sorted) + 1) / 2
	q1, q3 := median(sorted[:half]), median(sorted[len(sorted)-half:])
	step := (q3 - q1) + (q3-q1)/2
	return q1 - step, q3 + step
}

// fewestForOutliers is the smallest number of samples among which one is called an outlier: with fewer the hinges rest on
// one or two samples and the fences mean nothing.
const fewestForOutliers = 5

// outliers returns the indices of the samples beyond the fences, in increasing order, nil if there are none or the
// samples are fewer than five.
func outliers(samples []time.Duration) []int {
	if len(samples) < fewestForOutliers {
		return nil
	}
	sorted := slices.Clone(samples)
	slices.Sort(sorted)
	low, high := fences(sorted)
	var found []int
	for i, d := range samples {
		if d < low || d > high {
			found = append(found, i)
		}
	}
	return found
}

// Result is what was measured of one case. Times are wall times.
type Result struct {
	Name     string // the case's name
	Language string // "Go" or "Python"
	Version  string // of the language, such as "1.26" or "3.11"

	Samples          []time.Duration // every run, in the order measured; at least one
	Median, Min, Max time.Duration
	Outliers         []int // which samples are outliers by Tukey's fences (beyond 1.5 interquartile ranges); they count all the same
	Processors       int   // what the case set GOMAXPROCS to, which was put back after each run; 0 if it left it alone
	Long             bool  // only one run was made, because it took [LongRun] or more

	// Speedup is the baseline's median divided by this one, so 1 for the baseline itself, and 0 where a median is 0.
	Speedup float64
	// Efficiency is the ideal time divided by the median, so 1 is perfect; it is 0 where no ideal was given.
	Efficiency float64
}

// N returns the number of runs.
func (r Result) N() int { return len(r.Samples) }

// summarize fills in what follows from the samples.
func (r *Result) summarize() {
	sorted := slices.Clone(r.Samples)
	slices.Sort(sorted)
	r.Median = median(sorted)
	if len(sorted) > 0 {
		r.Min, r.Max = sorted[0], sorted[len(sorted)-1]
	}
	r.Outliers = outliers(r.Samples)
}

func ratio(a, b time.Duration) float64 {
	if a <= 0 || b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}
