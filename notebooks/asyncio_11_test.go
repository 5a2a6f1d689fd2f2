package notebooks_test

var _ = claims("asyncio/11_resource_management.ipynb",
	// Resource Management
	cell("resource-python", prints("open database", "use database", "close database", "after the block")),
	cell("resource-go-run", prints("open database", "use database", "close database", "after the function")),
	cell("ways-python", prints(
		"cleaned up", "success -> done", "cleaned up", "an error -> OSError", "cleaned up", "cancellation -> CancelledError")),
	cell("ways-go-run", prints(
		"cleaned up", "success -> <nil>", "cleaned up", "an error -> the disk is full",
		"cleaned up", "a panic -> panic: a bug", "cleaned up", "cancellation -> context canceled")),
	// Each worker lives on after its cancellation, and main waits for it.
	cell("cleanup-picture-python", draws("A cancelled task cleans up. main and 1 task in "), draws("1 was cancelled."),
		tabulates("worker", "sleeping", 0.25, 30), tabulates("main", "task", 0.15, 30)),
	cell("cleanup-picture-go", draws("A cancelled goroutine cleans up. 2 goroutines in "),
		tabulates("worker", "sleeping", 0.19, 30), tabulates("worker", "channel receive", 0.05, 30), tabulates("main", "WaitGroup", 0.15, 30)),

	// Cleanup that must not be cancelled
	cell("shield-python", prints("save: cancelled True", "saved", "shielded: cancelled True")),
	cell("shield-go", prints("plain:    not saved: context canceled", "shielded: <nil>")),

	// In which order?
	cell("order-python", prints("open database", "open mail", "close mail", "close database", "printer: no answer")),
	cell("order-go", prints("open database", "open mail", "close mail", "close database", "printer: no answer")),

	// When closing fails
	cell("closing-python", prints("caught: close: the disk is full", "before: write: bad data")),
	cell("closing-go", prints("careless: <nil>", "careful:  close: the disk is full", `both:     "write: bad data\nclose: the disk is full"`)),

	// Finding a leak
	cell("leak-python", prints("answer from near", "left: far in ask", "left: farther in ask")),
	cell("leak-go-run", matches(`^left: 2$`), matches(`^goroutine \d+ \[chan send\]:\nmain\.first\.func1\(\)\ngoroutine \d+ \[chan send\]:\nmain\.first\.func1\(\)$`)),

	// Ctrl-C
	cell("signal-python", printsInAnyOrder("web has cleaned up", "mail has cleaned up", "all have stopped"),
		matches(`cleaned up\nall have stopped\n\z`)),
	cell("signal-go-run", printsInAnyOrder("stopping: context canceled", "web has cleaned up", "mail has cleaned up", "all have stopped"),
		matches(`cleaned up\nall have stopped\n\z`)),

	// What a context carries
	cell("carries-python", printsInAnyOrder(
		"ann -> the inner limit was up: False", "ann -> the outer limit was up",
		"bob -> the inner limit was up: False", "bob -> the outer limit was up")),
	cell("carries-go", prints("ann -> more than 5 s are left: false", "ann -> context deadline exceeded")),

	// Pitfalls
	cell("pitfall-exit", printsNothing()),
)
