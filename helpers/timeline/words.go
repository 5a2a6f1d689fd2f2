package timeline

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tutorial/helpers/figure"
)

// subtitle says how many there were, how long it took, and with how many processors.
func (r *Recording) subtitle() string {
	if r.Python != "" {
		return r.pythonSubtitle()
	}
	first := ""
	if r.Full {
		first = "the first "
	}
	procs := counted(r.Procs, "processor")
	switch n := len(r.procs); {
	case n > 4:
		procs = fmt.Sprintf("%d to %d processors", slices.Min(r.procs), r.Procs)
	case n > 1:
		procs = counted(r.procs[0], "processor")
		for _, next := range r.procs[1:] {
			procs += fmt.Sprintf(", then %d", next)
		}
	}
	return fmt.Sprintf("%s in %s%s, with %s", counted(len(r.Lanes), "goroutine"), first, brief(r.Duration), procs)
}

// Summary says in a few words what the recording shows: what the goroutines did most, how many ran at once, and how it
// ended, with who waits for what if it ended before the function did.
func (r *Recording) Summary() string { return r.summary(r.totals()) }

func (r *Recording) summary(totals byState, each []byState) string {
	if r.Stuck != nil {
		return r.Stuck.String()
	}
	said := []string{r.mostly(totals, each)}
	if r.Python != "" {
		said = append(said, r.pythonAtOnce())
	} else {
		said = append(said, fmt.Sprintf("At most %d had a processor at a time.", r.MostRunning()))
	}
	alive := 0
	for i := range r.Lanes {
		if r.Lanes[i].Alive {
			alive++
		}
	}
	switch {
	case r.Python != "":
		said = append(said, r.pythonEnds(alive))
	case r.Full:
		said = append(said, fmt.Sprintf("The recording was full then, and the function took %s.", brief(r.Took)))
	default:
		if r.Lanes[0].End == Failed {
			said = append(said, "main failed.")
		}
		if alive > 0 {
			said = append(said, fmt.Sprintf("At the end %s still alive.", countedIs(alive)))
		}
	}
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), " ")
}

// mostly says what the lanes did most of the time: run, or wait for what. The first lane does not count if there are others: it
// does little but wait for them, and that is not what a picture is looked at for.
func (r *Recording) mostly(totals byState, each []byState) string {
	lanes := r.Lanes
	if len(lanes) > 1 {
		for s, d := range each[0] {
			totals[s] -= d
		}
		lanes, each = lanes[1:], each[1:]
	}
	state := longestOf(totals)
	total := totals[state]
	if total == 0 {
		return ""
	}
	if len(lanes) < maxLanes {
		for i := range lanes {
			if own := each[i][state]; 4*own >= 3*total { // it is about this one
				return fmt.Sprintf("%s %s for %s.", lanes[i].title(), state.did(r.Python != ""), brief(own))
			}
		}
	}
	return fmt.Sprintf("The lanes below main mostly %s, %s in all.", state.did(r.Python != ""), brief(total))
}

// title is the name at the start of a sentence.
func (l *Lane) title() string {
	if l.Name() == anonymous {
		return "The goroutine"
	}
	return l.Name()
}

// longestOf is the state that took most time. That somebody is about to run says nothing, and a sleep says less than a wait
// that took about as long.
func longestOf(totals byState) State {
	totals[Ready] = 0
	totals[Sleeping] -= totals[Sleeping] / 10
	most := Running
	for s, d := range totals {
		if d > totals[most] {
			most = State(s)
		}
	}
	return most
}

// pythonSubtitle says how many threads and tasks there were.
func (r *Recording) pythonSubtitle() string {
	threads, tasks := 0, 0
	for i := range r.Lanes[1:] {
		if r.Lanes[i+1].Thread {
			threads++
		} else {
			tasks++
		}
	}
	who := "main"
	switch {
	case threads > 0 && tasks > 0:
		who = fmt.Sprintf("main, %s and %s", counted(threads, "thread"), counted(tasks, "task"))
	case threads > 0:
		who = "main and " + counted(threads, "thread")
	case tasks > 0:
		who = "main and " + counted(tasks, "task")
	}
	return fmt.Sprintf("%s in %s, with Python %s", who, brief(r.Duration), r.Python)
}

// pythonAtOnce says how many ran at once. If nothing tells which of the threads that ran had the interpreter's lock, it says
// so.
func (r *Recording) pythonAtOnce() string {
	n := r.mostRunning
	if n > 1 && !r.cpuKnown {
		return fmt.Sprintf("At most %d ran, or waited for the interpreter's lock, at a time (this system does not tell which).", n)
	}
	return fmt.Sprintf("At most %d ran at a time.", n)
}

var endNames = map[End]string{Cancelled: "cancelled", Failed: "failed"}

// pythonEnds says how many did not end as they should.
func (r *Recording) pythonEnds(alive int) string {
	var ends [Failed + 1]int
	for i := range r.Lanes {
		if !r.Lanes[i].Alive {
			ends[r.Lanes[i].End]++
		}
	}
	var said []string
	say := func(n int, what string) {
		if n > 0 {
			said = append(said, fmt.Sprintf("%d %s", n, what))
		}
	}
	if ends[Cancelled] == 1 {
		say(1, "was cancelled")
	} else {
		say(ends[Cancelled], "were cancelled")
	}
	say(ends[Failed], "failed")
	say(alive, "had not ended")
	if len(said) == 0 {
		return ""
	}
	return strings.Join(said, ", ") + "."
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return figure.Count(n) + " " + noun + "s"
}

func countedIs(n int) string {
	if n == 1 {
		return "1 goroutine is"
	}
	return figure.Count(n) + " goroutines are"
}

// brief writes a duration with three digits that count: a picture is not read more finely.
func brief(d time.Duration) string { return figure.Duration(d, 3) }
