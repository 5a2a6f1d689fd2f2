//go:build race

package footprint

// mostPerGoroutine includes what the race detector keeps of each.
const mostPerGoroutine = 64 << 10
