package notebooks_test

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"tutorial/kernel-setup/notebook"
)

// exercise states what the notebooks of an exercise show: the picture, by its title; that the starter compiles, and is refused with a text
// that matches; and that the solution passes.
func exercise(name, picture, starter string) struct{} {
	claims("exercises/"+name+".ipynb",
		cell("picture", draws(picture)),
		cell("answer", printsNothing()),
		cell("check", failsWith("exit status 1"), first(says("^Not yet. .*(?i:"+starter+")"))))
	return claims("exercises/solutions/"+name+".ipynb",
		cell("check", first(says("^Passed: "))))
}

// first wants of the cell's first output what the check wants.
func first(each check) check {
	return func(c notebook.Cell) error {
		c.Outputs = c.Outputs[:min(1, len(c.Outputs))]
		return each(c)
	}
}

// says wants a text that the cell displays to match a regular expression, in which ^ and $ are the ends of lines.
func says(expression string) check {
	re := regexp.MustCompile("(?m)" + expression)
	return func(c notebook.Cell) error {
		for _, o := range c.Outputs {
			if re.MatchString(string(o.Data["text/plain"])) {
				return nil
			}
		}
		return fmt.Errorf("it should display a match of %s", re)
	}
}

func TestWhatACellDoesNotSayIsFound(t *testing.T) {
	t.Parallel()
	for expression, holds := range map[string]bool{"^median of 3": true, "^edian": false, "nowhere": false} {
		if err := cell("table", says(expression)).holds(fixture(t)); (err == nil) != holds {
			t.Errorf("says(%q): %v", expression, err)
		}
	}
	second := func(c notebook.Cell) error {
		c.Outputs = append([]notebook.Output{{}}, c.Outputs...)
		return first(says("^median"))(c)
	}
	if cell("table", second).holds(fixture(t)) == nil {
		t.Error("what comes second was taken to be first")
	}
}

// TestChecksTakeSeconds says how long a learner waits for the check of an answer that has just been changed. On a busy machine that is
// long, so what counts is the processor's time, which is about as much on an idle one.
func TestChecksTakeSeconds(t *testing.T) {
	t.Parallel()
	if !*every || runtime.GOOS != "linux" {
		t.Skip("-every times the checks, on Linux")
	}
	const clock = `!echo $(cut -d" " -f16,17 /proc/$PPID/stat) $(date +%s.%N)` // of GoNB's children, in hundredths, and on the wall
	for _, name := range names(t) {
		if !strings.HasPrefix(name, "exercises/solutions/") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nb, err := notebook.Read(name)
			if err != nil {
				t.Fatal(err)
			}
			p := &plan{}
			p.add("%env TUTORIAL_PROGRESS "+t.TempDir(), nil)
			for _, c := range nb.Cells {
				if c.Type == "code" {
					p.add(string(c.Source), nil)
				}
			}
			check := p.cells[len(p.cells)-1]["source"].(string)
			p.add("const changed = true", nil)
			p.add(clock, nil)
			p.add(check, nil)
			p.add(clock, nil)
			executed := p.execute(t)
			var at [2]struct{ user, system, wall float64 }
			last := executed[len(executed)-3:]
			for i, c := range []notebook.Cell{last[0], last[2]} {
				if _, err := fmt.Sscan(c.Stream("stdout"), &at[i].user, &at[i].system, &at[i].wall); err != nil {
					t.Fatal(err)
				}
			}
			if err := says("^Passed: ")(last[1]); err != nil {
				t.Error(err)
			}
			cpu := (at[1].user + at[1].system - at[0].user - at[0].system) / 100
			t.Logf("%.2f s of the processor, %.2f s on the wall", cpu, at[1].wall-at[0].wall)
			if cpu > 3 || cpu < 0.1 {
				t.Errorf("the check took %.2f s of the processor; 3 s are the most that a learner should wait", cpu)
			}
		})
	}
}
