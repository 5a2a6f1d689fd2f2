package grade

import (
	"context"
	"errors"
	"time"
)

var _ = register(Exercise{
	Name:  "07_time_limit",
	Title: "A time limit",
	Picture: Picture{
		Title:   "Three calls with a limit of 200 ms",
		Caption: "Who is quick returns early. Who is slow is cancelled after 200 ms. The caller of one that ignores the limit doesn't wait for it.",
		Spans:   []Span{span("quick", 0, 100), cut("slow", 0, 200), span("ignores it", 0, 300)},
	},
})

var errLimit = errors.New("no such page")

// TimeLimit grades a function that calls f, and returns its results, but after d at the latest.
func TimeLimit(answer func(ctx context.Context, d time.Duration, f func(context.Context) (string, error)) (string, error)) Check {
	return Check{"07_time_limit", []Scenario{
		{Name: "a limit of 200 ms and work of 100 ms", Do: func(r *Run) {
			var inner context.Context
			var got string
			var err error
			r.Call(func() {
				got, err = answer(context.Background(), MS(200), func(ctx context.Context) (string, error) {
					inner = ctx
					return "page", r.DoUntil(ctx, "work", MS(100))
				})
			})
			r.WantEach("work")
			r.WantBy(MS(100), "The work was done after 100 ms, and your function returned after %s. Return as soon as there is a result.", Time(r.took))
			if got != "page" || err != nil {
				r.Failf("f returned \"page\" and no error; your function returned %q and %s.", got, returned(err))
			}
			if inner.Err() == nil {
				r.Failf("Your function has returned, and f's context is still open: its timer goes on until the limit. Cancel it in any case, with defer cancel().")
			}
		}},
		{Name: "a limit of 200 ms and work of 10 s that listens to its context", Do: func(r *Run) {
			var got string
			var err error
			r.CallLeaving(func() {
				got, err = answer(context.Background(), MS(200), func(ctx context.Context) (string, error) {
					return "", r.DoUntil(ctx, "work", MS(10_000))
				})
			})
			if r.Running() > 0 {
				r.Failf("Your function returned at the limit. But f listens to its context, and it is still at work: nobody told it to stop. Give it a context that ends at the limit, or cancel it before you return.")
			}
			r.Left()
			r.WantBy(MS(200), "The limit was 200 ms, and your function returned after %s. Give f a context that ends at the limit, and don't wait longer yourself.", Time(r.took))
			if err == nil {
				r.Failf("Nothing was ready at the limit, and your function returned %q without an error. The caller can't tell that from success: return ctx.Err().", got)
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				r.Failf("At the limit the error should be context.DeadlineExceeded, so that the caller can ask with errors.Is; it is %q.", err)
			}
		}},
		{Name: "a limit of 200 ms and work of 300 ms that ignores its context", Do: func(r *Run) {
			var err error
			var told bool
			r.CallLeaving(func() {
				_, err = answer(context.Background(), MS(200), func(ctx context.Context) (string, error) {
					r.Do("work", MS(300))
					told = ctx.Err() != nil
					return "too late", nil
				})
			})
			r.WantBy(MS(200), "The limit was 200 ms, and your function returned after %s, when the work ended. A context only asks: to return in time, run f in a goroutine, and select between its result and ctx.Done().", Time(r.took))
			if !errors.Is(err, context.DeadlineExceeded) {
				r.Failf("At the limit the error should be context.DeadlineExceeded; your function returned %s.", returned(err))
			}
			time.Sleep(MS(1000))
			r.settle()
			if !told {
				r.Failf("The limit had passed, but f's context didn't say so. Give f the context with the limit.")
			}
			r.Left()
		}},
		{Name: "a caller that gives up after 50 ms", Do: func(r *Run) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			time.AfterFunc(MS(50), cancel)
			var err error
			r.Call(func() {
				_, err = answer(ctx, MS(200), func(ctx context.Context) (string, error) {
					return "", r.DoUntil(ctx, "work", MS(10_000))
				})
			})
			r.WantBy(MS(50), "The caller cancelled its context after 50 ms, and your function returned after %s. Derive your context from the caller's.", Time(r.took))
			if !errors.Is(err, context.Canceled) {
				r.Failf("The caller cancelled, so the error should be context.Canceled; your function returned %s.", returned(err))
			}
		}},
		{Name: "a caller that gives up after 50 ms, and work of 150 ms that ignores its context", Do: func(r *Run) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			time.AfterFunc(MS(50), cancel)
			var err error
			r.CallLeaving(func() {
				_, err = answer(ctx, MS(200), func(context.Context) (string, error) {
					r.Do("work", MS(150))
					return "too late", nil
				})
			})
			r.WantBy(MS(50), "The caller cancelled its context after 50 ms, and your function returned after %s, although nobody listens any more. Wait for the end of a context that is derived from the caller's, and not only for a timer.", Time(r.took))
			if !errors.Is(err, context.Canceled) {
				r.Failf("The caller cancelled, so the error should be context.Canceled; your function returned %s.", returned(err))
			}
			time.Sleep(MS(1000))
			r.settle()
			r.Left()
		}},
		{Name: "a caller whose own limit is 50 ms", Do: func(r *Run) {
			ctx, cancel := context.WithTimeout(context.Background(), MS(50))
			defer cancel()
			var err error
			r.Call(func() {
				_, err = answer(ctx, MS(200), func(ctx context.Context) (string, error) {
					return "", r.DoUntil(ctx, "work", MS(10_000))
				})
			})
			r.WantBy(MS(50), "The caller's own limit was 50 ms, and your function returned after %s. Derive your context from the caller's: then the earlier limit counts.", Time(r.took))
			if !errors.Is(err, context.DeadlineExceeded) {
				r.Failf("The caller's context ended at its own limit, so the error should be that context's, %q; your function returned %s. Return ctx.Err(), which knows why it ended.", context.DeadlineExceeded, returned(err))
			}
		}},
		{Name: "work that fails after 100 ms", Do: func(r *Run) {
			var got string
			var err error
			r.Call(func() {
				got, err = answer(context.Background(), MS(200), func(ctx context.Context) (string, error) {
					r.Do("work", MS(100))
					return "half a page", errLimit
				})
			})
			if !errors.Is(err, errLimit) {
				r.Failf("f failed with %q, and your function returned %s. Hand f's own error on.", errLimit, returned(err))
			}
			if got != "half a page" {
				r.Failf("f returned \"half a page\" together with its error, and your function returned %q. Hand on both results of f.", got)
			}
		}},
	}}
}
