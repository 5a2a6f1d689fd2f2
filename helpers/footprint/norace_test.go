//go:build !race

package footprint

// mostPerGoroutine is four times the stack with which one starts.
const mostPerGoroutine = 8 << 10
