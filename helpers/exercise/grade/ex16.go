package grade

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var _ = register(Exercise{
	Name:  "16_weighted",
	Title: "Jobs that share memory",
	Picture: Picture{
		Title:   "Jobs that need 4, 6, 5 and 5 of a memory of 10",
		Caption: "Each job begins as soon as it is its turn and its part of the memory is free, and never more than 10 are in use.",
		Spans: []Span{
			span("job 1 (needs 4)", 0, 300), span("job 2 (needs 6)", 0, 100), span("job 3 (needs 5)", 100, 300), span("job 4 (needs 5)", 300, 400),
		},
	},
})

// Weighted grades a function that runs jobs, each of which needs a part of a memory.
func Weighted(answer func(ctx context.Context, memory int, sizes []int, job func(i int)) error) Check {
	name := func(i int) string { return fmt.Sprint("job ", i+1) }
	job := func(r *Run, times ...int) func(i int) {
		return func(i int) { r.Do(name(i), MS(times[i%len(times)])) }
	}
	// What all scenarios want: each job once, in turn, and no more memory in use than there is.
	fits := func(r *Run, memory int, sizes []int) {
		began := map[string]Span{}
		for _, s := range r.Spans() {
			began[s.Name] = s
		}
		for _, s := range r.Spans() {
			used, jobs := 0, 0
			for i, size := range sizes {
				if other, ok := began[name(i)]; ok && other.Start <= s.Start && s.Start < other.End {
					used += size
					jobs++
				}
			}
			if used > memory {
				r.Failf("After %s, %s in progress that need %d together, and the memory is %d. A job takes as many units as it needs before it begins, and gives all of them back when it ends.", Time(s.Start), Plural(jobs, "job was", "jobs were"), used, memory)
			}
		}
		for i := 1; i < len(sizes); i++ {
			s, ok := began[name(i)]
			before, okBefore := began[name(i-1)]
			if ok && (!okBefore || s.Start < before.Start) {
				r.Failf("%s began before %s, which comes first. If whoever comes later and needs less may go ahead, one that needs much may wait for ever. Take the memory in the order of the list, before you start the goroutine.", upper(name(i)), name(i-1))
			}
		}
	}
	all := func(r *Run, memory int, sizes []int) {
		var names []string
		for i := range sizes {
			names = append(names, name(i))
		}
		r.WantEach(names...)
		fits(r, memory, sizes)
	}
	none := func(r *Run, err error) {
		if err != nil {
			r.Failf("Every job could run, and your function returned the error %q.", err)
		}
	}
	repeat := func(n, size int) (sizes []int) {
		for range n {
			sizes = append(sizes, size)
		}
		return sizes
	}
	return Check{"16_weighted", []Scenario{
		{Name: "twenty jobs that need 6 of a memory of 10 each", Do: func(r *Run) {
			r.IfStuck("Several jobs hold a part of the memory that they need, wait for the rest, and none gives anything back. Either one goroutine takes all units for everybody, or all units of a job have to be taken in one step. If no job is running, one has given back less than it had taken.")
			sizes := repeat(20, 6)
			var err error
			r.Call(func() { err = answer(context.Background(), 10, sizes, job(r, 10)) })
			all(r, 10, sizes)
			none(r, err)
			r.WantTook(MS(200), "since no two of them fit")
		}},
		{Name: "jobs that need 4, 6, 5 and 5 of a memory of 10", Do: func(r *Run) {
			sizes := []int{4, 6, 5, 5}
			var err error
			r.Call(func() { err = answer(context.Background(), 10, sizes, job(r, 300, 100, 200, 100)) })
			all(r, 10, sizes)
			none(r, err)
			r.WantTook(MS(400), "each job beginning as soon as its part is free")
		}},
		{Name: "a large job between small ones", Do: func(r *Run) {
			sizes := []int{6, 10, 4}
			var err error
			r.Call(func() { err = answer(context.Background(), 10, sizes, job(r, 100)) })
			all(r, 10, sizes)
			none(r, err)
			r.WantTook(MS(300), "since nothing fits beside the large one")
		}},
		{Name: "a second job that needs 11 of a memory of 10", Do: func(r *Run) {
			r.IfStuck("A job that needs more than there is waits for ever. Look at all sizes first, and return an error.")
			var err error
			r.Call(func() { err = answer(context.Background(), 10, []int{4, 11, 4}, job(r, 100)) })
			if err == nil {
				r.Failf("Job 2 needs 11 units and there are 10, so it can never run. Your function returned no error.")
			}
			if n := len(r.Spans()); n > 0 {
				r.Failf("Job 2 needs 11 units and there are 10. Your function returned an error, as it should, but %s run by then. Look at all sizes before you start anything.", Plural(n, "job had", "jobs had"))
			}
		}},
		{Name: "a caller who cancels after 50 ms, while a job waits for memory", Do: func(r *Run) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			time.AfterFunc(MS(50), cancel)
			sizes := []int{4, 4, 4, 4}
			var err error
			r.CallLeaving(func() { err = answer(ctx, 10, sizes, job(r, 100)) })
			if r.Running() > 0 {
				r.Failf("Your function returned after %s, and %s still running. Start no more, but wait for those that have begun.", Time(r.took), Plural(r.Running(), "job was", "jobs were"))
			}
			r.Left()
			if n := len(r.Spans()); n > 2 {
				r.Failf("The caller cancelled while job 3 was waiting for memory, and %s run. Whoever waits for memory has to give up when the context ends.", Plural(n, "jobs have", "jobs have"))
			}
			r.WantEach("job 1", "job 2")
			if !errors.Is(err, context.Canceled) {
				r.Failf("Two jobs didn't run, since the caller cancelled, so your function should return ctx.Err(), %q; it returned %s.", context.Canceled, returned(err))
			}
			r.WantTook(MS(100), "when the jobs that have begun are done")
		}},
		{Name: "a caller who has cancelled before the call", Do: func(r *Run) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			var err error
			r.Call(func() { err = answer(ctx, 10, []int{10, 10}, job(r, 100)) })
			if n := len(r.Spans()); n > 0 {
				r.Failf("The caller had cancelled before the call, and %s begun all the same. Look at the context before each job, also when there is memory enough.", Plural(n, "job was", "jobs were"))
			}
			if !errors.Is(err, context.Canceled) {
				r.Failf("No job ran, since the caller had cancelled, so your function should return ctx.Err(), %q; it returned %s.", context.Canceled, returned(err))
			}
		}},
		{Name: "no jobs", Do: func(r *Run) {
			var err error
			r.Call(func() { err = answer(context.Background(), 10, nil, job(r, 100)) })
			none(r, err)
		}},
	}}
}
