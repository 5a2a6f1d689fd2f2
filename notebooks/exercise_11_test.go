package notebooks_test

var _ = exercise("11_future", "One computation, three readers", "asks for the second time, and waits for ever")
