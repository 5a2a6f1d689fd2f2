package timing

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"tutorial/helpers/figure"
	"tutorial/helpers/stacks"
)

// A run in which nothing has moved for patience is told of, and after endurance times as long the measurement ends.
const (
	patience  = 5 * time.Second
	endurance = 4
)

// watch looks now and then whether the run that is on still moves. tell is told who waits for what, fail that it has gone on for
// so long. Nothing happens in the first seconds of a run, which is longer than most take.
func watch(tell func(string), fail func(error)) (stop func()) {
	done := make(chan struct{})
	go func() {
		ticker := time.NewTicker(patience)
		defer ticker.Stop()
		before, same := "", 0
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			now := waiting(stacks.All())
			if same++; now == "" || now != before {
				before, same = now, 0
			}
			if same > 0 {
				said := fmt.Sprintf("nothing has moved for %s: %s", shortDuration(time.Duration(same)*patience), now)
				if tell(said); same == endurance {
					fail(errors.New(said))
				}
			}
		}
	}()
	return sync.OnceFunc(func() { close(done) })
}

// waits are the states, as the runtime calls them, that only another goroutine can end, or a timer.
var waits = map[string]string{
	"chan receive": "to receive from a channel", "chan receive (nil chan)": "to receive from a nil channel",
	"chan send": "to send on a channel", "chan send (nil chan)": "to send on a nil channel",
	"select": "in a select", "select (no cases)": "in a select without cases",
	"semacquire": "for a lock or a WaitGroup", "sync.WaitGroup.Wait": "for a WaitGroup", "sync.Cond.Wait": "for a condition",
	"sync.Mutex.Lock": "for a lock", "sync.RWMutex.Lock": "for a lock", "sync.RWMutex.RLock": "for a lock",
}

// others are goroutines that wait for the outside as long as the program runs, whatever a case does.
var others = regexp.MustCompile(`gonbui|os/signal|helpers/display|timing\.watch`)

// waiting says who waits for what. It says nothing if anybody runs, sleeps, or waits for the outside.
func waiting(all []stacks.Goroutine) string {
	var order []string
	count := map[string]int{}
	for _, g := range all {
		if slices.ContainsFunc(g.Frames, func(f stacks.Frame) bool { return others.MatchString(f.Function) }) {
			continue
		}
		what, ok := waits[g.State]
		if !ok {
			return ""
		}
		at := slices.IndexFunc(g.Frames, own)
		if at < 0 {
			continue // The library's own.
		}
		what += " in `" + g.Frames[at].Source() + "`"
		if count[what]++; count[what] == 1 {
			order = append(order, what)
		}
	}
	slices.Sort(order)
	for i, what := range order {
		if n := count[what]; n == 1 {
			order[i] = "one goroutine waits " + what
		} else {
			order[i] = figure.Count(n) + " goroutines wait " + what
		}
	}
	return upToSix(order)
}

// own reports whether a frame is of a function of the program's own.
func own(f stacks.Frame) bool {
	return !f.Created && (strings.HasPrefix(f.Function, "main.") || strings.Contains(f.Function, "_test."))
}
