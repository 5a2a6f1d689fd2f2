package notebooks_test

var _ = claims("asyncio/09_semaphores.ipynb",
	// Semaphores
	cell("limit-python", printsNumber(`^at most 3 at once, ([\d.]+) s$`, 0.29, 30)),
	cell("limit-go-run", printsNumber(`^at most 3 at once, ([\d.]+) s$`, 0.29, 30)),
	cell("limit-picture-python",
		draws("Six tasks, two places. main and 6 tasks in "), draws("The others mostly waited for a semaphore"),
		tabulates("charge 2", "semaphore", 0.06, 30), tabulates("charge 5", "semaphore", 0.16, 30)),
	cell("limit-picture-go", draws("Six goroutines, two places. 7 goroutines in "), tabulates("main", "WaitGroup", 0.26, 30)),
	cell("try-python", prints("first charges", "second charges", "third drives on")),
	cell("try-go", prints("first charges", "second charges", "third drives on")),

	// Places of different size
	cell("weighted-go", prints("a car:       true", "another car: false", "another bus: true")),
	cell("weighted-python", prints("the second bus has power: False", "the second bus has power: True")),
	// Had the scooter charged beside the car, all would last 0.3 s.
	cell("fair-picture-go", draws("A bus waits, and a scooter behind it. 4 goroutines in "), tabulates("main", "WaitGroup", 0.4, 30)),

	// Released twice
	cell("twice-python", prints("Semaphore -> one is in, locked: False", "BoundedSemaphore -> BoundedSemaphore released too many times")),
	cell("twice-weighted", failsWith("panic: semaphore: released more than held")),
	cell("twice-every", draws("One place, released twice."), draws("orders ends right."), draws("Deadlock: "), draws("Panic: 2 are inside")),

	// How many, or how often?
	cell("rate-python", printsNumber(`^limited: ([\d.]+) s$`, 0, 0.3), printsNumber(`^paced: ([\d.]+) s$`, 0.59, 30)),
	cell("rate-go-run", printsNumber(`^limited: ([\d.]+) s$`, 0, 0.3), printsNumber(`^paced: ([\d.]+) s$`, 0.55, 30)),
)
