package timeline

import (
	"errors"
	"fmt"
	"os"

	"tutorial/helpers/display"
)

// Show records fn as [Record] does, and shows what the scheduler did with it: a figure in a notebook, a table in a
// terminal. It returns the recording.
//
// If fn panics, Show first shows what happened until then, writes fn's stack to standard error, and then panics with the same
// value. If fn can never return,
// the figure says who waits for what, and Show returns; see [Record]. If fn cannot be recorded, because a recording is
// under way already, the program ends with a message and status 1, see [display.Fail].
func Show(title string, fn func()) *Recording {
	rec, err := Record(fn)
	if rec != nil {
		display.Show(rec.Figure(title))
	}
	if p, ok := errors.AsType[*PanicError](err); ok {
		fmt.Fprintf(os.Stderr, "the recorded function panicked:\n%s\n", p.Stack)
		panic(p.Value)
	}
	if err != nil {
		display.Fail(fmt.Errorf("timeline.Show(%q): %w", title, err))
	}
	return rec
}
