package grade

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
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

var header = regexp.MustCompile(`^goroutine (\d+) [^\[]*\[([^\]]*)\]:$`)

// goroutines returns the goroutines of the synctest bubble, without those that run the test; or, if all, those of the whole
// program that the learner has to do with.
func goroutines(all bool) []waiter {
	buf := make([]byte, 1<<20)
	found := parseStacks(string(buf[:runtime.Stack(buf, true)]), all)
	if all {
		found = slices.DeleteFunc(found, func(w waiter) bool { return w.line == "" && w.origin == "" })
	}
	return found
}

func parseStacks(dump string, everywhere bool) []waiter {
	var all []waiter
	for _, block := range strings.Split(dump, "\n\n") {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		m := header.FindStringSubmatch(lines[0])
		if m == nil || !everywhere && !strings.Contains(m[2], "synctest bubble") {
			continue
		}
		w := waiter{}
		w.state, _, _ = strings.Cut(m[2], ", ")
		w.state, w.durable = strings.CutSuffix(w.state, " (durable)")
		frames := parseFrames(lines[1:])
		helper, inside := false, false
		for _, f := range frames {
			switch {
			case f.created && f.learner():
				w.origin = f.source()
			case f.created:
				w.ours = strings.Contains(f.function, "/grade.(*Run)")
				helper = strings.HasPrefix(f.function, "testing") || strings.Contains(f.function, "synctest")
			case strings.Contains(f.function, "/grade.slot.Lock"):
				w.state = "lock"
			case f.learner() && w.line == "":
				w.line = f.source()
				if inside && (strings.HasPrefix(w.state, "chan ") || strings.HasPrefix(w.state, "select")) {
					w.state = "call"
				}
			case strings.Contains(f.function, "/grade.(*Run).CallLeaving.func"):
				w.caller = true
			default:
				inside = true // of a function that the learner calls
			}
		}
		if helper {
			continue
		}
		all = append(all, w)
	}
	return all
}

// A frame is a function on a stack, and the place in it.
type frame struct {
	function string
	file     string
	line     int
	created  bool // it is where the goroutine was started
}

var place = regexp.MustCompile(`^\s+(.+):(\d+)(?: \+0x[0-9a-f]+)?$`)

// parseFrames reads pairs of lines: a function, and below it a file and a line.
func parseFrames(lines []string) []frame {
	var all []frame
	for i := 0; i+1 < len(lines); i++ {
		m := place.FindStringSubmatch(lines[i+1])
		if m == nil {
			continue
		}
		f := frame{function: strings.TrimSpace(lines[i]), file: m[1]}
		f.line, _ = strconv.Atoi(m[2])
		if rest, ok := strings.CutPrefix(f.function, "created by "); ok {
			f.function, f.created = rest, true
		}
		all = append(all, f)
		i++
	}
	return all
}

// learner reports whether the frame is in the learner's code: in a cell that is a test, or in an answer of the graders'
// own tests.
func (f frame) learner() bool { return strings.HasSuffix(f.file, "_test.go") }

// source is the text of the frame's line, or its place if the file is gone.
func (f frame) source() string {
	content, err := os.ReadFile(f.file)
	lines := strings.Split(string(content), "\n")
	if err != nil || f.line < 1 || f.line > len(lines) {
		return fmt.Sprintf("%s:%d", filepath.Base(f.file), f.line)
	}
	text := strings.TrimSpace(lines[f.line-1])
	if strings.HasPrefix(text, "package ") { // An empty loop is in no line of its own.
		name := f.function[:max(0, strings.LastIndexByte(f.function, '('))]
		return name[strings.LastIndexByte(name, '.')+1:]
	}
	if text, _, ok := strings.Cut(text, " //"); ok {
		return strings.TrimSpace(text)
	}
	return text
}

// learnerLine returns the source of the first frame that is the learner's, without frames that started a goroutine.
func learnerLine(lines []string) string {
	for _, f := range parseFrames(lines) {
		if f.learner() && !f.created {
			return f.source()
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
