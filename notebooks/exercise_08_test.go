package notebooks_test

var _ = exercise("08_bank_account", "Three deposits take turns", "Data race")
