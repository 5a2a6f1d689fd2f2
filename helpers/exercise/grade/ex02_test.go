package grade

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestResultsInOrder(t *testing.T) {
	type answer = func(inputs []int, f func(int) int) []int
	grades(t, ResultsInOrder,
		map[string]answer{
			"solution": func(inputs []int, f func(int) int) []int {
				results := make([]int, len(inputs))
				var wg sync.WaitGroup
				for i, n := range inputs {
					wg.Go(func() { results[i] = f(n) })
				}
				wg.Wait()
				return results
			},
			"a channel each": func(inputs []int, f func(int) int) []int {
				var all []chan int
				for _, n := range inputs {
					c := make(chan int, 1)
					all = append(all, c)
					go func() { c <- f(n) }()
				}
				var results []int
				for _, c := range all {
					results = append(results, <-c)
				}
				return results
			},
		},
		map[string]refused[answer]{
			"over the inputs": {func(inputs []int, f func(int) int) []int {
				var wg sync.WaitGroup
				for i, n := range inputs {
					wg.Go(func() { inputs[i] = f(n) })
				}
				wg.Wait()
				return inputs
			}, "wrote its results over the inputs"},
			"starter": {func(inputs []int, f func(int) int) []int {
				results := make(chan int)
				for _, n := range inputs {
					go func() { results <- f(n) }()
				}
				var all []int
				for range inputs {
					all = append(all, <-results)
				}
				return all
			}, `in the order in which they were ready: \[64 4 9\]`},
			"sequential": {func(inputs []int, f func(int) int) []int {
				var results []int
				for _, n := range inputs {
					results = append(results, f(n))
				}
				return results
			}, `took 600 ms.*one after another`},
			"race": {func(inputs []int, f func(int) int) []int {
				var results []int
				var wg sync.WaitGroup
				for _, n := range inputs {
					wg.Go(func() {
						square := f(n)
						results = append(results, square)
					})
				}
				wg.Wait()
				return results
			}, "^Data race: .*`results = append"},
			"no wait": {func(inputs []int, f func(int) int) []int {
				results := make([]int, len(inputs))
				for i, n := range inputs {
					go func() { results[i] = f(n) }()
				}
				return results
			}, `after 0 ms, while three tasks were still running`},
			"sleep": {func(inputs []int, f func(int) int) []int {
				results := make([]int, len(inputs))
				var wg sync.WaitGroup
				for i, n := range inputs {
					wg.Go(func() { results[i] = f(n) })
				}
				time.Sleep(310 * time.Millisecond)
				wg.Wait()
				return results
			}, `later than it could`},
			"not closed": {func(inputs []int, f func(int) int) []int {
				results := make([]int, len(inputs))
				done := make(chan int)
				for i, n := range inputs {
					go func() { results[i] = f(n); done <- i }()
				}
				for range done {
				}
				return results
			}, "^Deadlock: .*`for range done"},
			"too short": {func(inputs []int, f func(int) int) []int {
				results := make([]int, 0, len(inputs))
				var wg sync.WaitGroup
				for i, n := range inputs {
					wg.Go(func() {
						square := f(n)
						results[i] = square
					})
				}
				wg.Wait()
				return results
			}, "panicked in `results\\[i\\] = square`.*long enough"},
			"sorted": {func(inputs []int, f func(int) int) []int {
				results := make(chan int)
				for _, n := range inputs {
					go func() { results <- f(n) }()
				}
				var all []int
				for range inputs {
					all = append(all, <-results)
				}
				slices.Sort(all)
				return all
			}, `sorted by size: \[4 9 64\]`},
			"polling": {func(inputs []int, f func(int) int) []int {
				results := make([]int, len(inputs))
				var ready atomic.Int64
				for i, n := range inputs {
					go func() { results[i] = f(n); ready.Add(1) }()
				}
				for ready.Load() < int64(len(inputs)) {
					time.Sleep(10 * time.Microsecond)
				}
				return results
			}, `less than 1 ms later than it could. It looks now and then`},
		})
}
