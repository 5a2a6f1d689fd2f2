package notebooks_test

var _ = exercise("15_cleanup", "Three resources, used and closed", "The order should be")
