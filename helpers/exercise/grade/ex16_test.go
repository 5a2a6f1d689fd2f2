package grade

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/semaphore"
)

func TestWeighted(t *testing.T) {
	type answer = func(ctx context.Context, memory int, sizes []int, job func(i int)) error
	errSize := errors.New("too large")
	tooLarge := func(memory int, sizes []int) bool {
		return slices.ContainsFunc(sizes, func(n int) bool { return n > memory })
	}
	// inTurn runs the jobs whatever their sizes are; back says how much of its memory a job gives back.
	inTurn := func(ctx context.Context, memory int, sizes []int, job func(i int), back func(size int) int) error {
		free := semaphore.NewWeighted(int64(memory))
		var wg sync.WaitGroup
		defer wg.Wait()
		for i, size := range sizes {
			if err := free.Acquire(ctx, int64(size)); err != nil {
				return err
			}
			wg.Go(func() {
				job(i)
				free.Release(int64(back(size)))
			})
		}
		return nil
	}
	all := func(size int) int { return size }
	grades(t, Weighted,
		map[string]answer{
			"solution": func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				if tooLarge(memory, sizes) {
					return errSize
				}
				return inTurn(ctx, memory, sizes, job, all)
			},
			"one goroutine takes units": func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				if tooLarge(memory, sizes) {
					return errSize
				}
				units := make(chan struct{}, memory)
				var wg sync.WaitGroup
				defer wg.Wait()
				for i, size := range sizes {
					for range size {
						select {
						case units <- struct{}{}:
						case <-ctx.Done():
							return ctx.Err()
						}
					}
					wg.Go(func() {
						job(i)
						for range size {
							<-units
						}
					})
				}
				return nil
			},
		},
		map[string]refused[answer]{
			"gives back one unit": {func(ctx context.Context, memory int, sizes []int, job func(int)) error {
				return inTurn(ctx, memory, sizes, job, func(int) int { return 1 })
			}, "one has given back less than it had taken"},
			"starter": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				units := make(chan struct{}, memory)
				var wg sync.WaitGroup
				for i, size := range sizes {
					wg.Go(func() {
						for range size {
							units <- struct{}{}
						}
						job(i)
						for range size {
							<-units
						}
					})
				}
				wg.Wait()
				return nil
			}, `hold a part of the memory that they need.*waiting to send`},
			"no limit": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				var wg sync.WaitGroup
				for i := range sizes {
					wg.Go(func() { job(i) })
				}
				wg.Wait()
				return nil
			}, `20 jobs were in progress that need 120 together`},
			"counts jobs": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				return inTurn(ctx, memory, slices.Repeat([]int{1}, len(sizes)), job, all)
			}, `10 jobs were in progress that need 60 together`},
			"sequential": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				for i := range sizes {
					job(i)
				}
				return nil
			}, `one after another`},
			"any order": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				free := semaphore.NewWeighted(int64(memory))
				var wg sync.WaitGroup
				for i, size := range sizes {
					wg.Go(func() {
						if free.Acquire(ctx, int64(size)) == nil {
							defer free.Release(int64(size))
							job(i)
						}
					})
				}
				wg.Wait()
				return nil
			}, `began before job \d+, which comes first`},
			"no error for a large one": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				return inTurn(ctx, memory, sizes, job, all)
			}, `more than there is waits for ever`},
			"a late error for a large one": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				if at := slices.IndexFunc(sizes, func(n int) bool { return n > memory }); at >= 0 {
					_ = inTurn(ctx, memory, sizes[:at], job, all)
					return errSize
				}
				return inTurn(ctx, memory, sizes, job, all)
			}, `but one job had run by then`},
			"leaves out a large one": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				small := slices.DeleteFunc(slices.Clone(sizes), func(n int) bool { return n > memory })
				return inTurn(ctx, memory, small, job, all)
			}, `returned no error`},
			"ignores the context": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				if tooLarge(memory, sizes) {
					return errSize
				}
				return inTurn(context.Background(), memory, sizes, job, all)
			}, `has to give up when the context ends`},
			"does not wait": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				if tooLarge(memory, sizes) {
					return errSize
				}
				free := semaphore.NewWeighted(int64(memory))
				var wg sync.WaitGroup
				for i, size := range sizes {
					if err := free.Acquire(ctx, int64(size)); err != nil {
						return err
					}
					wg.Go(func() { defer free.Release(int64(size)); job(i) })
				}
				wg.Wait()
				return nil
			}, `returned after 50 ms, and two jobs were still running`},
			"hides the cancellation": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				if tooLarge(memory, sizes) {
					return errSize
				}
				_ = inTurn(ctx, memory, sizes, job, all)
				return nil
			}, `should return ctx.Err\(\)`},
			"polling": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				if tooLarge(memory, sizes) {
					return errSize
				}
				free := semaphore.NewWeighted(int64(memory))
				var wg sync.WaitGroup
				defer wg.Wait()
				for i, size := range sizes {
					for !free.TryAcquire(int64(size)) {
						time.Sleep(100 * time.Microsecond)
						if ctx.Err() != nil {
							return ctx.Err()
						}
					}
					wg.Go(func() {
						defer free.Release(int64(size))
						job(i)
					})
				}
				return nil
			}, `looks now and then`},
			"looks at the context only while it waits": {func(ctx context.Context, memory int, sizes []int, job func(i int)) error {
				if tooLarge(memory, sizes) {
					return errSize
				}
				free := semaphore.NewWeighted(int64(memory))
				var wg sync.WaitGroup
				defer wg.Wait()
				for i, size := range sizes {
					if !free.TryAcquire(int64(size)) {
						if err := free.Acquire(ctx, int64(size)); err != nil {
							return err
						}
					}
					wg.Go(func() {
						defer free.Release(int64(size))
						job(i)
					})
				}
				return nil
			}, `cancelled before the call, and one job was begun`},
		})
}
