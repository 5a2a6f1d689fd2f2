package timeline_test

import (
	"bytes"
	"slices"
	"sync"
	"testing"
	"time"

	"tutorial/helpers/timeline"
)

// sleepComputeLock is what n goroutines do in the benchmarks: sleep, compute a little, and add to a sum under a lock.
func sleepComputeLock(n int) int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for i := range n {
		wg.Go(func() {
			time.Sleep(time.Millisecond)
			x := 0
			for j := range 2000 {
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
	return timeline.Segments(func() {
		timeline.Label("all")
		sleepComputeLock(5)
		c := make(chan int)
		go func() { c <- 1 }()
		<-c
	})[0]
}

func TestADamagedTraceIsAnError(t *testing.T) {
	whole := smallTrace()
	if rec, err := timeline.Read([][]byte{whole}); err != nil || len(rec.Lanes) != 7 {
		t.Fatalf("the whole trace: %v", err)
	}
	for name, segments := range map[string][][]byte{
		"none":              nil,
		"empty":             {{}},
		"not a trace":       {[]byte("GIF89a")},
		"an old format":     {[]byte("go 1.11 trace\x00\x00\x00")},
		"header only":       {whole[:16]},
		"first half":        {whole[:len(whole)/2]},
		"without the start": {slices.Concat(whole[:16], whole[len(whole)/2:])},
		"good, then bad":    {whole[:len(whole)/2], whole},
	} {
		if rec, err := timeline.Read(segments); err == nil || rec != nil {
			t.Errorf("%s: recording %v, error %v; want an error", name, rec, err)
		}
	}
}

func TestCuttingATraceAnywhereNeverPanics(t *testing.T) {
	whole := smallTrace()
	for i := range whole {
		if rec, err := timeline.Read([][]byte{whole[:i]}); err == nil {
			if b := broken(rec); b != "" {
				t.Fatalf("cut after %d bytes: %s", i, b)
			}
		}
	}
}

// FuzzRead damages traces: two segments, cut or altered. The reader may find an error, or make something of them, which
// then holds what every recording holds.
func FuzzRead(f *testing.F) {
	one := smallTrace()
	f.Add(one, []byte{}, 100, byte(1))
	f.Add(one[:len(one)/2], []byte{}, 20, byte(0xff))
	f.Add(one, one, len(one)-10, byte(7))
	f.Add([]byte("go 1.26 trace\x00\x00\x00"), []byte{}, 0, byte(0))
	f.Fuzz(func(t *testing.T, first, second []byte, at int, flip byte) {
		segments := [][]byte{bytes.Clone(first)}
		if len(second) > 0 {
			segments = append(segments, second)
		}
		if at >= 0 && at < len(first) {
			segments[0][at] ^= flip
		}
		rec, err := timeline.Read(segments)
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
	})
}
