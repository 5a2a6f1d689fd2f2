package grade

import (
	"sync"
	"testing"
	"time"
)

func TestFuture(t *testing.T) {
	type compute = func() (int, error)
	type answer = func(compute) func() (int, error)
	type result struct {
		n   int
		err error
	}
	grades(t, Future,
		map[string]answer{
			"solution": func(f compute) func() (int, error) {
				var n int
				var err error
				done := make(chan struct{})
				go func() {
					defer close(done)
					n, err = f()
				}()
				return func() (int, error) {
					<-done
					return n, err
				}
			},
			"once": func(f compute) func() (int, error) {
				get := sync.OnceValues(f)
				go get()
				return get
			},
			"put back": func(f compute) func() (int, error) {
				results := make(chan result, 1)
				go func() {
					n, err := f()
					results <- result{n, err}
				}()
				return func() (int, error) {
					r := <-results
					results <- r
					return r.n, r.err
				}
			},
		},
		map[string]refused[answer]{
			"starter": {func(f compute) func() (int, error) {
				results := make(chan result, 1)
				go func() {
					n, err := f()
					results <- result{n, err}
				}()
				return func() (int, error) {
					r := <-results
					return r.n, r.err
				}
			}, `asks once more, and waits for ever. A channel delivers a value once.*waiting to receive`},
			"closed": {func(f compute) func() (int, error) {
				results := make(chan result, 1)
				go func() {
					n, err := f()
					results <- result{n, err}
					close(results)
				}()
				return func() (int, error) {
					r := <-results
					return r.n, r.err
				}
			}, `Reader 2 got 0 and no error; everybody should get 42`},
			"blocking": {func(f compute) func() (int, error) {
				n, err := f()
				return func() (int, error) { return n, err }
			}, `Starting the computation took 200 ms`},
			"lazy": {func(f compute) func() (int, error) {
				return sync.OnceValues(f)
			}, `had to wait for another 200 ms.*Start the computation at once`},
			"again each time": {func(f compute) func() (int, error) {
				done := make(chan struct{})
				go func() { defer close(done); _, _ = f() }()
				return func() (int, error) { <-done; return f() }
			}, `Compute ran twice`},
			"without capacity": {func(f compute) func() (int, error) {
				results := make(chan result)
				go func() {
					n, err := f()
					for range 3 {
						results <- result{n, err}
					}
				}()
				return func() (int, error) {
					r := <-results
					return r.n, r.err
				}
			}, "left one goroutine behind, waiting to send to a channel in `results <- "},
			"race": {func(f compute) func() (int, error) {
				var n int
				var err error
				go func() { n, err = f() }()
				return func() (int, error) { return n, err }
			}, `^Data race: .*n, err = f`},
			"polling": {func(f compute) func() (int, error) {
				var mu sync.Mutex
				var r *result
				go func() {
					n, err := f()
					mu.Lock()
					defer mu.Unlock()
					r = &result{n, err}
				}()
				return func() (int, error) {
					for {
						mu.Lock()
						now := r
						mu.Unlock()
						if now != nil {
							return now.n, now.err
						}
						time.Sleep(time.Millisecond)
					}
				}
			}, `the readers look again and again`},
			"error swallowed": {func(f compute) func() (int, error) {
				var n int
				done := make(chan struct{})
				go func() {
					defer close(done)
					n, _ = f()
				}()
				return func() (int, error) {
					<-done
					return n, nil
				}
			}, `reader 1 got no error. Store the error`},
			"many copies": {func(f compute) func() (int, error) {
				results := make(chan result, 100)
				go func() {
					n, err := f()
					for range cap(results) {
						results <- result{n, err}
					}
				}()
				return func() (int, error) { r := <-results; return r.n, r.err }
			}, `asks once more, and waits for ever`},
		})
}
