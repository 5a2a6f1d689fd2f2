package notebooks_test

var _ = exercise("01_wait_for_all", "Three tasks at the same time", "took 600 ms; it should take 300 ms.*one after another")
