package notebooks_test

var _ = claims("threading/01_basic_threading.ipynb",
	// Single Thread Creation
	cell("single-python", prints("Thread 1: starting", "Thread 1: finishing")),
	cell("single-go", prints("Goroutine 1: starting", "Goroutine 1: finishing")),
	cell("single-picture", draws("main waits for one goroutine")),

	// Daemon Threads
	// Two Python threads that print at once may get their lines mixed up, line ends last.
	cell("daemon-no-python", matches(`background: starting`), matches(`main: last line`), matches(`^background: finishing$`)),
	cell("daemon-yes-python", matches(`main: last line`), neverMatches(`finishing|cleaned up`)),
	cell("daemon-go", printsAmongOthers("main: last line"), neverMatches(`finishing|cleaned up`)),
	cell("daemon-stop-python", printsAmongOthers("background: tick 1", "background: cleaned up", "main: last line")),
	cell("daemon-stop-go", printsAmongOthers("background: tick 1", "background: cleaned up", "main: last line")),
	cell("daemon-stop-picture", draws("A background goroutine is asked to stop")),

	// Multiple Threads
	cell("multiple-python", printsAmongOthers("Thread 4: finishing", "Thread 0: finishing"), printsNumber(`^([\d.]+) s for 1\.5 s of sleep$`, 0.5, 1.4)),
	cell("multiple-go", printsAmongOthers("Goroutine 4: finishing", "Goroutine 0: finishing"), printsNumber(`^([\d.]+) s for 1\.5 s of sleep$`, 0.5, 1.4)),
	cell("multiple-picture", draws("Five goroutines sleep at the same time")),
	cell("multiple-order", printsNumber(`^4 0 1 2 3 - (\d+) times$`, 50, 100)),
	cell("multiple-results", prints("[0 1 4 9 16]")),

	// Thread Joining
	cell("joining-python", prints("after 0.2 s, alive: True", "after join, alive: False")),
	cell("joining-go", prints("after 0.2 s: not done", "done")),
	cell("joining-deadlock", prints("the only goroutine is done"), failsWith("all goroutines are asleep - deadlock!")),
	cell("joining-exception-python", prints("excepthook: ValueError no such file", "main: joined, and none the wiser")),
	cell("joining-panic", printsNothing(), failsWith("panic: no such file")),
	cell("joining-error", prints("a.txt: no such file", "b.txt: no such file")),

	// Pitfalls
	cell("pitfall-closure-python", matches(`\b2 $`)),
	cell("pitfall-closure", prints("[true true true]")),
)
