package notebooks_test

var _ = claims("asyncio/10_event.ipynb",
	// Events
	cell("wake-python", prints("open", "Ann runs", "Bob runs", "Cleo runs", "latecomer runs")),
	cell("wake-go",
		printsInAnyOrder("open", "Ann runs", "Bob runs", "Cleo runs", "latecomer runs"),
		matches(`\Aopen\n(?:\w+ runs\n){3}latecomer runs$`)),
	// All are woken at once: in a staircase, the last would wait three times as long as the first.
	cell("wake-picture-python",
		draws("Three tasks at a gate. main and 3 tasks in "),
		tabulates("run 0", "event", 0.06, 30), tabulates("run 0", "sleeping", 0.06, 30), tabulates("run 2", "sleeping", 0.06, 30),
		tabulatesMore("run 0", "run 1", "event", 0.45), tabulatesMore("run 0", "run 2", "event", 0.45)),
	cell("wake-picture-go",
		draws("Three goroutines at a gate. 4 goroutines in "),
		tabulates("runner 0", "channel receive", 0.06, 30), tabulates("runner 0", "sleeping", 0.06, 30), tabulates("runner 2", "sleeping", 0.06, 30),
		tabulatesMore("runner 0", "runner 2", "channel receive", 0.45), tabulatesMore("runner 2", "runner 0", "channel receive", 0.45),
		tabulatesMore("runner 1", "runner 0", "channel receive", 0.45), tabulatesMore("runner 0", "runner 1", "channel receive", 0.45),
		tabulatesMore("runner 1", "runner 2", "channel receive", 0.45), tabulatesMore("runner 2", "runner 1", "channel receive", 0.45)),

	// Waiting with a timeout
	cell("timeout-python", printsNumber(`^gave up after ([\d.]+) s$`, 0.09, 5), matches(`\Agave.*\nopen\n\z`)),
	cell("timeout-go", printsNumber(`^gave up after ([\d.]+) s$`, 0.09, 5), matches(`\Agave.*\nopen\n\z`)),
	cell("isset-go", prints("false", "true")),

	// Set and clear
	cell("clear-python", prints("first drives, green: False", "second still waits: True", "second drives, green: True")),
	cell("clear-go-run", prints("first drives, green: false", "second still waits: true", "second drives, green: true")),

	// Waiting until something is true
	cell("cond-python", prints("guest sees 0", "dish 1", "guest sees 1", "dish 2", "guest sees 2", "dish 3", "guest sees 3", "guest eats")),
	cell("cond-go", prints("guest sees 0", "dish 1", "guest sees 1", "dish 2", "guest sees 2", "dish 3", "guest sees 3", "guest eats")),
	cell("cond-channel", prints("guest has soup", "guest has bread", "guest has cheese", "guest eats")),

	// Start gate and shutdown signal. Had a worker slept through its pause, all would last 10 s.
	cell("stop-python",
		matches(`\Astart\nAnn checks`), printsAmongOthers("Ann checks for mail", "Bob checks for mail", "Ann goes home", "Bob goes home"),
		printsNumber(`^all home after ([\d.]+) s$`, 0.19, 9)),
	cell("stop-go-run",
		matches(`\Astart\n(?:\w+ checks for mail\n){2}(?:\w+ goes home: we're closing\n){2}all home`),
		printsAmongOthers("Ann checks for mail", "Ann goes home: we're closing"), printsAmongOthers("Bob checks for mail", "Bob goes home: we're closing"),
		neverMatches("too late"), printsNumber(`^all home after ([\d.]+) s$`, 0.19, 9)),

	// The missed signal
	cell("missed-python", prints("nobody has called")),
	cell("missed-go", printsNothing(), failsWith("all goroutines are asleep - deadlock!"), reports("sync.Cond.Wait")),
	cell("missed-every",
		draws("A signal without a memory. 2 of 3 orders end wrong. Deadlock: guest waits for a signal of changed."),
		draws("goes wrong at step 1: cook wakes all of changed: nobody waits")),
	cell("missed-mended", draws("A signal with a memory. All 5 orders end right.")),

	// Pitfalls
	cell("twice-mended", prints("set: true")),

	// What the outputs cannot tell
	cell("wake-python", has("group.create_task(run(name, gate))", "await asyncio.sleep(0.1)\n        print(\"open\")\n        gate.set()\n    await run(\"latecomer\", gate)")),
	cell("wake-go", has("wg.Go(func() { run(name) })", "time.Sleep(100 * time.Millisecond)\nfmt.Println(\"open\")\nclose(gate)\nwg.Wait()\nrun(\"latecomer\")")),
	cell("wake-picture-python", has("await gate.wait()\n    await asyncio.sleep(0.1)", "group.create_task(run(gate))\n        await asyncio.sleep(0.1)\n        gate.set()")),
	cell("wake-picture-go", has("<-gate\n\t\t\ttime.Sleep(100 * time.Millisecond)", "time.Sleep(100 * time.Millisecond)\n\tclose(gate)\n\twg.Wait()")),
	cell("timeout-python", has("call_later(0.6, gate.set)", "(0.1, 10)", "async with asyncio.timeout(limit):\n                await gate.wait()")),
	cell("timeout-go", has("time.AfterFunc(600*time.Millisecond, func() { close(gate) })", "100 * time.Millisecond, 10 * time.Second", "case <-gate:", "case <-time.After(limit):")),
	cell("isset-go", has("case <-event:\n\t\treturn true\n\tdefault:\n\t\treturn false"), writes("fmt.Println(isSet(gate))", 2)),
	cell("clear-python", has("await green.wait()", "green.is_set()", "create_task(car(\"first\", green))\n    await asyncio.sleep(0.1)\n    green.set()\n    green.clear()\n    await first", "create_task(car(\"second\", green))\n    await asyncio.sleep(0.1)\n    print(\"second still waits:\", not second.done())")),
	cell("clear-go", has("return l.current", "if !isSet(l.current) {\n\t\tclose(l.current)", "if isSet(l.current) {\n\t\tl.current = make("), writes("l.mu.Lock()", 3), writes("l.mu.Lock()\n\tdefer l.mu.Unlock()\n", 3)),
	cell("clear-go-run", has("<-l.green()", "isSet(l.green()))", "wg.Go(func() { car(\"first\") })\ntime.Sleep(100 * time.Millisecond)\nl.set()\nl.clear()\nwg.Wait()", "wg.Go(func() { car(\"second\"); close(gone) })\ntime.Sleep(100 * time.Millisecond)", "!isSet(gone)")),
	cell("cond-python", has("await changed.wait_for(enough)", "group.create_task(guest(changed))\n        for _ in range(3):\n            await asyncio.sleep(0.1)\n            async with changed:\n                dishes += 1\n", "changed.notify_all()")),
	cell("cond-go", has("sync.NewCond(&mu)", "mu.Lock()\n\tdefer mu.Unlock()\n\tfor !enough() {\n\t\tchanged.Wait()", "time.Sleep(100 * time.Millisecond) // cooks\n\tmu.Lock()\n\tdishes++\n\tfmt.Println(\"dish\", dishes)\n\tmu.Unlock()\n\tchanged.Broadcast()"), writes("mu.Lock()", 2)),
	cell("cond-channel", has("make(chan string, 3)", "go func() {", "time.Sleep(100 * time.Millisecond) // cooks\n\t\tdishes <- dish", "tooLate := time.After(10 * time.Second)\nfor range 3 {\n\tselect {\n\tcase dish := <-dishes:", "case <-tooLate:")),
	cell("stop-python", has("await start.wait()\n    while not stop.is_set():", "async with asyncio.timeout(10):\n                await stop.wait()\n        except TimeoutError:\n            pass", "group.create_task(worker(name, start, stop))\n        await asyncio.sleep(0.1)", "start.set()\n        await asyncio.sleep(0.2)\n        stop.set()")),
	cell("stop-go", has("<-start\n", "time.NewTicker(10 * time.Second)\n\tdefer ticker.Stop()\n\tfor ctx.Err() == nil {", "case <-ctx.Done():\n\t\tcase <-ticker.C:", "context.Cause(ctx)")),
	cell("stop-go-run", has("wg.Go(", "time.Sleep(100 * time.Millisecond)\nbegin :=", "close(start)\ntime.Sleep(200 * time.Millisecond)\ncancel(errors.New(\"we're closing\"))\ncancel(errors.New(\"too late\"))\nwg.Wait()")),
	cell("missed-python", has("changed.notify_all()  # nobody waits yet\n    try:\n        async with asyncio.timeout(0.3), changed:\n            await changed.wait()")),
	cell("missed-go", has("sync.NewCond(&mu)", "changed.Broadcast() // nobody waits yet\nmu.Lock()\ndefer mu.Unlock()\nchanged.Wait()")),
	cell("missed-every", has("mu.Lock()\n\t\tchanged.Wait()\n\t\tmu.Unlock()", `"cook", func() { changed.Broadcast() })`)),
	cell("missed-mended", has(`"ready", false)`, "mu.Lock()\n\t\tfor !ready.Load() {\n\t\t\tchanged.Wait()\n\t\t}\n\t\tmu.Unlock()", "mu.Lock()\n\t\tready.Store(true)\n\t\tmu.Unlock()\n\t\tchanged.Broadcast()")),
	cell("twice-mended", has("sync.OnceFunc(func() { close(gate) })", "isSet(gate)"), writes("open()\n", 2)),
)

var _ = mutants("asyncio/10_event.ipynb",
	swap("wake-python", "await gate.wait()", "pass"),
	swap("wake-python", `("Ann", "Bob", "Cleo")`, `("Ann", "Bob")`),
	swap("wake-go", "\t<-gate\n", ""),
	swap("wake-picture-python", "range(3)", "range(2)"),
	swap("wake-picture-go", "range 3", "range 2"),
	swap("isset-go", "close(gate)", ""),
	swap("clear-go", "l.current = make(chan struct{})", "", "clear-go-run"),
	swap("clear-go-run", "l.set()\nwg.Wait()", ""),
	swap("cond-python", "dishes >= 3", "dishes >= 1"),
	swap("cond-go", "dishes >= 3", "dishes >= 2"),
	swap("stop-python", `("Ann", "Bob")`, `("Ann",)`),
	swap("stop-go", "case <-ctx.Done():", "case <-time.After(20 * time.Millisecond):", "stop-go-run"),
	swap("stop-go-run", `, "Bob"`, ""),
	swap("stop-go", "\t<-start\n", "", "stop-go-run"),
	swap("clear-go", "close(l.current)", "l.current <- struct{}{}", "clear-go-run"),
)
