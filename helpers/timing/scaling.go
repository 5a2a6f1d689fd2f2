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

// Series is one case at all sizes.
type Series struct {
	Name     string
	Language string
	Version  string
	Results  []Result // one for each of the sizes, in their order; the speed-up is against the first case at the same n, or with SameWork the same case at the first
}

// RunScaling measures as [Scaling] does and returns the numbers; it displays nothing. Its errors are those of [Run], and one if
// no sizes are given.
func RunScaling(ctx context.Context, title string, items ...ScalingItem) (ScalingResult, error) {
	return runScaling(ctx, title, items, nil)
}

// scalingPlan is what Scaling's arguments add up to.
type scalingPlan struct {
	settings
	subjects []subject
	sizes    []int
	sameWork bool
}

func runScaling(ctx context.Context, title string, items []ScalingItem, report reporter) (ScalingResult, error) {
	plan := scalingPlan{settings: newSettings()}
	for _, item := range items {
		switch it := item.(type) {
		case nil:
			plan.fail(fmt.Errorf("an argument is nil: leave it out or make it with GoN, PythonN or an option"))
		case ScalingOption:
			if it == nil {
				plan.fail(fmt.Errorf("an option is nil: leave it out or make it with Sizes"))
				continue
			}
			it.addToScaling(&plan)
		default:
			it.addToScaling(&plan)
		}
	}
	if plan.err != nil {
		return ScalingResult{}, plan.err
	}
	if len(plan.sizes) == 0 {
		return ScalingResult{}, fmt.Errorf("no sizes are given: say with Sizes(10, 100, 1000) at which n to measure")
	}
	s := ScalingResult{Title: title, Sizes: plan.sizes, SameWork: plan.sameWork, Processors: runtime.GOMAXPROCS(0)}
	for i, n := range plan.sizes {
		results, err := measure(ctx, plan.settings, plan.subjects, n, report.at(n))
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
					r.Speedup = ratio(s.Series[j].Results[0].Median, r.Median)
				}
			}
			s.Series[j].Name, s.Series[j].Language, s.Series[j].Version = r.Name, r.Language, r.Version
			s.Series[j].Results = append(s.Series[j].Results, r)
		}
	}
	return s, nil
}
