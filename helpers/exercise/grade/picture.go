package grade

import (
	"fmt"
	"strings"
	"time"

	"tutorial/helpers/figure"
)

// maxLanes is how many spans are drawn at most.
const maxLanes = 24

// Figure draws the schedule: a lane for each piece of work.
func (p Picture) Figure() figure.Figure {
	const (
		left, lane, bar = 150.0, 26.0, 16.0
		right           = figure.Width - figure.Margin - 10
	)
	spans, more := p.Spans, 0
	if len(spans) > maxLanes {
		spans, more = spans[:maxLanes], len(spans)-maxLanes
	}
	end := time.Millisecond
	for _, s := range p.Spans {
		end = max(end, s.End)
	}
	subtitle := "virtual time; a lane for each task, from its start to its end"
	c, top := figure.NewCanvas(p.Title, subtitle)
	axis := figure.Times(end, left, right)
	x := func(d time.Duration) float64 { return axis.At(float64(d)) }
	axis.Below(c, top, top+float64(len(spans))*lane)
	table := figure.Table{Header: []string{"task", "start", "end", "how it ended"}}
	var told []string
	for i, s := range spans {
		y := top + float64(i)*lane
		c.Text(left-10, y+lane/2+4, figure.Body, figure.End, figure.Truncate(figure.Body, s.Name, left-figure.Margin-10))
		paint, how := figure.Solid(figure.Running), "done"
		switch {
		case s.Cancelled:
			paint, how = figure.Paint{Color: figure.Lock, Texture: figure.Hatch}, "cancelled"
		case !s.Ended:
			paint, how = figure.Paint{Color: figure.Channel, Texture: figure.Dots}, "not yet"
		}
		c.Rect(x(s.Start), y+(lane-bar)/2, max(x(s.End)-x(s.Start), 3), bar, 3, paint)
		if how != "done" {
			c.TextOver(min(x(s.End)+6, right-70), y+lane/2+4, figure.Small, figure.Start, how)
		}
		table.Rows = append(table.Rows, []string{s.Name, Time(s.Start), Time(s.End), how})
		told = append(told, fmt.Sprintf("%s from %s to %s", s.Name, Time(s.Start), Time(s.End)))
	}
	caption := p.Caption
	if more > 0 {
		caption = strings.TrimSpace(fmt.Sprintf("%s The first %d are shown, of %d.", caption, len(spans), len(p.Spans)))
	}
	return figure.Figure{
		Title: p.Title, Subtitle: subtitle, Caption: caption, SVG: c.SVG(), Table: table,
		Alt: p.Title + ": " + strings.Join(told, ", ") + ". " + caption,
	}
}

// Schedule is what the answer did, as a picture. It has no spans if there is nothing to see.
func (v Verdict) Schedule() Picture {
	return Picture{
		Title:   "What your function did",
		Caption: "With " + v.Scenario + ".",
		Spans:   v.Spans,
	}
}
