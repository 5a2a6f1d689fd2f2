package timeline_test

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"tutorial/helpers/timeline"
)

// sleepComputeLock is what n goroutines do in the benchmarks: sleep, compute for some steps, add to a sum under a lock.
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

// unended takes the mark of the function's end out of a trace, as if it had been interrupted before.
func unended(whole []byte) []byte {
	return bytes.ReplaceAll(whole, []byte(timeline.MarkEnd), bytes.Repeat([]byte("?"), len(timeline.MarkEnd)))
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

// What the fuzzer seldom reaches: one to three bytes of a good trace altered, or a piece of it lost.
func TestAlteringATraceNeverPanics(t *testing.T) {
	whole := smallTrace()
	r := rand.New(rand.NewPCG(1, 2))
	var before, after runtime.MemStats
	readable := 0
	for range 3000 {
		d := bytes.Clone(whole)
		for range 1 + r.IntN(3) {
			d[r.IntN(len(d))] = byte(r.IntN(256))
		}
		if r.IntN(4) == 0 {
			i := r.IntN(len(d))
			d = slices.Delete(d, i, i+r.IntN(len(d)-i))
		}
		runtime.ReadMemStats(&before)
		if checkRead(t, d) {
			readable++
		}
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20 {
			t.Fatalf("%d bytes allocated to read %d", n, len(d))
		}
	}
	if readable == 0 {
		t.Error("nothing could be read, so nothing was tested")
	}
}

// checkRead reads a trace, as a whole and so far, and checks that there is either an error or a recording like any other.
func checkRead(t *testing.T, data []byte) (ok bool) {
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
		return false
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
	return true
}

// FuzzRead reads a trace with a byte altered.
func FuzzRead(f *testing.F) {
	one := smallTrace()
	f.Add(one, 100, byte(1))
	f.Add(unended(one), len(one)-10, byte(0))
	f.Add(one[:len(one)/2], 20, byte(0xff))
	f.Add([]byte("go 1.26 trace\x00\x00\x00"), 0, byte(0))
	f.Fuzz(func(t *testing.T, data []byte, at int, flip byte) {
		data = bytes.Clone(data)
		if at >= 0 && at < len(data) {
			data[at] ^= flip
		}
		checkRead(t, data)
	})
}
