//go:build !windows

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tutorial/kernel-setup/execute"
)

// BenchmarkCells reports the time of a warm cell of each kind. For one that prints it also reports how many times that
// is of building the same program with a bare go build; the two take turns, because a machine is not equally fast all
// the time, which is also why this is no test. Run it so:
//
//	go test ./kernel-setup -run '^$' -bench Cells -benchtime 20x
func BenchmarkCells(b *testing.B) {
	b.Run("println", func(b *testing.B) {
		cells, builds := time.Duration(0), time.Duration(0)
		const batch = 5
		for done := 0; done < b.N; done += batch {
			n := min(batch, b.N-done)
			cells += timeCells(b, n, "%%%%\nfmt.Println(%d)\n")
			builds += timeBuilds(b, n)
		}
		b.ReportMetric(cells.Seconds()*1000/float64(b.N), "ms/cell")
		b.ReportMetric(builds.Seconds()*1000/float64(b.N), "ms/build")
		b.ReportMetric(cells.Seconds()/builds.Seconds(), "cell/build")
		b.ReportMetric(0, "ns/op") // kernel start included, so it means nothing
	})
	b.Run("gonbui", func(b *testing.B) {
		cells := timeCells(b, b.N, "import \"github.com/janpfeifer/gonb/gonbui\"\n%%%%\nfmt.Println(%d, gonbui.IsNotebook)\n")
		b.ReportMetric(cells.Seconds()*1000/float64(b.N), "ms/cell")
		b.ReportMetric(0, "ns/op")
	})
}

// timeCells returns the time of n cells, after one more that warms up. The format gets a number, so that no two cells
// are the same to the build cache.
func timeCells(b *testing.B, n int, format string) time.Duration {
	b.Helper()
	checkout := installed(b)
	var text strings.Builder
	for i := range n + 2 { // the last is there to see when the one before it ends
		fmt.Fprintf(&text, "====\n"+format, time.Now().UnixNano()+int64(i))
	}
	name := filepath.Join(b.TempDir(), "cells.ipynb")
	if err := os.WriteFile(name, notebookOf(text.String()), 0o644); err != nil {
		b.Fatal(err)
	}
	var first, last time.Time
	err := execute.Run(b.Context(), execute.In(checkout, name), func(number, _ int) {
		switch number {
		case 2:
			first = time.Now()
		case n + 2:
			last = time.Now()
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	return last.Sub(first)
}

// timeBuilds returns the time of n builds.
func timeBuilds(b *testing.B, n int) time.Duration {
	b.Helper()
	dir := b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module cell\n"), 0o644); err != nil {
		b.Fatal(err)
	}
	var total time.Duration
	for i := range n + 1 { // the first warms up
		source := fmt.Sprintf("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(%d) }\n", time.Now().UnixNano())
		if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(source), 0o644); err != nil {
			b.Fatal(err)
		}
		cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", "cell")
		cmd.Dir = dir
		start := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		if i > 0 {
			total += time.Since(start)
		}
	}
	return total
}
