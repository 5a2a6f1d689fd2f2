package timeline

import (
	"time"

	"tutorial/helpers/figure"
)

const bandHeight = 220.0

// drawBand draws how many goroutines were in each state, stacked, over time.
func drawBand(r *Recording, totals byState, title, subtitle string) string {
	c, top := figure.NewCanvas(title, subtitle)
	bottom := top + bandHeight

	states := 0
	for _, total := range totals {
		states += int(min(total, 1))
	}
	counts := r.countByState(min(120, 600/max(states, 1))) // which keeps the drawing below 40 KB
	peak := 0.0
	var pixels [numStates]float64
	for _, column := range counts {
		sum := 0.0
		for s, n := range column {
			sum += n
			pixels[s] += n
		}
		peak = max(peak, sum)
	}
	count := figure.Counts(peak, bottom, top)
	left := figure.Margin + count.LabelWidth()
	count.Beside(c, left, plotRight)
	a := drawAxis(c, left, top, bottom, r.Duration)

	base := make([]float64, len(counts))
	width := (a.At(float64(r.Duration)) - left) / float64(len(counts))
	for s := range numStates {
		if totals[s] == 0 {
			continue
		}
		pixels[s] *= width * (count.At(0) - count.At(1))
		drawLayer(c, looks[s].paint, counts, base, s, func(i int) float64 { return left + width*float64(i) }, count.At)
	}
	unit := "goroutines"
	if r.Python != "" {
		unit = "threads and tasks"
	}
	c.TextOver(left+6, top+14, figure.Small, figure.Start, unit)
	drawLegend(c, bottom+legendGap, totals, pixels, nil)
	return c.SVG()
}

// drawLayer draws one state on top of what base says is below it, and adds it to base.
func drawLayer(c *figure.Canvas, paint figure.Paint, counts [][numStates]float64, base []float64, s State, x func(int) float64, y func(float64) float64) {
	var outline figure.Path
	outline.MoveTo(x(0), y(base[0]+counts[0][s]))
	for i := range counts { // along the upper edge
		upper := base[i] + counts[i][s]
		if i > 0 && upper != base[i-1]+counts[i-1][s] {
			outline.LineTo(x(i), y(upper))
		}
		outline.LineTo(x(i+1), y(upper))
	}
	for i := len(counts) - 1; i >= 0; i-- { // and back along the lower
		outline.LineTo(x(i+1), y(base[i])).LineTo(x(i), y(base[i]))
		base[i] += counts[i][s]
	}
	c.Path(outline.Close(), paint, figure.Stroke{Color: figure.Background})
}

// countByState divides the recording into columns, and returns the mean number of goroutines in each state in each of
// them. It takes constant time for each span, however long that is.
func (r *Recording) countByState(columns int) [][numStates]float64 {
	counts := make([][numStates]float64, columns)
	if r.Duration <= 0 {
		return counts
	}
	// change holds what is added from a column on; counts first holds what belongs to a column alone.
	change := make([][numStates]float64, columns+1)
	perColumn := float64(columns) / float64(r.Duration)
	at := func(t time.Duration) (int, float64) {
		x := float64(t) * perColumn
		i := min(int(x), columns-1)
		return i, x - float64(i)
	}
	for i := range r.Lanes {
		to, toPart := at(r.Lanes[i].Born)
		for _, s := range r.Lanes[i].Spans {
			from, fromPart := to, toPart // spans have no gaps
			to, toPart = at(s.To)
			// A span counts in full from the column of its start to the one before its end, less what it misses of the
			// first, plus what it has of the last.
			change[from][s.State]++
			change[to][s.State]--
			counts[from][s.State] -= fromPart
			counts[to][s.State] += toPart
		}
	}
	var running [numStates]float64
	for i := range counts {
		for s := range running {
			running[s] += change[i][s]
			counts[i][s] = max(0, counts[i][s]+running[s])
		}
	}
	return counts
}
