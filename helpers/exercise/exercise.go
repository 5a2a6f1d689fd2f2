// Package exercise checks the exercises in a notebook cell. The graders are in its package grade.
package exercise

import (
	"fmt"
	"strings"
	"testing"

	"tutorial/helpers/display"
	"tutorial/helpers/exercise/grade"
)

// Check judges an answer, shows the verdict, and fails the test unless the answer is right. Use it in a cell with
// %goflags -race and %test.
func Check(t *testing.T, c grade.Check) {
	t.Helper()
	v := c.Judge(t)
	if v.Printed != "" {
		display.Printf("What your code printed:\n%s", v.Printed)
	}
	if !v.OK {
		text := "Not yet. "
		if v.Scenario != "" {
			text = "Not yet. With " + v.Scenario + ": "
		}
		display.Println(text + v.Text)
		if v.Figure != nil {
			display.Show(*v.Figure)
		} else if len(v.Spans) > 1 {
			display.Show(v.Schedule().Figure())
		}
		t.FailNow()
	}
	display.Println("Passed: " + strings.Join(v.Passed, "; ") + ".")
	if inSolutions() {
		return
	}
	if err := note(c.Exercise); err != nil {
		display.Printf("It can't be kept that you passed, so the start page won't show it: %v.", err)
	}
}

// Picture shows what the right schedule of an exercise looks like. The name is that of its notebook.
func Picture(name string) {
	for _, e := range grade.Exercises() {
		if e.Name == name {
			display.Show(e.Picture.Figure())
			return
		}
	}
	display.Fail(fmt.Errorf("there is no exercise %q", name))
}
