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
	cell("groups-python", has("a = group.create_task(", "b = group.create_task(")),
	cell("cancel-python", has(`load("b", 0.1)`, `load("a", 5)`, `load("c", 5)`)),
	cell("errors-python", has(`in "abc"`)),
	cell("panic-mended", has("safely(buggy)")),
	cell("limit-python", has("timeout(0.2)", "sleep(5)", "sleep(6)")),
	cell("limit-go", has("200*time.Millisecond", `load(ctx, "a"`, `load(ctx, "c"`)),
	cell("panic-go", has("defer fmt.Println(")),
	cell("panic-python", has("finally:")),
)

var _ = mutants("asyncio/05_task_groups.ipynb",
	swap("groups-python", "a = group", "a = asyncio"),
	swap("groups-python", "name.upper()", "name"),
	swap("groups-go", "wg.Wait()", ""),
	swap("groups-go", `b = fetch("b"`, `_ = fetch("b"`),
	swap("cancel-python", `raise ConnectionError("b is down")`, "pass"),
	swap("cancel-python", `load("b", 0.1)`, `load("b", 0)`),
	swap("cancel-go", `return errors.New("b is down")`, "return nil", "cancel-go-run"),
	swap("cancel-go", "g, ctx := errgroup.WithContext(ctx)", "var g errgroup.Group", "cancel-go-run"),
	swap("cancel-go", "100*time", "time", "cancel-go-run"),
	swap("cancel-python-picture", `raise ConnectionError("b is down")`, "pass"),
	swap("cancel-python-picture", `, ("c", 5)`, ""),
	swap("cancel-go", "g, ctx := errgroup.WithContext(ctx)", "var g errgroup.Group", "cancel-go-picture"),
	swap("cancel-go", `g.Go(func() error { return load(ctx, "c", 5*time.Second) })`, "", "cancel-go-picture"),
	swap("cancel-go-picture", "loadAll(context.Background())", `load(context.Background(), "b", time.Second)`),
	swap("errors-python", `raise ValueError("b is not a number")`, "pass"),
	swap("errors-python", `"abc"`, `"ac"`),
	swap("errors-go", "errs[i] = check(ctx, name)\n\t\t\treturn errs[i]", "_ = i\n\t\t\treturn check(ctx, name)", "errors-go-run"),
	swap("errors-go", `return errors.New("b is not a number")`, "return nil", "errors-go-run"),
	swap("errors-go", "errgroup.WithContext(context.Background())", "&errgroup.Group{}, context.Background()", "errors-go-run"),
	swap("plain-python", "except ConnectionError:", "except* ConnectionError:\n        print('caught a ConnectionError')\n    try:\n        pass\n    except ConnectionError:"),
	swap("plain-python", `raise ConnectionError("down")`, "pass"),
	swap("deaf-python", "await asyncio.sleep(0.5)", "pass"),
	swap("deaf-python", `raise ConnectionError("down")`, "pass"),
	swap("deaf-go", "range 12", "range 1"),
	swap("deaf-go", "err := g.Wait()", "go g.Wait()\n\t<-ctx.Done()\n\terr := context.Cause(ctx)"),
	swap("deaf-python-picture", "await asyncio.sleep(0.5)", "pass"),
	swap("deaf-python-picture", "            group.create_task(fails())\n", ""),
	swap("deaf-go", "g.Go(steps)", "g.Go(func() error { return load(ctx, \"a\", 5*time.Second) })"),
	swap("deaf-mended", "return err\n", ""),
	swap("deaf-mended", "g.Go(func() error { return politeSteps(ctx) })", "g.Go(steps)"),
	swap("panic-python", `prices["b"] = 1`, "pass"),
	swap("panic-go", "var prices map[string]int", "prices := map[string]int{}"),
	swap("panic-go", "g.Go(func() error { return waits(ctx) })", "_ = ctx"),
	swap("panic-mended", "safely(buggy)", "buggy()"),
	swap("panic-mended", `err = fmt.Errorf("panic: %v", p)`, `fmt.Println("panic:", p)`),
	swap("panic-go", `defer fmt.Println("waits: cleaned up")`, "", "panic-mended"),
	swap("limit-python", "timeout(0.2)", "timeout(0.02)"),
	swap("limit-python", "timeout(0.2)", "timeout(7)"),
	swap("limit-go", "200*time", "20*time"),
	swap("limit-go", "g, ctx := errgroup.WithContext(ctx)", "var g errgroup.Group\nctx = context.Background()"),
	swap("pitfall-outside-python", "outside = asyncio", "outside = group"),
	swap("pitfall-context-go", "load(ctx,", "load(groupCtx,"),
	swap("groups-go", `wg.Go(func() { a = fetch("a", 300*time.Millisecond) })`, `a = fetch("a", 300*time.Millisecond)`),
	swap("panic-python", "            group.create_task(waits())\n", ""),
	swap("deaf-go", "g.Go(steps)", ""),
	swap("cancel-go", "case <-ctx.Done():\n\t\treturn ctx.Err()\n", "", "cancel-go-run"),
	swap("cancel-python", `load("c", 5)`, `load("c", 0)`),
)
