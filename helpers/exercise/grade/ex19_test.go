package grade

import (
	"errors"
	"slices"
	"sync"
	"testing"
)

func TestCleanup(t *testing.T) {
	type answer = func(open []Opener, use func() error) error
	grades(t, Cleanup,
		map[string]answer{
			"solution": func(open []Opener, use func() error) (err error) {
				for _, o := range open {
					closer, openErr := o()
					if openErr != nil {
						return openErr
					}
					defer func() { err = errors.Join(err, closer()) }()
				}
				return use()
			},
			"recursive": func(open []Opener, use func() error) error {
				var all func(open []Opener) error
				all = func(open []Opener) (err error) {
					if len(open) == 0 {
						return use()
					}
					closer, err := open[0]()
					if err != nil {
						return err
					}
					defer func() { err = errors.Join(err, closer()) }()
					return all(open[1:])
				}
				return all(open)
			},
			"stack": func(open []Opener, use func() error) (err error) {
				var closers []func() error
				defer func() {
					for _, closer := range slices.Backward(closers) {
						err = errors.Join(err, closer())
					}
				}()
				for _, o := range open {
					closer, err := o()
					if err != nil {
						return err
					}
					closers = append(closers, closer)
				}
				return use()
			},
		},
		map[string]refused[answer]{
			"closes twice": {func(open []Opener, use func() error) error {
				var closers []func() error
				closeAll := func() error {
					var errs []error
					for _, c := range slices.Backward(closers) {
						errs = append(errs, c())
					}
					return errors.Join(errs...)
				}
				defer closeAll()
				for _, o := range open {
					c, err := o()
					if err != nil {
						return err
					}
					closers = append(closers, c)
				}
				err := use()
				return errors.Join(err, closeAll())
			}, `"close C" happened twice`},
			"a result without a name": {func(open []Opener, use func() error) error {
				var err error
				for _, o := range open {
					c, e := o()
					if e != nil {
						return e
					}
					defer func() { err = errors.Join(err, c()) }()
				}
				err = use()
				return err
			}, "got lost.*only if the result has a name"},
			"closed as the argument of a defer": {func(open []Opener, use func() error) (err error) {
				join := func(error, error) {}
				for _, o := range open {
					c, e := o()
					if e != nil {
						return e
					}
					defer join(err, c())
				}
				return use()
			}, `"close A" happened before "use".*its arguments are evaluated at once`},
			"starter": {func(open []Opener, use func() error) error {
				var closers []func() error
				for _, o := range open {
					closer, err := o()
					if err != nil {
						return err
					}
					closers = append(closers, closer)
				}
				if err := use(); err != nil {
					return err
				}
				for _, closer := range closers {
					if err := closer(); err != nil {
						return err
					}
				}
				return nil
			}, `The order should be: .*close it first`},
			"only after success": {func(open []Opener, use func() error) error {
				var closers []func() error
				for _, o := range open {
					closer, err := o()
					if err != nil {
						return err
					}
					closers = append(closers, closer)
				}
				if err := use(); err != nil {
					return err
				}
				for _, closer := range slices.Backward(closers) {
					if err := closer(); err != nil {
						return err
					}
				}
				return nil
			}, `"close C" never happened. Whatever was opened`},
			"all at once": {func(open []Opener, use func() error) error {
				var wg sync.WaitGroup
				closers := make([]func() error, len(open))
				for i, o := range open {
					wg.Go(func() { closers[i], _ = o() })
				}
				wg.Wait()
				return use()
			}, `began before "open . had ended|began before`},
			"not during a panic": {func(open []Opener, use func() error) error {
				var closers []func() error
				var errs []error
				for _, o := range open {
					closer, err := o()
					if err != nil {
						errs = append(errs, err)
						break
					}
					closers = append(closers, closer)
				}
				if len(errs) == 0 {
					errs = append(errs, use())
				}
				for _, closer := range slices.Backward(closers) {
					errs = append(errs, closer())
				}
				return errors.Join(errs...)
			}, `"close C" never happened`},
			"recovers": {func(open []Opener, use func() error) (err error) {
				defer func() { _ = recover() }()
				for _, o := range open {
					closer, openErr := o()
					if openErr != nil {
						return openErr
					}
					defer func() { err = errors.Join(err, closer()) }()
				}
				return use()
			}, `nobody learns of it`},
			"the last error only": {func(open []Opener, use func() error) (err error) {
				for _, o := range open {
					closer, openErr := o()
					if openErr != nil {
						return openErr
					}
					defer func() {
						if closeErr := closer(); closeErr != nil {
							err = closeErr
						}
					}()
				}
				return use()
			}, `The error "use failed" got lost`},
			"leaves the close to a goroutine": {func(open []Opener, use func() error) error {
				for _, o := range open {
					closer, err := o()
					if err != nil {
						return err
					}
					defer func() { go closer() }()
				}
				return use()
			}, `while .* still running`},
			"closes what is not open": {func(open []Opener, use func() error) (err error) {
				for _, o := range open {
					closer, openErr := o()
					defer func() { err = errors.Join(err, closer()) }()
					if openErr != nil {
						return openErr
					}
				}
				return use()
			}, `there is nothing to close: its close is nil`},
			"errors of close only after use": {func(open []Opener, use func() error) (err error) {
				var closers []func() error
				worked := false
				defer func() {
					for _, c := range slices.Backward(closers) {
						if closeErr := c(); worked {
							err = errors.Join(err, closeErr)
						}
					}
				}()
				for _, o := range open {
					c, err := o()
					if err != nil {
						return err
					}
					closers = append(closers, c)
				}
				worked = true
				return use()
			}, `The error "close A failed" got lost: your function returned the error "open B failed"`},
		})
}
