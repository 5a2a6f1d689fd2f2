package grade

import (
	"context"
	"errors"
	"sync"
	"time"
)

var _ = register(Exercise{
	Name:  "17_start_gate",
	Title: "A gate that opens for everybody",
	Picture: Picture{
		Title:   "Three runners wait for a gate",
		Caption: "The gate opens at 200 ms, and all who wait start at that moment. Whoever comes later doesn't wait at all.",
		Spans:   []Span{span("runner 1 waits", 0, 200), span("runner 2 waits", 50, 200), span("runner 3 waits", 100, 200), span("runner 4", 300, 303)},
	},
})

// A Gate keeps those who wait until it is opened.
type Gate interface {
	Wait(ctx context.Context) error
	Open()
}

// StartGate grades a gate.
func StartGate(answer func() Gate) Check {
	return Check{"17_start_gate", []Scenario{
		{Name: "three runners at a gate that opens at 200 ms", Do: func(r *Run) {
			r.IfStuck("The gate was opened, and somebody still waits. A value that is sent to a channel wakes one goroutine; close wakes all of them.")
			passed := make([]time.Duration, 3)
			errs := make([]error, 3)
			r.Call(func() {
				gate := answer()
				begin := time.Now()
				var wg sync.WaitGroup
				for i := range passed {
					wg.Go(func() {
						time.Sleep(MS(50 * i))
						errs[i] = gate.Wait(context.Background())
						passed[i] = time.Since(begin)
					})
				}
				time.Sleep(MS(200))
				gate.Open()
				wg.Wait()
			})
			for i, d := range passed {
				switch {
				case errs[i] != nil:
					r.Failf("Runner %d got the error %q, although the gate was opened.", i+1, errs[i])
				case d < MS(200):
					r.Failf("Runner %d passed after %s, and the gate opened at 200 ms. Wait has to wait until somebody opens.", i+1, Time(d))
				case d > MS(200):
					r.Failf("Runner %d passed %s after the gate had opened. Whoever waits should be woken at that moment, and not look again now and then.", i+1, Time(d-MS(200)))
				}
			}
		}},
		{Name: "a gate that is opened when nobody waits, and runners who come later", Do: func(r *Run) {
			r.IfStuck("The gate is open, and still somebody waits. Open has to return at once, even if nobody waits, and the gate stays open: those who come later pass without waiting. A closed channel does just that.")
			r.Call(func() {
				gate := answer()
				gate.Open()
				for range 1000 {
					if err := gate.Wait(context.Background()); err != nil {
						r.Failf("The gate is open, and Wait returned the error %q.", err)
					}
				}
			})
			r.WantTook(0, "since the gate is open")
		}},
		{Name: "a gate that is opened twice", Do: func(r *Run) {
			r.Call(func() {
				gate := answer()
				defer func() {
					if p := recover(); p != nil {
						r.Failf("The second Open panicked: %v. Opening an open gate should do nothing. sync.Once calls a function the first time only.", p)
					}
				}()
				gate.Open()
				gate.Open()
			})
		}},
		{Name: "a gate that twenty goroutines open at once", Do: func(r *Run) {
			r.Call(func() {
				gate := answer()
				var wg sync.WaitGroup
				for range 20 {
					wg.Go(gate.Open)
				}
				wg.Wait()
				if err := gate.Wait(context.Background()); err != nil {
					r.Failf("The gate is open, and Wait returned the error %q.", err)
				}
			})
		}},
		{Name: "one gate after another, each opened by four goroutines at the same moment", Real: true, Do: func(r *Run) {
			r.Call(func() {
				for goesOn := whileItPays(); goesOn(); {
					gate := answer()
					start := make(chan struct{})
					var wg sync.WaitGroup
					for range 4 {
						wg.Go(func() { <-start; gate.Open() })
					}
					close(start)
					wg.Wait()
				}
			})
		}},
		{Name: "a runner who gives up after 100 ms at a gate that opens at 200 ms", Do: func(r *Run) {
			r.IfStuck("The runner's context was cancelled, and the runner still waits. Let Wait select between the gate and ctx.Done().")
			var err error
			var after time.Duration
			r.Call(func() {
				gate := answer()
				ctx, cancel := context.WithTimeout(context.Background(), MS(100))
				defer cancel()
				begin := time.Now()
				time.AfterFunc(MS(200), gate.Open)
				err = gate.Wait(ctx)
				after = time.Since(begin)
				time.Sleep(MS(300) - after)
			})
			if after > MS(100) {
				r.Failf("The runner's context ended after 100 ms, and Wait returned after %s. Let Wait select between the gate and ctx.Done().", Time(after))
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				r.Failf("The runner gave up at the closed gate, so Wait should return ctx.Err(), %q; it returned %s.", context.DeadlineExceeded, returned(err))
			}
		}},
		{Name: "two gates, one of which is opened", Do: func(r *Run) {
			r.Call(func() {
				one, other := answer(), answer()
				one.Open()
				ctx, cancel := context.WithTimeout(context.Background(), MS(100))
				defer cancel()
				if err := other.Wait(ctx); err == nil {
					r.Failf("One gate was opened, and a runner passed another one, which was closed. Each gate needs a state of its own.")
				}
			})
		}},
		{Name: "a gate that nobody opens or waits at", Do: func(r *Run) {
			r.Call(func() { answer() })
		}},
	}}
}
