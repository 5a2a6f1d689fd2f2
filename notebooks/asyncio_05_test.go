package notebooks_test

// The upper bounds are far below the five seconds of what is to be stopped.
var _ = claims("asyncio/05_task_groups.ipynb",
	// Task Groups
	cell("groups-python", prints("in the block, a is done: False", "after the block: A B")),
	cell("groups-go", prints("after Wait: A B")),

	// Cancel the others
	cell("cancel-python", matches(`^caught: \(ConnectionError\('b is down'\),\)$`), printsNumber(`^([\d.]+) s$`, 0.1, 2)),
	cell("cancel-go-run", matches(`^error: b is down$`), printsNumber(`^([\d.]+) s$`, 0.1, 2)),
	cell("cancel-python-picture", printsNothing(), draws("A task group cancels a and c. main and 3 tasks in "), draws("2 were cancelled, 1 failed."),
		tabulates("a", "sleeping", 0.06, 2), tabulates("b", "sleeping", 0.06, 2), tabulates("c", "sleeping", 0.06, 2)),
	cell("cancel-go-picture", printsNothing(), draws("The context tells the others to stop. 4 goroutines in "),
		tabulates("main", "WaitGroup", 0.06, 2),
		tabulates("load 0", "select", 0.06, 2), tabulates("load 1", "select", 0.06, 2), tabulates("load 2", "select", 0.06, 2)),

	// Several errors
	cell("errors-python", prints("network: (ConnectionError('a is down'),)", "content: (ValueError('b is not a number'),)")),
	cell("errors-go-run", matches(`^Wait: (a is down|b is not a number)$`),
		printsAmongOthers("a failed: a is down", "b failed: b is not a number", "c was stopped")),
	cell("plain-python", prints("caught an ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)")),

	// One that doesn't listen
	cell("deaf-python", printsNumber(`^caught after ([\d.]+) s$`, 0.6, 3)),
	cell("deaf-go", printsNumber(`^b is down, after ([\d.]+) s$`, 0.6, 3)),
	cell("deaf-python-picture", draws("The group waits for one that takes its time. main and 2 tasks in "), draws("1 was cancelled, 1 failed."),
		tabulates("fails", "sleeping", 0.06, 0.5), tabulates("stubborn", "sleeping", 0.56, 3), tabulates("main", "task", 0.56, 3)),
	cell("deaf-go-picture", printsNothing(), draws("Wait waits for one that doesn't listen. 3 goroutines in "),
		tabulates("load", "select", 0.06, 0.5), tabulates("work", "sleeping", 0.56, 3), tabulates("main", "WaitGroup", 0.56, 3)),
	cell("deaf-mended", prints("b is down"), draws("One step more, and it stops. 3 goroutines in "),
		tabulates("main", "WaitGroup", 0.06, 0.5), tabulates("work", "sleeping", 0.06, 0.5)),

	// When one panics
	cell("panic-python", prints("waits: cleaned up", `caught: (TypeError("'NoneType' object does not support item assignment"),)`)),
	cell("panic-go", printsNothing(), failsWith("panic: assignment to entry in nil map")),
	cell("panic-mended", prints("waits: cleaned up", "Wait: panic: assignment to entry in nil map")),

	// A time limit for all
	cell("limit-python", printsNumber(`^too slow, after ([\d.]+) s$`, 0.2, 2)),
	cell("limit-go", printsNumber(`^context deadline exceeded, after ([\d.]+) s$`, 0.2, 2)),

	// Pitfalls
	cell("pitfall-outside-python", prints("after the block, inside done: True", "after the block, outside done: False")),
	cell("pitfall-context-go", printsNumber(`^b is down, after ([\d.]+) s$`, 1, 4)),
)
