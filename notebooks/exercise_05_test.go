package notebooks_test

var _ = exercise("05_pipeline", "fetch and parse overlap", "took 800 ms, as long as all fetches and all parses together")
