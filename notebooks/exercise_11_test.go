package notebooks_test

var _ = exercise("11_two_chains", "Two chains, and a page at the end", "Place needs nothing, and began only after 400 ms")
