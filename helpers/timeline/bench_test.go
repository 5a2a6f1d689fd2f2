package timeline_test

import (
	"bytes"
	"runtime"
	"testing"
	"time"

	"golang.org/x/exp/trace"

	"tutorial/helpers/timeline"
)

const many = 100_000

// BenchmarkRead reads the trace of very many goroutines, and compares with what reads its events and does nothing with them.
func BenchmarkRead(b *testing.B) {
	data := timeline.Trace(func() { sleepComputeLock(many, 2_000) })
	start := time.Now()
	r, err := trace.NewReader(bytes.NewReader(data))
	for err == nil {
		_, err = r.ReadEvent()
	}
	floor := time.Since(start)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		rec, err := timeline.Read(data, false)
		if err != nil || len(rec.Lanes) != many+1 {
			b.Fatal(err)
		}
		timeline.NameAll(rec, "main.main.func1")
	}
	runtime.ReadMemStats(&after)
	goroutines := float64(b.N) * many
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/goroutines, "ns/goroutine")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/goroutines, "B/goroutine")
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(floor), "times-the-floor")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkPython is what a picture of Python takes beside the program's own time, which includes the start of Python.
func BenchmarkPython(b *testing.B) {
	const own = 200 * time.Millisecond
	var beside time.Duration
	for b.Loop() {
		start := time.Now()
		rec, err := timeline.RecordPython(b.Context(), "import time\ntime.sleep(0.2)")
		if err != nil {
			b.Fatal(err)
		}
		rec.Figure("")
		beside += time.Since(start) - own
	}
	b.ReportMetric(beside.Seconds()/float64(b.N), "s-beside")
	b.ReportMetric(0, "ns/op")
}
