package timeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"tutorial/helpers/display"
)

// Show records fn as [Record] does, and shows what the scheduler did with it: a figure in a notebook, a table in a
// terminal. It returns the recording.
//
// If nothing moves for five seconds, or the [Patience] that was asked for, the figure says who waits for what, and Show
// returns. If the cell is interrupted, Show shows what happened until then and ends the program with status 1, see
// [display.Fail]. It does so too, with a message only, if fn cannot be recorded since another recording is under way. If fn
// panics, Show shows what happened until then, writes fn's stack to standard error, and panics with the same value.
func Show(title string, fn func(), options ...Option) *Recording {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	defer display.Expect(fmt.Sprintf("timeline.Show(%q)", title))()
	rec, err := record(ctx, fn, options...)
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
