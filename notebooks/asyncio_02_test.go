package notebooks_test

import (
	"fmt"
	"testing"

	"tutorial/kernel-setup/notebook"
)

var _ = claims("asyncio/02_sequential.ipynb",
	// Sequential Async
	cell("sum-python", matches(`^news mail weather after `), printsNumber(`after ([\d.]+) s$`, 0.6, 3)),
	cell("sum-go", matches(`^news mail weather after `), printsNumber(`after ([\d.]+) s$`, 0.6, 3)),
	cell("first-python", matches(`^news mail weather$`), printsNumber(`^after ([\d.]+) s$`, 0.6, 3)),
	// One after another, the four would take 2 s.
	cell("chain-python", printsAmongOthers("['order 3a', 'order 3b']", "['order 4a', 'order 4b']", "['order 5a', 'order 5b']", "['order 7a', 'order 7b']"),
		printsNumber(`^all four after ([\d.]+) s$`, 0.5, 1.9)),
	cell("chain-go-run", printsAmongOthers("[order 3a order 3b]", "[order 4a order 4b]", "[order 5a order 5b]", "[order 7a order 7b]"),
		printsNumber(`^all four after ([\d.]+) s$`, 0.5, 1.9)),
	cell("chain-picture-python", draws("Four customers, each served in sequence. main and 4 tasks in "), draws("The others mostly slept"),
		tabulates("serve 0", "sleeping", 0.45, 3), tabulates("serve 3", "sleeping", 0.45, 3), tabulates("main", "task", 0.45, 1.9)),
	cell("chain-picture-go", draws("Four customers, each served in sequence. 5 goroutines in "), draws("The others mostly slept"),
		tabulates("goroutine 0", "sleeping", 0.45, 3), tabulates("goroutine 3", "sleeping", 0.45, 3), tabulates("main", "WaitGroup", 0.45, 1.9)),

	// One coroutine that blocks them all
	cell("block-python", beats(0.8, 5)),
	cell("block-picture-python", draws("A report holds the event loop. main and 3 tasks in "),
		tabulates("report 0", "holds up the loop", 0.35, 3), tabulates("report 1", "holds up the loop", 0.35, 3),
		tabulates("heartbeat", "ready, loop busy", 0.5, 5)),
	cell("block-go", beats(0.1, 0.75), draws("A report holds nobody but itself. 4 goroutines in "),
		tabulates("report 0", "sleeping", 0.35, 3), tabulates("report 1", "sleeping", 0.35, 3)),
	cell("debug-python", matches(`^<Task finished name='Task-\d' coro=<report\(\) took 0\.\d s$`)),
	cell("busy-python", beats(0.8, 5)),
	cell("busy-go", beats(0.1, 0.75)),

	// To a thread, please
	cell("thread-python", beats(0.1, 0.75)),
	cell("thread-picture-python", draws("Two threads hold the reports, and the loop is free. main, 2 threads and 3 tasks in "),
		tabulates("to_thread 0", "thread", 0.35, 3), tabulates("to_thread 1", "thread", 0.35, 3), tabulates("asyncio_0", "sleeping", 0.35, 3)),
	cell("pool-python", printsNumber(`^as many calls as threads: ([\d.]+) s$`, 0.3, 5), printsNumber(`^one more: ([\d.]+) s$`, 0.6, 5)),
	cell("pool-go", printsNumber(`^1000 calls: ([\d.]+) s$`, 0.3, 5), printsNumber(`^threads: (\d+)$`, 1, 100)),
	cell("child-python", beats(0.1, 0.75), printsAmongOthers("the other program has ended")),
	cell("child-go", beats(0.1, 0.75), printsAmongOthers("the other program has ended"),
		draws("A system call takes a thread, not the processor. 3 goroutines in "), draws("with 1 processor"), draws("child waited in a system call for "),
		tabulates("child", "system call", 0.5, 5)),

	// Pitfalls
	cell("pitfall-loop-python",
		printsNumber(`^\[0, 1, 2, 3, 4, 5, 6, 7, 8, 9\] in a loop: ([\d.]+) s$`, 1, 5),
		printsNumber(`^\[0, 1, 2, 3, 4, 5, 6, 7, 8, 9\] gathered:  ([\d.]+) s$`, 0.1, 0.9)),
)

// beats wants four beats of the heart, the first of them from low to high seconds after the beginning.
func beats(low, high float64) check {
	return func(c notebook.Cell) error { return beatsIn(output(c), low, high) }
}

func beatsIn(printed []string, low, high float64) error {
	var found []float64
	for _, line := range printed {
		var seconds float64
		if n, _ := fmt.Sscanf(line, "beat at %f s", &seconds); n == 1 {
			found = append(found, seconds)
		}
	}
	if len(found) != 4 || found[0] < low || found[0] > high {
		return fmt.Errorf("it should print four beats, the first from %v to %v s, and prints them at %v", low, high, found)
	}
	return nil
}

func TestHeartbeatsControl(t *testing.T) {
	t.Parallel()
	four := []string{"beat at 0.1 s", "beat at 0.2 s", "done", "beat at 0.3 s", "beat at 0.4 s"}
	if err := beatsIn(four, 0.1, 0.2); err != nil {
		t.Error(err)
	}
	if beatsIn(four, 0.2, 1) == nil || beatsIn(four, 0, 0.05) == nil || beatsIn(four[1:], 0.1, 1) == nil {
		t.Error("a first beat at another time, or three beats, should be found")
	}
}
