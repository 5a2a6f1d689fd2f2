package notebooks_test

var _ = claims("asyncio/06_futures.ipynb",
	// Futures
	cell("futures-python", prints("done: False", "got: parcel", "done: True")),
	cell("futures-go", prints("got: parcel")),
	cell("futures-python-picture", draws("main waits for a future. main and 1 task in "),
		tabulates("deliver", "sleeping", 0.26, 2), tabulates("main", "future", 0.26, 2)),
	cell("futures-go-picture", draws("main waits for a channel. 2 goroutines in "),
		tabulates("deliver", "sleeping", 0.26, 2), tabulates("main", "channel receive", 0.26, 2)),

	// Many waiters
	cell("many-python", prints("0 got parcel", "1 got parcel", "2 got parcel")),
	cell("many-channel-go", prints("got parcel"), failsWith("all goroutines are asleep - deadlock!")),
	cell("many-go-run", writes("wg.Wait()", 1), printsInAnyOrder("0 got parcel", "1 got parcel", "2 got parcel", "and once more: parcel"), matches(`and once more: parcel\n\z`)),
	cell("many-python-picture", draws("One future wakes three tasks. main and 3 tasks in "), draws("The lanes below main mostly waited for a future"),
		tabulates("reader 0", "future", 0.16, 2), tabulates("reader 1", "future", 0.16, 2), tabulates("reader 2", "future", 0.16, 2)),
	cell("many-go-picture", draws("One close wakes three goroutines. 4 goroutines in "),
		tabulates("p.get 0", "channel receive", 0.16, 2), tabulates("p.get 1", "channel receive", 0.16, 2), tabulates("p.get 2", "channel receive", 0.16, 2)),

	// Set twice
	cell("twice-python", prints("InvalidStateError: invalid state", "it is still the first")),
	cell("twice-go", prints("in the parcel: second"), failsWith("panic: close of closed channel")),
	cell("twice-mended", prints("first: true second: false", "it is still the first")),

	// A future of your own
	cell("generic-python", prints("42", "raised where it is awaited: down")),
	cell("generic-get", prints("bad: down", "42 <nil>", "after cancel: 100 of 100")),

	// Callbacks
	cell("callback-python", prints("set", "callback: parcel", "after an await")),
	cell("callback-go", printsInAnyOrder("set", "got: parcel <nil>", "after Wait"), matches(`after Wait\n\z`)),

	// Compute once, for everybody
	cell("shared-python", prints("looking up tea", "looking up tea", "looking up tea", "[42, 42, 42]")),
	cell("shared-mended-python", writes("asyncio.gather(", 1), prints("looking up tea", "[42, 42, 42]")),
	cell("shared-go", writes("wg.Go(", 1), prints("looking up tea", "[42 42 42]")),

	// Set from another thread. What the loop is not told of waits for its next timer, at one second.
	cell("thread-python", printsNumber(`^set_directly: after ([\d.]+) s$`, 0.96, 4), printsNumber(`^set_by_loop: after ([\d.]+) s$`, 0.1, 0.9)),
	cell("thread-go", printsNumber(`^parcel <nil>: after ([\d.]+) s$`, 0.1, 0.9)),

	// Pitfalls
	cell("pitfall-cancel-python", prints("hasty gave up", "patient was cancelled, and so was the future: True")),
	cell("pitfall-cancel-go", prints("hasty: context deadline exceeded", "patient: parcel <nil>")),

	// What the outputs cannot tell
	cell("futures-python", has("await asyncio.sleep(0.3)\n    future.set_result(", "create_future()", "asyncio.create_task(deliver(future))", "await future)", "await courier"), writes("future.done()", 2)),
	cell("futures-go", has("300 *", "future := make(chan string, 1)\ngo deliver(future)\n", "<-future)")),
	cell("futures-python-picture", has("await asyncio.sleep(0.3)\n    future.set_result(", "create_future()", "asyncio.create_task(deliver(future))\n    await future\n    await courier")),
	cell("futures-go-picture", has("make(chan string, 1)\n\tgo deliver(future)\n\t<-future")),
	cell("many-python", has("await future)", "asyncio.create_task(reader(i, future)) for i in range(3)]\n    await asyncio.sleep(0.1)\n    future.set_result(", "asyncio.gather(*readers)")),
	cell("many-channel-go", has("make(chan string, 1)", "range 3", "<-future) })\n}\nfuture <- \"parcel\"\nwg.Wait()")),
	cell("many-go", has("p.content = content // first the value,\n\tclose(p.ready)", "<-p.ready\n\treturn p.content")),
	cell("many-go-run", has("range 3", "wg.Go(", "p.get()) })\n}\ntime.Sleep(100 *", "p.put(\"parcel\")\nwg.Wait()", `:", p.get())`)),
	cell("many-python-picture", has("await future\n", "range(3)]\n    await asyncio.sleep(0.2)\n    future.set_result(", "asyncio.gather(*readers)")),
	cell("many-go-picture", has("range 3", "wg.Go(func() { p.get() })\n\t}\n\ttime.Sleep(200 *", "p.put(\"parcel\")\n\twg.Wait()")),
	cell("twice-python", has("future.set_result(\"first\")\n    try:\n        future.set_result(\"second\")", "await future)")),
	cell("twice-go", has("defer func() {", "p.content) }()", "p.put(\"first\")\np.put(\"second\")")),
	cell("twice-mended", has("p.once.Do(func() {\n\t\tp.content = content\n\t\tclose(p.ready)\n\t\tfirst = true", "p.put(\"first\"), \"second:\", p.put(\"second\"))\n<-p.ready\n")),
	cell("generic-python", has("good.set_result(42)", "bad.set_exception(", "print(await good)", "        await bad")),
	cell("generic-go", has("f.once.Do(", "value, err\n\t\tclose(f.ready)\n\t\tfirst = true")),
	cell("generic-get", has("case <-f.ready:\n\tcase <-ctx.Done():\n\t\tselect {\n\t\tcase <-f.ready: // there all the same\n\t\tdefault:", "return none, ctx.Err()", "return f.value, f.err", "bad.Get(ctx)", "\ncancel()\nfound := 0", "range 100", "good.Get(ctx); err == nil", "found++")),
	cell("callback-python", has("future.add_done_callback(", "f.result()", "future.set_result(\"parcel\")\n    print(\"set\")\n    await asyncio.sleep(0)")),
	cell("callback-go", has("wg.Go(func() {\n\tcontent, err := future.Get(ctx)", "future.Set(\"parcel\", nil)\nfmt.Println(\"set\")\nwg.Wait()")),
	cell("shared-python", has("await asyncio.sleep(0.1)", "if item not in cache:\n        cache[item] = await look_up(item)", `asyncio.gather(price("tea"), price("tea"), price("tea"))`)),
	cell("shared-mended-python", has("await asyncio.sleep(0.1)", "if item not in cache:\n        cache[item] = asyncio.create_task(look_up", "return await cache[item]", `asyncio.gather(price("tea"), price("tea"), price("tea"))`)),
	cell("shared-go", has("100 * time.Millisecond", "var mu sync.Mutex", "mu.Lock()\n\tif cache[item] == nil {\n\t\tcache[item] = sync.OnceValue(", "get := cache[item]\n\tmu.Unlock()\n\treturn get()", "wg.Go(func() { prices[i] = price(\"tea\") })\n}\nwg.Wait()")),
	cell("thread-python", has(`    future.set_result("parcel")`, `loop.call_soon_threadsafe(future.set_result, "parcel")`, "asyncio.create_task(asyncio.sleep(1))", "threading.Thread(target=work, args=(loop, future)).start()\n    await future", "asyncio.run(timed(set_directly))\nasyncio.run(timed(set_by_loop))"), writes("    time.sleep(0.1)", 2)),
	cell("thread-go", has("go func() {\n\ttime.Sleep(100 * time.Millisecond)\n\tfuture.Set(\"parcel\", nil)\n}()", "future.Get(context.Background())")),
	cell("pitfall-cancel-python", has("asyncio.timeout(0.1):\n            await future", "await future)", "future.cancelled()", "asyncio.gather(hasty(future), patient(future))")),
	cell("pitfall-cancel-go", has("wg.Go(func() {\n\tcontent, err := future.Get(context.Background())", "100*time.Millisecond)\ndefer cancel()", "future.Get(hasty)", "future.Set(\"parcel\", nil)\nwg.Wait()")),
)

var _ = mutants("asyncio/06_futures.ipynb",
	swap("futures-go", `future <- "parcel"`, `future <- ""`),
	swap("futures-go", "300", "3", "futures-go-picture"),
	swap("many-go", "close(p.ready) ", "", "many-go-run"),
	swap("many-go", "p.content = content", "_ = content", "many-go-run"),
	swap("many-go", "<-p.ready\n", "", "many-go-picture"),
	swap("many-go", "close(p.ready) ", "select {\n\tcase <-p.ready:\n\tdefault:\n\t\tclose(p.ready)\n\t} ", "twice-go"),
	swap("generic-get", "good.Set(42, nil)", "good.Set(41, nil)"),
	swap("generic-go", "f.value, f.err = value, err", "f.value = value", "generic-get"),
	swap("pitfall-cancel-go", "_, err := future.Get(hasty)", "future.Set(\"\", nil)\n_, err := future.Get(hasty)"),
	swap("callback-go", "fmt.Println(\"got:\", content, err)", "_, _ = content, err"),
)
