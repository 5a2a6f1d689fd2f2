package timing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/trace"
	"time"

	"tutorial/helpers/figure"
)

var errTraced = errors.New("a runtime trace is being recorded, and tracing slows down what it watches: measure before or after, not inside what is traced")

// Comparison is what [Run] and [Compare] return: the numbers of all cases.
type Comparison struct {
	Title   string
	Results []Result // in the order of the cases, at least one; the first is the baseline
	// Ideal is the perfect wall time, 0 if none was given.
	Ideal time.Duration
	// Processors is how many goroutines could run at once (GOMAXPROCS).
	Processors int
}

// IdealSpeedup returns how much faster than the baseline the ideal is, 0 if no ideal was given.
func (c Comparison) IdealSpeedup() float64 { return ratio(c.Results[0].Median, c.Ideal) }

// Run measures the cases as [Compare] does and returns the numbers; it displays nothing. It returns an error if there is no
// case, if a case or an option is not valid, if a case fails (the others are then not measured any further), if a runtime trace
// is being recorded, and if ctx is cancelled: that stops a case in Python at once, and otherwise takes effect between two
// runs.
func Run(ctx context.Context, title string, items ...Item) (Comparison, error) {
	return runCompare(ctx, title, items, nil)
}

func runCompare(ctx context.Context, title string, items []Item, report reporter) (Comparison, error) {
	plan, err := newPlan(false, title, items)
	if err != nil {
		return Comparison{}, err
	}
	c := Comparison{Title: title, Ideal: plan.ideal, Processors: runtime.GOMAXPROCS(0)}
	if c.Results, err = plan.measure(ctx, 0, report); err != nil {
		return Comparison{}, err
	}
	c.finish()
	return c, nil
}

// finish fills in what follows from all the results together.
func (c *Comparison) finish() {
	base := c.Results[0].Median
	for i := range c.Results {
		r := &c.Results[i]
		r.Speedup = ratio(base, r.Median)
		r.Efficiency = ratio(c.Ideal, r.Median)
	}
}

// reporter is told, before a run, what is about to be run and how long that took the last time (0 if that is not known). A
// nil reporter is told nothing.
type reporter func(what string, last time.Duration)

// measure starts the cases and makes their runs in turn. n goes to cases that take one.
func (p *plan) measure(ctx context.Context, n int, report reporter) ([]Result, error) {
	if trace.IsEnabled() {
		return nil, errTraced
	}
	tell := func(what string, last time.Duration) {
		if n > 0 {
			what = "n = " + figure.Count(n) + ", " + what
		}
		if report != nil {
			report(what, last)
		}
	}
	runners := make([]runner, len(p.cases))
	results := make([]Result, len(p.cases))
	defer func() { // Also when a case panics.
		for _, r := range runners {
			if r != nil {
				r.close()
			}
		}
	}()
	for i, c := range p.cases {
		if c.language == "Python" {
			tell("starting "+c.name, 0)
		}
		r, err := c.open(ctx, p)
		if err != nil {
			return nil, err
		}
		runners[i] = r
		results[i] = Result{Name: c.name, Language: c.language, Version: r.version()}
	}
	processors := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(processors) // Also when a case panics.
	once := func(i int, what string, last time.Duration) (time.Duration, error) {
		if err := context.Cause(ctx); err != nil {
			return 0, fmt.Errorf("stopped before %s of case %q: %w", what, p.cases[i].name, err)
		}
		tell(fmt.Sprintf("%s: %s", p.cases[i].name, what), last)
		d, err := runners[i].run(ctx, n)
		if now := runtime.GOMAXPROCS(0); now != processors {
			results[i].Processors = now
			runtime.GOMAXPROCS(processors)
		}
		if trace.IsEnabled() {
			return 0, errTraced
		}
		if err != nil && p.cases[i].language == "Go" {
			err = fmt.Errorf("case %q failed in %s: %w", p.cases[i].name, what, err)
		}
		return d, err
	}
	rounds := cmp.Or(p.runs, defaultRuns)
	for round := range rounds {
		for i := range p.cases {
			r := &results[i]
			if r.Long {
				continue
			}
			var last time.Duration
			var err error
			if round > 0 {
				last = r.Samples[round-1]
			} else {
				for w := range p.warmup {
					if last, err = once(i, fmt.Sprintf("warm-up %d of %d", w+1, p.warmup), last); err != nil {
						return nil, err
					}
				}
			}
			d, err := once(i, fmt.Sprintf("run %d of %d", round+1, rounds), last)
			if err != nil {
				return nil, err
			}
			r.Samples = append(r.Samples, d)
			r.Long = p.runs == 0 && d >= LongRun
		}
	}
	for i := range results {
		results[i].summarize()
	}
	return results, nil
}
