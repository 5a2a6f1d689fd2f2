package notebooks_test

var _ = claims("00_start_here.ipynb",
	cell("run-go", matches(`^Hello from go1\.\d+\S* on \d+ CPUs$`)),
	cell("run-python", matches(`^Hello from Python 3\.\d+\.\d+\S* on \d+ CPUs$`)),
	cell("cell-declare", prints("declared here: 42")),
	cell("cell-use", prints("still known: 100")),
	cell("picture-go", draws("Three goroutines share one lock")),
	cell("cell-test", matches(`^--- PASS: TestDouble`), matches(`^PASS$`)),
)
