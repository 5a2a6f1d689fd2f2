package timeline

import (
	"context"
	"runtime/trace"
	"time"

	"tutorial/helpers/figure"
)

// For tests in package timeline_test.
var (
	Read     = readTrace
	Readable = readable
	CalledBy = calledBy
	NameAll  = nameLanes
)

// Trace records fn as Record does, and returns the trace instead of reading it. The others are called before the trace ends.
func Trace(fn func(), after ...func()) []byte {
	r := newRun(nil)
	if err := trace.Start(&r.trace); err != nil {
		panic(err)
	}
	go r.call(fn)
	r.wait(context.Background())
	for _, f := range after {
		f()
	}
	trace.Stop()
	return r.trace.data
}

// Size is the size of a trace at which a recording is full.
func Size(bytes int) Option { return func(r *run) { r.trace.size = bytes } }

// States are all states.
func States() (all []State) {
	for s := range numStates {
		all = append(all, s)
	}
	return all
}

// Total is the time that all lanes together spent in a state.
func (r *Recording) Total(s State) time.Duration {
	all, _ := r.totals()
	return all[s]
}

// AtOnce says of a recording made by hand how many ran at once.
func (r *Recording) AtOnce(n int) *Recording { r.mostRunning = n; return r }

// PixelShares returns how many pixels of a lane's figure show a state, and how many show any.
func PixelShares(r *Recording, lane int, s State) (shown, all float64) {
	for _, p := range allPieces(r, figure.Times(r.Duration, 0, 700))[lane] {
		all += p.x2 - p.x1
		if p.state == s {
			shown += p.x2 - p.x1
		}
	}
	return shown, all
}

// CountByState returns the mean number of goroutines in one state for each of some columns.
func CountByState(r *Recording, columns int, s State) (counts []float64) {
	for _, c := range r.countByState(columns) {
		counts = append(counts, c[s])
	}
	return counts
}

// StuckOf says who waits for what at the end of a recording.
var StuckOf = findStuck
