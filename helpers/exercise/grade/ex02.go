package grade

import (
	"fmt"
	"slices"
	"time"
)

var _ = register(Exercise{
	Name:  "02_results_in_order",
	Title: "Results in order",
	Picture: Picture{
		Title:   "Three inputs at the same time",
		Caption: "The results are ready in another order than that of the inputs, and are returned in the order of the inputs.",
		Spans:   []Span{span("input 1", 0, 300), span("input 2", 0, 100), span("input 3", 0, 200)},
	},
})

// ResultsInOrder grades a function that applies f to all inputs at the same time, and returns the results in their order.
func ResultsInOrder(answer func(inputs []int, f func(int) int) []int) Check {
	run := func(durations ...int) func(*Run) {
		return func(r *Run) {
			var inputs, want []int
			var names []string
			longest := time.Duration(0)
			for i, d := range durations {
				n := (5*i + 3) % 11 // in no order, so that sorting doesn't help
				inputs = append(inputs, n)
				want = append(want, n*n)
				names = append(names, fmt.Sprint("input ", i+1))
				longest = max(longest, MS(d))
			}
			var got []int
			given := slices.Clone(inputs)
			r.Call(func() {
				got = answer(given, func(n int) int {
					i := slices.Index(inputs, n)
					if i < 0 {
						r.Failf("f was called with %d, which is none of the inputs %v.", n, inputs)
					}
					r.Do(names[i], MS(durations[i]))
					return n * n
				})
			})
			r.WantEach(names...)
			if !slices.Equal(given, inputs) {
				r.Failf("Your function wrote its results over the inputs, which are still the caller's. Make a slice of your own for the results.")
			}
			r.WantTook(longest, "the time of the longest call")
			sorted := slices.Sorted(slices.Values(got))
			switch {
			case slices.Equal(got, want):
			case slices.IsSorted(got) && slices.Equal(sorted, slices.Sorted(slices.Values(want))):
				r.Failf("All results are there, but sorted by size: %v. They should be in the order of the inputs %v: %v. Give each result its own place in a slice.", got, inputs, want)
			case slices.Equal(sorted, slices.Sorted(slices.Values(want))):
				r.Failf("All results are there, but in the order in which they were ready: %v. They should be in the order of the inputs %v: %v. Give each result its own place in a slice.", got, inputs, want)
			default:
				r.Failf("For the inputs %v, the results should be %v; your function returned %v.", inputs, want, got)
			}
		}
	}
	return Check{"02_results_in_order", []Scenario{
		{Name: "three inputs that take 300, 100 and 200 ms", Do: run(300, 100, 200)},
		{Name: "one input", Do: run(50)},
		{Name: "no inputs", Do: run()},
		{Name: "eight inputs, of which the last is ready first", Do: run(80, 70, 60, 50, 40, 30, 20, 10)},
	}}
}
