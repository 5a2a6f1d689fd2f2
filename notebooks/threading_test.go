package notebooks_test

import "fmt"

var _ = claims("threading/01_basic_threading.ipynb",
	// Single Thread Creation
	cell("single-python", prints("Thread 1: starting", "Thread 1: finishing")),
	cell("single-go", prints("Goroutine 1: starting", "Goroutine 1: finishing")),
	cell("single-picture", draws("main waits for one goroutine")),

	// Daemon Threads
	cell("daemon-no-python", printsInAnyOrder("background: starting", "main: last line", "background: finishing")),
	cell("daemon-yes-python", printsAmongOthers("main: last line"), neverMatches(`finishing|cleaned up`)),
	cell("daemon-go", printsAmongOthers("main: last line"), neverMatches(`finishing|cleaned up`)),
	cell("daemon-stop-python", printsAmongOthers("background: tick 1", "background: cleaned up", "main: last line")),
	cell("daemon-stop-go", printsAmongOthers("background: tick 1", "background: cleaned up", "main: last line")),
	cell("daemon-stop-picture", draws("A background goroutine is asked to stop")),

	// Multiple Threads
	cell("multiple-python", printsAmongOthers("Thread 4: finishing", "Thread 0: finishing"), printsNumber(`^([\d.]+) s for 1\.5 s of sleep$`, 0.5, 1.4)),
	cell("multiple-go", printsAmongOthers("Goroutine 4: finishing", "Goroutine 0: finishing"), printsNumber(`^([\d.]+) s for 1\.5 s of sleep$`, 0.5, 1.4)),
	cell("multiple-picture", draws("Five goroutines sleep at the same time")),
	cell("multiple-order", printsNumber(`^4 0 1 2 3 - (\d+) times$`, 50, 100)),
	cell("multiple-results", prints("[0 1 4 9 16]")),

	// Thread Joining
	cell("joining-python", prints("after 0.2 s, alive: True", "after join, alive: False")),
	cell("joining-go", prints("after 0.2 s: not done", "done")),
	cell("joining-deadlock", prints("the only goroutine is done"), failsWith("all goroutines are asleep - deadlock!")),
	cell("joining-exception-python", prints("excepthook: ValueError no such file", "main: joined, and none the wiser")),
	cell("joining-panic", printsNothing(), failsWith("panic: no such file")),
	cell("joining-error", prints("a.txt: no such file", "b.txt: no such file")),

	// Pitfalls
	cell("pitfall-closure-python", matches(`^2 2 2 $`)),
	cell("pitfall-closure", prints("[true true true]")),
)

var _ = claims("threading/02_thread_pool_executor.ipynb",
	// Basic Usage
	cell("basic-python", printsInAnyOrder(
		"Thread 1: starting", "Thread 2: starting", "Thread 0: starting", "Thread 1: starting", "Thread 2: starting",
		"Thread 1: finishing", "Thread 2: finishing", "Thread 0: finishing", "Thread 1: finishing", "Thread 2: finishing")),
	cell("basic-hand", printsInAnyOrder(done(7)...)),
	cell("basic-hand-picture", printsInAnyOrder(done(7)...), draws("A pool of three workers")),
	cell("basic-group", printsInAnyOrder(done(7)...)),
	cell("basic-group-picture", printsInAnyOrder(done(7)...), draws("Seven goroutines, three at a time")),

	// Submit Method
	cell("submit-python", prints("done at once: False", "not after 0.1 s", "result: 9", "1 -> 1", "2 -> no twos", "3 -> 9")),
	cell("submit-go", prints("not after 0.1 s", "result: 9 error: <nil>")),
	cell("submit-once", prints("computing", "9 9")),
	cell("submit-completed", prints("1 -> 1", "2 -> no twos", "3 -> 9")),
	cell("callback-python", prints("9 arrived in worker_0", "16 arrived in MainThread")),
	cell("callback-go", prints("9 <nil> arrived, and this is the next line")),

	// Map Method
	cell("map-python", prints("0", "1", "4", "raised: no threes")),
	cell("map-go", prints("[0 1 4 0 16] no threes")),

	// Context Management
	cell("context-python", printsInAnyOrder(append(done(6), "the body failed, and it took 0.3 s to say so")...)),
	cell("context-cancel-python", printsInAnyOrder(append(done(2), "cancelled: 4")...)),
	cell("context-defer",
		matches(`(?m)(^task [0-2] -> context canceled$\n){3}`), neverMatches("done"),
		printsNumber(`^the body failed, and it took ([\d.]+) s to say so$`, 0, 0.9)),
	cell("context-go", neverMatches("done"), printsNumber(`^task 1 failed, and it took ([\d.]+) s to say so$`, 0.05, 0.9)),
	cell("context-picture", prints("error: task 1 failed"), draws("The first error stops the others")),
	cell("nested-python", prints("gave up after 0.5 s")),
	cell("nested-go", printsNothing(), failsWith("all goroutines are asleep - deadlock!")),
	cell("nested-try", prints("no place free, so here: inner", "error: <nil>")),

	// How many workers?
	cell("workers-python", matches(`^\d+ processors, \d+ workers$`), matches(`^ten tasks of 0\.3 s took \d`)),
	cell("workers-scaling",
		draws("16 tasks, with n at a time"),
		// Each wait takes a little longer than 20 ms, so sixteen in turn take longer than sixteen times that.
		tabulates("waiting 20 ms each Go 16", "speed-up", 4, 40)),

	// Pitfalls
	cell("pitfall-silent-python", prints("all done, and not a word about it")),
	cell("pitfall-first", matches(`^Wait: task \d failed$`), printsAmongOthers("all:", "task 0 failed", "task 1 failed", "task 2 failed")),
	cell("pitfall-capacity", prints("capacity 0 leaves 100 goroutines behind", "capacity 1 leaves 0 goroutines behind")),
	cell("pitfall-context", prints("Wait:    <nil>", "context: context canceled")),
)

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

var _ = claims("threading/04_image_downloads.ipynb",
	// Image Downloads
	cell("sequence-python", printsNumber(`10 of 10 in ([\d.]+) s$`, 5, 8)),
	cell("pool-python", printsNumber(`10 of 10 in ([\d.]+) s$`, 0.5, 3), printsAmongOthers("at most 10 requests at once")),
	cell("ten",
		printsNumber(`10 of 10 in ([\d.]+) s, error: <nil>$`, 0.5, 3),
		printsAmongOthers("at most 10 requests at once"),
		draws("What came down")),
	cell("ten-picture", printsNothing(), draws("Ten downloads, four at a time. 11 goroutines")),
	cell("many", printsNumber(`^(\d+) requests at once, \d\d? threads, error: <nil>$`, 100, 200)),

	// Network I/O
	cell("network-compare",
		draws("Ten images, half a second away"),
		tabulates("Python, pool of 10", "speed-up", 6, 15),
		tabulates("Go, 10 goroutines", "speed-up", 6, 15)),
	cell("knee",
		draws("32 images, n at a time"),
		tabulatesMore("a server that works on 8 Go 1", "a server that works on 8 Go 8", "median", 2),
		// Eight at once need four rounds of 40 ms, however many are in the queue.
		tabulates("a server that works on 8 Go 8", "median", 0.16, 1),
		tabulates("a server that works on 8 Go 32", "median", 0.16, 1),
		tabulatesMore("a server that works on 8 Go 32", "a server without a limit Go 32", "median", 1.1)),
	cell("knee-latency",
		printsNumber(`^ ?8 at a time: the longest request took ([\d.]+) s$`, 0.1, 0.28),
		printsNumber(`^32 at a time: the longest request took ([\d.]+) s$`, 0.3, 0.8)),

	// Error Handling
	cell("errors-python", prints("404 -> HTTPError", "500 -> HTTPError", "hang -> ReadTimeout", "cut -> ChunkedEncodingError",
		"redirect -> TooManyRedirects", "noimage -> 120 bytes, image/png")),
	cell("errors-go", prints(
		"404      -> status 404; a file: false",
		"500      -> status 500; a file: false",
		"hang     -> too late; a file: false",
		"cut      -> not whole; a file: false",
		"redirect -> stopped after 10 redirects; a file: false",
		"noimage  -> none; a file: true",
		"half-written files: 0")),
	cell("fetch-again", prints("error: no image, but text/html; charset=utf-8")),
	cell("retry-python", printsAmongOthers("500&times=2 -> 200", "429&after=1s -> 200"), matches(`^5 requests, at most 1 in flight`)),
	cell("retry-go-run", printsAmongOthers("500&times=2 -> none", "429&after=1s -> none", "404 -> status 404"),
		matches(`^6 requests, at most 1 in flight`)),
	cell("keep-python", prints("9 arrived", "3.jpg?fault=404 -> HTTPError")),
	cell("keep-go", prints("image 3: status 404"), draws("Nine of ten. 9 of 10 files are images")),
	cell("fast-python", printsAmongOthers("failed: 404"), neverMatches("client cancelled"), matches(`^5 requests, `),
		printsNumber(`^over after ([\d.]+) s$`, 1, 2)),
	cell("fast-go", printsAmongOthers("failed: status 404"), matches(`/image/0\.png .* client cancelled$`),
		printsNumber(`^over after ([\d.]+) s$`, 0.1, 0.6)),
	cell("deadline-python", printsNumber(`^3983 bytes in ([\d.]+) s, with a timeout of 0\.5 s$`, 1.5, 4)),
	// That some bytes had come is what makes it show anything.
	cell("deadline-go", printsAmongOthers("0-0.png", "1-1.jpg"), neverMatches(`part-|^[4-9]-`), matches(`^[5-6] requests, at most 2 in flight`),
		matches(`^GET /image/4\.png\?bandwidth=5000 .* 200 +[1-9]\d* +client cancelled$`),
		printsNumber(`^too late, after ([\d.]+) s$`, 1, 1.3)),
	// Whether there is a network is not the test's business; that the cell copes is.
	cell("own", matches(`^3 of 3$|^no network, or no such host: |^not all came: `)),
	cell("pitfall-timeout", prints("the time limit of http.DefaultClient: 0s")),
	cell("pitfall-body", prints("closed at once,  the connection is used again: false", "read to the end, the connection is used again: true")),
)

// done is what the first n tasks print.
func done(n int) []string {
	var tasks []string
	for i := range n {
		tasks = append(tasks, fmt.Sprintf("task %d done", i))
	}
	return tasks
}
