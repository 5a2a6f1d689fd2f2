// Package timeline shows what the scheduler really did with the goroutines of a function: when each of them ran, when
// it was ready but had no processor, and what it waited for.
//
// [Record] calls a function under the runtime's execution trace and returns a [Recording]: a [Lane] for the function
// itself and one for each goroutine it started, each divided into [Span]s. [Show] records a function and shows the figure.
// [ShowPython] does so for a program in Python, whose lanes are threads and tasks.
package timeline

// A Go trace goes record.go -> read.go -> names.go, a Python program python.go and recorder.py -> pyread.go -> pycpu.go.
// Both make a Recording (recording.go), which figure.go turns into a figure: lanes.go or band.go draws it, with the shapes of
// package figure; words.go and stuck.go write its sentences. state.go lists the states that a lane can be in: for Go, read.go
// finds them (stateOf), and figure.go says how they look (looks).

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// A Recording is what happened while a function ran. All times count from the start of the function.
//
// A Recording does not change after Record has returned it, so its methods are safe for concurrent use.
type Recording struct {
	// Lanes are the function, called main, and every goroutine that it started, directly or not, in the order in which
	// they were created. There is at least the first. Goroutines of the runtime and those that ran before are not here.
	// A goroutine that a timer started (time.AfterFunc, a context that times out) is, and has no parent.
	Lanes []Lane

	// Duration is how long the function was recorded: until it ended, or until there was no reason to go on.
	Duration time.Duration

	// Full says that the trace reached its greatest size, and Took how long Record waited for the function.
	Full bool
	Took time.Duration

	// Procs is the largest value of GOMAXPROCS that was in force: how many goroutines could run at once.
	Procs int

	// Python is the version of Python, such as "3.11", if the lanes are threads and tasks of a program in Python, and
	// otherwise "".
	Python string

	// Stuck says who waits for what if the recording ended before the function did, and is otherwise nil.
	Stuck *Stuck

	cpuKnown bool // whether a thread of Python's that runs was told from one that waits for the interpreter's lock

	procs       []int // the values of GOMAXPROCS, one after the other
	mostRunning int
}

// A Lane is the life of one goroutine.
type Lane struct {
	ID     int64  // the runtime's number of the goroutine
	Parent int    // index of the lane that started it, or -1
	Func   string // the learner's function that it runs, such as "main.worker"; "" if unknown
	Label  string // as set by the function Label, or ""
	Start  *Place // the go statement that started it, or nil

	// Library is the package of the standard library that started the goroutine for its own purposes, such as "net/http"
	// for one that reads from a connection. Func is then its function. It is "" for all that ran a function of the
	// learner's, whoever started them.
	Library string

	// Thread says that the lane is a thread of Python's, and not a task. The first lane is both.
	Thread bool

	End        End // how a thread or task of Python's ended
	Born, Died time.Duration
	Alive      bool // still there at the end of the recording, which is then what Died says

	// Spans divide the life from Born to Died without gaps or overlap, in order of time.
	Spans []Span

	// Regions are the calls that a worker of one of Python's pools makes, in the order of their starts.
	Regions []Region

	name string
	nth  int // among lanes of the same name, from 1; 0 if there is no other
}

// An End is how a thread or task of Python's ended.
type End uint8

// The ends. A goroutine has no other than the first.
const (
	Finished  End = iota
	Cancelled     // by CancelledError
	Failed        // by another exception
)

// A Span is a time in which a goroutine was in one state.
type Span struct {
	State    State
	From, To time.Duration

	// At is the learner's line at which the goroutine waited or gave up the processor, as far as the trace tells; it is
	// nil while running, and while waiting for the first processor or for one after a wait.
	At *Place

	// WokenBy is the index of the lane that ended a wait, Timer, or -1 if that was the network, the runtime, a goroutine
	// outside the recording, or nobody.
	WokenBy int
}

// Timer in WokenBy is a timer, such as that of a ticker.
const Timer = -2

// Duration is how long the span lasted.
func (s Span) Duration() time.Duration { return s.To - s.From }

// A Region is a part of a lane's life that has a name.
type Region struct {
	Name     string
	From, To time.Duration
}

// A Place is a line of a program.
type Place struct {
	Func string // with its package: "main.worker"
	File string // as the compiler saw it; in a notebook a file that the kernel generated
	Line int

	text string // the line, where there is no such file
}

// String returns "file:line", with the last element of the file's path only.
func (p *Place) String() string {
	return fmt.Sprintf("%s:%d", p.File[strings.LastIndexAny(p.File, `/\`)+1:], p.Line)
}

// Source returns the text of the line without the blanks around it, or "" if the file cannot be read. The line numbers
// of a notebook's generated file mean nothing to a reader; the text does.
func (p *Place) Source() string {
	for _, line := range p.lines(1) {
		return strings.TrimSpace(line)
	}
	return ""
}

// lines returns n lines of the file from this one on, or fewer if there are not so many.
func (p *Place) lines(n int) []string {
	if p.text != "" {
		return []string{p.text}
	}
	text, err := os.ReadFile(p.File)
	if err != nil {
		return nil
	}
	all := strings.Split(string(text), "\n")
	if p.Line < 1 || p.Line > len(all) {
		return nil
	}
	return all[p.Line-1 : min(p.Line-1+n, len(all))]
}

// Name is what to call the lane: its label, or else the name of its function, "worker" for main.worker. A function
// literal that only calls a function has the name of that one, any other is a "goroutine". Lanes that would have the
// same name are numbered in the order of their creation, from 0 as in a loop that starts them. The first lane is "main"
// unless it has a label.
func (l *Lane) Name() string {
	switch {
	case l.Label != "":
		return l.Label
	case l.nth > 0:
		return l.name + " " + strconv.Itoa(l.nth-1)
	}
	return l.name
}

// MostRunning is how many lanes ran at the same time at most.
func (r *Recording) MostRunning() int { return r.mostRunning }
