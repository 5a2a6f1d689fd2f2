package grade

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"
)

var _ = register(Exercise{
	Name:  "10_as_they_come",
	Title: "Results as they come",
	Picture: Picture{
		Title:   "Three tasks, and a loop that breaks at the second result",
		Caption: "The loop gets the result of task 2 at 100 ms and that of task 3 at 200 ms. It breaks there, and task 1 is cancelled.",
		Spans:   []Span{cut("task 1", 0, 200), span("task 2", 0, 100), span("task 3", 0, 200)},
	},
})

// AsTheyCome grades a function whose iterator runs tasks at the same time, yields each result when it is there, and stops all when the
// loop breaks.
func AsTheyCome(answer func(tasks []func(context.Context) int) iter.Seq[int]) Check {
	// tasks return their numbers, from 1, or 0 if they are cancelled.
	tasks := func(r *Run, durations ...int) []func(context.Context) int {
		var all []func(context.Context) int
		for i, d := range durations {
			all = append(all, func(ctx context.Context) int {
				if r.DoUntil(ctx, fmt.Sprint("task ", i+1), MS(d)) != nil {
					return 0
				}
				return i + 1
			})
		}
		return all
	}
	// loop ranges over what the answer returned, takes so long for each result, and breaks after the result number most.
	loop := func(seq iter.Seq[int], takes time.Duration, most int) (got []int, at []time.Duration) {
		begin := time.Now()
		if seq == nil {
			return nil, nil
		}
		for n := range seq {
			got, at = append(got, n), append(at, time.Since(begin))
			time.Sleep(takes)
			if len(got) == most {
				break
			}
		}
		return got, at
	}
	// want compares what came with what should have come, in milliseconds.
	want := func(r *Run, got []int, at []time.Duration, numbers, times []int) {
		for i, n := range numbers {
			if i >= len(got) {
				r.Failf("There are %d results to come, and the loop got only %d. It ends when all tasks have ended and all results are out.", len(numbers), len(got))
			}
			if got[i] == 0 {
				r.Failf("The loop got the result of a task that was cancelled, and nobody had broken the loop. Cancel when yield returns false, or when all results are out.")
			}
			if over := at[i] - MS(times[i]); over > 0 && over < late {
				r.Failf("Result number %d was ready after %s, and the loop got it a little later. Don't look every now and then whether it's there: receive it from a channel.", i+1, Time(MS(times[i])))
			}
			if at[i] != MS(times[i]) && r.MostAtOnce() > 1 {
				r.Failf("Result number %d was ready after %s, and the loop got it after %s. Hand each one on as soon as it's there, whichever task it is from: don't wait for the others.", i+1, Time(MS(times[i])), Time(at[i]))
			}
			if got[i] != n && r.MostAtOnce() > 1 {
				r.Failf("Result number %d should be %d, that of task %d; the loop got %d.", i+1, n, n, got[i])
			}
		}
		if len(got) > len(numbers) {
			r.Failf("There are %d results to come, and the loop got %d.", len(numbers), len(got))
		}
	}
	stopped := func(r *Run, when time.Duration) {
		if r.Running() > 0 {
			r.Failf("The loop went on after %s, and %s still running. Cancel the tasks when yield returns false, and wait until they have ended.", Time(r.took), Plural(r.Running(), "task was", "tasks were"))
		}
		r.Left()
		r.WantBy(when, "The other tasks could have ended after %s, and your iterator ended only after %s. Nobody needs their results any more: give the tasks a context, and cancel it when yield returns false.", Time(when), Time(r.took))
	}
	return Check{"10_as_they_come", []Scenario{
		{Name: "three tasks of 300, 100 and 200 ms", Do: func(r *Run) {
			var got []int
			var at []time.Duration
			r.Call(func() { got, at = loop(answer(tasks(r, 300, 100, 200)), 0, -1) })
			r.WantEach("task 1", "task 2", "task 3")
			want(r, got, at, []int{2, 3, 1}, []int{100, 200, 300})
			r.WantTook(MS(300), "the time of the longest task")
			for _, s := range r.Spans() {
				if s.Cancelled {
					r.Failf("Nobody broke the loop, and %s was cancelled.", s.Name)
				}
			}
		}},
		{Name: "an iterator that nobody ranges over", Do: func(r *Run) {
			r.CallLeaving(func() { answer(tasks(r, 300, 100, 200)) })
			if len(r.Spans()) > 0 {
				r.Failf("Nobody has ranged over your iterator, and %s already running. Like a coroutine that nobody awaits, it should do nothing yet: start the tasks in the function that you return.", Plural(r.Running(), "task is", "tasks are"))
			}
			r.Left()
		}},
		{Name: "a loop that breaks at the first result", Do: func(r *Run) {
			var got []int
			var at []time.Duration
			r.CallLeaving(func() { got, at = loop(answer(tasks(r, 300, 100, 200)), 0, 1) })
			stopped(r, MS(100))
			want(r, got, at, []int{2}, []int{100})
		}},
		{Name: "a loop that breaks at the first result, and tasks that need 50 ms to clean up", Do: func(r *Run) {
			var all []func(context.Context) int
			for i, task := range tasks(r, 300, 100, 200) {
				all = append(all, func(ctx context.Context) int {
					n := task(ctx)
					if n == 0 {
						r.Do(fmt.Sprintf("task %d cleans up", i+1), MS(50))
					}
					return n
				})
			}
			r.CallLeaving(func() { loop(answer(all), 0, 1) })
			stopped(r, MS(150))
		}},
		{Name: "five tasks that are ready at the same moment, and a loop that breaks at the second result", Do: func(r *Run) {
			var got []int
			r.CallLeaving(func() { got, _ = loop(answer(tasks(r, 100, 100, 100, 100, 100)), 0, 2) })
			stopped(r, MS(100))
			if len(got) != 2 || got[0] == got[1] {
				r.Failf("The loop should get two different results; it got %v.", got)
			}
		}},
		{Name: "a loop that takes 150 ms for each result", Do: func(r *Run) {
			var got []int
			var at []time.Duration
			r.Call(func() { got, at = loop(answer(tasks(r, 100, 120, 140)), MS(150), -1) })
			if slices.Contains(got, 0) {
				r.Failf("A task was cancelled, and nobody broke the loop.")
			}
			for i := range at[:min(3, len(at))] {
				if wanted := MS(100 + 150*i); at[i] != wanted {
					r.Failf("The loop was ready for result number %d after %s, and got it after %s. The tasks go on while the loop is busy.", i+1, Time(wanted), Time(at[i]))
				}
			}
			if len(got) != 3 {
				r.Failf("There are three results to come, and the loop got %d.", len(got))
			}
			r.WantTook(MS(550), "100 ms for the first result, and then the loop's own time")
		}},
		{Name: "a loop that breaks, and another one over the same iterator", Do: func(r *Run) {
			var got []int
			var at []time.Duration
			r.Call(func() {
				seq := answer(tasks(r, 300, 100, 200))
				loop(seq, 0, 1)
				got, at = loop(seq, 0, -1)
			})
			if slices.Contains(got, 0) || len(got) < 3 {
				r.Failf("The second loop should get three results, like the first loop without its break; it got %v, where 0 stands for a task that was cancelled. Each loop needs a context and a channel of its own: make them in the function that you return.", got)
			}
			want(r, got, at, []int{2, 3, 1}, []int{100, 200, 300})
		}},
		{Name: "no tasks", Do: func(r *Run) {
			var got []int
			r.Call(func() { got, _ = loop(answer(nil), 0, -1) })
			if len(got) > 0 {
				r.Failf("There are no tasks, and the loop got %v.", got)
			}
		}},
	}}
}
