package notebooks_test

var _ = exercise("19_cleanup", "Three resources, used and closed", "The order should be")
