package notebooks_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tutorial/kernel-setup/execute"
	"tutorial/kernel-setup/notebook"
)

// "Try it" asks for changes to cells, and its answers say what happens then. Here the changes are made, with the code of the
// answer where it has some, and the changed cells run after the declarations of the chapter.

var every = flag.Bool("every", false, "run what every \"Try it\" asks for, and hold it against its answer")

// A step runs a cell of the chapter in which texts are replaced. In a replacement, ``` stands for the code of the answer.
type step struct {
	cell    string
	changes []string // old, new, old, new, ...
	fails   bool
}

type steps []step

func do(cell string, changes ...string) steps { return steps{{cell: cell, changes: changes}} }

func (s steps) then(cell string, changes ...string) steps { return append(s, do(cell, changes...)...) }

// failing says that the last step is to fail.
func (s steps) failing() steps {
	s[len(s)-1].fails = true
	return s
}

// A trial does what a number of "Try it" asks for, and says what the last step shows.
type trial struct {
	number int
	steps  steps
	checks []check
}

func try(number int, s steps, checks ...check) trial { return trial{number, s, checks} }

var (
	folded   = regexp.MustCompile(`(?s)<details>.*?</details>`)
	fence    = regexp.MustCompile("(?s)```\\w+\n(.*?)\n```")
	question = regexp.MustCompile(`(?m)^(?:\*\*)?(\d)\.(?:\*\*)? `)
)

// tryIt returns the text of a notebook from the heading on.
func tryIt(nb *notebook.Notebook) string {
	var text strings.Builder
	for _, c := range nb.Cells {
		if c.Type == "markdown" && (text.Len() > 0 || strings.HasPrefix(string(c.Source), "## Try it")) {
			text.WriteString("\n" + string(c.Source))
		}
	}
	return text.String()
}

// unasked returns what is wrong if not just the questions of a notebook are tried.
func unasked(name string, nb *notebook.Notebook, trials []trial) error {
	var asked, tried []string
	for _, m := range question.FindAllStringSubmatch(folded.ReplaceAllString(tryIt(nb), ""), -1) {
		asked = append(asked, m[1])
	}
	for _, t := range trials {
		tried = append(tried, strconv.Itoa(t.number))
	}
	if tried = slices.Compact(tried); !slices.Equal(asked, tried) {
		return fmt.Errorf("%s asks for %q under \"Try it\", and its tests try %q; let each be tried, in order", name, asked, tried)
	}
	return nil
}

// tryOut returns a notebook that does what is asked for. Its last cell for each trial has the id that idOf returns.
func tryOut(nb *notebook.Notebook, trials []trial) ([]byte, error) {
	answers := folded.FindAllString(tryIt(nb), -1)
	cells := []any{}
	add := func(id, source string, fails bool) {
		tags := []string{}
		if fails {
			tags = append(tags, "raises-exception")
		}
		cells = append(cells, map[string]any{"cell_type": "code", "id": id, "source": source, "outputs": []any{},
			"execution_count": nil, "metadata": map[string]any{"tags": tags}})
	}
	declare := func(c notebook.Cell) {
		var parts []string
		for _, part := range c.GoParts() {
			if !part.Main && !strings.Contains(string(c.Source), "%test") {
				parts = append(parts, part.Source)
			}
		}
		if len(parts) > 0 {
			add(fmt.Sprint("declare-", len(cells)), "%goflags \"\"\n"+strings.Join(parts, "\n\n"), false)
		}
	}
	declared := 0 // so many cells
	for n, t := range trials {
		code := ""
		if t.number <= len(answers) {
			if m := fence.FindStringSubmatch(answers[t.number-1]); m != nil {
				code = m[1]
			}
		}
		var changed []notebook.Cell
		for i, s := range t.steps {
			at := slices.IndexFunc(nb.Cells, func(c notebook.Cell) bool { return c.ID == s.cell })
			if at < 0 {
				return nil, fmt.Errorf("there is no cell %s", s.cell)
			}
			for ; declared < at; declared++ {
				declare(nb.Cells[declared])
			}
			source := string(nb.Cells[at].Source)
			for pair := range slices.Chunk(s.changes, 2) {
				if !strings.Contains(source, pair[0]) {
					return nil, fmt.Errorf("the cell %s has no\n%s", s.cell, pair[0])
				}
				if strings.Contains(pair[1], "```") && code == "" {
					return nil, fmt.Errorf("the answer %d has no code", t.number)
				}
				source = strings.ReplaceAll(source, pair[0], strings.ReplaceAll(pair[1], "```", code))
			}
			id := idOf(n)
			if i < len(t.steps)-1 {
				id += fmt.Sprint("-", i)
			}
			add(id, source, s.fails)
			changed = append(changed, nb.Cells[at])
			declared = max(declared, at+1)
		}
		for _, c := range changed { // as they were
			declare(c)
		}
	}
	return json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "cells": cells, "metadata": map[string]any{
		"kernelspec": map[string]any{"name": nb.Metadata.Kernelspec.Name, "display_name": "Go (gonb)", "language": "go"}}})
}

func idOf(trial int) string { return fmt.Sprint("trial-", trial) }

func TestAnswersAreTrue(t *testing.T) {
	t.Parallel()
	for _, name := range names(t) {
		if !strings.HasPrefix(name, "threading/") && !strings.HasPrefix(name, "asyncio/") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nb, err := notebook.Read(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := unasked(name, nb, trials[name]); err != nil {
				t.Error(err)
			}
			content, err := tryOut(nb, trials[name])
			if err != nil {
				t.Fatal(err)
			}
			if !*every {
				t.Skip("what is asked for can be done; -every does it")
			}
			checkout, err := installed()
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "try.ipynb")
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			kernels <- struct{}{}
			defer func() { <-kernels }()
			order := execute.In(checkout, file)
			order.Copy = filepath.Join(t.TempDir(), "tried.ipynb")
			if err := executeAndTidy(t.Context(), order); err != nil {
				t.Fatal(err)
			}
			tried, err := notebook.Read(order.Copy)
			if err != nil {
				t.Fatal(err)
			}
			for n, trial := range trials[name] {
				if err := cell(idOf(n), trial.checks...).holds(tried); err != nil {
					t.Errorf("answer %d: %v", trial.number, err)
				}
			}
		})
	}
}

func TestAnswersControl(t *testing.T) {
	t.Parallel()
	nb := &notebook.Notebook{Cells: []notebook.Cell{
		{Type: "code", ID: "a", Source: "func f() int { return 1 }\n\n%%\nfmt.Println(f())"},
		{Type: "markdown", ID: "try", Source: "## Try it\n\n1. Return two.\n2. Think.\n\n<details>\n\n1. see\n\n```go\nreturn 2\n```\n\n</details>"},
	}}
	one, two := try(1, do("a", "return 1", "```")), try(2, do("a"))
	if err := unasked("a", nb, []trial{one, one, two}); err != nil {
		t.Error(err)
	}
	if unasked("a", nb, []trial{one}) == nil || unasked("a", nb, []trial{two, one}) == nil {
		t.Error("a question that nobody tries, or that comes in another place, should be found")
	}
	content, err := tryOut(nb, []trial{one})
	if err != nil {
		t.Fatal(err)
	}
	out, err := notebook.Parse("out", content)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"func f() int { return 2 }\n\n%%\nfmt.Println(f())", "%goflags \"\"\nfunc f() int { return 1 }"} {
		if got := string(out.Cells[i].Source); got != want {
			t.Errorf("cell %d is\n%s\nwant\n%s", i, got, want)
		}
	}
	for _, wrong := range []trial{try(1, do("b")), try(1, do("a", "return 3", "")), try(2, do("a", "return 1", "```"))} {
		if _, err := tryOut(nb, []trial{wrong}); err == nil {
			t.Errorf("%+v cannot be done, and there is no error", wrong)
		}
	}
}
