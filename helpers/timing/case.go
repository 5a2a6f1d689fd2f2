package timing

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"
)

// LongRun is the time from which on a case is measured only once, unless [Runs] says otherwise.
const LongRun = 10 * time.Second

const (
	defaultRuns    = 7
	defaultTimeout = 2 * time.Minute
)

// Item is what [Compare] takes: a [Case], an [Option] or a [CompareOption], in any order. The cases are shown in the order
// given.
type Item interface{ addTo(*comparePlan) }

// ScalingItem is what [Scaling] takes: a [ScalingCase], an [Option] or a [ScalingOption], in any order.
type ScalingItem interface{ addToScaling(*scalingPlan) }

// Case is one thing to be measured, made by [Go] or [Python].
type Case struct{ subject }

// ScalingCase is one thing to be measured at several n, made by [GoN] or [PythonN].
type ScalingCase struct{ subject }

// Option sets how often and how long is measured; it fits everywhere.
type Option func(*settings)

// CompareOption belongs to [Compare] only.
type CompareOption func(*comparePlan)

// ScalingOption belongs to [Scaling] only.
type ScalingOption func(*scalingPlan)

func (c Case) addTo(p *comparePlan)                 { p.subjects = append(p.subjects, c.subject) }
func (c ScalingCase) addToScaling(p *scalingPlan)   { p.subjects = append(p.subjects, c.subject) }
func (o Option) addTo(p *comparePlan)               { p.apply(o) }
func (o Option) addToScaling(p *scalingPlan)        { p.apply(o) }
func (o CompareOption) addTo(p *comparePlan)        { o(p) }
func (o ScalingOption) addToScaling(p *scalingPlan) { o(p) }

// Go is a case in Go: a func() or a func() error. It runs on the calling goroutine; when it returns, all that should be
// measured must have ended. An error stops the measurement, and a panic goes through to the caller. What it prints
// appears in the cell, once for each run. A nil function is reported by the measurement.
func Go[F func() | func() error](name string, fn F) Case {
	var run func(int) error
	switch fn := any(fn).(type) {
	case func() error:
		if fn != nil {
			run = func(int) error { return fn() }
		}
	case func():
		if fn != nil {
			run = func(int) error { fn(); return nil }
		}
	}
	return Case{goSubject(name, run)}
}

// GoN is a case in Go for [Scaling]: a func(n int) or a func(n int) error. Otherwise it is like [Go].
func GoN[F func(int) | func(int) error](name string, fn F) ScalingCase {
	var run func(int) error
	switch fn := any(fn).(type) {
	case func(int) error:
		run = fn
	case func(int):
		if fn != nil {
			run = func(n int) error { fn(n); return nil }
		}
	}
	return ScalingCase{goSubject(name, run)}
}

// Python is a case in Python. The source runs on python3 from PATH, in one process for all the runs of the case, and the time
// is taken inside that process by time.perf_counter_ns, so the interpreter's start is not in it.
//
// If the source gives run a function at its top level, by def, async def, an assignment or an import, everything else in it is
// executed once, untimed, and each run times a call of run(), within asyncio.run if that gives a coroutine. A source without
// run is a script: each run times all of it, as a program of its own with __name__ == "__main__", but compiled before and
// with the imports at its top level done. An exception in a thread fails the case too.
//
// The process waits while other cases have their turn, so what run() starts it should also end: a thread that is left behind
// goes on beside the others.
//
// The source may be indented as a whole. Line 1 is the first line that is not blank. What it prints is not shown; the end of
// it is in the error if the case fails, together with Python's traceback (see [python.Error]). Standard input is empty.
func Python(name, source string) Case { return Case{pythonSubject(name, source, false)} }

// PythonN is a case in Python for [Scaling]. Its source defines run(n) or async run(n); otherwise it is like [Python].
func PythonN(name, source string) ScalingCase { return ScalingCase{pythonSubject(name, source, true)} }

// Runs sets how many times each case is measured, at least 1. It holds for long cases as well. Without it there are seven runs,
// or one where it takes [LongRun] or more.
func Runs(n int) Option {
	return func(s *settings) {
		s.runs = n
		if n < 1 {
			s.fail(fmt.Errorf("option Runs(%d): the number of runs must be at least 1", n))
		}
	}
}

// Warmup sets how many runs each case makes before the ones that count, 0 or more; the default is 0. It is of use for work that
// computes.
func Warmup(n int) Option {
	return func(s *settings) {
		s.warmup = n
		if n < 0 {
			s.fail(fmt.Errorf("option Warmup(%d): the number of warm-up runs cannot be negative", n))
		}
	}
}

// Timeout limits each run of a Python case, and its start; the process is killed when it takes longer. The default is two
// minutes. A case in Go is not limited, as nothing can stop a goroutine from outside: give it a context.
func Timeout(d time.Duration) Option {
	return func(s *settings) {
		s.timeout = d
		if d <= 0 {
			s.fail(fmt.Errorf("option Timeout(%v): the time limit must be more than 0", d))
		}
	}
}

// Env sets variables in the environment of the Python cases, each as "NAME=value".
func Env(variables ...string) Option {
	return func(s *settings) { s.env = append(s.env, variables...) }
}

// Ideal sets the wall time that would be perfect, more than 0: it is drawn as a dashed line, and the efficiency of a case is
// this time divided by its median. Ten tasks that wait 1.5 s each have an ideal of 1.5 s.
func Ideal(d time.Duration) CompareOption {
	return func(p *comparePlan) {
		p.ideal = d
		if d <= 0 {
			p.fail(fmt.Errorf("option Ideal(%v): the ideal time must be more than 0", d))
		}
	}
}

// IdealSpeedup sets the ideal as a factor, more than 0, by which the first case would be sped up at best: the number of
// processors for work that computes.
func IdealSpeedup(factor float64) CompareOption {
	return func(p *comparePlan) {
		p.idealSpeedup = factor
		if !(factor > 0) || factor > 1e12 {
			p.fail(fmt.Errorf("option IdealSpeedup(%v): the factor must be more than 0 and finite", factor))
		}
	}
}

// Sizes sets the n at which each case is measured: at least one, each 1 or more and larger than the one before. [Scaling] needs
// it.
func Sizes(n ...int) ScalingOption {
	n = append([]int(nil), n...)
	return func(p *scalingPlan) {
		p.sizes = n
		for i, size := range n {
			if size < 1 || i > 0 && size <= n[i-1] {
				p.fail(fmt.Errorf("option Sizes%v: sizes must be 1 or more and increase", n))
				return
			}
		}
	}
}

// SameWork says that the work is the same at each n, which says how it is done: how many tasks run at a time, for instance.
// Then a time for each of n means nothing, and the speed-up of a case is against itself at the first n.
func SameWork() ScalingOption { return func(p *scalingPlan) { p.sameWork = true } }

// settings are what every measurement has.
type settings struct {
	runs    int // 0: the default
	warmup  int
	timeout time.Duration
	env     []string
	err     error // the first thing wrong with the options
}

func (s *settings) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *settings) apply(o Option) {
	if o == nil {
		s.fail(fmt.Errorf("an option is nil: leave it out or make it with Runs, Warmup or Timeout"))
		return
	}
	o(s)
}

func newSettings() settings { return settings{timeout: defaultTimeout} }

// subject is a case of either kind before it is started.
type subject struct {
	name     string
	language string
	open     func(context.Context, settings) (runner, error)
	err      error // what is wrong with it, found when it was made
}

// runner is a started case.
type runner interface {
	// run makes one run and returns its wall time. n is 0 where the case takes none.
	run(ctx context.Context, n int) (time.Duration, error)
	version() string
	close()
}

// check returns what is wrong with a set of cases.
func check(subjects []subject) error {
	if len(subjects) == 0 {
		return fmt.Errorf("there is no case to measure: add one with Go or Python")
	}
	seen := make(map[string]bool)
	for _, s := range subjects {
		switch {
		case s.open == nil && s.err == nil:
			return fmt.Errorf("a case is empty: make it with Go or Python")
		case strings.TrimSpace(s.name) == "":
			return fmt.Errorf("a %s case has no name: give it one, the figure shows it", s.language)
		case s.err != nil:
			return s.err
		case seen[s.name]:
			return fmt.Errorf("two cases are called %q: give each a name of its own", s.name)
		}
		seen[s.name] = true
	}
	return nil
}

func goSubject(name string, run func(int) error) subject {
	s := subject{name: name, language: "Go"}
	if run == nil {
		s.err = fmt.Errorf("the function of case %q is nil: pass a function to be measured", name)
		return s
	}
	s.open = func(context.Context, settings) (runner, error) { return goRunner(run), nil }
	return s
}

type goRunner func(int) error

func (g goRunner) run(_ context.Context, n int) (time.Duration, error) {
	runtime.GC()
	start := time.Now()
	err := g(n)
	return time.Since(start), err
}

func (g goRunner) version() string {
	parts := strings.SplitN(strings.TrimPrefix(runtime.Version(), "go"), ".", 3)
	if len(parts) < 2 {
		return runtime.Version()
	}
	return parts[0] + "." + parts[1]
}

func (g goRunner) close() {}
