package interleave_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	. "tutorial/helpers/interleave"
)

// want checks that a variable has a value at the end.
func want[T comparable](p *Program, v interface{ Load() T }, name string, value T) {
	p.Check(func() error {
		if got := v.Load(); got != value {
			return fmt.Errorf("%s is %v, want %v", name, got, value)
		}
		return nil
	})
}

// Programs that are known to be wrong or right. What is wrong about them is listed; nothing means that they are right.
var programs = []struct {
	name    string
	program func(*Program)
	orders  uint64 // 0: not known
	wrong   []Kind
}{
	{"lost update", adders(2), 6, []Kind{CheckFailed}},
	{"update under a lock", func(p *Program) {
		n, mu := NewVar(p, "n", 0), NewMutex(p, "mu")
		for range 3 {
			p.Go(func() {
				mu.Lock()
				defer mu.Unlock()
				n.Store(n.Load() + 1)
			})
		}
		want(p, n, "n", 3)
	}, 6, nil},
	{"update under a lock, of a plain variable", func(p *Program) {
		mu, log := NewMutex(p, "mu"), ""
		for _, name := range []string{"a", "b", "c"} {
			p.Go(func() {
				mu.Lock()
				defer mu.Unlock()
				log += name
			})
		}
		p.Check(func() error {
			if log == "cba" {
				return errors.New("it is cba")
			}
			return nil
		})
	}, 6, []Kind{CheckFailed}},
	{"a step within a step, and an object of a goroutine's own", func(p *Program) {
		n := NewVar(p, "n", 0)
		for range 2 {
			p.Go(func() {
				mu := NewMutex(p, "mu")
				mu.Lock()
				p.Step("outer", func() { p.Step("inner", func() { n.Store(n.Load() + 1) }) })
			})
		}
		want(p, n, "n", 2)
	}, 6, nil},
	{"atomic update", func(p *Program) {
		n := NewAtomicInt(p, "n", 0)
		for range 3 {
			p.Go(func() { n.Add(1) })
		}
		want(p, n, "n", 3)
	}, 6, nil},
	{"compare and swap", func(p *Program) {
		n := NewAtomicInt(p, "n", 0)
		for range 2 {
			p.Go(func() {
				for {
					if old := n.Load(); n.CompareAndSwap(old, old+1) {
						return
					}
				}
			})
		}
		want(p, n, "n", 2)
	}, 0, nil},
	{"two locks in two orders", twoLocks, 6, []Kind{Deadlock}},
	{"two locks in one order", func(p *Program) {
		a, b := NewMutex(p, "a"), NewMutex(p, "b")
		for range 2 {
			p.Go(func() {
				a.Lock()
				defer a.Unlock()
				b.Lock()
				defer b.Unlock()
			})
		}
	}, 2, nil},
	{"check, then act", withdraw(false), 0, []Kind{CheckFailed}},
	{"check and act under a lock", withdraw(true), 2, nil},
	{"double-checked initialisation, flag first", doubleChecked(true), 0, []Kind{CheckFailed}},
	{"double-checked initialisation, value first", doubleChecked(false), 0, nil},
	{"dining philosophers, all left first", philosophers(3, false), 0, []Kind{Deadlock}},
	{"dining philosophers, one right first", philosophers(3, true), 0, nil},
	{"bounded buffer, Signal on one Cond", boundedBuffer(false), 0, []Kind{Deadlock}},
	{"bounded buffer, Broadcast", boundedBuffer(true), 0, nil},
	{"missed signal", func(p *Program) {
		mu := NewMutex(p, "mu")
		c := NewCond(p, "cond", mu)
		p.GoNamed("waiter", func() {
			mu.Lock()
			defer mu.Unlock()
			c.Wait()
		})
		p.GoNamed("signaller", c.Signal)
	}, 3, []Kind{Deadlock}},
	{"signal with a flag", func(p *Program) {
		mu, ready := NewMutex(p, "mu"), NewVar(p, "ready", false)
		c := NewCond(p, "cond", mu)
		p.GoNamed("waiter", func() {
			mu.Lock()
			defer mu.Unlock()
			for !ready.Load() {
				c.Wait()
			}
		})
		p.GoNamed("signaller", func() {
			mu.Lock()
			defer mu.Unlock()
			ready.Store(true)
			c.Signal()
		})
	}, 0, nil},
	{"semaphore of a channel", channelSemaphore(1), 0, nil},
	{"semaphore of a channel, released twice", channelSemaphore(2), 450, []Kind{Deadlock}},
	{"steps as between awaits", func(p *Program) {
		n := NewVar(p, "n", 0)
		for range 2 {
			p.Go(func() { p.Step("n += 1", func() { n.Store(n.Load() + 1) }) })
		}
		want(p, n, "n", 2)
	}, 2, nil},
	{"an await between", func(p *Program) {
		n := NewVar(p, "n", 0)
		for range 2 {
			p.Go(func() {
				var x int
				p.Step("x = n", func() { x = n.Load() })
				p.Step("n = x + 1", func() { n.Store(x + 1) })
			})
		}
		want(p, n, "n", 2)
	}, 6, []Kind{CheckFailed}},
	{"no step at all", func(p *Program) { p.Go(func() {}) }, 1, nil},
	{"panic before the first step", func(p *Program) { p.Go(func() { panic("at once") }) }, 1, []Kind{Panicked}},
	{"panic that is recovered", func(p *Program) {
		n := NewVar(p, "n", 0)
		p.Go(func() {
			defer func() {
				if recover() == "mine" {
					n.Store(2)
				}
			}()
			n.Store(1)
			panic("mine")
		})
		want(p, n, "n", 2)
	}, 1, nil},
	{"unlock of an unlocked mutex", func(p *Program) { p.Go(NewMutex(p, "mu").Unlock) }, 1, []Kind{Panicked}},
}

func withdraw(locked bool) func(*Program) {
	return func(p *Program) {
		balance, mu := NewVar(p, "balance", 100), NewMutex(p, "mu")
		for range 2 {
			p.Go(func() {
				if locked {
					mu.Lock()
					defer mu.Unlock()
				}
				if balance.Load() >= 100 {
					balance.Store(balance.Load() - 100)
				}
			})
		}
		want(p, balance, "balance", 0)
	}
}

func doubleChecked(flagFirst bool) func(*Program) {
	return func(p *Program) {
		mu, ready, value := NewMutex(p, "mu"), NewVar(p, "ready", false), NewVar(p, "value", 0)
		wrong := NewVar(p, "wrong", false)
		for range 2 {
			p.Go(func() {
				if !ready.Load() {
					mu.Lock()
					if !ready.Load() {
						if flagFirst {
							ready.Store(true)
							value.Store(1)
						} else {
							value.Store(1)
							ready.Store(true)
						}
					}
					mu.Unlock()
				}
				if value.Load() == 0 {
					wrong.Store(true)
				}
			})
		}
		want(p, wrong, "wrong", false)
	}
}

func philosophers(n int, mended bool) func(*Program) {
	return func(p *Program) {
		var forks []*Mutex
		for i := range n {
			forks = append(forks, NewMutex(p, fmt.Sprintf("fork %d", i+1)))
		}
		for i := range n {
			first, second := forks[i], forks[(i+1)%n]
			if mended && i == n-1 {
				first, second = second, first
			}
			p.GoNamed(fmt.Sprintf("philosopher %d", i+1), func() {
				first.Lock()
				defer first.Unlock()
				second.Lock()
				defer second.Unlock()
			})
		}
	}
}

// boundedBuffer has room for one value, two producers and two consumers. With Signal, a producer may wake the other one.
func boundedBuffer(broadcast bool) func(*Program) {
	return func(p *Program) {
		mu, full := NewMutex(p, "mu"), NewVar(p, "full", false)
		c := NewCond(p, "changed", mu)
		move := func(to bool) func() {
			return func() {
				mu.Lock()
				for full.Load() == to {
					c.Wait()
				}
				full.Store(to)
				if broadcast {
					c.Broadcast()
				} else {
					c.Signal()
				}
				mu.Unlock()
			}
		}
		for i := range 2 {
			p.GoNamed(fmt.Sprintf("consumer %d", i+1), move(false))
		}
		p.GoNamed("producer 1", func() {
			put := move(true)
			put()
			put()
		})
	}
}

func channelSemaphore(releases int) func(*Program) {
	return func(p *Program) {
		slots, inside, most := NewChan[struct{}](p, "slots", 1), NewAtomicInt(p, "inside", 0), NewVar(p, "most", 0)
		for range 3 {
			p.Go(func() {
				slots.Send(struct{}{})
				if n := inside.Add(1); n > 1 {
					most.Store(n)
				}
				inside.Add(-1)
				for range releases {
					slots.Recv()
				}
			})
		}
		want(p, most, "most", 0)
	}
}

func TestKnownPrograms(t *testing.T) {
	t.Parallel()
	for _, test := range programs {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := explore(t, test.program)
			if test.orders != 0 && r.Orders != test.orders {
				t.Errorf("%d orders, want %d", r.Orders, test.orders)
			}
			var wrong []Kind
			for _, e := range r.Wrong() {
				wrong = append(wrong, e.Kind)
			}
			slices.Sort(wrong)
			if !slices.Equal(slices.Compact(wrong), test.wrong) || (r.Err() == nil) != (len(test.wrong) == 0) {
				t.Errorf("orders end with %v, want %v: %s, %v", wrong, test.wrong, r.Summary(), r.Err())
			}
			t.Logf("%d orders; %s", r.Orders, r.Summary())
		})
	}
}
