package timing

import (
	"context"
	"fmt"
	"go/version"
	"runtime"
	"slices"
	"strings"
	"time"
)

// LongRun is the time from which on a case is measured only once, unless [Runs] says otherwise.
const LongRun = 10 * time.Second

const defaultRuns = 7

// Item is what [Compare] and [Scaling] take: a [Case] or an [Option], in any order. The cases are shown in the order given.
type Item interface{ addTo(*plan) }

// Case is one thing to be measured, made by [Go] or [Python], or for [Scaling] by [GoN] or [PythonN].
type Case struct {
	name, language string
	takesN         bool
	open           func(context.Context, *plan) (runner, error)
	err            error // what is wrong with it, found when it was made
}

// Option says how to measure. Some are for one of [Compare] and [Scaling] only.
type Option func(*plan)

func (c Case) addTo(p *plan)   { p.cases = append(p.cases, c) }
func (o Option) addTo(p *plan) { o(p) }

// Go is a case in Go: a func() or a func() error. It runs on the calling goroutine; when it returns, all that should be
// measured must have ended. An error stops the measurement, and a panic goes through to the caller. What it prints
// appears in the cell, once for each run. A nil function is reported by the measurement.
func Go[F func() | func() error](name string, fn F) Case {
	switch fn := any(fn).(type) {
	case func() error:
		return goCase(name, false, fn == nil, func(int) error { return fn() })
	case func():
		return goCase(name, false, fn == nil, func(int) error { fn(); return nil })
	}
	panic("unreachable")
}

// GoN is a case in Go for [Scaling]: a func(n int) or a func(n int) error. Otherwise it is like [Go].
func GoN[F func(int) | func(int) error](name string, fn F) Case {
	switch fn := any(fn).(type) {
	case func(int) error:
		return goCase(name, true, fn == nil, fn)
	case func(int):
		return goCase(name, true, fn == nil, func(n int) error { fn(n); return nil })
	}
	panic("unreachable")
}

// Python is a case in Python. The source runs on python3 from PATH, in one process for all the runs of the case, and the time
// is taken inside that process by time.perf_counter_ns, so the interpreter's start is not in it.
//
// If the source gives run a function at its top level, by def, async def, an assignment or an import, everything else in it is
// executed once, untimed, and each run times a call of run(), within asyncio.run if that gives a coroutine; a generator, which
// would have run nothing, fails the case. A source without
// run is a script: each run times all of it, as a program of its own with __name__ == "__main__", but compiled before and
// with the imports at its top level done. An exception in a thread fails the case too, and
// so does one of an asyncio task that nobody awaits.
//
// The process waits while other cases have their turn, so what run() starts it should also end: a thread that is left behind
// goes on beside the others.
//
// The source may be indented as a whole. Line 1 is the first line that is not blank. What it prints is not shown; the end of
// it is in the error if the case fails, together with Python's traceback (see [python.Error]). Standard input is empty. A run
// that takes longer than two minutes, or a start that does, is ended; a case in Go is not, as nothing can stop a goroutine.
func Python(name, source string) Case { return pythonCase(name, source, false) }

// PythonN is a case in Python for [Scaling]. Its source defines run(n) or async run(n); otherwise it is like [Python].
func PythonN(name, source string) Case { return pythonCase(name, source, true) }

// Runs sets how many times each case is measured, at least 1. It holds for long cases as well. Without it there are seven runs,
// or one where it takes [LongRun] or more.
func Runs(n int) Option {
	return func(p *plan) {
		p.runs = n
		p.want(n >= 1, "option Runs(%d): the number of runs must be at least 1", n)
	}
}

// Warmup sets how many runs each case makes before the ones that count, 0 or more; the default is 0. It is of use for work that
// computes.
func Warmup(n int) Option {
	return func(p *plan) {
		p.warmup = n
		p.want(n >= 0, "option Warmup(%d): the number of warm-up runs cannot be negative", n)
	}
}

// Env sets variables in the environment of the Python cases, each as "NAME=value".
func Env(variables ...string) Option {
	return func(p *plan) { p.env = append(p.env, variables...) }
}

// Ideal sets the wall time that would be perfect, more than 0: it is drawn as a dashed line, and the efficiency of a case is
// this time divided by its median. Ten tasks that wait 1.5 s each have an ideal of 1.5 s. It is for [Compare].
func Ideal(d time.Duration) Option {
	return func(p *plan) {
		p.ideal = d
		p.want(d > 0, "option Ideal(%v): the ideal time must be more than 0", d)
		p.want(!p.scaling, "option Ideal is for Compare: leave it out of Scaling")
	}
}

// Sizes sets the n at which each case is measured: at least one, each 1 or more and larger than the one before. [Scaling] needs
// it.
func Sizes(n ...int) Option {
	return func(p *plan) {
		p.sizes = slices.Clone(n)
		p.want(p.scaling, "option Sizes is for Scaling: leave it out of Compare")
		for i, size := range n {
			p.want(size >= 1 && (i == 0 || size > n[i-1]), "option Sizes%v: sizes must be 1 or more and increase", n)
		}
	}
}

// SameWork says that the work is the same at each n, which says how it is done: how many tasks run at a time, for instance.
// Then a time for each of n means nothing, and the speed-up of a case is against itself at the first n. It is for [Scaling].
func SameWork() Option {
	return func(p *plan) {
		p.sameWork = true
		p.want(p.scaling, "option SameWork is for Scaling: leave it out of Compare")
	}
}

// plan is what the arguments of Compare or Scaling add up to.
type plan struct {
	scaling bool
	title   string
	cases   []Case
	runs    int // 0: the default
	warmup  int
	timeout time.Duration // of each run in Python, and of its start
	env     []string

	ideal    time.Duration
	sizes    []int
	sameWork bool

	err error // the first thing wrong with the arguments
}

// want notes what is wrong unless ok.
func (p *plan) want(ok bool, format string, a ...any) {
	if !ok && p.err == nil {
		p.err = fmt.Errorf(format, a...)
	}
}

// newPlan returns an error if the arguments make no plan.
func newPlan(scaling bool, title string, items []Item) (*plan, error) {
	p := &plan{scaling: scaling, title: title, timeout: 2 * time.Minute}
	for _, item := range items {
		if o, ok := item.(Option); item == nil || ok && o == nil {
			p.want(false, "an argument is nil: leave it out or make it with Go, Python or an option")
			continue
		}
		item.addTo(p)
	}
	p.want(!scaling || len(p.sizes) > 0, "no sizes are given: say with Sizes(10, 100, 1000) at which n to measure")
	p.want(len(p.cases) > 0, "there is no case to measure: add one with Go or Python")
	seen := make(map[string]bool)
	for _, c := range p.cases {
		p.want(c.language != "", "a case is empty: make it with Go or Python")
		p.want(strings.TrimSpace(c.name) != "", "a %s case has no name: give it one, the figure shows it", c.language)
		if p.err == nil {
			p.err = c.err
		}
		p.want(c.takesN || !scaling, "case %q takes no n: make it with %sN for Scaling", c.name, c.language)
		p.want(!c.takesN || scaling, "case %q takes an n: make it with %s for Compare", c.name, c.language)
		p.want(!seen[c.name], "two cases are called %q: give each a name of its own", c.name)
		seen[c.name] = true
	}
	return p, p.err
}

// runner is a started case.
type runner interface {
	// run makes one run and returns its wall time. n is 0 where the case takes none.
	run(ctx context.Context, n int) (time.Duration, error)
	version() string
	close()
}

func goCase(name string, takesN, isNil bool, run goRunner) Case {
	c := Case{name: name, language: "Go", takesN: takesN}
	if isNil {
		c.err = fmt.Errorf("the function of case %q is nil: pass a function to be measured", name)
	}
	c.open = func(context.Context, *plan) (runner, error) { return run, nil }
	return c
}

type goRunner func(int) error

func (g goRunner) run(_ context.Context, n int) (time.Duration, error) {
	runtime.GC()
	start := time.Now()
	err := g(n)
	return time.Since(start), err
}

// version is "1.26" for "go1.26.8".
func (g goRunner) version() string {
	return strings.TrimPrefix(version.Lang(runtime.Version()), "go")
}

func (g goRunner) close() {}
