package notebooks_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"tutorial/kernel-setup/notebook"
)

// atMost is an upper bound of what concurrency gains for four pieces of computing. On a busy machine four threads or processes get
// a larger share of it than one, so it is above what the processors alone allow.
var atMost = 3 * float64(min(4, runtime.NumCPU()))

var _ = claims("threading/03_performance_comparisons.ipynb",
	// Sequential vs Concurrent
	cell("sequential-python", printsNumber(`^([\d.]+) s$`, 0.3, 0.9)),
	cell("sequential-go", printsNumber(`^([\d.]+) s$`, 0.3, 0.9), matches(`^both clocks: .* m=\+`)),
	cell("headline-asyncio", printsAmongOthers("[1, 2, 3]"), printsNumber(`^([\d.]+) s$`, 0.2, 0.59)),
	cell("headline",
		draws("Ten tasks of 0.1 s each"),
		tabulates("Python, one after another", "median", 1, 3),
		tabulates("Python, ThreadPoolExecutor", "median", 0.1, 0.4),
		tabulates("Python, ThreadPoolExecutor", "speed-up", 3, 20),
		tabulates("Python, asyncio.gather", "median", 0.1, 0.4),
		tabulates("Python, asyncio.gather", "speed-up", 3, 20),
		tabulates("Go, one after another", "median", 1, 3),
		tabulates("Go, one after another", "speed-up", 0.5, 2),
		tabulates("Go, WaitGroup.Go", "median", 0.1, 0.4),
		tabulates("Go, WaitGroup.Go", "speed-up", 3, 20)),

	// Real-world Benchmarks. Each program counts what was done and fails if it is not n.
	cell("benchmarks-start",
		draws("Start n small tasks and wait for all"),
		tabulatesMore("Python threads Python 10,000", "Python pool of 10 Python 10,000", "median", 1.2),
		tabulatesMore("Python threads Python 10,000", "Python gather Python 10,000", "median", 2),
		tabulatesMore("Python threads Python 10,000", "Go WaitGroup.Go Go 10,000", "median", 10),
		tabulatesMore("Python pool of 10 Python 10,000", "Go WaitGroup.Go Go 10,000", "median", 2),
		tabulatesMore("Python gather Python 10,000", "Go WaitGroup.Go Go 10,000", "median", 2),
		// Ten thousand goroutines take a little, also if nothing else runs.
		tabulates("Go WaitGroup.Go Go 10,000", "median", 0.0007, 10)),

	// Memory Usage
	cell("benchmarks-memory",
		draws("What does one more take?"),
		tabulates("goroutine", "n", 10_000, 10_000), tabulates("asyncio task", "n", 10_000, 10_000),
		tabulates("asyncio task", "resident", 500, 2500),
		tabulates("goroutine", "resident", 2000, 5000),
		tabulates("goroutine", "address space", 0, 70_000),
		tabulates("Go thread", "resident", 4000, 60_000),
		tabulates("Python thread", "resident", 4000, 60_000),
		tabulates("Python thread", "kernel stack", 4000, 64_000),
		tabulatesMore("goroutine", "asyncio task", "resident", 1.2),
		tabulatesMore("Python thread", "goroutine", "together", 2),
		tabulates("Python thread", "address space", 1e6, 30e6)),

	// Threading Benefits. How much faster goroutines compute on all processors is for the machine to say: it may be busy.
	cell("benefits-go",
		matches(`\Aprocessors: 1 of \d+$`),
		gains(`\Aprocessors: 1 .*\n  waiting: +`, 2.5, 6), gains(`\Aprocessors: 1 .*\n  waiting: .*\n  computing: +`, 0.4, 2.5),
		gains(`(?s:\A.*)^processors: .*\n  waiting: +`, 2.5, 6), gains(`(?s:\A.*)^processors: .*\n  waiting: .*\n  computing: +`, 0.4, atMost)),
	cell("benefits-python",
		gains(`processors: all\n  waiting: +`, 2, 6), gains(`processors: all\n  waiting: .*\n  computing: +`, 0.3, 2.5),
		gains(`processors: one\n  waiting: +`, 2, 6), gains(`processors: one\n  waiting: .*\n  computing: +`, 0.3, 2.5)),
	cell("benefits-go-one-picture",
		draws("Four goroutines compute on one processor. 5 goroutines in "), draws("At most 1 had a processor at a time."), draws("The lanes below main mostly waited for a processor")),
	cell("benefits-go-picture", draws("Four goroutines compute on all processors. 5 goroutines in "), draws(allProcessors), tabulatesAll("running", 0.05, 100)),
	cell("benefits-python-picture", draws("Four Python threads compute. main and 4 threads in "), tabulatesAll("running", 0.05, 100)),
	cell("benefits-processes",
		matches(`^GIL: (on|off)$`),
		gains(`^Thread: +`, 0.3, atMost), gains(`^Process: +`, 0.2, atMost),
		matches(`^Interpreter: +(this Python has none; 3.14 and newer do|\d+\.\d times as fast)$`)),
	cell("benefits-tiny-compare",
		draws("Two million numbers, in lists of n"),
		tabulatesMore("goroutines Go 100", "a loop Go 100", "median", 2.5),
		tabulatesMore("goroutines Go 1,000", "a loop Go 1,000", "median", 1),
		tabulatesMore("goroutines Go 100", "goroutines Go 1,000,000", "median", 2)),
	cell("benefits-threshold",
		draws("Two million numbers, with a threshold"),
		tabulatesMore("goroutines Go 100", "goroutines from 50,000 on Go 100", "median", 2),
		tabulatesMore("goroutines Go 100", "a loop Go 100", "median", 2.5)),

	// How to time
	cell("timing-spread", matches(`^first: +[\d.]+(µs|ms|s)$`), inOrder()),
	cell("timing-bench-python", printsNumber(`^1000 threads, ([\d.]+) µs for each$`, 5, 5000)),
	cell("timing-bench-go", printsNumber(`^BenchmarkGoroutine\S*\s+\d+\s+([\d.]+) ns/op$`, 20, 50_000)),

	// What the outputs cannot tell
	cell("sequential-python", has("range(3):\n    time.sleep(0.1)"), writes("time.perf_counter()", 2)),
	cell("sequential-go", has("range 3 {\n\ttime.Sleep(100 * time.Millisecond)", "time.Since(begin)")),
	cell("headline-go", has("range 10 {\n\t\ttime.Sleep(100 * time.Millisecond)\n", "range 10 {\n\t\twg.Go(func() {\n\t\t\ttime.Sleep(100 * time.Millisecond)\n\t\t\tdone[i] = true\n",
		"wg.Wait()\n\tif slices.Contains(done, false) {\n\t\treturn errors.New(")),
	cell("headline-asyncio", has("asyncio.sleep(0.2)", "asyncio.gather(wait(1), wait(2), wait(3))")),
	cell("headline-python", has("range(10):\n        time.sleep(0.1)", "max_workers=10", "assert len(list(executor.map(time.sleep, [0.1] * 10))) == 10",
		"assert len(await asyncio.gather(*(asyncio.sleep(0.1) for _ in range(10)))) == 10")),
	cell("headline", has("timing.Ideal(100*time.Millisecond)", `another", pythonSequence`, `Executor", pythonPool`, `gather", pythonGather`,
		`another", sequence)`, `Go", together)`)),
	cell("benchmarks-python", has("target=done.append", "for t in threads: t.start()\n    for t in threads: t.join()\n    assert len(done) == n",
		"max_workers=10", "assert len(list(executor.map(bool, range(n)))) == n", "assert len(await asyncio.gather(*(task(i) for i in range(n)))) == n")),
	cell("benchmarks-go", has("for i := range n {\n\t\twg.Go(func() { done[i] = true })\n\t}\n\twg.Wait()\n\tif slices.Contains(done, false) {\n\t\treturn errors.New(")),
	cell("benchmarks-start", has("10_000), timing.Runs(3)", `threads", pythonThreads`, `pool of 10", pythonPoolOf10`, `gather", pythonTasks`, `Go", start`, "timing.Sizes(100, 1_000, 10_000)")),
	cell("benefits-tasks", has("time.Sleep(50 * time.Millisecond)", "range 20_000_000 {\n\t\tx = (x*1103515245 + 12345) & 0x7FFFFFFF\n\t}\n\tif x == 0 {",
		"range 4 {\n\t\ttask()", "range 4 {\n\t\twg.Go(task)\n\t}\n\twg.Wait()\n")),
	cell("benefits-gain", has("for range 3 {\n\t\tbegin := time.Now()\n\t\toneAfterAnother(task)\n\t\tsequence = min(sequence, time.Since(begin))",
		"begin = time.Now()\n\t\tatOnce(task)\n\t\ttogether = min(together, time.Since(begin))\n\t}\n\treturn sequence.Seconds() / together.Seconds()")),
	cell("benefits-go", has("{1, all}", "runtime.GOMAXPROCS(processors)\n", "runtime.GOMAXPROCS(0), all)", "gain(waiting)", "gain(computing)")),
	cell("benefits-python", has("time.sleep(0.05)", "range(200_000):\n        x = (x * 1103515245 + 12345) & 0x7FFFFFFF", "sequence = min(sequence, time.perf_counter() - begin)",
		"with ThreadPoolExecutor(max_workers=4)", "executor.submit(task)", "together = min(together, time.perf_counter() - begin)", "{gain(waiting):", "{gain(computing):",
		"os.sched_setaffinity(0, {min(allowed)})\n    report(\"one\")\n    os.sched_setaffinity(0, allowed)\nreport(\"all\")"), writes("range(4)", 2)),
	cell("benefits-go-one-picture", has("runtime.GOMAXPROCS(1)\n", "atOnce(computing)")),
	cell("benefits-go-picture", has("atOnce(computing)")),
	cell("benefits-python-picture", has("range(400_000):\n        x = (x *", "for t in threads:\n    t.start()\nfor t in threads:\n    t.join()")),
	cell("benefits-processes", has("list(map_function(sum, [range(2_000_000)] * 4))\n", "    assert results == ", "sys, \"_is_gil_enabled\"",
		`"Thread": futures.ThreadPoolExecutor`, `"Process": futures.ProcessPoolExecutor`, `"Interpreter": getattr(futures, "InterpreterPoolExecutor", None)`, "pool(max_workers=4)",
		"        timed(executor.map)  #", "[(timed(map), timed(executor.map)) for _ in range(3)]", "loop, together = map(min, zip(*runs))\n", "{loop / together:.1f}")),
	cell("benefits-tiny", has("max(2, runtime.GOMAXPROCS(0))", "wg.Go(func() { totals[i] = sum(part) })\n\t}\n\twg.Wait()\n")),
	cell("benefits-tiny-work", has("2_000_000)", "slices.Chunk(ones, n)", "total += add(list)", "if total != len(ones) {\n\t\treturn fmt.Errorf(",
		"return inLists(n, sum) }", "return inLists(n, sumTogether) }")),
	cell("benefits-tiny-compare", has(`loop", byLoop`, `goroutines", byGoroutines`, "timing.Warmup(1)")),
	cell("benefits-threshold", has("threshold = 50_000", "if len(numbers) < threshold {\n\t\treturn sum(numbers)\n\t}\n\treturn sumTogether(numbers)", "inLists(n, sumAbove)",
		`loop", byLoop`, `goroutines", byGoroutines`, `on", byThreshold`, "timing.Warmup(1)")),
	cell("timing-spread", has("range 25 {\n\tbegin := time.Now()\n\tsumTogether(ones)\n\ttook = append(took, time.Since(begin))\n", "took[0].Round(time.Microsecond))\nslices.Sort(took)\n", "took[len(took)/2]", "took[len(took)-1]")),
	cell("timing-bench-python", has("target=ran.append", "thread.start()\n    thread.join()\n", "number=200, repeat=5", "len(ran)", "min(runs) / 200")),
	cell("timing-bench-go", has("for b.Loop() {", "wg.Go(func() { ran++ })\n\t\twg.Wait()\n", "if ran != b.N {\n\t\tb.Fatal(")),
)

// inOrder wants the four durations of a measurement to be where they belong.
func inOrder() check {
	return func(c notebook.Cell) error { return spread(c.Stream("stdout")) }
}

func spread(printed string) error {
	found := map[string]time.Duration{}
	for line := range strings.Lines(printed) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), ":")
		d, err := time.ParseDuration(strings.TrimSpace(text))
		if err != nil {
			return err
		}
		found[name] = d
	}
	if f := found; len(f) != 4 || f["fastest"] > min(f["first"], f["median"]) || f["slowest"] < max(f["first"], f["median"]) || f["slowest"] == f["fastest"] {
		return fmt.Errorf("the first and the median should lie between the fastest and the slowest, and these differ: %v", found)
	}
	return nil
}

func TestSpreadControl(t *testing.T) {
	t.Parallel()
	for printed, holds := range map[string]bool{
		"first: 2ms\nfastest: 1ms\nmedian: 900µs\nslowest: 3ms\n": false,
		"first: 2ms\nfastest: 1ms\nmedian: 1.5ms\nslowest: 3ms\n": true,
		"first: 4ms\nfastest: 1ms\nmedian: 1.5ms\nslowest: 3ms\n": false,
		"first: 4ms\nfastest: 4ms\nmedian: 4ms\nslowest: 4ms\n":   false,
		"first: 4ms\n": false,
		"first: 4 s\n": false,
	} {
		if err := spread(printed); (err == nil) != holds {
			t.Errorf("%q: %v", printed, err)
		}
	}
}

// gains wants the number of times as fast that follows a match of the expression.
func gains(after string, low, high float64) check {
	return printsNumber(after+`([\d.]+) times as fast$`, low, high)
}

var _ = mutants("threading/03_performance_comparisons.ipynb",
	swap("headline-go", "i := range 10", "i := range 1", "headline"),
	swap("headline-go", "wg.Wait()", "", "headline"),
	swap("headline-python", "max_workers=10", "max_workers=1", "headline"),
	swap("headline-python", "[0.1] * 10", "[0.1]", "headline"),
	swap("headline-python", "0.1) for _ in range(10)", "0.1) for _ in range(1)", "headline"),
	swap("benchmarks-go", "wg.Go(func() { done[i] = true })", "done[i] = true", "benchmarks-start"),
	swap("benchmarks-go", "wg.Wait()", "", "benchmarks-start"),
	swap("benchmarks-python", "threading.Thread(target=done.append, args=(i,)) for i in range(n)]", "threading.Thread(target=done.extend, args=(range(n),))]", "benchmarks-start"),
	swap("benchmarks-memory", "10_000", "1_000"),
	swap("benefits-tasks", "time.Sleep(50 * time.Millisecond)", "", "benefits-go"),
	swap("benefits-tasks", "wg.Go(task)", "task()", "benefits-go"),
	swap("benefits-tasks", "20_000_000", "20", "benefits-go"),
	swap("benefits-tasks", "for range 4 {\n\t\twg.Go(task)", "for range 2 {\n\t\twg.Go(task)", "benefits-go-picture"),
	swap("benefits-go-picture", "timeline.Show(", "runtime.GOMAXPROCS(1)\ntimeline.Show("),
	swap("benefits-python-picture", "range(4)", "range(1)"),
	swap("benefits-tiny", "wg.Go(func() { totals[i] = sum(part) })", "totals[i] = sum(part)", "benefits-tiny-compare"),
	swap("benefits-tiny", "wg.Wait()", "", "benefits-tiny-compare"),
)
