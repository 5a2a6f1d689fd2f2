package notebooks_test

var _ = exercise("04_at_most_three", "Seven tasks, three at a time", "Seven tasks were in progress at the same time")
