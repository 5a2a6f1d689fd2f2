// Package timing measures wall time honestly and shows comparisons that can be believed.
//
// [Compare] times several cases, in Go or in Python, and shows them as bars with a table:
//
//	timing.Compare("10 tasks of 1.5 s each",
//		timing.Python("Python, one after another", `
//	import time
//	def run():
//	    for _ in range(10):
//	        time.sleep(1.5)
//	`),
//		timing.Go("Go, one after another", sequential),
//		timing.Go("Go, WaitGroup.Go", concurrent),
//		timing.Ideal(1500*time.Millisecond))
//
// [Scaling] shows how the cost of several cases grows with n. [Run] and [RunScaling] are the same without a display: they
// return the numbers or an error.
//
// # How it measures
//
// A sample is the wall time of one call, by the monotonic clock. Each case is measured seven times ([Runs]); one whose first
// run takes ten seconds or more stays with that one run, and the figure says so. The cases take turns, one run each, round
// after round: what disturbs the machine for a while then disturbs all of them, not the one that happened to be on. Before
// each run both languages collect their garbage, so that no case pays for another's. There is no warm-up unless asked for
// ([Warmup]): waiting for a network or a timer needs none, computing does.
//
// Shown are the median with minimum and maximum, the number of runs, the speed-up (ratio of medians, the first case is the
// baseline) and, with [Ideal], the efficiency. Outliers are flagged and never dropped.
//
// Nothing is measured while a runtime trace is being recorded, since tracing slows down what it watches; that is an error.
// Running two measurements at the same time is safe but pointless, as they disturb each other.
package timing
