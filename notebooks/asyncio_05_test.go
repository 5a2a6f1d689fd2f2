package notebooks_test

// The upper bounds are far below the five seconds of what is to be stopped.
var _ = claims("asyncio/05_task_groups.ipynb",
	// Task Groups
	cell("groups-python", prints("after the block: A B")),
	cell("groups-go", prints("after Wait: A B"), writes("wg.Go(", 2)),

	// Cancel the others
	cell("cancel-python", matches(`^caught: \(ConnectionError\('b is down'\),\)$`), printsNumber(`^([\d.]+) s$`, 0.1, 2)),
	cell("cancel-go-run", matches(`^error: b is down$`), printsNumber(`^([\d.]+) s$`, 0.1, 2)),
	cell("cancel-python-picture", printsNothing(), draws("A task group cancels a and c. main and 3 tasks in "), draws("2 were cancelled, 1 failed."),
		tabulates("a", "sleeping", 0.06, 2), tabulates("b", "sleeping", 0.06, 2), tabulates("c", "sleeping", 0.06, 2)),
	cell("cancel-go-picture", printsNothing(), draws("The context tells the others to stop. 4 goroutines in "),
		tabulates("main", "WaitGroup", 0.06, 2),
		tabulates("load 0", "select", 0.06, 2), tabulates("load 1", "select", 0.06, 2), tabulates("load 2", "select", 0.06, 2)),

	// Several errors
	cell("errors-python", prints("network: (ConnectionError('a is down'),)", "content: (ValueError('b is not a number'),)")),
	cell("errors-go-run", matches(`^Wait: (a is down|b is not a number)$`),
		printsAmongOthers("a failed: a is down", "b failed: b is not a number", "c was stopped: context canceled")),
	cell("plain-python", prints("caught an ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)")),

	// One that doesn't listen
	cell("deaf-python", printsNumber(`^caught after ([\d.]+) s$`, 0.6, 3)),
	cell("deaf-python-picture", draws("The group waits for one that takes its time. main and 2 tasks in "), draws("1 was cancelled, 1 failed."),
		tabulates("fails", "sleeping", 0.06, 0.5), tabulates("stubborn", "sleeping", 0.56, 3), tabulates("main", "task", 0.56, 3)),
	cell("deaf-go", printsNumber(`^b is down, after ([\d.]+) s$`, 0.6, 3), draws("Wait waits for one that doesn't listen. 3 goroutines in "),
		tabulates("load", "select", 0.06, 0.5), tabulates("steps", "sleeping", 0.56, 3), tabulates("main", "WaitGroup", 0.56, 3)),
	cell("deaf-mended", prints("b is down"), draws("One step more, and it stops. 3 goroutines in "),
		tabulates("main", "WaitGroup", 0.06, 0.5), tabulates("politeSteps", "sleeping", 0.06, 0.5)),

	// When one panics
	cell("panic-python", prints("waits: begins", "waits: cleaned up", `caught: (TypeError("'NoneType' object does not support item assignment"),)`)),
	cell("panic-go", prints("waits: begins"), failsWith("panic: assignment to entry in nil map")),
	cell("panic-mended", prints("waits: begins", "waits: cleaned up", "Wait: panic: assignment to entry in nil map")),

	// A time limit for all
	cell("limit-python", printsNumber(`^too slow, after ([\d.]+) s$`, 0.2, 2)),
	cell("limit-go", printsNumber(`^context deadline exceeded, after ([\d.]+) s$`, 0.2, 2)),

	// Pitfalls
	cell("pitfall-outside-python", prints("after the block, inside done: True", "after the block, outside done: False")),
	cell("pitfall-context-go", printsNumber(`^b is down, after ([\d.]+) s$`, 1, 4)),

	// What the outputs cannot tell
	cell("groups-python", has("await asyncio.sleep(seconds)", "asyncio.TaskGroup() as group:\n        a = group.create_task(fetch(\"a\", 0.3))\n        b = group.create_task(fetch(\"b\", 0.2))\n    print(")),
	cell("groups-go", has("time.Sleep(d)", "wg.Go(func() { a = fetch(\"a\", 300*time.Millisecond) })\nwg.Go(func() { b = fetch(\"b\", 200*time.Millisecond) })\nwg.Wait()")),
	cell("cancel-python", has("await asyncio.sleep(seconds)", "asyncio.TaskGroup()", `load("b", 0.1)`, `load("a", 5)`, `load("c", 5)`, "except* "), writes("group.create_task(", 3)),
	cell("cancel-go", has("case <-ctx.Done():\n\t\treturn ctx.Err()", "errgroup.WithContext(ctx)", `load(ctx, "a", 5*time.Second)`, `load(ctx, "b", 100*time.Millisecond)`, `load(ctx, "c", 5*time.Second)`, "return g.Wait()"), writes("g.Go(", 3)),
	cell("cancel-go-run", has("loadAll(context.Background())")),
	cell("cancel-python-picture", has("await asyncio.sleep(seconds)", `("a", 5), ("b", 0.1), ("c", 5)`, "group.create_task(load(")),
	cell("cancel-go-picture", has("loadAll(context.Background())")),
	cell("errors-python", has("await asyncio.sleep(5)", `in "abc"`, "group.create_task(load(")),
	cell("errors-go", has("load(ctx, name, 5*time.Second)", "errgroup.WithContext(", "errs[i] = check(ctx, name)\n\t\t\treturn errs[i]", "first := g.Wait()")),
	cell("errors-go-run", has(`"a", "b", "c"`, "checkAll(names)", "errors.Is(err, context.Canceled)", `:", first)`)),
	cell("plain-python", has("raise ConnectionError(", "asyncio.TaskGroup()", "group.create_task(load())", "except ConnectionError:")),
	cell("deaf-python", has("await asyncio.sleep(0.1)\n    raise", "await asyncio.sleep(5)", "await asyncio.sleep(0.5)  # one more thing before I go\n        raise", "group.create_task(fails())", "group.create_task(stubborn())")),
	cell("deaf-python-picture", has("await asyncio.sleep(0.1)\n    raise", "await asyncio.sleep(5)", "await asyncio.sleep(0.5)\n        raise", "group.create_task(fails())", "group.create_task(stubborn())")),
	cell("deaf-go", has("range 12", "time.Sleep(50 *", "errgroup.WithContext(", `load(ctx, "b", 100*time.Millisecond)`, "g.Go(steps)\n\terr := g.Wait()")),
	cell("deaf-mended", has("range 12 {\n\t\tif err := ctx.Err(); err != nil {\n\t\t\treturn err\n\t\t}\n\t\ttime.Sleep(50 *", "errgroup.WithContext(", `load(ctx, "b", 120*time.Millisecond)`, "g.Go(func() error { return politeSteps(ctx) })", "g.Wait()")),
	cell("panic-python", has("await asyncio.sleep(5)\n    finally:", "await asyncio.sleep(0.1)", "group.create_task(waits())", "group.create_task(buggy())", "except* ")),
	cell("panic-go", has("defer fmt.Println(", `load(ctx, "a", 5*time.Second)`, "100 * time.Millisecond", "errgroup.WithContext(", "g.Go(func() error { return waits(ctx) })\ng.Go(buggy)", "g.Wait()")),
	cell("panic-mended", has("(err error)", "defer func() {\n\t\tif p := recover()", "errgroup.WithContext(", "g.Go(func() error { return waits(ctx) })", "safely(buggy)", "g.Wait()")),
	cell("limit-python", has("asyncio.timeout(0.2):\n            async with asyncio.TaskGroup()", "group.create_task(asyncio.sleep(5))", "group.create_task(asyncio.sleep(6))")),
	cell("limit-go", has("200*time.Millisecond)\ndefer cancel()\n", "errgroup.WithContext(ctx)", `load(ctx, "a", 5*`, `load(ctx, "c", 6*`, "err := g.Wait()")),
	cell("pitfall-outside-python", has("inside = group.create_task(asyncio.sleep(0.1))\n        outside = asyncio.create_task(asyncio.sleep(0.5))\n    print(", "inside.done()", "outside.done()")),
	cell("pitfall-context-go", has("errgroup.WithContext(ctx)", `load(groupCtx, "b", 100*`, `load(ctx, "a", time.Second)`, "err := g.Wait()")),
)

var _ = mutants("asyncio/05_task_groups.ipynb",
	swap("groups-python", "name.upper()", "name"),
	swap("cancel-python", `raise ConnectionError("b is down")`, "pass"),
	swap("cancel-go", `return errors.New("b is down")`, "return nil", "cancel-go-run"),
	swap("cancel-go", "g, ctx := errgroup.WithContext(ctx)", "var g errgroup.Group", "cancel-go-run"),
	swap("cancel-go", "100*time", "time", "cancel-go-run"),
	swap("cancel-python-picture", `raise ConnectionError("b is down")`, "pass"),
	swap("cancel-go", "g, ctx := errgroup.WithContext(ctx)", "var g errgroup.Group", "cancel-go-picture"),
	swap("cancel-go", `g.Go(func() error { return load(ctx, "c", 5*time.Second) })`, "", "cancel-go-picture"),
	swap("errors-python", `raise ValueError("b is not a number")`, "pass"),
	swap("errors-go", "errs[i] = check(ctx, name)\n\t\t\treturn errs[i]", "_ = i\n\t\t\treturn check(ctx, name)", "errors-go-run"),
	swap("errors-go", `return errors.New("b is not a number")`, "return nil", "errors-go-run"),
	swap("errors-go", "errgroup.WithContext(context.Background())", "&errgroup.Group{}, context.Background()", "errors-go-run"),
	swap("plain-python", "except ConnectionError:", "except* ConnectionError:\n        print('caught a ConnectionError')\n    try:\n        pass\n    except ConnectionError:"),
	swap("panic-python", `prices["b"] = 1`, "pass"),
	swap("panic-go", "var prices map[string]int", "prices := map[string]int{}"),
	swap("panic-mended", `err = fmt.Errorf("panic: %v", p)`, `fmt.Println("panic:", p)`),
	swap("panic-go", `defer fmt.Println("waits: cleaned up")`, "", "panic-mended"),
	swap("cancel-go", "case <-ctx.Done():\n\t\treturn ctx.Err()\n", "", "cancel-go-run"),
)
