package timing_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tutorial/helpers/timing"
)

// Run returns the numbers and leaves the display to the caller.
func Example() {
	one := func() {
		for range 10 {
			time.Sleep(20 * time.Millisecond)
		}
	}
	together := func() {
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() { time.Sleep(20 * time.Millisecond) })
		}
		wg.Wait()
	}
	c, err := timing.Run(context.Background(), "10 tasks of 20 ms each",
		timing.Go("one after another", one), timing.Go("WaitGroup.Go", together),
		timing.Ideal(20*time.Millisecond), timing.Runs(3))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range c.Results {
		fmt.Printf("%s: %d runs, at least twice as fast: %v\n", r.Name, r.N(), r.Speedup > 2)
	}
	// Output:
	// one after another: 3 runs, at least twice as fast: false
	// WaitGroup.Go: 3 runs, at least twice as fast: true
}
