//go:build race

package timeline_test

// veryMany goroutines are fewer with the race detector, which takes a long time over each.
const veryMany = 5_000
