package grade

import (
	"context"
	"iter"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

func TestAsTheyCome(t *testing.T) {
	type answer = func(tasks []func(context.Context) int) iter.Seq[int]
	// start runs the tasks, each in a goroutine, and returns where their results arrive.
	start := func(ctx context.Context, tasks []func(context.Context) int, room int) <-chan int {
		results := make(chan int, room)
		for _, task := range tasks {
			go func() { results <- task(ctx) }()
		}
		return results
	}
	// startIn is start in a WaitGroup.
	startIn := func(ctx context.Context, wg *sync.WaitGroup, tasks []func(context.Context) int, room int) <-chan int {
		results := make(chan int, room)
		for _, task := range tasks {
			wg.Go(func() { results <- task(ctx) })
		}
		return results
	}
	// handOn yields n results, unless the loop breaks.
	handOn := func(results <-chan int, n int, yield func(int) bool) {
		for range n {
			if !yield(<-results) {
				return
			}
		}
	}
	grades(t, AsTheyCome,
		map[string]answer{
			"solution": func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					results := make(chan int, len(tasks))
					var wg sync.WaitGroup
					defer wg.Wait()
					defer cancel()
					for _, task := range tasks {
						wg.Go(func() { results <- task(ctx) })
					}
					for range tasks {
						if !yield(<-results) {
							return
						}
					}
				}
			},
			"a channel that is closed, and drained": func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					results := make(chan int)
					var wg sync.WaitGroup
					for _, task := range tasks {
						wg.Go(func() { results <- task(ctx) })
					}
					go func() { wg.Wait(); close(results) }()
					goesOn := true
					for n := range results {
						if goesOn && !yield(n) {
							goesOn = false
							cancel()
						}
					}
				}
			},
			"senders that give up": func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					g, ctx := errgroup.WithContext(context.Background())
					ctx, cancel := context.WithCancel(ctx)
					defer g.Wait()
					defer cancel()
					results := make(chan int)
					for _, task := range tasks {
						g.Go(func() error {
							select {
							case results <- task(ctx):
							case <-ctx.Done():
							}
							return nil
						})
					}
					for i := 0; i < len(tasks) && yield(<-results); i++ {
					}
				}
			},
			"a queue with a condition": func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					var mu sync.Mutex
					changed := sync.NewCond(&mu)
					var ready []int
					var wg sync.WaitGroup
					for _, task := range tasks {
						wg.Go(func() {
							n := task(ctx)
							mu.Lock()
							defer mu.Unlock()
							ready = append(ready, n)
							changed.Signal()
						})
					}
					for range tasks {
						mu.Lock()
						for len(ready) == 0 {
							changed.Wait()
						}
						n := ready[0]
						ready = ready[1:]
						mu.Unlock()
						if !yield(n) {
							break
						}
					}
					cancel()
					wg.Wait()
				}
			},
		},
		map[string]refused[answer]{
			"starter": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					for _, task := range tasks {
						if !yield(task(context.Background())) {
							return
						}
					}
				}
			}, "took 600 ms; it should take 300 ms.*one after another"},
			"in the order of the tasks": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					var results []chan int
					for _, task := range tasks {
						result := make(chan int, 1)
						results = append(results, result)
						go func() { result <- task(ctx) }()
					}
					for _, result := range results {
						if !yield(<-result) {
							return
						}
					}
				}
			}, "Result number 1 was ready after 100 ms, and the loop got it after 300 ms.*whichever task it is from"},
			"begins too early": {func(tasks []func(context.Context) int) iter.Seq[int] {
				ctx, cancel := context.WithCancel(context.Background())
				results := start(ctx, tasks, len(tasks))
				return func(yield func(int) bool) {
					defer cancel()
					handOn(results, len(tasks), yield)
				}
			}, "Nobody has ranged over your iterator, and three tasks are already running"},
			"does not cancel": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					var wg sync.WaitGroup
					defer wg.Wait()
					results := startIn(context.Background(), &wg, tasks, len(tasks))
					handOn(results, len(tasks), yield)
				}
			}, "could have ended after 100 ms, and your iterator ended only after 300 ms"},
			"leaves the tasks alone": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					results := start(context.Background(), tasks, len(tasks))
					handOn(results, len(tasks), yield)
				}
			}, "The loop went on after 100 ms, and two tasks were still running"},
			"senders without a receiver": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					results := start(ctx, tasks, 0)
					handOn(results, len(tasks), yield)
				}
			}, "left two goroutines behind, waiting to send to a channel in `go func\\(\\) { results <- task\\(ctx\\) }\\(\\)`"},
			"waits for senders without a receiver": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					var wg sync.WaitGroup
					defer wg.Wait()
					defer cancel()
					results := startIn(ctx, &wg, tasks, 0)
					handOn(results, len(tasks), yield)
				}
			}, "^Deadlock: .*your function is waiting for a WaitGroup in a deferred call; two goroutines are waiting to send to a channel"},
			"yields after the break": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					results := start(ctx, tasks, len(tasks))
					for range tasks {
						yield(<-results)
					}
				}
			}, "panicked in `yield\\(<-results\\)`.*don't call yield again"},
			"yields in goroutines": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					var wg sync.WaitGroup
					for _, task := range tasks {
						wg.Go(func() {
							yield(task(ctx))
						})
					}
					wg.Wait()
				}
			}, "^Data race: two goroutines are in `yield\\(task\\(ctx\\)\\)`"},
			"does not wait for those that clean up": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					results := start(ctx, tasks, len(tasks))
					handOn(results, len(tasks), yield)
				}
			}, "The loop went on after 100 ms, and two tasks were still running"},
			"cancels at the first result": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					results := start(ctx, tasks, len(tasks))
					defer cancel()
					for range tasks {
						goesOn := yield(<-results)
						cancel()
						if !goesOn {
							return
						}
					}
				}
			}, "result of a task that was cancelled, and nobody had broken the loop"},
			"ends once": {func(tasks []func(context.Context) int) iter.Seq[int] {
				ctx, cancel := context.WithCancel(context.Background())
				return func(yield func(int) bool) {
					var wg sync.WaitGroup
					defer wg.Wait()
					defer cancel()
					results := startIn(ctx, &wg, tasks, len(tasks))
					handOn(results, len(tasks), yield)
				}
			}, `second loop should get three results.*it got \[0 0 0\]`},
			"never ends": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					results := start(ctx, tasks, len(tasks))
					for n := range results {
						if !yield(n) {
							return
						}
					}
				}
			}, "^Deadlock: .*your function is waiting to receive from a channel in `for n := range results {`"},
			"closes too early": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					results := make(chan int, len(tasks))
					for _, task := range tasks {
						go func() { results <- task(context.Background()) }()
					}
					close(results)
					for n := range results {
						if !yield(n) {
							return
						}
					}
				}
			}, "returned after 0 ms, while three tasks were still running"},
			"looks every now and then": {func(tasks []func(context.Context) int) iter.Seq[int] {
				return func(yield func(int) bool) {
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					results := start(ctx, tasks, len(tasks))
					for left := len(tasks); left > 0; {
						select {
						case n := <-results:
							if left--; !yield(n) {
								return
							}
						default:
							time.Sleep(time.Millisecond)
						}
					}
				}
			}, "the loop got it a little later. Don't look every now and then"},
		})
}
