// Package progress shows what a program is doing: in a terminal in lines at its end that change, elsewhere not at all.
package progress

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Display prints lines that stay and, in a terminal, below them one for each task under way. It is safe for concurrent use.
type Display struct {
	mu    sync.Mutex
	w     io.Writer // the terminal; nil if there is none
	tasks []*Task
	drawn int // how many lines of tasks the terminal shows
	stop  chan struct{}
}

// A Task is something that is under way.
type Task struct {
	d     *Display
	text  string
	start time.Time
}

// New returns a display on w, which shows tasks only if w is a terminal. Close it.
func New(w io.Writer) *Display {
	d := &Display{stop: make(chan struct{})}
	if isTerminal(w) {
		d.w = w
		go d.tick()
	}
	return d
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

func (d *Display) tick() {
	for {
		select {
		case <-d.stop:
			return
		case <-time.After(time.Second):
			d.change(func() {})
		}
	}
}

// change makes a change, to what is shown or above it, and shows the tasks again.
func (d *Display) change(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.w != nil && d.drawn > 0 {
		fmt.Fprint(d.w, strings.Repeat("\x1b[A\x1b[K", d.drawn))
	}
	do()
	d.drawn = 0
	if d.w == nil {
		return
	}
	for _, t := range d.tasks {
		fmt.Fprintln(d.w, t.line(time.Since(t.start)))
		d.drawn++
	}
}

// line is at most as wide as the narrowest terminal, for a line that breaks is two.
func (t *Task) line(took time.Duration) string {
	line := []rune(fmt.Sprintf("  … %s, %.0f s", t.text, took.Seconds()))
	return string(line[:min(len(line), 79)])
}

// Printf prints to w, which may be another writer than the display's, above the tasks.
func (d *Display) Printf(w io.Writer, format string, args ...any) {
	d.change(func() { fmt.Fprintf(w, format, args...) })
}

// Begin shows a task from now on.
func (d *Display) Begin(text string) *Task {
	t := &Task{d: d, text: text, start: time.Now()}
	d.change(func() { d.tasks = append(d.tasks, t) })
	return t
}

// Set changes the text of a task.
func (t *Task) Set(text string) { t.d.change(func() { t.text = text }) }

// End takes the task away, and returns how long it took.
func (t *Task) End() time.Duration {
	t.d.change(func() { t.d.tasks = slices.DeleteFunc(t.d.tasks, func(other *Task) bool { return other == t }) })
	return time.Since(t.start)
}

// Close takes all tasks away.
func (d *Display) Close() {
	close(d.stop)
	d.change(func() { d.tasks = nil })
}
