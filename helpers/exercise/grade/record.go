package grade

import (
	"sync/atomic"
	"time"
)

// A Span is a piece of work that the grader gave to the learner's code.
type Span struct {
	Name       string
	Start, End time.Duration // since the call began, in virtual time
	Ended      bool
	Cancelled  bool // it ended early, because its context was cancelled
}

const maxSpans = 512

// A recorder notes spans in a way that the race detector does not see. Otherwise noting them would order the goroutines
// that do it, and hide their races: hence go:norace, a lock between hide and show, and no append.
type recorder struct {
	lock  atomic.Bool
	n     int
	spans [maxSpans]Span
	begin time.Time
}

//go:norace
func (r *recorder) acquire() {
	hide()
	for !r.lock.CompareAndSwap(false, true) {
	}
}

//go:norace
func (r *recorder) release() {
	r.lock.Store(false)
	show()
}

// restart forgets all spans, and lets time begin now.
//
//go:norace
func (r *recorder) restart() {
	r.acquire()
	r.n = 0
	r.begin = time.Now()
	r.release()
}

// start notes that work begins, and returns its number, or -1 if there is too much of it.
//
//go:norace
func (r *recorder) start(name string) int {
	r.acquire()
	at := -1
	if r.n < maxSpans {
		at = r.n
		r.n++
		r.spans[at] = Span{Name: name, Start: time.Since(r.begin)}
	}
	r.release()
	return at
}

// end notes that the work with this number ends.
//
//go:norace
func (r *recorder) end(at int, cancelled bool) {
	r.acquire()
	if at >= 0 {
		r.spans[at].End = time.Since(r.begin)
		r.spans[at].Ended = true
		r.spans[at].Cancelled = cancelled
	}
	r.release()
}

// all returns the spans in the order in which they began. Spans that have not ended end now.
//
//go:norace
func (r *recorder) all() []Span {
	spans := make([]Span, maxSpans)
	r.acquire()
	n, now := r.n, time.Since(r.begin)
	for i := range n {
		spans[i] = r.spans[i]
		if !spans[i].Ended {
			spans[i].End = now
		}
	}
	r.release()
	return spans[:n]
}
