package footprint_test

import (
	"testing"

	"tutorial/helpers/figure/figuretest"
	"tutorial/helpers/footprint"
)

func TestFiguresAreDrawnAsBefore(t *testing.T) {
	t.Parallel()
	all := []footprint.Cost{
		{Kind: footprint.Goroutine, N: 10_000, Resident: 2712, Reserved: 53},
		{Kind: footprint.Thread, N: 2000, Resident: 17_900, KernelStack: 16_384, Reserved: 67_000},
		{Kind: footprint.PythonThread, N: 2000, Resident: 16_800, KernelStack: 16_384, Reserved: 8_900_000},
		{Kind: footprint.AsyncioTask, N: 10_000, Resident: 980, Reserved: 1024},
	}
	f := footprint.Figure("What does one more <cost>?", all)
	figuretest.Check(t, f)
	figuretest.Golden(t, "four.svg", f.SVG)
	figuretest.Golden(t, "four.txt", f.Text())
}
