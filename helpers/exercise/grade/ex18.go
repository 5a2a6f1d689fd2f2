package grade

import (
	"context"
	"fmt"
	"time"
)

var _ = register(Exercise{
	Name:  "18_graceful_shutdown",
	Title: "Stop without dropping work",
	Picture: Picture{
		Title:   "A server that is told to stop at 200 ms, and gives 300 ms of grace",
		Caption: "Request 1 is done before, request 2 in the time of grace. Request 3 takes too long: it is cancelled at 500 ms, and the server returns.",
		Spans:   []Span{span("request 1", 0, 150), span("request 2", 100, 400), cut("request 3", 150, 500)},
	},
})

// Shutdown grades a server that finishes what it has begun when it is told to stop, and cancels it if that takes too long.
func Shutdown(answer func(ctx context.Context, requests <-chan func(context.Context), grace time.Duration) error) Check {
	// A request arrives after a time, and takes a time. If it is cancelled, it needs another time to end.
	type request struct {
		name                string
		at, takes, cleaning int
	}
	const stop, grace = 200, 300
	// run serves the requests, and says which of them the server took, and when it returned.
	run := func(r *Run, requests []request) (took time.Duration, err error) {
		r.IfStuck("The server was told to stop, and never returns. Select between a request and ctx.Done(): a server that only waits for requests learns of nothing else.")
		taken := make([]bool, len(requests))
		running := 0
		r.CallLeaving(func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			arriving := make(chan func(context.Context))
			gone := make(chan struct{})
			begin := time.Now()
			r.Go(func() {
				defer close(gone)
				for i, q := range requests {
					time.Sleep(MS(q.at) - time.Since(begin))
					handle := func(ctx context.Context) {
						if r.DoUntil(ctx, q.name, MS(q.takes)) != nil && q.cleaning > 0 {
							r.Do(q.name+" cleans up", MS(q.cleaning))
						}
					}
					select {
					case arriving <- handle:
						taken[i] = true
					case <-time.After(MS(10)): // nobody takes it, so the client goes away
					}
				}
			})
			time.AfterFunc(MS(stop), cancel)
			err = answer(ctx, arriving, MS(grace))
			took = time.Since(begin)
			running = r.Running()
			<-gone
		})
		if took < MS(stop) {
			r.Failf("The server returned after %s, and nobody told it to stop before 200 ms. It should serve any number of requests until its context ends.", Time(took))
		}
		if running > 0 {
			r.Failf("Your function returned after %s, and %s still running. Wait for those that have begun, also for those that you have cancelled.", Time(took), Plural(running, "request was", "requests were"))
		}
		r.Left()
		for i, q := range requests {
			switch {
			case q.at > stop && taken[i]:
				r.Failf("%s came at %s, after the server was told to stop at 200 ms, and was begun all the same. Take no more requests once ctx has ended.", upper(q.name), Time(MS(q.at)))
			case q.at < stop && !taken[i]:
				r.Failf("%s came at %s, when the server was not yet told to stop, and had to go away. Handle each request in a goroutine of its own, so that the server is free for the next one.", upper(q.name), Time(MS(q.at)))
			}
		}
		for _, s := range r.Spans() {
			switch {
			case s.Cancelled && s.End < MS(stop+grace):
				r.Failf("%s was cancelled at %s. The server was told to stop at 200 ms, and what has begun by then has 300 ms of grace, until 500 ms. Give the requests a context that doesn't end when ctx does.", upper(s.Name), Time(s.End))
			case s.End > MS(stop+grace) && s.Start < MS(stop+grace):
				r.Failf("%s ran until %s. The time of grace ended at 500 ms: cancel the context of the requests then.", upper(s.Name), Time(s.End))
			}
		}
		return took, err
	}
	// soon wants the server to return just when it can.
	soon := func(r *Run, took, want time.Duration, why string) {
		if took > want && took < want+late {
			r.Failf("%s", r.looksAgain(want))
		}
		if took > want {
			r.Failf("Your function returned after %s; it should at %s, %s. Wait for the requests and the time of grace in one select: whichever comes first counts.", Time(took), Time(want), why)
		}
	}
	well := func(r *Run, err error) {
		if err != nil {
			r.Failf("Every request was finished, and your function returned the error %q.", err)
		}
	}
	return Check{"18_graceful_shutdown", []Scenario{
		{Name: "two requests, of which one goes on after the server is told to stop, and a third that comes too late", Do: func(r *Run) {
			took, err := run(r, []request{{"request 1", 0, 150, 0}, {"request 2", 100, 300, 0}, {"request 3", 250, 10, 0}})
			well(r, err)
			soon(r, took, MS(400), "when the last request is done")
		}},
		{Name: "twenty requests at nearly the same time, and nothing under way when the server is told to stop", Do: func(r *Run) {
			var requests []request
			for i := range 20 {
				requests = append(requests, request{fmt.Sprint("request ", i+1), 2 * i, 100, 0})
			}
			took, err := run(r, requests)
			well(r, err)
			soon(r, took, MS(200), "since there is nothing to wait for")
		}},
		{Name: "a request that takes longer than the time of grace", Do: func(r *Run) {
			took, err := run(r, []request{{"request 1", 0, 150, 0}, {"request 2", 100, 300, 0}, {"request 3", 150, 5000, 0}})
			if err == nil {
				r.Failf("Request 3 was cancelled, and your function returned no error. Somebody has to learn that work was dropped.")
			}
			soon(r, took, MS(500), "when the time of grace is over")
		}},
		{Name: "a request that needs 50 ms to clean up when it is cancelled", Do: func(r *Run) {
			took, err := run(r, []request{{"request 1", 100, 5000, 50}})
			if err == nil {
				r.Failf("Request 1 was cancelled, and your function returned no error. Somebody has to learn that work was dropped.")
			}
			soon(r, took, MS(550), "when the request has cleaned up")
		}},
	}}
}
