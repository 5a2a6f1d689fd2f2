package grade

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
)

var _ = register(Exercise{
	Name:  "03_every_error",
	Title: "Keep every error",
	Picture: Picture{
		Title:   "Four tasks, two of which fail",
		Caption: "A failure stops nobody: every task runs to its end, and then both errors are returned.",
		Spans:   []Span{span("task 1", 0, 200), span("task 2 fails", 0, 100), span("task 3", 0, 300), span("task 4 fails", 0, 50)},
	},
})

// EveryError grades a function that runs all tasks at the same time, and returns all of their errors, in the order of the
// tasks.
func EveryError(answer func(tasks []func() error) error) Check {
	reasons := []string{"too late", "no such page", "connection refused", "bad gateway"} // in no order, so that sorting doesn't help
	run := func(fails string, durations ...int) func(*Run) {
		return func(r *Run) {
			var tasks []func() error
			var names []string
			var errs []error
			var longest time.Duration
			for i, d := range durations {
				name := fmt.Sprintf("task %d", i+1)
				var err error
				if strings.Contains(fails, fmt.Sprint(i+1)) {
					err = fmt.Errorf("%s: %s", reasons[i], name)
					errs = append(errs, err)
				}
				names = append(names, name)
				longest = max(longest, MS(d))
				tasks = append(tasks, func() error { r.Do(name, MS(d)); return err })
			}
			var got error
			r.Call(func() { got = answer(tasks) })
			r.WantEach(names...)
			r.WantTook(longest, "the time of the longest task")
			if len(errs) == 0 {
				if v := reflect.ValueOf(got); got != nil && (v.Kind() == reflect.Slice || v.Kind() == reflect.Pointer) && v.IsNil() {
					r.Failf("No task failed, and your function returned an empty %T. As an error that isn't nil, since it has a type: return nil itself.", got)
				}
				if got != nil {
					r.Failf("Your function returned the error %q, although no task failed. errors.Join returns nil if all of its arguments are nil.", got)
				}
				return
			}
			if got == nil {
				r.Failf("%s, and your function returned no error. An error that nobody sees can't be mended: return all of them.", upper(Plural(len(errs), "task failed", "tasks failed")))
			}
			at := -1
			for _, err := range errs {
				if !errors.Is(got, err) && strings.Contains(got.Error(), err.Error()) {
					r.Failf("Your error names %q in its text, but errors.Is doesn't find it: a text isn't an error any more. Join the errors themselves with errors.Join.", err)
				}
				if !errors.Is(got, err) {
					r.Failf("%s, and the error that you returned says only %q. Where is %q? Keep a place for each task's error, and join them with errors.Join when all have ended.",
						upper(Plural(len(errs), "task failed", "tasks failed")), got, err)
				}
				next := strings.Index(got.Error(), err.Error())
				if next >= 0 && next < at {
					r.Failf("All errors are there, but not in the order of the tasks: %q. Give each task its own place in a slice.", got)
				}
				at = max(at, next)
			}
		}
	}
	return Check{"03_every_error", []Scenario{
		{Name: "tasks 2 and 4 of four failing", Do: run("24", 200, 100, 300, 50)},
		{Name: "no task failing", Do: run("", 100, 50)},
		{Name: "every task failing", Do: run("123", 70, 20, 40)},
		{Name: "no tasks", Do: run("")},
	}}
}
