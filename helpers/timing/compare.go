package timing

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"tutorial/helpers/display"
	"tutorial/helpers/figure"
)

// Compare measures the cases and shows them as a figure with a table; it returns the numbers. The first case is the baseline of
// the speed-up. While it runs, a line tells what is being measured. The package comment says how it measures, [Run] does
// the same without a display.
//
// If nothing moves in a run, the line says who waits for what, and after 20 s that ends the measurement. So does a case that
// waits for so long for nothing but time, other than by a sleep.
//
// When something goes wrong, Compare writes what it was to standard error and ends the program with status 1, so that the cell
// counts as failed (see [Run] for the reasons, and [display.Fail]). A panic in a case goes through, but
// [runtime.Goexit], as by a test's FailNow, is such an error too.
func Compare(title string, items ...Item) Comparison {
	var c Comparison
	show(title, "Compare", func(report reporter) (f figure.Figure, err error) {
		if c, err = runCompare(context.Background(), title, items, report); err != nil {
			return f, err
		}
		return c.Figure(), nil
	})
	return c
}

// Scaling measures the cases at each of the [Sizes] and shows their wall time against n, both on logarithmic axes, with a
// table; it returns the numbers. Cases take turns at each size before the next size comes. Otherwise it is like [Compare].
func Scaling(title string, items ...Item) ScalingResult {
	var s ScalingResult
	show(title, "Scaling", func(report reporter) (f figure.Figure, err error) {
		if s, err = runScaling(context.Background(), title, items, report); err != nil {
			return f, err
		}
		return s.Figure(), nil
	})
	return s
}

// often is how often the line is renewed at most for runs that are shorter.
const often = 200 * time.Millisecond

// show is the shell around both: progress while it measures, and then the figure in its place, or the end of the program.
//
// The line is renewed between runs, so that nothing but the case happens while the clock runs.
func show(title, verb string, measure func(reporter) (figure.Figure, error)) {
	progress := display.NewProgress()
	defer progress.Done("") // A panic leaves no line behind.
	call := fmt.Sprintf("timing.%s(%q)", verb, title)
	defer display.Expect(call)()
	fail := func(err error) {
		progress.Done("")
		display.Fail(fmt.Errorf("%s failed: %w", call, err))
	}
	stop := func() {}
	current := ""
	defer func() {
		stop()
		if pc, _, _, _ := runtime.Caller(1); runtime.FuncForPC(pc).Name() == "runtime.Goexit" { // the others would wait for ever
			fail(fmt.Errorf("%s: the case left by runtime.Goexit (t.FailNow and t.Skip do that); let it return instead", current))
		}
	}()
	var renewed time.Time
	f, err := measure(func(what string, last time.Duration) {
		stop()
		current = what
		stop = watch(func(said string) { progress.Update("Measuring " + what + "; " + said) },
			func(err error) { fail(fmt.Errorf("%s: %w", what, err)) })
		if last == 0 || last >= often || time.Since(renewed) >= often { // Others are over before anybody could read it.
			renewed = time.Now()
			progress.Update("Measuring " + what)
		}
	})
	stop()
	if err != nil {
		fail(err)
	}
	progress.Show(f)
}
