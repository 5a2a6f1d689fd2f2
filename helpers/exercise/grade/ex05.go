package grade

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

var _ = register(Exercise{
	Name:  "05_pipeline",
	Title: "A pipeline of two stages",
	Picture: Picture{
		Title:   "A pipeline: fetch and parse overlap",
		Caption: "While the second stage works on an item, the first works on the next one. Each stage has one item at a time.",
		Spans: []Span{
			span("fetch 1", 0, 100), span("parse 1", 100, 200), span("fetch 2", 100, 200), span("parse 2", 200, 300),
			span("fetch 3", 200, 300), span("parse 3", 300, 400),
		},
	},
})

var errPipeline = errors.New("cannot parse")

// Pipeline grades a function that fetches and parses items in two stages, one item at a time in each, and stops at the
// first error with the results so far.
func Pipeline(answer func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error)) Check {
	run := func(n, fetchMS, parseMS, failAt int) func(*Run) {
		return func(r *Run) {
			var items, want []int
			for i := range n {
				items = append(items, i+1)
				want = append(want, (i+1)*1000)
			}
			fetch := func(i int) int { r.Do(fmt.Sprint("fetch ", i), MS(fetchMS)); return i * 10 }
			parse := func(i int) (int, error) {
				r.Do(fmt.Sprint("parse ", i/10), MS(parseMS))
				if i/10 == failAt {
					return 0, errPipeline
				}
				return i * 100, nil
			}
			if failAt > 0 {
				want = want[:failAt-1]
			}
			var got []int
			var err error
			r.Call(func() { got, err = answer(items, fetch, parse) })
			for _, stage := range []string{"fetch", "parse"} {
				if most := mostOf(r.Spans(), stage); most > 1 {
					r.Failf("%s were in progress at the same time; a stage should have one item at a time. Give each stage a single goroutine, and let a channel hand the items on.", upper(Plural(most, stage, strings.TrimSuffix(stage, "e")+"es")))
				}
			}
			if failAt > 0 {
				if !errors.Is(err, errPipeline) {
					r.Failf("parse failed for item %d, and your function returned %s. It should return parse's own error.", failAt, returned(err))
				}
				if !slices.Equal(got, want) {
					r.Failf("parse failed for item %d, so the results should be those before it: %v. Your function returned %v.", failAt, want, got)
				}
				if late := lastStart(r.Spans(), "parse"); late > failAt {
					r.Failf("parse failed for item %d, and item %d was parsed all the same. Stop at the first error.", failAt, late)
				}
				ahead := lastStart(r.Spans(), "fetch") - failAt
				if ahead > 3 {
					r.Failf("parse failed for item %d, and %s fetched after that. Tell the first stage to stop: a channel that you close, or a context, in a select with the send.", failAt, Plural(ahead, "item was", "items were"))
				}
				return
			}
			if err != nil {
				r.Failf("Your function returned the error %q, although nothing failed.", err)
			}
			if !slices.Equal(got, want) {
				r.Failf("The results should be %v, in the order of the items; your function returned %v. One goroutine a stage, and channels between them, keep the order by themselves.", want, got)
			}
			if n > 0 {
				total := MS(fetchMS) + MS(parseMS) + time.Duration(n-1)*max(MS(fetchMS), MS(parseMS))
				if sum := time.Duration(n) * (MS(fetchMS) + MS(parseMS)); n > 1 && r.took == sum {
					r.Failf("Your function took %s, as long as all fetches and all parses together. Let item 2 be fetched while item 1 is parsed: then it takes %s.", Time(sum), Time(total))
				}
				r.WantTook(total, "the time of the slower stage for each item, and of the other once")
			}
		}
	}
	return Check{"05_pipeline", []Scenario{
		{Name: "four items of 100 ms in each stage", Do: run(4, 100, 100, 0)},
		{Name: "a second stage that is slower", Do: run(5, 30, 100, 0)},
		{Name: "a first stage that is slower", Do: run(5, 100, 30, 0)},
		{Name: "parse failing for item 2 of 20", Do: run(20, 30, 30, 2)},
		{Name: "parse failing for the last item", Do: run(4, 30, 30, 4)},
		{Name: "no items", Do: run(0, 30, 30, 0)},
	}}
}

// mostOf is how many pieces of work whose names begin with stage were in progress at the same time.
func mostOf(spans []Span, stage string) int {
	return mostAtOnce(slices.DeleteFunc(slices.Clone(spans), func(s Span) bool { return s.Name[:len(stage)] != stage }))
}

// lastStart is the number of the last item that the stage began with.
func lastStart(spans []Span, stage string) int {
	last := 0
	for _, s := range spans {
		var n int
		if _, err := fmt.Sscanf(s.Name, stage+" %d", &n); err == nil {
			last = max(last, n)
		}
	}
	return last
}
