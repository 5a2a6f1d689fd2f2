package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tutorial/kernel-setup/labtest"
)

// TestCost compares cells with and without the front, in turn. The cells build nothing, which would take a hundred times as long as
// what is looked for.
func TestCost(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	with := startKernel(t, "ipc")
	without := startKernelWith(t, "ipc", func(spec *kernelSpec, _ string) { // GONB --kernel FILE ARGUMENT...
		spec.Argv = append([]string{spec.Argv[2], "--kernel", spec.Argv[1]}, spec.Argv[3:]...)
	})
	var differences []time.Duration
	for i := range 100 {
		source := fmt.Sprintf("%%env COST %d", i)
		start := time.Now()
		with.execute(t, source)
		middle := time.Now()
		without.execute(t, source)
		differences = append(differences, middle.Sub(start)-time.Since(middle))
	}
	slices.Sort(differences)
	t.Logf("a cell takes longer by %v in the median, from %v to %v", differences[50], differences[5], differences[95])
	if differences[50] > 5*time.Millisecond {
		t.Errorf("a cell takes %v longer", differences[50])
	}
	kb := memory(t, with.cmd.Process.Pid, "VmRSS")
	t.Logf("the front takes %d KB", kb)
	if kb > 10<<10 {
		t.Errorf("the front takes %d KB", kb)
	}
}
