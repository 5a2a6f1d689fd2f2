package notebooks_test

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/execute"
	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/notebook"
)

var (
	runMutants = flag.Bool("mutants", false, "run the mutants of each chapter, and fail for those that no claim notices")
	ofCells    = flag.String("cells", "", "with -mutants, only those of the cells whose id matches")
)

// A mutant is a change of a cell's source that makes the point of a cell false.
type mutant struct {
	cell     string   // whose source is changed
	old, new string   // the source has old just once
	noticed  []string // the cells whose claims should notice
	race     bool     // whether the race detector may help them
}

// raced returns the mutant, to be run with the race detector.
func (m mutant) raced() mutant {
	m.race = true
	return m
}

// swap returns a mutant. Without the names of others, the claims about the changed cell itself should notice.
func swap(cell, old, new string, others ...string) mutant {
	if others == nil {
		others = []string{cell}
	}
	return mutant{cell: cell, old: old, new: new, noticed: others}
}

func (m mutant) String() string {
	return fmt.Sprintf("%s: %q -> %q", m.cell, m.old, m.new)
}

// apply returns the changed source.
func (m mutant) apply(source string) (string, error) {
	if n := strings.Count(source, m.old); m.old == "" || m.old == m.new || n != 1 {
		return "", fmt.Errorf("the mutant %v changes nothing, or its cell has the old text %d times and not once", m, n)
	}
	return strings.Replace(source, m.old, m.new, 1), nil
}

// mutated holds the mutants by notebook.
var mutated = map[string][]mutant{}

// mutants states what the claims about a notebook must notice. It is for package-level variables named _.
func mutants(name string, all ...mutant) struct{} {
	mutated[name] = append(mutated[name], all...)
	return struct{}{}
}

// A step is a cell of a plan whose outcome counts.
type step struct {
	at     int // the cell of the plan
	mutant int
	cell   string // of the notebook, by its id
}

// A plan is a notebook in which each mutant runs in turn, in one kernel: the declarations of all cells up to the one whose claims
// should notice, with the change, and that cell; then the declarations as they were.
type plan struct {
	cells []notebook.Cell
	steps []step
	flags string // what the kernel was told last

	patience time.Duration // for each cell, if not a minute
}

func (p *plan) add(source string, tags ...string) {
	p.cells = append(p.cells, notebook.CodeCell(source, tags...))
}

var goflags = regexp.MustCompile(`(?m)^%goflags .*$`)

// run adds a cell, in the flags that the notebook has given when it comes to that cell.
func (p *plan) run(c notebook.Cell, source, flags string) {
	if flags != p.flags {
		p.add(flags)
		p.flags = flags
	}
	p.add(source, c.Metadata.Tags...)
	if all := goflags.FindAllString(source, -1); all != nil {
		p.flags = all[len(all)-1]
	}
}

// planned returns the plan for the mutants of a notebook.
func planned(nb *notebook.Notebook, all []mutant) (*plan, error) {
	p := &plan{flags: `%goflags ""`}
	flags := p.flags
	sources := map[string]string{}
	var waiting []string // declarations that a mutant may need
	for _, c := range nb.Cells {
		source := string(c.Source)
		if c.Type != "code" {
			continue
		}
		sources[c.ID] = source
		if declared := declarations(source); declared != "" {
			waiting = append(waiting, declared)
		}
		for i, m := range all {
			if !slices.Contains(m.noticed, c.ID) {
				continue
			}
			original, known := sources[m.cell]
			if !known {
				return nil, fmt.Errorf("the mutant %v is of a cell that does not come before %s", m, c.ID)
			}
			changed, err := m.apply(original)
			if err != nil {
				return nil, err
			}
			for _, declared := range waiting {
				p.add(declared)
			}
			waiting = nil
			declared := declarations(original)
			restore := declared != declarations(changed)
			if m.cell == c.ID {
				source = changed
			} else if source = string(c.Source); restore {
				p.add(declarations(changed))
			} else { // what it leaves behind is the point
				p.run(c, changed, flags)
			}
			if m.race {
				p.run(c, source, "%goflags -race")
			} else {
				p.run(c, source, flags)
			}
			p.steps = append(p.steps, step{len(p.cells) - 1, i, c.ID})
			if restore {
				p.add(declared)
			}
		}
		if found := goflags.FindAllString(string(c.Source), -1); found != nil {
			flags = found[len(found)-1]
		}
	}
	return p, nil
}

// declarations returns what a Go cell declares.
func declarations(source string) string {
	var all []string
	for _, part := range notebook.CodeCell(source).GoParts() {
		if !part.Main {
			all = append(all, part.Source)
		}
	}
	return strings.Join(all, "\n\n")
}

// execute runs the plan and returns its cells with their outputs.
func (p *plan) execute(t *testing.T) []notebook.Cell {
	t.Helper()
	content, err := notebook.New(environment.KernelName, p.cells...)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "mutants.ipynb")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	order := execute.In(labtest.Installed(t), name)
	order.Copy, order.KeepGoing, order.Timeout = name, true, cmp.Or(p.patience, time.Minute)
	kernels <- struct{}{}
	defer func() { <-kernels }()
	if err := execute.Run(t.Context(), order, nil); err != nil {
		t.Fatal(err)
	}
	executed, err := notebook.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return executed.Cells
}

// notices returns what the claims say of an executed cell: an error if they notice that something is wrong with it.
func notices(all []claim, c notebook.Cell) error {
	if c.Metadata.Failure != "" {
		return errors.New(c.Metadata.Failure)
	}
	for _, claim := range all {
		if claim.cell != c.ID {
			continue
		}
		for _, check := range claim.checks {
			if err := check(c); err != nil {
				return err
			}
		}
	}
	return nil
}

var (
	noPython = regexp.MustCompile(`(?m)^(Syntax|Name|Import|Indentation)Error`)
	noGo     = regexp.MustCompile(`Cell \[\d+\], line \d+:`)
	hasRun   = regexp.MustCompile(`(?m)panic: |fatal error: |^goroutine \d|DATA RACE|--- FAIL|exit status`)
)

// unbuilt says whether this is said of a program that is no program, which proves nothing about claims.
func unbuilt(said string) bool {
	return noPython.MatchString(said) || noGo.MatchString(said) && !hasRun.MatchString(said)
}

// verdicts returns for each mutant what noticed it; nil if nothing did. Mutants that cannot be built fail the test.
func verdicts(t *testing.T, nb *notebook.Notebook, all []claim, mutants []mutant) []error {
	t.Helper()
	p, err := planned(nb, mutants)
	if err != nil {
		t.Fatal(err)
	}
	executed := p.execute(t)
	found := make([]error, len(mutants))
	for _, s := range p.steps {
		c := executed[s.at]
		c.ID = s.cell
		said := c.Metadata.Failure
		if mutants[s.mutant].cell != s.cell { // the change is in the cell before
			said += "\n" + executed[s.at-1].Metadata.Failure
		}
		if !c.MustFail() && unbuilt(said) {
			t.Errorf("%v is no program: %s", mutants[s.mutant], said)
		}
		found[s.mutant] = cmp.Or(found[s.mutant], notices(all, c))
	}
	return found
}

// byID returns the claims with the cells' ids in place of their lines.
func byID(nb *notebook.Notebook, all []claim) []claim {
	all = slices.Clone(all)
	for i := range all {
		for _, c := range nb.Cells {
			if c.Type == "code" && slices.Contains(lines(string(c.Source)), all[i].cell) {
				all[i].cell = c.ID
			}
		}
	}
	return all
}

// TestMutants holds that the claims notice it if the point of a cell is no longer true. Without -mutants it only holds that each
// mutant still fits its cell, that each of its cells has claims, and that claims fit the cells and their sources.
func TestMutants(t *testing.T) {
	t.Parallel()
	if *runMutants {
		openWhatCellsDependOn(t)
	}
	only := regexp.MustCompile(*ofCells)
	for name, all := range mutated {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nb, err := notebook.Read(name)
			if err != nil {
				t.Fatal(err)
			}
			claimed := byID(nb, registered[name])
			if err := fits(nb, claimed, all); err != nil {
				t.Fatal(err)
			}
			for _, c := range registered[name] {
				if m, found := errors.AsType[misfit](c.holds(nb)); found {
					t.Errorf("the claim about %s does not fit: %s", c.cell, m)
				}
			}
			if !*runMutants {
				return
			}
			all := slices.DeleteFunc(slices.Clone(all), func(m mutant) bool { return !only.MatchString(m.cell) })
			found := verdicts(t, nb, claimed, all)
			unnoticed := 0
			for i, m := range all {
				if found[i] == nil {
					unnoticed++
					t.Errorf("nothing notices %v", m)
				} else if testing.Verbose() {
					first, _, _ := strings.Cut(found[i].Error(), "\n")
					t.Logf("%v\n\tis noticed: %s", m, first)
				}
			}
			t.Logf("%s: %d of %d mutants are noticed", name, len(all)-unnoticed, len(all))
		})
	}
}

// fits returns what is wrong with mutants by their texts alone. A change that a claim about the source of the changed cell refutes
// teaches nothing, however it runs.
func fits(nb *notebook.Notebook, claimed []claim, all []mutant) error {
	var errs []error
	for _, m := range all {
		_, err := planned(nb, []mutant{m})
		errs = append(errs, err)
		if refuted, found := errors.AsType[misfit](asSource(nb, claimed, m)); found {
			errs = append(errs, fmt.Errorf("%v need not run, since a claim refutes it by the source alone (%w); leave it out", m, refuted))
		}
		for _, id := range m.noticed {
			if !slices.ContainsFunc(claimed, func(c claim) bool { return c.cell == id }) {
				errs = append(errs, fmt.Errorf("%v should be noticed by the cell %q, about which nothing is claimed", m, id))
			}
		}
	}
	return errors.Join(errs...)
}

// asSource returns what the claims say of the changed cell before it has run, if it is one that should notice the mutant.
func asSource(nb *notebook.Notebook, claimed []claim, m mutant) error {
	if !slices.Contains(m.noticed, m.cell) {
		return nil
	}
	var errs []error
	for _, c := range nb.Cells {
		if c.ID != m.cell {
			continue
		}
		changed, err := m.apply(string(c.Source))
		if err != nil {
			return err
		}
		c.Source = notebook.Text(changed)
		for _, claim := range claimed {
			if claim.cell == c.ID {
				errs = append(errs, claim.holds(&notebook.Notebook{Cells: []notebook.Cell{c}}))
			}
		}
	}
	return errors.Join(errs...)
}

// TestMutantsThatChangeNothing runs a change that changes nothing, changes that are noticed, and one in declarations that must not last.
func TestMutantsThatChangeNothing(t *testing.T) {
	t.Parallel()
	nb := &notebook.Notebook{Cells: []notebook.Cell{
		{ID: "declare", Type: "code", Source: "func two() int { return 2 }"},
		{ID: "use", Type: "code", Source: "%%\nfmt.Println(two())"},
		{ID: "python", Type: "code", Source: "%%script python3\nprint(2)"},
	}}
	claimed := []claim{cell("use", prints("2")), cell("python", prints("2"))}
	tests := []struct {
		mutant
		noticed bool
	}{
		{swap("declare", "2", "3", "use"), true},
		{swap("use", "%%", "%% \n// the same"), false},
		{swap("use", "two()", "4"), true},
		{swap("declare", "return 2", "return 1 + 1", "use"), false},
		{swap("python", "2", "1"), true},
		{swap("python", "(2)", "(1 + 1)"), false},
		{swap("python", "print(2)", "print(2); raise SystemExit(1)"), true},
	}
	var all []mutant
	for _, test := range tests {
		all = append(all, test.mutant)
	}
	for i, err := range verdicts(t, nb, claimed, all) {
		if (err != nil) != tests[i].noticed {
			t.Errorf("%v: noticed: %v", all[i], err)
		}
	}
	for _, bad := range []mutant{
		swap("use", "three", "four"), swap("use", "t", "T"), swap("none", "a", "b"), swap("use", "two", "two"),
		swap("declare", "2", "3"), swap("python", "2", "3", "use"),
	} {
		if fits(nb, claimed, []mutant{bad}) == nil {
			t.Errorf("%v fits", bad)
		}
	}
}

// TestRefutedBySourceControl holds that a mutant is refused if a claim about its own cell's source refutes it, and no other.
func TestRefutedBySourceControl(t *testing.T) {
	t.Parallel()
	nb := &notebook.Notebook{Cells: []notebook.Cell{
		{ID: "declare", Type: "code", Source: "func two() int { return 2 }"},
		{ID: "use", Type: "code", Source: "%%\nfmt.Println(two(), 3, 3)"},
	}}
	claimed := []claim{cell("declare", has("return 2")), cell("use", prints("2 3 3"), has("two()"), writes("3", 2))}
	for _, test := range []struct {
		mutant
		refused bool
	}{
		{swap("use", "two()", "2"), true},
		{swap("use", "3, 3", "3"), true},
		{swap("use", "two(), 3", "3, two()"), false},
		{swap("use", "two(),", "two(), two(),", "use"), true},
		{swap("declare", "return 2", "return 3", "use"), false},
		{swap("declare", "return 2", "return 3", "use", "declare"), true},
	} {
		if err := fits(nb, claimed, []mutant{test.mutant}); (err != nil) != test.refused {
			t.Errorf("%v: refused: %v", test.mutant, err)
		}
	}
}

// shared holds, by notebook, the cells whose goroutines share memory and must not race.
var shared = map[string][]string{
	"threading/01_basic_threading.ipynb":         {"multiple-results", "joining-error", "pitfall-closure"},
	"threading/02_thread_pool_executor.ipynb":    {"map-go", "pitfall-first"},
	"threading/03_performance_comparisons.ipynb": {"timing-spread"},
	"threading/04_image_downloads.ipynb":         {"together", "progress", "keep-go"},
	"asyncio/02_sequential.ipynb":                {"chain-go-run"},
	"asyncio/04_gather.ipynb":                    {"gather-go-run", "all-go-run", "pitfall-limit-go"},
	"asyncio/05_task_groups.ipynb":               {"groups-go", "errors-go-run"},
	"asyncio/06_futures.ipynb":                   {"many-go-run", "twice-mended", "callback-go", "shared-go"},
	"asyncio/07_lock.ipynb":                      {"lock-go", "brief-go-run", "ordered-go", "atomic-go"},
	"asyncio/08_race_condition.ipynb":            {"check-mended", "map-mended"},
	"asyncio/09_semaphores.ipynb":                {"limit-go-run"},
	"asyncio/10_event.ipynb":                     {"clear-go-run", "cond-go"},
	"99_when_to_use_what.ipynb":                  {"learn-go"},
}

// TestNothingRaces runs cells that share memory with the race detector. In one chapter, an account without its mutex must be found.
func TestNothingRaces(t *testing.T) {
	t.Parallel()
	if !*runMutants {
		t.Skip("it takes long; -mutants runs it")
	}
	openWhatCellsDependOn(t)
	for name, cells := range shared {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nb, err := notebook.Read(name)
			if err != nil {
				t.Fatal(err)
			}
			var all []mutant
			for _, id := range cells {
				all = append(all, swap(id, "%%\n", "%%\n// as it is\n").raced())
			}
			if name == "asyncio/08_race_condition.ipynb" {
				all = append(all, swap("check-mended", "a.mu.Lock()\n\tdefer a.mu.Unlock()\n", "").raced())
			}
			for i, err := range verdicts(t, nb, nil, all) {
				if i == len(cells) && err == nil {
					t.Errorf("the race detector does not find %v", all[i])
				} else if i < len(cells) && err != nil {
					t.Errorf("%s: with the race detector: %v", cells[i], err)
				}
			}
		})
	}
}

func TestUnbuiltControl(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]bool{
		"Cell [1], line 2:\n    var unused int\ndeclared and not used: unused\n\nHint: ":                  true,
		"Traceback (most recent call last):\nNameError: name 'x' is not defined":                          true,
		"Cell [4], line 2:\n    panic(1)\npanic: 1\n\ngoroutine 1 [running]:\nmain.fail(...)":             false,
		"Cell [6], line 2:\n    <-c\nfatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [": false,
		"Traceback (most recent call last):\nAssertionError":                                              false,
		"": false,
	} {
		if unbuilt(said) != want {
			t.Errorf("%q: %v", said, !want)
		}
	}
}
