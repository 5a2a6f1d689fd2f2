package notebooks_test

var _ = claims("asyncio/09_semaphores.ipynb",
	// Semaphores
	cell("limit-python", printsNumber(`^at most 3 at once, ([\d.]+) s$`, 0.29, 30)),
	cell("limit-go-run", printsNumber(`^at most 3 at once, ([\d.]+) s$`, 0.29, 30)),
	cell("limit-picture-python",
		draws("Six tasks, two places. main and 6 tasks in "), draws("All but main mostly waited for a semaphore"),
		tabulates("charge 2", "semaphore", 0.06, 30), tabulates("charge 5", "semaphore", 0.16, 30), tabulatesAll("semaphore", 0.5, 1.3)),
	cell("limit-picture-go", draws("Six goroutines, two places. 7 goroutines in "), tabulates("main", "WaitGroup", 0.26, 30),
		tabulatesAll("sleeping", 0.55, 30), tabulatesAll("channel send", 0.5, 1.3)),
	cell("try-python", prints("first charges", "second charges", "third drives on")),
	cell("try-go", prints("first charges", "second charges", "third drives on")),

	// Taking more than one place
	cell("weighted-go", prints("a car:       true", "another car: false", "the first bus leaves", "the second bus has power")),
	cell("weighted-python", prints("the first bus leaves", "the second bus has power")),
	// Had the scooter charged beside the car, all would last 0.3 s.
	cell("fair-picture-go", draws("A lorry waits, and a scooter behind it. 4 goroutines in "), tabulates("main", "WaitGroup", 0.4, 30)),

	// Released twice
	cell("twice-python", prints("Semaphore -> one is in, locked: False", "BoundedSemaphore -> BoundedSemaphore released too many times")),
	cell("twice-weighted", failsWith("panic: semaphore: released more than held")),
	cell("twice-every", draws("One place, released twice."), draws("None of 82 orders ends right."), draws("Deadlock: careful 2 waits to receive from place."), draws("Panic: 2 are inside"),
		tabulatesMore("deadlock: careful 2 waits to receive from place (inside = 0)", "deadlock: careless waits to receive from place (inside = 0)", "orders", 5)),

	// How many, or how often?
	cell("rate-python", printsNumber(`^limited: ([\d.]+) s$`, 0, 0.3), printsNumber(`^paced: ([\d.]+) s$`, 0.59, 30)),
	cell("rate-go-run", printsNumber(`^limited: ([\d.]+) s$`, 0, 0.3), printsNumber(`^paced: ([\d.]+) s$`, 0.55, 30)),

	// What the outputs cannot tell
	cell("weighted-python", has("async with self.collecting")),
	cell("rate-python", writes("range(6)", 2), writes("request()", 3)),
	cell("rate-go", has("make(chan struct{}, 2)", "\t\t\trequest()\n", "wg.Go(request)"), writes("range 6", 2)),
	cell("limit-go", has("s.mu.Lock()")),
	cell("rate-python", has("Semaphore(2)")),
)

var _ = mutants("asyncio/09_semaphores.ipynb",
	swap("limit-python", "Semaphore(3)", "Semaphore(2)"),
	swap("limit-python", "Semaphore(3)", "Semaphore(8)"),
	swap("limit-python", "range(8)", "range(3)"),
	swap("limit-go-run", "struct{}, 3", "struct{}, 2"),
	swap("limit-go-run", "struct{}, 3", "struct{}, 8"),
	swap("limit-go-run", "range 8", "range 3"),
	swap("limit-go", "s.points <- struct{}{}\n\tdefer func() { <-s.points }()\n", "", "limit-go-run"),
	swap("limit-picture-python", "Semaphore(2)", "Semaphore(1)"),
	swap("limit-picture-python", "Semaphore(2)", "Semaphore(3)"),
	swap("limit-picture-python", "range(6)", "range(4)"),
	swap("limit-picture-go", "struct{}, 2", "struct{}, 1"),
	swap("limit-picture-go", "struct{}, 2", "struct{}, 3"),
	swap("limit-picture-go", "range 6", "range 4"),
	swap("try-python", "Semaphore(2)", "Semaphore(3)"),
	swap("try-go", "struct{}, 2", "struct{}, 3"),
	swap("weighted-go", "NewWeighted(3)", "NewWeighted(4)"),
	swap("weighted-go", "power.Release(2)", "power.Release(1)"),
	swap("weighted-python", "Weighted(3)", "Weighted(4)"),
	swap("weighted-python", "power.release(2)\n    await second", "await asyncio.sleep(0)"),
	swap("fair-picture-go", "50*time.Millisecond, 3", "50*time.Millisecond, 2"),
	swap("fair-picture-go", "NewWeighted(3)", "NewWeighted(5)"),
	swap("twice-python", "semaphore.release()  # once too often", "pass"),
	swap("twice-python", "asyncio.BoundedSemaphore(1)", "asyncio.Semaphore(1)"),
	swap("twice-weighted", "power.Release(1) // once too often", ""),
	swap("twice-every", "place.Recv() // once too often", ""),
	swap("rate-python", "await asyncio.sleep(0.1)", "await asyncio.sleep(0.01)"),
	swap("rate-python", "            await asyncio.sleep(0.1)\n            group.create_task(request())", "            group.create_task(request())\n        await asyncio.sleep(0.1)"),
	swap("rate-python", "await asyncio.sleep(0)", "await asyncio.sleep(0.2)"),
	swap("rate-go", "<-ticker.C\n", "", "rate-go-run"),
	swap("rate-go-run", "func() {}", "func() { time.Sleep(200 * time.Millisecond) }"),
	swap("limit-go-run", "wg.Go(func() { s.charge() })", "s.charge()"),
	swap("limit-go", "100 *", "50 *", "limit-go-run"),
	swap("fair-picture-go", `wg.Go(func() { charge("scooter", 100*time.Millisecond, 1) })`, ""),
	swap("twice-every", `p.GoNamed("careful 2", use)`, ""),
	swap("rate-go", "\t\t\trequest()\n", ""),
	swap("weighted-python", "async with self.collecting:", "if True:"),
)
