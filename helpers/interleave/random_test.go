package interleave_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	. "tutorial/helpers/interleave"
)

// tally counts the orders for each end.
func tally(r *Result) map[string]uint64 {
	n := map[string]uint64{}
	for _, e := range r.Ends {
		n[e.String()] += e.Orders
	}
	return n
}

// agree fails the test unless the program gives the same with and without reduction. It returns how many orders there are.
func agree(t *testing.T, name string, program func(*Program)) uint64 {
	t.Helper()
	r := explore(t, program)
	each, runs, _, err := ExploreCounting(true, program)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if uint64(runs) != each.Orders {
		t.Errorf("%s: %d runs saw %d orders, though each was to be run once", name, runs, each.Orders)
	}
	if r.Orders != each.Orders || !maps.Equal(tally(r), tally(each)) {
		t.Errorf("%s: %d orders %v, without reduction %d orders %v", name, r.Orders, tally(r), each.Orders, tally(each))
	}
	for i, e := range r.Ends { // The shortest is as short.
		for _, other := range each.Ends {
			if other.String() == e.String() && len(other.Steps) != len(e.Steps) {
				t.Errorf("%s: the shortest order of %q has %d steps, without reduction %d", name, e, len(e.Steps), len(other.Steps))
			}
		}
		if i < 3 {
			replayed(t, name, e, program)
		}
	}
	return r.Orders
}

// replayed fails the test unless an end's order leads there, each time.
func replayed(t *testing.T, name string, e End, program func(*Program)) {
	t.Helper()
	for range 2 {
		again, err := Replay(e.Order, program)
		if err != nil || again.String() != e.String() || again.Order != e.Order {
			t.Errorf("%s: the order %q ended with %q and now with %q (%q), %v", name, e.Order, e, again, again.Order, err)
		}
	}
}

func TestReductionLosesNothing(t *testing.T) {
	t.Parallel()
	for _, test := range programs {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if explore(t, test.program).Orders < 2000 {
				agree(t, test.name, test.program)
			}
		})
	}
}

// random makes a program of a few goroutines with a few steps each. The operations are picked now, and done in each run.
func random(rng *rand.Rand) func(*Program) {
	var all [][]int
	for range 2 + rng.IntN(2) {
		var ops []int
		for range 1 + rng.IntN(3) {
			ops = append(ops, rng.IntN(15))
		}
		all = append(all, ops)
	}
	return func(p *Program) {
		x, y := NewVar(p, "x", 1), NewVar(p, "y", 1)
		a := NewAtomicInt(p, "a", 0)
		mu := NewMutex(p, "mu")
		cond := NewCond(p, "cond", mu)
		ch := NewChan[int](p, "ch", 1)
		for i, ops := range all {
			p.Go(func() {
				reg := i + 1
				for _, op := range ops {
					switch op {
					case 0, 1:
						reg = reg*7 + x.Load()
					case 2, 3:
						x.Store(reg)
					case 4:
						reg = reg*5 + y.Load()
					case 5:
						y.Store(reg)
					case 6:
						mu.Lock()
					case 7:
						mu.Unlock()
					case 8:
						mu.Lock()
						x.Store(x.Load()*2 + i)
						mu.Unlock()
					case 9:
						ch.Send(reg)
					case 10:
						reg = reg*3 + ch.Recv()
					case 11:
						reg += a.Add(i + 1)
					case 12:
						mu.Lock()
						cond.Wait()
						mu.Unlock()
					case 13:
						cond.Signal()
					case 14:
						mine := reg
						p.Go(func() { x.Store(x.Load() + mine) })
					}
				}
				y.Store(reg)
			})
		}
	}
}

func TestRandomProgramsAgreeWithEveryOrder(t *testing.T) {
	t.Parallel()
	const most = 3000 // orders; random programs with more are passed over
	checked, orders := 0, uint64(0)
	for seed := uint64(0); checked < 150; seed++ {
		program := random(rand.New(rand.NewPCG(seed, 18)))
		if r, err := Explore(program); err != nil && !strings.Contains(err.Error(), "too many orders") {
			t.Fatal(err)
		} else if err != nil || r.Orders > most || r.Orders < 2 {
			continue
		}
		orders += agree(t, fmt.Sprintf("random program %d", seed), program)
		checked++
	}
	t.Logf("%d programs, %d orders", checked, orders)
}
