package grade

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestTimeLimit(t *testing.T) {
	type work = func(context.Context) (string, error)
	type answer = func(ctx context.Context, d time.Duration, f work) (string, error)
	type result struct {
		text string
		err  error
	}
	// start calls f in a goroutine, and returns where its results arrive.
	start := func(ctx context.Context, f work, room int) <-chan result {
		done := make(chan result, room)
		go func() {
			text, err := f(ctx)
			done <- result{text, err}
		}()
		return done
	}
	// first waits for the results or for the end of the context.
	first := func(ctx context.Context, done <-chan result) (string, error) {
		select {
		case r := <-done:
			return r.text, r.err
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	grades(t, TimeLimit,
		map[string]answer{
			"solution": func(ctx context.Context, d time.Duration, f work) (string, error) {
				ctx, cancel := context.WithTimeout(ctx, d)
				defer cancel()
				done := make(chan result, 1)
				go func() {
					text, err := f(ctx)
					done <- result{text, err}
				}()
				select {
				case r := <-done:
					return r.text, r.err
				case <-ctx.Done():
					return "", ctx.Err()
				}
			},
			"by closing": func(ctx context.Context, d time.Duration, f work) (text string, err error) {
				ctx, cancel := context.WithCancelCause(ctx)
				defer cancel(nil)
				timer := time.AfterFunc(d, func() { cancel(context.DeadlineExceeded) })
				defer timer.Stop()
				var r result
				done := make(chan struct{})
				go func() {
					defer close(done)
					r.text, r.err = f(ctx)
				}()
				select {
				case <-done:
					return r.text, r.err
				case <-ctx.Done():
					return "", context.Cause(ctx)
				}
			},
		},
		map[string]refused[answer]{
			"waits for a timer only": {func(ctx context.Context, d time.Duration, f work) (string, error) {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				done := make(chan struct{}, 1)
				var text string
				var err error
				go func() { text, err = f(ctx); done <- struct{}{} }()
				select {
				case <-done:
					return text, err
				case <-time.After(d):
					return "", context.DeadlineExceeded
				}
			}, "cancelled its context after 50 ms, and your function returned after 150 ms.*not only for a timer"},
			"starter": {func(ctx context.Context, d time.Duration, f work) (string, error) {
				return f(ctx)
			}, `f's context is still open`},
			"context only": {func(ctx context.Context, d time.Duration, f work) (string, error) {
				ctx, cancel := context.WithTimeout(ctx, d)
				defer cancel()
				return f(ctx)
			}, `returned after 300 ms, when the work ended. A context only asks`},
			"without capacity": {func(ctx context.Context, d time.Duration, f work) (string, error) {
				ctx, cancel := context.WithTimeout(ctx, d)
				defer cancel()
				return first(ctx, start(ctx, f, 0))
			}, "left one goroutine behind, waiting to send to a channel in `done <- result"},
			"tells nobody": {func(ctx context.Context, d time.Duration, f work) (string, error) {
				withCancel := context.WithCancel // go vet would object
				ctx, cancel := withCancel(ctx)
				done := start(ctx, f, 1)
				select {
				case r := <-done:
					cancel()
					return r.text, r.err
				case <-time.After(d):
					return "", context.DeadlineExceeded
				}
			}, `listens to its context, and it is still at work`},
			"no error": {func(ctx context.Context, d time.Duration, f work) (string, error) {
				ctx, cancel := context.WithTimeout(ctx, d)
				defer cancel()
				text, _ := first(ctx, start(ctx, f, 1))
				return text, nil
			}, `without an error`},
			"another error": {func(ctx context.Context, d time.Duration, f work) (string, error) {
				ctx, cancel := context.WithTimeout(ctx, d)
				defer cancel()
				text, err := first(ctx, start(ctx, f, 1))
				if err != nil {
					err = errors.New("too slow")
				}
				return text, err
			}, `should be context.DeadlineExceeded.*it is "too slow"`},
			"own root": {func(_ context.Context, d time.Duration, f work) (string, error) {
				ctx, cancel := context.WithTimeout(context.Background(), d)
				defer cancel()
				return first(ctx, start(ctx, f, 1))
			}, `Derive your context from the caller's`},
			"always the whole time": {func(ctx context.Context, d time.Duration, f work) (string, error) {
				ctx, cancel := context.WithTimeout(ctx, d)
				defer cancel()
				done := start(ctx, f, 1)
				time.Sleep(d)
				select {
				case r := <-done:
					return r.text, r.err
				default:
					return "", context.DeadlineExceeded
				}
			}, `Return as soon as there is a result`},
			"race": {func(ctx context.Context, d time.Duration, f work) (text string, err error) {
				ctx, cancel := context.WithTimeout(ctx, d)
				defer cancel()
				go func() {
					text, err = f(ctx)
					cancel()
				}()
				<-ctx.Done()
				if err == nil && text == "" {
					err = ctx.Err()
				}
				return text, err
			}, `^Data race`},
			"guesses why": {func(parent context.Context, d time.Duration, f func(context.Context) (string, error)) (string, error) {
				ctx, cancel := context.WithTimeout(parent, d)
				defer cancel()
				done := start(ctx, f, 1)
				select {
				case r := <-done:
					return r.text, r.err
				case <-parent.Done():
					return "", context.Canceled
				case <-ctx.Done():
					return "", ctx.Err()
				}
			}, `looks now and then|The caller's context ended at its own limit`},
			"half a result": {func(ctx context.Context, d time.Duration, f work) (string, error) {
				ctx, cancel := context.WithTimeout(ctx, d)
				defer cancel()
				texts, errs := make(chan string, 1), make(chan error, 1)
				go func() {
					text, err := f(ctx)
					if err != nil {
						errs <- err
						return
					}
					texts <- text
				}()
				select {
				case text := <-texts:
					return text, nil
				case err := <-errs:
					return "", err
				case <-ctx.Done():
					return "", ctx.Err()
				}
			}, `Hand on both results of f`},
			"polling": {func(ctx context.Context, d time.Duration, f work) (string, error) {
				ctx, cancel := context.WithTimeout(ctx, d)
				defer cancel()
				done := make(chan string, 1)
				errs := make(chan error, 1)
				go func() {
					text, err := f(ctx)
					errs <- err
					done <- text
				}()
				for ctx.Err() == nil {
					select {
					case text := <-done:
						return text, <-errs
					default:
						time.Sleep(time.Millisecond)
					}
				}
				return "", ctx.Err()
			}, `looks now and then`},
		})
}
