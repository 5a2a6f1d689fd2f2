package timing

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tutorial/helpers/figure"
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
			buf := make([]byte, 1<<20)
			now := waiting(string(buf[:runtime.Stack(buf, true)]))
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

var (
	state = regexp.MustCompile(`^goroutine \d+ [^\[]*\[([^\],]+)`)
	own   = regexp.MustCompile(`(?m)^(?:main|\S+_test)\.[^\n]+\n\t(.+):(\d+)`) // a function of the program's own, and its line
	// others are goroutines that wait for the outside as long as the program runs, whatever a case does.
	others = regexp.MustCompile(`gonbui|os/signal|helpers/display|timing\.watch`)
)

// waiting says who waits for what, from a dump of all stacks. It says nothing if anybody runs, sleeps, or waits for the outside.
func waiting(dump string) string {
	var order []string
	count := map[string]int{}
	for block := range strings.SplitSeq(dump, "\n\n") {
		s := state.FindStringSubmatch(strings.TrimSpace(block))
		if s == nil || others.MatchString(block) {
			continue
		}
		what, ok := waits[s[1]]
		if !ok {
			return ""
		}
		at := own.FindStringSubmatch(block)
		if at == nil {
			continue // The library's own.
		}
		what += " in `" + source(at[1], at[2]) + "`"
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

// source is the text of a line, or its place if the file is gone.
func source(file, line string) string {
	text, err := os.ReadFile(file)
	lines := strings.Split(string(text), "\n")
	n, _ := strconv.Atoi(line)
	if err != nil || n < 1 || n > len(lines) {
		return file + ":" + line
	}
	code, _, _ := strings.Cut(lines[n-1], "//")
	return strings.TrimSpace(code)
}
