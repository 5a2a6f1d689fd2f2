package notebooks_test

// Every upper bound of a time below is smaller than what the cell would take if it waited in turn, or for everybody.
var _ = claims("asyncio/04_gather.ipynb",
	// Gather
	cell("gather-python", matches(`^\['A', 'B', 'C'\]$`), printsNumber(`^([\d.]+) s$`, 0.5, 1.15)),
	cell("gather-go-run", matches(`^\[A B C\]$`), printsNumber(`^([\d.]+) s$`, 0.5, 1.15)),
	cell("gather-python-picture", draws("gather waits for three tasks. main and 3 tasks in "),
		tabulates("main", "task", 0.46, 1.15),
		tabulates("fetch 0", "sleeping", 0.46, 2), tabulates("fetch 1", "sleeping", 0.36, 2), tabulates("fetch 2", "sleeping", 0.26, 2)),
	cell("gather-go-picture", draws("main waits for three goroutines. 4 goroutines in "),
		tabulates("main", "WaitGroup", 0.46, 1.15),
		tabulates("goroutine 0", "sleeping", 0.46, 2), tabulates("goroutine 1", "sleeping", 0.36, 2), tabulates("goroutine 2", "sleeping", 0.26, 2)),

	// When one of them fails
	cell("error-python", prints("caught: b is down", "a has arrived", "c has arrived", "main is done")),
	cell("error-go-run", matches(`^\["A" "" "C"\], error: b is down$`), printsNumber(`^([\d.]+) s$`, 0.4, 1.2)),
	cell("error-python-picture", draws("gather gives up, the others go on. main and 3 tasks in "), draws("1 failed."),
		tabulates("main", "task", 0.06, 0.3), tabulates("main", "sleeping", 0.56, 2),
		tabulates("fetch 0", "sleeping", 0.26, 2), tabulates("fetch 2", "sleeping", 0.36, 2)),
	cell("error-go-picture", draws("Wait waits for all, failed or not. 4 goroutines in "),
		tabulates("main", "WaitGroup", 0.36, 1.2), tabulates("main", "sleeping", 0.56, 2),
		tabulates("goroutine 0", "sleeping", 0.26, 2), tabulates("goroutine 1", "sleeping", 0.06, 0.5), tabulates("goroutine 2", "sleeping", 0.36, 2)),

	// Keep every error
	cell("all-python", prints("a: A", "b: failed: b is down", "c: C", "d: failed: d is down")),
	cell("all-go-run", prints(`["A" "" "C" ""]`, "b: down", "d: down", "is one of them errDown? true")),

	// As they arrive
	cell("completed-python", prints("C", "B", "A")),
	cell("completed-go", prints("C", "B", "A")),

	// The first one wins
	cell("wait-python", prints("from near", "far was stopped")),
	cell("wait-python-picture", draws("The far mirror is cancelled. main and 2 tasks in "), draws("1 was cancelled."),
		tabulates("near", "sleeping", 0.06, 2), tabulates("far", "sleeping", 0.06, 2), tabulates("main", "task", 0.06, 2)),
	cell("wait-go-picture", prints("far was stopped", "from near"), draws("The far mirror hears that it lost. 3 goroutines in "),
		tabulates("main", "channel receive", 0.06, 2), tabulates("goroutine 0", "select", 0.06, 2), tabulates("goroutine 1", "select", 0.06, 2)),

	// Pitfalls
	cell("pitfall-limit-python", prints("most at once: 100")),
	cell("pitfall-limit-go", printsAmongOthers("error: <nil>"), printsNumber(`^most at once: (\d+)$`, 3, 10)),
	cell("pitfall-list-python", prints("TypeError: unhashable type: 'list'", "['A', 'B']")),
	cell("pitfall-wait-python", prints("done: 0 pending: 1 cancelled: False", "and then: late", "timed out, cancelled: True")),
)
