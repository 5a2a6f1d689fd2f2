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

var _ = []struct{}{
	exercise("01_wait_for_all", "Three tasks at the same time", "took 600 ms; it should take 300 ms.*one after another"),
	exercise("02_results_in_order", "Three inputs at the same time", "All results are there, but in the order in which they were ready"),
	exercise("03_every_error", "Four tasks, two of which fail", "says only \"bad gateway: task 4\""),
	exercise("04_at_most_three", "Seven tasks, three at a time", "Seven tasks were in progress at the same time"),
	exercise("05_pipeline", "fetch and parse overlap", "took 800 ms, as long as all fetches and all parses together"),
	exercise("06_first_error_cancels", "Task 2 fails, and the others stop", "Nobody told the other tasks"),
	exercise("07_time_limit", "Three calls with a limit of 200 ms", "f's context is still open"),
	exercise("08_sum_in_parts", "A hundred numbers and four processors", "only one of the 4 processors had something to do"),
	exercise("09_try_again", "Three tries, and longer and longer waits", "the wait before it should be 100 ms"),
	exercise("10_as_they_come", "Three tasks, and a loop that breaks at the second result", "took 600 ms; it should take 300 ms.*one after another"),
	exercise("11_two_chains", "Two chains, and a page at the end", "Place needs nothing, and began only after 400 ms"),
	exercise("12_bank_account", "Three deposits take turns", "Data race"),
	exercise("13_two_locks", "Three transfers", "2 of 6 orders end wrong. Deadlock"),
	exercise("14_check_then_act", "Two buyers and one ticket", "4 of 6 orders end wrong.*two buyers got a ticket"),
	exercise("15_future", "One computation, three readers", "asks once more, and waits for ever"),
	exercise("16_weighted", "Jobs that need 4, 6, 5 and 5", "hold a part of the memory that they need, wait for the rest"),
	exercise("17_start_gate", "Three runners wait for a gate", "The gate was opened, and somebody still waits"),
	exercise("18_graceful_shutdown", "A server that is told to stop", "request 2 was cancelled at 200 ms"),
	exercise("19_cleanup", "Three resources, used and closed", "The order should be"),
	exercise("20_downloader", "Six pages, at most three at once", "A page failed, and page .* was cancelled because of it"),
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
