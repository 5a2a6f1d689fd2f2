package progress

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// screen returns what a terminal shows that gets text: lines, and the sequences that take the last one away.
func screen(text string) string {
	lines := strings.Split(text, "\n")
	var shown []string
	for _, line := range lines {
		for strings.HasPrefix(line, "\x1b[A\x1b[K") {
			line = strings.TrimPrefix(line, "\x1b[A\x1b[K")
			shown = shown[:len(shown)-1]
		}
		shown = append(shown, line)
	}
	return strings.Join(shown, "\n")
}

func TestTasksStandBelowWhatStays(t *testing.T) {
	t.Parallel()
	var terminal bytes.Buffer
	d := &Display{w: &terminal, stop: make(chan struct{})}
	first, second := d.Begin("first"), d.Begin("second")
	d.Printf(&terminal, "one line\n")
	first.Set("first, cell 2 of 3")
	if got, want := screen(terminal.String()), "one line\n  … first, cell 2 of 3, 0 s\n  … second, 0 s\n"; got != want {
		t.Errorf("the terminal shows\n%s\nwant\n%s", got, want)
	}
	second.End()
	d.Printf(&terminal, "two\n")
	d.Close()
	if got, want := screen(terminal.String()), "one line\ntwo\n"; got != want {
		t.Errorf("at the end the terminal shows\n%s\nwant\n%s", got, want)
	}
}

func TestTheSecondsGoOnByThemselves(t *testing.T) {
	t.Parallel()
	var terminal bytes.Buffer
	d := &Display{w: &terminal, stop: make(chan struct{})}
	d.Begin("a")
	go d.tick()
	defer d.Close()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		d.mu.Lock()
		shown := screen(terminal.String())
		d.mu.Unlock()
		if !strings.Contains(shown, "a, 0 s") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after 20 seconds it shows %q", shown)
		}
	}
}

func TestALineNeverBreaks(t *testing.T) {
	t.Parallel()
	task := &Task{text: strings.Repeat("日", 200)}
	if n := len([]rune(task.line(time.Hour))); n > 79 {
		t.Errorf("it has %d characters", n)
	}
}

func TestADeviceIsATerminalUnlessItIsDumb(t *testing.T) {
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	file, err := os.Create(t.TempDir() + "/log")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for term, want := range map[string]bool{"xterm": true, "dumb": false} {
		t.Setenv("TERM", term)
		if isTerminal(device) != want || isTerminal(file) || isTerminal(new(bytes.Buffer)) {
			t.Errorf("TERM=%s: a device is a terminal: %v, want %v; a file: %v", term, isTerminal(device), want, isTerminal(file))
		}
	}
}

func TestElsewhereThanInATerminalOnlyLinesArePrinted(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	d := New(&file)
	task := d.Begin("a")
	d.Printf(&file, "line %d\n", 1)
	task.Set("b")
	task.End()
	d.Close()
	if got := file.String(); got != fmt.Sprintln("line 1") {
		t.Errorf("it prints %q", got)
	}
}
