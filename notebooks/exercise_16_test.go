package notebooks_test

var _ = exercise("16_weighted", "Jobs that need 4, 6, 5 and 5", "hold a part of the memory that they need, wait for the rest")
