package notebooks_test

var _ = claims("threading/01_basic_threading.ipynb",
	// Single Thread Creation
	cell("single-python", prints("Thread 1: starting", "Thread 1: finishing")),
	cell("single-program", prints("Goroutine 1: starting", "Goroutine 1: finishing", "main: last line")),
	// Whether the goroutine gets as far as to its first line is open; that it is started shows in the cell only.
	cell("single-early", printsAmongOthers("main: last line"), neverMatches("finishing")),
	cell("go worker(1)", printsAmongOthers("main: last line")),
	cell("single-add", prints("Goroutine 1: starting", "Goroutine 1: finishing", "main: last line")),
	cell("go counted(1, &wg)", prints("Goroutine 1: starting", "Goroutine 1: finishing", "main: last line")),
	cell("single-go", prints("Goroutine 1: starting", "Goroutine 1: finishing", "main: last line")),
	cell("single-picture-python",
		printsNothing(), draws("main joins one thread. main and 1 thread in "),
		tabulates("nap", "sleeping", 0.46, 5), tabulates("main", "join", 0.4, 5)),
	cell("single-picture",
		printsNothing(), draws("main waits for one goroutine. 2 goroutines in "),
		tabulates("nap", "sleeping", 0.46, 5), tabulates("main", "WaitGroup", 0.4, 5)),

	// Daemon Threads
	cell("daemon-no-python", prints("background: starting", "main: last line", "background: finishing")),
	cell("daemon-yes-python", prints("background: starting", "main: last line")),
	cell("daemon-defer", prints("background: starting", "background: finishing", "background: cleaned up", "main: last line")),
	cell("daemon-go", prints("background: starting", "main: last line")),

	// Multiple Threads
	cell("multiple-python",
		printsAmongOthers("Thread 4: finishing", "Thread 2: finishing", "Thread 0: finishing"),
		printsAmongOthers("Thread 3: finishing", "Thread 1: finishing"),
		printsNumber(`^([\d.]+) s for 1\.5 s of sleep$`, 0.5, 1.45)),
	cell("multiple-go",
		printsAmongOthers("Goroutine 4: finishing", "Goroutine 2: finishing", "Goroutine 0: finishing"),
		printsAmongOthers("Goroutine 3: finishing", "Goroutine 1: finishing"),
		printsNumber(`^([\d.]+) s for 1\.5 s of sleep$`, 0.5, 1.45)),
	cell("multiple-picture-python",
		printsNothing(), draws("Five threads sleep at the same time. main and 5 threads in "),
		tabulates("nap 0", "sleeping", 0.46, 5), tabulatesMore("nap 0", "nap 4", "sleeping", 1.5), tabulates("main", "join", 0.4, 1.45)),
	cell("multiple-picture",
		printsNothing(), draws("Five goroutines sleep at the same time. 6 goroutines in "),
		tabulates("goroutine 0", "sleeping", 0.46, 5), tabulatesMore("goroutine 0", "goroutine 4", "sleeping", 1.5),
		tabulates("main", "WaitGroup", 0.4, 1.45)),
	cell("multiple-results", prints("[0 1 4 9 16]")),

	// Channels
	cell("channel-send", prints("hello")),
	cell("channel-alone", printsNothing(), failsWith("all goroutines are asleep - deadlock!"), reports("[chan send]")),
	cell("channel-capacity", prints("2 of 2 places taken", "hello again")),
	cell("channel-close", prints(`"the last one" true`, `"" false`)),
	cell("channel-range", prints("received 0", "received 1", "received 2", "closed")),
	cell("channel-order", printsNumber(`^4 0 1 2 3 - (\d+) times$`, 51, 100)),

	// Thread Joining
	cell("joining-python", prints("after 0.2 s, alive: True", "after join, alive: False")),
	cell("joining-done", printsNumber(`^done after ([\d.]+) s$`, 0.2, 2)),
	cell("joining-go", prints("after 0.2 s: not done", "done")),
	cell("stop-python", printsAmongOthers("background: tick 1", "background: tick 2", "background: cleaned up", "main: last line")),
	cell("stop-ticker", prints("tick 1", "tick 2", "tick 3")),
	cell("stop-go", printsAmongOthers("background: tick 1", "background: tick 2", "background: cleaned up", "main: last line")),
	cell("joining-deadlock", prints("the goroutine is done"), failsWith("all goroutines are asleep - deadlock!"), reports("[sync.WaitGroup.Wait]")),
	cell("joining-exception-python", prints("excepthook: ValueError no such file", "main: joined, and knows nothing about it")),
	cell("joining-recover", prints("recovered: no such file", "main: goes on")),
	cell("joining-panic", printsNothing(), failsWith("panic: no such file"), reports("main.fail")),
	cell("joining-error", prints("a.txt -> a.txt: no such file", "b.txt -> <nil>", "c.txt -> c.txt: no such file")),

	// Pitfalls
	cell("pitfall-closure-python", matches(`^2 2 2 $`)),
	cell("pitfall-closure", prints("[true true true]")),
)
