package interleave_test

import (
	"fmt"

	"tutorial/helpers/interleave"
)

func Example() {
	r, err := interleave.Explore(func(p *interleave.Program) {
		n := interleave.NewVar(p, "n", 0)
		for range 2 {
			p.Go(func() {
				x := n.Load()
				n.Store(x + 1)
			})
		}
		p.Check(func() error {
			if n.Load() != 2 {
				return fmt.Errorf("n is %d, want 2", n.Load())
			}
			return nil
		})
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, end := range r.Ends {
		fmt.Printf("%d of %d orders: %v\n", end.Orders, r.Orders, end)
	}
	// Output:
	// 2 of 6 orders: right (n = 2)
	// 4 of 6 orders: check failed: n is 1, want 2 (n = 1)
}

func ExampleReplay() {
	end, err := interleave.Replay("1 2 2 1", func(p *interleave.Program) {
		n := interleave.NewVar(p, "n", 0)
		for i := range 2 {
			p.Go(func() {
				x := n.Load()
				fmt.Println("goroutine", i+1, "has read", x)
				n.Store(x + 1)
			})
		}
	})
	fmt.Println(end, err)
	// Output:
	// goroutine 1 has read 0
	// goroutine 2 has read 0
	// right (n = 1) <nil>
}

func ExampleShow() {
	interleave.Show("Who is first?", func(p *interleave.Program) {
		first := interleave.NewAtomicInt(p, "first", 0)
		for n, name := range []string{"a", "b"} {
			p.GoNamed(name, func() { first.CompareAndSwap(0, n+1) })
		}
	})
	// Output:
	// Who is first?
	// A lane for each goroutine; a row for each step, from top to bottom
	// All 2 orders end right.
	//
	// end                orders  shortest order (for Replay)                                                  its steps
	// -----------------  ------  ---------------------------  ---------------------------------------------------------
	// right (first = 1)       1  a b                          1 a compares first: 1, was 0; 2 b compares first: it is 1
	// right (first = 2)       1  b a                          1 b compares first: 2, was 0; 2 a compares first: it is 2
}
