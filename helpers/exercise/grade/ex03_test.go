package grade

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

func TestEveryError(t *testing.T) {
	type answer = func(tasks []func() error) error
	grades(t, EveryError,
		map[string]answer{
			"solution": func(tasks []func() error) error {
				errs := make([]error, len(tasks))
				var wg sync.WaitGroup
				for i, task := range tasks {
					wg.Go(func() { errs[i] = task() })
				}
				wg.Wait()
				return errors.Join(errs...)
			},
			"by channel": func(tasks []func() error) error {
				type failure struct {
					n   int
					err error
				}
				results := make(chan failure)
				for i, task := range tasks {
					go func() { results <- failure{i, task()} }()
				}
				errs := make([]error, len(tasks))
				for range tasks {
					f := <-results
					errs[f.n] = f.err
				}
				return errors.Join(errs...)
			},
			"wrapped": func(tasks []func() error) error {
				errs := make([]error, len(tasks))
				var g errgroup.Group
				for i, task := range tasks {
					g.Go(func() error {
						if err := task(); err != nil {
							errs[i] = fmt.Errorf("number %d: %w", i, err)
						}
						return nil
					})
				}
				if err := g.Wait(); err != nil {
					return err
				}
				return errors.Join(errs...)
			},
		},
		map[string]refused[answer]{
			"an empty list that is not nil": {func(tasks []func() error) error {
				errs := make([]error, len(tasks))
				var wg sync.WaitGroup
				for i, task := range tasks {
					wg.Go(func() { errs[i] = task() })
				}
				wg.Wait()
				var failed several
				for _, err := range errs {
					if err != nil {
						failed = append(failed, err)
					}
				}
				return failed
			}, "returned an empty grade.several. As an error that isn't nil"},
			"starter": {func(tasks []func() error) error {
				var g errgroup.Group
				for _, task := range tasks {
					g.Go(task)
				}
				return g.Wait()
			}, `Two tasks failed.*says only "bad gateway: task 4".*Where is "no such page: task 2"`},
			"sequential": {func(tasks []func() error) error {
				var errs []error
				for _, task := range tasks {
					errs = append(errs, task())
				}
				return errors.Join(errs...)
			}, `took 650 ms; it should take 300 ms.*one after another`},
			"stops at the first": {func(tasks []func() error) error {
				for _, task := range tasks {
					if err := task(); err != nil {
						return err
					}
				}
				return nil
			}, `Task 3 was never started`},
			"swallowed": {func(tasks []func() error) error {
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(func() { _ = task() })
				}
				wg.Wait()
				return nil
			}, `returned no error`},
			"race": {func(tasks []func() error) error {
				var errs []error
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(func() {
						err := task()
						errs = append(errs, err)
					})
				}
				wg.Wait()
				return errors.Join(errs...)
			}, "^Data race: .*`errs = append"},
			"unordered": {func(tasks []func() error) error {
				var errs []error
				var mu sync.Mutex
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(func() {
						err := task()
						mu.Lock()
						defer mu.Unlock()
						errs = append(errs, err)
					})
				}
				wg.Wait()
				return errors.Join(errs...)
			}, `not in the order of the tasks`},
			"first one only, leaking": {func(tasks []func() error) error {
				errs := make(chan error)
				for _, task := range tasks {
					go func() { errs <- task() }()
				}
				return <-errs
			}, `returned after 50 ms, while three tasks were still running`},
			"deadlock": {func(tasks []func() error) error {
				errs := make(chan error)
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(func() { errs <- task() })
				}
				wg.Wait()
				close(errs)
				var all []error
				for err := range errs {
					all = append(all, err)
				}
				return errors.Join(all...)
			}, "^Deadlock: .*your function is waiting for a WaitGroup in `wg.Wait\\(\\)`; four goroutines are waiting to send"},
			"as text": {func(tasks []func() error) error {
				errs := make([]error, len(tasks))
				var wg sync.WaitGroup
				for i, task := range tasks {
					wg.Go(func() { errs[i] = task() })
				}
				wg.Wait()
				return fmt.Errorf("failed: %v", errs)
			}, `names "no such page: task 2" in its text, but errors.Is doesn't find it`},
			"never nil": {func(tasks []func() error) error {
				errs := make([]error, len(tasks))
				var wg sync.WaitGroup
				for i, task := range tasks {
					wg.Go(func() { errs[i] = task() })
				}
				wg.Wait()
				return fmt.Errorf("failed: %w", errors.Join(errs...))
			}, `although no task failed`},
			"sleep": {func(tasks []func() error) error {
				errs := make(chan error, len(tasks))
				for _, task := range tasks {
					go func() { errs <- task() }()
				}
				time.Sleep(time.Second)
				close(errs)
				var all []error
				for err := range errs {
					all = append(all, err)
				}
				return errors.Join(all...)
			}, `^Data race: .*closes.*close\(errs\)`},
			"sorted by text": {func(tasks []func() error) error {
				errs := make(chan error, len(tasks))
				for _, task := range tasks {
					go func() { errs <- task() }()
				}
				var all []error
				for range tasks {
					if err := <-errs; err != nil {
						all = append(all, err)
					}
				}
				slices.SortFunc(all, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
				return errors.Join(all...)
			}, `not in the order of the tasks`},
			"sleeps for a guessed time": {func(tasks []func() error) error {
				var mu sync.Mutex
				errs := make([]error, len(tasks))
				for i, task := range tasks {
					go func() {
						err := task()
						mu.Lock()
						defer mu.Unlock()
						errs[i] = err
					}()
				}
				time.Sleep(time.Second)
				mu.Lock()
				defer mu.Unlock()
				return errors.Join(errs...)
			}, `700 ms later than it could. .*sleeps for a guessed time`},
		})
}

type several []error

func (s several) Error() string   { return errors.Join(s...).Error() }
func (s several) Unwrap() []error { return s }
