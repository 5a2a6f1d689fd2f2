// Package stacks reads the stacks of goroutines, as the runtime writes them.
package stacks

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// A Goroutine is one whose stack was written.
type Goroutine struct {
	State  string  // as the runtime calls it, such as "chan receive"
	Notes  string  // what is said behind the state, such as "2 minutes"
	Frames []Frame // the innermost first, and at the end the one in which it was started
}

// A Frame is a function on a stack, and the place in it.
type Frame struct {
	Function string // with what stands for its arguments
	File     string
	Line     int
	Created  bool // it is where the goroutine was started
}

// All returns the goroutines of this program, or the first of them if their stacks are longer than 1 MB.
func All() []Goroutine {
	buf := make([]byte, 1<<20)
	return Parse(string(buf[:runtime.Stack(buf, true)]))
}

var header = regexp.MustCompile(`^goroutine \d+ [^\[]*\[([^\]]*)\]:$`)

// Parse reads the stacks of goroutines with blank lines between them.
func Parse(dump string) []Goroutine {
	var all []Goroutine
	for block := range strings.SplitSeq(dump, "\n\n") {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		if m := header.FindStringSubmatch(lines[0]); m != nil {
			g := Goroutine{Frames: Frames(lines[1:])}
			g.State, g.Notes, _ = strings.Cut(m[1], ", ")
			all = append(all, g)
		}
	}
	return all
}

var place = regexp.MustCompile(`^\s+(.+):(\d+)(?: \+0x[0-9a-f]+)?$`)

// Frames reads pairs of lines: a function, and below it a file and a line. It passes over all others.
func Frames(lines []string) []Frame {
	var all []Frame
	for i := 0; i+1 < len(lines); i++ {
		m := place.FindStringSubmatch(lines[i+1])
		if m == nil {
			continue
		}
		f := Frame{File: m[1]}
		f.Line, _ = strconv.Atoi(m[2])
		f.Function, f.Created = strings.CutPrefix(strings.TrimSpace(lines[i]), "created by ")
		all = append(all, f)
		i++
	}
	return all
}

// Source is the text of the frame's line without a comment, or its place if the file is gone.
func (f Frame) Source() string {
	content, err := os.ReadFile(f.File)
	lines := strings.Split(string(content), "\n")
	if err != nil || f.Line < 1 || f.Line > len(lines) {
		return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
	}
	text := strings.TrimSpace(lines[f.Line-1])
	if strings.HasPrefix(text, "package ") { // An empty loop is in no line of its own.
		name := f.Function[:max(0, strings.LastIndexByte(f.Function, '('))]
		return name[strings.LastIndexByte(name, '.')+1:]
	}
	text, _, _ = strings.Cut(text, " //")
	return strings.TrimSpace(text)
}
