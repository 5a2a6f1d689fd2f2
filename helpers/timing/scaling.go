package timing

import (
	"context"
	"fmt"
	"runtime"

	"tutorial/helpers/figure"
)

// ScalingResult is what [RunScaling] and [Scaling] return: how the cost of several cases grows with n.
type ScalingResult struct {
	Title      string
	Sizes      []int // the n, increasing
	Series     []Series
	SameWork   bool // n says how the work is done, not how much of it; see the option
	Processors int  // GOMAXPROCS
}

// Series is one case at all sizes, in their order. The speed-up is against the first case at the same n, or with [SameWork] the same
// case at the first.
type Series []Result

// RunScaling measures as [Scaling] does and returns the numbers; it displays nothing. Its errors are those of [Run], and one if
// no sizes are given.
func RunScaling(ctx context.Context, title string, items ...Item) (ScalingResult, error) {
	return runScaling(ctx, title, items, nil)
}

func runScaling(ctx context.Context, title string, items []Item, report reporter) (ScalingResult, error) {
	plan, err := newPlan(true, title, items)
	if err != nil {
		return ScalingResult{}, err
	}
	s := ScalingResult{Title: title, Sizes: plan.sizes, SameWork: plan.sameWork, Processors: runtime.GOMAXPROCS(0)}
	for i, n := range plan.sizes {
		results, err := plan.measure(ctx, n, report)
		if err != nil {
			return ScalingResult{}, fmt.Errorf("at n = %s: %w", figure.Count(n), err)
		}
		if i == 0 {
			s.Series = make([]Series, len(results))
		}
		for j, r := range results {
			r.Speedup = ratio(results[0].Median, r.Median)
			if plan.sameWork {
				r.Speedup = 1
				if i > 0 {
					r.Speedup = ratio(s.Series[j][0].Median, r.Median)
				}
			}
			s.Series[j] = append(s.Series[j], r)
		}
	}
	return s, nil
}
