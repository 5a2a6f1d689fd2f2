package notebooks_test

// Every upper bound of a time below is smaller than what the cell would take if it waited in turn, or for everybody.
var _ = claims("asyncio/04_gather.ipynb",
	// Gather
	cell("gather-python", matches(`^\['A', 'B', 'C'\]$`), printsNumber(`^([\d.]+) s$`, 0.5, 1.15)),
	cell("gather-go-run", matches(`^\[A B C\]$`), printsNumber(`^([\d.]+) s$`, 0.5, 1.15)),
	cell("gather-python-picture", draws("gather waits for three tasks. main and 3 tasks in "),
		tabulates("main", "task", 0.46, 1.15),
		tabulates("fetch 0", "sleeping", 0.46, 2), tabulates("fetch 1", "sleeping", 0.36, 2), tabulates("fetch 2", "sleeping", 0.26, 2)),
	cell("gather-go-picture", draws("main waits for three goroutines. 4 goroutines in "),
		tabulates("main", "WaitGroup", 0.46, 1.15),
		tabulates("goroutine 0", "sleeping", 0.46, 2), tabulates("goroutine 1", "sleeping", 0.36, 2), tabulates("goroutine 2", "sleeping", 0.26, 2)),

	// When one of them fails
	cell("error-python", prints("caught: b is down", "a has arrived", "c has arrived", "main is done")),
	cell("error-python-picture", draws("gather gives up, the others go on. main and 3 tasks in "), draws("1 failed."),
		tabulates("main", "task", 0.06, 0.3), tabulates("main", "sleeping", 0.56, 2),
		tabulates("fetch 0", "sleeping", 0.26, 2), tabulates("fetch 2", "sleeping", 0.36, 2)),
	cell("error-go-picture", prints("a has arrived", "c has arrived", `caught: b is down, results: ["A" "" "C"]`, "main is done"), draws("Wait waits for all, failed or not. 4 goroutines in "),
		tabulates("main", "WaitGroup", 0.36, 1.2), tabulates("main", "sleeping", 0.56, 2),
		tabulates("goroutine 0", "sleeping", 0.26, 2), tabulates("goroutine 1", "sleeping", 0.06, 0.5), tabulates("goroutine 2", "sleeping", 0.36, 2)),

	// Keep every error
	cell("all-python", prints("a: A", "b: failed: b is down", "c: C", "d: failed: d is down")),
	cell("all-go", writes("wg.Go(", 1)),
	cell("all-go-run", prints(`["A" "" "C" ""]`, "b: down", "d: down", "is one of them errDown? true")),

	// As they arrive
	cell("completed-python", prints("C", "B", "A")),
	cell("completed-go", prints("C", "B", "A")),

	// The first one wins
	cell("wait-python", prints("from near", "far was stopped")),
	cell("wait-python-picture", draws("The far mirror is cancelled. main and 2 tasks in "), draws("1 was cancelled."),
		tabulates("near", "sleeping", 0.06, 2), tabulates("far", "sleeping", 0.06, 2), tabulates("main", "task", 0.06, 2)),
	cell("wait-go-picture", prints("far was stopped", "from near"), draws("The far mirror hears that it lost. 3 goroutines in "),
		tabulates("main", "channel receive", 0.06, 2), tabulates("goroutine 0", "select", 0.06, 2), tabulates("goroutine 1", "select", 0.06, 2)),

	// Pitfalls
	cell("pitfall-limit-python", prints("most at once: 100")),
	cell("pitfall-limit-go", printsAmongOthers("error: <nil>"), printsNumber(`^most at once: (\d+)$`, 6, 10)),
	cell("pitfall-list-python", matches(`\ATypeError: .*unhashable type: 'list'\)?\n\['A', 'B'\]\n\z`)),
	cell("pitfall-wait-python", prints("done: 0 pending: 1 cancelled: False", "and then: late", "timed out, cancelled: True")),

	// What the outputs cannot tell
	cell("gather-python", has("await asyncio.sleep(seconds)", `await asyncio.gather(fetch("a", 0.5), fetch("b", 0.4), fetch("c", 0.3))`)),
	cell("gather-go", has(`{"a", 500 * time.Millisecond}, {"b", 400 * time.Millisecond}, {"c", 300 * time.Millisecond}`, "time.Sleep(r.takes)", "wg.Go(func() { results[i] = fetch(r) })\n\t}\n\twg.Wait()")),
	cell("gather-go-run", has("fetchAll(abc)")),
	cell("gather-python-picture", has("await asyncio.sleep(seconds)", `await asyncio.gather(fetch("a", 0.5), fetch("b", 0.4), fetch("c", 0.3))`)),
	cell("gather-go-picture", has("fetchAll(abc)")),
	cell("error-python", has("await asyncio.sleep(seconds)\n    if name == \"b\":\n        raise", `await asyncio.gather(fetch("a", 0.3), fetch("b", 0.1), fetch("c", 0.4))`, "await asyncio.sleep(0.6)")),
	cell("error-python-picture", has("await asyncio.sleep(seconds)\n    if name == \"b\":\n        raise", `await asyncio.gather(fetch("a", 0.3), fetch("b", 0.1), fetch("c", 0.4))`, "await asyncio.sleep(0.6)")),
	cell("error-go", has("var g errgroup.Group\n\tfor", "time.Sleep(r.takes)", "g.Go(func() error {\n\t\t\ttext, err := tryFetch(r)\n\t\t\tresults[i] = text\n\t\t\treturn err", "err := g.Wait()")),
	cell("error-go-picture", has(`{"a", 300 * time.Millisecond}, {"b", 100 * time.Millisecond}, {"c", 400 * time.Millisecond}`, "tryAll(withOneDown)", "time.Sleep(600 *")),
	cell("all-python", has("raise ConnectionError(", `("b", "d")`, "await asyncio.sleep(seconds)", "asyncio.gather(*(fetch(n, 0.1) for n in names), return_exceptions=True)", "isinstance(result, BaseException)")),
	cell("all-go", has("time.Sleep(100 *", `%w", name, errDown`, "wg.Go(func() { results[i], errs[i] = fetchOrFail(name) })\n\t}\n\twg.Wait()", "errors.Join(errs...)")),
	cell("all-go-run", has("errors.Is(err, errDown)")),
	cell("completed-python", has("await asyncio.sleep(seconds)", `fetch("a", 0.5), fetch("b", 0.3), fetch("c", 0.1)`, "in asyncio.as_completed(coming):\n        print(await following)")),
	cell("completed-go", has("make(chan string)", "wg.Go(func() { results <- fetch(r) })", "go func() {\n\t\twg.Wait()\n\t\tclose(results)", `{"a", 500 * time.Millisecond}, {"b", 300 * time.Millisecond}, {"c", 100 * time.Millisecond}`, "range arrivals(requests)")),
	cell("wait-python", has("await asyncio.sleep(seconds)", "print(name, \"was stopped\")\n        raise", `mirror("near", 0.1)`, `mirror("far", 5)`, "FIRST_COMPLETED", "task.cancel()", "await asyncio.wait(pending)"), writes("asyncio.create_task(", 2)),
	cell("wait-python-picture", has("await asyncio.sleep(seconds)", "mirror(0.1)", "mirror(5)", "FIRST_COMPLETED", "task.cancel()", "await asyncio.wait(pending)")),
	cell("wait-go", has("case <-ctx.Done():", "defer cancel()", "make(chan string, len(mirrors))", "wg.Go(func() { first <- mirror(ctx, m) })", "winner := <-first\n\tcancel()\n\twg.Wait()")),
	cell("wait-go-picture", has(`{"near", 100 * time.Millisecond}, {"far", 5 * time.Second}`, "quickest(mirrors)")),
	cell("pitfall-limit-python", has("running += 1\n    most = max(most, running)\n    await asyncio.sleep(0.1)\n    running -= 1", "asyncio.gather(", "range(100)", `:", most)`)),
	cell("pitfall-limit-go", has("var mu sync.Mutex\nrunning", "mu.Lock()\n\tdefer mu.Unlock()\n\trunning += change\n\tmost = max(most, running)", "g.SetLimit(10)", "range 100", "count(1)\n\t\ttime.Sleep(100 * time.Millisecond)\n\t\tcount(-1)", "g.Wait()", `:", most)`)),
	cell("pitfall-list-python", has("asyncio.gather(coming)", "print(await asyncio.gather(*coming))")),
	cell("pitfall-wait-python", has("asyncio.wait([task], timeout=0.1)", "len(done)", "len(pending)", "await task)", "asyncio.timeout(0.1):\n            await asyncio.gather(task)"), writes(`asyncio.create_task(asyncio.sleep(0.5, result="late"))`, 2), writes("task.cancelled()", 2)),
)

var _ = mutants("asyncio/04_gather.ipynb",
	swap("gather-go", "wg.Go(func() { results[i] = fetch(r) })", "results[i] = fetch(r)", "gather-go-run"),
	swap("gather-go", "wg.Wait()", "", "gather-go-run"),
	swap("gather-go", "time.Sleep(r.takes)", "", "gather-go-run"),
	swap("gather-go", "wg.Go(func() { results[i] = fetch(r) })", "results[i] = fetch(r)", "gather-go-picture"),
	swap("error-go", `return "", errors.New("b is down")`, `return "", nil`, "error-go-picture"),
	swap("error-go", "results[i] = text", "_, _ = i, text", "error-go-picture"),
	swap("error-go", "g.Go(func() error {\n\t\t\ttext, err := tryFetch(r)\n\t\t\tresults[i] = text\n\t\t\treturn err\n\t\t})", "text, err := tryFetch(r)\n\t\tresults[i] = text\n\t\tg.Go(func() error { return err })", "error-go-picture"),
	swap("all-go", "errors.Join(errs...)", "errs[1]", "all-go-run"),
	swap("all-go", "%s: %w", "%s: %v", "all-go-run"),
	swap("all-go", "wg.Wait()", "", "all-go-run"),
	swap("wait-go", "\tcancel()\n\twg.Wait()", "\twg.Wait()", "wait-go-picture"),
	swap("wait-go", "wg.Go(func() { first <- mirror(ctx, m) })", "first <- mirror(ctx, m)", "wait-go-picture"),
	swap("wait-go", "\twg.Wait() // until they really have ended\n", "", "wait-go-picture"),
	swap("error-go", "return \"\", errors.New(\"b is down\")", "panic(\"b is down\")", "error-go-picture"),
	swap("wait-go", "make(chan string, len(mirrors))", "make(chan string)", "wait-go-picture"),
)
