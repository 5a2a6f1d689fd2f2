package notebook

import (
	"slices"
	"strings"
)

// Magic returns the words of a code cell's first line if that line hands the whole cell to something else than Go,
// such as "%%script" and "python3". It is empty for a Go cell.
func (c Cell) Magic() []string {
	first, _, _ := strings.Cut(string(c.Source), "\n")
	words := strings.Fields(first)
	if c.Type == "code" && len(words) > 0 && slices.Contains([]string{"%%script", "%%bash", "%%sh", "%%writefile", "%%gx"}, words[0]) {
		return words
	}
	return nil
}

// IsGo reports whether the cell is code that the kernel compiles.
func (c Cell) IsGo() bool { return c.Type == "code" && c.Magic() == nil }

// A GoPart is a run of lines of Go in a cell.
type GoPart struct {
	Line   int    // of its first line in the cell, from 1
	Main   bool   // whether it is the body of main, which follows a line %%; otherwise it is declarations
	Source string // without blank lines around it
}

// GoParts returns the Go of a Go cell, cut at the lines that the kernel reads itself: those that begin with % or !,
// and those that such a line continues on with a backslash at its end. It is empty for other cells.
func (c Cell) GoParts() []GoPart {
	if !c.IsGo() {
		return nil
	}
	var parts []GoPart
	part := GoPart{Line: 1}
	var lines []string
	end := func(next int) {
		for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
			lines = lines[1:]
			part.Line++
		}
		if part.Source = strings.TrimRight(strings.Join(lines, "\n"), " \t\n"); part.Source != "" {
			parts = append(parts, part)
		}
		part.Line, lines = next, nil
	}
	continued := false
	for i, line := range strings.Split(string(c.Source), "\n") {
		// GoNB takes commands in this form too, for editors that know only Go.
		command := strings.TrimPrefix(line, "//gonb:")
		if !continued && !strings.HasPrefix(command, "%") && !strings.HasPrefix(command, "!") {
			lines = append(lines, line)
			continue
		}
		end(i + 2)
		if word, _, _ := strings.Cut(command, " "); !continued && (word == "%%" || word == "%main") {
			part.Main = true
		}
		continued = strings.HasSuffix(line, `\`)
	}
	end(0)
	return parts
}
