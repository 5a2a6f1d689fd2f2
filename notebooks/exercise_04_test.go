package notebooks_test

var _ = exercise("04_at_most_three", "Seven tasks, three at a time", "7 tasks were in progress at the same time")
