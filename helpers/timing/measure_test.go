package timing_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"runtime/trace"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tutorial/helpers/timing"
)

// In a bubble of synctest the clock moves only by sleeping, so what is measured is exact.

func sleeps(d time.Duration) func() { return func() { time.Sleep(d) } }

// measure measures one function.
func measure[F func() | func() error](fn F, options ...timing.Option) (timing.Result, error) {
	items := []timing.Item{timing.Go("fn", fn)}
	for _, o := range options {
		items = append(items, o)
	}
	c, err := timing.Run(context.Background(), "", items...)
	if err != nil {
		return timing.Result{}, err
	}
	return c.Results[0], nil
}

func TestMeasureTimesEachRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		next := time.Duration(0)
		r, err := measure(func() { next += time.Second; time.Sleep(next) })
		if err != nil {
			t.Fatal(err)
		}
		want := []time.Duration{1e9, 2e9, 3e9, 4e9, 5e9, 6e9, 7e9}
		if !slices.Equal(r.Samples, want) || r.Median != 4e9 || r.Min != 1e9 || r.Max != 7e9 || r.N() != 7 || r.Long {
			t.Errorf("got %+v", r)
		}
		if r.Language != "Go" || r.Version == "" || r.Speedup != 1 || r.Efficiency != 0 {
			t.Errorf("got %+v", r)
		}
	})
}

func TestALongCaseIsMeasuredOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, test := range []struct {
			took    time.Duration
			options []timing.Option
			n       int
			long    bool
		}{
			{timing.LongRun - 1, nil, 7, false}, {timing.LongRun, nil, 1, true}, {15 * time.Second, nil, 1, true},
			{15 * time.Second, []timing.Option{timing.Runs(3)}, 3, false}, {time.Second, []timing.Option{timing.Runs(1)}, 1, false},
			{15 * time.Second, []timing.Option{timing.Warmup(2)}, 1, true},
		} {
			calls := 0
			r, err := measure(func() { calls++; time.Sleep(test.took) }, test.options...)
			if err != nil || r.N() != test.n || r.Long != test.long {
				t.Errorf("%v with %d options: %d runs, long %v, %v", test.took, len(test.options), r.N(), r.Long, err)
			}
		}
	})
}

func TestWarmupRunsDoNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		r, err := measure(func() {
			if calls++; calls <= 2 {
				time.Sleep(time.Hour)
			}
			time.Sleep(time.Millisecond)
		}, timing.Warmup(2), timing.Runs(4))
		if err != nil || calls != 6 || r.N() != 4 || r.Max != time.Millisecond {
			t.Errorf("%d calls, %+v, %v", calls, r, err)
		}
	})
}

func TestCasesTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var order strings.Builder
		note := func(s string, d time.Duration) func() {
			return func() { order.WriteString(s); time.Sleep(d) }
		}
		_, err := timing.Run(t.Context(), "t", timing.Runs(3), timing.Warmup(1), timing.Go("a", note("a", 1)), timing.Go("b", note("b", 1)))
		if want := "aabbabab"; err != nil || order.String() != want {
			t.Errorf("order is %s, want %s, %v", order.String(), want, err)
		}
		order.Reset()
		_, err = timing.Run(t.Context(), "t", timing.Go("long", note("L", time.Minute)), timing.Go("b", note("b", 1)))
		if want := "Lbbbbbbb"; err != nil || order.String() != want {
			t.Errorf("order is %s, want %s, %v", order.String(), want, err)
		}
	})
}

func TestSpeedupIsTheRatioOfMedians(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tasks := func() {
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(sleeps(1500 * time.Millisecond))
			}
			wg.Wait()
		}
		cases := []timing.Item{
			timing.Go("one after another", sleeps(15*time.Second)), timing.Go("together", tasks), timing.Go("two at a time", sleeps(7500*time.Millisecond)),
		}
		c, err := timing.Run(t.Context(), "ten", append(cases, timing.Ideal(1500*time.Millisecond))...)
		if err != nil {
			t.Fatal(err)
		}
		want := [][2]float64{{1, 0.1}, {10, 1}, {2, 0.2}}
		for i, r := range c.Results {
			if r.Speedup != want[i][0] || r.Efficiency != want[i][1] {
				t.Errorf("%s has speed-up %v and efficiency %v, want %v", r.Name, r.Speedup, r.Efficiency, want[i])
			}
		}
		if c.Ideal != 1500*time.Millisecond || c.IdealSpeedup() != 10 || c.Title != "ten" || c.Processors < 1 {
			t.Errorf("%+v", c)
		}
		c, err = timing.Run(t.Context(), "", cases...)
		if err != nil || c.Ideal != 0 || c.IdealSpeedup() != 0 || c.Results[1].Efficiency != 0 || c.Results[1].Speedup != 10 {
			t.Errorf("without an ideal: %+v, %v", c, err)
		}
	})
}

// Not parallel: it changes what holds for the whole program.
func TestGOMAXPROCSIsPutBackBetweenCases(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	var seen []int
	look := func() { seen = append(seen, runtime.GOMAXPROCS(0)) }
	c, err := timing.Run(t.Context(), "t", timing.Runs(2),
		timing.Go("sets", func() { look(); runtime.GOMAXPROCS(before + 1) }), timing.Go("looks", look))
	if err != nil || !slices.Equal(seen, []int{before, before, before, before}) || c.Processors != before || runtime.GOMAXPROCS(0) != before {
		t.Errorf("cases saw %d processors, there are %d, and %d afterwards; %v", seen, before, runtime.GOMAXPROCS(0), err)
	}
	if want := " GOMAXPROCS was put back after each run of “sets”."; !strings.Contains(c.Figure().Caption, want) {
		t.Errorf("the caption is %q", c.Figure().Caption)
	}
	func() {
		defer func() { recover() }()
		measure(func() { runtime.GOMAXPROCS(before + 1); panic("oh") })
	}()
	if got := runtime.GOMAXPROCS(0); got != before {
		t.Errorf("after a panic GOMAXPROCS is %d, and was %d", got, before)
	}
}

func TestACaseThatTakesNoTimeHasNoSpeedup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, err := timing.Run(t.Context(), "t", timing.Go("a", sleeps(1)), timing.Go("b", func() {}), timing.Ideal(1))
		if err != nil || c.Results[1].Speedup != 0 || c.Results[1].Efficiency != 0 {
			t.Errorf("%+v, %v", c.Results, err)
		}
		if text := c.Figure().Text(); strings.Contains(text, "Inf") || strings.Contains(text, "NaN") {
			t.Error(text)
		}
	})
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	t.Parallel()
	ok := timing.Go("ok", func() {})
	var none func()
	for want, items := range map[string][]timing.Item{
		"there is no case":                      {timing.Runs(1)},
		"Runs(0): the number of runs":           {ok, timing.Runs(0)},
		"Runs(-3)":                              {ok, timing.Runs(-3)},
		"Warmup(-1)":                            {ok, timing.Warmup(-1)},
		"Ideal(0s)":                             {ok, timing.Ideal(0)},
		`function of case "nil" is nil`:         {ok, timing.Go("nil", none)},
		`function of case "nil error"`:          {timing.Go("nil error", (func() error)(nil))},
		"an argument is nil":                    {ok, nil},
		"an argument is nil: leave it out":      {ok, timing.Option(nil)},
		"option Sizes is for Scaling":           {ok, timing.Sizes(1)},
		"option SameWork is for Scaling":        {ok, timing.SameWork()},
		`case "n" takes an n: make it with Go `: {timing.GoN("n", func(int) {})},
		"a case is empty":                       {ok, timing.Case{}},
		"a Go case has no name":                 {timing.Go(" ", func() {})},
		"a Python case has no name":             {timing.Python("", "1")},
		`two cases are called "ok"`:             {ok, ok},
		`source of Python case "p" is empty`:    {timing.Python("p", " \n ")},
	} {
		_, err := timing.Run(t.Context(), "t", items...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestAnErrorStopsTheMeasurement(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	calls := 0
	_, err := timing.Run(t.Context(), "t", timing.Runs(3),
		timing.Go("good", func() { calls++ }),
		timing.Go("bad", func() error {
			if calls == 2 {
				return boom
			}
			return nil
		}))
	if !errors.Is(err, boom) || !strings.Contains(err.Error(), `case "bad" failed in run 2 of 3`) || calls != 2 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

func TestCancellingStopsBetweenRuns(t *testing.T) {
	t.Parallel()
	enough := errors.New("that is enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	calls := 0
	_, err := timing.Run(ctx, "t", timing.Go("a", func() { calls++; cancel(enough) }))
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

// Not parallel: it records a trace of the whole program.
func TestNothingIsMeasuredWhileTraced(t *testing.T) {
	calls := 0
	if err := trace.Start(io.Discard); err != nil {
		t.Fatal(err)
	}
	_, err := measure(func() { calls++ })
	trace.Stop()
	if err == nil || !strings.Contains(err.Error(), "trace is being recorded") || calls != 0 {
		t.Errorf("%v after %d calls", err, calls)
	}
	_, err = measure(func() { calls++; trace.Start(io.Discard) })
	trace.Stop()
	if err == nil || calls != 1 {
		t.Errorf("a trace begun by the case: %v after %d calls", err, calls)
	}
}

func TestScalingMeasuresEachCaseAtEachSize(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := timing.RunScaling(t.Context(), "grow", timing.Sizes(1, 10, 100), timing.Runs(2),
			timing.GoN("linear", func(n int) { time.Sleep(time.Duration(n) * time.Millisecond) }),
			timing.GoN("square", func(n int) error { time.Sleep(time.Duration(n*n) * time.Millisecond); return nil }))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.Sizes, []int{1, 10, 100}) || len(s.Series) != 2 {
			t.Fatalf("%+v", s)
		}
		for i, n := range s.Sizes {
			linear, square := s.Series[0][i], s.Series[1][i]
			if linear.Median != time.Duration(n)*time.Millisecond || square.Median != time.Duration(n*n)*time.Millisecond || linear.N() != 2 {
				t.Errorf("n = %d: %v and %v", n, linear.Median, square.Median)
			}
			if linear.Speedup != 1 || square.Speedup != 1/float64(n) {
				t.Errorf("n = %d: speed-up %v and %v", n, linear.Speedup, square.Speedup)
			}
		}
	})
}

func TestTheSameWorkIsComparedWithItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := timing.RunScaling(t.Context(), "workers", timing.Sizes(1, 2, 4), timing.Runs(1), timing.SameWork(),
			timing.GoN("shared", func(n int) { time.Sleep(time.Second / time.Duration(n)) }),
			timing.GoN("serial", func(int) { time.Sleep(2 * time.Second) }))
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range s.Sizes {
			if shared, serial := s.Series[0][i].Speedup, s.Series[1][i].Speedup; shared != float64(n) || serial != 1 {
				t.Errorf("n = %d: speed-up %v and %v, want %d and 1", n, shared, serial, n)
			}
		}
		f := s.Figure()
		if want := "At n = 4, against n = 1: “shared” 250.0 ms (4.00× the speed); “serial” 2.000 s (1.00× the speed)."; f.Caption != want {
			t.Errorf("the caption is\n%s\nwant\n%s", f.Caption, want)
		}
		if slices.Contains(f.Table.Header, "median / n") || !slices.Contains(f.Table.Header, "speed-up") {
			t.Errorf("the table has the columns %q", f.Table.Header)
		}
		for _, row := range f.Table.Rows {
			if len(row) != len(f.Table.Header) {
				t.Errorf("the row %q does not fit %q", row, f.Table.Header)
			}
		}
	})
}

func TestScalingSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	ok := timing.GoN("ok", func(int) {})
	for want, items := range map[string][]timing.Item{
		"no sizes are given":            {ok},
		"Sizes[0]":                      {ok, timing.Sizes(0)},
		"Sizes[10 10]":                  {ok, timing.Sizes(10, 10)},
		`function of case "nil" is nil`: {timing.Sizes(1), timing.GoN("nil", (func(int))(nil))},
		"option Ideal is for Compare":   {ok, timing.Sizes(1), timing.Ideal(1)},
		`case "no n" takes no n: make`:  {timing.Sizes(1), timing.Go("no n", func() {})},
		"at n = 1,000: case":            {timing.Sizes(1000), timing.GoN("bad", func(n int) error { return errors.New("boom") })},
	} {
		_, err := timing.RunScaling(t.Context(), "t", items...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
