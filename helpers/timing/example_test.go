package timing_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tutorial/helpers/timing"
)

// Compare shows a figure in a notebook, and prints a table elsewhere.
func ExampleCompare() {
	timing.Compare("10 tasks of 1.5 s each",
		timing.Python("Python, one after another", `
import time
def run():
    for _ in range(10):
        time.sleep(1.5)
`),
		timing.Go("Go, WaitGroup.Go", func() {
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(func() { time.Sleep(1500 * time.Millisecond) })
			}
			wg.Wait()
		}),
		timing.Ideal(1500*time.Millisecond))
}

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

func ExampleComparison_Figure() {
	c := timing.Comparison{
		Title: "10 tasks of 1.5 s each",
		Results: []timing.Result{
			{Name: "one after another", Language: "Go", Samples: []time.Duration{15 * time.Second}, Median: 15 * time.Second, Min: 15 * time.Second, Max: 15 * time.Second, Speedup: 1, Efficiency: 0.1},
			{Name: "WaitGroup.Go", Language: "Go", Samples: []time.Duration{1500 * time.Millisecond}, Median: 1500 * time.Millisecond, Min: 1500 * time.Millisecond, Max: 1500 * time.Millisecond, Speedup: 10, Efficiency: 1},
		},
		Ideal: 1500 * time.Millisecond,
	}
	fmt.Print(c.Figure().Text())
	// Output:
	// 10 tasks of 1.5 s each
	// ideal: 1.5 s, 10× — one run each, bars start at 0
	// “WaitGroup.Go” is the fastest with 1.500 s, 10.00× the speed of “one after another” (ideal 10×, efficiency 100.0 %).
	//
	// case               language   median  [min–max]  runs  outliers  speed-up  ideal  efficiency
	// -----------------  --------  -------  ---------  ----  --------  --------  -----  ----------
	// one after another  Go        15.00 s          –     1         0     1.00×    10×      10.0 %
	// WaitGroup.Go       Go        1.500 s          –     1         0    10.00×    10×     100.0 %
}
