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
	cell("go-copies", prints("{3 4}", "{100 4}", "{0 4}")),
	cell("go-errors", prints("one more is 43", `not a number: strconv.Atoi: parsing "forty-two": invalid syntax`)),
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

	// What the outputs cannot tell
	cell("run-program", has("runtime.Version()", "runtime.NumCPU()")),
	cell("run-go", has("runtime.Version()")),
	cell("run-python", has("platform.python_version()", "os.cpu_count()")),
	cell("cell-declare", has("return 2 * n", "double(21)")),
	cell("cell-use", has("double(50)")),
	cell("go-short", has("n := 3\nn = n + 1\nfor i := range n {")),
	cell("go-lists", has("append(squares, 9)\nfor i, square := range squares {", `ages["Bob"] = 28`, "len(squares)", `ages["Bob"])`)),
	cell("go-point", has("(p point) area()", "p.x, p.area(), p)")),
	cell("go-copies", has("widen(p point)     { p.x = 100 }", "widenAt(p *point)  { p.x = 100 }", "(p *point) reset() { p.x = 0 }", "widen(p)\n", "widenAt(&p)\n", "p.reset()\n")),
	cell("go-errors", has("strconv.Atoi(text)\n\tif err != nil {\n\t\tfmt.Println(\"not a number:\", err)\n")),
	cell("go-literals", has("func(n int) { sum += n }\nadd(2)\nadd(3)\n")),
	cell("picture-python", has("range(200_000)", "\ncompute()\ntime.sleep(0.2)\ncompute()")),
	cell("picture-go", has("range 20_000_000", "first := compute()\n\ttime.Sleep(200 * time.Millisecond)\n", "first == compute()")),
	cell("compare", has("timing.Ideal(300*time.Millisecond)", "range 3 {\n\t\t\ttime.Sleep(100 * time.Millisecond)", "range(3):\n        time.sleep(0.1)")),
)

var _ = mutants("00_start_here.ipynb",
	swap("go-point", "p.x * p.y", "p.x + p.y"),
	swap("go-errors", `"forty-two"`, `"42"`),
	swap("go-errors", "\t\tcontinue\n", ""),
)
