package notebooks_test

import (
	"errors"
	"fmt"
	"html"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"tutorial/kernel-setup/notebook"
)

// A claim says what one code cell of a notebook shows.
type claim struct {
	cell   string
	checks []check
}

// A check returns what is not as it should be.
type check func(notebook.Cell) error

// registered holds the claims by notebook.
var registered = map[string][]claim{}

// claims states what the cells of a notebook show. It is for package-level variables named _.
func claims(name string, all ...claim) struct{} {
	registered[name] = append(registered[name], all...)
	return struct{}{}
}

// unmatched returns what is wrong if notebooks lack claims, or claims lack their notebook.
func unmatched(notebooks []string, registered map[string][]claim) []string {
	var faults []string
	for _, name := range notebooks {
		if len(registered[name]) == 0 {
			faults = append(faults, fmt.Sprintf("there are no claims about %s; state in a test file what its cells are there to show", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(registered)) {
		if !slices.Contains(notebooks, name) {
			faults = append(faults, fmt.Sprintf("there are claims about %s, and there is no such notebook", name))
		}
	}
	return faults
}

// cell claims something about the code cell with an id, or with a line of source (white space around it does not
// matter). Only one cell may fit.
func cell(idOrLine string, checks ...check) claim { return claim{idOrLine, checks} }

// A misfit is what a claim finds wrong with a notebook whether or not it has run.
type misfit string

func (m misfit) Error() string { return string(m) }

// holds returns how the executed notebook fails the claim.
func (c claim) holds(nb *notebook.Notebook) error {
	var found []notebook.Cell
	for _, candidate := range nb.Cells {
		if candidate.Type == "code" && (candidate.ID == c.cell || slices.Contains(lines(string(candidate.Source)), c.cell)) {
			found = append(found, candidate)
		}
	}
	switch {
	case len(found) == 0:
		return misfit(fmt.Sprintf("no code cell has the id or a line %q", c.cell))
	case len(found) > 1:
		return fmt.Errorf("%d code cells have the id or a line %q; say which", len(found), c.cell)
	case len(c.checks) == 0:
		return fmt.Errorf("nothing is claimed about the cell %q", c.cell)
	}
	var errs []error
	for _, check := range c.checks {
		if err := check(found[0]); err != nil {
			errs = append(errs, fmt.Errorf("%w\nstandard output:\n%s\nstandard error:\n%s", err, found[0].Stream("stdout"), found[0].Stream("stderr")))
		}
	}
	return errors.Join(errs...)
}

// lines cuts text into its lines, without white space around them and without empty ones.
func lines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func output(c notebook.Cell) []string { return lines(c.Stream("stdout")) }

// prints wants just these lines on standard output, in this order.
func prints(want ...string) check {
	return func(c notebook.Cell) error {
		if got := output(c); !slices.Equal(got, want) {
			return fmt.Errorf("it should print %q", want)
		}
		return nil
	}
}

// printsNothing wants nothing on standard output.
func printsNothing() check { return prints() }

// printsInAnyOrder wants just these lines on standard output, in whatever order.
func printsInAnyOrder(want ...string) check {
	return func(c notebook.Cell) error {
		if got := output(c); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			return fmt.Errorf("it should print %q, in any order", want)
		}
		return nil
	}
}

// printsAmongOthers wants these lines on standard output in this order; others may be before, between and after.
func printsAmongOthers(want ...string) check {
	return func(c notebook.Cell) error {
		rest := output(c)
		for _, line := range want {
			i := slices.Index(rest, line)
			if i < 0 {
				return fmt.Errorf("it should print %q in this order, and lacks %q", want, line)
			}
			rest = rest[i+1:]
		}
		return nil
	}
}

// matches wants standard output to match a regular expression, in which ^ and $ are the ends of lines.
func matches(expression string) check {
	re := regexp.MustCompile("(?m)" + expression)
	return func(c notebook.Cell) error {
		if !re.MatchString(c.Stream("stdout")) {
			return fmt.Errorf("it should print a match of %s", re)
		}
		return nil
	}
}

// neverMatches wants standard output not to match a regular expression.
func neverMatches(expression string) check {
	re := regexp.MustCompile("(?m)" + expression)
	return func(c notebook.Cell) error {
		if found := re.FindString(c.Stream("stdout")); found != "" {
			return fmt.Errorf("it should not print %q", found)
		}
		return nil
	}
}

// writes wants the source to have the text so many times: for what the output cannot tell.
func writes(text string, times int) check {
	return func(c notebook.Cell) error {
		if n := strings.Count(string(c.Source), text); n != times {
			return misfit(fmt.Sprintf("its source should have %q %d times, and has it %d times", text, times, n))
		}
		return nil
	}
}

// has wants the source to have each of the texts once, see writes.
func has(texts ...string) check {
	return func(c notebook.Cell) error {
		var errs []error
		for _, text := range texts {
			errs = append(errs, writes(text, 1)(c))
		}
		return errors.Join(errs...)
	}
}

// printsNumber wants the group of the regular expression, in its only match on standard output, to be a number from low
// to high. Measured times get a low that is certain and a high that holds on a busy machine. A match that stands in the source,
// and is more than the number, is no measurement.
func printsNumber(expression string, low, high float64) check {
	re := regexp.MustCompile("(?m)" + expression)
	if re.NumSubexp() != 1 {
		panic(fmt.Sprintf("%s has %d groups, not one", re, re.NumSubexp()))
	}
	return func(c notebook.Cell) error {
		found := re.FindAllStringSubmatch(c.Stream("stdout"), -1)
		if len(found) != 1 {
			return fmt.Errorf("it should print one match of %s, and prints %d", re, len(found))
		}
		if match := found[0]; match[0] != match[1] && strings.Contains(string(c.Source), match[0]) {
			return fmt.Errorf("%s should be measured, and stands in the source", found[0][0])
		}
		n, err := strconv.ParseFloat(found[0][1], 64)
		if err != nil {
			return fmt.Errorf("%s should be a number", found[0][0])
		}
		if !(low <= n && n <= high) {
			return fmt.Errorf("%s: %v should be from %v to %v", found[0][0], n, low, high)
		}
		return nil
	}
}

// reports wants the text on standard error, or in the error with which the cell fails.
func reports(want string) check {
	return func(c notebook.Cell) error {
		said := c.Stream("stderr")
		for _, o := range c.Outputs {
			said += "\n" + o.Error
		}
		if !strings.Contains(said, want) {
			return fmt.Errorf("it should say %q on standard error, and says\n%s", want, said)
		}
		return nil
	}
}

// failsWith wants the cell to fail, and to say the text on standard error, in the error, or in the box in which the
// kernel shows what the compiler said.
func failsWith(want string) check {
	return func(c notebook.Cell) error {
		said, failed := c.Stream("stderr"), false
		for _, o := range c.Outputs {
			failed = failed || o.Type == "error"
			said += "\n" + o.ErrorName + "\n" + o.Error + "\n" + string(o.Data["text/html"]) + "\n" + string(o.Data["text/plain"])
		}
		switch {
		case !failed:
			return fmt.Errorf("it should fail with %q, and does not fail", want)
		case !strings.Contains(said, want):
			return fmt.Errorf("it should fail with %q, and fails with\n%s", want, said)
		}
		return nil
	}
}

// tabulates wants a cell of the first table that is displayed to hold a number from low to high, in the column and in the row
// that begins with the given words; where it says which version of Go or Python it is about, the words do not. Units are seconds
// and bytes.
func tabulates(row, column string, low, high float64) check {
	return func(c notebook.Cell) error {
		number, err := tabulated(c, row, column)
		if err != nil {
			return err
		}
		if number < low || number > high {
			return fmt.Errorf("its table says %v for %q under %q, and not from %v to %v", number, row, column, low, high)
		}
		return nil
	}
}

// tabulatesAll wants the numbers of all rows in a column to add up to a sum from low to high, see tabulates.
func tabulatesAll(column string, low, high float64) check {
	return func(c notebook.Cell) error {
		rows, at, err := table(c, column)
		if err != nil {
			return err
		}
		sum := 0.0
		for _, fields := range rows {
			field, _, _ := strings.Cut(fields[at], " (")
			if number, err := quantity(field); err == nil {
				sum += number
			} else if field != "–" {
				return err
			}
		}
		if sum < low || sum > high {
			return fmt.Errorf("its table says %v under %q in all, and not from %v to %v", sum, column, low, high)
		}
		return nil
	}
}

// tabulatesMore wants the number of one row to be at least times as large as that of another, see tabulates.
func tabulatesMore(row, than, column string, times float64) check {
	return func(c notebook.Cell) error {
		more, err := tabulated(c, row, column)
		if err != nil {
			return err
		}
		less, err := tabulated(c, than, column)
		if err != nil {
			return err
		}
		if more < times*less {
			return fmt.Errorf("its table says %v for %q and %v for %q under %q, and not %v times as much", more, row, less, than, column, times)
		}
		return nil
	}
}

var (
	columns  = regexp.MustCompile(` {2,}`)
	rule     = regexp.MustCompile(`(?m)^-+(  -+)+$`)
	versions = regexp.MustCompile(`\b(Go|Python) \d+\.\d+\b`)
)

// table returns the rows of the first table in the plain text of a display, and which of their fields are in the column. The helpers
// separate columns by two blanks or more.
func table(c notebook.Cell, column string) (rows [][]string, at int, err error) {
	for _, o := range c.Outputs {
		text := string(o.Data["text/plain"])
		under := rule.FindStringIndex(text)
		if under == nil {
			continue
		}
		head := lines(text[:under[0]])
		header := columns.Split(head[len(head)-1], -1)
		if at = slices.Index(header, column); at < 0 {
			return nil, 0, fmt.Errorf("its table has no column %q", column)
		}
		for _, line := range lines(text[under[1]:]) {
			if fields := columns.Split(line, -1); len(fields) == len(header) {
				rows = append(rows, fields)
			}
		}
		return rows, at, nil
	}
	return nil, 0, errors.New("it should display a table, and displays none")
}

// tabulated returns a number of the table.
func tabulated(c notebook.Cell, row, column string) (float64, error) {
	rows, at, err := table(c, column)
	if err != nil {
		return 0, err
	}
	for _, fields := range rows {
		words := versions.ReplaceAllString(strings.Join(fields, " "), "$1")
		if strings.HasPrefix(words+" ", row+" ") {
			return quantity(fields[at])
		}
	}
	return 0, fmt.Errorf("its table has no row %q", row)
}

// quantity reads a number as the helpers write it: 9.97×, 98.5 %, 1.500 s, 160.3 ms, 2.7 KB.
func quantity(text string) (float64, error) {
	number, unit, _ := strings.Cut(strings.ReplaceAll(strings.ReplaceAll(text, ",", ""), "×", ""), " ")
	factor, known := map[string]float64{"": 1, "%": 0.01, "s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9, "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}[unit]
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || !known {
		return 0, fmt.Errorf("%q in its table is no number with a unit", text)
	}
	return value * factor, nil
}

// allProcessors is what the caption of a program says that may use them all.
var allProcessors = strings.TrimSuffix(fmt.Sprintf("with %d processors", runtime.GOMAXPROCS(0)), map[bool]string{true: "s"}[runtime.GOMAXPROCS(0) == 1])

var figure = regexp.MustCompile(`(?s)<figure>.*?<img [^>]*\balt="([^"]+)".*?</figure>`)

// draws wants the cell to display a figure that a screen reader can tell, and that is about the text.
func draws(about string) check {
	return func(c notebook.Cell) error {
		var drawn []string
		for _, o := range c.Outputs {
			for _, m := range figure.FindAllStringSubmatch(string(o.Data["text/html"]), -1) {
				if strings.Contains(html.UnescapeString(m[1]), about) {
					return nil
				}
				drawn = append(drawn, m[1])
			}
		}
		return fmt.Errorf("it should draw a figure about %q, and draws %q", about, drawn)
	}
}
