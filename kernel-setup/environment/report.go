package environment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// A reporter prints a line for each finished step with its duration and, on a terminal, what is under way.
// It is safe for concurrent use.
type reporter struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	running  []string
	start    time.Time
	stop     chan struct{}
}

func newReporter(w io.Writer) *reporter {
	r := &reporter{w: w, terminal: isTerminal(w), start: time.Now(), stop: make(chan struct{})}
	if r.terminal {
		go r.tick()
	}
	return r
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

func (r *reporter) tick() {
	for {
		select {
		case <-r.stop:
			return
		case <-time.After(time.Second):
			r.mu.Lock()
			r.status()
			r.mu.Unlock()
		}
	}
}

const clearLine = "\r\x1b[K"

// status draws the line of what is under way. Its caller holds mu.
func (r *reporter) status() {
	if r.terminal && len(r.running) > 0 {
		fmt.Fprintf(r.w, "%s  … %s, %.0f s", clearLine, strings.Join(r.running, ", "), time.Since(r.start).Seconds())
	}
}

func (r *reporter) printf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.terminal {
		fmt.Fprint(r.w, clearLine)
	}
	fmt.Fprintf(r.w, format, args...)
	r.status()
}

// begin notes that a step has started; the func that it returns notes its end.
func (r *reporter) begin(name string) func(error) {
	r.mu.Lock()
	r.running = append(r.running, name)
	r.status()
	r.mu.Unlock()
	start := time.Now()
	return func(err error) {
		r.mu.Lock()
		r.running = slices.DeleteFunc(r.running, func(n string) bool { return n == name })
		r.mu.Unlock()
		outcome := fmt.Sprintf("%5.1f s", time.Since(start).Seconds())
		switch {
		case errors.Is(err, context.Canceled):
			outcome = "stopped"
		case err != nil:
			outcome = " failed"
		}
		r.printf("  %-16s %s\n", name, outcome)
	}
}

func (r *reporter) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.stop)
	if r.terminal {
		fmt.Fprint(r.w, clearLine)
	}
	r.running = nil
}
