package notebooks_test

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
