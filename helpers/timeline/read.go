package timeline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/exp/trace"
)

// readTrace turns the trace of one call of Record into a Recording. If it is a trace so far, what it holds of its last, unfinished
// part is left out.
//
// It returns an error if the trace is damaged, and never panics, whatever it holds.
func readTrace(data []byte, soFar bool) (rec *Recording, err error) {
	defer func() {
		// The trace package checks most of what it reads, and panics over some of the rest.
		if v := recover(); v != nil {
			rec, err = nil, fmt.Errorf("timeline: the trace of this recording is damaged, record again: %v", v)
		}
	}()
	b := builder{
		rec:     new(Recording),
		stacks:  map[trace.Stack]*stack{},
		places:  map[Place]*Place{},
		startAt: map[*Place]string{},
	}
	if err := b.events(data); err != nil && !soFar {
		return nil, fmt.Errorf("timeline: the trace of this recording is damaged, record again: %w", err)
	}
	if len(b.rec.Lanes) == 0 {
		return nil, errors.New("timeline: the trace holds no recording; only Record writes one")
	}
	b.finish()
	return b.rec, nil
}

// builder makes a Recording from events, in the order of time.
type builder struct {
	rec *Recording

	began, ended bool
	zero         trace.Time // the function started
	now          trace.Time // of the latest event, or when the function ended; never goes back

	lanes   laneIndex
	current []laneState // of each lane
	running int
	spans   []Span // room for the first spans of lanes to come

	procs        int // GOMAXPROCS
	busyProcs    int
	allBusySince trace.Time // all processors are busy, if they are
	allBusy      trace.Time // for how long they have been

	stacks  map[trace.Stack]*stack
	places  map[Place]*Place
	startAt map[*Place]string // the function that goroutines started at a place run; "" if they differ
}

// laneState is the state in which a lane is.
type laneState struct {
	state       State
	dead        bool
	noFunc      bool // the lane's function is not known yet
	since       trace.Time
	allBusyThen trace.Time // for how long all processors had been busy then
	at          *Place
}

// stack is what there is to know about a stack of the trace.
type stack struct {
	at      *Place // the innermost line of the learner's, or just the innermost line
	entry   string // the outermost function of the learner's, or ""
	root    string // the outermost function
	library string // the package of the standard library that root is of, or ""
	wait    State  // what a goroutine that is parked here waits for
}

// events takes in all events of a trace.
func (b *builder) events(data []byte) error {
	if !bytes.HasPrefix(data, []byte("go 1.2")) || bytes.HasPrefix(data, []byte("go 1.21 ")) {
		return errors.New("it is not a trace of Go 1.22 or later") // the reader of older ones is a different one
	}
	r, err := trace.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	for {
		e, err := r.ReadEvent()
		if err == io.EOF || err != nil && b.ended {
			break
		}
		if err != nil {
			return err
		}
		if b.ended {
			b.afterTheEnd(&e)
			continue
		}
		b.now = max(b.now, e.Time())
		switch e.Kind() {
		case trace.EventStateTransition:
			b.transition(&e)
		case trace.EventMetric:
			b.metric(e.Metric())
		case trace.EventLog:
			b.log(&e)
		}
	}
	return nil
}

// metric learns how many processors there are.
func (b *builder) metric(m trace.Metric) {
	if m.Name != "/sched/gomaxprocs:threads" {
		return
	}
	b.setProcs(int(m.Value.Uint64()), b.busyProcs)
	if n := len(b.rec.procs); !b.began && n > 0 {
		b.rec.procs = b.rec.procs[:0]
	} else if n > 0 && b.rec.procs[n-1] == b.procs {
		return
	}
	b.rec.procs = append(b.rec.procs, b.procs)
	b.rec.Procs = slices.Max(b.rec.procs)
}

// setProcs takes how many of the processors run something.
func (b *builder) setProcs(all, busy int) {
	if b.busyProcs >= b.procs {
		b.allBusy += b.now - b.allBusySince
	}
	b.procs, b.busyProcs, b.allBusySince = all, busy, b.now
}

// allBusySoFar is for how long all processors were busy.
func (b *builder) allBusySoFar() trace.Time {
	b.setProcs(b.procs, b.busyProcs)
	return b.allBusy
}

func (b *builder) transition(e *trace.Event) {
	st := e.StateTransition()
	if st.Resource.Kind == trace.ResourceProc {
		switch from, to := st.Proc(); {
		case to == trace.ProcRunning && from != to:
			b.setProcs(b.procs, b.busyProcs+1)
		case from == trace.ProcRunning && from != to:
			b.setProcs(b.procs, b.busyProcs-1)
		}
		return
	}
	if st.Resource.Kind != trace.ResourceGoroutine {
		return
	}
	id := st.Resource.Goroutine()
	from, to := st.Goroutine()
	i := b.lane(id)
	actor := i
	if g := e.Goroutine(); g != id {
		if actor = b.lane(g); actor >= 0 && b.current[actor].noFunc {
			b.learnFunc(actor, e.Stack())
		}
	}
	if from == trace.GoNotExist {
		b.create(e, st, id, actor)
		return
	}
	if i < 0 || from == to { // about once a second the trace announces every goroutine again
		return
	}
	if b.current[i].noFunc {
		b.learnFunc(i, st.Stack)
	}
	if to == trace.GoNotExist {
		b.die(i)
		return
	}
	waker := -1
	if from == trace.GoWaiting {
		switch b.current[i].state {
		case ChanReceive, Select: // what a timer can send to
			waker = actor
			if e.Goroutine() == trace.NoGoroutine {
				waker = Timer
			}
		case Sleeping, Network, Pipe: // the runtime, whoever happened to run
		default:
			waker = actor
		}
	}
	s := b.stackOf(st.Stack)
	state := stateOf(to, st.Reason, s)
	b.changeState(i, state, placeOf(state, s), waker)
}

// afterTheEnd takes note of a goroutine that was running when the function ended, and whose next step was to end. To call it alive would
// suggest that the function hadn't waited for it.
func (b *builder) afterTheEnd(e *trace.Event) {
	if e.Kind() != trace.EventStateTransition || e.StateTransition().Resource.Kind != trace.ResourceGoroutine {
		return
	}
	st := e.StateTransition()
	from, to := st.Goroutine()
	i := b.lane(st.Resource.Goroutine())
	switch {
	case i < 0 || from == to:
	case to == trace.GoNotExist && from == trace.GoRunning:
		b.die(i)
	default: // it went on
		b.lanes.set(st.Resource.Goroutine(), -1)
	}
}

// create adds the lane of a goroutine that has just been created, if it belongs to the recording.
func (b *builder) create(e *trace.Event, st trace.StateTransition, id trace.GoID, parent int) {
	root := ""
	start := b.stackOf(st.Stack)
	if start != nil {
		root = start.root
	}
	ours := parent >= 0 || b.began && e.Goroutine() == trace.NoGoroutine
	if !ours || ofRuntime(root) {
		return
	}
	i := b.add(id, parent)
	l := &b.rec.Lanes[i]
	if parent >= 0 {
		if s := b.stackOf(e.Stack()); s != nil {
			l.Start = s.at
		}
	}
	if start != nil && start.library != "" {
		l.Func, l.Library = root, start.library
	}
	b.learnFunc(i, st.Stack)
	if l.Func == "" && parent < 0 {
		l.Func = root // what a timer of the standard library runs
	}
}

// add adds a lane that is ready to run.
func (b *builder) add(id trace.GoID, parent int) int {
	const room = 8 // spans: most goroutines have few, and a slice each of them would double in steps
	if len(b.spans) < room {
		b.spans = make([]Span, room*min(max(8, len(b.rec.Lanes)), 1024))
	}
	i := len(b.rec.Lanes)
	if i == cap(b.rec.Lanes) { // append would grow in small steps, and leave five times as much to collect
		b.rec.Lanes = slices.Grow(b.rec.Lanes, max(8, i))
		b.current = slices.Grow(b.current, max(8, i))
	}
	b.rec.Lanes = append(b.rec.Lanes, Lane{
		ID: int64(id), Parent: parent, Born: b.offset(b.now), Spans: b.spans[:0:room],
	})
	b.spans = b.spans[room:]
	b.current = append(b.current, laneState{state: NoCPU, since: b.now, noFunc: true, allBusyThen: b.allBusySoFar()})
	b.lanes.set(id, i)
	return i
}

// learnFunc takes the function of a lane from one of its stacks.
func (b *builder) learnFunc(i int, st trace.Stack) {
	s := b.stackOf(st)
	if s == nil || s.entry == "" {
		return
	}
	l := &b.rec.Lanes[i]
	l.Func, l.Library = s.entry, ""
	b.current[i].noFunc = false
	if l.Start != nil {
		if f, known := b.startAt[l.Start]; known && f != l.Func {
			b.startAt[l.Start] = ""
		} else {
			b.startAt[l.Start] = l.Func
		}
	}
}

// changeState ends the current span of a lane and begins another. endedBy is who ended the current one.
func (b *builder) changeState(i int, s State, at *Place, endedBy int) {
	c := &b.current[i]
	if b.now > c.since {
		l := &b.rec.Lanes[i]
		was := c.state
		if was == NoCPU && 2*(b.allBusySoFar()-c.allBusyThen) < b.now-c.since {
			was = Ready // most of the time a processor was free
		}
		l.Spans = append(l.Spans, Span{State: was, From: b.offset(c.since), To: b.offset(b.now), At: c.at, WokenBy: endedBy})
	}
	if c.state == Running {
		b.running--
	}
	if s == Running {
		b.running++
		b.rec.mostRunning = max(b.rec.mostRunning, b.running)
	}
	c.state, c.at, c.since = s, at, b.now
	if s == NoCPU {
		c.allBusyThen = b.allBusySoFar()
	}
}

func (b *builder) die(i int) {
	b.changeState(i, Other, nil, -1)
	b.current[i].dead = true
	l := &b.rec.Lanes[i]
	l.Died = b.offset(b.now)
	b.lanes.set(trace.GoID(l.ID), -1)
}

func (b *builder) log(e *trace.Event) {
	m := e.Log()
	switch m.Category {
	case markCategory:
		switch {
		case m.Message == markStart && !b.began:
			b.began = true
			b.zero = b.now
			i := b.add(e.Goroutine(), -1)
			b.changeState(i, Running, nil, -1)
		case m.Message == markEnd && b.lane(e.Goroutine()) == 0:
			b.ended = true
		}
	case labelCategory:
		if i := b.lane(e.Goroutine()); i >= 0 {
			b.rec.Lanes[i].Label = m.Message
			if b.current[i].noFunc {
				b.learnFunc(i, e.Stack())
			}
		}
	}
}

// finish ends all lanes at the end of the recording.
func (b *builder) finish() {
	b.rec.Duration = b.offset(b.now)
	for i := range b.rec.Lanes {
		l, c := &b.rec.Lanes[i], &b.current[i]
		if !c.dead {
			b.changeState(i, c.state, c.at, -1)
			l.Alive = true
			l.Died = b.offset(b.now)
		}
		if l.Func == "" && l.Start != nil {
			// It never stopped where it could be seen. Others that were started there tell.
			l.Func = b.startAt[l.Start]
		}
	}
}

// lane returns the index of a living goroutine's lane, or -1.
func (b *builder) lane(id trace.GoID) int { return b.lanes.get(id) }

// laneIndex maps goroutines to lanes. The runtime numbers goroutines almost without gaps, so it is a slice, which takes
// half the time of a map over a whole trace; what lies far out, as in a damaged trace, goes into a map.
type laneIndex struct {
	first trace.GoID
	near  []int32 // lane + 1 of first, first+1, ...
	far   map[trace.GoID]int32
	count int
}

func (x *laneIndex) get(id trace.GoID) int {
	if d := id - x.first; d >= 0 && d < trace.GoID(len(x.near)) && x.near[d] != 0 {
		return int(x.near[d]) - 1
	}
	if x.far == nil {
		return -1
	}
	return int(x.far[id]) - 1
}

func (x *laneIndex) set(id trace.GoID, lane int) {
	const margin = 4096 // each processor takes numbers in advance, so a child's may be lower than its parent's
	if x.count == 0 {
		x.first = max(0, id-margin)
	}
	x.count++
	delete(x.far, id)
	d := id - x.first
	if d >= 0 && d < trace.GoID(4*margin+4*x.count) {
		if n := int(d) + 1; n > len(x.near) {
			x.near = append(x.near, make([]int32, max(n, 2*len(x.near))-len(x.near))...)
		}
		x.near[d] = int32(lane + 1)
		return
	}
	if x.far == nil {
		x.far = map[trace.GoID]int32{}
	}
	x.far[id] = int32(lane + 1)
}

func (b *builder) offset(t trace.Time) time.Duration { return time.Duration(t - b.zero) }

// stackOf looks a stack up, or returns nil if there is none. Few stacks occur, and very often.
func (b *builder) stackOf(st trace.Stack) *stack {
	if st == trace.NoStack {
		return nil
	}
	s, known := b.stacks[st]
	if known {
		return s
	}
	s = new(stack)
	for f := range st.Frames() {
		if s.wait == unknown {
			s.wait = waitOf(f.Func)
		}
		if packageOf(s.root) == "internal/poll" && packageOf(f.Func) == "os" {
			s.wait = Pipe // a file, since it is not package net that asked
		}
		s.root = f.Func
		learner := ofLearner(f.Func)
		if s.at == nil || learner && s.entry == "" {
			s.at = b.place(f)
		}
		if learner {
			s.entry = f.Func
		}
	}
	if s.wait == unknown {
		s.wait = Other
	}
	s.library = libraryOf(s.root)
	if s.at == nil {
		s = nil
	}
	b.stacks[st] = s
	return s
}

func (b *builder) place(f trace.StackFrame) *Place {
	p := Place{Func: f.Func, File: f.File, Line: int(f.Line)}
	q, known := b.places[p]
	if !known {
		q = &p
		b.places[p] = q
	}
	return q
}

// placeOf is where a span happens: nowhere in particular while it runs.
func placeOf(state State, s *stack) *Place {
	if state == Running || s == nil {
		return nil
	}
	return s.at
}

// stateOf translates the state of the trace. s may be nil.
func stateOf(to trace.GoState, reason string, s *stack) State {
	switch to {
	case trace.GoRunning:
		return Running
	case trace.GoRunnable:
		return NoCPU
	case trace.GoSyscall:
		return Syscall
	}
	switch reason {
	case "sleep":
		return Sleeping
	case "chan send":
		return ChanSend
	case "chan receive":
		return ChanReceive
	case "select":
		return Select
	case "sync.(*Cond).Wait":
		return Cond
	case "sync", "forever", "network":
		// Several kinds of lock; a nil channel or an empty select; anything that the runtime polls.
		if s != nil {
			return s.wait
		}
	}
	return Other
}

const unknown = Running // nobody waits for that

// waitOf is what a goroutine that is parked under this function waits for, or unknown if the function does not tell.
func waitOf(function string) State {
	switch function {
	case "time.Sleep":
		return Sleeping
	case "runtime.chansend1", "runtime.chansend":
		return ChanSend
	case "runtime.chanrecv1", "runtime.chanrecv2", "runtime.chanrecv":
		return ChanReceive
	case "runtime.selectgo", "runtime.block":
		return Select
	case "sync.(*Mutex).Lock", "sync.(*RWMutex).Lock", "sync.(*RWMutex).RLock", "internal/sync.(*Mutex).lockSlow",
		"internal/sync.(*Mutex).Lock", "sync.runtime_SemacquireRWMutex", "sync.runtime_SemacquireRWMutexR":
		return Mutex
	case "sync.(*WaitGroup).Wait", "sync.runtime_SemacquireWaitGroup":
		return WaitGroup
	case "sync.(*Cond).Wait":
		return Cond
	}
	if strings.HasPrefix(function, "internal/poll.") {
		return Network
	}
	return unknown
}
