package grade

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

func TestShutdown(t *testing.T) {
	type requests = <-chan func(context.Context)
	type answer = func(ctx context.Context, in requests, grace time.Duration) error
	errDropped := errors.New("dropped")
	// accept starts requests until ctx ends.
	accept := func(ctx, running context.Context, in requests, wg *sync.WaitGroup) {
		for {
			select {
			case <-ctx.Done():
				return
			case request := <-in:
				wg.Go(func() { request(running) })
			}
		}
	}
	waiting := func(wg *sync.WaitGroup) <-chan struct{} {
		idle := make(chan struct{})
		go func() { wg.Wait(); close(idle) }()
		return idle
	}
	grades(t, Shutdown,
		map[string]answer{
			"solution": func(ctx context.Context, in requests, grace time.Duration) error {
				running, cancel := context.WithCancel(context.Background())
				defer cancel()
				var wg sync.WaitGroup
				accept(ctx, running, in, &wg)
				idle := waiting(&wg)
				select {
				case <-idle:
					return nil
				case <-time.After(grace):
					cancel()
					<-idle
					return errDropped
				}
			},
			"timer cancels": func(ctx context.Context, in requests, grace time.Duration) error {
				running, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
				defer cancel(nil)
				var wg sync.WaitGroup
				accept(ctx, running, in, &wg)
				timer := time.AfterFunc(grace, func() { cancel(errDropped) })
				defer timer.Stop()
				wg.Wait()
				return context.Cause(running)
			},
		},
		map[string]refused[answer]{
			"two workers": {func(ctx context.Context, in requests, grace time.Duration) error {
				inner, cancel := context.WithCancel(context.Background())
				defer cancel()
				var wg sync.WaitGroup
				for range 2 {
					wg.Go(func() {
						for {
							select {
							case <-ctx.Done():
								return
							case request := <-in:
								request(inner)
							}
						}
					})
				}
				<-ctx.Done()
				defer time.AfterFunc(grace, cancel).Stop()
				wg.Wait()
				return inner.Err()
			}, "had to go away. Handle each request in a goroutine of its own"},
			"starter": {func(ctx context.Context, in requests, grace time.Duration) error {
				var wg sync.WaitGroup
				accept(ctx, ctx, in, &wg)
				wg.Wait()
				return nil
			}, `Request 2 was cancelled at 200 ms.*doesn't end when ctx does`},
			"does not wait": {func(ctx context.Context, in requests, grace time.Duration) error {
				var wg sync.WaitGroup
				accept(ctx, context.Background(), in, &wg)
				return nil
			}, `returned after 200 ms, and one request was still running`},
			"one at a time": {func(ctx context.Context, in requests, grace time.Duration) error {
				for {
					select {
					case <-ctx.Done():
						return nil
					case request := <-in:
						request(context.Background())
					}
				}
			}, `had to go away. Handle each request in a goroutine`},
			"deaf": {func(ctx context.Context, in requests, grace time.Duration) error {
				var wg sync.WaitGroup
				for request := range in {
					wg.Go(func() { request(context.Background()) })
				}
				wg.Wait()
				return nil
			}, `told to stop, and never returns`},
			"no end of grace": {func(ctx context.Context, in requests, grace time.Duration) error {
				var wg sync.WaitGroup
				accept(ctx, context.Background(), in, &wg)
				wg.Wait()
				return nil
			}, `Request 3 ran until 5150 ms. The time of grace ended at 500 ms`},
			"always the whole grace": {func(ctx context.Context, in requests, grace time.Duration) error {
				running, cancel := context.WithCancel(context.Background())
				var wg sync.WaitGroup
				accept(ctx, running, in, &wg)
				time.Sleep(grace)
				cancel()
				wg.Wait()
				return nil
			}, `returned after 500 ms; it should at 400 ms`},
			"leaves them": {func(ctx context.Context, in requests, grace time.Duration) error {
				running, cancel := context.WithCancel(context.Background())
				defer cancel()
				var wg sync.WaitGroup
				accept(ctx, running, in, &wg)
				select {
				case <-waiting(&wg):
					return nil
				case <-time.After(grace):
					return errDropped
				}
			}, `still running. Wait for those that have begun, also for those that you have cancelled`},
			"says nothing": {func(ctx context.Context, in requests, grace time.Duration) error {
				running, cancel := context.WithCancel(context.Background())
				defer cancel()
				var wg sync.WaitGroup
				accept(ctx, running, in, &wg)
				defer time.AfterFunc(grace, cancel).Stop()
				wg.Wait()
				return nil
			}, `no error. Somebody has to learn that work was dropped`},
			"takes more": {func(ctx context.Context, in requests, grace time.Duration) error {
				running, cancel := context.WithCancel(context.Background())
				defer cancel()
				var wg sync.WaitGroup
				accept(ctx, running, in, &wg)
				late, end := context.WithTimeout(context.Background(), grace)
				defer end()
				accept(late, running, in, &wg)
				cancel()
				wg.Wait()
				return nil
			}, `^Request 3 came at 250 ms.*begun all the same`},
			"returns at once": {func(ctx context.Context, in requests, grace time.Duration) error {
				return nil
			}, `nobody told it to stop before 200 ms`},
			"polling": {func(ctx context.Context, in requests, grace time.Duration) error {
				running, cancel := context.WithCancel(context.Background())
				defer cancel()
				var wg sync.WaitGroup
				accept(ctx, running, in, &wg)
				idle := waiting(&wg)
				for end := time.Now().Add(grace); time.Now().Before(end); time.Sleep(time.Millisecond) {
					select {
					case <-idle:
						return nil
					default:
					}
				}
				cancel()
				<-idle
				return errDropped
			}, `looks now and then`},
			"grace from the beginning": {func(ctx context.Context, in requests, grace time.Duration) error {
				running, cancel := context.WithTimeout(context.Background(), grace)
				defer cancel()
				var wg sync.WaitGroup
				accept(ctx, running, in, &wg)
				wg.Wait()
				return running.Err()
			}, `was cancelled at 300 ms.*until 500 ms`},
		})
}
