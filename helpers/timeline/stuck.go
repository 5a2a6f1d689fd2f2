package timeline

import (
	"fmt"
	"strings"
	"time"
)

// A Stuck says why a function can never return: all goroutines that are left wait for each other, or for something that
// nobody will ever do.
type Stuck struct {
	// Waits are the lanes that still live, in their order, with what they wait for.
	Waits []Wait

	lanes []Lane
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
}

// String says in one sentence who waits for what, where, and for how long. Lanes of one name that wait alike are told
// together; after some the sentence says only how many more there are.
func (s *Stuck) String() string {
	const most = 4
	type key struct {
		name  string
		state State
		at    Place
	}
	var order []key
	count := map[key]int{}
	longest := map[key]time.Duration{}
	for _, w := range s.Waits {
		k := key{name: s.lanes[w.Lane].Name(), state: w.State}
		if w.At != nil {
			k.at = *w.At
		}
		if count[k] == 0 {
			order = append(order, k)
		}
		count[k]++
		longest[k] = max(longest[k], w.Duration())
	}
	var b strings.Builder
	b.WriteString("This can never end")
	for i, k := range order {
		sep := ", "
		if i == 0 {
			sep = ": "
		} else if i == len(order)-1 || i == most {
			sep = " and "
		}
		b.WriteString(sep)
		if i == most && i < len(order)-1 {
			fmt.Fprintf(&b, "%d other kinds of wait", len(order)-most)
			break
		}
		if n := count[k]; n > 1 {
			fmt.Fprintf(&b, "%d × ", n)
		}
		fmt.Fprintf(&b, "%s %s", k.name, waitPhrases[k.state])
		if k.at.File != "" {
			fmt.Fprintf(&b, " at %s", &k.at)
			if src := k.at.Source(); src != "" {
				fmt.Fprintf(&b, " (%s)", src)
			}
		}
		fmt.Fprintf(&b, ", for %v", longest[k].Round(10*time.Millisecond))
	}
	b.WriteString(".")
	return b.String()
}
