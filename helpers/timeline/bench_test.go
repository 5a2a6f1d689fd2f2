package timeline_test

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
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

// BenchmarkTracing compares how long very many goroutines take with and without a recording: medians, taken in turn. The
// trace costs a fixed time for each goroutine, so it shows most where they compute least.
func BenchmarkTracing(b *testing.B) {
	for _, steps := range []int{2_000, 20_000} {
		b.Run(fmt.Sprintf("steps=%d", steps), func(b *testing.B) {
			var plain, traced []time.Duration
			for b.Loop() {
				start := time.Now()
				sleepComputeLock(many, steps)
				plain = append(plain, time.Since(start))
				rec, err := timeline.Record(func() { sleepComputeLock(many, steps) })
				if err != nil {
					b.Fatal(err)
				}
				traced = append(traced, rec.Duration)
				runtime.GC() // what reading left is not the next round's
			}
			slices.Sort(plain)
			slices.Sort(traced)
			median := func(d []time.Duration) float64 { return float64(d[len(d)/2]) }
			b.ReportMetric(median(traced)/median(plain), "traced/untraced")
			b.ReportMetric(median(plain)/1e6, "plain-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkLabelWithoutRecording is what a label costs that stays in a program.
func BenchmarkLabelWithoutRecording(b *testing.B) {
	for b.Loop() {
		timeline.Label("worker")
	}
}

// BenchmarkEmptyFunction is what a recording costs besides what is recorded.
func BenchmarkEmptyFunction(b *testing.B) {
	for b.Loop() {
		if _, err := timeline.Record(func() {}); err != nil {
			b.Fatal(err)
		}
	}
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
