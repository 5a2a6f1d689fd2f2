package timeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"runtime/trace"
	"sync"
	"sync/atomic"
	"time"
)

// ownPackage is how this package's functions begin in a stack.
const ownPackage = "tutorial/helpers/timeline"

// Categories of the messages that this package writes into a trace.
const (
	markCategory  = ownPackage         // markStart, markEnd
	labelCategory = ownPackage + "/as" // the label of a goroutine
	markStart     = "the function starts"
	markEnd       = "the function has ended"
)

var (
	// ErrBusy is returned by Record while another recording runs in this process: there can be only one, because the
	// runtime has a single trace.
	ErrBusy = errors.New("timeline: another recording is still running; let it end before you start the next, and do not nest them")

	// ErrGoexit is returned by Record, with the recording, if the function ended by runtime.Goexit, as a failing test does.
	ErrGoexit = errors.New("timeline: the recorded function left by runtime.Goexit (t.Fatal and t.Skip do that); let it return instead")

	errInterrupted = errors.New("the cell was interrupted")
)

// A PanicError is returned by Record, with the recording up to there, if the function panicked.
type PanicError struct {
	Value any    // what was given to panic
	Stack []byte // where, as by runtime/debug.Stack
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("timeline: the recorded function panicked: %v", e.Value)
}

// Unwrap returns the value that was given to panic if it is an error, otherwise nil.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// DefaultPatience is how long nothing may move before Record ends, unless the option Patience says otherwise.
const DefaultPatience = 5 * time.Second

// maxTrace is the size of a trace at which a recording is full, in bytes: about two million events. To read it takes
// some twenty times as much memory.
const maxTrace = 12 << 20

// An Option changes how a function is recorded.
type Option func(*run)

// Patience ends the recording when nothing has moved for d, see [Record].
func Patience(d time.Duration) Option { return func(r *run) { r.patience = d } }

var busy atomic.Bool // somebody records

// Record calls fn and returns what the scheduler did with fn and with every goroutine that it started, directly or not.
// It needs no change to fn: the events come from the runtime's own trace.
//
// fn runs in a goroutine of its own, the lane "main", and Record waits until it returns. Goroutines that it leaves
// running are not waited for: their lanes say Alive, and end where fn ended. A goroutine whose next step was to end, as after
// wg.Done, doesn't count as left running.
//
// If nothing moves any more, Record returns without waiting for fn, and the recording says in Stuck who waits for what:
// for five seconds, or the Patience that was asked for, none of the goroutines has run, and none of them sleeps, waits for
// the network or a file, or is in a system call. So a function that waits for a timer's channel needs more patience than
// that takes. Notice is taken about a second late. Goroutines that were left waiting stay, with what they hold, until the
// process ends.
//
// A trace grows by a few bytes each time that a goroutine stops or starts. When it is full (Full), the recording ends there,
// and Record waits for fn.
//
// A panic in fn is returned as a *PanicError, and runtime.Goexit as ErrGoexit, each with the recording so far. A panic
// in a goroutine that fn started ends the process, as in any Go program. Without a recording Record returns ErrBusy if
// another recording runs in this process, and an error that says so if somebody else's trace does, if fn is nil, or if
// it is called inside the fake time of testing/synctest (the other way round works).
//
// Record is safe for concurrent use in that the second call fails. What is recorded is slower than what is not: do not
// measure with it.
func Record(fn func(), options ...Option) (*Recording, error) {
	return record(context.Background(), fn, options...)
}

// record is Record until ctx is done.
func record(ctx context.Context, fn func(), options ...Option) (*Recording, error) {
	if fn == nil {
		return nil, errors.New("timeline: there is no function to record; give Record one that is not nil")
	}
	if inBubble() {
		return nil, errors.New("timeline: fake time stands still while a trace runs; call synctest.Test inside the recorded function, not around Record")
	}
	if !busy.CompareAndSwap(false, true) {
		return nil, ErrBusy
	}
	defer busy.Store(false)
	r := newRun(options)
	if err := trace.Start(&r.trace); err != nil {
		return nil, fmt.Errorf("timeline: the runtime cannot trace now, stop the other trace first: %w", err)
	}
	start, others := time.Now(), runtime.NumGoroutine()
	go r.call(fn)
	end := r.wait(ctx)
	took := time.Since(start)
	for n := 0; n < 10 && end == functionEnded && runtime.NumGoroutine() > others; n++ {
		time.Sleep(time.Millisecond) // Whoever had only to end when the function ended may have to wait for a processor first.
	}
	trace.Stop()
	rec, err := readTrace(r.trace.soFar(), false)
	if err != nil {
		return nil, err
	}
	nameLanes(rec, runtime.FuncForPC(reflect.ValueOf(fn).Pointer()).Name())
	rec.Full, rec.Took = r.full, took
	main := &rec.Lanes[0]
	switch {
	case end == functionEnded && !r.full:
		main.Alive = false // its goroutine goes on after the end mark
		if r.err != nil {
			main.End = Failed
		}
	case end != functionEnded && !r.full:
		rec.Stuck = findStuck(rec)
		rec.Stuck.why = "It was interrupted"
		if end == nothingMoved {
			rec.Stuck.why = fmt.Sprintf("Nothing has moved for %v s", r.patience.Seconds())
		}
	}
	if end == interrupted {
		return rec, errInterrupted
	}
	if end == functionEnded {
		return rec, r.err
	}
	return rec, nil
}

// inBubble reports whether this goroutine lives in the fake time of testing/synctest. Only its stack's title tells.
func inBubble() bool {
	var title [128]byte
	first, _, _ := bytes.Cut(title[:runtime.Stack(title[:], false)], []byte("\n"))
	return bytes.Contains(first, []byte("synctest bubble"))
}

// run is one call of Record.
type run struct {
	patience time.Duration
	trace    sink
	full     bool          // the trace was stopped before the function ended
	ended    chan struct{} // closed when the function has ended
	err      error         // how; to be read after that
}

func newRun(options []Option) *run {
	r := &run{patience: DefaultPatience, ended: make(chan struct{}), trace: sink{size: maxTrace, full: make(chan struct{})}}
	for _, option := range options {
		option(r)
	}
	return r
}

// call is what the lane "main" runs.
func (r *run) call(fn func()) {
	returned := false
	defer func() {
		trace.Log(context.Background(), markCategory, markEnd)
		if !returned {
			if v := recover(); v != nil {
				r.err = &PanicError{Value: v, Stack: debug.Stack()}
			} else {
				r.err = ErrGoexit
			}
		}
		close(r.ended)
	}()
	trace.Log(context.Background(), markCategory, markStart)
	fn()
	returned = true
}

// reason is why a recording ended.
type reason int

const (
	functionEnded reason = iota
	nothingMoved
	interrupted
)

// wait waits until the function has ended, or there is no reason to go on.
func (r *run) wait(ctx context.Context) reason {
	full := r.trace.full
	look := time.NewTimer(r.patience)
	defer look.Stop()
	for {
		select {
		case <-r.ended:
			return functionEnded
		case <-ctx.Done():
			return interrupted
		case <-full:
			trace.Stop()
			look.Stop()
			full, r.full = nil, true
		case start := <-look.C:
			still := stillFor(r.trace.soFar())
			if still >= r.patience {
				return nothingMoved
			}
			// To look takes time, which the function should not notice much.
			look.Reset(max(r.patience-still, 100*time.Millisecond, 10*time.Since(start)))
		}
	}
}

// stillFor is for how long nothing has moved at the end of a trace that is not complete yet: the runtime writes it about
// once a second.
func stillFor(soFar []byte) time.Duration {
	rec, err := readTrace(soFar, true)
	if err != nil {
		return 0
	}
	var moved time.Duration
	for i := range rec.Lanes {
		l := &rec.Lanes[i]
		if !l.Alive {
			moved = max(moved, l.Died)
			continue
		}
		if len(l.Spans) == 0 {
			return 0
		}
		last := l.Spans[len(l.Spans)-1]
		switch last.State {
		case Running, NoCPU, Ready, Sleeping, Network, Pipe, Syscall:
			return 0
		}
		moved = max(moved, last.From)
	}
	return rec.Duration - moved
}

// sink keeps a trace in memory.
type sink struct {
	mu   sync.Mutex
	data []byte
	size int
	full chan struct{} // closed when there are so many bytes; what follows until the trace is stopped is kept
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.data)
	s.data = append(s.data, p...)
	if before < s.size && len(s.data) >= s.size {
		close(s.full)
	}
	return len(p), nil
}

func (s *sink) soFar() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data
}

// Label names the lane of the goroutine that calls it, in place of the name of its function: call it first thing in the
// goroutine. The last label wins; an empty one is ignored. While no trace runs it only looks at a flag, so that it may
// stay in a program. It is safe for concurrent use.
func Label(name string) {
	if trace.IsEnabled() && name != "" {
		trace.Log(context.Background(), labelCategory, name)
	}
}
