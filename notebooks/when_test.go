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
	cell("best-cases", has("with ThreadPoolExecutor(max_workers=6) as executor:\n        assert len(list(executor.map(time.sleep, [0.1] * 6))) == 6", "async def call():\n    time.sleep(0.1)\nasync def run():\n    await asyncio.gather(*(call() for _ in range(6)))", "await asyncio.gather(*(asyncio.sleep(0.1) for _ in range(6)))", "await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.1) for _ in range(6)))"), writes("range(6)", 3)),
	cell("best-compare", has(`async library", asyncioAsync)`, `to_thread", asyncioToThread)`, `threads, blocking library", threadsBlocking)`, "timing.Ideal(100*time.Millisecond)", "for i := range 6 {\n\t\twg.Go(func() { time.Sleep(100 * time.Millisecond); done[i] = true })\n\t}\n\twg.Wait()\n\tif slices.Contains(done, false) {", `blocking library", asyncioBlocking)`, `"goroutines", sixCalls)`)),
	cell("best-picture-python", has("async def call():\n    time.sleep(0.1)", "asyncio.gather(call(), call(), call())")),
	cell("best-picture-go", has("for range 3 {\n\t\twg.Go(func() { time.Sleep(100 * time.Millisecond) })\n\t}\n\twg.Wait()")),
	cell("best-compute-python", has("max_workers=4", "sum(range(1_500_000))", "gain(threads)", "gain(lambda: asyncio.run(tasks()))", "for _ in range(4):\n        compute()", "list(executor.map(compute, range(4)))", "async def compute_async():\n    return compute()", "asyncio.gather(*(compute_async() for _ in range(4)))", "(timeit.timeit(in_turn, number=1), timeit.timeit(f, number=1)) for _ in range(3)]\n    before, after = map(min, zip(*runs))\n    return before / after"), writes("range(4)", 3)),
	cell("best-compute-go", has("range 30_000_000", "x = (x*1103515245 + 12345) & 0x7FFFFFFF", "for range 4 {\n\t\tcompute()", "for range 4 {\n\t\twg.Go(compute)\n\t}\n\twg.Wait()"), writes("range 4 {", 2)),
	cell("best-compute-go-run", has("gain(together)", "runtime.GOMAXPROCS(0)", "for range 3 {\n\t\tbegin := time.Now()\n\t\tinTurn()\n\t\tbefore = min(before, time.Since(begin))\n\n\t\tbegin = time.Now()\n\t\tf()\n\t\tafter = min(after, time.Since(begin))\n\t}\n\treturn before.Seconds() / after.Seconds()")),
	cell("memory-show", has("5_000")),
	cell("memory-stack-python", has("/proc/self/statm", "split()[0]) * os.sysconf(", "threading.Thread(target=release.wait)", "before = reserved()\n    for t in threads:\n        t.start()\n    after = reserved()\n    release.set()", "return (after - before) / n / (1 << 20)", "each()  # a warm-up", "threading.stack_size(megabytes << 20)", "reserved {each():.1f} MB")),
	cell("debug-python", has("total += 1", "seen = total\n    await asyncio.sleep(0)\n    total = seen + 1", "asyncio.gather(*(add() for _ in range(100)))")),
	cell("debug-go", has("for range 100 {\n\t\twg.Go(func() { total++ })\n\t}\n\twg.Wait()")),
	cell("learn-python", has("time.sleep(0.3)", "return fetch(n) + 1", "list(pool.map(page, range(3)))", "await asyncio.sleep(0.3)", "return await fetch_async(n) + 1", "asyncio.gather(*(page_async(n) for n in range(3)))", "report, lambda: asyncio.run(report_async())")),
	cell("learn-go", has("time.Sleep(300 * time.Millisecond); return n", "return fetch(n) + 1", "for n := range 3 {\n\t\twg.Go(func() { pages[n] = page(n) })", "wg.Wait()\n\treturn pages")),
)

var _ = mutants("99_when_to_use_what.ipynb",
	swap("best-cases", "async def call():\n    time.sleep(0.1)", "async def call():\n    await asyncio.sleep(0.1)", "best-compare"),
	swap("best-cases", "max_workers=6", "max_workers=1", "best-compare"),
	swap("best-cases", "[0.1] * 6", "[0.1]", "best-compare"),
	swap("best-cases", "asyncio.sleep(0.1) for _ in range(6)", "asyncio.sleep(0.1) for _ in range(1)", "best-compare"),
)
