package notebooks_test

var _ = claims("asyncio/11_resource_management.ipynb",
	// Resource Management
	cell("resource-python", prints("open database", "use database", "close database", "after the block")),
	cell("resource-go-run", prints("open database", "use database", "close database", "after the function")),
	cell("ways-python", prints(
		"cleaned up", "success -> done", "cleaned up", "an error -> OSError", "cleaned up", "cancellation -> CancelledError")),
	cell("ways-go-run", prints(
		"cleaned up", "success -> <nil>", "cleaned up", "an error -> the disk is full",
		"cleaned up", "a panic -> panic: a bug", "cleaned up", "cancellation -> context canceled")),
	// Each worker lives on after its cancellation, and main waits for it.
	cell("cleanup-picture-python", draws("A cancelled task cleans up. main and 1 task in "), draws("1 was cancelled."),
		tabulates("worker", "sleeping", 0.25, 30), tabulates("main", "task", 0.15, 30)),
	cell("cleanup-picture-go", draws("A cancelled goroutine cleans up. 2 goroutines in "),
		tabulates("worker", "sleeping", 0.16, 30), tabulates("worker", "channel receive", 0.05, 30), tabulates("main", "WaitGroup", 0.15, 30)),

	// Cleanup that must not be cancelled
	cell("shield-python", prints("save:", "cancelled: True", "shielded:", "saved", "cancelled: True")),
	cell("shield-go", prints("save: not saved: context canceled", "shielded: <nil>")),

	// In which order?
	cell("order-python", prints("open database", "open mail", "close mail", "close database", "printer: no answer")),
	cell("order-go", prints("open database", "open mail", "close mail", "close database", "printer: no answer")),

	// When closing fails
	cell("closing-python", prints("caught: close: the disk is full", "before: write: bad data")),
	cell("closing-go", prints("careless: <nil>", "careful:  close: the disk is full", `both:     "write: bad data\nclose: the disk is full"`)),

	// Finding a leak
	cell("leak-python", prints("answer from near", "left: ['far', 'farther']", "left: []")),
	cell("leak-go-run", matches(`^answer from near\nleft: 2$`), matches(`^goroutine \d+ \[chan send\]:\nmain\.first\.func1\(\)\ngoroutine \d+ \[chan send\]:\nmain\.first\.func1\(\)$`)),

	// Ctrl-C
	cell("signal-python", printsInAnyOrder("web has cleaned up", "mail has cleaned up", "all have stopped"),
		matches(`cleaned up\nall have stopped\n\z`)),
	cell("signal-plain", printsNothing(), failsWith("signal: interrupt")),
	cell("signal-go-run", printsInAnyOrder("stopping: context canceled", "web has cleaned up", "mail has cleaned up", "all have stopped"),
		matches(`cleaned up\nall have stopped\n\z`)),

	// What a context carries
	cell("carries-python", writes("asyncio.gather(", 1), printsInAnyOrder(
		"ann -> the inner limit was up: False", "ann -> the outer limit was up",
		"bob -> the inner limit was up: False", "bob -> the outer limit was up")),
	cell("carries-go", printsInAnyOrder(
		"ann -> at most 0.1 s are left: true", "ann -> context deadline exceeded",
		"bob -> at most 0.1 s are left: true", "bob -> context deadline exceeded")),

	// What the outputs cannot tell
	cell("resource-python", has("yield name\n    finally:\n        await asyncio.sleep(0.05)\n        print(\"close\", name)", "async with dial(\"database\") as db:\n        print(\"use\", db)\n    print(")),
	cell("resource-go", has(`if name == "printer" {`, "db, err := dial(\"database\")\n\tif err != nil {\n\t\treturn err\n\t}\n\tdefer db.Close()")),
	cell("resource-go-run", has("report()")),
	cell("ways-python", has("raise OSError(", "await asyncio.sleep(10)\n    finally:", "task = asyncio.create_task(use(how))\n        await asyncio.sleep(0.05)\n        task.cancel()", "await task\n", "type(e).__name__")),
	cell("ways-go", has("defer fmt.Println(\"cleaned up\")\n\tswitch how {", "return errors.New(", "panic(", "<-ctx.Done()\n\t\treturn ctx.Err()", "defer func() {\n\t\tif r := recover();")),
	cell("ways-go-run", has("time.AfterFunc(50*time.Millisecond, cancel)", "attempt(ctx, how)")),
	cell("cleanup-picture-python", has("await asyncio.sleep(10)\n    finally:\n        await asyncio.sleep(0.2)", "await asyncio.sleep(0.1)\n    task.cancel()\n    await asyncio.wait([task])")),
	cell("cleanup-picture-go", has("defer time.Sleep(200 * time.Millisecond) // cleaning up\n\t\t<-ctx.Done()", "time.Sleep(100 * time.Millisecond)\n\tcancel()\n\twg.Wait()")),
	cell("shield-python", has("await asyncio.sleep(0.2)\n    print(\"saved\")", "saving = asyncio.create_task(save())\n    try:\n        await asyncio.shield(saving)\n    except asyncio.CancelledError:\n        await saving  # it's still under way: wait for it\n        raise", `("Stop", "Stop!")`, "await asyncio.sleep(0.05)\n            task.cancel()\n        await asyncio.wait([task])", "task.cancelled()", "await asyncio.sleep(10)\n    finally:\n        await cleanup()")),
	cell("shield-go", has("case <-time.After(200 * time.Millisecond):", "case <-ctx.Done():", "context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)\n\tdefer cancel()\n\treturn save(ctx)", "defer func() { fmt.Println(name, cleanup(ctx)) }()\n\t<-ctx.Done()", "time.AfterFunc(50*time.Millisecond, cancel)"), writes("wg.Go(", 2)),
	cell("order-python", has("yield\n    finally:\n        print(\"close\", name)", "async with AsyncExitStack() as stack:", "await stack.enter_async_context(dial(name))", "if name == \"printer\":\n        raise ConnectionError(")),
	cell("order-go", has("c, err := dial(name)\n\t\tif err != nil {\n\t\t\treturn err\n\t\t}\n\t\tdefer c.Close()")),
	cell("closing-python", has("disk is full\")\n", "async def __aexit__(self, *_):\n        raise OSError(", "async with File():\n            raise ValueError(", "e.__context__")),
	cell("closing-go", has("defer f.Close()\n\treturn f.Write()", "(err error)", "defer func() { err = errors.Join(err, f.Close()) }()\n\treturn f.Write()", "careless(good)", "careful(good)", "careful(bad)")),
	cell("leak-python", has("for task in left))\n\nasyncio.run", `0 if server == "near" else 0.3`, "asyncio.create_task(ask(s), name=s)", "asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)", "done.pop().result()", "(0, 0.6)", "asyncio.all_tasks() - {asyncio.current_task()}")),
	cell("leak-go", has("make(chan string)\n", "go func() { answers <- ask(server) }()", "return <-answers", "time.Sleep(300 * time.Millisecond)", `pprof.Lookup("goroutine").WriteTo(&profile, 2)`)),
	cell("leak-go-run", has("before := runtime.NumGoroutine()\nfmt", "time.Sleep(600 * time.Millisecond)", "runtime.NumGoroutine()-before", "printGoroutines()")),
	cell("signal-python", has("asyncio.gather(serve(", "add_signal_handler(signal.SIGINT, servers.cancel)", "call_later(0.2, signal.raise_signal, signal.SIGINT)", "try:\n        await servers\n    except asyncio.CancelledError:", "await asyncio.sleep(10)\n    finally:\n        await asyncio.sleep(0.1)")),
	cell("signal-go", has("defer fmt.Println(name, \"has cleaned up\")\n\t<-ctx.Done()\n\ttime.Sleep(100 * time.Millisecond)", "os.Getpid()", "self.Signal(os.Interrupt)")),
	cell("signal-plain", has("defer fmt.Println(\"cleaned up\")\npressCtrlC()\ntime.Sleep(")),
	cell("signal-go-run", has("signal.NotifyContext(context.Background(), os.Interrupt)\ndefer stop()", "wg.Go(func() { serve(ctx, name) })", "pressCtrlC()\n<-ctx.Done()\n", "ctx.Err())\nstop()", "wg.Wait()\nfmt.Println("), writes("stop()", 2)),
	cell("carries-python", has("asyncio.timeout(10) as inner:", "finally:\n            print(user.get(),", "inner.expired()", "user.set(name)", "async with asyncio.timeout(0.1):\n            await query()\n    except TimeoutError:"), writes("user.get()", 2)),
	cell("carries-go", has("wg.Go(", "type userKey struct{}", "context.WithTimeout(ctx, 10*time.Second)\n\tdefer cancel()", "ctx.Value(userKey{}).(string)", "end, _ := ctx.Deadline()", "time.Until(end) <= 100*time.Millisecond", "<-ctx.Done()\n\treturn fmt.Errorf(", "user, ctx.Err())", "context.WithValue(context.Background(), userKey{}, name)", "context.WithTimeout(ctx, 100*time.Millisecond)\n\t\tdefer cancel()")),
)

var _ = mutants("asyncio/11_resource_management.ipynb",
	swap("resource-go", "defer db.Close()", "_ = db.Close", "resource-go-run"),
	swap("resource-go", "defer db.Close() // never fails here\n\tfmt.Println(\"use\", db.name)", "db.Close()\n\tfmt.Println(\"use\", db.name)", "resource-go-run"),
	swap("ways-go", `defer fmt.Println("cleaned up")`, "", "ways-go-run"),
	swap("ways-go", `panic("a bug")`, "return nil", "ways-go-run"),
	swap("ways-go", "<-ctx.Done()\n\t\treturn ctx.Err()", "return ctx.Err()", "ways-go-run"),
	swap("shield-python", "(save, shielded)", "(shielded, shielded)"),
	swap("order-python", `("database", "mail", "printer")`, `("mail", "database", "printer")`),
	swap("leak-python", `, "farther")`, ")"),
	swap("leak-go", "make(chan string)", "make(chan string, len(servers))", "leak-go-run"),
	swap("leak-go-run", `, "farther"`, ""),
	swap("signal-go", `defer fmt.Println(name, "has cleaned up")`, "_ = name", "signal-go-run"),
	swap("carries-python", "sleep(5)", "sleep(0)"),
)
