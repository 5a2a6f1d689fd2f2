package notebooks_test

import (
	"fmt"
	"regexp"
	"runtime"
	"strconv"
	"testing"

	"tutorial/kernel-setup/notebook"
)

var _ = claims("asyncio/03_tasks.ipynb",
	// Tasks. One after another, the three would take 0.9 s.
	cell("tasks-python", matches(`^news mail weather$`), printsNumber(`^after ([\d.]+) s$`, 0.3, 0.8)),
	cell("tasks-go", matches(`^news mail weather$`), printsNumber(`^after ([\d.]+) s$`, 0.3, 0.8)),
	cell("tasks-picture-python", draws("Three tasks, awaited one after the other. main and 3 tasks in "),
		tabulates("fetch 0", "sleeping", 0.26, 2), tabulates("fetch 2", "sleeping", 0.26, 2), tabulates("main", "task", 0.25, 0.8)),
	cell("tasks-picture-go", draws("Three goroutines, and their results received one after the other. 4 goroutines in "),
		tabulates("goroutine 0", "sleeping", 0.26, 2), tabulates("goroutine 2", "sleeping", 0.26, 2), tabulates("main", "channel receive", 0.25, 0.8)),
	cell("twice-python", prints("first:  news", "second: news")),
	cell("twice-go", prints("first:  news"), failsWith("all goroutines are asleep - deadlock!")),
	cell("begin-python", prints("main: created it", "main: still me", "task: I've begun", "main: it's done")),
	cell("begin-go", matches(`\A(after (0s|100µs|1ms): main was first \d+ times, the goroutine \d+ times\n){3}\z`),
		thousandEach(), theGoroutineGainsOnMain()),
	cell("errors-python", prints("news -> today's news", "mail -> failed: the server hung up")),
	cell("errors-go-run", prints("news -> today's news", "mail -> failed: the server hung up")),

	// Cancelling a task
	cell("cancel-python", prints("download: begins", "download: cleaning up", "main: the task was cancelled: True")),
	cell("cancel-go", prints("download: begins", "download: cleaning up", "main: the download says: context canceled")),
	cell("cancel-picture-python", draws("A task is cancelled while it sleeps. main and 1 task in "), draws("1 was cancelled."),
		tabulates("download", "sleeping", 0.15, 5)),
	cell("cancel-picture-go", draws("A goroutine hears that its context is cancelled. 2 goroutines in "),
		draws("quietDownload waited in a select for "), tabulates("quietDownload", "select", 0.15, 5)),
	cell("stubborn-python", matches(`\Aattempt 1 went wrong\nattempt 2 went well\nattempt 3 went well\n`),
		printsNumber(`^cancelled: False, ([\d.]+) s later$`, 0.4, 3)),
	cell("stubborn-go", matches(`\Aattempt 1 went well\nattempt 2 went well\nattempt 3 went well\n`),
		printsNumber(`^context canceled, ([\d.]+) s later$`, 0.4, 3)),
	cell("cause-python", prints("CancelledError: the user closed the window")),
	cell("cause-go", prints("Err:   context canceled", "Cause: the user closed the window")),

	// Time limits
	cell("timeout-python", prints("got news", "too late for the rest")),
	cell("timeout-go-run", prints("got news", "mail: context deadline exceeded", "late? true")),
	cell("after-python", printsNumber(`^nothing came in ([\d.]+) s$`, 0.19, 5)),
	cell("after-go", printsNumber(`^line: "", error: io: read/write on closed pipe, after ([\d.]+) s$`, 0.19, 5)),

	// Forgotten tasks
	cell("forgotten-error-python", prints("save: begins", "main: all is well"), reports("Task exception was never retrieved"), reports("OSError: the disk is full")),
	cell("forgotten-error-go", prints("save: begins", "main: all is well"), quiet()),
	cell("forgotten-end-python", prints("background: begins", "main: last line", "background: cleaning up")),
	cell("forgotten-end-go", prints("background: begins", "main: last line")),
	cell("forgotten-gc-python", prints("tasks: 2", "tasks: 1"), reports("Task was destroyed but it is pending!")),
	cell("forgotten-gc-go", prints("goroutines: 2", "goroutines: 2")),

	// Pitfalls
	cell("pitfall-limit", prints("main: too late", "fetch: got the news, for nobody")),

	// What the outputs cannot tell
	cell("tasks-python", has("await asyncio.sleep(0.3)", "print(await news, await mail, await weather)"), writes("asyncio.create_task(", 3)),
	cell("tasks-go", has("300 *", "make(chan string, 1)", "go func() { result <- fetch(what) }()", `start("news")`, `start("mail")`, "start(\"weather\")\nfmt.Println(<-news, <-mail, <-weather)")),
	cell("tasks-picture-python", has("await asyncio.sleep(0.3)", "await news, await mail, await weather"), writes("asyncio.create_task(", 3)),
	cell("tasks-picture-go", has("start(\"news\"), start(\"mail\"), start(\"weather\")\n\t<-news\n\t<-mail\n\t<-weather")),
	cell("twice-python", has("news = asyncio.create_task("), writes("await news", 2)),
	cell("twice-go", has("news := start("), writes("<-news", 2)),
	cell("begin-python", has("asyncio.create_task(work())", "    await task")),
	cell("begin-go", has("make(chan string, 2)", "go func() { names <- \"goroutine\" }()\n\tbusy(d)\n\tnames <- \"main\"\n\treturn <-names", "{0, 100 * time.Microsecond, time.Millisecond}", "range 1000", "count[first(d)]++")),
	cell("errors-python", has("[asyncio.create_task(load(n), name=n) for n in names]", "await task)\n        except ConnectionError"), writes("task.get_name()", 2)),
	cell("errors-go", has("make(chan loaded, 1)", "go func() {\n\t\tvalue, err := load(what)\n\t\tresult <- loaded{value: value, err: err}\n\t}()")),
	cell("errors-go-run", has("startLoad(name))\n}\nfor i, task", "r := <-task\n\tif r.err != nil {")),
	cell("cancel-python", has("await asyncio.sleep(10)", "finally:", "sleep(0.2)", "asyncio.create_task(download())", "task.cancel()\n    try:\n        await task", "task.cancelled()")),
	cell("cancel-go", has("defer fmt.Println(", "10 * time.Second", "return ctx.Err()", "defer cancel()", "make(chan error, 1)\ngo func() { result <- download(ctx) }()", "200 * time.Millisecond", "\ncancel()\nfmt.Println(", "<-result)")),
	cell("cancel-picture-python", has("await asyncio.sleep(10)", "asyncio.create_task(download())\n    await asyncio.sleep(0.2)\n    task.cancel()\n    try:\n        await task")),
	cell("cancel-picture-go", has("10 * time.Second", "defer cancel()", "wg.Go(func() { quietDownload(ctx) })\n\ttime.Sleep(200 * time.Millisecond)\n\tcancel()\n\twg.Wait()")),
	cell("stubborn-python", has("(1, 2, 3)", "await asyncio.sleep(0.2)", "except:", "await asyncio.sleep(0.1)\n    begin = time.perf_counter()\n    task.cancel()\n    await task", "task.cancelled()")),
	cell("stubborn-go", has("attempt <= 3", "time.Sleep(200 *", "wg.Go(func() { stubborn(ctx) })\ntime.Sleep(100 * time.Millisecond)\nbegin := time.Now()\ncancel()\nwg.Wait()", "ctx.Err()")),
	cell("cause-python", has("asyncio.create_task(asyncio.sleep(10))\n    await asyncio.sleep(0.1)\n    task.cancel(", "await task", "CancelledError as e")),
	cell("cause-go", has("wg.Go(func() { quietDownload(ctx) })\ntime.Sleep(100 * time.Millisecond)\ncancel(", "\nwg.Wait()\n", "ctx.Err()", "context.Cause(ctx)")),
	cell("timeout-python", has(`("news", "mail", "weather")`, "await asyncio.sleep(0.3)", "await get(what)", "asyncio.timeout(0.4):\n            await page()")),
	cell("timeout-go", has("300 * time.Millisecond", "case <-ctx.Done():", `%w", what, ctx.Err()`, "get(ctx, what)")),
	cell("timeout-go-run", has("400*time.Millisecond)\ndefer cancel()", "page(ctx)", "errors.Is(err, context.DeadlineExceeded)")),
	cell("after-python", has("await asyncio.to_thread(lines.get)", "lines.put(None)  # ends the wait of the thread\n        raise", "asyncio.timeout(0.2)")),
	cell("after-go", has("context.AfterFunc(ctx, func() { r.Close() })\n\tdefer stop()", "200*time.Millisecond)\ndefer cancel()", "io.Pipe()", "readLine(ctx, r)")),
	cell("forgotten-error-python", has("await asyncio.sleep(0.1)\n    raise OSError(", "    asyncio.create_task(save())\n    await asyncio.sleep(0.3)")),
	cell("forgotten-error-go", has("100 * time.Millisecond)\n\treturn errors.New(", "go save()", "\ntime.Sleep(300 * time.Millisecond)")),
	cell("forgotten-end-python", has("await asyncio.sleep(10)\n    finally:", "    asyncio.create_task(background())\n    await asyncio.sleep(0.1)")),
	cell("forgotten-end-go", has("defer fmt.Println(", "time.Sleep(10 * time.Second)", "go background()\ntime.Sleep(100 * time.Millisecond)")),
	cell("forgotten-gc-python", has("await orders.get()", "    asyncio.create_task(wait_for_orders())", "gc.collect()"), writes("len(asyncio.all_tasks())", 2)),
	cell("forgotten-gc-go", has("<-orders", "go waitForOrders()", "runtime.GC()"), writes("runtime.NumGoroutine()", 2)),
	cell("pitfall-limit", has("make(chan bool, 1)", "go func() {\n\tfetch(\"news\")", "finished <- true", "case <-finished:\ncase <-time.After(100 * time.Millisecond):", "\n<-finished")),
)

// thousandEach wants the two counts in each line to add up to a thousand.
func thousandEach() check {
	return func(c notebook.Cell) error { return thousandIn(output(c)) }
}

func thousandIn(printed []string) error {
	for _, line := range printed {
		var moment string
		var main, goroutine int
		if _, err := fmt.Sscanf(line, "after %s main was first %d times, the goroutine %d times", &moment, &main, &goroutine); err != nil || main+goroutine != 1000 {
			return fmt.Errorf("the counts in %q should add up to 1000", line)
		}
	}
	return nil
}

// theGoroutineGainsOnMain wants main to be first nearly always if it does not wait, and less often after a millisecond.
func theGoroutineGainsOnMain() check {
	return func(c notebook.Cell) error { return gainsOnMain(c.Stream("stdout")) }
}

func gainsOnMain(printed string) error {
	var first []int
	for _, found := range regexp.MustCompile(`main was first (\d+) times`).FindAllStringSubmatch(printed, -1) {
		n, err := strconv.Atoi(found[1])
		if err != nil {
			return err
		}
		first = append(first, n)
	}
	// With one processor, nothing runs beside main.
	if len(first) != 3 || first[0] < 500 || first[2] >= first[0] && runtime.NumCPU() > 1 {
		return fmt.Errorf("main should be first at once, and less often later, and was so %v times", first)
	}
	return nil
}

// quiet wants nothing on standard error.
func quiet() check {
	return func(c notebook.Cell) error {
		if said := c.Stream("stderr"); said != "" {
			return fmt.Errorf("it should say nothing on standard error, and says %q", said)
		}
		return nil
	}
}

func TestCountsOfTasksControl(t *testing.T) {
	t.Parallel()
	if err := thousandIn([]string{"after 10µs: main was first 990 times, the goroutine 10 times"}); err != nil {
		t.Error(err)
	}
	if thousandIn([]string{"after 10µs: main was first 990 times, the goroutine 11 times"}) == nil {
		t.Error("counts that add up to 1001 should be found")
	}
	const line = "main was first %d times\n"
	if gainsOnMain(fmt.Sprintf(line+line+line, 999, 900, 0)) != nil || gainsOnMain(fmt.Sprintf(line+line+line, 0, 0, 0)) == nil || gainsOnMain("") == nil {
		t.Error("main first at 999 and 0 of 1000 times is right, and never is not")
	}
	for _, c := range fixture(t).Cells {
		if c.ID == "three" && quiet()(c) == nil {
			t.Error("text on standard error should be found")
		}
	}
}

var _ = mutants("asyncio/03_tasks.ipynb",
	swap("begin-python", "asyncio.create_task(work())", "asyncio.create_task(work()); await asyncio.sleep(0)"),
	swap("errors-python", `raise ConnectionError("the server hung up")`, "pass"),
	swap("errors-go", `return "", errors.New("the server hung up")`, `return "", nil`, "errors-go-run"),
	swap("errors-go", "result <- loaded{value: value, err: err}", "result <- loaded{value: value}\n\t\t_ = err", "errors-go-run"),
	swap("cancel-python", `print("download: cleaning up")`, "pass"),
	swap("cause-python", `cancel("the user closed the window")`, "cancel()"),
	swap("cause-go", `cancel(errors.New("the user closed the window"))`, "cancel(nil)"),
	swap("cause-go", "WithCancelCause(context.Background())\n", "WithCancelCause(context.Background())\ncancel(nil)\n"),
	swap("timeout-go", "%s: %w", "%s: %v", "timeout-go-run"),
	swap("timeout-go", "\tcase <-ctx.Done():\n\t\treturn \"\", fmt.Errorf(\"%s: %w\", what, ctx.Err())\n", "", "timeout-go-run"),
	swap("after-python", "read(queue.Queue())", "asyncio.sleep(0)"),
	swap("timeout-go", "300 *", "30 *", "timeout-go-run"),
)
