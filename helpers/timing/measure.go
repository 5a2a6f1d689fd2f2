package timing

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/trace"
	"time"

	"tutorial/helpers/figure"
)

// Measure times a func() or a func() error and returns the numbers; it displays nothing. The rules are those of the package
// comment: seven runs, one if it takes [LongRun] or more, no warm-up. It returns the function's own error, wrapped, and an
// error for a nil function, for options out of range and while a runtime trace is being recorded.
//
// A sample is one call, clock reading included, so a call should take some 10 µs or more: repeat a shorter one in a loop
// inside the function.
func Measure[F func() | func() error](fn F, options ...Option) (Result, error) {
	plan := comparePlan{settings: newSettings()}
	for _, o := range options {
		plan.apply(o)
	}
	Go("the measured function", fn).addTo(&plan)
	c, err := plan.run(context.Background(), nil)
	if err != nil {
		return Result{}, fmt.Errorf("timing.Measure: %w", err)
	}
	r := c.Results[0]
	r.Name, r.Speedup = "", 0
	return r, nil
}

var errTraced = errors.New("a runtime trace is being recorded, and tracing slows down what it watches: measure before or after, not inside what is traced")

// Comparison is what [Run] and [Compare] return: the numbers of all cases.
type Comparison struct {
	Title   string
	Results []Result // in the order of the cases; the first is the baseline
	// Ideal is the perfect wall time, 0 if none was given. With IdealSpeedup it is the baseline's median divided by the factor.
	Ideal time.Duration
	// Processors is how many goroutines could run at once (GOMAXPROCS).
	Processors int
}

// IdealSpeedup returns how much faster than the baseline the ideal is, 0 if no ideal was given.
func (c Comparison) IdealSpeedup() float64 {
	if len(c.Results) == 0 {
		return 0
	}
	return ratio(c.Results[0].Median, c.Ideal)
}

// Run measures the cases as [Compare] does and returns the numbers; it displays nothing. It returns an error if there is no
// case, if a case or an option is not valid, if a case fails (the others are then not measured any further), if a runtime trace
// is being recorded, and if ctx is cancelled: that stops a case in Python at once, and otherwise takes effect between two
// runs.
func Run(ctx context.Context, title string, items ...Item) (Comparison, error) {
	return runCompare(ctx, title, items, nil)
}

func runCompare(ctx context.Context, title string, items []Item, report reporter) (Comparison, error) {
	plan := comparePlan{settings: newSettings(), title: title}
	for _, item := range items {
		switch it := item.(type) {
		case nil:
			plan.fail(fmt.Errorf("an argument is nil: leave it out or make it with Go, Python or an option"))
		case CompareOption:
			if it == nil {
				plan.fail(fmt.Errorf("an option is nil: leave it out or make it with Ideal or IdealSpeedup"))
				continue
			}
			it.addTo(&plan)
		default:
			it.addTo(&plan)
		}
	}
	return plan.run(ctx, report)
}

// comparePlan is what Compare's arguments add up to.
type comparePlan struct {
	settings
	title        string
	subjects     []subject
	ideal        time.Duration
	idealSpeedup float64
}

func (p *comparePlan) run(ctx context.Context, report reporter) (Comparison, error) {
	if p.err != nil {
		return Comparison{}, p.err
	}
	if p.ideal > 0 && p.idealSpeedup > 0 {
		return Comparison{}, fmt.Errorf("both Ideal and IdealSpeedup are given: choose one")
	}
	results, err := measure(ctx, p.settings, p.subjects, 0, report)
	if err != nil {
		return Comparison{}, err
	}
	c := Comparison{Title: p.title, Results: results, Ideal: p.ideal, Processors: runtime.GOMAXPROCS(0)}
	c.finish(p.idealSpeedup)
	return c, nil
}

// finish fills in what follows from all the results together.
func (c *Comparison) finish(idealSpeedup float64) {
	base := c.Results[0].Median
	if idealSpeedup > 0 {
		c.Ideal = time.Duration(float64(base) / idealSpeedup)
	}
	for i := range c.Results {
		r := &c.Results[i]
		r.Speedup = ratio(base, r.Median)
		r.Efficiency = ratio(c.Ideal, r.Median)
	}
}

// reporter is told, before a run, what is about to be run and how long that took the last time (0 if that is not known). A
// nil reporter is told nothing.
type reporter func(what string, last time.Duration)

// at returns a reporter that adds the size.
func (r reporter) at(n int) reporter {
	if r == nil {
		return nil
	}
	return func(what string, last time.Duration) { r("n = "+figure.Count(n)+", "+what, last) }
}

// measure starts the cases and makes their runs in turn. n goes to cases that take one.
func measure(ctx context.Context, set settings, subjects []subject, n int, report reporter) ([]Result, error) {
	if err := check(subjects); err != nil {
		return nil, err
	}
	if trace.IsEnabled() {
		return nil, errTraced
	}
	if report == nil {
		report = func(string, time.Duration) {}
	}
	runners := make([]runner, len(subjects))
	results := make([]Result, len(subjects))
	defer func() { // Also when a case panics.
		for _, r := range runners {
			if r != nil {
				r.close()
			}
		}
	}()
	for i, s := range subjects {
		if s.language == "Python" {
			report("starting "+s.name, 0)
		}
		r, err := s.open(ctx, set)
		if err != nil {
			return nil, err
		}
		runners[i] = r
		results[i] = Result{Name: s.name, Language: s.language, Version: r.version()}
	}
	once := func(i int, what string, last time.Duration) (time.Duration, error) {
		if err := context.Cause(ctx); err != nil {
			return 0, fmt.Errorf("stopped before %s of case %q: %w", what, subjects[i].name, err)
		}
		report(fmt.Sprintf("%s: %s", subjects[i].name, what), last)
		d, err := runners[i].run(ctx, n)
		if trace.IsEnabled() {
			return 0, errTraced
		}
		if err != nil && subjects[i].language == "Go" {
			err = fmt.Errorf("case %q failed in %s: %w", subjects[i].name, what, err)
		}
		return d, err
	}
	rounds := set.runs
	if rounds == 0 {
		rounds = defaultRuns
	}
	for round := range rounds {
		for i := range subjects {
			r := &results[i]
			if r.Long {
				continue
			}
			var last time.Duration
			if round == 0 {
				for w := range set.warmup {
					d, err := once(i, fmt.Sprintf("warm-up %d of %d", w+1, set.warmup), last)
					if err != nil {
						return nil, err
					}
					last = d
				}
			} else {
				last = r.Samples[round-1]
			}
			d, err := once(i, fmt.Sprintf("run %d of %d", round+1, rounds), last)
			if err != nil {
				return nil, err
			}
			r.Samples = append(r.Samples, d)
			r.Long = set.runs == 0 && d >= LongRun
		}
	}
	for i := range results {
		results[i].summarize()
	}
	return results, nil
}
