package timeline

import "tutorial/helpers/figure"

const bandHeight = 220.0

// drawBand draws how many goroutines were in each state, stacked, over time.
func drawBand(r *Recording, totals times, title, subtitle string) string {
	c, top := figure.NewCanvas(title, subtitle)
	bottom := top + bandHeight

	states := 0
	for _, total := range totals {
		states += int(min(total, 1))
	}
	counts := r.countByState(min(120, 600/max(states, 1))) // which keeps the drawing below 40 KB
	peak := 0.0
	for _, column := range counts {
		sum := 0.0
		for _, n := range column {
			sum += n
		}
		peak = max(peak, sum)
	}
	count := figure.Counts(peak, bottom, top)
	left := figure.Margin + count.LabelWidth()
	count.Beside(c, left, figure.Width-figure.Margin-14)
	a := drawAxis(c, left, top, bottom, r.Duration)

	base := make([]float64, len(counts))
	width := (a.x(r.Duration) - a.x0) / float64(len(counts))
	for s := range numStates {
		if totals[s] == 0 {
			continue
		}
		drawLayer(c, looks[s].paint, counts, base, s, func(i int) float64 { return a.x0 + width*float64(i) }, count.At)
	}
	unit := "goroutines"
	if r.Python != "" {
		unit = "threads and tasks"
	}
	c.TextOver(left+6, top+14, figure.Small, figure.Start, unit)
	r.drawLegend(c, bottom+54, totals, nil)
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

// countByState divides the recording into columns, and returns the mean number of goroutines in each state in each of them.
func (r *Recording) countByState(columns int) [][numStates]float64 {
	counts := make([][numStates]float64, columns)
	perColumn := float64(columns) / float64(r.Duration)
	for i := range r.Lanes {
		for _, s := range r.Lanes[i].Spans {
			from, to := float64(s.From)*perColumn, float64(s.To)*perColumn
			for column := int(from); column < columns && float64(column) < to; column++ {
				counts[column][s.State] += min(to, float64(column+1)) - max(from, float64(column))
			}
		}
	}
	return counts
}
