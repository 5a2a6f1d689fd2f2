package notebooks_test

var _ = exercise("10_bank_account", "Three deposits take turns", "Data race")
