package notebooks_test

var _ = exercise("14_check_then_act", "Two buyers and one ticket", "4 of 6 orders end wrong.*two buyers got a ticket")
