package grade

import (
	"fmt"
	"slices"
	"time"
)

var _ = register(Exercise{
	Name:  "01_wait_for_all",
	Title: "Wait for all of them",
	Picture: Picture{
		Title:   "Three tasks at the same time",
		Caption: "All three start at once, and the function returns when the longest has ended.",
		Spans:   []Span{span("task 1", 0, 300), span("task 2", 0, 100), span("task 3", 0, 200)},
	},
})

// WaitForAll grades a function that runs all tasks at the same time, and returns when the last has ended.
func WaitForAll(answer func(tasks []func())) Check {
	run := func(durations ...time.Duration) func(*Run) {
		return func(r *Run) {
			var tasks []func()
			var names []string
			longest := time.Duration(0)
			for i, d := range durations {
				names = append(names, fmt.Sprintf("task %d", i+1))
				tasks = append(tasks, r.Work(names[i], d))
				longest = max(longest, d)
			}
			r.Call(func() { answer(tasks) })
			r.WantEach(names...)
			r.WantTook(longest, "the time of the longest task")
		}
	}
	return Check{"01_wait_for_all", []Scenario{
		{Name: "three tasks of 300, 100 and 200 ms", Do: run(MS(300), MS(100), MS(200))},
		{Name: "one task", Do: run(MS(70))},
		{Name: "no task", Do: run()},
		{Name: "a hundred tasks of 50 ms", Do: run(slices.Repeat([]time.Duration{MS(50)}, 100)...)},
		{Name: "tasks that share a variable of the caller's", Do: func(r *Run) {
			// The caller reads what the tasks wrote: a function that waits orders the two.
			done := make([]bool, 20)
			var tasks []func()
			for i := range done {
				tasks = append(tasks, func() { done[i] = true })
			}
			r.Call(func() {
				answer(tasks)
				if slices.Contains(done, false) {
					r.Failf("Your function returned before all tasks had run.")
				}
			})
		}},
	}}
}
