package interleave_test

import (
	"fmt"
	"strings"
	"testing"

	"tutorial/helpers/figure/figuretest"
	"tutorial/helpers/interleave"
)

func adders(n int) func(*interleave.Program) {
	return func(p *interleave.Program) {
		v := interleave.NewVar(p, "n", 0)
		for range n {
			p.Go(func() {
				x := v.Load()
				v.Store(x + 1)
			})
		}
		p.Check(func() error {
			if got := v.Load(); got != n {
				return fmt.Errorf("n is %d, want %d", got, n)
			}
			return nil
		})
	}
}

func explore(t *testing.T, program func(*interleave.Program)) *interleave.Result {
	t.Helper()
	r, err := interleave.Explore(program)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLostUpdate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		n             int
		orders, right uint64
		ends          int
	}{{1, 1, 1, 1}, {2, 6, 2, 2}, {3, 90, 6, 3}} {
		r := explore(t, adders(test.n))
		if right := r.Ends[0].Orders; r.Orders != test.orders || right != test.right || len(r.Ends) != test.ends {
			t.Errorf("%d goroutines: %d orders, %d right, %d ends; want %+v", test.n, r.Orders, right, len(r.Ends), test)
		}
	}
	const want = "4 of 6 orders end wrong. Check failed: n is 1, want 2. The shortest such order goes wrong at step 2: " +
		"goroutine 2 reads n = 0, before goroutine 1 writes n = 1 (step 4). After that, no order ends right."
	if got := explore(t, adders(2)).Summary(); !strings.HasPrefix(got, want) {
		t.Errorf("the summary is %q, want %q", got, want)
	}
}

// last has two goroutines that store 0 and 1, and wants one of them to be the last.
func last(value int) func(*interleave.Program) {
	return func(p *interleave.Program) {
		v := interleave.NewVar(p, "v", 0)
		for i := range 2 {
			p.Go(func() { v.Store(i) })
		}
		want(p, v, "v", value)
	}
}

func TestTheSummaryCounts(t *testing.T) {
	t.Parallel()
	for want, program := range map[string]func(*interleave.Program){
		"The only order ends right.":                              adders(1),
		"All 2 orders end right.":                                 steps(true, 1, 1),
		"The only order ends wrong.":                              leftWaiting,
		"None of 2 orders ends right.":                            last(5),
		"1 of 2 orders ends wrong. Check failed: v is 1, want 0.": last(0),
	} {
		if got := explore(t, program).Summary(); !strings.HasPrefix(got, want) {
			t.Errorf("the summary is %q, want %q", got, want)
		}
	}
}

func TestValuesAreWrittenWithoutAddresses(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]any{
		"sends nil on ch": nil, "sends not nil on ch": t, "sends 7 on ch": 7, `sends "a" on ch`: "a", "sends [1 2] on ch": []int{1, 2}, "sends true on ch": true,
	} {
		e, err := interleave.Replay("1", func(p *interleave.Program) {
			ch := interleave.NewChan[any](p, "ch", 1)
			p.Go(func() { ch.Send(v) })
		})
		if err != nil || len(e.Steps) != 1 || e.Steps[0].Text != want {
			t.Errorf("%v: %+v, want %q; %v", v, e.Steps, want, err)
		}
	}
}

func TestTheColumnsAreExplained(t *testing.T) {
	t.Parallel()
	r := explore(t, func(p *interleave.Program) {
		p.GoNamed("boss", func() { p.Step("begins", func() {}) })
		p.Go(func() { p.Go(func() {}) })
	})
	const want = "A lane for each goroutine, numbered as they were started (2.1 by 2); a row for each step, from top to bottom"
	if got := r.Figure("").Subtitle; got != want {
		t.Errorf("the subtitle is %q", got)
	}
}

func TestFigure(t *testing.T) {
	t.Parallel()
	f := explore(t, adders(2)).Figure("Two add one")
	figuretest.Check(t, f)
	figuretest.Golden(t, "lost-update.svg", f.SVG)
	figuretest.Golden(t, "lost-update.txt", f.Text())
	figuretest.Check(t, explore(t, twoLocks).Figure("Two locks"))
	waits := explore(t, leftWaiting).Figure("One sends, and one is left waiting")
	figuretest.Check(t, waits)
	figuretest.Golden(t, "waiting.svg", waits.SVG)
}

// leftWaiting has what the other figures lack: who waits at the end, and more steps than rows.
func leftWaiting(p *interleave.Program) {
	ch := interleave.NewChan[int](p, "ch", 1)
	p.GoNamed("sender", func() {
		for i := range 41 {
			ch.Send(i)
		}
	})
	p.Go(func() {
		for range 42 {
			ch.Recv()
		}
	})
}

func twoLocks(p *interleave.Program) {
	a, b := interleave.NewMutex(p, "a"), interleave.NewMutex(p, "b")
	for _, locks := range [][2]*interleave.Mutex{{a, b}, {b, a}} {
		p.Go(func() {
			locks[0].Lock()
			defer locks[0].Unlock()
			locks[1].Lock()
			defer locks[1].Unlock()
		})
	}
}
