package notebooks_test

var _ = claims("asyncio/09_semaphores.ipynb",
	// Semaphores
	cell("limit-python", printsNumber(`^at most 3 at once, ([\d.]+) s$`, 0.29, 30)),
	cell("limit-go-run", printsNumber(`^at most 3 at once, ([\d.]+) s$`, 0.29, 30)),
	cell("limit-picture-python",
		draws("Six tasks, two places. main and 6 tasks in "), draws("The lanes below main mostly waited for a semaphore"),
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
	cell("limit-python", has("range(8)", "max(most, charging)", "async with points:\n        charging += 1", "asyncio.sleep(0.1)", "{most}")),
	cell("limit-go", has("s.mu.Lock()\n\tdefer s.mu.Unlock()\n\ts.charging += change\n\ts.most = max(s.most, s.charging)", "s.points <- struct{}{}\n\tdefer func() { <-s.points }()\n\ts.count(+1)\n\tdefer s.count(-1)\n\ttime.Sleep(100 * time.Millisecond)")),
	cell("limit-go-run", has("range 8", "wg.Go(", "s.most,")),
	cell("limit-picture-python", has("async with points:\n        await asyncio.sleep(0.1)", "create_task(")),
	cell("limit-picture-go", has("points <- struct{}{}\n\t\t\tdefer func() { <-points }()\n\t\t\ttime.Sleep(100 * time.Millisecond)")),
	cell("try-python", has("if points.locked():", "else:\n            await points.acquire()\n            print(car, \"charges\")")),
	cell("try-go", has("case points <- struct{}{}:\n\t\tfmt.Println(car, \"charges\")\n\tdefault:")),
	cell("weighted-go", has("NewWeighted(3)", "wg.Go(", "time.Sleep(100 * time.Millisecond)\nfmt.Println(\"the first bus leaves\")\npower.Release(2)\nwg.Wait()"), writes("Acquire(ctx, 2)", 2), writes("power.TryAcquire(1))", 2)),
	cell("weighted-python", has("async with self.collecting:\n            for _ in range(n):\n                await self.places.acquire()", "for _ in range(n):\n            self.places.release()", "Weighted(3)", "asyncio.create_task(second_bus(power))\n    await asyncio.sleep(0.1)\n    print(\"the first bus leaves\")\n    power.release(2)\n    await second"), writes("power.acquire(2)", 2)),
	cell("fair-picture-go", has("NewWeighted(3)", "defer power.Release(n)\n\t\ttime.Sleep(150 * time.Millisecond)", `"car", 0, 1)`, `"lorry", 50*time.Millisecond, 3)`, `"scooter", 100*time.Millisecond, 1)`, "time.Sleep(after)\n\t\tif err := power.Acquire(")),
	cell("twice-python", has("await semaphore.acquire()\n    semaphore.release()\n    try:", "semaphore.locked()", "main(asyncio.Semaphore(1))", "main(asyncio.BoundedSemaphore(1))"), writes("await semaphore.acquire()", 2)),
	cell("twice-weighted", has("NewWeighted(1)", "if power.TryAcquire(1) {\n\tpower.Release(1)\n}\npower.Release(1)")),
	cell("twice-every", has("NewAtomicInt(", "n > 1", "use()\n\t\tplace.Recv()")),
	cell("rate-python", has("Semaphore(2)", "async with places:\n            await request()", "asyncio.gather(*(one()", "await asyncio.sleep(0.1)\n            group.create_task(request())", "await asyncio.sleep(0)"), writes("range(6)", 2), writes("request()", 3)),
	cell("rate-go", has("make(chan struct{}, 2)", "time.NewTicker(100 * time.Millisecond)", "<-ticker.C\n\t\twg.Go(request)", "wg.Go(func() {\n\t\t\tplaces <- struct{}{}\n\t\t\tdefer func() { <-places }()\n\t\t\trequest()\n", "defer ticker.Stop()"), writes("range 6", 2), writes("wg.Wait()", 2)),
	cell("rate-go-run", has("limited(atOnce)", "paced(atOnce)", "func() {}")),
)

var _ = mutants("asyncio/09_semaphores.ipynb",
	swap("limit-python", "Semaphore(3)", "Semaphore(2)"),
	swap("limit-python", "Semaphore(3)", "Semaphore(8)"),
	swap("limit-go-run", "struct{}, 3", "struct{}, 2"),
	swap("limit-go-run", "struct{}, 3", "struct{}, 8"),
	swap("limit-go", "s.points <- struct{}{}\n\tdefer func() { <-s.points }()\n", "", "limit-go-run"),
	swap("limit-picture-python", "Semaphore(2)", "Semaphore(1)"),
	swap("limit-picture-python", "Semaphore(2)", "Semaphore(3)"),
	swap("limit-picture-python", "range(6)", "range(4)"),
	swap("limit-picture-go", "struct{}, 2", "struct{}, 1"),
	swap("limit-picture-go", "struct{}, 2", "struct{}, 3"),
	swap("limit-picture-go", "range 6", "range 4"),
	swap("try-python", "Semaphore(2)", "Semaphore(3)"),
	swap("try-go", "struct{}, 2", "struct{}, 3"),
	swap("twice-python", "semaphore.release()  # once too often", "pass"),
	swap("rate-go", "<-ticker.C\n", "", "rate-go-run"),
	swap("limit-go", "100 *", "50 *", "limit-go-run"),
	swap("twice-every", `p.GoNamed("careful 2", use)`, ""),
)
