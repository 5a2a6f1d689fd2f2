package interleave_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "tutorial/helpers/interleave"
)

// steps makes a program of goroutines with so many steps each, on one variable or on one of their own.
func steps(shared bool, each ...int) func(*Program) {
	return func(p *Program) {
		all := NewVar(p, "v", 0)
		for i, n := range each {
			v := all
			if !shared {
				v = NewVar(p, fmt.Sprint("v", i), 0)
			}
			p.Go(func() {
				for k := range n {
					v.Store(i*100 + k)
				}
			})
		}
	}
}

func TestOrdersAreMultinomial(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		each   []int
		orders uint64
	}{
		{[]int{1}, 1}, {[]int{5}, 1}, {[]int{1, 1}, 2}, {[]int{2, 2}, 6}, {[]int{3, 3}, 20}, {[]int{5, 5}, 252},
		{[]int{2, 3}, 10}, {[]int{1, 1, 1, 1}, 24}, {[]int{2, 2, 2}, 90}, {[]int{3, 3, 3}, 1680}, {[]int{1, 2, 3}, 60},
	} {
		// Of writes to one variable every order matters, and has to be run; of writes to different ones none.
		for shared, want := range map[bool]uint64{true: test.orders, false: 1} {
			r, _, ended, err := ExploreCounting(false, steps(shared, test.each...))
			if err != nil || r.Orders != test.orders || uint64(ended) != want {
				t.Errorf("%v, shared %v: %d orders, %d run, want %d and %d; %v", test.each, shared, r.Orders, ended, test.orders, want, err)
			}
		}
	}
}

func TestMoreOrdersThanANumberHolds(t *testing.T) {
	t.Parallel()
	r := explore(t, steps(false, 40, 40))
	if want := "more than 9,000,000,000,000,000,000 orders"; r.Orders != math.MaxUint64 || !strings.Contains(r.Summary(), want) {
		t.Errorf("%d orders, %q; 80 over 40 does not fit into 64 bits", r.Orders, r.Summary())
	}
}

func TestTooManyOrders(t *testing.T) {
	t.Parallel()
	for _, l := range []Limits{{Runs: 10}, {Time: time.Nanosecond}} {
		_, err := l.Explore(steps(true, 6, 6, 6))
		if err == nil || !strings.Contains(err.Error(), "the program has too many orders: more than ") {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

func TestWhatCannotBeExplored(t *testing.T) {
	t.Parallel()
	life := 0
	for _, test := range []struct {
		name    string
		program func(*Program)
		says    string
	}{
		{"nil", nil, "there is no program"},
		{"no goroutine", func(*Program) {}, "starts no goroutine"},
		{"set-up panics", func(*Program) { panic("early") }, "panicked while it was set up: early"},
		{"Go(nil)", func(p *Program) { p.Go(nil) }, "Go(nil)"},
		{"Check panics", func(p *Program) {
			p.Go(func() {})
			p.Check(func() error { panic("late") })
		}, "the function given to Check panicked: late"},
		{"set-up waits", func(p *Program) { NewChan[int](p, "ch", 1).Recv() }, "may not wait"},
		{"Goexit", func(p *Program) { p.Go(runtime.Goexit) }, "goroutine 1 called runtime.Goexit"},
		{"Goexit in set-up", func(p *Program) { runtime.Goexit() }, "the set-up called runtime.Goexit"},
		{"a loop of steps", func(p *Program) {
			ready := NewVar(p, "ready", false)
			p.Go(func() {
				for !ready.Load() {
				}
			})
			p.Go(func() { ready.Store(true) })
		}, "after 1000 steps, the last of goroutine 1, it still went on"},
		{"a goroutine of its own", func(p *Program) {
			n := NewVar(p, "n", 0)
			p.Go(func() {
				go func() { n.Store(1) }()
				n.Load()
			})
		}, "use Program.Go"},
		{"chance in what is written", func(p *Program) {
			n, m := NewVar(p, "n", 0), NewVar(p, "m", 0)
			for range 2 {
				p.Go(func() {
					n.Store(rand.Int())
					m.Store(1)
				})
			}
		}, "not repeatable"},
		{"chance in what is done", func(p *Program) {
			n, m := NewVar(p, "n", 0), NewVar(p, "m", 0)
			for range 3 {
				p.Go(func() {
					if rand.IntN(2) == 0 {
						n.Store(m.Load())
					} else {
						m.Store(n.Load())
					}
				})
			}
		}, "not repeatable"},
		{"time", func(p *Program) {
			n := NewVar(p, "n", time.Time{})
			p.Go(func() { n.Store(time.Now()) })
		}, "not repeatable"},
		{"something that lives on", func(p *Program) {
			n := NewVar(p, "n", 0)
			p.Go(func() {
				life++
				n.Store(life)
			})
		}, "not repeatable"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Explore(test.program)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error is %v, want one with %q", err, test.says)
			}
		})
	}
}

func TestAStepThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	release := make(chan int)
	var over atomic.Bool
	defer func() {
		over.Store(true)
		close(release)
	}()
	quick := Limits{Quiet: 50 * time.Millisecond}
	for name, step := range map[string]func(){
		"a channel of Go's own": func() { <-release },
		"a loop": func() {
			for !over.Load() {
			}
		},
	} {
		_, err := quick.Explore(func(p *Program) {
			n := NewVar(p, "n", 0)
			p.GoNamed("worker", func() {
				n.Load()
				step()
			})
		})
		if err == nil || !strings.Contains(err.Error(), "a step of worker has not ended after 50ms") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := quick.Explore(func(p *Program) { <-release })
	if err == nil || !strings.Contains(err.Error(), "a step of the set-up has not ended") {
		t.Errorf("set-up: %v", err)
	}
}

func TestReplayNamesWhatIsPossible(t *testing.T) {
	t.Parallel()
	for order, says := range map[Order]string{
		"1 3":   `step 2 of the order is "3", but only 1, 2 can make a step there`,
		"1 1 1": `step 3 of the order is "1", but only 2 can make a step there`,
	} {
		if _, err := Replay(order, adders(2)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", order, err)
		}
	}
	e, err := Replay("1 2", adders(2)) // And on as it comes.
	if err != nil || e.Kind != CheckFailed || len(e.Steps) != 4 {
		t.Errorf("%v, %v", e, err)
	}
}

func TestAStepMayNotWait(t *testing.T) {
	t.Parallel()
	r := explore(t, func(p *Program) {
		mu := NewMutex(p, "mu")
		mu.Lock()
		p.Go(func() { p.Step("lock", mu.Lock) })
	})
	if r.Ends[0].Kind != Panicked || !strings.Contains(r.Ends[0].Detail, "may not") {
		t.Error(r.Summary())
	}
}

func TestOneWhoRecoversFromBeingEnded(t *testing.T) {
	t.Parallel()
	r := explore(t, func(p *Program) {
		ch := NewChan[int](p, "ch", 1)
		p.Go(func() {
			for {
				func() {
					defer func() { recover() }()
					ch.Recv()
				}()
			}
		})
	})
	if r.Ends[0].Kind != Deadlock {
		t.Error(r.Summary())
	}
}

func TestNothingIsLeftRunning(t *testing.T) { // Counts all goroutines, so it does not run beside other tests.
	before := runtime.NumGoroutine()
	for range 20 {
		explore(t, twoLocks)
		if _, err := Explore(func(*Program) { panic("early") }); err == nil {
			t.Fatal("no error")
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}
