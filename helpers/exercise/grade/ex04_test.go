package grade

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

func TestAtMost(t *testing.T) {
	type answer = func(limit int, tasks []func())
	grades(t, AtMost,
		map[string]answer{
			"solution": func(limit int, tasks []func()) {
				jobs := make(chan func())
				var wg sync.WaitGroup
				for range limit {
					wg.Go(func() {
						for task := range jobs {
							task()
						}
					})
				}
				for _, task := range tasks {
					jobs <- task
				}
				close(jobs)
				wg.Wait()
			},
			"errgroup": func(limit int, tasks []func()) {
				var g errgroup.Group
				g.SetLimit(limit)
				for _, task := range tasks {
					g.Go(func() error { task(); return nil })
				}
				_ = g.Wait()
			},
			"semaphore": func(limit int, tasks []func()) {
				places := make(chan struct{}, limit)
				var wg sync.WaitGroup
				for _, task := range tasks {
					places <- struct{}{}
					wg.Go(func() {
						defer func() { <-places }()
						task()
					})
				}
				wg.Wait()
			},
		},
		map[string]refused[answer]{
			"starter": {func(limit int, tasks []func()) {
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(task)
				}
				wg.Wait()
			}, `Seven tasks were in progress at the same time; at most three`},
			"sequential": {func(limit int, tasks []func()) {
				for _, task := range tasks {
					task()
				}
			}, `never more than 1 did`},
			"in groups": {func(limit int, tasks []func()) {
				for len(tasks) > 0 {
					var wg sync.WaitGroup
					n := min(limit, len(tasks))
					for _, task := range tasks[:n] {
						wg.Go(task)
					}
					wg.Wait()
					tasks = tasks[n:]
				}
			}, `Places were empty`},
			"jobs not closed": {func(limit int, tasks []func()) {
				jobs := make(chan func())
				var wg sync.WaitGroup
				for range limit {
					wg.Go(func() {
						for task := range jobs {
							task()
						}
					})
				}
				for _, task := range tasks {
					jobs <- task
				}
				wg.Wait()
			}, "^Deadlock: .*three goroutines are waiting to receive from a channel in `for task := range jobs"},
			"workers left": {func(limit int, tasks []func()) {
				jobs, done := make(chan func()), make(chan struct{}, len(tasks))
				for range limit {
					go func() {
						for task := range jobs {
							task()
							done <- struct{}{}
						}
					}()
				}
				for _, task := range tasks {
					jobs <- task
				}
				for range tasks {
					<-done
				}
			}, "left three goroutines behind, waiting to receive from a channel in `for task := range jobs"},
			"does not wait for the last": {func(limit int, tasks []func()) {
				places := make(chan struct{}, limit)
				for _, task := range tasks {
					places <- struct{}{}
					go func() {
						defer func() { <-places }()
						task()
					}()
				}
			}, `while .* still running`},
			"looks at the number": {func(limit int, tasks []func()) {
				var running atomic.Int64
				var wg sync.WaitGroup
				for _, task := range tasks {
					for running.Load() >= int64(limit) {
						time.Sleep(time.Millisecond)
					}
					running.Add(1)
					wg.Go(func() { defer running.Add(-1); task() })
				}
				wg.Wait()
			}, `later than it could`},
			"shared index": {func(limit int, tasks []func()) {
				next := 0
				var wg sync.WaitGroup
				for range limit {
					wg.Go(func() {
						for next < len(tasks) {
							task := tasks[next]
							next++
							task()
						}
					})
				}
				wg.Wait()
			}, `^Data race`},
			"place never given back": {func(limit int, tasks []func()) {
				places := make(chan struct{}, limit)
				var wg sync.WaitGroup
				for _, task := range tasks {
					places <- struct{}{}
					wg.Go(task)
				}
				wg.Wait()
			}, "^Deadlock: .*waiting to send to a channel in `places <- "},
			"always three": {func(_ int, tasks []func()) {
				var g errgroup.Group
				g.SetLimit(3)
				for _, task := range tasks {
					g.Go(func() error { task(); return nil })
				}
				_ = g.Wait()
			}, `Three tasks were in progress at the same time; at most one is allowed`},
		})
}
