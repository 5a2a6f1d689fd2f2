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
	cell("many-python-picture", draws("One future wakes three tasks. main and 3 tasks in "), draws("All but main mostly waited for a future"),
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
	cell("futures-go", has("go deliver(future)")),
	cell("many-go-run", has("wg.Go(", "time.Sleep(")),
	cell("twice-mended", has("p.once.Do(")),
	cell("shared-mended-python", has("asyncio.create_task(look_up")),
	cell("thread-go", has("go func()")),
	cell("many-go", has("p.content = content // first the value,\n\tclose(p.ready)")),
	cell("generic-go", has("f.once.Do(", "value, err\n\t\tclose(f.ready)")),
	cell("shared-go", has("mu.Lock()", "mu.Unlock()")),
)

var _ = mutants("asyncio/06_futures.ipynb",
	swap("futures-python", "courier = asyncio.create_task(deliver(future))", "courier = deliver(future); future.set_result('parcel')"),
	swap("futures-python", `"got:", await future`, `"got:", future`),
	swap("futures-go", `future <- "parcel"`, `future <- ""`),
	swap("futures-go", "go deliver(future)", ""),
	swap("futures-python-picture", "sleep(0.3)", "sleep(0)"),
	swap("futures-python-picture", "    await future\n", ""),
	swap("futures-go-picture", "<-future", "time.Sleep(time.Second)"),
	swap("futures-go-picture", "go deliver(future)", "deliver(future)"),
	swap("futures-go", "300", "3", "futures-go-picture"),
	swap("many-python", "range(3)", "range(2)"),
	swap("many-python", `future.set_result("parcel")`, "future.cancel()"),
	swap("many-channel-go", "future <- \"parcel\"", "future <- \"parcel\"\nclose(future)"),
	swap("many-channel-go", "range 3", "range 1"),
	swap("many-go", "close(p.ready) ", "", "many-go-run"),
	swap("many-go", "p.content = content", "_ = content", "many-go-run"),
	swap("many-go-run", "range 3", "range 2"),
	swap("many-go-run", "wg.Wait()", ""),
	swap("many-python-picture", "range(3)", "range(2)"),
	swap("many-python-picture", "    await future\n", "    await asyncio.sleep(0.2)\n"),
	swap("many-python-picture", "sleep(0.2)", "sleep(0)"),
	swap("many-go-picture", "range 3", "range 2"),
	swap("many-go-picture", "200", "2"),
	swap("many-go", "<-p.ready\n", "", "many-go-picture"),
	swap("twice-python", `future.set_result("second")`, "pass"),
	swap("twice-go", `p.put("second")`, ""),
	swap("many-go", "close(p.ready) ", "select {\n\tcase <-p.ready:\n\tdefault:\n\t\tclose(p.ready)\n\t} ", "twice-go"),
	swap("twice-mended", "p.once.Do(func() {\n", "func(f func()) { f() }(func() {\n"),
	swap("twice-mended", "first = true", ""),
	swap("generic-python", "set_exception", "set_result"),
	swap("generic-get", "return f.value, f.err", "return f.value, nil"),
	swap("generic-get", "case <-f.ready: // there all the same\n\t\t", ""),
	swap("generic-get", "good.Set(42, nil)", "good.Set(41, nil)"),
	swap("generic-go", "f.value, f.err = value, err", "f.value = value", "generic-get"),
	swap("callback-python", `print("set")`, `await asyncio.sleep(0); print("set")`),
	swap("callback-python", "future.add_done_callback(lambda f: print(\"callback:\", f.result()))", ""),
	swap("callback-go", "fmt.Println(\"got:\", content, err)\n})\nfuture.Set(\"parcel\", nil)\nfmt.Println(\"set\")\nwg.Wait()", "time.Sleep(time.Second)\n\tfmt.Println(\"got:\", content, err)\n})\nfuture.Set(\"parcel\", nil)\nfmt.Println(\"set\")"),
	swap("callback-go", `future.Set("parcel", nil)`, `future.Set("", nil)`),
	swap("shared-python", "cache[item] = await look_up(item)", "cache[item] = asyncio.create_task(look_up(item))\n    return await cache[item]"),
	swap("shared-mended-python", "asyncio.create_task(look_up(item))  # a task is a future\n    return await cache[item]", "await look_up(item)\n    return cache[item]"),
	swap("shared-mended-python", `, price("tea"))`, ")"),
	swap("shared-go", "sync.OnceValue(func() int {", "(func() int {"),
	swap("shared-go", `prices[i] = price("tea")`, `prices[i] = 0 * price("tea")`),
	swap("thread-python", `loop.call_soon_threadsafe(future.set_result, "parcel")`, `future.set_result("parcel")`),
	swap("thread-python", `future.set_result("parcel")`, `loop.call_soon_threadsafe(future.set_result, "parcel")`),
	swap("thread-go", "100", "1"),
	swap("thread-go", "go func() {", "func() {\n\ttime.Sleep(time.Second)"),
	swap("pitfall-cancel-python", "            await future", "            await asyncio.shield(future)"),
	swap("pitfall-cancel-go", "_, err := future.Get(hasty)", "future.Set(\"\", nil)\n_, err := future.Get(context.Background())"),
	swap("shared-mended-python", `await asyncio.gather(price("tea"), price("tea"), price("tea"))`, `[await price("tea"), await price("tea"), await price("tea")]`),
	swap("shared-go", `wg.Go(func() { prices[i] = price("tea") })`, `prices[i] = price("tea")`),
	swap("callback-go", "fmt.Println(\"got:\", content, err)", "_, _ = content, err"),
	swap("futures-go", "go deliver", "deliver"),
	swap("many-go", "p.content = content // first the value,\n\tclose(p.ready)      // then the signal", "close(p.ready)\n\tp.content = content"),
)
