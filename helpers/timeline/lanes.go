package timeline

import (
	"cmp"
	"math"
	"slices"
	"time"

	"tutorial/helpers/figure"
)

const (
	laneHeight   = 26.0
	regionHeight = 16.0
	maxPieces    = 1500 // pieces in a figure, so that it stays below 40 KB
	maxRounded   = 150  // up to here each piece is a rectangle with round corners
	maxArrows    = 80
	maxRegions   = 96    // in a figure
	maxNameWidth = 120.0 // of a region
)

// piece is a part of a lane that is drawn in one look.
type piece struct {
	state  State
	x1, x2 float64
}

func drawLanes(r *Recording, totals byState, title, subtitle string) string {
	c, top := figure.NewCanvas(title, subtitle)
	bottom, nameWidth := top, 60.0
	tops := make([]float64, len(r.Lanes))
	for i := range r.Lanes {
		nameWidth = max(nameWidth, min(190, figure.TextWidth(figure.Mono, r.Lanes[i].Name())))
		tops[i] = bottom
		bottom += laneHeight
		if len(r.Lanes[i].Regions) > 0 {
			bottom += regionHeight
		}
	}
	nameRight := figure.Margin + nameWidth
	wakes := r.wakes()
	a := drawAxis(c, nameRight+12, top-2, bottom, r.Duration)
	middle := func(lane int) float64 { return tops[lane] + laneHeight/2 }

	for i := range r.Lanes {
		c.Text(nameRight, middle(i)+4, figure.Mono, figure.End, figure.Truncate(figure.Mono, r.Lanes[i].Name(), nameWidth))
	}
	lanes := allPieces(r, a)
	drawPieces(c, lanes, middle)
	var pixels [numStates]float64
	for _, pieces := range lanes {
		for _, p := range pieces {
			pixels[p.state] += p.x2 - p.x1
		}
	}
	for i := range r.Lanes {
		l := &r.Lanes[i]
		drawEnds(c, l, a, middle(i))
		drawRegions(c, l, a, tops[i]+laneHeight, maxRegions/len(r.Lanes))
	}
	drawWakes(c, wakes, a, middle)
	drawLegend(c, bottom+legendGap, totals, pixels, r.marks(wakes))
	return c.SVG()
}

// allPieces cuts the lanes into pieces, of a pixel at least, and more coarsely if there are too many.
func allPieces(r *Recording, a figure.Axis) [][]piece {
	for smallest := 1.0; ; {
		lanes := make([][]piece, len(r.Lanes))
		n := 0
		for i := range r.Lanes {
			lanes[i] = pieces(r.Lanes[i].Spans, a, smallest)
			n += len(lanes[i])
		}
		if n <= maxPieces {
			return lanes
		}
		// Where nearly all are of the smallest size, their number falls as that grows.
		smallest *= max(1.5, float64(n)/maxPieces)
	}
}

// pieces turns spans into pieces. Spans that are narrower than smallest pixels are gathered until they are not, and then
// drawn in one state: the one that is owed most time. So over many pieces each state gets the room
// that it took, however fine the spans were. Where only an instant lies between two wide spans, it is drawn as running if
// the goroutine ran in it, since that is what it woke for.
func pieces(spans []Span, a figure.Axis, smallest float64) []piece {
	var out []piece
	scale := (a.At(1e9) - a.At(0)) / 1e9 // pixels in a nanosecond: there may be very many spans, and At takes longer
	width := func(from, to time.Duration) float64 { return scale * float64(to-from) }
	emit := func(state State, x1, x2 float64) {
		if n := len(out); n > 0 && out[n-1].state == state {
			out[n-1].x2 = x2
			return
		}
		out = append(out, piece{state, x1, x2})
	}
	var owed [numStates]time.Duration // time that passed in a state less time shown in it
	gathering, ran := false, false
	var from time.Duration
	settle := func(to time.Duration) {
		if !gathering {
			return
		}
		gathering = false
		most := Running
		if instant := ran && width(from, to) < smallest; !instant {
			for s, d := range owed {
				if d > owed[most] {
					most = State(s)
				}
			}
		}
		ran = false
		owed[most] -= to - from
		emit(most, a.At(float64(from)), a.At(float64(to)))
	}
	for i := range spans {
		s := &spans[i]
		if s.From == s.To {
			continue
		}
		if width(s.From, s.To) >= smallest {
			settle(s.From)
			emit(s.State, a.At(float64(s.From)), a.At(float64(s.To)))
			continue
		}
		if !gathering {
			gathering, from = true, s.From
		}
		owed[s.State] += s.Duration()
		ran = ran || s.State == Running
		if width(from, s.To) >= smallest {
			settle(s.To)
		}
	}
	if n := len(spans); n > 0 {
		settle(spans[n-1].To)
	}
	return out
}

// drawPieces draws waiting first and running last, so that a run too short for a pixel is still seen. Beyond maxRounded
// pieces it is not, since then it is drawn no wider than it is.
func drawPieces(c *figure.Canvas, lanes [][]piece, middle func(int) float64) {
	const leastWidth = 1.5 // pixels, for what runs
	strips := make([][]figure.Strip, numStates)
	n := 0
	for _, pieces := range lanes {
		n += len(pieces)
	}
	for i, pieces := range lanes {
		for _, p := range pieces {
			if p.state == Running && p.x2-p.x1 < leastWidth && n <= maxRounded {
				p.x2 = p.x1 + leastWidth
			}
			strips[p.state] = append(strips[p.state], figure.Strip{X1: p.x1, X2: p.x2, Y: middle(i)})
		}
	}
	for s := range slices.Backward(strips) {
		l := looks[s]
		if n > maxRounded {
			c.Strips(l.height, l.paint, strips[s])
			continue
		}
		for _, strip := range strips[s] {
			c.Rect(strip.X1, strip.Y-l.height/2, max(strip.X2-strip.X1, 0.5), l.height, 2, l.paint)
		}
	}
}

// drawEnds marks where a lane begins, and where it ends or that it goes on.
func drawEnds(c *figure.Canvas, l *Lane, a figure.Axis, y float64) {
	drawStart(c, a.At(float64(l.Born)), y)
	if l.Alive {
		drawAlive(c, a.At(float64(l.Died)), y)
	} else {
		endSigns[l.End](c, a.At(float64(l.Died)), y)
	}
}

var mark = figure.Stroke{Color: figure.Foreground, Width: 1.5}

func drawStart(c *figure.Canvas, x, y float64) { c.Line(x, y-5, x, y+5, mark) }

var endSigns = [...]func(c *figure.Canvas, x, y float64){
	Finished: func(c *figure.Canvas, x, y float64) { c.Line(x, y-9, x, y+9, mark) },
	Cancelled: func(c *figure.Canvas, x, y float64) {
		c.Circle(x+5, y, 4.5, figure.Solid(figure.Background), mark)
	},
	Failed: func(c *figure.Canvas, x, y float64) {
		c.Line(x+1, y-5, x+11, y+5, mark)
		c.Line(x+1, y+5, x+11, y-5, mark)
	},
}

func drawAlive(c *figure.Canvas, x, y float64) {
	var arrow figure.Path
	arrow.MoveTo(x+3, y-5).LineTo(x+9, y).LineTo(x+3, y+5).Close()
	c.Path(&arrow, figure.Solid(figure.Foreground), figure.Stroke{})
}

// drawTimer draws a clock.
func drawTimer(c *figure.Canvas, x, y float64) {
	c.Circle(x, y, 4, figure.Solid(figure.Background), figure.Stroke{Color: figure.Foreground})
	var hands figure.Path
	hands.MoveTo(x, y-2.5).LineTo(x, y).LineTo(x+2, y)
	c.Path(&hands, figure.Paint{}, figure.Stroke{Color: figure.Foreground})
}

// marks explains the signs that occur, for the legend.
func (r *Recording) marks(wakes []wake) (marks []figure.Key) {
	add := func(occurs bool, text string, draw func(c *figure.Canvas, x, y float64)) {
		if occurs {
			marks = append(marks, figure.Key{Text: text, Draw: func(c *figure.Canvas, x, y float64) { draw(c, x+11, y) }})
		}
	}
	var ended [Failed + 1]bool
	alive := false
	for i := range r.Lanes {
		alive = alive || r.Lanes[i].Alive
		ended[r.Lanes[i].End] = ended[r.Lanes[i].End] || !r.Lanes[i].Alive
	}
	add(true, "start", drawStart)
	add(ended[Finished], "end", endSigns[Finished])
	add(ended[Cancelled], "cancelled", endSigns[Cancelled])
	add(ended[Failed], "failed", endSigns[Failed])
	add(alive, "still alive", drawAlive)
	add(slices.ContainsFunc(wakes, func(w wake) bool { return w.waker >= 0 }), "wakes another", func(c *figure.Canvas, x, y float64) { drawArrow(c, x, y-9, y+8) })
	add(slices.ContainsFunc(wakes, func(w wake) bool { return w.waker < 0 }), "woken by a timer", drawTimer)
	return marks
}

// drawRegions draws the named parts of a lane, or the first of them, as brackets below it.
func drawRegions(c *figure.Canvas, l *Lane, a figure.Axis, y float64, most int) {
	line := figure.Stroke{Color: figure.Muted}
	free := 0.0 // where the last name ended
	for i, region := range l.Regions {
		if i == most {
			break
		}
		x1, x2 := a.At(float64(region.From)), a.At(float64(region.To))
		var bracket figure.Path
		bracket.MoveTo(x1, y-4).LineTo(x1, y).LineTo(x2, y).LineTo(x2, y-4)
		c.Path(&bracket, figure.Paint{}, line)
		name := figure.Truncate(figure.Small, region.Name, maxNameWidth)
		if width := figure.TextWidth(figure.Small, name); x1 >= free {
			c.Text(min(x1, plotRight-width), y+12, figure.Small, figure.Start, name)
			free = x1 + width + 8
		}
	}
}

// A wake is the end of a wait.
type wake struct {
	waker, woken int // lanes; waker is Timer if a timer was it
	at           time.Duration
}

// wakes returns who ended whose wait, in the order of time, and nothing of what is so frequent that it would hide the rest.
func (r *Recording) wakes() []wake {
	var byLanes, byTimers []wake // one more than are drawn, to know that there are too many
	for i := range r.Lanes {
		for _, s := range r.Lanes[i].Spans {
			switch w := (wake{s.WokenBy, i, s.To}); {
			case !s.State.Waiting() || s.WokenBy == i:
			case s.WokenBy >= 0 && len(byLanes) <= maxArrows:
				byLanes = append(byLanes, w)
			case s.WokenBy == Timer && len(byTimers) <= maxArrows:
				byTimers = append(byTimers, w)
			}
		}
	}
	if len(byLanes) > maxArrows {
		byLanes = nil
	}
	if len(byTimers) > maxArrows {
		byTimers = nil
	}
	all := append(byTimers, byLanes...)
	slices.SortStableFunc(all, func(a, b wake) int { return cmp.Compare(a.at, b.at) })
	return all
}

// drawWakes draws wakes as arrows from lane to lane. Arrows that would lie on each other are moved to the right.
func drawWakes(c *figure.Canvas, wakes []wake, a figure.Axis, middle func(int) float64) {
	const apart = 5.0
	free := map[int]float64{} // by the gap between two lanes, how far to the right there is an arrow
	for _, w := range wakes {
		x := a.At(float64(w.at))
		if w.waker < 0 {
			drawTimer(c, x, middle(w.woken))
			continue
		}
		first, last := min(w.waker, w.woken), max(w.waker, w.woken)
		moved := x
		for gap := first; gap < last; gap++ {
			moved = max(moved, free[gap])
		}
		x = min(moved, x+8*apart)
		for gap := first; gap < last; gap++ {
			free[gap] = x + apart
		}
		down := 1.0
		if w.woken < w.waker {
			down = -1
		}
		drawArrow(c, x, middle(w.waker), middle(w.woken)-5*down)
	}
}

// drawArrow draws an arrow with a dot where it begins.
func drawArrow(c *figure.Canvas, x, y1, y2 float64) {
	down := math.Copysign(1, y2-y1)
	c.Circle(x, y1, 2, figure.Solid(figure.Foreground), figure.Stroke{})
	var arrow figure.Path
	arrow.MoveTo(x, y1).LineTo(x, y2).MoveTo(x-3, y2-4*down).LineTo(x, y2).LineTo(x+3, y2-4*down)
	c.Path(&arrow, figure.Paint{}, figure.Stroke{Color: figure.Foreground})
}
