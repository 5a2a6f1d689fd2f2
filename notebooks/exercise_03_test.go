package notebooks_test

var _ = exercise("03_every_error", "Four tasks, two of which fail", "says only \"bad gateway: task 4\"")
