package notebooks_test

import (
	"fmt"
	"testing"

	"tutorial/kernel-setup/notebook"
)

var _ = claims("asyncio/02_sequential.ipynb",
	// Sequential Async
	cell("sum-python", matches(`^news mail weather after `), printsNumber(`after ([\d.]+) s$`, 0.6, 3)),
	cell("sum-go", matches(`^news mail weather after `), printsNumber(`after ([\d.]+) s$`, 0.6, 3)),
	cell("first-python", matches(`^news mail weather$`), printsNumber(`^after ([\d.]+) s$`, 0.6, 3)),
	// One after another, the four would take 2 s.
	cell("chain-python", printsAmongOthers("['order 3a', 'order 3b']", "['order 4a', 'order 4b']", "['order 5a', 'order 5b']", "['order 7a', 'order 7b']"),
		printsNumber(`^all four after ([\d.]+) s$`, 0.5, 1.9)),
	cell("chain-go-run", printsAmongOthers("[order 3a order 3b]", "[order 4a order 4b]", "[order 5a order 5b]", "[order 7a order 7b]"),
		printsNumber(`^all four after ([\d.]+) s$`, 0.5, 1.9)),
	cell("chain-picture-python", draws("Four customers, each served in sequence. main and 4 tasks in "), draws("The lanes below main mostly slept"),
		tabulates("serve 0", "sleeping", 0.45, 3), tabulates("serve 3", "sleeping", 0.45, 3), tabulates("main", "task", 0.45, 1.9)),
	cell("chain-picture-go", draws("Four customers, each served in sequence. 5 goroutines in "), draws("The lanes below main mostly slept"),
		tabulates("goroutine 0", "sleeping", 0.45, 3), tabulates("goroutine 3", "sleeping", 0.45, 3), tabulates("main", "WaitGroup", 0.45, 1.9)),

	// One coroutine that blocks them all
	cell("block-python", beats(0.8, 5)),
	cell("block-picture-python", draws("A report blocks the event loop. main and 3 tasks in "),
		tabulates("report 0", "holds up the loop", 0.35, 3), tabulates("report 1", "holds up the loop", 0.35, 3),
		tabulates("heartbeat", "ready, loop busy", 0.5, 5)),
	cell("block-go", beats(0.1, 0.75), draws("A report blocks only itself. 4 goroutines in "),
		tabulates("report 0", "sleeping", 0.35, 3), tabulates("report 1", "sleeping", 0.35, 3)),
	cell("debug-python", reports("coro=<report() done"), reports("> took ")),
	cell("busy-python", beats(0.8, 5), printsNumber(`^computed until ([\d.]+) s$`, 0.8, 5)),
	cell("busy-go", writes("GOMAXPROCS(1)", 1), beats(0.1, 0.75), printsNumber(`^computed until ([\d.]+) s$`, 0.8, 10)),

	// Move the wait to a thread
	cell("thread-python", beats(0.1, 0.75), printsNumber(`^report at ([\d.]+) s$`, 0.8, 10)),
	cell("thread-picture-python", draws("A thread does the waiting, and the loop is free. main, 1 thread and 2 tasks in "),
		tabulates("to_thread", "thread", 0.75, 5), tabulates("asyncio_0", "sleeping", 0.75, 5)),
	cell("child-python", beats(0.1, 0.75), matches(`\A(beat at .*\n){4}the other program has ended\n\z`)),
	cell("child-go", beats(0.1, 0.75), matches(`\A(beat at .*\n){4}the other program has ended\n\z`),
		draws("A system call takes a thread, not the processor. 3 goroutines in "), draws("with 1 processor"), draws("child waited in a system call for "),
		tabulates("child", "system call", 0.5, 5)),

	// Pitfalls
	cell("pitfall-loop-python",
		printsNumber(`^\[0, 1, 2, 3, 4, 5, 6, 7, 8, 9\] in a loop: ([\d.]+) s$`, 1, 5),
		printsNumber(`^\[0, 1, 2, 3, 4, 5, 6, 7, 8, 9\] gathered:  ([\d.]+) s$`, 0.1, 0.9)),

	// What the outputs cannot tell
	cell("sum-python", has("await asyncio.sleep(seconds)", `await fetch("news", 0.2)`, `await fetch("mail", 0.3)`, `await fetch("weather", 0.1)`)),
	cell("sum-go", has("time.Sleep(d)", `news := fetch("news", 200*`, `mail := fetch("mail", 300*`, `weather := fetch("weather", 100*`)),
	cell("first-python", has("await asyncio.sleep(seconds)", `news = fetch("news", 0.2)`, `mail = fetch("mail", 0.3)`, `weather = fetch("weather", 0.1)`, "print(await news, await mail, await weather)")),
	cell("chain-python", has("await asyncio.sleep(0.2)", "await asyncio.sleep(0.3)", "user = await find_user(name)\n    return await find_orders(user)", "await asyncio.gather(*[serve(name) for name in names])")),
	cell("chain-go", has("200 *", "300 *", "user := findUser(name)\n\treturn findOrders(user)", "wg.Go(func() { found[i] = serve(name) })\n\t}\n\twg.Wait()")),
	cell("chain-go-run", has(`serveAll("Ada", "Alan", "Grace", "Barbara")`)),
	cell("chain-picture-python", has("await asyncio.sleep(0.2)", "await asyncio.sleep(0.3)", "user = await find_user(name)\n    return await find_orders(user)", "await asyncio.gather(*[serve(name) for name in names])")),
	cell("chain-picture-go", has(`serveAll("Ada", "Alan", "Grace", "Barbara")`)),
	cell("block-python", has("await asyncio.sleep(0.1)", "    time.sleep(0.4)", "asyncio.gather(heartbeat(), report(), report())")),
	cell("block-picture-python", has("await asyncio.sleep(0.1)", "    time.sleep(0.4)", "asyncio.gather(heartbeat(), report(), report())")),
	cell("block-go", has("time.Sleep(100 *", "time.Sleep(400 *", "wg.Go(func() { heartbeat(begin) })\n\twg.Go(report)\n\twg.Go(report)\n\twg.Wait()")),
	cell("debug-python", has("    time.sleep(0.4)", "asyncio.run(report(), debug=True)")),
	cell("busy-python", has("while time.perf_counter() < end:\n        pass  # computing", "asyncio.gather(heartbeat(), report())")),
	cell("busy-go", has("time.Since(begin) < d; {\n\t\t// computing\n", "runtime.GOMAXPROCS(1)", "wg.Go(func() { heartbeat(begin) })\nwg.Go(func() {\n\tbusy(800 * time.Millisecond)\n", "wg.Wait()")),
	cell("thread-python", has("    time.sleep(0.8)", "asyncio.gather(heartbeat(), asyncio.to_thread(report))")),
	cell("thread-picture-python", has("    time.sleep(0.8)", "asyncio.gather(heartbeat(), asyncio.to_thread(report))")),
	cell("child-python", has("await asyncio.create_subprocess_exec(\"sleep\", \"0.8\")\n    await process.wait()", "asyncio.gather(heartbeat(), child())")),
	cell("child-go", has(`exec.Command("sleep", "0.8").Run()`, "runtime.GOMAXPROCS(1)\ntimeline.Show(", "wg.Go(func() { heartbeat(begin) })\n\twg.Go(child)\n\twg.Wait()")),
	cell("pitfall-loop-python", has("await asyncio.sleep(0.1)", "results = [await fetch(n) for n in range(10)]", "results = await asyncio.gather(*[fetch(n) for n in range(10)])")),
)

// beats wants four beats of the heart, the first of them from low to high seconds after the beginning.
func beats(low, high float64) check {
	return func(c notebook.Cell) error { return beatsIn(output(c), low, high) }
}

func beatsIn(printed []string, low, high float64) error {
	var found []float64
	for _, line := range printed {
		var seconds float64
		if n, _ := fmt.Sscanf(line, "beat at %f s", &seconds); n == 1 {
			found = append(found, seconds)
		}
	}
	if len(found) != 4 || found[0] < low || found[0] > high {
		return fmt.Errorf("it should print four beats, the first from %v to %v s, and prints them at %v", low, high, found)
	}
	return nil
}

func TestHeartbeatsControl(t *testing.T) {
	t.Parallel()
	four := []string{"beat at 0.1 s", "beat at 0.2 s", "done", "beat at 0.3 s", "beat at 0.4 s"}
	if err := beatsIn(four, 0.1, 0.2); err != nil {
		t.Error(err)
	}
	if beatsIn(four, 0.2, 1) == nil || beatsIn(four, 0, 0.05) == nil || beatsIn(four[1:], 0.1, 1) == nil {
		t.Error("a first beat at another time, or three beats, should be found")
	}
}

var _ = mutants("asyncio/02_sequential.ipynb",
	swap("chain-go", "wg.Go(func() { found[i] = serve(name) })", "found[i] = serve(name)", "chain-go-run"),
	swap("chain-go", "wg.Wait()", "", "chain-go-run"),
	swap("chain-go", "300", "30", "chain-go-run"),
	swap("chain-picture-python", `"Grace", "Barbara"`, `"Grace"`),
	swap("chain-go", "wg.Go(func() { found[i] = serve(name) })", "found[i] = serve(name)", "chain-picture-go"),
	swap("chain-go", "300", "30", "chain-picture-go"),
	swap("busy-python", "+ 0.8", "+ 0.4"),
	swap("busy-go", "wg.Go(func() { heartbeat(begin) })", "busy(800 * time.Millisecond)\nwg.Go(func() { heartbeat(begin) })"),
	swap("chain-go", "findUser(name)\n", "len(name)\n", "chain-go-run"),
)
