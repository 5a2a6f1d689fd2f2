package notebooks_test

var _ = exercise("17_start_gate", "Three runners wait for a gate", "The gate was opened, and somebody still waits")
