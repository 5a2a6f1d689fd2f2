package timeline

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"
)

// A thread of Python's that runs and one that waits for the interpreter's lock look alike from inside, and to look would
// need the lock. Linux tells from outside how long each thread has had a processor.

const (
	cpuPeriod   = 500 * time.Microsecond // between looks
	cpuListing  = 2 * time.Millisecond   // between looks for new threads
	cpuShare    = 10                     // looking may take one part in so many of the time
	cpuMaxFiles = 64
	cpuMost     = 1 << 20 // samples
)

// A cpuSample is how long a thread has had a processor until a time, and how long it has been ready without.
type cpuSample struct {
	at            int64 // by the wall clock
	tid           int
	ran, queueing time.Duration
}

// cpuSampler looks at a process's threads until it is stopped.
type cpuSampler struct {
	done    chan struct{}
	wait    sync.WaitGroup
	samples []cpuSample
}

// sampleCPU watches a process's threads. Where the system does not tell, there are no samples.
func sampleCPU(pid int) *cpuSampler {
	s := &cpuSampler{done: make(chan struct{})}
	folder := filepath.Join("/proc", strconv.Itoa(pid), "task")
	if _, err := os.Stat(filepath.Join(folder, strconv.Itoa(pid), "schedstat")); err != nil {
		return s
	}
	s.wait.Go(func() { s.run(folder) })
	return s
}

func (s *cpuSampler) stop() []cpuSample {
	close(s.done)
	s.wait.Wait()
	return s.samples
}

func (s *cpuSampler) run(folder string) {
	type thread struct {
		file *os.File
		last cpuSample
	}
	threads := map[int]*thread{}
	defer func() {
		for _, t := range threads {
			t.file.Close()
		}
	}()
	var listed time.Time
	line := make([]byte, 128)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-timer.C:
		}
		start := time.Now()
		if start.Sub(listed) >= cpuListing {
			listed = start
			entries, _ := os.ReadDir(folder)
			for _, e := range entries {
				tid, err := strconv.Atoi(e.Name())
				if err != nil || threads[tid] != nil || len(threads) >= cpuMaxFiles {
					continue
				}
				if f, err := os.Open(filepath.Join(folder, e.Name(), "schedstat")); err == nil {
					threads[tid] = &thread{file: f}
				}
			}
		}
		period := cpuListing
		if len(threads) > 1 { // A single one has nobody to share the lock with.
			period = cpuPeriod
			for tid, t := range threads {
				n, err := t.file.ReadAt(line, 0)
				if n == 0 && err != nil {
					t.file.Close()
					delete(threads, tid)
					continue
				}
				sample := cpuSample{at: time.Now().UnixNano(), tid: tid}
				if _, err := fmt.Fscan(bytes.NewReader(line[:n]), &sample.ran, &sample.queueing); err != nil {
					continue
				}
				if (sample.ran != t.last.ran || sample.queueing != t.last.queueing) && len(s.samples) < cpuMost {
					s.samples = append(s.samples, sample)
					t.last = sample
				}
			}
		}
		timer.Reset(max(period, cpuShare*time.Since(start)))
	}
}

// An interval is a part of the recorded time.
type interval struct{ from, to time.Duration }

// onCPU turns a thread's samples into the times in which it had a processor, and those in which it was ready without. What
// has been added between two samples is taken to be the last part of the time between them: the kernel adds up when a
// thread stops, or else a few hundred times a second.
func onCPU(samples []cpuSample, start int64) (ran, queued []interval) {
	add := func(list []interval, from, to time.Duration) []interval {
		if n := len(list); n > 0 && from-list[n-1].to < cpuPeriod {
			list[n-1].to = max(to, list[n-1].to)
			return list
		}
		return append(list, interval{from, to})
	}
	for i := 1; i < len(samples); i++ {
		a, b := samples[i-1], samples[i]
		from, to := time.Duration(a.at-start), time.Duration(b.at-start)
		running := max(from, to-(b.ran-a.ran))
		if running < to {
			ran = add(ran, running, to)
		}
		if waiting := max(from, running-(b.queueing-a.queueing)); waiting < running {
			queued = add(queued, waiting, running)
		}
	}
	return ran, queued
}

// overlap is how much of an interval is covered by intervals in order of time.
func overlap(list []interval, from, to time.Duration) (total time.Duration) {
	i, _ := slices.BinarySearchFunc(list, from, func(v interval, t time.Duration) int { return cmp.Compare(v.to, t) })
	for ; i < len(list) && list[i].from < to; i++ {
		total += max(0, min(to, list[i].to)-max(from, list[i].from))
	}
	return total
}

// divideByCPU divides the times in which threads ran as far as Python knows into those in which they had a processor and those
// in which they waited for the interpreter's lock, for a processor, or in a call that nobody follows. start is the start of
// the recording by the wall clock.
func divideByCPU(rec *Recording, tids map[int]int, gil bool, samples []cpuSample, start int64) {
	const least = 2 * time.Millisecond  // what is shorter is left as it is
	const around = 5 * time.Millisecond // how long Python lets a thread have the lock
	byThread := map[int][]cpuSample{}
	for _, s := range samples {
		byThread[s.tid] = append(byThread[s.tid], s)
	}
	for i, tid := range tids { // A thread begins with nothing.
		if i > 0 && len(byThread[tid]) > 0 {
			born := cpuSample{at: start + int64(rec.Lanes[i].Born), tid: tid}
			byThread[tid] = append([]cpuSample{born}, byThread[tid]...)
		}
	}
	ran, queued := map[int][]interval{}, map[int][]interval{}
	for tid, list := range byThread {
		ran[tid], queued[tid] = onCPU(list, start)
	}
	for i := range rec.Lanes {
		l := &rec.Lanes[i]
		tid, ok := tids[i]
		if !ok || len(byThread[tid]) == 0 {
			continue
		}
		first := time.Duration(byThread[tid][0].at - start)
		var spans []Span
		add := func(s Span) {
			if s.From >= s.To {
				return
			}
			if n := len(spans); n > 0 && spans[n-1].State == s.State && spans[n-1].To == s.From && spans[n-1].At == s.At && s.State != Running {
				spans[n-1].To = s.To
				return
			}
			spans = append(spans, s)
		}
		for _, s := range l.Spans {
			if s.State != Running || s.Duration() < least || s.To <= first {
				spans = append(spans, s)
				continue
			}
			at := s.From
			pause := func(to time.Duration) { // from at on it had no processor
				if to-at < cpuPeriod || at < first && at == s.From {
					add(Span{State: Running, From: at, To: to, WokenBy: -1})
					at = to
					return
				}
				state, others := Other, time.Duration(0)
				// The looks are not exact, so look a little further. One that waits for a processor may hold the lock meanwhile.
				early, late := max(0, at-around), to+around
				for other := range ran {
					if other != tid {
						others += overlap(ran[other], early, late) + overlap(queued[other], early, late)
					}
				}
				switch {
				case overlap(queued[tid], at, to) > (to-at)/2:
					state = NoCPU
				case gil && others > (late-early)/3:
					state = NoGIL
				}
				add(Span{State: state, From: at, To: to, WokenBy: -1})
				at = to
			}
			for _, r := range ran[tid] {
				if r.to <= s.From || r.from >= s.To {
					continue
				}
				from, to := max(r.from, at), min(r.to, s.To)
				if from >= to {
					continue
				}
				if from > at {
					pause(from)
				}
				add(Span{State: Running, From: from, To: to, WokenBy: -1})
				at = to
			}
			if at < s.To {
				pause(s.To)
			}
		}
		l.Spans = spans
	}
}
