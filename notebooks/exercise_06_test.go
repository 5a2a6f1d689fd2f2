package notebooks_test

var _ = exercise("06_first_error_cancels", "Task 2 fails, and the others stop", "Nobody told the other tasks")
