package notebooks_test

import "runtime"

// atMost is an upper bound of what concurrency gains for four pieces of computing. On a busy machine four threads or processes get
// a larger share of it than one, so it is above what the processors alone allow.
var atMost = 3 * float64(min(4, runtime.NumCPU()))

var _ = claims("threading/03_performance_comparisons.ipynb",
	// Sequential vs Concurrent
	cell("sequential-python", printsNumber(`^([\d.]+) s$`, 0.3, 0.9)),
	cell("sequential-go", printsNumber(`^([\d.]+) s$`, 0.3, 0.9), matches(`^both clocks: .* m=\+`)),
	cell("headline-asyncio", printsAmongOthers("[1, 2, 3]"), printsNumber(`^([\d.]+) s$`, 0.1, 0.4)),
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
		tabulatesMore("Python gather Python 10,000", "Go WaitGroup.Go Go 10,000", "median", 2)),

	// Memory Usage
	cell("benchmarks-memory",
		draws("What does one more take?"),
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
		draws("Four goroutines compute on one processor. 5 goroutines in "), draws("At most 1 had a processor at a time."), draws("The others mostly waited for a processor")),
	cell("benefits-go-picture", draws("Four goroutines compute on all processors. 5 goroutines in ")),
	cell("benefits-python-picture", draws("Four Python threads compute. main and 4 threads in ")),
	cell("benefits-processes",
		matches(`^GIL: (on|off)$`),
		gains(`^Thread: +`, 0.3, atMost), gains(`^Process: +`, 0.2, atMost),
		matches(`^Interpreter: +(this Python has none; 3.14 and newer do|\d+\.\d times as fast)$`)),
	cell("benefits-tiny-compare",
		draws("Two million numbers, in lists of n"),
		tabulatesMore("goroutines Go 100", "a loop Go 100", "median", 2.5),
		tabulatesMore("goroutines Go 100", "goroutines Go 1,000,000", "median", 2)),
	cell("benefits-threshold",
		draws("Two million numbers, with a threshold"),
		tabulatesMore("goroutines Go 100", "goroutines from 50,000 on Go 100", "median", 2),
		tabulatesMore("goroutines Go 100", "a loop Go 100", "median", 2.5)),

	// How to time
	cell("timing-spread", matches(`^first: +[\d.]+(µs|ms|s)$`), matches(`(?s)^fastest: .*^median: .*^slowest: `)),
	cell("timing-bench-python", printsNumber(`^([\d.]+) µs for a thread$`, 5, 5000)),
	cell("timing-bench-go", printsNumber(`^BenchmarkGoroutine\S*\s+\d+\s+([\d.]+) ns/op$`, 20, 50_000)),
)

// gains wants the number of times as fast that follows a match of the expression.
func gains(after string, low, high float64) check {
	return printsNumber(after+`([\d.]+) times as fast$`, low, high)
}
