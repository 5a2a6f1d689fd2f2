package interleave

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tutorial/helpers/figure"
)

// The figure shows this many rows of an order, and this many orders.
const (
	maxRows   = 40
	maxPanels = 4
)

const rowHeight, laneTop = 24.0, 46.0

// Figure draws the shortest right order and, beside it, the shortest that leads to each kind of wrong end: a lane for each goroutine, a
// row for each step.
func (r *Result) Figure(title string) figure.Figure {
	f := figure.Figure{Title: title, Subtitle: r.subtitle(), Caption: r.Summary(), Table: r.table()}
	f.Alt = title + ". " + f.Caption + " " + r.steps()
	f.SVG = r.draw(title, f.Subtitle)
	return f
}

// subtitle explains the columns, with the names that stand over them.
func (r *Result) subtitle() string {
	names := ""
	for _, e := range r.Ends {
		for _, l := range e.Lanes {
			if number, ok := strings.CutPrefix(l.Name, "goroutine "); ok {
				names = cmp.Or(names, ", numbered as they were started")
				if parent, _, ok := strings.Cut(number, "."); ok {
					names = fmt.Sprintf(", numbered as they were started (%s by %s)", number, parent)
				}
			}
		}
	}
	return "A lane for each goroutine" + names + "; a row for each step, from top to bottom"
}

// Summary says in a few sentences how many orders there are, how they end, and where the shortest wrong one goes wrong.
func (r *Result) Summary() string {
	var b strings.Builder
	orders := counted(r.Orders, "order")
	wrong := r.wrong()
	switch {
	case wrong == 0 && r.Orders == 1:
		b.WriteString("The only order ends right.")
	case wrong == 0:
		fmt.Fprintf(&b, "All %s end right.", orders)
	case wrong == 1 && r.Orders == 1:
		b.WriteString("The only order ends wrong.")
	case wrong == r.Orders:
		fmt.Fprintf(&b, "None of %s ends right.", orders)
	default:
		verb := "end"
		if wrong == 1 {
			verb = "ends"
		}
		fmt.Fprintf(&b, "%s of %s %s wrong.", count(wrong), orders, verb)
	}
	for _, e := range r.shown() {
		if e.Kind != Right {
			b.WriteString(" " + e.sentence())
		}
	}
	return b.String()
}

func (e End) sentence() string {
	what := map[Kind]string{CheckFailed: "Check failed", Deadlock: "Deadlock", Panicked: "Panic"}
	head := what[e.Kind] + ": " + strings.TrimSuffix(e.Detail, ".") + "."
	if e.Turn == 0 || e.Turn > len(e.Steps) {
		return head
	}
	s := e.Steps[e.Turn-1]
	return fmt.Sprintf("%s The shortest such order goes wrong at step %d: %s %s%s. After that, no order ends right.", head, e.Turn, s.Goroutine, cmp.Or(s.Text, "makes a step"), e.tooEarly())
}

// tooEarly says what the step at the turn should have waited for, if it is a read of what another goroutine then writes, or a write
// over what another has read and goes by.
func (e End) tooEarly() string {
	turn := e.Steps[e.Turn-1]
	if turn.on == "" || e.Kind != CheckFailed {
		return ""
	}
	if turn.changed {
		for i := e.Turn - 2; i >= 0; i-- {
			if s := e.Steps[i]; s.on == turn.on && (s.changed || s.Goroutine == turn.Goroutine) {
				return ""
			} else if s.on == turn.on {
				return fmt.Sprintf(", after %s %s (step %d)", s.Goroutine, s.Text, i+1)
			}
		}
		return ""
	}
	began := map[string]bool{} // who read it before, and so writes what does not go with what is read now
	for _, s := range e.Steps[:e.Turn-1] {
		began[s.Goroutine] = began[s.Goroutine] || s.on == turn.on && !s.changed
	}
	for i, s := range e.Steps[e.Turn:] {
		if s.on == turn.on && s.changed && s.Goroutine != turn.Goroutine && began[s.Goroutine] {
			return fmt.Sprintf(", before %s %s (step %d)", s.Goroutine, s.Text, e.Turn+1+i)
		}
	}
	return ""
}

func count(n uint64) string {
	if n > math.MaxInt64 {
		return "more than 9,000,000,000,000,000,000"
	}
	return figure.Count(int(n))
}

func counted(n uint64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// shown are the ends that are drawn: the first right one, and the one of each kind of wrong end with the shortest order.
func (r *Result) shown() []End {
	var shown []End
	for _, e := range r.Ends {
		at := -1
		for i, other := range shown {
			if other.kind() == e.kind() {
				at = i
			}
		}
		switch {
		case at < 0:
			shown = append(shown, e)
		case len(e.Steps) < len(shown[at].Steps):
			shown[at] = e
		}
	}
	return shown[:min(len(shown), maxPanels)]
}

// steps tells the orders that are drawn to somebody who cannot see them.
func (r *Result) steps() string {
	var b strings.Builder
	for _, e := range r.shown() {
		fmt.Fprintf(&b, "An order that ends with %q: ", e.outcome())
		var all []string
		for _, s := range e.Steps[:min(len(e.Steps), maxRows)] {
			all = append(all, s.String())
		}
		b.WriteString(strings.Join(all, "; ") + ". ")
	}
	return strings.TrimSpace(b.String())
}

func (e End) outcome() string {
	switch {
	case e.Kind == Right && e.State != "":
		return e.State
	case e.Kind == Right:
		return "all end"
	case e.Kind == CheckFailed:
		return e.Detail
	case e.Kind == Panicked:
		return "panic: " + e.Detail
	}
	return e.Kind.String()
}

func (r *Result) table() figure.Table {
	t := figure.Table{Header: []string{"end", "orders", "shortest order (for Replay)", "its steps"}}
	for _, e := range r.Ends {
		var steps []string
		for i, s := range e.Steps {
			line := strconv.Itoa(i+1) + " " + s.String()
			if i+1 == e.Turn {
				line += " (wrong turn)"
			}
			steps = append(steps, line)
		}
		if len(steps) > maxRows {
			steps = append(steps[:maxRows], "…")
		}
		t.Rows = append(t.Rows, []string{e.String(), count(e.Orders), string(e.Order), strings.Join(steps, "; ")})
	}
	return t
}

// numbers is the room for the numbers of steps, left of the lanes.
const numbers = 26.0

// draw puts two orders beside each other where their lanes are wide enough for what stands in them, and else one below the other.
func (r *Result) draw(title, subtitle string) string {
	shown := r.shown()
	lanes, widest := 1, 0.0
	for _, e := range shown {
		lanes = max(lanes, len(e.Lanes))
		for _, s := range e.Steps {
			widest = max(widest, figure.TextWidth(figure.Mono, s.Text))
		}
		for _, l := range e.Lanes {
			widest = max(widest, figure.TextWidth(figure.Mono, l.Waiting), figure.TextWidth(figure.Small, l.Name))
		}
	}
	const gap = 26.0
	needed := numbers + float64(lanes)*(widest+16)
	columns := 1
	width := figure.Width - 2*figure.Margin
	if half := (width - gap) / 2; len(shown) > 1 && needed <= half {
		columns, width = 2, half
	} else {
		width = min(width, max(needed, 420))
	}
	c, top := figure.NewCanvas(title, subtitle)
	for i := 0; i < len(shown); i += columns {
		row := shown[i:min(i+columns, len(shown))]
		for j, e := range row {
			r.panel(c, e, figure.Margin+float64(j)*(width+gap), top, width)
		}
		top += tallest(row) + 18
	}
	return c.SVG()
}

func tallest(ends []End) float64 {
	h := 0.0
	for _, e := range ends {
		rows := min(len(e.Steps), maxRows) + 1 // and what each waits for at the end
		if len(e.Steps) > maxRows {
			rows++
		}
		h = max(h, laneTop+float64(rows)*rowHeight+34)
	}
	return h
}

// panel draws one order.
func (r *Result) panel(c *figure.Canvas, e End, x, y, width float64) {
	ink, sign := figure.Running, "✓ "
	if e.Kind != Right {
		ink, sign = figure.Lock, "✗ "
	}
	share := fmt.Sprintf("%s of %s", count(e.Orders), counted(r.Orders, "order"))
	room := width - figure.TextWidth(figure.Small, share) - 12
	c.Text(x, y+14, figure.Body, figure.Start, figure.Truncate(figure.Body, sign+e.outcome(), room))
	c.Text(x+width, y+14, figure.Small, figure.End, share)
	c.Line(x, y+21, x+width, y+21, figure.Stroke{Color: ink, Width: 2})

	pitch := (width - numbers) / float64(len(e.Lanes))
	lane := map[string]int{}
	for i, l := range e.Lanes {
		lane[l.Name] = i
		c.Text(x+numbers+(float64(i)+0.5)*pitch, y+38, figure.Small, figure.Middle, figure.Truncate(figure.Small, l.Name, pitch-6))
	}
	steps, first := e.Steps, 0
	top := y + laneTop
	if len(steps) > maxRows {
		first = len(steps) - maxRows
		steps = steps[first:]
		c.Text(x+numbers, top+16, figure.Small, figure.Start, fmt.Sprintf("(%s before these left out)", counted(uint64(first), "step")))
		top += rowHeight
	}
	bottom := top + float64(len(steps))*rowHeight
	for i, l := range e.Lanes { // A lane ends with the last step of a goroutine that has ended.
		end := top
		for j, s := range steps {
			if s.Goroutine == l.Name {
				end = top + float64(j+1)*rowHeight
			}
		}
		if !l.Done {
			end = bottom
		}
		middle := x + numbers + (float64(i)+0.5)*pitch
		c.Line(middle, top, middle, end, figure.Stroke{Color: figure.Sleeping})
	}
	box := func(name, label string, at float64, turn bool) {
		left := x + numbers + float64(lane[name])*pitch + 3
		w := pitch - 6
		c.Rect(left, at+2, w, rowHeight-4, 4, figure.Solid(figure.Background))
		outline(c, left, at+2, w, rowHeight-4, turn)
		c.Text(left+w/2, at+16, figure.Mono, figure.Middle, figure.Truncate(figure.Mono, label, w-6))
	}
	for i, s := range steps {
		at := top + float64(i)*rowHeight
		turn := first+i+1 == e.Turn
		c.Text(x+numbers-8, at+16, figure.Small, figure.End, strconv.Itoa(first+i+1))
		if turn {
			c.Text(x-6, at+16, figure.Body, figure.Start, "✗")
		}
		box(s.Goroutine, s.Text, at, turn)
	}
	for i, l := range e.Lanes {
		if l.Done || e.Kind == Panicked {
			continue
		}
		left := x + numbers + float64(i)*pitch + 3
		c.Rect(left, bottom+2, pitch-6, rowHeight-4, 4, figure.Paint{Color: figure.Lock, Texture: figure.Hatch})
		c.TextOver(left+(pitch-6)/2, bottom+16, figure.Mono, figure.Middle, figure.Truncate(figure.Mono, l.Waiting, pitch-10))
	}
	foot := "all end right"
	switch {
	case e.Kind == Right:
		foot = cmp.Or(e.State, "all have ended")
	case e.Turn > 0:
		foot = fmt.Sprintf("✗ after step %d, no order ends right", e.Turn)
	default:
		foot = "no order ends right"
	}
	if e.Kind == CheckFailed {
		foot += "; " + e.State
	}
	c.Text(x+numbers, bottom+rowHeight+16, figure.Small, figure.Start, figure.Truncate(figure.Small, foot, width-numbers))
}

func outline(c *figure.Canvas, x, y, w, h float64, turn bool) {
	s := figure.Stroke{Color: figure.Running, Width: 1}
	if turn {
		s = figure.Stroke{Color: figure.Lock, Width: 3}
	}
	var p figure.Path
	p.MoveTo(x, y).LineTo(x+w, y).LineTo(x+w, y+h).LineTo(x, y+h).Close()
	c.Path(&p, figure.Paint{}, s)
}
