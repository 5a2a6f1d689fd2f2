package notebooks_test

var _ = claims("asyncio/10_event.ipynb",
	// Events
	cell("wake-python", prints("open", "Ann runs", "Bob runs", "Cleo runs", "latecomer runs")),
	cell("wake-go",
		printsInAnyOrder("open", "Ann runs", "Bob runs", "Cleo runs", "latecomer runs"),
		matches(`\Aopen\n(?:\w+ runs\n){3}latecomer runs$`)),
	// All are woken at once: in a staircase, the last would wait three times as long as the first.
	cell("wake-picture-python",
		draws("Three tasks at a gate. main and 3 tasks in "),
		tabulates("run 0", "event", 0.06, 30), tabulates("run 0", "sleeping", 0.09, 30), tabulates("run 2", "sleeping", 0.09, 30),
		tabulatesMore("run 0", "run 1", "event", 0.45), tabulatesMore("run 0", "run 2", "event", 0.45)),
	cell("wake-picture-go",
		draws("Three goroutines at a gate. 4 goroutines in "),
		tabulates("runner 0", "channel receive", 0.06, 30), tabulates("runner 0", "sleeping", 0.09, 30), tabulates("runner 2", "sleeping", 0.09, 30),
		tabulatesMore("runner 0", "runner 2", "channel receive", 0.45), tabulatesMore("runner 2", "runner 0", "channel receive", 0.45)),

	// Waiting with a timeout
	cell("timeout-python", prints("gave up after 0.1 s", "open")),
	cell("timeout-go", prints("gave up after 0.1 s", "open")),
	cell("isset-go", prints("false", "true")),

	// Set and clear
	cell("clear-python", prints("first drives, green: False", "second still waits: True", "second drives, green: True")),
	cell("clear-go-run", prints("first drives, green: false", "second still waits", "second drives, green: true")),

	// Waiting until something is true
	cell("cond-python", prints("dish 1", "dish 2", "dish 3", "serves 3")),
	cell("cond-go", prints("dish 1", "dish 2", "dish 3", "serves 3")),

	// Start gate and shutdown signal. Had a worker slept through its pause, all would last 10 s.
	cell("stop-python",
		printsAmongOthers("Ann looks for mail", "Bob looks for mail", "Ann goes home", "Bob goes home"),
		printsNumber(`^all home after ([\d.]+) s$`, 0.19, 9)),
	cell("stop-go-run",
		matches(`\A(?:\w+ looks for mail\n){2}(?:\w+ goes home: we're closing\n){2}all home`),
		printsAmongOthers("Ann looks for mail", "Ann goes home: we're closing"), printsAmongOthers("Bob looks for mail", "Bob goes home: we're closing"),
		neverMatches("too late"), printsNumber(`^all home after ([\d.]+) s$`, 0.19, 9)),

	// The missed signal
	cell("missed-python", prints("nobody has called")),
	cell("missed-go", printsNothing(), failsWith("all goroutines are asleep - deadlock!"), reports("sync.Cond.Wait")),
	cell("missed-every",
		draws("A signal without a memory. 2 of 3 orders end wrong. Deadlock: waiter waits for a signal of changed."),
		draws("goes wrong at step 1: cook wakes all of changed: nobody waits")),
	cell("missed-mended", draws("A signal with a memory. All 5 orders end right.")),

	// Pitfalls
	cell("twice-python", prints("set: True")),
	cell("twice-go", printsNothing(), failsWith("panic: close of closed channel")),
	cell("twice-mended", prints("set: true")),
)
