package grade

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

var _ = register(Exercise{
	Name:  "09_try_again",
	Title: "Try again, and know when to stop",
	Picture: Picture{
		Title:   "Three tries, and longer and longer waits",
		Caption: "After the first failure it waits for 50 ms, and after the second for 100 ms. The third try goes well.",
		Spans:   []Span{span("try 1 fails", 0, 100), span("wait", 100, 150), span("try 2 fails", 150, 250), span("wait", 250, 350), span("try 3", 350, 450)},
	},
})

// A body is what a server sends.
type body struct {
	text     string // that is still to be read
	broken   bool   // it ends too early
	since    time.Time
	closed   bool
	closedAt time.Duration
	late     bool // it was read after it was closed
}

func (b *body) Read(p []byte) (int, error) {
	b.late = b.late || b.closed
	n := copy(p[:min(len(p), 8)], b.text)
	b.text = b.text[n:]
	switch {
	case b.text != "":
		return n, nil
	case b.broken:
		return n, io.ErrUnexpectedEOF
	}
	return n, io.EOF
}

func (b *body) Close() error {
	if !b.closed {
		b.closed, b.closedAt = true, time.Since(b.since)
	}
	return nil
}

// TryAgain grades a function that fetches a page, tries again if that fails, waits longer each time, and stops when its context ends.
func TryAgain(answer func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error)) Check {
	const text = "the whole text of the page"
	const breaks = "breaks off"
	// run has a server that takes 100 ms, and says for each try whether it fails (with that error), breaks off, or works.
	// Starts are when the tries should begin, in milliseconds.
	run := func(attempts int, cancelAfter int, server []string, ends int, starts ...int) func(*Run) {
		return func(r *Run) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			switch {
			case cancelAfter == 0:
				cancel()
			case cancelAfter > 0:
				time.AfterFunc(MS(cancelAfter), cancel)
			}
			failures := make([]error, len(server))
			bodies := make([]*body, len(server))
			begin := time.Now()
			tries := 0
			get := func(ctx context.Context) (io.ReadCloser, error) {
				if r.Running() > 0 {
					r.Failf("Your function called get while another call was under way. A try is only needed when the one before has failed.")
				}
				i := min(tries, len(server)-1)
				tries++
				if err := r.DoUntil(ctx, fmt.Sprint("try ", tries), MS(100)); err != nil {
					return nil, err
				}
				switch said := server[i]; said {
				case "":
					bodies[i] = &body{text: text, since: begin}
				case breaks:
					bodies[i] = &body{text: text[:12], broken: true, since: begin}
					failures[i] = io.ErrUnexpectedEOF
				default:
					failures[i] = errors.New(said)
					return nil, failures[i]
				}
				return bodies[i], nil
			}
			var got string
			var err error
			r.Call(func() { got, err = answer(ctx, attempts, MS(50), get) })
			spans := r.Spans()
			for i, s := range spans {
				if i == len(starts) && cancelAfter >= 0 && s.Start >= MS(cancelAfter) {
					r.Failf("The caller had cancelled, and your function called get all the same, at %s. Look at ctx.Err() before each try.", Time(s.Start))
				}
				if i == len(starts) && i == attempts {
					r.Failf("Your function tried more than %s, which is what attempts says. The first try counts, too.", Plural(attempts, "time", "times"))
				}
				if i >= len(starts) {
					r.Failf("Try %d was a success, and your function tried once more.", i)
				}
				if want := MS(starts[i]); s.Start != want && i > 0 {
					previous := spans[i-1].End
					r.Failf("Try %d ended after %s, and try %d began %s later; the wait before it should be %s. The first wait is as long as wait says, and each wait is twice as long as the one before.", i, Time(previous), i+1, Time(s.Start-previous), Time(want-previous))
				}
			}
			if len(spans) < len(starts) {
				why := fmt.Sprintf("Call get again: %s are allowed.", Plural(attempts, "try is", "tries"))
				if n := len(spans); n > 0 && server[n-1] == breaks {
					why = "The connection broke while the text was read, which is a failure like any other: try again."
				}
				r.Failf("Your function gave up after %s, with %q and %s. %s", Plural(len(spans), "try", "tries"), got, returned(err), why)
			}
			for i, b := range bodies {
				switch {
				case b == nil:
				case b.late:
					r.Failf("Your function read the body of try %d after it had closed it. Read to the end, and close then.", i+1)
				case !b.closed:
					r.Failf("The body of try %d was never closed. Each body that is open keeps a connection: close it on every path, also where reading fails.", i+1)
				case b.closedAt > spans[i].End:
					r.Failf("The body of try %d was read at %s and closed only at %s, so it kept its connection during the wait. A defer runs at the end of its function, not of its turn in a loop: make one try a function of its own.", i+1, Time(spans[i].End), Time(b.closedAt))
				}
			}
			switch {
			case cancelAfter >= 0:
				r.WantBy(MS(ends), "The caller cancelled after %s, and your function returned after %s. A sleep can't be interrupted: wait in a select, for ctx.Done() too, and pass the context to get.", Time(MS(cancelAfter)), Time(r.took))
				if !errors.Is(err, context.Canceled) {
					r.Failf("The caller cancelled, so the error should be or contain ctx.Err(), %q; your function returned %s.", context.Canceled, returned(err))
				}
			case failures[len(failures)-1] != nil:
				if last := failures[len(failures)-1]; !errors.Is(err, last) {
					r.Failf("Every try failed, the last one with %q, and your function returned %s. The caller has to learn what went wrong.", last, returned(err))
				}
				r.WantBy(MS(ends), "The last try failed after %s, and your function returned only after %s. After the last try there is nothing left to wait for.", Time(MS(ends)), Time(r.took))
			case err != nil:
				r.Failf("Try %d was a success, and your function returned %s. What failed before doesn't matter any more.", len(starts), returned(err))
			case got != text:
				r.Failf("The text should be %q; your function returned %q. A try that failed in the middle counts for nothing.", text, got)
			default:
				r.WantTook(MS(ends), "when the first try that goes well has ended")
			}
		}
	}
	return Check{"09_try_again", []Scenario{
		{Name: "a server that works at once", Do: run(4, -1, []string{""}, 100, 0)},
		{Name: "a server that fails twice", Do: run(4, -1, []string{"busy", "still busy", ""}, 450, 0, 150, 350)},
		{Name: "a connection that breaks in the middle of the text", Do: run(4, -1, []string{breaks, ""}, 250, 0, 150)},
		{Name: "a server that fails each time, and four tries", Do: run(4, -1, []string{"busy", breaks, "busy again", "out of order"}, 750, 0, 150, 350, 650)},
		{Name: "a connection that breaks at the last of two tries", Do: run(2, -1, []string{"busy", breaks}, 250, 0, 150)},
		{Name: "a single try, which fails", Do: run(1, -1, []string{"busy"}, 100, 0)},
		{Name: "a caller who cancels in the middle of the second wait", Do: run(4, 300, []string{"busy", breaks, ""}, 300, 0, 150)},
		{Name: "a caller who cancels in the middle of the second try", Do: run(4, 200, []string{"busy", "busy", ""}, 200, 0, 150)},
		{Name: "a caller who has cancelled before the call", Do: run(4, 0, []string{""}, 0)},
	}}
}
