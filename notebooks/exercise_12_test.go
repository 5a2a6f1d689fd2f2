package notebooks_test

var _ = exercise("12_bank_account", "Three deposits take turns", "Data race")
