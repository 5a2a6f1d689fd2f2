package notebooks_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tutorial/kernel-setup/notebook"
)

// The fixture is a notebook as it is after a run.
func fixture(t *testing.T) *notebook.Notebook {
	t.Helper()
	nb, err := notebook.Read("testdata/executed.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

func TestClaimsThatHold(t *testing.T) {
	t.Parallel()
	for _, c := range []claim{
		cell("three", prints("one", "two", "took 1.5 s")),
		cell(`fmt.Println("one")`, prints("one", "two", "took 1.5 s")),
		cell("three", printsInAnyOrder("two", "took 1.5 s", "one"), printsAmongOthers("one", "took 1.5 s"), neverMatches(`three|^on$`)),
		cell("three", matches(`^took [\d.]+ s$`), printsNumber(`took ([\d.]+) s`, 1.5, 2)),
		cell("three", reports("careful")),
		cell("silent", printsNothing()), cell("three", writes("%%", 1), has("%%", "one")),
		cell("panic", failsWith("panic: on purpose"), failsWith("exit status 2")),
		cell("compile", failsWith("undefined: x")),
		cell("figure", draws("a \"picture\"")),
		cell("table", tabulates("one, slow", "median", 1.5, 1.5), tabulates("one, slow Go 10,000", "median", 0.015, 0.015)),
		cell("table", tabulates("one", "speed-up", 0.98, 0.98), tabulates("one, slow Go 10,000", "speed-up", 99, 100)),
		cell("table", tabulatesMore("one, slow", "one", "median", 5000)),
		cell("table", tabulatesAll("n", 10_020, 10_020)),
	} {
		if err := c.holds(fixture(t)); err != nil {
			t.Errorf("cell %s: %v", c.cell, err)
		}
	}
}

func TestClaimsThatDoNotHoldSayWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim
		want string
	}{
		{cell("none", prints()), "no code cell"},
		{cell("prose", prints()), "no code cell"},
		{cell("%%", prints()), "6 code cells"},
		{cell("three"), "nothing is claimed"},
		{cell("three", prints("one", "two")), "should print"},
		{cell("three", prints("two", "one", "took 1.5 s")), "should print"},
		{cell("three", printsNothing()), "should print"},
		{cell("silent", prints("one")), "should print"},
		{cell("three", printsInAnyOrder("one", "two")), "in any order"},
		{cell("three", printsInAnyOrder("one", "one", "two", "took 1.5 s")), "in any order"},
		{cell("three", printsAmongOthers("two", "one")), `lacks "one"`},
		{cell("three", printsAmongOthers("one", "one")), `lacks "one"`},
		{cell("three", neverMatches(`t.o`)), `not print "two"`},
		{cell("three", writes("%%", 2)), "has it 1 times"},
		{cell("three", has("%%", "two")), `"two" 1 times`},
		{cell("three", matches(`^wo$`)), "a match of"},
		{cell("three", printsNumber(`took ([\d.]+) s`, 1.6, 2)), "from 1.6 to 2"},
		{cell("three", printsNumber(`took ([\d.]+) s`, 1, 1.4)), "from 1 to 1.4"},
		{cell("three", printsNumber(`cost ([\d.]+) s`, 1, 2)), "prints 0"},
		{cell("three", printsNumber(`(o)`, 1, 2)), "prints 4"},
		{cell("three", printsNumber(`(one)`, 1, 2)), "should be a number"},
		{cell("three", printsNumber(`on(e)`, 1, 2)), "stands in the source"},
		{cell("three", reports("one")), "on standard error"},
		{cell("three", failsWith("")), "does not fail"},
		{cell("three", failsWith("careful")), "does not fail"},
		{cell("panic", failsWith("deadlock")), "fails with"},
		{cell("figure", draws("something else")), "should draw"},
		{cell("figure", draws("no figure")), "should draw"},
		{cell("three", draws("")), "should draw"},
		{cell("table", tabulates("one, slow", "median", 1.6, 2)), "says 1.5 for"},
		{cell("table", tabulates("one, slow", "median", 1, 1.4)), "from 1 to 1.4"},
		{cell("table", tabulates("on", "median", 0, 9)), "no row"},
		{cell("table", tabulates("one", "mean", 0, 9)), "no column"},
		{cell("table", tabulates("one", "[min–max]", 0, 9)), "no number"},
		{cell("table", tabulatesMore("one, slow", "one", "median", 5001)), "not 5001 times"},
		{cell("table", tabulatesMore("one", "two", "median", 1)), "no row"},
		{cell("table", tabulatesAll("n", 10_021, 1e6)), "in all"},
		{cell("table", tabulatesAll("n", 0, 10_019)), "in all"},
		{cell("table", tabulatesAll("mean", 0, 9)), "no column"},
		{cell("table", tabulatesAll("[min–max]", 0, 9)), "no number"},
		{cell("figure", tabulatesAll("median", 0, 9)), "displays none"},
		{cell("figure", tabulates("one", "median", 0, 9)), "displays none"},
		{cell("three", prints("one", "two", "took 1.5 s"), printsNothing()), "should print"},
	} {
		err := c.holds(fixture(t))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("cell %s: the error is %v; want one that says %q", c.cell, err, c.want)
		}
	}
}

func TestMisfitsControl(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim
		want bool
	}{
		{cell("none", prints()), true}, {cell("three", prints(), has("two")), true}, {cell("three", prints(), has("one")), false},
	} {
		if _, found := errors.AsType[misfit](c.holds(fixture(t))); found != c.want {
			t.Errorf("cell %s is a misfit: %v", c.cell, found)
		}
	}
}

func TestNotebooksAndClaimsBelongTogether(t *testing.T) {
	t.Parallel()
	some := []claim{cell("a", printsNothing())}
	for _, c := range []struct {
		claims map[string][]claim
		want   []string // each is in the fault at its place
	}{
		{map[string][]claim{"a.ipynb": some, "b.ipynb": some}, nil},
		{map[string][]claim{"a.ipynb": some}, []string{"no claims about b.ipynb"}},
		{map[string][]claim{"a.ipynb": some, "b.ipynb": {}}, []string{"no claims about b.ipynb"}},
		{map[string][]claim{"a.ipynb": some, "b.ipynb": some, "gone.ipynb": some}, []string{"claims about gone.ipynb"}},
	} {
		got := unmatched([]string{"a.ipynb", "b.ipynb"}, c.claims)
		if !slices.EqualFunc(got, c.want, strings.Contains) {
			t.Errorf("the faults are %q; want %q", got, c.want)
		}
	}
}
