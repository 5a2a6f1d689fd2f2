package notebooks_test

import "fmt"

var _ = claims("threading/02_thread_pool_executor.ipynb",
	// Basic Usage
	cell("basic-python", printsInAnyOrder(
		"Thread 1: starting", "Thread 2: starting", "Thread 0: starting", "Thread 1: starting", "Thread 2: starting",
		"Thread 1: finishing", "Thread 2: finishing", "Thread 0: finishing", "Thread 1: finishing", "Thread 2: finishing")),
	cell("basic-hand", printsNumber(`^sum 91 after ([\d.]+) s$`, 0.3, 0.65)),
	cell("basic-picture-python", printsNothing(), draws("A pool of three threads. main and 3 threads in ")),
	cell("basic-hand-picture", printsNothing(), draws("A pool of three goroutines. 4 goroutines in ")),
	cell("basic-group", printsNumber(`^error <nil> after ([\d.]+) s$`, 0.3, 0.65)),
	cell("basic-group-picture", printsNothing(), draws("Seven goroutines, three at a time. 8 goroutines in ")),

	// Submit Method
	cell("submit-python", prints("done at once: False", "not after 0.1 s", "result: 9", "1 -> 1", "2 -> no twos", "3 -> 9")),
	cell("submit-go", prints("not after 0.1 s", "result: 9 error: <nil>")),
	cell("submit-once", prints("computing", "9 9")),
	cell("submit-completed", prints("1 -> 1", "2 -> no twos", "3 -> 9")),
	cell("callback-python", prints("9 arrived in worker_0", "16 arrived in MainThread")),
	cell("callback-go", prints("9 <nil> arrived, and this is the next line")),

	// Map Method
	cell("map-python", prints("0", "1", "4", "raised: no threes")),
	cell("map-go", prints("[0 1 4 0 16] no threes")),

	// Context Management
	cell("context-python", printsInAnyOrder(append(done(6), "the body failed, and it took 0.3 s to say so")...)),
	cell("context-cancel-python", printsInAnyOrder(append(done(2), "cancelled: 4")...)),
	cell("context-defer",
		matches(`(?m)(^task [0-2], 0\.\d+ s under way: context canceled$\n){3}`), neverMatches("done|, 0.00 s"),
		printsNumber(`^the body failed, and it took ([\d.]+) s to say so$`, 0.1, 0.9)),
	cell("context-go", neverMatches("done"), printsNumber(`^task 1 failed, and it took ([\d.]+) s to say so$`, 0.05, 0.9)),
	cell("context-picture", printsNothing(), draws("The first error stops the others. 7 goroutines in ")),
	cell("nested-python", prints("gave up after 0.5 s")),
	cell("nested-go", printsNothing(), failsWith("all goroutines are asleep - deadlock!")),
	cell("nested-try", prints("no place free, so here: inner", "error: <nil>")),

	// How many workers?
	cell("workers-python", matches(`^\d+ processors, \d+ threads started$`), matches(`^ten tasks of 0\.3 s took \d`)),
	cell("workers-scaling",
		draws("16 tasks, with n at a time"),
		// Each wait takes a little longer than 20 ms, so sixteen in turn take longer than sixteen times that.
		tabulates("waiting 20 ms each Go 16", "speed-up", 4, 40)),

	// Pitfalls
	cell("pitfall-silent-python", prints("all done, and not a word about it")),
	cell("pitfall-first", matches(`^Wait: task \d failed$`), printsAmongOthers("all:", "task 0 failed", "task 1 failed", "task 2 failed")),
	cell("pitfall-capacity", prints("capacity 0 leaves 100 goroutines behind", "capacity 1 leaves 0 goroutines behind")),
	cell("pitfall-context", prints("Wait:    <nil>", "context: context canceled")),
)

// done is what the first n tasks print.
func done(n int) []string {
	var tasks []string
	for i := range n {
		tasks = append(tasks, fmt.Sprintf("task %d done", i))
	}
	return tasks
}
