package notebooks_test

var _ = claims("asyncio/06_futures.ipynb",
	// Futures
	cell("futures-python", prints("done: False", "got: parcel", "done: True")),
	cell("futures-go", prints("got: parcel")),
	cell("futures-python-picture", draws("main waits for a future. main and 1 task in "),
		tabulates("deliver", "sleeping", 0.26, 2), tabulates("main", "future", 0.26, 2)),
	cell("futures-go-picture", draws("main waits for a channel. 2 goroutines in "),
		tabulates("deliver", "sleeping", 0.26, 2), tabulates("main", "channel receive", 0.26, 2)),

	// Many waiters
	cell("many-python", prints("0 got parcel", "1 got parcel", "2 got parcel")),
	cell("many-channel-go", prints("got parcel"), failsWith("all goroutines are asleep - deadlock!")),
	cell("many-go-run", printsInAnyOrder("0 got parcel", "1 got parcel", "2 got parcel", "and once more: parcel")),
	cell("many-python-picture", draws("One future wakes three tasks. main and 3 tasks in "), draws("The others mostly waited for a future"),
		tabulates("reader 0", "future", 0.16, 2), tabulates("reader 1", "future", 0.16, 2), tabulates("reader 2", "future", 0.16, 2)),
	cell("many-go-picture", draws("One close wakes three goroutines. 4 goroutines in "),
		tabulates("p.get 0", "channel receive", 0.16, 2), tabulates("p.get 1", "channel receive", 0.16, 2), tabulates("p.get 2", "channel receive", 0.16, 2)),

	// Set twice
	cell("twice-python", prints("InvalidStateError: invalid state", "it is still the first")),
	cell("twice-go", printsNothing(), failsWith("panic: close of closed channel")),
	cell("twice-mended", prints("first: true second: false", "it is still the first")),

	// A future of your own
	cell("generic-python", prints("42", "raised where it is awaited: down")),
	cell("generic-get", prints(`"" down`, "42 <nil>")),

	// Callbacks
	cell("callback-python", prints("set", "callback: parcel", "after an await")),
	cell("callback-go", prints("callback: parcel <nil>", "after Wait")),

	// Compute once, for everybody
	cell("shared-python", prints("looking up tea", "looking up tea", "looking up tea", "[42, 42, 42]")),
	cell("shared-mended-python", prints("looking up tea", "[42, 42, 42]")),
	cell("shared-go", prints("looking up tea", "[42 42 42]")),

	// Set from another thread. What the loop is not told of waits for its next timer, at one second.
	cell("thread-python", printsNumber(`^set_result: after ([\d.]+) s$`, 0.96, 4), printsNumber(`^call_soon_threadsafe: after ([\d.]+) s$`, 0.1, 0.9)),
	cell("thread-go", printsNumber(`^parcel <nil>: after ([\d.]+) s$`, 0.1, 0.9)),

	// Pitfalls
	cell("pitfall-cancel-python", prints("hasty gave up", "patient was cancelled, and so was the future: True")),
	cell("pitfall-cancel-go", prints("hasty: context deadline exceeded", "patient: parcel <nil>")),
	cell("pitfall-unread-python", printsNothing(), reports("Future exception was never retrieved")),
)
