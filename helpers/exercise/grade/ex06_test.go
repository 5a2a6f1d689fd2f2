package grade

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

func TestFirstError(t *testing.T) {
	type work = func(context.Context) error
	type answer = func(ctx context.Context, tasks []work) error
	grades(t, FirstError,
		map[string]answer{
			"solution": func(ctx context.Context, tasks []work) error {
				g, ctx := errgroup.WithContext(ctx)
				for _, task := range tasks {
					g.Go(func() error { return task(ctx) })
				}
				return g.Wait()
			},
			"by hand": func(ctx context.Context, tasks []work) error {
				ctx, cancel := context.WithCancelCause(ctx)
				defer cancel(nil)
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(func() {
						if err := task(ctx); err != nil {
							cancel(err) // the first cause counts
						}
					})
				}
				wg.Wait()
				return context.Cause(ctx)
			},
			"by channel": func(ctx context.Context, tasks []work) error {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				errs := make(chan error)
				for _, task := range tasks {
					go func() { errs <- task(ctx) }()
				}
				var first error
				for range tasks {
					if err := <-errs; err != nil && first == nil {
						first = err
						cancel()
					}
				}
				return first
			},
		},
		map[string]refused[answer]{
			"starter": {func(ctx context.Context, tasks []work) error {
				var g errgroup.Group
				for _, task := range tasks {
					g.Go(func() error { return task(ctx) })
				}
				return g.Wait()
			}, `failed after 100 ms, and your function returned after 400 ms. Nobody told`},
			"sequential": {func(ctx context.Context, tasks []work) error {
				for _, task := range tasks {
					if err := task(ctx); err != nil {
						return err
					}
				}
				return nil
			}, `Task 3 was never started`},
			"does not wait": {func(ctx context.Context, tasks []work) error {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				errs := make(chan error)
				for _, task := range tasks {
					go func() { errs <- task(ctx) }()
				}
				for range tasks {
					if err := <-errs; err != nil {
						return err
					}
				}
				return nil
			}, "left two goroutines behind, waiting to send to a channel"},
			"neither cancels nor waits": {func(ctx context.Context, tasks []work) error {
				errs := make(chan error, len(tasks))
				for _, task := range tasks {
					go func() { errs <- task(ctx) }()
				}
				for range tasks {
					if err := <-errs; err != nil {
						return err
					}
				}
				return nil
			}, `returned after 100 ms, and two tasks were still running. Cancel the others`},
			"the last error": {func(ctx context.Context, tasks []work) error {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				errs := make(chan error)
				for _, task := range tasks {
					go func() { errs <- task(ctx) }()
				}
				var last error
				for range tasks {
					if err := <-errs; err != nil {
						last = err
						cancel()
					}
				}
				return last
			}, `should return the error of the task that failed, "task 2 failed"; it returned "context canceled"`},
			"swallowed": {func(ctx context.Context, tasks []work) error {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(func() {
						if task(ctx) != nil {
							cancel()
						}
					})
				}
				wg.Wait()
				return nil
			}, `your function returned no error`},
			"own root": {func(ctx context.Context, tasks []work) error {
				g, ctx := errgroup.WithContext(context.Background())
				for _, task := range tasks {
					g.Go(func() error { return task(ctx) })
				}
				return g.Wait()
			}, `Derive the tasks' context from the caller's`},
			"race": {func(ctx context.Context, tasks []work) error {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				var first error
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(func() {
						err := task(ctx)
						if err != nil && first == nil {
							first = err
							cancel()
						}
					})
				}
				wg.Wait()
				return first
			}, `^Data race`},
			"cancels at the first end": {func(ctx context.Context, tasks []work) error {
				ctx, cancel := context.WithCancelCause(ctx)
				defer cancel(nil)
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(func() { cancel(task(ctx)) })
				}
				wg.Wait()
				if err := context.Cause(ctx); err != context.Canceled {
					return err
				}
				return nil
			}, `No task failed, and task . was cancelled`},
			"the first in the list": {func(ctx context.Context, tasks []func(context.Context) error) error {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				errs := make([]error, len(tasks))
				var wg sync.WaitGroup
				for i, task := range tasks {
					wg.Go(func() {
						if errs[i] = task(ctx); errs[i] != nil {
							cancel()
						}
					})
				}
				wg.Wait()
				for _, err := range errs {
					if err != nil && !errors.Is(err, context.Canceled) {
						return err
					}
				}
				return ctx.Err()
			}, `failed first in time`},
			"polling": {func(ctx context.Context, tasks []func(context.Context) error) error {
				g, ctx := errgroup.WithContext(ctx)
				var left atomic.Int64
				left.Add(int64(len(tasks)))
				for _, task := range tasks {
					g.Go(func() error { defer left.Add(-1); return task(ctx) })
				}
				for left.Load() > 0 {
					time.Sleep(time.Millisecond)
				}
				return g.Wait()
			}, `looks now and then`},
		})
}
