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

var recording atomic.Bool

// Record calls fn and returns what the scheduler did with fn and with every goroutine that it started, directly or not.
// It needs no change to fn: the events come from the runtime's own trace.
//
// fn runs in a goroutine of its own, the lane "main", and Record waits until it returns. Goroutines that it leaves
// running are not waited for: their lanes say Alive, and end where fn ended.
//
// If fn can never return because its goroutines wait for each other, Record returns within about two seconds and the
// recording says so in Stuck. Those goroutines cannot be ended: they stay, with what they hold, until the process
// ends. A function that is slow, or that waits for a timer, the network, a file, a system call, a signal, or a
// goroutine that somebody else started and that can still run, is left alone however long it takes. Record claims that
// fn is stuck only if the whole process can do nothing more, so a goroutine that ticks in the background keeps it
// waiting. So does the timeout of a test run (it is a timer; go test -timeout 0 has none). It can tell on Linux, on
// amd64 and arm64, where the kernel shows in /proc what idle threads wait for. Elsewhere it waits as long as fn does.
// Timers further away than eleven days and callbacks from the notebook's page (gonbui/comms.Subscribe) do not count.
// To find out, the trace is interrupted for some milliseconds while all goroutines have been waiting for half a second.
//
// A panic in fn is returned as a *PanicError, and runtime.Goexit as ErrGoexit, each with the recording so far. A panic
// in a goroutine that fn started ends the process, as in any Go program. Without a recording Record returns ErrBusy if
// another recording runs in this process, and an error that says so if somebody else's trace does, if fn is nil, or if
// it is called inside the fake time of testing/synctest (the other way round works).
//
// Record is safe for concurrent use in that the second call fails. What is recorded is slower than what is not: do not
// measure with it.
func Record(fn func()) (*Recording, error) {
	if fn == nil {
		return nil, errors.New("timeline: there is no function to record; give Record one that is not nil")
	}
	if inBubble() {
		return nil, errors.New("timeline: fake time stands still while a trace runs; call synctest.Test inside the recorded function, not around Record")
	}
	if !recording.CompareAndSwap(false, true) {
		return nil, ErrBusy
	}
	defer recording.Store(false)
	run := &run{procs: runtime.GOMAXPROCS(0)}
	if err := run.startTrace(); err != nil {
		return nil, fmt.Errorf("timeline: the runtime cannot trace now, stop the other trace first: %w", err)
	}
	stuck := make(chan struct{})
	w := startWatchdog(run.pause, run.resume, func() { close(stuck) })
	ended := make(chan struct{})
	go run.call(fn, ended)
	select {
	case <-ended:
	case <-stuck:
	}
	w.stop()
	run.finish()
	rec, err := read(run.segments)
	if err != nil {
		return nil, err
	}
	rec.Procs = run.procs
	nameLanes(rec, runtime.FuncForPC(reflect.ValueOf(fn).Pointer()).Name())
	select {
	case <-ended:
		rec.Lanes[0].Alive = false
		return rec, run.err
	default:
		rec.Stuck = findStuck(rec)
		return rec, nil
	}
}

// inBubble reports whether this goroutine lives in the fake time of testing/synctest. Only its stack's title tells.
func inBubble() bool {
	var title [128]byte
	first, _, _ := bytes.Cut(title[:runtime.Stack(title[:], false)], []byte("\n"))
	return bytes.Contains(first, []byte("synctest bubble"))
}

// run is one call of Record.
type run struct {
	procs int
	err   error // how the function ended; to be read after it has

	mu       sync.Mutex // held over every start and stop of the trace
	ended    bool       // the function has returned
	tracing  bool
	segments [][]byte // the traces, in order; more than one if the watchdog looked
	buf      *bytes.Buffer
}

// call is what the lane "main" runs.
func (r *run) call(fn func(), ended chan<- struct{}) {
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
		r.mu.Lock()
		r.ended = true
		r.mu.Unlock()
		close(ended)
	}()
	trace.Log(context.Background(), markCategory, markStart)
	fn()
	returned = true
}

func (r *run) startTrace() error {
	r.buf = new(bytes.Buffer)
	err := trace.Start(r.buf)
	r.tracing = err == nil
	return err
}

func (r *run) stopTrace() {
	if r.tracing {
		trace.Stop()
		r.tracing = false
		r.segments = append(r.segments, r.buf.Bytes())
	}
}

// pause stops the trace for a look, unless the function has returned.
func (r *run) pause() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return false
	}
	r.stopTrace()
	return true
}

// resume starts the trace again after a look. If somebody else has begun a trace in between, the recording ends here.
func (r *run) resume() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		_ = r.startTrace()
	}
}

func (r *run) finish() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopTrace()
}

// Label names the lane of the goroutine that calls it, in place of the name of its function: call it first thing in the
// goroutine. The last label wins; an empty one is ignored. While no trace runs it only looks at a flag, so that it may
// stay in a program. It is safe for concurrent use.
func Label(name string) {
	if trace.IsEnabled() && name != "" {
		trace.Log(context.Background(), labelCategory, name)
	}
}
