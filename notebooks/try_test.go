package notebooks_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/notebook"
)

// "Try it" asks for changes to cells, and its answers say what happens then. Here the changes are made, with the code of the
// answer where it has some, and the changed cells run after the declarations of the chapter.

// A turn runs a cell of the chapter in which texts are replaced. In a replacement, ``` stands for the code of the answer.
type turn struct {
	cell    string
	changes []string // old, new, old, new, ...
	tags    []string
}

type turns []turn

func do(cell string, changes ...string) turns { return turns{{cell: cell, changes: changes}} }

func (s turns) then(cell string, changes ...string) turns { return append(s, do(cell, changes...)...) }

// failing says that the last turn is to fail.
func (s turns) failing() turns {
	s[len(s)-1].tags = []string{"raises-exception"}
	return s
}

// A trial does what a number of "Try it" asks for, and says what the last turn shows.
type trial struct {
	number int
	turns  turns
	checks []check
}

func try(number int, s turns, checks ...check) trial { return trial{number, s, checks} }

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

// tryOut returns a plan that does what is asked for, with the cell of the plan in which each trial ends.
func tryOut(nb *notebook.Notebook, trials []trial) (*plan, []int, error) {
	answers := folded.FindAllString(tryIt(nb), -1)
	p, ends := &plan{patience: 5 * time.Minute}, []int{}
	declare := func(c notebook.Cell) {
		if declared := declarations(string(c.Source)); c.Type == "code" && declared != "" && !strings.Contains(string(c.Source), "%test") {
			p.add("%goflags \"\"\n" + declared)
		}
	}
	declared := 0 // so many cells
	for _, t := range trials {
		code := ""
		if t.number <= len(answers) {
			if m := fence.FindStringSubmatch(answers[t.number-1]); m != nil {
				code = m[1]
			}
		}
		var changed []notebook.Cell
		for _, s := range t.turns {
			at := slices.IndexFunc(nb.Cells, func(c notebook.Cell) bool { return c.ID == s.cell })
			if at < 0 {
				return nil, nil, fmt.Errorf("there is no cell %s", s.cell)
			}
			for ; declared < at; declared++ {
				declare(nb.Cells[declared])
			}
			declared = max(declared, at+1)
			source := string(nb.Cells[at].Source)
			for pair := range slices.Chunk(s.changes, 2) {
				if !strings.Contains(source, pair[0]) {
					return nil, nil, fmt.Errorf("the cell %s has no\n%s", s.cell, pair[0])
				}
				if strings.Contains(pair[1], "```") && code == "" {
					return nil, nil, fmt.Errorf("the answer %d has no code", t.number)
				}
				source = strings.ReplaceAll(source, pair[0], strings.ReplaceAll(pair[1], "```", code))
			}
			p.add(source, s.tags...)
			changed = append(changed, nb.Cells[at])
		}
		ends = append(ends, len(p.cells)-1)
		for _, c := range changed { // as they were
			declare(c)
		}
	}
	return p, ends, nil
}

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
			p, ends, err := tryOut(nb, trials[name])
			if err != nil {
				t.Fatal(err)
			}
			if !labtest.Every() {
				t.Skip("what is asked for can be done; -every does it")
			}
			executed := p.execute(t)
			for _, c := range executed {
				if c.Metadata.Failure != "" {
					t.Errorf("%s\n%s", c.Source, c.Metadata.Failure)
				}
			}
			for i, trial := range trials[name] {
				for _, check := range trial.checks {
					if err := check(executed[ends[i]]); err != nil {
						t.Errorf("answer %d: %v\n%s", trial.number, err, executed[ends[i]].Stream("stdout"))
					}
				}
			}
		})
	}
}

func TestAnswersControl(t *testing.T) {
	t.Parallel()
	nb := &notebook.Notebook{Cells: []notebook.Cell{
		{Type: "markdown", ID: "title", Source: "# A"},
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
	p, ends, err := tryOut(nb, []trial{one, two})
	if err != nil || !slices.Equal(ends, []int{0, 2}) {
		t.Fatalf("the trials end in the cells %v, %v", ends, err)
	}
	for i, want := range []string{"func f() int { return 2 }\n\n%%\nfmt.Println(f())", "%goflags \"\"\nfunc f() int { return 1 }"} {
		if got := string(p.cells[i].Source); got != want {
			t.Errorf("cell %d is\n%s\nwant\n%s", i, got, want)
		}
	}
	for _, wrong := range []trial{try(1, do("b")), try(1, do("a", "return 3", "")), try(2, do("a", "return 1", "```"))} {
		if _, _, err := tryOut(nb, []trial{wrong}); err == nil {
			t.Errorf("%+v cannot be done, and there is no error", wrong)
		}
	}
}
