package timeline

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The kinds of slots that recorder.py writes.
const (
	pyBorn = iota + 1
	pyChange
	pyDied
	pyStarted
	pyEnded
	pyRegion
	pyRegionEnd
	pyClock // its time is the wall clock's, at the start
	pyTID   // the system's number of the thread; of the first lane, also whether threads share a lock
)

// pySlotSize is the size of a slot, see slot in recorder.py.
const pySlotSize = 32

// pyEvent is a slot.
type pyEvent struct {
	at    int64 // nanoseconds of a monotonic clock
	lane  int
	text  int // number of a text, 0 for none
	other int // lane, -1 for none
	extra int
	state uint8
	kind  uint8
}

// pyTexts are what events refer to by number.
type pyTexts struct {
	byNumber map[int]pyText
	failure  string // the traceback if the program failed
}

type pyText struct{ kind, value string }

func readPyTexts(file []byte) pyTexts {
	texts := pyTexts{byNumber: map[int]pyText{}}
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t")
	for line := range strings.Lines(string(file)) {
		number, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		kind, value, _ := strings.Cut(rest, "\t")
		value = strings.ToValidUTF8(unescape.Replace(value), "\uFFFD")
		n, err := strconv.Atoi(number)
		if err != nil {
			continue
		}
		texts.byNumber[n] = pyText{kind, value}
		if kind == "error" {
			texts.failure = value
		}
	}
	return texts
}

func readPyEvents(file []byte) []pyEvent {
	var events []pyEvent
	for ; len(file) >= pySlotSize; file = file[pySlotSize:] {
		u32 := func(i int) int { return int(int32(binary.LittleEndian.Uint32(file[i:]))) }
		e := pyEvent{
			at: int64(binary.LittleEndian.Uint64(file)), lane: u32(8), text: u32(12), other: u32(16) - 1, extra: u32(20),
			state: file[24], kind: file[25],
		}
		if e.kind == 0 {
			if e.at == 0 && e.lane == 0 {
				break // Nothing has been written from here on.
			}
			continue // It was ended while it wrote.
		}
		events = append(events, e)
	}
	slices.SortStableFunc(events, func(a, b pyEvent) int { return cmp.Compare(a.at, b.at) })
	return events
}

// pyReader makes lanes of events.
type pyReader struct {
	texts  pyTexts
	source []string
	start  int64
	rec    *Recording
	index  map[int]int // from the recorder's number of a lane to ours
	tids   map[int]int // lane: the system's number of its thread
	gil    bool
}

// readPython returns what the slots and the texts of a recording tell, and the traceback if the program failed. A program
// that did not tell its end was ended at the time until.
func readPython(written, texts []byte, source string, until time.Time, samples []cpuSample) (_ *Recording, failure string, err error) {
	events := readPyEvents(written)
	var clock int64
	events = slices.DeleteFunc(events, func(e pyEvent) bool {
		if e.kind == pyClock {
			clock = e.at
		}
		return e.kind == pyClock
	})
	r := pyReader{texts: readPyTexts(texts), source: strings.Split(source, "\n"), rec: &Recording{}, index: map[int]int{}, tids: map[int]int{}}
	i := slices.IndexFunc(events, func(e pyEvent) bool { return e.kind == pyStarted })
	if i < 0 {
		return nil, r.texts.failure, fmt.Errorf("the program did not start")
	}
	r.start = events[i].at
	r.rec.Python = r.texts.byNumber[events[i].text].value
	end := events[len(events)-1].at
	ended := false
	for _, e := range events {
		if e.kind == pyEnded && !ended {
			end, ended = e.at, true
		}
	}
	if !ended && clock != 0 {
		end = max(end, r.start+until.UnixNano()-clock)
	}
	for _, e := range events {
		if e.at <= end {
			r.add(e)
		}
	}
	if len(r.rec.Lanes) == 0 {
		return nil, r.texts.failure, fmt.Errorf("the program did not start")
	}
	r.finish(time.Duration(end-r.start), ended)
	if len(samples) > 0 && clock != 0 {
		r.rec.cpuKnown = true
		divideByCPU(r.rec, r.tids, r.gil, samples, clock)
	}
	r.rec.mostRunning = r.rec.ranAtOnce()
	return r.rec, r.texts.failure, nil
}

// lane returns the lane that an event is about, or nil if it is not known.
func (r *pyReader) lane(e pyEvent) *Lane {
	i, ok := r.index[e.lane]
	if !ok {
		return nil
	}
	return &r.rec.Lanes[i]
}

func (r *pyReader) lookup(lane int) int {
	if i, ok := r.index[lane]; ok && lane >= 0 {
		return i
	}
	return -1
}

func (r *pyReader) add(e pyEvent) {
	at := max(0, time.Duration(e.at-r.start))
	l := r.lane(e)
	if l == nil && e.kind != pyBorn {
		return
	}
	switch e.kind {
	case pyBorn:
		name := r.texts.byNumber[e.text]
		value, own := strings.CutPrefix(name.value, "=")
		if l == nil {
			r.index[e.lane] = len(r.rec.Lanes)
			r.rec.Lanes = append(r.rec.Lanes, Lane{
				ID: int64(e.lane), Parent: r.lookup(e.other), Thread: name.kind == "thread", Start: r.place(e.extra), Born: at, Died: -1, Alive: true,
			})
			l = &r.rec.Lanes[len(r.rec.Lanes)-1]
			r.change(l, State(e.state), at, nil, -1)
		}
		if rest, library := strings.CutPrefix(value, "~"); library {
			l.Library, l.name, _ = strings.Cut(rest, "/")
			l.Func = l.name
		} else if own {
			l.Label = value
		} else {
			l.name, l.Func = value, value
		}
	case pyChange:
		if l.Alive {
			r.change(l, State(e.state), at, r.place(e.text), r.lookup(e.other))
		}
	case pyDied:
		if l.Alive {
			l.Alive, l.Died, l.End = false, at, End(min(e.state, uint8(Failed)))
		}
	case pyTID:
		i := r.index[e.lane]
		r.tids[i] = e.extra
		if i == 0 {
			r.gil = e.state != 0
		}
	case pyRegion:
		l.Regions = append(l.Regions, Region{Name: r.texts.byNumber[e.text].value, From: at, To: -1})
	case pyRegionEnd:
		if n := len(l.Regions); n > 0 && l.Regions[n-1].To < 0 {
			l.Regions[n-1].To = at
		}
	}
}

// change begins a span. The end of the one before is known then, and who ended it.
func (r *pyReader) change(l *Lane, state State, at time.Duration, where *Place, by int) {
	if state >= numStates {
		state = Other
	}
	if n := len(l.Spans); n > 0 {
		last := &l.Spans[n-1]
		last.To = at
		last.WokenBy = by
		if !last.State.Waiting() {
			last.WokenBy = -1
		}
		if at == last.From {
			l.Spans = l.Spans[:n-1]
		} else if last.State == state && last.At == where {
			return
		}
	}
	l.Spans = append(l.Spans, Span{State: state, From: at, To: at, At: where, WokenBy: -1})
}

// place returns a line of the program, from "12:fetch".
func (r *pyReader) place(text int) *Place {
	t := r.texts.byNumber[text]
	if t.kind != "place" {
		return nil
	}
	number, function, _ := strings.Cut(t.value, ":")
	line, err := strconv.Atoi(number)
	if err != nil {
		return nil
	}
	p := &Place{Func: function, File: "program.py", Line: line}
	if line >= 1 && line <= len(r.source) {
		p.text = strings.TrimSpace(r.source[line-1])
	}
	return p
}

func (r *pyReader) finish(duration time.Duration, ended bool) {
	rec := r.rec
	rec.Duration = max(duration, 1)
	lanes := map[string][]int{}
	for i := range rec.Lanes {
		l := &rec.Lanes[i]
		if l.Alive {
			l.Died = rec.Duration
		}
		if n := len(l.Spans); n > 0 {
			l.Spans[n-1].To = l.Died
			if l.Spans[n-1].From >= l.Died {
				l.Spans = l.Spans[:n-1]
			}
		}
		for k := range l.Regions {
			if l.Regions[k].To < 0 {
				l.Regions[k].To = l.Died
			}
		}
		if i > 0 && l.Label == "" {
			lanes[l.name] = append(lanes[l.name], i)
		}
	}
	rec.Lanes[0].name, rec.Lanes[0].Label, rec.Lanes[0].Func = "main", "", "__main__"
	if ended {
		rec.Lanes[0].Alive = false
	}
	number(rec, lanes)
}

// ranAtOnce is how many ran at the same time for more than an instant: a thread that hands on the interpreter's lock
// would count twice.
func (r *Recording) ranAtOnce() int {
	at := runningFor(r.Lanes)
	var total time.Duration
	for n, d := range at {
		total += d * time.Duration(min(n, 1))
	}
	enough := max(5*time.Millisecond, total/10) // Python lets a thread have the lock for 5 ms
	total = 0
	for n := len(at) - 1; n > 1; n-- {
		if total += at[n]; total > enough {
			return n
		}
	}
	return min(1, int(at[1]+total))
}

// runningFor returns for how long each number of lanes ran at the same time.
func runningFor(lanes []Lane) []time.Duration {
	type edge struct {
		at time.Duration
		by int
	}
	var edges []edge
	for i := range lanes {
		for _, s := range lanes[i].Spans {
			if s.State == Running || s.State == BlocksLoop {
				edges = append(edges, edge{s.From, 1}, edge{s.To, -1})
			}
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by)) })
	at := make([]time.Duration, len(lanes)+1)
	running := 0
	for i, e := range edges {
		if i > 0 {
			at[running] += e.at - edges[i-1].at
		}
		running += e.by
	}
	return at
}
