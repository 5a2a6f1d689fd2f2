package notebooks_test

import (
	"errors"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tutorial/kernel-setup/notebook"
)

// A row is a topic of the Python tutorial's outline, and the notebook that teaches it.
type row struct{ notebook, name string }

// rows reads a list of rows: the name of a notebook, and below it, indented, the rows that it teaches.
func rows(text string) []row {
	var all []row
	var current string
	for line := range strings.Lines(text) {
		switch name := strings.TrimSpace(line); {
		case name == "" || strings.HasPrefix(name, "#"):
		case strings.HasPrefix(line, "\t"):
			all = append(all, row{current, name})
		default:
			current = name
		}
	}
	return all
}

// TestEveryRowIsRunInBothLanguages holds the tutorial to the outline that it promises to follow.
func TestEveryRowIsRunInBothLanguages(t *testing.T) {
	t.Parallel()
	openWhatCellsDependOn(t)
	list, err := os.ReadFile("testdata/outline.txt")
	if err != nil {
		t.Fatal(err)
	}
	contents, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	all := rows(string(list))
	if len(all) < 25 {
		t.Fatalf("the outline has %d rows, and should have them all", len(all))
	}
	for _, r := range all {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			if err := r.taught(run(t, r.notebook)); err != nil {
				t.Error(err)
			}
			if err := r.listed(string(contents)); err != nil {
				t.Error(err)
			}
		})
	}
}

var (
	// Go cells that run a Python program, and those that run programs of both languages to compare them.
	runsPython = regexp.MustCompile(`\b(imageserver\.Python|timeline\.ShowPython)\(`)
	runsBoth   = regexp.MustCompile(`\b(timing\.PythonN?|footprint\.Show)\(`)
)

var heading = regexp.MustCompile(`(?m)^(#{2,3}) (.+)$`)

// taught returns what the executed notebook lacks: a heading of the row's name, and below it, before the next of its
// level, a Python program and a Go program that have run.
func (r row) taught(nb *notebook.Notebook) error {
	var level int
	var python, goCode bool
	for _, c := range nb.Cells {
		if c.Type == "markdown" {
			for _, h := range heading.FindAllStringSubmatch(string(c.Source), -1) {
				switch {
				case level == 0 && strings.HasPrefix(strings.ToLower(h[2]), strings.ToLower(r.name)):
					level = len(h[1])
				case level > 0 && len(h[1]) <= level:
					return r.lacks(python, goCode)
				}
			}
		}
		if c.Type != "code" || level == 0 || len(c.Outputs) == 0 {
			continue
		}
		switch magic := c.Magic(); {
		case len(magic) > 1 && strings.HasPrefix(magic[1], "python"):
			python = true
		case len(magic) > 0 && magic[0] != "%%": // a command for the kernel
		case runsPython.MatchString(string(c.Source)):
			python = true
		case runsBoth.MatchString(string(c.Source)):
			python, goCode = true, true
		default:
			goCode = true
		}
	}
	if level == 0 {
		return fmt.Errorf("%s has no heading that begins with %q", r.notebook, r.name)
	}
	return r.lacks(python, goCode)
}

func (r row) lacks(python, goCode bool) error {
	var errs []error
	if !python {
		errs = append(errs, fmt.Errorf("%s runs no Python program under %q", r.notebook, r.name))
	}
	if !goCode {
		errs = append(errs, fmt.Errorf("%s runs no Go program under %q", r.notebook, r.name))
	}
	return errors.Join(errs...)
}

// listed fails if no line of the README's contents has the row and a link to its notebook.
func (r row) listed(contents string) error {
	for line := range strings.Lines(contents) {
		if strings.HasPrefix(line, "|") && strings.Contains(line, r.name) && strings.Contains(line, "(notebooks/"+r.notebook+")") {
			return nil
		}
	}
	return fmt.Errorf("no line of README's contents has %q with a link to notebooks/%s", r.name, r.notebook)
}

func TestRowsThatAreMissingAreFound(t *testing.T) {
	t.Parallel()
	cell := func(source string, ran bool) notebook.Cell {
		c := notebook.Cell{Type: "code", Source: notebook.Text(source)}
		if ran {
			c.Outputs = []notebook.Output{{Type: "stream", Name: "stdout", Text: "done"}}
		}
		return c
	}
	text := func(source string) notebook.Cell {
		return notebook.Cell{Type: "markdown", Source: notebook.Text(source)}
	}
	const python, goCode = "%%script python3\nprint(1)", "%%\nfmt.Println(1)"
	for name, test := range map[string]struct {
		cells []notebook.Cell
		want  string
	}{
		"complete":            {[]notebook.Cell{text("## Tasks"), cell(python, true), text("### Cancel"), cell(goCode, true)}, ""},
		"Python by a helper":  {[]notebook.Cell{text("## Tasks"), cell("%%\ntimeline.ShowPython(`x`)", true), cell(goCode, true)}, ""},
		"compared":            {[]notebook.Cell{text("## Tasks"), cell("%%\nfootprint.Show(`x`, 1)", true)}, ""},
		"only by a helper":    {[]notebook.Cell{text("## Tasks"), cell("%%\nimageserver.Python(`x`)", true)}, "no Go program"},
		"no heading":          {[]notebook.Cell{text("## Jobs"), cell(python, true), cell(goCode, true)}, "no heading"},
		"no Python":           {[]notebook.Cell{text("## Tasks"), cell(goCode, true)}, "no Python program"},
		"no Go":               {[]notebook.Cell{text("## Tasks"), cell(python, true)}, "no Go program"},
		"Go has not run":      {[]notebook.Cell{text("## Tasks"), cell(python, true), cell(goCode, false)}, "no Go program"},
		"Go in the next row":  {[]notebook.Cell{text("## Tasks"), cell(python, true), text("## Gather"), cell(goCode, true)}, "no Go program"},
		"only before heading": {[]notebook.Cell{cell(python, true), cell(goCode, true), text("## Tasks")}, "no Python program"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := row{"x.ipynb", "Tasks"}.taught(&notebook.Notebook{Cells: test.cells})
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want one about %q", err, test.want)
			}
		})
	}
	if err := (row{"a.ipynb", "Tasks"}).listed("| [Jobs](notebooks/a.ipynb) | Jobs |\n| [Tasks](notebooks/b.ipynb) | Tasks |\n"); err == nil {
		t.Error("a row that the contents do not have is not noticed")
	}
}

// TestEveryPageLeadsOn holds that whoever follows Next reads everything in the order of the start page.
func TestEveryPageLeadsOn(t *testing.T) {
	t.Parallel()
	order, err := notebook.List(".")
	if err != nil {
		t.Fatal(err)
	}
	chapters := slices.DeleteFunc(order, func(name string) bool { return strings.HasPrefix(name, "exercises/") })
	if len(chapters) < 14 {
		t.Fatalf("the start page leads to %q, and should lead to every chapter", chapters)
	}
	for i, name := range chapters[:len(chapters)-1] {
		nb, err := notebook.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		next, err := nextOf(name, nb)
		if err != nil {
			t.Error(err)
		} else if next != chapters[i+1] {
			t.Errorf("Next of %s leads to %s, and the start page has %s after it", name, next, chapters[i+1])
		}
	}
}

var nextLink = regexp.MustCompile(`(?:\[Next\]|Next: \[[^\]]*\])\(([^)#]+\.ipynb)\)`)

// nextOf returns where a notebook's link named Next leads.
func nextOf(name string, nb *notebook.Notebook) (string, error) {
	for _, c := range nb.Cells {
		if m := nextLink.FindStringSubmatch(string(c.Source)); c.Type == "markdown" && m != nil {
			return path.Join(path.Dir(name), m[1]), nil
		}
	}
	return "", fmt.Errorf("%s has no link named Next", name)
}
