package notebooks_test

var _ = claims("threading/03_performance_comparisons.ipynb",
	// Sequential vs Concurrent
	cell("sequential-python", printsNumber(`^([\d.]+) s$`, 0.3, 0.6)),
	cell("sequential-go", printsNumber(`^([\d.]+) s$`, 0.3, 0.6), matches(`^both clocks: .* m=\+`)),
	cell("headline",
		draws("Ten tasks of 1.5 s each"),
		tabulates("Python, one after another", "median", 15, 18),
		tabulates("Python, ThreadPoolExecutor", "speed-up", 9, 12),
		tabulates("Python, asyncio.gather", "speed-up", 9, 12),
		tabulates("Go, one after another", "median", 15, 18),
		tabulates("Go, WaitGroup.Go", "speed-up", 9, 12)),

	// Real-world Benchmarks
	cell("benchmarks-start",
		draws("Start n empty tasks and wait for all"),
		tabulatesMore("Python threads Python 100,000", "Python gather Python 100,000", "median", 1.5),
		tabulatesMore("Python threads Python 100,000", "Go WaitGroup.Go Go 100,000", "median", 10),
		tabulatesMore("Python gather Python 100,000", "Go WaitGroup.Go Go 100,000", "median", 2)),
	cell("benchmarks-memory",
		draws("What does one more take?"),
		tabulatesMore("Python thread", "goroutine", "resident", 2),
		tabulatesMore("goroutine", "asyncio task", "resident", 1.2),
		tabulates("goroutine", "resident", 2000, 5000),
		tabulates("Python thread", "resident", 4000, 60_000),
		tabulates("Python thread", "kernel stack", 8000, 40_000),
		tabulates("Python thread", "address space", 8e6, 9e6),
		tabulatesMore("Python thread", "Go thread", "address space", 10)),

	// Threading Benefits. How much faster the goroutines are is for the machine to say: it may be busy.
	cell("benefits-python", draws("Four pieces of computing, in Python")),
	cell("benefits-used-python", printsNumber(`^four threads kept ([\d.]+) processors busy$`, 0, 1.2)),
	cell("benefits-go", draws("Four goroutines compute")),
	cell("benefits-go-compare", matches(`^processors: \d+$`), draws("Four pieces of computing, in Go")),
	cell("benefits-tiny-compare", draws("The sum of 100,000 numbers"), tabulates("10,000 goroutines", "speed-up", 0, 0.5)),

	// How to time
	cell("timing-spread", matches(`(?s)^first: .*^fastest: .*^median: .*^slowest: `)),
	cell("timing-bench-python", printsNumber(`^([\d.]+) µs for a thread$`, 5, 5000)),
	cell("timing-bench-go", printsNumber(`^BenchmarkGoroutine\S*\s+\d+\s+([\d.]+) ns/op$`, 20, 50_000)),
)
