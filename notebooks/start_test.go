package notebooks_test

var _ = claims("00_start_here.ipynb",
	cell("run-program", matches(`^Hello from go1\.\d+\S* on \d+ CPUs$`)),
	cell("run-go", matches(`^Hello again from go1\.\d+\S*$`)),
	cell("run-python", matches(`^Hello from Python 3\.\d+\.\d+\S* on \d+ CPUs$`)),
	cell("cell-declare", prints("declared here: 42")),
	cell("cell-use", prints("still known: 100")),

	// Enough Go to read this
	cell("go-short", prints("0 1 2 3 and n is 4")),
	cell("go-lists", prints("0 squared is 0", "1 squared is 1", "2 squared is 4", "3 squared is 9", "4 squares, and Bob is 28")),
	cell("go-point", prints("3 12 {3 4}")),
	cell("go-copies", prints("{3 4}", "{100 4}")),
	cell("go-errors", prints("one more is 43", `no number: strconv.Atoi: parsing "forty-two": invalid syntax`)),
	cell("go-literals", prints("5")),

	// What a picture shows, and a comparison
	cell("picture-python",
		printsNothing(), draws("Python computes, waits, and computes. "), tabulates("main", "sleeping", 0.2, 2), tabulates("main", "running", 0.001, 5)),
	cell("picture-go",
		prints("the same sum twice: true"), draws("Go computes, waits, and computes. 1 goroutine in "),
		tabulates("main", "sleeping", 0.2, 2), tabulates("main", "running", 0.001, 5)),
	cell("compare",
		draws("Three waits, one after another"), tabulates("Python", "median", 0.3, 1), tabulates("Go", "median", 0.3, 1),
		tabulates("Go", "speed-up", 0.5, 2)),
	cell("exercises-progress", says(`^You have passed \d+ of \d+ exercises\.$`), says("Wait for all of them")),
)

var _ = mutants("00_start_here.ipynb",
	swap("run-program", "runtime.NumCPU()", "-1"),
	swap("run-go", "runtime.Version()", `"Go"`),
	swap("run-python", "platform.python_version()", "''"),
	swap("cell-declare", "2 * n", "3 * n"),
	swap("cell-declare", "2 * n", "3 * n", "cell-use"),
	swap("go-short", "n = n + 1\n", ""),
	swap("go-lists", "append(squares, 9)", "append(squares[:2], 9)"),
	swap("go-point", "p.x * p.y", "p.x + p.y"),
	swap("go-copies", "widenAt(&p)", "widen(p)"),
	swap("go-errors", `"forty-two"`, `"42"`),
	swap("go-literals", "sum += n", "sum = n"),
	swap("picture-python", "time.sleep(0.2)", "time.sleep(0.02)"),
	swap("picture-python", "200_000", "2"),
	swap("picture-go", "200 *", "20 *"),
	swap("picture-go", "20_000_000", "20"),
	swap("compare", "range 3", "range 1"),
	swap("compare", "range(3)", "range(1)"),
	swap("compare", "time.Sleep(100 * time.Millisecond)", ""),
)
