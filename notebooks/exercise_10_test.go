package notebooks_test

var _ = exercise("10_as_they_come", "Three tasks, and a loop that breaks at the second result", "took 600 ms; it should take 300 ms.*one after another")
