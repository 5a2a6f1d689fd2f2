package grade

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var _ = register(Exercise{
	Name:  "06_first_error_cancels",
	Title: "The first error cancels the rest",
	Picture: Picture{
		Title:   "Task 2 fails, and the others stop",
		Caption: "Task 2 fails after 100 ms. The others are cancelled at that moment, and the function returns.",
		Spans:   []Span{cut("task 1", 0, 100), span("task 2 fails", 0, 100), cut("task 3", 0, 100)},
	},
})

// FirstError grades a function that runs all tasks at the same time, and cancels the others as soon as one fails.
func FirstError(answer func(ctx context.Context, tasks []func(context.Context) error) error) Check {
	var errTask = errors.New("task 2 failed")
	tasks := func(r *Run, fails time.Duration) []func(context.Context) error {
		return []func(context.Context) error{
			func(ctx context.Context) error { return r.DoUntil(ctx, "task 1", MS(400)) },
			func(ctx context.Context) error {
				if err := r.DoUntil(ctx, "task 2", MS(100)); err != nil || fails == 0 {
					return err
				}
				return errTask
			},
			func(ctx context.Context) error { return r.DoUntil(ctx, "task 3", MS(300)) },
		}
	}
	return Check{"06_first_error_cancels", []Scenario{
		{Name: "three tasks, of which the second fails after 100 ms", Do: func(r *Run) {
			var err error
			r.CallLeaving(func() { err = answer(context.Background(), tasks(r, 1)) })
			r.WantEach("task 1", "task 2", "task 3")
			if r.Running() > 0 {
				r.Failf("Your function returned after %s, and %s still running. Cancel the others, and wait until they have ended.", Time(r.took), Plural(r.Running(), "task was", "tasks were"))
			}
			r.Left()
			r.WantBy(MS(100), "Task 2 failed after 100 ms, and your function returned after %s. Nobody told the other tasks: give all of them a context, and cancel it at the first error.", Time(r.took))
			if err == nil {
				r.Failf("Task 2 failed with %q, and your function returned no error.", errTask)
			}
			if !errors.Is(err, errTask) {
				r.Failf("Your function should return the error of the task that failed, %q; it returned %q. The others stopped because of it, so their errors don't matter.", errTask, err)
			}
		}},
		{Name: "three tasks that all go well", Do: func(r *Run) {
			var err error
			r.Call(func() { err = answer(context.Background(), tasks(r, 0)) })
			if err != nil {
				r.Failf("No task failed, and your function returned the error %q.", err)
			}
			for _, s := range r.Spans() {
				if s.Cancelled {
					r.Failf("No task failed, and %s was cancelled after %s. A task that ends well is no reason to stop the others: cancel only at an error.", s.Name, Time(s.End))
				}
			}
			r.WantTook(MS(400), "the time of the longest task")
		}},
		{Name: "a caller who cancels after 50 ms", Do: func(r *Run) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			time.AfterFunc(MS(50), cancel)
			var err error
			r.Call(func() { err = answer(ctx, tasks(r, 1)) })
			r.WantBy(MS(50), "The caller cancelled after 50 ms, and your function returned after %s. Derive the tasks' context from the caller's.", Time(r.took))
			if err == nil {
				r.Failf("The caller cancelled, no task was finished, and your function returned no error.")
			}
		}},
		{Name: "task 3 failing after 100 ms, and task 1, which ignores its context, after 200 ms", Do: func(r *Run) {
			first, second := errors.New("task 3 failed first"), errors.New("task 1 failed later")
			var err error
			r.Call(func() {
				err = answer(context.Background(), []func(context.Context) error{
					func(context.Context) error { r.Do("task 1", MS(200)); return second },
					func(ctx context.Context) error { return r.DoUntil(ctx, "task 2", MS(300)) },
					func(context.Context) error { r.Do("task 3", MS(100)); return first },
				})
			})
			if !errors.Is(err, first) || errors.Is(err, second) {
				r.Failf("Your function should return the error of the task that failed first in time, %q; it returned %s. The order of the list doesn't matter here.", first, returned(err))
			}
			r.WantTook(MS(200), "when the task that ignores its context has ended")
		}},
		{Name: "every task failing at the same moment", Do: func(r *Run) {
			failure := errors.New("failed")
			var all []func(context.Context) error
			for i := range 20 {
				all = append(all, func(ctx context.Context) error { r.Do(fmt.Sprint("task ", i+1), MS(30)); return failure })
			}
			var err error
			r.Call(func() { err = answer(context.Background(), all) })
			if !errors.Is(err, failure) {
				r.Failf("Every task failed with %q, and your function returned %s.", failure, returned(err))
			}
		}},
	}}
}
