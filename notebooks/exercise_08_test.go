package notebooks_test

var _ = exercise("08_sum_in_parts", "A hundred numbers and four processors", "only one of the 4 processors had something to do")
