package notebooks_test

var _ = exercise("20_downloader", "Six pages, at most three at once", "A page failed, and page .* was cancelled because of it")
