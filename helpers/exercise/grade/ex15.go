package grade

import (
	"errors"
	"sync"
	"time"
)

var _ = register(Exercise{
	Name:  "15_future",
	Title: "A future with many readers",
	Picture: Picture{
		Title:   "One computation, three readers",
		Caption: "The computation starts at once. Those who ask early wait for it; those who ask later get the same result at once.",
		Spans:   []Span{span("compute", 0, 200), span("reader 1 waits", 50, 200), span("reader 2 waits", 100, 200), span("reader 3", 300, 303)},
	},
})

var errFuture = errors.New("no such number")

// Future grades a function that starts a computation, and returns a function with which any number of readers get its result.
func Future(answer func(compute func() (int, error)) (get func() (int, error))) Check {
	type result struct {
		n   int
		err error
	}
	same := func(r *Run, results []result, want result) {
		for i, got := range results {
			if got.n == want.n && want.err != nil && !errors.Is(got.err, want.err) {
				r.Failf("The computation failed with %q, and reader %d got %s. Store the error beside the number, and return both.", want.err, i+1, returned(got.err))
			}
			if got.n != want.n || !errors.Is(got.err, want.err) {
				r.Failf("Reader %d got %d and %s; everybody should get %d and %s. A value that is sent to a channel goes to one reader only: store it, and let a closed channel say that it is there.", i+1, got.n, returned(got.err), want.n, returned(want.err))
			}
		}
	}
	// later asks so many times after the computation of 50 ms has ended.
	later := func(times int, ends result, stuck string) func(*Run) {
		return func(r *Run) {
			r.IfStuck(stuck)
			results := make([]result, times)
			r.Call(func() {
				get := answer(func() (int, error) { r.Do("compute", MS(50)); return ends.n, ends.err })
				time.Sleep(MS(100))
				for i := range results {
					results[i].n, results[i].err = get()
				}
			})
			r.WantEach("compute")
			same(r, results, ends)
		}
	}
	return Check{"15_future", []Scenario{
		{Name: "a reader who asks after 300 ms, when 200 ms of work are done", Do: func(r *Run) {
			var got result
			var asked time.Duration
			r.Call(func() {
				begin := time.Now()
				get := answer(func() (int, error) { r.Do("compute", MS(200)); return 42, nil })
				if d := time.Since(begin); d > 0 {
					r.Failf("Starting the computation took %s. It should go on in a goroutine of its own, while the caller does something else.", Time(d))
				}
				time.Sleep(MS(300))
				begin = time.Now()
				got.n, got.err = get()
				asked = time.Since(begin)
			})
			r.WantEach("compute")
			if asked > 0 {
				r.Failf("The reader asked after 300 ms and had to wait for another %s, although the work takes 200 ms. Start the computation at once, and not when somebody asks.", Time(asked))
			}
			same(r, []result{got}, result{42, nil})
		}},
		{Name: "a reader who asks a thousand times, later", Do: later(1000, result{42, nil},
			"A reader asks once more, and waits for ever. A channel delivers a value once; after that, nobody sends another one. Store the result, and close the channel: a closed channel never makes anybody wait.")},
		{Name: "a computation that fails, and two readers", Do: later(2, result{0, errFuture}, "The second reader waits for ever.")},
		{Name: "nobody who asks", Do: func(r *Run) {
			r.Call(func() {
				answer(func() (int, error) { r.Do("compute", MS(50)); return 42, nil })
				time.Sleep(MS(100))
			})
		}},
		{Name: "ten readers who ask while it is computed", Real: true, Do: func(r *Run) {
			results := make([]result, 10)
			calls := 0
			release := make(chan struct{})
			asleep, busy := 0, 0
			r.Call(func() {
				get := answer(func() (int, error) { calls++; <-release; return 42, nil })
				var wg sync.WaitGroup
				for i := range results {
					wg.Go(func() { results[i].n, results[i].err = get() })
				}
				for range 4 { // see what they do in the meantime
					time.Sleep(25 * time.Millisecond)
					for _, w := range goroutines(true) {
						switch {
						case w.line != "" && w.state == "sleep":
							asleep++
						case w.line != "" && w.busy():
							busy++
						}
					}
				}
				close(release)
				wg.Wait()
			})
			if asleep > 0 || busy >= 8 {
				r.Failf("While the result is computed, the readers look again and again whether it is there, or sleep in between. Let them wait for something that wakes them: a channel that is closed when the result is stored.")
			}
			if calls != 1 {
				r.Failf("The computation was made %d times for ten readers; once is enough.", calls)
			}
			same(r, results, result{42, nil})
		}},
	}}
}
