package notebooks_test

var _ = exercise("09_try_again", "Three tries, and longer and longer waits", "the wait before it should be 100 ms")
