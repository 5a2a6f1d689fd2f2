package notebooks_test

var _ = claims("asyncio/08_race_condition.ipynb",
	// Race Conditions
	cell("race-python", prints("100 people came in, total: 1")),
	cell("race-go", printsNumber(`^100 people came in, total: (\d+)$`, 1, 99)),
	cell("race-picture-python",
		prints("read 0 and wrote 1", "read 0 and wrote 1", "read 0 and wrote 1"),
		draws("Three tasks read before one writes. main and 3 tasks in "), tabulates("enter 0", "sleeping", 0.005, 30)),
	cell("race-picture-go", printsNothing(), draws("Three goroutines read before one writes. 4 goroutines")),
	cell("nowait-python", printsAmongOthers("4 tasks:   2000000"), printsNumber(`^4 threads: (\d+)$`, 1, 1_999_999)),
	// How many are lost, if any, depends on the processors that are free.
	cell("nowait-go", printsNumber(`^GOMAXPROCS: (\d+)$`, 1, 4096), printsNumber(`^100000000 people came in, total: (\d+)$`, 1, 100_000_000)),
	cell("every-lost", draws("Two people come in."), draws("4 of 6 orders end wrong. Check failed: two people came in, total: 1."),
		draws("goes wrong at step 2: goroutine 2 reads total = 0, before goroutine 1 writes total = 1")),
	cell("every-tasks", draws("Two tasks without an await in between."), draws("All 2 orders end right.")),

	// The race detector
	cell("detector-quiet", printsNumber(`^(\d+)$`, 1, 1000)),
	cell("detector-report",
		failsWith("WARNING: DATA RACE"), failsWith("exit status 66"), reports("main.countToThousand.func1()"), reports("Previous write at"),
		reports("Line 6 ]]")),

	// Four ways to mend it
	cell("mend-python",
		printsNumber(`^enter_locked: 100, ([\d.]+) s$`, 0.99, 30), printsNumber(`^enter_unlocked: 100, ([\d.]+) s$`, 0, 0.5)),
	cell("mend-check", printsAmongOthers("mutex:          4000", "atomic:         4000", "owner:          4000", "nothing shared: 4000")),
	cell("mend-compare",
		draws("Four goroutines count to 100,000"),
		tabulatesMore("an owner", "a mutex", "median", 1.5),
		tabulatesMore("an owner", "an atomic", "median", 1.5),
		tabulatesMore("a mutex", "nothing shared", "median", 1.5),
		tabulatesMore("an atomic", "nothing shared", "median", 1.5)),
	cell("mend-every-mutex", draws("Two people and a mutex."), draws("All 2 orders end right.")),

	// Check, then act
	cell("check-python", prints("paid out 70", "paid out 70", "balance: -40")),
	cell("check-go", printsAmongOthers("paid out 70", "paid out 70", "balance: -40")),
	cell("check-every", draws("Check, then act."), draws("4 of 6 orders end wrong. Check failed: overdrawn: -40."), draws("goes wrong at step 2: goroutine 2 reads balance = 100")),
	cell("check-mended", prints("paid out 70", "balance: 30")),
	cell("check-mended-every", draws("Check and act under one lock."), draws("All 2 orders end right.")),

	// Maps
	cell("map-python", prints("400000 visitors")),
	cell("map-go", failsWith("fatal error: concurrent map writes"), neverMatches(`recovered|visitors`)),
	cell("map-mended", prints("400000 visitors")),

	// What the detector cannot see
	cell("unseen-quiet", printsAmongOthers("1 prize")),
	cell("unseen-report", failsWith("WARNING: DATA RACE"), reports("main.prizes.func1()")),
)
