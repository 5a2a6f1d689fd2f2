package timing

import "time"

// Timeout limits each run in Python.
func Timeout(d time.Duration) Option { return func(p *plan) { p.timeout = d } }

// NewComparison makes a Comparison from samples, as a measurement would.
func NewComparison(title string, ideal time.Duration, processors int, results ...Result) Comparison {
	c := Comparison{Title: title, Results: results, Ideal: ideal, Processors: processors}
	for i := range c.Results {
		c.Results[i].summarize()
	}
	c.finish()
	return c
}

// NewScaling makes a ScalingResult from samples, as a measurement would.
func NewScaling(title string, sizes []int, processors int, series ...Series) ScalingResult {
	for _, s := range series {
		for i := range s {
			s[i].summarize()
			s[i].Speedup = ratio(series[0][i].Median, s[i].Median)
		}
	}
	return ScalingResult{Title: title, Sizes: sizes, Series: series, Processors: processors}
}
