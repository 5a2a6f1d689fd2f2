package footprint

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// requireProc leaves a test out where the system cannot measure, and says so.
func requireProc(t *testing.T) {
	t.Helper()
	if _, err := readUsage("/proc", os.Getpid()); errors.Is(err, ErrUnsupported) {
		t.Skip(err)
	}
}

// The bounds are those of the things themselves: a goroutine starts with a stack of 2 KB, a thread has a kernel stack.
func TestEachKindTakesWhatItIsMadeOf(t *testing.T) {
	requireProc(t)
	tests := []struct {
		kind         Kind
		n            int
		least, most  float64 // resident and kernel stack
		kernelStack  bool
		leastReserve float64
	}{
		{Goroutine, 20_000, 2 << 10, 64 << 10, false, 0}, // with what the race detector keeps of each
		{Thread, 500, 8 << 10, 128 << 10, true, 0},
		{PythonThread, 500, 8 << 10, 256 << 10, true, 1 << 20},
		{AsyncioTask, 20_000, 300, 8 << 10, false, 0},
	}
	for _, tt := range tests { // one after the other: they are all measured in the whole process
		t.Run(tt.kind.String(), func(t *testing.T) {
			cost, err := Measure(tt.kind, tt.n)
			if err != nil {
				t.Fatal(err)
			}
			if total := cost.Resident + cost.KernelStack; total < tt.least || total > tt.most {
				t.Errorf("takes %.0f bytes, want %.0f to %.0f", total, tt.least, tt.most)
			}
			if got := cost.KernelStack > 0; got != tt.kernelStack {
				t.Errorf("kernel stack is %.0f bytes, want some: %v", cost.KernelStack, tt.kernelStack)
			}
			if cost.Reserved < tt.leastReserve {
				t.Errorf("reserves %.0f bytes, want at least %.0f", cost.Reserved, tt.leastReserve)
			}
		})
	}
}

func TestWrongNumbersAreRefused(t *testing.T) {
	for _, tt := range []struct {
		kind Kind
		n    int
		want string
	}{
		{Goroutine, 0, "100 to 1000000"},
		{Goroutine, -1, "100 to 1000000"},
		{AsyncioTask, MaxN + 1, "100 to 1000000"},
		{Thread, MaxThreads + 1, "100 to 500"},
		{PythonThread, MaxThreads + 1, "100 to 500"},
	} {
		if _, err := Measure(tt.kind, tt.n); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Measure(%v, %d) gives the error %v, want one with %q", tt.kind, tt.n, err, tt.want)
		}
	}
}

func TestPythonThatIsMissingIsSaid(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Measure(AsyncioTask, 1000); err == nil || !strings.Contains(err.Error(), "no python3 on PATH") {
		t.Errorf("the error is %v", err)
	}
}

func TestPythonThatFailsIsQuoted(t *testing.T) {
	dir := t.TempDir()
	script := "#!/bin/sh\necho 'MemoryError: no more threads' >&2\nexit 1\n"
	if err := os.WriteFile(filepath.Join(dir, "python3"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	if _, err := Measure(PythonThread, MaxThreads); err == nil || !strings.Contains(err.Error(), "MemoryError: no more threads") {
		t.Errorf("the error is %v", err)
	}
}

func TestReadUsage(t *testing.T) {
	root := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := readUsage(root, 7); !errors.Is(err, ErrUnsupported) {
		t.Errorf("without /proc the error is %v, want ErrUnsupported", err)
	}
	write("meminfo", "MemTotal: 100 kB\nKernelStack:  48 kB\n")
	write("7/status", "Name:\tgo\nVmSize:\t  900 kB\nVmRSS:\t 90 kB\nThreads:\t4\n")
	want := usage{resident: 90 << 10, reserved: 900 << 10, kernelStack: 48 << 10, threads: 4}
	if got, err := readUsage(root, 7); err != nil || got != want {
		t.Errorf("without smaps_rollup: %+v, %v; want %+v", got, err, want)
	}
	write("7/smaps_rollup", "00400000-7fff ---p 00000000 00:00 0  [rollup]\nRss:   95 kB\nPss:  80 kB\n")
	want.resident = 95 << 10
	if got, err := readUsage(root, 7); err != nil || got != want {
		t.Errorf("with smaps_rollup: %+v, %v; want %+v", got, err, want)
	}
}

func TestKernelStacksOfOthersDoNotCount(t *testing.T) {
	before := usage{resident: 1000, kernelStack: 16 << 10, threads: 5}
	after := usage{resident: 2000, kernelStack: 800 << 10, threads: 6}
	if c := between(Goroutine, 10, before, after); c.KernelStack != 0 || c.Resident != 100 {
		t.Errorf("cost is %+v, want 100 resident and no kernel stack", c)
	}
	after.threads = 15
	if c := between(Thread, 10, before, after); c.KernelStack == 0 {
		t.Errorf("cost of ten threads is %+v, want a kernel stack", c)
	}
	if c := between(Goroutine, 10, after, before); c.Resident != 0 {
		t.Errorf("memory that was given back makes the cost %v, want 0", c.Resident)
	}
}
