package grade

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

func TestPipeline(t *testing.T) {
	type answer = func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error)
	// feed fetches the items into a channel, and closes that.
	feed := func(items []int, fetch func(int) int) <-chan int {
		fetched := make(chan int)
		go func() {
			defer close(fetched)
			for _, item := range items {
				fetched <- fetch(item)
			}
		}()
		return fetched
	}
	// parseAll parses what comes, up to the first error.
	parseAll := func(fetched <-chan int, parse func(int) (int, error)) (results []int, err error) {
		for f := range fetched {
			result, err := parse(f)
			if err != nil {
				return results, err
			}
			results = append(results, result)
		}
		return results, nil
	}
	grades(t, Pipeline,
		map[string]answer{
			"solution": func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				fetched := make(chan int)
				stop := make(chan struct{})
				var wg sync.WaitGroup
				defer wg.Wait()
				defer close(stop)
				wg.Go(func() {
					defer close(fetched)
					for _, item := range items {
						select {
						case fetched <- fetch(item):
						case <-stop:
							return
						}
					}
				})
				return parseAll(fetched, parse)
			},
			"errgroup, a goroutine for each stage": func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				fetched := make(chan int, 1)
				g, ctx := errgroup.WithContext(context.Background())
				g.Go(func() error {
					defer close(fetched)
					for _, item := range items {
						select {
						case fetched <- fetch(item):
						case <-ctx.Done():
							return nil
						}
					}
					return nil
				})
				var results []int
				g.Go(func() error {
					for f := range fetched {
						result, err := parse(f)
						if err != nil {
							return err
						}
						results = append(results, result)
					}
					return nil
				})
				err := g.Wait()
				return results, err
			},
		},
		map[string]refused[answer]{
			"starter": {func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				var results []int
				for _, item := range items {
					result, err := parse(fetch(item))
					if err != nil {
						return results, err
					}
					results = append(results, result)
				}
				return results, nil
			}, `took 800 ms.*Let item 2 be fetched while item 1 is parsed: then it takes 500 ms`},
			"unbounded": {func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				results := make([]int, len(items))
				var g errgroup.Group
				for i, item := range items {
					g.Go(func() (err error) {
						results[i], err = parse(fetch(item))
						return err
					})
				}
				err := g.Wait()
				return results, err
			}, `Four fetches were in progress at the same time`},
			"leak": {func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				return parseAll(feed(items, fetch), parse)
			}, "left one goroutine behind, waiting to send to a channel in `fetched <- fetch\\(item\\)`|while one task was still running"},
			"goes on after the error": {func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				var results []int
				var first error
				for f := range feed(items, fetch) {
					result, err := parse(f)
					if err != nil && first == nil {
						first = err
					}
					if first == nil {
						results = append(results, result)
					}
				}
				return results, first
			}, `item 20 was parsed all the same`},
			"drains": {func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				fetched := feed(items, fetch)
				results, err := parseAll(fetched, parse)
				for range fetched {
				}
				return results, err
			}, `18 items were fetched after that`},
			"not closed": {func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				fetched := make(chan int)
				go func() {
					for _, item := range items {
						fetched <- fetch(item)
					}
				}()
				return parseAll(fetched, parse)
			}, "^Deadlock: .*your function is waiting to receive from a channel in `for f := range fetched"},
			"error swallowed": {func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				var results []int
				for f := range feed(items, fetch) {
					if result, err := parse(f); err == nil {
						results = append(results, result)
					}
				}
				return results, nil
			}, `returned no error. It should return parse's own error`},
			"busy": {func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				var fetched []int
				var wg sync.WaitGroup
				wg.Go(func() {
					for _, item := range items {
						fetched = append(fetched, fetch(item))
					}
				})
				var results []int
				for len(results) < len(items) {
					if len(fetched) > len(results) {
						result, err := parse(fetched[len(results)])
						if err != nil {
							return results, err
						}
						results = append(results, result)
					}
				}
				wg.Wait()
				return results, nil
			}, `^Data race|keeps the processor busy`},
			"backwards": {func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				items = slices.Clone(items)
				slices.Reverse(items)
				return parseAll(feed(items, fetch), parse)
			}, `in the order of the items; your function returned \[4000`},
			"polling": {func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				fetched := make(chan int, 1)
				stop := make(chan struct{})
				var wg sync.WaitGroup
				defer wg.Wait()
				defer close(stop)
				wg.Go(func() {
					for _, item := range items {
						select {
						case fetched <- fetch(item):
						case <-stop:
							return
						}
					}
				})
				var results []int
				for len(results) < len(items) {
					select {
					case f := <-fetched:
						result, err := parse(f)
						if err != nil {
							return results, err
						}
						results = append(results, result)
					default:
						time.Sleep(time.Millisecond)
					}
				}
				return results, nil
			}, `looks now and then`},
			"counts the one that failed": {func(items []int, fetch func(int) int, parse func(int) (int, error)) ([]int, error) {
				fetched := make(chan int)
				stop := make(chan struct{})
				var wg sync.WaitGroup
				defer wg.Wait()
				defer close(stop)
				wg.Go(func() {
					defer close(fetched)
					for _, item := range items {
						select {
						case fetched <- fetch(item):
						case <-stop:
							return
						}
					}
				})
				var results []int
				for f := range fetched {
					result, err := parse(f)
					results = append(results, result)
					if err != nil {
						return results, err
					}
				}
				return results, nil
			}, `results should be those before it: \[1000\]. Your function returned \[1000 0\]`},
		})
}
