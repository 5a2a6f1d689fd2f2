// Package footprint measures how much memory one more goroutine, thread or task takes.
//
// It starts n of them that do nothing but wait, and compares what the system says of the process before and after. It
// reads three figures apart, because they are often mixed up: resident bytes, which really are in memory; the stack
// that the kernel keeps for each thread, which is in memory too but not counted as the process's; and address space,
// which is only promised, and costs nothing until it is written to.
package footprint

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"

	"tutorial/helpers/display"
)

// A Kind is something of which a program can have many.
type Kind int

const (
	Goroutine    Kind = iota // a goroutine
	Thread                   // a thread of the operating system, with a goroutine locked to it
	PythonThread             // a threading.Thread
	AsyncioTask              // an asyncio.Task
	numKinds
)

var kindNames = [numKinds]string{"goroutine", "Go thread", "Python thread", "asyncio task"}

// String returns the name of the kind for people.
func (k Kind) String() string { return kindNames[k] }

// How many can be measured at once: fewer and the noise of the process shows, more and a machine may refuse the threads
// (compose.yaml allows 1,000 of them).
const (
	MinN       = 100
	MaxN       = 1_000_000
	MaxThreads = 500
)

// A Cost is the memory that n of a kind took, divided by n. Figures are bytes each, never negative.
type Cost struct {
	Kind        Kind
	N           int
	Resident    float64 // in memory, in the process
	KernelStack float64 // in memory, in the kernel
	Reserved    float64 // address space
}

// Measure measures one kind at n, from [MinN] to [MaxN], or to [MaxThreads] for threads. It takes about a second at most
// for n below 100,000.
//
// It wraps [ErrUnsupported] on systems other than Linux. In one process measure each kind once: what a first
// measurement frees, the runtime keeps and uses again for the second. Do not call it while other goroutines allocate.
func Measure(kind Kind, n int) (Cost, error) {
	most := MaxN
	if kind == Thread || kind == PythonThread {
		most = MaxThreads
	}
	if n < MinN || n > most {
		return Cost{}, fmt.Errorf("a %v is measured with %d to %d of them, and not with %d", kind, MinN, most, n)
	}
	switch kind {
	case Goroutine:
		return measureSelf(kind, n, func() {})
	case Thread:
		return measureSelf(kind, n, runtime.LockOSThread) // which is not undone, so that the threads end with the goroutines
	}
	return measurePython(kind, n)
}

// Show measures all four kinds, threads with n of them or [MaxThreads] if that is less, and shows the result. It returns
// the costs in the order of the kinds. On a system that cannot measure, it says so and returns nil; if anything else
// goes wrong, it ends the program with a message and status 1, see [display.Fail].
func Show(title string, n int) []Cost {
	progress := display.NewProgress()
	defer progress.Done("")
	var costs []Cost
	for kind := range numKinds {
		progress.Update(fmt.Sprintf("Measuring: %v", kind))
		count := n
		if kind == Thread || kind == PythonThread {
			count = min(n, MaxThreads)
		}
		cost, err := Measure(kind, count)
		if errors.Is(err, ErrUnsupported) {
			progress.Done(err.Error())
			return nil
		}
		if err != nil {
			progress.Done("")
			display.Fail(fmt.Errorf("footprint.Show(%q): %w", title, err))
		}
		costs = append(costs, cost)
	}
	progress.Show(Figure(title, costs))
	return costs
}

// measureSelf measures n goroutines of this process that call first and then wait.
func measureSelf(kind Kind, n int, first func()) (Cost, error) {
	runtime.GC()
	debug.FreeOSMemory()
	before, err := readUsage("/proc", os.Getpid())
	if err != nil {
		return Cost{}, err
	}
	stop := startWaiters(n, first)
	after, err := readUsage("/proc", os.Getpid())
	stop()
	if err != nil {
		return Cost{}, err
	}
	return between(kind, n, before, after), nil
}

// between is the cost of n that were started between two readings.
func between(kind Kind, n int, before, after usage) Cost {
	each := func(before, after int64) float64 { return max(0, float64(after-before)/float64(n)) }
	c := Cost{Kind: kind, N: n, Resident: each(before.resident, after.resident), Reserved: each(before.reserved, after.reserved)}
	// The figure is of the whole system: without new threads here, a change is somebody else's.
	if after.threads-before.threads > int64(n)/2 {
		c.KernelStack = each(before.kernelStack, after.kernelStack)
	}
	return c
}

// startWaiters starts n goroutines that call first and wait until stop, which returns when all have ended.
func startWaiters(n int, first func()) (stop func()) {
	var started, ended sync.WaitGroup
	release := make(chan struct{})
	started.Add(n)
	for range n {
		ended.Go(func() {
			first()
			started.Done()
			<-release
		})
	}
	started.Wait()
	return func() {
		close(release)
		ended.Wait()
	}
}
