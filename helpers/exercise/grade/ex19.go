package grade

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

var _ = register(Exercise{
	Name:  "19_cleanup",
	Title: "Clean up in the right order",
	Picture: Picture{
		Title:   "Three resources, used and closed",
		Caption: "What was opened last is closed first, and nothing is closed before the work has ended.",
		Spans: []Span{
			span("open A", 0, 50), span("open B", 50, 100), span("open C", 100, 150), span("use", 150, 300),
			span("close C", 300, 350), span("close B", 350, 400), span("close A", 400, 450),
		},
	},
})

// Opener opens a resource. If there is no error, it has to be closed.
type Opener = func() (close func() error, err error)

// Cleanup grades a function that opens resources in order, uses them, and closes what it has opened in the opposite order,
// whatever happens.
func Cleanup(answer func(open []Opener, use func() error) error) Check {
	names := []string{"A", "B", "C"}
	errOf := func(what string) error { return errors.New(what + " failed") }
	run := func(failing string, panics bool) func(*Run) {
		return func(r *Run) {
			fails := map[string]error{}
			for _, what := range strings.Split(failing, ", ") {
				fails[what] = errOf(what)
			}
			var open []Opener
			for _, name := range names {
				open = append(open, func() (func() error, error) {
					r.Do("open "+name, MS(50))
					if err := fails["open "+name]; err != nil {
						return nil, err
					}
					return func() error {
						r.Do("close "+name, MS(50))
						return fails["close "+name]
					}, nil
				})
			}
			// What should happen, in order.
			var want []string
			var errs []error
			opened := 0
			for _, name := range names {
				want = append(want, "open "+name)
				if err := fails["open "+name]; err != nil {
					errs = append(errs, err)
					break
				}
				opened++
			}
			if opened == len(names) {
				want = append(want, "use")
				if err := fails["use"]; err != nil {
					errs = append(errs, err)
				}
			}
			for _, name := range slices.Backward(names[:opened]) {
				want = append(want, "close "+name)
				if err := fails["close "+name]; err != nil {
					errs = append(errs, err)
				}
			}
			var got error
			var recovered any
			r.Call(func() {
				defer func() { recovered = recover() }()
				got = answer(open, func() error {
					r.Do("use", MS(150))
					if panics {
						panic("use panicked")
					}
					return fails["use"]
				})
			})
			r.wantOrder(want)
			switch {
			case panics && recovered == nil:
				r.Failf("use panicked, and your function recovered, so that nobody learns of it. Close everything, and let the panic go on: defer does both.")
			case panics:
				return
			case recovered != nil:
				r.Failf("Your function panicked: %v. If an open fails, there is nothing to close: its close is nil.", recovered)
			case len(errs) == 0 && got != nil:
				r.Failf("Nothing failed, and your function returned the error %q.", got)
			}
			for _, err := range errs {
				if !errors.Is(got, err) {
					r.Failf("The error %q got lost: your function returned %s. Join the errors of the work and of every close with errors.Join. A deferred function changes what is returned only if the result has a name.", err, returned(got))
				}
			}
		}
	}
	return Check{"19_cleanup", []Scenario{
		{Name: "three resources, and nothing that fails", Do: run("", false)},
		{Name: "work that fails", Do: run("use", false)},
		{Name: "a second resource that can't be opened", Do: run("open B", false)},
		{Name: "a first resource that can't be opened", Do: run("open A", false)},
		{Name: "work that fails, and two closes that fail", Do: run("use, close C, close A", false)},
		{Name: "a close that fails after work that went well", Do: run("close B", false)},
		{Name: "a second resource that can't be opened, and a first one that can't be closed", Do: run("open B, close A", false)},
		{Name: "work that panics", Do: run("", true)},
	}}
}

// wantOrder fails the scenario unless just this work was done, one piece after the other.
func (r *Run) wantOrder(want []string) {
	spans := r.Spans()
	var got []string
	for i, s := range spans {
		got = append(got, s.Name)
		if i > 0 && s.Start < spans[i-1].End {
			r.Failf("%q began before %q had ended. Finish one before you begin with the next.", s.Name, spans[i-1].Name)
		}
	}
	if slices.Equal(got, want) {
		return
	}
	for _, name := range want {
		if !slices.Contains(got, name) {
			what := fmt.Sprintf("%q never happened.", name)
			if strings.HasPrefix(name, "close") {
				what += " Whatever was opened has to be closed, whichever way the function ends."
			}
			r.Failf("%s What happened was: %s.", what, strings.Join(got, ", "))
		}
	}
	for _, name := range got {
		if !slices.Contains(want, name) {
			r.Failf("%q happened, and should not. What happened was: %s.", name, strings.Join(got, ", "))
		}
	}
	for i, name := range got {
		if slices.Contains(got[:i], name) {
			r.Failf("%q happened twice. What a defer does isn't needed anywhere else. What happened was: %s.", name, strings.Join(got, ", "))
		}
	}
	if use := slices.Index(got, "use"); use >= 0 {
		for _, name := range got[:use] {
			if strings.HasPrefix(name, "close") {
				r.Failf("%q happened before \"use\", which needs it open. A deferred call runs at the end of its function, but its arguments are evaluated at once: defer in withAll itself, and not in a function that you call for each resource. What happened was: %s.", name, strings.Join(got, ", "))
			}
		}
	}
	r.Failf("The order should be: %s. It was: %s. What is opened last may need what was opened before it, so close it first.", strings.Join(want, ", "), strings.Join(got, ", "))
}
