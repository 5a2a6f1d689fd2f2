package notebooks_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"tutorial/kernel-setup/notebook"
)

var _ = claims("threading/02_thread_pool_executor.ipynb",
	// Basic Usage
	cell("basic-python", printsInAnyOrder(
		"Thread 1: starting", "Thread 2: starting", "Thread 0: starting", "Thread 1: starting", "Thread 2: starting",
		"Thread 1: finishing", "Thread 2: finishing", "Thread 0: finishing", "Thread 1: finishing", "Thread 2: finishing"),
		matches(`\A(Thread \d: starting\n){3}Thread \d: finishing$`)),
	cell("basic-hand", printsNumber(`^sum 91 after ([\d.]+) s$`, 0.3, 0.65)),
	cell("basic-picture-python", printsNothing(), draws("A pool of three threads. main and 3 threads in "), tabulatesAll("sleeping", 0.6, 7)),
	cell("basic-hand-picture", printsNothing(), draws("A pool of three goroutines. 4 goroutines in "), tabulatesAll("sleeping", 0.6, 7)),
	cell("basic-group", printsNumber(`^error <nil> after ([\d.]+) s$`, 0.3, 0.65)),
	cell("basic-group-picture", printsNothing(), draws("Seven goroutines, three at a time. 8 goroutines in "),
		tabulatesAll("sleeping", 0.6, 7), tabulates("main", "channel send", 0.15, 0.55)),

	// Submit Method
	cell("submit-python", prints("done at once: False", "not yet", "result: 9")),
	cell("submit-go", prints("done at once: false", "not yet", "result: 9 error: <nil>")),
	cell("submit-once", printsAmongOthers("computing", "9 9"), printsNumber(`^waited ([\d.]+) s for it$`, 0, 0.29)),
	cell("submit-completed-python", prints("1 -> 1", "2 -> no twos", "3 -> 9")),
	cell("submit-completed", prints("1 -> 1", "2 -> no twos", "3 -> 9")),
	cell("callback-python", prints("9 arrived in worker_0", "16 arrived in MainThread")),
	cell("callback-go", prints("9 <nil> arrived, and this is the next line")),

	// Map Method
	cell("map-python", printsAmongOthers("ready: 4", "ready: 0", "0", "1", "4", "raised: no threes")),
	cell("map-go", printsAmongOthers("ready: 4", "ready: 0", "[0 1 4 0 16] no threes")),

	// Context Management
	cell("context-python", printsAmongOthers("task 5 done"), matches(`(?s)\A(task \d done\n){6}the body`),
		printsNumber(`^the body failed, and it took ([\d.]+) s to say so$`, 0.3, 1.5)),
	cell("context-cancel-python", printsInAnyOrder(append(done(2), "cancelled: 4")...)),
	cell("context-drop", printsInAnyOrder("task 0 done", "task 1 done", "task 2 dropped", "task 3 dropped", "task 4 dropped", "task 5 dropped",
		"Wait: context canceled")),
	cell("context-defer",
		matches(`(?m)(^task [0-2], 0\.\d+ s under way: context canceled$\n){3}`), neverMatches("done|, 0.00 s"),
		printsNumber(`^the body failed, and it took ([\d.]+) s to say so$`, 0.12, 0.9)),
	cell("context-go", neverMatches("done"), printsNumber(`^task 1 failed, and it took ([\d.]+) s to say so$`, 0.05, 0.9)),
	cell("context-picture", printsNothing(), draws("The first error stops the others. 7 goroutines in "),
		tabulates("main", "channel send", 0.01, 5), tabulates("attempt 0", "select", 0.005, 5)),
	cell("nested-python", printsNumber(`^gave up after ([\d.]+) s$`, 0.5, 5)),
	cell("nested-go", printsNothing(), failsWith("all goroutines are asleep - deadlock!")),
	cell("nested-try", prints("no place free, so here: inner", "error: <nil>")),

	// How many workers?
	cell("workers-python", aPoolOfTheDefaultSize()),
	cell("workers-scaling",
		draws("16 tasks, with n at a time"),
		// Each wait takes a little longer than 20 ms, so sixteen in turn take longer than sixteen times that.
		tabulates("waiting 20 ms each Go 16", "speed-up", 4, 40),
		tabulates("waiting 20 ms each Go 1", "median", 0.32, 3), tabulates("waiting 20 ms each Go 16", "median", 0.02, 0.3),
		tabulates("computing Go 1", "median", 0.05, 60), tabulates("computing Go 16", "speed-up", 0.2, 4*float64(min(16, runtime.NumCPU())))),

	// Pitfalls
	cell("pitfall-silent-python", prints("all done, and not a word about it", "unless you ask: ValueError")),
	cell("pitfall-first", matches(`^Wait: task \d failed$`), printsAmongOthers("all:", "task 0 failed", "task 1 failed", "task 2 failed")),
	cell("pitfall-capacity", prints("capacity 0 leaves 100 goroutines behind", "capacity 1 leaves 0 goroutines behind")),
	cell("pitfall-context", prints("Wait:    <nil>", "context: context canceled")),

	// What the outputs cannot tell
	cell("basic-python", has("(max_workers=3) as executor:", "executor.submit(worker_function, 1)", "executor.submit(worker_function, 2)",
		"executor.map(worker_function, range(3))")),
	cell("basic-hand", has("worker(jobs <-chan int, results chan<- int) {\n\tfor n := range jobs {", "range workers {\n\t\tgo worker(jobs, results)",
		"\tclose(jobs)", "+= <-results", "pool(3, 7)"), writes("make(chan int, tasks)", 2)),
	cell("basic-picture-python", has("sleep(0.1)", "list(executor.map(square, range(7)))")),
	cell("basic-hand-picture", has("pool(3, 7)")),
	cell("basic-group", has("g.SetLimit(limit)\n\tfor range tasks {", "time.Sleep(100 * time.Millisecond)", "return g.Wait()", "limited(3, 7)")),
	cell("basic-group-picture", has("limited(3, 7)")),
	cell("submit-python", has("time.sleep(n / 10)", "executor.submit(square, 3)\n", "future.done()", "future.result(timeout=0.1)", "future.result())")),
	cell("submit-go", has("submit(n int) <-chan result {\n\tfuture := make(chan result, 1)\n\tgo func() { future <- square(n) }()\n", "len(future) == 1",
		"case r := <-future:", "case <-time.After(100 * time.Millisecond):", "}\nr := <-future\n")),
	cell("submit-completed-python", has("max_workers=3", "executor.submit(square, n): n for n in (3, 1, 2)", "cf.as_completed(futures)")),
	cell("submit-completed", has("make(chan result)\n", "{3, 1, 2} {\n\twg.Go(func() { results <- square(n) })\n",
		"go func() {\n\twg.Wait()\n\tclose(results)\n}()\nfor r := range results {")),
	cell("submit-once", has("sync.OnceValue(", "return square(3)\n", "\ngo future() ", "future().square, future().square")),
	cell("callback-python", has("threading.current_thread().name", "submit(square, 3)\n    future.add_done_callback(where)\n    future.result()\n",
		"cf.wait([finished])\n    finished.add_done_callback(where)")),
	cell("callback-go", has("wg.Go(func() {\n\tr := square(3)\n\tfmt.Println(", "wg.Wait()", "r.square, r.err")),
	cell("map-python", has("max_workers=5", "in executor.map(square, range(5)):")),
	cell("map-go", has("g.SetLimit(limit)\n\tfor i := range results {\n\t\tg.Go(", "results[i] = i * i\n", "err := g.Wait()\n\treturn results, err", "squares(5, 5)")),
	cell("context-python", has("max_workers=2", "executor.submit(task, n)\n        raise ValueError(")),
	cell("context-cancel-python", has("max_workers=2", "time.sleep(0.05)\nexecutor.shutdown(cancel_futures=True)\n", "sum(f.cancelled() for f in futures)")),
	cell("context-drop", has("go func() {\n\ttime.Sleep(50 * time.Millisecond)\n\tcancel()\n}()", "g.SetLimit(2)\n", "if ctx.Err() != nil {", "g.Wait())")),
	cell("context-defer", has("case <-ctx.Done():\n\t\treturn ctx.Err()\n\tcase <-time.After(time.Second):", "defer wg.Wait() // runs second: leave nobody behind\n\tdefer cancel()",
		"wg.Go(func() {\n\t\t\tbegin := time.Now()\n\t\t\terr := careful(ctx, n)\n\t\t\ttime.Sleep(20 * time.Millisecond)",
		"\n\ttime.Sleep(100 * time.Millisecond) // the body's own work\n\treturn ")),
	cell("context-go", has("time.Sleep(50 * time.Millisecond)\n", "return careful(ctx, n)", "g, ctx := errgroup.WithContext(context.Background())\n\tg.SetLimit(2)\n\tfor n := range 6 {",
		"return attempt(ctx, n)", "return g.Wait()")),
	cell("nested-python", has("max_workers=1", "executor.submit(lambda:", "inner.result(timeout=0.5)", "executor.submit(outer).result()")),
	cell("nested-go", has("g.SetLimit(1)\ng.Go(func() error {\n\tg.Go(func() error { return nil })")),
	cell("nested-try", has("g.SetLimit(1)\n", "if !g.TryGo(inner) {", "return inner()")),
	cell("workers-python", has("ThreadPoolExecutor()", "executor.map(time.sleep, [0.3] * 10))", "    started = threading.active_count() - 1", "os.cpu_count()")),
	cell("workers-tasks", has("time.Sleep(20 * time.Millisecond)", "range 10_000_000 {\n\t\tx = (x*1103515245 + 12345) & 0x7FFFFFFF\n\t}\n\tif x == 0 {")),
	cell("workers-scaling", has("g.SetLimit(limit)\n\tfor range 16 {\n\t\tg.Go(f)\n", "return g.Wait()", `each", func(n int) error { return sixteen(n, wait)`,
		`computing", func(n int) error { return sixteen(n, compute)`, "timing.Sizes(1, 2, 4, 8, 16), timing.SameWork()")),
	cell("pitfall-silent-python", has(`executor.submit(int, "not a number")`+"\n", "type(future.exception()).__name__")),
	cell("pitfall-first", has("g.Go(func() error {\n\t\terrs[n] = ", "return errs[n]", "g.Wait())", "errors.Join(errs...)")),
	cell("pitfall-capacity", has("make(chan int, capacity)\n\tgo func() { future <- 42 }()\n", "{0, 1}", "range 100 {\n\t\tunread(capacity)", "left := runtime.NumGoroutine() - before")),
	cell("pitfall-context", has("g.Go(func() error { return nil })\nfmt.Println(\"Wait:   \", g.Wait())\n", "ctx.Err())")),
)

// aPoolOfTheDefaultSize wants no more threads than the processors allow, and the ten tasks to take as many rounds as follow.
func aPoolOfTheDefaultSize() check {
	return func(c notebook.Cell) error { return defaultPool(c.Stream("stdout")) }
}

func defaultPool(printed string) error {
	var processors, threads int
	var took float64
	if _, err := fmt.Sscanf(printed, "%d processors, %d threads started\nten tasks of 0.3 s took %f s", &processors, &threads, &took); err != nil {
		return err
	}
	ideal := 0.3 * math.Ceil(10/float64(threads))
	// Since 3.13 those that the process may use count.
	if usable := min(10, runtime.NumCPU()+4); threads != min(10, processors+4) && threads != usable || took < ideal-0.01 || took > 4*ideal {
		return fmt.Errorf("with %d processors, %d threads and %.1f s are not what a pool of the default size takes", processors, threads, took)
	}
	return nil
}

func TestDefaultPoolControl(t *testing.T) {
	t.Parallel()
	for printed, holds := range map[string]bool{
		"2 processors, 6 threads started\nten tasks of 0.3 s took 0.6 s":   true,
		"64 processors, 10 threads started\nten tasks of 0.3 s took 0.3 s": true,
		"2 processors, 10 threads started\nten tasks of 0.3 s took 0.3 s":  false,
		"2 processors, 6 threads started\nten tasks of 0.3 s took 0.3 s":   false,
		"64 processors, 10 threads started\nten tasks of 0.3 s took 3.0 s": false,
		"64 processors, 1 threads started\nten tasks of 0.3 s took 3.0 s":  false,
		"ten tasks": false,
	} {
		if err := defaultPool(printed); (err == nil) != holds {
			t.Errorf("%q: %v", printed, err)
		}
	}
}

// done is what the first n tasks print.
func done(n int) []string {
	var tasks []string
	for i := range n {
		tasks = append(tasks, fmt.Sprintf("task %d done", i))
	}
	return tasks
}

var _ = mutants("threading/02_thread_pool_executor.ipynb",
	swap("basic-hand", "100", "10"),
	swap("basic-picture-python", "max_workers=3", "max_workers=1"),
	swap("basic-picture-python", "max_workers=3", "max_workers=7"),
	swap("submit-completed-python", `raise ValueError("no twos")`, "pass"),
	swap("map-python", "(5 - n) / 20", "n / 20"),
	swap("map-python", `raise ValueError("no threes")`, "pass"),
	swap("map-go", "time.Duration(n-i)", "time.Duration(i)"),
	swap("map-go", `return errors.New("no threes")`, "return nil"),
	swap("context-python", "range(6)", "range(2)"),
	swap("context-defer", "range 3", "range 2"),
	swap("context-go", "g.SetLimit(2)", "g.SetLimit(6)", "context-picture"),
	swap("context-go", `return errors.New("task 1 failed")`, "return nil"),
	swap("context-picture", "untilError()", "limited(2, 6)"),
	swap("context-picture", "untilError()", "bodyFails()"),
	swap("workers-tasks", "20 * time", "2 * time", "workers-scaling"),
	swap("basic-hand", "100", "50"),
	swap("pitfall-context", "errgroup.WithContext(context.Background())", "&errgroup.Group{}, context.Background()"),
)
