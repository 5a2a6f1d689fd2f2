package grade

import (
	"fmt"
	"strings"

	"tutorial/helpers/stacks"
)

// A waiter is a goroutine of the bubble, as its stack tells about it.
type waiter struct {
	state   string // as the runtime calls it, such as "chan receive"
	durable bool   // only another goroutine of the bubble, or time, can wake it
	line    string // the source of the learner's line that it is in; empty if there is none
	origin  string // the source of the learner's line that started it; empty if the grader did
	caller  bool   // it is the one in which the grader called the learner's code
	ours    bool   // the grader started it
}

// goroutines returns the goroutines of the synctest bubble, without those that run the test; or, if all, those of the whole
// program that the learner has to do with.
func goroutines(all bool) []waiter {
	var found []waiter
	for _, g := range stacks.All() {
		if !all && !strings.Contains(g.Notes, "synctest bubble") {
			continue
		}
		w := waiter{}
		w.state, w.durable = strings.CutSuffix(g.State, " (durable)")
		helper, inside := false, false
		for _, f := range g.Frames {
			switch {
			case f.Created && learner(f):
				w.origin = f.Source()
			case f.Created:
				w.ours = strings.Contains(f.Function, "/grade.(*Run)")
				helper = strings.HasPrefix(f.Function, "testing") || strings.Contains(f.Function, "synctest")
			case strings.Contains(f.Function, "/grade.slot.Lock"):
				w.state = "lock"
			case learner(f) && w.line == "":
				w.line = f.Source()
				if inside && (strings.HasPrefix(w.state, "chan ") || strings.HasPrefix(w.state, "select")) {
					w.state = "call"
				}
			case strings.Contains(f.Function, "/grade.(*Run).CallLeaving.func"):
				w.caller = true
			default:
				inside = true // of a function that the learner calls
			}
		}
		if !helper && (!all || w.line != "" || w.origin != "") {
			found = append(found, w)
		}
	}
	return found
}

// learner reports whether the frame is in the learner's code: in a cell that is a test, or in an answer of the graders'
// own tests.
func learner(f stacks.Frame) bool { return strings.HasSuffix(f.File, "_test.go") }

// learnerLine returns the source of the first frame that is the learner's, without frames that started a goroutine.
func learnerLine(lines []string) string {
	for _, f := range stacks.Frames(lines) {
		if learner(f) && !f.Created {
			return f.Source()
		}
	}
	return ""
}

var doing = map[string]string{
	"chan receive":            "waiting to receive from a channel",
	"chan send":               "waiting to send to a channel",
	"chan receive (nil chan)": "receiving from a nil channel, which never delivers",
	"chan send (nil chan)":    "sending to a nil channel, which nobody can receive from",
	"select":                  "waiting in a select",
	"select (no cases)":       "waiting in a select without cases, which never ends",
	"sync.WaitGroup.Wait":     "waiting for a WaitGroup",
	"sync.Mutex.Lock":         "waiting for a mutex",
	"sync.RWMutex.Lock":       "waiting to write-lock an RWMutex",
	"sync.RWMutex.RLock":      "waiting to read-lock an RWMutex",
	"sync.Cond.Wait":          "waiting for a sync.Cond",
	"semacquire":              "waiting for a lock or a WaitGroup",
	"lock":                    "waiting for a lock",
	"call":                    "waiting",
	"sleep":                   "sleeping",
	"running":                 "running without a pause",
	"runnable":                "running without a pause",
	"IO wait":                 "waiting for a file or the network",
	"syscall":                 "waiting for the operating system",
	"coroswitch":              "waiting in an iterator",
	"synctest.Wait":           "waiting for the others",
}

// what says what the goroutine is doing, and where.
func (w waiter) what() string {
	text, ok := doing[w.state]
	if !ok {
		text = "waiting (" + w.state + ")"
	}
	switch {
	case w.line != "":
		return text + in(w.line)
	case w.origin != "":
		return text + ", started by `" + w.origin + "`"
	}
	return text
}

// in names a line of source. A brace is where a function ends, and there only deferred calls run.
func in(line string) string {
	if strings.Trim(line, "}),") == "" {
		return " in a deferred call"
	}
	return " in `" + line + "`"
}

func (w waiter) busy() bool { return w.state == "running" || w.state == "runnable" }

// alike reports whether all do the same.
func alike(all []waiter) bool {
	for _, w := range all {
		if w.what() != all[0].what() || w.caller {
			return false
		}
	}
	return true
}

// tell says what each of the goroutines is doing, alike ones together.
func tell(all []waiter) string {
	var order []string
	count := map[string]int{}
	for _, w := range all {
		who := "G"
		if w.caller {
			who = "F"
		}
		key := who + w.what()
		if count[key]++; count[key] == 1 {
			if w.caller {
				order = append([]string{key}, order...)
			} else {
				order = append(order, key)
			}
		}
	}
	var parts []string
	for _, key := range order {
		n, what := count[key], key[1:]
		switch {
		case key[0] == 'F':
			parts = append(parts, "your function is "+what)
		case n == 1:
			parts = append(parts, "one goroutine is "+what)
		default:
			parts = append(parts, Plural(n, "goroutine is ", "goroutines are ")+what)
		}
	}
	if n := len(parts); n > 4 {
		parts = append(parts[:3], fmt.Sprintf("and %d more", n-3))
	}
	return strings.Join(parts, "; ")
}
