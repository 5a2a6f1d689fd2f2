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
	cell("loop-go", has("runtime.Gosched()")),
	cell("pull-python", has("numbers.close()")),
)

// counted is what a generator and the loop over it print, in turns.
var counted = []string{"count: here is 1", "loop:  got 1", "count: here is 2", "loop:  got 2", "count: cleaning up"}

var _ = mutants("asyncio/01_await_n_async.ipynb",
	swap("async-python", `asyncio.run(greet("Ada"))`, `greet("Ada")`),
	swap("async-go", `greet("Ada")`, ""),
	swap("await-python", "sleep(0.3)", "sleep(0.03)"),
	swap("await-python", "await brew", "brew"),
	swap("await-go", "300", "30"),
	swap("forgotten-python", "print(brew", "print(await brew"),
	swap("spreads-python", "def shout", "async def shout"),
	swap("spreads-go", "ToUpper", "ToLower"),
	swap("twice-python", "        print(await later)\n    except", "        print(await double(21))\n    except"),
	swap("twice-go", "later := func() int { return double(21) }", "n := double(21)\nlater := func() int { return n }"),
	swap("unused-go", `"last line"`, "tea()"),
	swap("generator-python", "        break", "        pass"),
	swap("generator-python", "in count()", "in list(count())"),
	swap("generator-python", `print("count: cleaning up")`, "pass"),
	swap("generator-go", "break", ""),
	swap("generator-go", "defer fmt", "fmt"),
	swap("pull-python", "numbers = count()", "numbers = (n for n in list(count()))"),
	swap("pull-python", `print("count: cleaning up")`, "pass"),
	swap("pull-go", "defer stop()", "_ = stop"),
	swap("generator-go", "defer fmt", "fmt", "pull-go"),
	swap("loop-hand-python", "append(coroutine)", "appendleft(coroutine)"),
	swap("loop-hand-python", "await pause()", "pass"),
	swap("loop-gather-python", "await asyncio.sleep(0)", "pass"),
	swap("loop-gather-python", `, cook("toast")`, ""),
	swap("loop-go", `wg.Go(func() { cook("toast") })`, ""),
	swap("loop-go", `wg.Go(func() { cook("tea") })`, `cook("tea")`),
	swap("loop-go", "step <= 3", "step <= 2"),
	swap("gmp-python", "range(1000)", "range(10)"),
	swap("gmp-python", "asyncio.sleep(0.3)", "asyncio.to_thread(str)"),
	swap("gmp-go", "range 1000", "range 10"),
	swap("gmp-go", "wg.Go(func() { time.Sleep(300 * time.Millisecond) })", "wg.Go(func() {\n\t\tnap := syscall.NsecToTimespec(3e8)\n\t\tsyscall.Nanosleep(&nap, nil)\n\t})"),
	swap("loop-picture-python", "2_000_000", "20"),
	swap("loop-picture-python", "worker(), worker(), worker()", "worker(), worker()"),
	swap("loop-picture-python", "sleep(0.1)", "sleep(0)"),
	swap("loop-picture-go", "60_000_000", "60"),
	swap("loop-picture-go", "range 3", "range 2"),
	swap("loop-picture-go", "wg.Go(worker)", "worker()"),
	swap("loop-picture-go", "100 * time", "time"),
	swap("loop-picture-go", "timeline.Show(", "runtime.GOMAXPROCS(1)\ntimeline.Show("),
	swap("await-go", "300", "150"),
	swap("loop-gather-python", `cook("tea"), cook("toast")`, `cook("toast"), cook("tea")`),
	swap("loop-picture-one", "GOMAXPROCS(1)", "GOMAXPROCS(2)"),
	swap("loop-picture-go", "range 3", "range 2", "loop-picture-one"),
	swap("pitfall-run-python", "        ordinary(21)", "        await double(21)"),
	swap("pitfall-yield", "yield(n)", "if !yield(n) { return }"),
)
