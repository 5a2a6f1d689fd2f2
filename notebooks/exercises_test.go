package notebooks_test

import (
	"fmt"
	"regexp"
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
