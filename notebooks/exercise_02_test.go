package notebooks_test

var _ = exercise("02_results_in_order", "Three inputs at the same time", "All results are there, but in the order in which they were ready")
