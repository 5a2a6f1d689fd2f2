package notebooks_test

var _ = exercise("07_time_limit", "Three calls with a limit of 200 ms", "f's context is still open")
