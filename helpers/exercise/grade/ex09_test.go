package grade

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"
)

func TestTryAgain(t *testing.T) {
	type get = func(context.Context) (io.ReadCloser, error)
	type answer = func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error)
	once := func(ctx context.Context, get get) (string, error) {
		body, err := get(ctx)
		if err != nil {
			return "", err
		}
		defer body.Close()
		text, err := io.ReadAll(body)
		return string(text), err
	}
	// pause waits, and reports whether the context has not ended.
	pause := func(ctx context.Context, d time.Duration) bool {
		select {
		case <-time.After(d):
			return true
		case <-ctx.Done():
			return false
		}
	}
	grades(t, TryAgain,
		map[string]answer{
			"solution": func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for {
					if err := ctx.Err(); err != nil {
						return "", err
					}
					text, err := once(ctx, get)
					if attempts--; err == nil || attempts == 0 {
						return text, err
					}
					if !pause(ctx, wait) {
						return "", errors.Join(ctx.Err(), err)
					}
					wait *= 2
				}
			},
			"calls itself": func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				var try func(int, time.Duration) (string, error)
				try = func(left int, wait time.Duration) (string, error) {
					if ctx.Err() != nil {
						return "", ctx.Err()
					}
					text, err := once(ctx, get)
					if err == nil || left == 1 {
						return text, err
					}
					pause(ctx, wait)
					return try(left-1, 2*wait)
				}
				return try(attempts, wait)
			},
			"a deadline as a timer, and all errors": func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				var errs []error
				for i := range attempts {
					if i > 0 {
						pause, cancel := context.WithTimeout(ctx, wait<<(i-1))
						<-pause.Done()
						cancel()
					}
					if ctx.Err() != nil {
						return "", errors.Join(append(errs, ctx.Err())...)
					}
					text, err := once(ctx, get)
					if err == nil {
						return text, nil
					}
					errs = append(errs, err)
				}
				return "", errors.Join(errs...)
			},
			"closed by hand, twice, and read bit by bit": func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for try := 1; ; try++ {
					if ctx.Err() != nil {
						return "", ctx.Err()
					}
					body, err := get(ctx)
					if err == nil {
						var text []byte
						bit := make([]byte, 3)
						for err == nil {
							var n int
							n, err = body.Read(bit)
							text = append(text, bit[:n]...)
						}
						body.Close()
						body.Close()
						if err == io.EOF {
							return string(text), nil
						}
					}
					if try == attempts {
						return "", err
					}
					timer := time.NewTimer(wait)
					select {
					case <-timer.C:
					case <-ctx.Done():
						timer.Stop()
					}
					wait *= 2
				}
			},
		},
		map[string]refused[answer]{
			"starter": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				var last error
				for range attempts {
					body, err := get(ctx)
					if err != nil {
						last = err
						time.Sleep(wait)
						continue
					}
					defer body.Close()
					text, err := io.ReadAll(body)
					return string(text), err
				}
				return "", last
			}, "Try 2 ended after 250 ms, and try 3 began 50 ms later; the wait before it should be 100 ms"},
			"no wait": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for {
					text, err := once(ctx, get)
					if attempts--; err == nil || attempts == 0 {
						return text, err
					}
				}
			}, "Try 1 ended after 100 ms, and try 2 began 0 ms later; the wait before it should be 50 ms"},
			"does not try again": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				return once(ctx, get)
			}, `gave up after one try, with "" and the error "busy". Call get again: four tries are allowed`},
			"waits after the last": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				var last error
				for range attempts {
					text, err := once(ctx, get)
					if err == nil {
						return text, nil
					}
					last = err
					pause(ctx, wait)
					wait *= 2
				}
				return "", last
			}, "The last try failed after 750 ms, and your function returned only after 1150 ms"},
			"one try too many": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				text, err := once(ctx, get)
				for range attempts {
					if err == nil {
						break
					}
					pause(ctx, wait)
					wait *= 2
					text, err = once(ctx, get)
				}
				return text, err
			}, "tried more than four times"},
			"half a text": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for {
					body, err := get(ctx)
					if err == nil {
						defer body.Close()
						text, err := io.ReadAll(body)
						return string(text), err
					}
					if attempts--; attempts == 0 {
						return "", err
					}
					pause(ctx, wait)
					wait *= 2
				}
			}, `gave up after one try, with "the whole te" and the error "unexpected EOF". The connection broke while the text was read`},
			"texts put together": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				all := ""
				for {
					text, err := once(ctx, get)
					all += text
					if attempts--; err == nil || attempts == 0 {
						return all, err
					}
					pause(ctx, wait)
					wait *= 2
				}
			}, `returned "the whole tethe whole text of the page". A try that failed in the middle`},
			"defer in the loop": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for {
					body, err := get(ctx)
					if err == nil {
						defer body.Close()
						var text []byte
						if text, err = io.ReadAll(body); err == nil {
							return string(text), nil
						}
					}
					if attempts--; attempts == 0 {
						return "", err
					}
					pause(ctx, wait)
					wait *= 2
				}
			}, "body of try 1 was read at 100 ms and closed only at 250 ms.*not of its turn in a loop"},
			"never closed": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for {
					body, err := get(ctx)
					if err == nil {
						text, err := io.ReadAll(body)
						return string(text), err
					}
					pause(ctx, wait)
				}
			}, "body of try 1 was never closed"},
			"closed without looking": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for {
					body, err := get(ctx)
					//lint:ignore SA5001 that is the mistake
					defer body.Close()
					if err == nil {
						text, err := io.ReadAll(body)
						return string(text), err
					}
					pause(ctx, wait)
				}
			}, "panicked in `.*: .*nil pointer"},
			"closed before it is read": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				body, err := get(ctx)
				if err != nil {
					return "", err
				}
				body.Close()
				text, err := io.ReadAll(body)
				return string(text), err
			}, "read the body of try 1 after it had closed it"},
			"all tries at once": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				texts := make(chan string, attempts)
				for range attempts {
					go func() {
						text, _ := once(ctx, get)
						texts <- text
					}()
				}
				return <-texts, nil
			}, "called get while another call was under way|^Data race"},
			"sleeps": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for {
					if err := ctx.Err(); err != nil {
						return "", err
					}
					text, err := once(ctx, get)
					if attempts--; err == nil || attempts == 0 {
						return text, err
					}
					time.Sleep(wait)
					wait *= 2
				}
			}, "cancelled after 300 ms, and your function returned after 350 ms. A sleep can't be interrupted"},
			"a context of its own": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for {
					if err := ctx.Err(); err != nil {
						return "", err
					}
					text, err := once(context.Background(), get)
					if attempts--; err == nil || attempts == 0 {
						return text, err
					}
					if !pause(ctx, wait) {
						return "", ctx.Err()
					}
					wait *= 2
				}
			}, "cancelled after 200 ms, and your function returned after 250 ms.*pass the context to get"},
			"goes on after the end": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for {
					text, err := once(ctx, get)
					if attempts--; err == nil || attempts == 0 {
						return text, err
					}
					pause(ctx, wait)
					wait *= 2
				}
			}, "caller had cancelled, and your function called get all the same, at 300 ms"},
			"looks only in the pause": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for {
					text, err := once(ctx, get)
					if attempts--; err == nil || attempts == 0 {
						return text, err
					}
					if !pause(ctx, wait) {
						return "", ctx.Err()
					}
					wait *= 2
				}
			}, "caller had cancelled, and your function called get all the same, at 0 ms"},
			"says only that it failed": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for range attempts {
					if text, err := once(ctx, get); err == nil {
						return text, nil
					}
					if attempts--; attempts > 0 {
						pause(ctx, wait)
					}
					wait *= 2
				}
				return "", errors.New("failed")
			}, `the last one with "out of order", and your function returned the error "failed"`},
			"says the last error, not that it was cancelled": {func(ctx context.Context, attempts int, wait time.Duration, get func(context.Context) (io.ReadCloser, error)) (string, error) {
				for {
					text, err := once(ctx, get)
					if attempts--; err == nil || attempts == 0 {
						return text, err
					}
					if !pause(ctx, wait) {
						return "", err
					}
					wait *= 2
				}
			}, `should be or contain ctx.Err\(\), "context canceled"; your function returned the error "unexpected EOF"`},
		})
}
