//go:build !race

package timeline_test

// veryMany goroutines are as many as a tutorial starts to show that they are cheap.
const veryMany = 100_000
