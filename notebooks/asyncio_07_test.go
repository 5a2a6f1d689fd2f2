package notebooks_test

var _ = claims("asyncio/07_lock.ipynb",
	// Locks
	cell("mixed-python", prints("A soup", "B soup", "A bread", "B bread", "A total", "B total")),
	cell("lock-python", prints("A soup", "A bread", "A total", "B soup", "B bread", "B total")),
	cell("lock-go",
		printsInAnyOrder("A soup", "A bread", "A total", "B soup", "B bread", "B total"),
		matches(`^A soup\nA bread\nA total$`), matches(`^B soup\nB bread\nB total$`)),
	cell("contention-picture-python",
		draws("Three tasks take turns at one lock. main and 3 tasks in "), draws("The others mostly waited for a lock"),
		tabulates("receipt 1", "lock", 0.06, 30), tabulates("receipt 2", "lock", 0.16, 30), tabulates("receipt 0", "sleeping", 0.09, 30)),
	// Which goroutine comes when is the scheduler's choice, but the last has waited for both others.
	cell("contention-picture-go",
		draws("Three goroutines take turns at one mutex. 4 goroutines in "),
		tabulates("main", "WaitGroup", 0.26, 30), tabulates("goroutine 0", "sleeping", 0.09, 30)),

	// Hold it briefly
	cell("brief-python",
		printsNumber(`^all_in_lock: 5 prices in ([\d.]+) s$`, 0.49, 30), printsNumber(`^entry_only: 5 prices in ([\d.]+) s$`, 0.09, 0.45)),
	cell("brief-go-run",
		printsNumber(`^all in lock: 5 prices in ([\d.]+) s$`, 0.49, 30), printsNumber(`^entry only: 5 prices in ([\d.]+) s$`, 0.09, 0.45)),
	cell("giveup-python", prints("gave up")),
	cell("giveup-go", prints("gave up: context deadline exceeded")),

	// Standstill
	cell("forgotten-python", prints("not enough", "still waiting after 0.3 s, locked: True")),
	cell("forgotten-go", prints("not enough"), failsWith("all goroutines are asleep - deadlock!"), reports("withdrawCarelessly"), reports("sync.Mutex.Lock")),
	cell("twice-python", prints("asyncio.Lock: waited for itself", "threading.RLock: in twice")),
	cell("twice-go", printsNothing(), failsWith("all goroutines are asleep - deadlock!"), reports("main.(*account).get("), reports("withdrawTwiceLocked")),
	cell("twice-mended", prints("true false 50")),
	cell("orders-picture-python", prints("gave up after 0.5 s"),
		draws("Two locks in two orders, in Python. main and 2 tasks in "), draws("2 were cancelled"),
		tabulates("transfer 0", "lock", 0.2, 30), tabulates("transfer 1", "lock", 0.2, 30)),
	cell("orders-go", printsNothing(), failsWith("all goroutines are asleep - deadlock!"), reports("main.transfer(")),
	cell("orders-picture-go", draws("Two mutexes in two orders, in Go. 3 goroutines in "),
		draws("Nothing has moved for 1 s: main waits for a WaitGroup (wg.Wait()) for "), draws("2 × transfer waits for a lock (to.mu.Lock()) for "),
		tabulates("transfer 0", "lock", 0.9, 60), tabulates("transfer 1", "lock", 0.9, 60)),
	cell("orders-every", draws("Two locks in two orders."), draws("2 of 6 orders end wrong. Deadlock: Ann to Bob waits to lock Bob, Bob to Ann waits to lock Ann."),
		draws("goes wrong at step 2: Bob to Ann locks Bob")),
	cell("ordered-go", prints("Ann: 110 Bob: 90")),
	cell("ordered-every", draws("Two locks in one order."), draws("All 2 orders end right.")),

	// Many readers, few writers
	cell("rw-go", prints("soup: 4")),
	cell("rw-picture-go",
		draws("Readers together, the writer alone. 6 goroutines in "),
		tabulates("reader 0", "sleeping", 0.09, 30),
		// The writer waits for the readers, and the late one for the writer: had it read with the others, all would last 0.2 s.
		tabulates("main", "WaitGroup", 0.25, 30), tabulatesMore("late reader", "reader 0", "sleeping", 1.1)),

	// One number
	cell("atomic-go", prints("served: 4000")),
	cell("atomic-swap", prints("got the last table")),

	// Pitfalls
	cell("unlock-python", prints("RuntimeError: Lock is not acquired.")),
	cell("unlock-go", printsNothing(), failsWith("fatal error: sync: unlock of unlocked mutex")),
)
