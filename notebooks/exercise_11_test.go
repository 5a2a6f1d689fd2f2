package notebooks_test

var _ = exercise("11_future", "One computation, three readers", "asks once more, and waits for ever")
