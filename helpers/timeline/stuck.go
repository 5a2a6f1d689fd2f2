package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Stuck says why a function can never return: all goroutines that are left wait for each other, or for something that
// nobody will ever do.
type Stuck struct {
	// Waits are the lanes that still live, in their order, with what they wait for.
	Waits []Wait

	lanes []Lane
	lead  string // what to say before who waits for what, instead of that it can never end
}

// A Wait is a lane that waits for ever.
type Wait struct {
	Lane int // index in Recording.Lanes
	Span     // the last of the lane: what it waits for, where, and since when
}

func findStuck(rec *Recording) *Stuck {
	s := &Stuck{lanes: rec.Lanes}
	for i := range rec.Lanes {
		l := &rec.Lanes[i]
		if n := len(l.Spans); l.Alive && n > 0 {
			s.Waits = append(s.Waits, Wait{i, l.Spans[n-1]})
		}
	}
	return s
}

// waitPhrases say what a goroutine in a state does, to follow its name.
var waitPhrases = [numStates]string{
	Running:     "runs",
	Runnable:    "waits for a processor",
	Sleeping:    "sleeps",
	ChanSend:    "waits to send on a channel",
	ChanReceive: "waits to receive from a channel",
	Select:      "waits in a select",
	Mutex:       "waits for a lock",
	WaitGroup:   "waits for a WaitGroup",
	Cond:        "waits for a condition",
	Network:     "waits for the network or a file",
	Syscall:     "waits for the operating system",
	Other:       "waits",
	LoopBusy:    "is ready, but the loop is busy",
	NoGIL:       "waits for the interpreter's lock",
	BlocksLoop:  "holds up the loop",
	Semaphore:   "waits for a semaphore",
	Event:       "waits for an event",
	Queue:       "waits for a queue",
	Join:        "waits for a thread to end",
	TaskWait:    "waits for a task",
	FutureWait:  "waits for a future",
	ThreadWait:  "waits for a thread",
}

// String says in one sentence who waits for what, where, and for how long. Lanes that were started alike and wait alike
// are told together; after some the sentence says only how many more kinds there are.
func (s *Stuck) String() string {
	const most = 4
	type key struct {
		kind  string
		state State
		at    Place
	}
	var order []key
	waits := map[key][]Wait{}
	for _, w := range s.Waits {
		k := key{kind: s.lanes[w.Lane].kind(), state: w.State}
		if w.At != nil {
			k.at = *w.At
		}
		if waits[k] == nil {
			order = append(order, k)
		}
		waits[k] = append(waits[k], w)
	}
	var b strings.Builder
	b.WriteString(cmp.Or(s.lead, "This can never end"))
	for i, k := range order {
		sep := ", "
		if i == 0 {
			sep = ": "
		} else if i == len(order)-1 || i == most {
			sep = ", and "
		}
		b.WriteString(sep)
		if i == most && i < len(order)-1 {
			fmt.Fprintf(&b, "%d other kinds of wait", len(order)-most)
			break
		}
		alike := waits[k]
		if len(alike) > 1 {
			fmt.Fprintf(&b, "%d × %s %s", len(alike), k.kind, waitPhrases[k.state])
		} else {
			fmt.Fprintf(&b, "%s %s", s.lanes[alike[0].Lane].Name(), waitPhrases[k.state])
		}
		if where := whereabouts(k.at); where != "" {
			fmt.Fprintf(&b, " (%s)", where)
		}
		longest := slices.MaxFunc(alike, func(a, b Wait) int { return cmp.Compare(a.Duration(), b.Duration()) })
		fmt.Fprintf(&b, " for %s", brief(longest.Duration()))
	}
	b.WriteString(".")
	return b.String()
}

// whereabouts is the text of a line, or its number if the text cannot be had: in a notebook the file is one that the
// kernel generates, and its line numbers mean nothing to a reader.
func whereabouts(at Place) string {
	if at.File == "" {
		return ""
	}
	return cmp.Or(at.Source(), at.String())
}
