package grade

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tutorial/helpers/interleave"
)

// A Run is one scenario under way, in a bubble of virtual time. Its methods are for the grader.
type Run struct {
	rec    recorder
	took   time.Duration // by the last call, in virtual time
	report func(Verdict)
	name   string
	real   bool // time is real
	advice *atomic.Pointer[string]
}

// forever is the virtual time after which a call counts as never returning. Nothing else ends just then.
const forever = time.Hour + 13*time.Nanosecond

// forever sends, or is closed, when a call counts as never returning. Real time is counted in glances: on a machine that is so busy
// that this process hardly runs, they are few.
func (r *Run) forever() <-chan time.Time {
	if !r.real {
		return time.After(forever)
	}
	over := make(chan time.Time)
	go func() {
		for range maxReal / 2 / glance {
			time.Sleep(glance)
		}
		close(over)
	}()
	return over
}

// MS is a duration of n milliseconds and n nanoseconds. The tail tells apart who waits for the work from who looks again
// every now and then: nothing that sleeps for round times ends when the work does.
func MS(n int) time.Duration { return time.Duration(n) * (time.Millisecond + time.Nanosecond) }

// Work returns a task that takes d, and notes when it runs.
func (r *Run) Work(name string, d time.Duration) func() {
	return func() { r.Do(name, d) }
}

// Do takes d, and notes when.
func (r *Run) Do(name string, d time.Duration) {
	at := r.rec.start(name)
	time.Sleep(d)
	r.rec.end(at, false)
}

// DoUntil takes d, or as long as the context lasts, and notes when. It returns the context's error if that ended it.
func (r *Run) DoUntil(ctx context.Context, name string, d time.Duration) error {
	at := r.rec.start(name)
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		r.rec.end(at, false)
		return nil
	case <-ctx.Done():
		r.rec.end(at, true)
		return context.Cause(ctx)
	}
}

// Go runs f, a part of the grader such as a reader of a future, in a goroutine of its own, which does not count as left behind.
func (r *Run) Go(f func()) { go f() }

// Call runs f, which calls the learner's code, and fails the scenario unless it returns and leaves no goroutine behind. Times
// count from its beginning. What f assigns may be read afterwards.
func (r *Run) Call(f func()) {
	r.CallLeaving(f)
	r.Left()
}

// CallLeaving is Call for functions that may leave goroutines behind.
func (r *Run) CallLeaving(f func()) {
	r.rec.restart()
	begin := r.rec.begin
	done := make(chan struct{})
	returned := false
	go func() {
		defer close(done)
		defer func() {
			if returned {
				return
			}
			if p := recover(); p != nil {
				line := learnerLine(strings.Split(afterPanic(string(debug.Stack())), "\n"))
				r.Failf("%s", panicText(fmt.Sprint(p), line))
			}
			r.Failf("Your function ended its goroutine with runtime.Goexit (t.FailNow does so, too), and so never returned. End it with return.")
		}()
		f()
		returned = true
	}()
	select {
	case <-done:
	case <-r.forever():
		all := goroutines(r.real)
		r.report(Verdict{Stuck: true, Scenario: r.name, Text: stuckText(all), Waits: tell(learners(all)), Spans: r.rec.all()})
	}
	r.took = time.Since(begin)
	r.settle()
}

// whileItPays returns a function that says whether to go on with something in real time that goes wrong only if others come at
// the wrong moment: long enough for that, also on a busy machine.
func whileItPays() func() bool {
	begin, used := time.Now(), cpu()
	return func() bool {
		passed := time.Since(begin)
		return passed < 50*time.Millisecond || cpu()-used < 150*time.Millisecond && passed < 3*time.Second
	}
}

// IfStuck says what to tell a learner first if nothing moves any more, from here to the end of the scenario.
func (r *Run) IfStuck(text string) { r.advice.Store(&text) }

// settle waits until nothing moves any more at this moment.
func (r *Run) settle() {
	if !r.real {
		synctest.Wait()
	}
}

// Left fails the scenario if goroutines of the learner's are still there.
func (r *Run) Left() {
	var left []waiter
	for _, w := range goroutines(false) {
		if !w.ours {
			left = append(left, w)
		}
	}
	if len(left) == 0 {
		return
	}
	if running := r.Running(); running > 0 {
		r.Failf("Your function returned after %s, while %s still running. Wait for all of them before you return.",
			Time(r.took), Plural(running, "task was", "tasks were"))
	}
	doing := ": " + tell(left)
	if alike(left) {
		doing = ", " + left[0].what()
	}
	r.Failf("Your function returned, but left %s behind%s. Every goroutine that you start needs a way to end.",
		Plural(len(left), "goroutine", "goroutines"), doing)
}

// Running is how many pieces of work have begun and not ended.
func (r *Run) Running() int {
	n := 0
	for _, s := range r.Spans() {
		if !s.Ended {
			n++
		}
	}
	return n
}

// Spans returns the work of the last call, in the order in which it began.
func (r *Run) Spans() []Span { return r.rec.all() }

// MostAtOnce is the largest number of tasks in progress at the same time.
func (r *Run) MostAtOnce() int { return mostAtOnce(r.Spans()) }

func mostAtOnce(spans []Span) int {
	most := 0
	for _, s := range spans {
		n := 0
		for _, other := range spans {
			if other.Start <= s.Start && (s.Start < other.End || !other.Ended) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// WantTook fails the scenario unless the call lasted exactly as long as it should. Why says what decides the time, as in "the time of the
// longest task".
func (r *Run) WantTook(want time.Duration, why string) {
	got := r.took
	if got == want {
		return
	}
	var text string
	switch {
	case got < want:
		text = fmt.Sprintf("Your function returned after %s, and this cannot be done before %s, %s. It did not wait for everything.", Time(got), Time(want), why)
	case got-want < late || r.idle(want):
		text = r.looksAgain(want)
	case r.MostAtOnce() == 1 && len(r.Spans()) > 1:
		text = fmt.Sprintf("Your function took %s; it should take %s, %s. The tasks ran one after another: start all of them before you wait for the first.", Time(got), Time(want), why)
	default:
		text = fmt.Sprintf("Your function took %s; it should take %s, %s. At most %s in progress at once.", Time(got), Time(want), why, Plural(r.MostAtOnce(), "task was", "tasks were"))
	}
	r.Failf("%s", text)
}

// WantBy fails the scenario if the call lasted longer than want, with a text that the format and its arguments make.
func (r *Run) WantBy(want time.Duration, format string, args ...any) {
	switch {
	case r.took <= want:
	case r.took-want < late:
		r.Failf("%s", r.looksAgain(want))
	default:
		r.Failf(format, args...)
	}
}

// late is less than what is too late because of work that should not have been waited for.
const late = 20 * time.Millisecond

// idle reports whether all work was done by then.
func (r *Run) idle(by time.Duration) bool {
	spans := r.Spans()
	return len(spans) > 0 && !slices.ContainsFunc(spans, func(s Span) bool { return !s.Ended || s.End > by })
}

func (r *Run) looksAgain(want time.Duration) string {
	return fmt.Sprintf("Your function returned %s later than it could. It looks now and then whether the work is done, or sleeps for a guessed time, instead of waiting for the work itself. Use something that wakes you at once: a WaitGroup, or a channel.", Time(r.took-want))
}

// WantEach fails the scenario unless each of the names was worked on exactly once.
func (r *Run) WantEach(names ...string) {
	count := map[string]int{}
	for _, s := range r.Spans() {
		count[s.Name]++
	}
	for _, name := range names {
		switch n := count[name]; {
		case n == 0:
			r.Failf("%s was never started. Each one has to run once.", upper(name))
		case n == 2:
			r.Failf("%s ran twice. Each one has to run once.", upper(name))
		case n > 2:
			r.Failf("%s ran %d times. Each one has to run once.", upper(name), n)
		}
	}
}

// WantAtMost fails the scenario if more than n tasks were in progress at the same time.
func (r *Run) WantAtMost(n int) {
	if most := r.MostAtOnce(); most > n {
		r.Failf("%s were in progress at the same time; at most %s allowed. Let a task wait for a free place before it starts.", upper(Plural(most, "task", "tasks")), strings.TrimSpace(Plural(n, "is", "are")))
	}
}

// Failf fails the scenario with a sentence or two for the learner: what was expected, what happened, and what helps.
// It does not return.
func (r *Run) Failf(format string, args ...any) {
	r.report(Verdict{Scenario: r.name, Text: fmt.Sprintf(format, args...), Spans: r.rec.all()})
	select {} // the report ends the program
}

func afterPanic(stack string) string {
	if _, after, ok := strings.Cut(stack, "\npanic("); ok {
		return after
	}
	return stack
}

// Explore runs a small program in every order that a scheduler could choose, see [interleave.Explore], and fails the scenario
// unless all of them end well. Help is what to say after what went wrong.
func (r *Run) Explore(title, help string, program func(*interleave.Program)) {
	result, err := interleave.Explore(program)
	if err != nil && strings.Contains(err.Error(), "goroutines of its own") {
		r.Failf("Your function starts a goroutine. It needs none here: do one step after the other.")
	}
	if err != nil {
		r.Failf("Not every order can be tried: %v.", strings.TrimSuffix(err.Error(), "."))
	}
	wrongs := result.Wrong()
	if len(wrongs) == 0 {
		return
	}
	fig := result.Figure(title)
	r.report(Verdict{Scenario: r.name, Figure: &fig, Text: result.Summary() + " " + help})
}

// run runs the scenario, in a bubble of virtual time unless it needs real time.
func (s Scenario) run(t *testing.T, advice *atomic.Pointer[string], report func(Verdict)) {
	if s.Real {
		r := &Run{report: report, name: s.Name, real: true, advice: advice}
		r.rec.restart()
		s.Do(r)
		return
	}
	synctest.Test(t, func(t *testing.T) {
		r := &Run{report: report, name: s.Name, advice: advice}
		r.rec.restart()
		s.Do(r)
	})
}

// countTrue is how many of the outcomes are true.
func countTrue(outcomes []bool) (n int) {
	for _, ok := range outcomes {
		if ok {
			n++
		}
	}
	return n
}

// Time writes a duration to the millisecond, with s or ms.
func Time(d time.Duration) string {
	if d > 0 && d < 500*time.Microsecond {
		return "less than 1 ms"
	}
	d = d.Round(time.Millisecond)
	if d < time.Second || d%time.Second != 0 {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%d s", d/time.Second)
}

// upper begins a sentence with s.
func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// returned says which error a function returned.
func returned(err error) string {
	if err == nil {
		return "no error"
	}
	return fmt.Sprintf("the error %q", err)
}

// Plural writes a number with the word for one or for many, in words if it is small.
func Plural(n int, one, many string) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
	number := fmt.Sprint(n)
	if n >= 0 && n < len(words) {
		number = words[n]
	}
	if n == 1 {
		return number + " " + one
	}
	return number + " " + many
}
