package notebooks_test

var _ = exercise("18_graceful_shutdown", "A server that is told to stop", "request 2 was cancelled at 200 ms")
