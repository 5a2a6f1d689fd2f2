package grade

import "fmt"

var _ = register(Exercise{
	Name:  "04_at_most_three",
	Title: "At most three at once",
	Picture: Picture{
		Title:   "Seven tasks, three at a time",
		Caption: "Three tasks start at once. Whenever one ends, the next one starts, so that three places are always in use.",
		Spans: []Span{
			span("task 1", 0, 300), span("task 2", 0, 100), span("task 3", 0, 100), span("task 4", 100, 200),
			span("task 5", 100, 200), span("task 6", 200, 300), span("task 7", 200, 300),
		},
	},
})

// AtMost grades a function that runs all tasks, but no more than limit of them at the same time.
func AtMost(answer func(limit int, tasks []func())) Check {
	run := func(limit, took int, durations ...int) func(*Run) {
		return func(r *Run) {
			var tasks []func()
			var names []string
			for i, d := range durations {
				names = append(names, fmt.Sprintf("task %d", i+1))
				tasks = append(tasks, r.Work(names[i], MS(d)))
			}
			r.Call(func() { answer(limit, tasks) })
			r.WantEach(names...)
			r.WantAtMost(limit)
			if most := r.MostAtOnce(); limit > 1 && most < min(limit, len(tasks)) && len(tasks) > 0 {
				r.Failf("%d tasks may run at the same time, and never more than %d did. It took %s; with all places in use it takes %s.", limit, most, Time(r.took), Time(MS(took)))
			}
			if r.took > MS(took) && r.took-MS(took) >= MS(10) {
				r.Failf("Your function took %s; it should take %s. Places were empty while tasks were waiting: let the next task start as soon as any of them ends, and don't wait for a whole group.", Time(r.took), Time(MS(took)))
			}
			r.WantTook(MS(took), "with all places in use")
		}
	}
	return Check{"04_at_most_three", []Scenario{
		{Name: "seven tasks and a limit of three", Do: run(3, 300, 300, 100, 100, 100, 100, 100, 100)},
		{Name: "a limit of one", Do: run(1, 150, 50, 50, 50)},
		{Name: "fewer tasks than places", Do: run(5, 100, 100, 50)},
		{Name: "no tasks", Do: run(3, 0)},
	}}
}
