package notebooks_test

var _ = claims("asyncio/01_await_n_async.ipynb",
	// Async Functions
	cell("async-python", prints("Hello, Ada")),
	cell("async-go", prints("Hello, Ada")),

	// Await Keyword
	cell("await-python", matches(`^tea is ready after `), printsNumber(`after ([\d.]+) s$`, 0.3, 2)),
	cell("await-go", matches(`^tea is ready after `), printsNumber(`after ([\d.]+) s$`, 0.3, 2)),
	cell("forgotten-python", matches(`^<coroutine object brew at 0x[0-9a-f]+>\nlast line\n$`),
		reports("RuntimeWarning: coroutine 'brew' was never awaited")),
	cell("spreads-python", printsNothing(), reports("SyntaxError: 'await' outside async function")),
	cell("spreads-go", prints("TEA IS READY")),

	// Coroutines
	cell("twice-python", prints("made a coroutine", "working", "42", "RuntimeError: cannot reuse already awaited coroutine")),
	cell("twice-go", prints("made a function", "working", "42", "working", "42")),
	cell("unused-go", printsNothing(), failsWith("declared and not used: tea")),
	cell("generator-python", prints(counted...)),
	cell("generator-go", prints(counted...)),
	cell("pull-python", prints("count: here is 1", "main:  got 1", "main:  something else in between", "count: here is 2", "main:  got 2",
		"count: cleaning up")),
	cell("pull-go", prints("count: here is 1", "main:  got 1 true", "main:  something else in between", "count: here is 2", "main:  got 2 true",
		"count: cleaning up")),

	// Event Loop
	cell("loop-hand-python", prints("tea 1", "toast 1", "tea 2", "toast 2", "tea 3", "toast 3")),
	cell("loop-gather-python", prints("tea 1", "toast 1", "tea 2", "toast 2", "tea 3", "toast 3")),
	cell("loop-go", writes("wg.Go(", 2), printsInAnyOrder("tea 1", "toast 1", "tea 2", "toast 2", "tea 3", "toast 3"),
		printsAmongOthers("tea 1", "tea 2", "tea 3"), printsAmongOthers("toast 1", "toast 2", "toast 3")),
	cell("gmp-python", prints("coroutines: 1000", "threads: 1")),
	cell("gmp-go", matches(`^G: 1001$`), printsNumber(`^M: (\d+)$`, 1, 100), matches(`^P: \d+$`)),
	cell("loop-picture-python", draws("Three coroutines, one event loop. main and 3 tasks in "), draws("At most 1 ran at a time."), tabulatesAll("running", 0.05, 60),
		tabulates("worker 0", "sleeping", 0.06, 2), tabulates("worker 1", "sleeping", 0.06, 2), tabulates("worker 2", "sleeping", 0.06, 2)),
	cell("loop-picture-go", draws("Three goroutines, all processors. 4 goroutines in "), draws(allProcessors), tabulatesAll("running", 0.03, 60),
		tabulates("worker 0", "sleeping", 0.06, 2), tabulates("worker 1", "sleeping", 0.06, 2), tabulates("worker 2", "sleeping", 0.06, 2)),
	cell("loop-picture-one", draws("Three goroutines, one processor. 4 goroutines in "), draws("with 1 processor. "), draws("At most 1 had a processor at a time."),
		tabulates("worker 0", "sleeping", 0.06, 2), tabulates("worker 1", "sleeping", 0.06, 2), tabulates("worker 2", "sleeping", 0.06, 2)),

	// Pitfalls
	cell("pitfall-run-python", prints("outside a loop: 42", "inside a loop:  asyncio.run() cannot be called from a running event loop")),
	cell("pitfall-yield", prints("loop: got 1"), failsWith("range function continued iteration after function for loop body returned false")),

	// What the outputs cannot tell
	cell("async-python", has("async def greet(", `asyncio.run(greet("Ada"))`)),
	cell("async-go", has(`greet("Ada")`)),
	cell("await-python", has("await asyncio.sleep(0.3)", `await brew("tea")`)),
	cell("await-go", has("time.Sleep(300 * time.Millisecond)", `brew("tea")`)),
	cell("forgotten-python", has(`print(brew("tea"))`, "await asyncio.sleep(0.3)")),
	cell("spreads-go", has("strings.ToUpper(brew(name))", `shout("tea")`)),
	cell("twice-python", has("later = double(21)"), writes("print(await later)", 2)),
	cell("twice-go", has("later := func() int { return double(21) }"), writes("later()", 2)),
	cell("unused-go", has(`tea := func() string { return brew("tea") }`)),
	cell("generator-python", has("range(1, 4)", "yield n\n    finally:\n        print(", "in count():", "break")),
	cell("generator-go", has("defer fmt.Println(", "n <= 3", "if !yield(n) {\n\t\t\t\treturn", "range count()", "break")),
	cell("pull-python", has("range(1, 4)", "yield n\n    finally:\n        print(", "numbers = count()", "numbers.close()"), writes("next(numbers)", 2)),
	cell("pull-go", has("iter.Pull(count())\ndefer stop()"), writes("= next()", 2)),
	cell("loop-hand-python", has("await pause()", "ready.popleft()\n    try:\n        coroutine.send(None)", "except StopIteration:\n        continue", "ready.append(coroutine)")),
	cell("loop-gather-python", has("await asyncio.sleep(0)", `asyncio.gather(cook("tea"), cook("toast"))`)),
	cell("loop-go", has("runtime.Gosched()", "wg.Go(func() { cook(\"tea\") })\nwg.Go(func() { cook(\"toast\") })\nwg.Wait()")),
	cell("gmp-python", has("asyncio.sleep(0.3)", "range(1000)", "await asyncio.gather(*thousand)", "len(results)", "threading.active_count()")),
	cell("gmp-go", has("range 1000", "wg.Go(func() { time.Sleep(300 * time.Millisecond) })", "runtime.NumGoroutine())\nwg.Wait()", `pprof.Lookup("threadcreate").Count()`, "runtime.GOMAXPROCS(0)")),
	cell("loop-picture-python", has("    compute()\n    await asyncio.sleep(0.1)\n    compute()", "asyncio.gather(worker(), worker(), worker())"), writes("    compute()\n", 2)),
	cell("loop-picture-go", has("time.Sleep(100 * time.Millisecond)", "range 3", "wg.Go(worker)\n\t}\n\twg.Wait()", ", three)"), writes("\tcompute()\n", 2)),
	cell("loop-picture-one", has("runtime.GOMAXPROCS(1)\ntimeline.Show(", ", three)")),
	cell("pitfall-run-python", has("return asyncio.run(double(n))", "        ordinary(21)\n    except RuntimeError", "asyncio.run(main())")),
	cell("pitfall-yield", has("\t\tyield(n)", "n <= 3", "break")),
)

// counted is what a generator and the loop over it print, in turns.
var counted = []string{"count: here is 1", "loop:  got 1", "count: here is 2", "loop:  got 2", "count: cleaning up"}

var _ = mutants("asyncio/01_await_n_async.ipynb",
	swap("spreads-python", "def shout", "async def shout"),
	swap("unused-go", `"last line"`, "tea()"),
	swap("loop-go", "step <= 3", "step <= 2"),
	swap("loop-picture-python", "2_000_000", "20"),
	swap("loop-picture-go", "60_000_000", "60"),
	swap("loop-picture-go", "timeline.Show(", "runtime.GOMAXPROCS(1)\ntimeline.Show("),
)
