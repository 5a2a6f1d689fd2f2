package timeline_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"tutorial/helpers/timeline"
)

// sleepComputeLock has n goroutines sleep, compute for some steps, and add to a sum under a lock.
func sleepComputeLock(n, steps int) int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for i := range n {
		wg.Go(func() {
			time.Sleep(time.Millisecond)
			x := 0
			for j := range steps {
				x += i ^ j
			}
			mu.Lock()
			sum += x
			mu.Unlock()
		})
	}
	wg.Wait()
	return sum
}

func smallTrace() []byte {
	return timeline.Trace(func() {
		timeline.Label("all")
		sleepComputeLock(5, 100)
		c := make(chan int)
		go func() { c <- 1 }()
		<-c
	})
}

func TestADamagedTraceIsAnError(t *testing.T) {
	whole := smallTrace()
	if rec, err := timeline.Read(whole, false); err != nil || len(rec.Lanes) != 7 {
		t.Fatalf("the whole trace: %v", err)
	}
	for name, data := range map[string][]byte{
		"none":              nil,
		"not a trace":       []byte("GIF89a"),
		"an old format":     []byte("go 1.11 trace\x00\x00\x00"),
		"header only":       whole[:16],
		"first half":        whole[:len(whole)/2],
		"without the start": slices.Concat(whole[:16], whole[len(whole)/2:]),
	} {
		if rec, err := timeline.Read(data, false); err == nil || rec != nil {
			t.Errorf("%s: recording %v, error %v; want an error", name, rec, err)
		}
	}
}

func TestCuttingATraceAnywhereNeverPanics(t *testing.T) {
	whole := smallTrace()
	for i := range whole {
		checkRead(t, whole[:i])
	}
}

// checkRead reads a trace, as a whole and so far, and checks that there is either an error or a recording like any other.
func checkRead(t *testing.T, data []byte) {
	t.Helper()
	if rec, err := timeline.Read(data, true); err == nil {
		if b := broken(rec); b != "" {
			t.Error(b)
		}
	}
	rec, err := timeline.Read(data, false)
	if (rec == nil) == (err == nil) {
		t.Fatalf("recording %v, error %v", rec, err)
	}
	if err != nil {
		return
	}
	if b := broken(rec); b != "" {
		t.Error(b)
	}
	timeline.NameAll(rec, "main.main.func1")
	for i := range rec.Lanes {
		if rec.Lanes[i].Name() == "" {
			t.Errorf("lane %d has no name", i)
		}
	}
}
