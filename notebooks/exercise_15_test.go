package notebooks_test

var _ = exercise("15_future", "One computation, three readers", "asks once more, and waits for ever")
