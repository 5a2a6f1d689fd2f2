package notebooks_test

var _ = claims("99_when_to_use_what.ipynb",
	// Best For
	cell("best-compare",
		draws("Six calls that wait"),
		tabulates("asyncio, blocking library", "median", 0.6, 60),
		tabulates("asyncio, async library", "speed-up", 2, 20),
		tabulates("asyncio, to_thread", "speed-up", 1.5, 20),
		tabulates("threads, blocking library", "speed-up", 1.5, 20),
		tabulates("goroutines", "speed-up", 2, 20)),
	cell("best-picture-python", draws("Three blocking calls in asyncio. main and 3 tasks in "), tabulatesAll("holds up the loop", 0.27, 30)),
	cell("best-picture-go", draws("Three blocking calls in Go. 4 goroutines in "), tabulatesAll("sleeping", 0.27, 30)),
	cell("best-compute-python", gains(`^threads: `, 0.3, 2.5), gains(`^asyncio: `, 0.3, 2.5)),
	// How much goroutines gain is for the machine to say: it may be busy.
	cell("best-compute-go", writes("wg.Go(compute)", 1)),
	cell("best-compute-go-run", printsNumber(`^processors: (\d+)$`, 1, 4096), gains(`^goroutines: `, 0.3, 2*atMost)),

	// Memory Usage
	cell("memory-show",
		draws("What does one more take?"),
		tabulates("goroutine", "n", 5000, 5000), tabulates("asyncio task", "n", 5000, 5000),
		tabulates("Python thread", "together", 8000, 150_000),
		tabulates("Python thread", "address space", 1e6, 30e6),
		tabulatesMore("goroutine", "asyncio task", "resident", 1.1),
		tabulatesMore("Python thread", "goroutine", "together", 2)),
	cell("memory-stack-python",
		printsNumber(`^asked for 1 MB, reserved ([\d.]+) MB$`, 0.5, 4),
		printsNumber(`^asked for 8 MB, reserved ([\d.]+) MB$`, 6, 16),
		printsNumber(`^asked for 32 MB, reserved ([\d.]+) MB$`, 24, 64)),

	// Debugging
	cell("debug-python", prints("add_at_once: 100", "add_later: 1")),
	cell("debug-go", failsWith("WARNING: DATA RACE"), failsWith("exit status 66"), reports("main.addTogether.func1()")),

	// Learning Curve
	cell("learn-python", printsNumber(`\A\[1, 2, 3\] ([\d.]+) s$`, 0.25, 0.85), printsNumber(`^\[1, 2, 3\] ([\d.]+) s\n\z`, 0.25, 0.85)),
	cell("learn-go", printsNumber(`^\[1 2 3\] ([\d.]+) s$`, 0.25, 0.85)),

	// What the outputs cannot tell
	cell("best-cases", has("max_workers=6", "asyncio.to_thread(", "[0.1] * 6"), writes("range(6)", 3)),
	cell("best-compare", has(`async library", asyncioAsync)`, `to_thread", asyncioToThread)`, `threads, blocking library", threadsBlocking)`, "timing.Ideal(100*time.Millisecond)")),
	cell("best-compute-python", has("max_workers=4", "sum(range(1_500_000))", "gain(threads)", "gain(lambda: asyncio.run(tasks()))", "timeit(in_turn,")),
	cell("best-compute-go", writes("range 4 {", 2)),
	cell("best-compute-go-run", has("gain(together)", "inTurn()")),
	cell("learn-python", has("pool.map(page,", "asyncio.gather(")),
	cell("best-compute-python", writes("range(4)", 3)),
)

var _ = mutants("99_when_to_use_what.ipynb",
	swap("best-cases", "async def call():\n    time.sleep(0.1)", "async def call():\n    await asyncio.sleep(0.1)", "best-compare"),
	swap("best-cases", "max_workers=6", "max_workers=1", "best-compare"),
	swap("best-compare", "wg.Go(func() { time.Sleep(100 * time.Millisecond); done[i] = true })", "time.Sleep(100 * time.Millisecond)\n\t\tdone[i] = true"),
	swap("best-compare", "time.Sleep(100 * time.Millisecond); ", ""),
	swap("best-picture-python", "call(), call(), call()", "call(), call()"),
	swap("best-picture-python", "time.sleep(0.1)", "await asyncio.sleep(0.1)"),
	swap("best-picture-go", "range 3", "range 2"),
	swap("best-picture-go", "100 *", "1 *"),
	swap("memory-show", "5_000", "500"),
	swap("memory-stack-python", "threading.stack_size(megabytes << 20)", "threading.stack_size(2 << 20)"),
	swap("debug-python", "await asyncio.sleep(0)", "pass"),
	swap("debug-go", "wg.Go(func() { total++ })", "total++"),
	swap("learn-python", "list(pool.map(page, range(3)))", "[page(n) for n in range(3)]"),
	swap("learn-python", "await asyncio.gather(*(page_async(n) for n in range(3)))", "[await page_async(n) for n in range(3)]"),
	swap("best-compute-python", "max_workers=4) as executor:\n        list(executor.map(compute, range(4)))", "max_workers=4):\n        compute()"),
	swap("learn-go", "wg.Go(func() { pages[n] = page(n) })", "pages[n] = page(n)"),
	swap("best-cases", "[0.1] * 6", "[0.1]", "best-compare"),
	swap("best-cases", "asyncio.sleep(0.1) for _ in range(6)", "asyncio.sleep(0.1) for _ in range(1)", "best-compare"),
	swap("best-compare", "i := range 6", "i := range 1"),
	swap("best-compute-go", "wg.Go(compute)", "compute()"),
	swap("best-cases", "asyncio.to_thread(time.sleep, 0.1)", "asyncio.sleep(0.1)"),
	swap("best-compute-python", "sum(range(1_500_000))", "timeit.time.sleep(0.1)"),
)
