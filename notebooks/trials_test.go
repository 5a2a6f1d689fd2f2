package notebooks_test

// trials holds what each "Try it" asks for, done.
var trials = map[string][]trial{
	"threading/01_basic_threading.ipynb": {
		try(1, do("single-go", "wg.Wait()\n", ""), matches(`^main: last line$`), neverMatches("finishing")),
		try(2, do("channel-order", "range 5", "range 8", "<-ran, <-ran, <-ran, <-ran, <-ran", "<-ran, <-ran, <-ran, <-ran, <-ran, <-ran, <-ran, <-ran"),
			matches(`\A[0-7]( [0-7]){7}\n\z`), neverMatches(`^0 1 2 3 4 5 6 7$`)),
		try(3, do("joining-panic", `defer func() { fmt.Println("main recovered:", recover()) }()
done := make(chan struct{})
go func() {
	fail()
	close(done)
}()
<-done
fmt.Println("main: goes on")`, "```"), prints("goroutine recovered: no such file", "main: goes on")),
	},
	"threading/02_thread_pool_executor.ipynb": {
		try(1, do("basic-group-picture", "limited(3, 7)", "limited(3, 40)"), draws("Seven goroutines, three at a time. 41 goroutines in 1.")),
		try(2, do("basic-hand", "chan int, tasks", "chan int").failing(), failsWith("all goroutines are asleep - deadlock!")),
		try(3, do("context-defer", `select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		fmt.Println("task", n, "done")
		return nil
	}`, "time.Sleep(time.Second)\n\treturn nil"), printsNumber(`^the body failed, and it took ([\d.]+) s to say so$`, 1, 3)),
	},
	"threading/03_performance_comparisons.ipynb": {
		try(1, do("headline-python", "max_workers=10", "max_workers=4").then("headline"),
			tabulates("Python, ThreadPoolExecutor", "median", 0.3, 0.9), tabulates("Python, ThreadPoolExecutor", "speed-up", 1.5, 4)),
		try(2, do("benefits-tasks", "range 4", "range 40").then("benefits-go"),
			gains(`\Aprocessors: 1 .*\n  waiting: +`, 10, 60), gains(`\Aprocessors: 1 .*\n  waiting: .*\n  computing: +`, 0.4, 2.5),
			gains(`(?s:\A.*)^processors: .*\n  waiting: +`, 10, 60)),
		try(3, do("benefits-threshold", "= 50_000", "= 1"), tabulatesMore("goroutines from 50,000 on Go 100", "a loop Go 100", "median", 2)),
		try(3, do("benefits-threshold", "= 50_000", "= 100_000_000"), tabulatesMore("goroutines Go 100", "goroutines from 50,000 on Go 100", "median", 2)),
	},
	"threading/04_image_downloads.ipynb": {
		try(1, do("ten-picture", "imageserver.Latency(latency)", "imageserver.Latency(latency), imageserver.Bandwidth(20_000)"),
			draws("Ten downloads, four at a time. 11 goroutines in ")),
		try(2, do("knee", "AtOnce(8)", "AtOnce(2)"),
			tabulates("a server that works on 8 Go 2", "median", 0.32, 1.6), tabulates("a server that works on 8 Go 32", "median", 0.32, 1.6)),
		try(3, do("fast-go", "fault=404&latency", "fault=500&times=2&latency", "g.Go(func() error { return fetch(ctx, url, file) })", "```"),
			printsAmongOthers("failed: none"), printsNumber(`^over after ([\d.]+) s$`, 3, 6)),
	},
	"asyncio/01_await_n_async.ipynb": {
		try(1, do("loop-hand-python", "cook(name)", "cook(name, steps)", "(1, 2, 3)", "range(1, steps + 1)", `cook("tea")`, `cook("tea", 3)`, `cook("toast")`, `cook("toast", 5)`),
			prints("tea 1", "toast 1", "tea 2", "toast 2", "tea 3", "toast 3", "toast 4", "toast 5")),
		try(2, do("pull-go", "next, stop", "defer fmt.Println(\"main: leaving\")\nnext, stop"), printsAmongOthers("count: cleaning up", "main: leaving")),
		try(2, do("pull-go", "next, stop", "defer fmt.Println(\"main: leaving\")\nnext, stop", "defer stop()", "_ = stop"),
			printsAmongOthers("main: leaving"), neverMatches("cleaning up")),
	},
	"asyncio/02_sequential.ipynb": {
		try(1, do("block-python", "    time.sleep(0.4)", "    await asyncio.sleep(0)\n    time.sleep(0.4)"), beats(0.8, 5)),
		try(2, do("busy-python", `async def report():
    end = time.perf_counter() + 0.8
    while time.perf_counter() < end:
        pass  # computing
    print(f"computed until {time.perf_counter() - begin:.1f} s")

async def main():
    await asyncio.gather(heartbeat(), report())
`, "```\n"), beats(0.1, 0.75)),
		try(3, do("busy-go", "runtime.GOMAXPROCS(1)\n", ""), beats(0.1, 0.75)),
	},
	"asyncio/03_tasks.ipynb": {
		try(1, do("cancel-python", "    await asyncio.sleep(0.2)  # until the user closes the window\n", ""), prints("main: the task was cancelled: True")),
		try(1, do("cancel-go", "time.Sleep(200 * time.Millisecond) // until the user closes the window\n", ""),
			prints("download: begins", "download: cleaning up", "main: the download says: context canceled")),
		try(2, do("tasks-python", `    print(await news, await mail, await weather)
`, "    try:\n        news.result()\n    except asyncio.InvalidStateError as e:\n        print(repr(e))\n"), matches(`^InvalidStateError\('Result is not set\.'\)$`)),
		try(2, do("twice-go", `%%
news := start("news")
fmt.Println("first: ", <-news)
fmt.Println("second:", <-news)`, "```"), prints("the result isn't there yet", "news <nil>")),
		try(3, do("stubborn-python", "except:", "except Exception:", "    await task\n", "    try:\n        await task\n    except asyncio.CancelledError:\n        pass\n"),
			printsNumber(`^cancelled: True, ([\d.]+) s later$`, 0, 0.15)),
		try(3, do("stubborn-go", `func stubborn(ctx context.Context) {
	for attempt := 1; attempt <= 3; attempt++ {
		time.Sleep(200 * time.Millisecond) // doesn't know ctx
		fmt.Println("attempt", attempt, "went well")
	}
}`, "```"), printsNumber(`^context canceled, ([\d.]+) s later$`, 0, 0.3)),
	},
	"asyncio/04_gather.ipynb": {
		try(1, do("error-python", "    await asyncio.sleep(0.6)  # main's other work\n", ""), prints("caught: b is down", "main is done")),
		try(2, do("completed-go", "\tfmt.Println(text)\n}", "\tfmt.Println(text)\n\tbreak\n}\nfmt.Println(runtime.NumGoroutine())"), matches(`^C\n[45]\n$`)),
		try(2, do("completed-go", "make(chan string)", "make(chan string, len(requests))",
			"\tfmt.Println(text)\n}", "\tfmt.Println(text)\n\tbreak\n}\ntime.Sleep(time.Second)\nfmt.Println(runtime.NumGoroutine())"), prints("C", "1")),
		try(3, do("wait-go", "\twinner := <-first", "```", "\t\treturn r.name\n", "\t\tif r.name == \"near\" {\n\t\t\treturn \"\"\n\t\t}\n\t\treturn r.name\n").then("wait-go-picture"),
			prints("from far")),
	},
	"asyncio/05_task_groups.ipynb": {
		try(1, do("cancel-python", "async def main():", "async def load_and_say(name, seconds):\n    try:\n        await load(name, seconds)\n    finally:\n        print(\"finally\")\n\nasync def main():",
			`load("c", 5)`, `load_and_say("d", 5)`), printsAmongOthers("finally", "caught: (ConnectionError('b is down'),)")),
		try(2, do("errors-go", `func checkAll(names []string) ([]error, error) {
	errs := make([]error, len(names))
	g, ctx := errgroup.WithContext(context.Background())
	for i, name := range names {
		g.Go(func() error {
			errs[i] = check(ctx, name)
			return errs[i]
		})
	}
	first := g.Wait()
	return errs, first
}`, "```\n\n%%\nfmt.Println(checkAll([]string{\"a\", \"b\", \"c\"}))"), prints("a is down", "b is not a number")),
		try(3, do("deaf-mended", "range 12", "step := range 12", "if err := ctx.Err(); err != nil {", "if err := ctx.Err(); err != nil && step%4 == 0 {"),
			tabulates("politeSteps", "sleeping", 0.16, 0.55)),
	},
	"asyncio/06_futures.ipynb": {
		try(1, do("many-go", "\tp.content = content // first the value,\n\tclose(p.ready)      // then the signal\n", "\tclose(p.ready)\n\tp.content = content\n").
			then("many-go-run", "%%\n", "%goflags -race\n%%\n").failing(), failsWith("WARNING: DATA RACE")),
		try(2, do("generic-get", "%%\n", "```\n\n%%\nfuture := NewFuture[int]()\nfmt.Println(future.Done())\nfuture.Set(1, nil)\nfmt.Println(future.Done())\n"),
			printsAmongOthers("false", "true", "42 <nil>")),
		try(3, do("shared-mended-python", "return 42", `raise ConnectionError("down")`, `async def price(item):
    if item not in cache:
        cache[item] = asyncio.create_task(look_up(item))  # a task is a future
    return await cache[item]
`, "```\n", `    print(await asyncio.gather(price("tea"), price("tea"), price("tea")))`,
			"    for _ in range(2):\n        print(await asyncio.gather(price(\"tea\"), price(\"tea\"), price(\"tea\"), return_exceptions=True))"),
			prints("looking up tea", "[ConnectionError('down'), ConnectionError('down'), ConnectionError('down')]",
				"looking up tea", "[ConnectionError('down'), ConnectionError('down'), ConnectionError('down')]")),
	},
	"asyncio/07_lock.ipynb": {
		try(1, do("lock-go", `receipt("B", &mu)`, `receipt("B", &sync.Mutex{})`), matches(`\A[AB] soup\n[AB] soup\n`)),
		try(2, do("orders-go", "\ttime.Sleep(300 * time.Millisecond) // ask the bank\n", "", "wg.Go(func() { ", "wg.Go(func() { for range 1_000_000_000 { ", ") })", ") } })").failing(),
			failsWith("all goroutines are asleep - deadlock!")),
		try(3, do("rw-picture-go", "sync.RWMutex", "sync.Mutex", "mu.RLock", "mu.Lock", "mu.RUnlock", "mu.Unlock"), tabulates("main", "WaitGroup", 0.46, 5)),
	},
	"asyncio/08_race_condition.ipynb": {
		try(1, do("race-go", "func enter", "%goflags -race\nfunc enter", "\tseen := *total\n\ttime.Sleep(10 * time.Millisecond) // tell the board\n", "\ttime.Sleep(10 * time.Millisecond)\n\tseen := *total\n").failing(),
			failsWith("WARNING: DATA RACE")),
		try(2, do("mend-owner", "range n {\n\t\t\t\t\tarrivals <- 1\n", "range n / 10 {\n\t\t\t\t\tarrivals <- 10\n").then("mend-check"), printsAmongOthers("owner:          4000")),
		try(3, do("map-go", "%%\nruntime", "%goflags -race\n%%\nruntime", "1_000_000", "10_000", "seen := map[int]bool{}", "seen := map[int]bool{1: true}", "seen[4*visitor+gate] = true", "_ = seen[4*visitor+gate]"),
			printsAmongOthers("1 visitors", "recovered: <nil>")),
	},
	"asyncio/09_semaphores.ipynb": {
		try(1, do("limit-go-run", "struct{}, 3)", "struct{}, 8)"), printsNumber(`^at most 8 at once, ([\d.]+) s$`, 0.1, 0.9)),
		try(2, do("fair-picture-go", "50*time.Millisecond, 3)", "50*time.Millisecond, 2)"), tabulates("main", "WaitGroup", 0.27, 5)),
		try(3, do("twice-every", "\t\tplace.Recv() // once too often\n", ""), draws("All 6 orders end right.")),
	},
	"asyncio/10_event.ipynb": {
		try(1, do("wake-go", "close(gate)", "gate <- struct{}{}").failing(), matches(`\Aopen\n\w+ runs\n\z`), failsWith("all goroutines are asleep - deadlock!")),
		try(2, do("stop-go-run", "close(start)\ntime.Sleep(200 * time.Millisecond)\ncancel(errors.New(\"we're closing\"))", "cancel(errors.New(\"we're closing\"))\nclose(start)"),
			matches(`^Ann goes home`), matches(`^Bob goes home`), neverMatches("checks")),
		try(3, do("missed-mended", "\t\tmu.Lock()\n\t\tready.Store(true)\n\t\tmu.Unlock()\n", "\t\tready.Store(true)\n"), draws("1 of 10 orders ends wrong. Deadlock: guest waits for a signal of changed")),
	},
	"asyncio/11_resource_management.ipynb": {
		try(1, do("order-go", `"mail", "printer")`, `"mail", "database")`),
			prints("open database", "open mail", "open database", "all are open", "close database", "close mail", "close database")),
		try(2, do("leak-go", "make(chan string)", "make(chan string, len(servers))").then("leak-go-run"), printsAmongOthers("left: 0")),
		try(3, do("shield-go", "10*time.Second", "100*time.Millisecond"), matches(`^shielded: not saved: context deadline exceeded$`)),
	},
}
