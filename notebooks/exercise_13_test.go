package notebooks_test

var _ = exercise("13_two_locks", "Three transfers", "2 of 6 orders end wrong. Deadlock")
