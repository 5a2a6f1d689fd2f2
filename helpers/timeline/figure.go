package timeline

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"tutorial/helpers/figure"
)

// maxLanes is how many lanes a figure shows one by one. More become a band.
const maxLanes = 24

// Figure draws the recording: a lane for each goroutine if there are at most 24, otherwise a band that shows how many
// goroutines were in each state at each time. Goroutines of the standard library's own (see [Lane]) are counted but not
// drawn. It takes some milliseconds and 40 KB at most, however much was recorded.
func (r *Recording) Figure(title string) figure.Figure {
	r, others, packages := r.own()
	if r.Python != "" {
		r = r.withoutInstants()
	}
	f := figure.Figure{
		Title:    title,
		Subtitle: r.subtitle(),
		Caption:  r.Summary(),
	}
	if others > 0 {
		f.Subtitle += fmt.Sprintf(" (%s more of %s not drawn)", figure.Count(others), strings.Join(packages, ", "))
	}
	f.Alt = f.Title + ". " + f.Subtitle + ". " + f.Caption
	if len(r.Lanes) <= maxLanes {
		f.SVG = drawLanes(r, title, f.Subtitle)
		f.Table = r.laneTable()
	} else {
		f.SVG = drawBand(r, title, f.Subtitle)
		f.Table = r.stateTable()
	}
	return f
}

func (r *Recording) subtitle() string {
	if r.Python != "" {
		return r.pythonSubtitle()
	}
	return fmt.Sprintf("%s in %s, with %s", counted(len(r.Lanes), "goroutine"), brief(r.Duration), counted(r.Procs, "processor"))
}

// Summary says in a few words what the recording shows: how many goroutines ran at once (as opposed to waited), what they waited for, and who
// is left waiting for ever.
func (r *Recording) Summary() string {
	if r.Stuck != nil {
		return r.Stuck.String()
	}
	var b strings.Builder
	if r.Python != "" {
		b.WriteString(r.pythonAtOnce())
	} else {
		fmt.Fprintf(&b, "At most %d had a processor at a time.", r.MostRunning())
	}
	if state, total := r.mostWaitedByWorkers(); total > 0 {
		did := waited[state]
		if r.Python != "" && state == Other {
			did = "waited most in other calls"
		}
		fmt.Fprintf(&b, " %s %s, %s in all.", r.workers(), did, brief(total))
	}
	alive := 0
	for i := range r.Lanes {
		if r.Lanes[i].Alive {
			alive++
		}
	}
	if r.Python != "" {
		b.WriteString(r.pythonEnds(alive))
	} else if alive > 0 {
		fmt.Fprintf(&b, " At the end %s still alive.", countedIs(alive))
	}
	return b.String()
}

// waited continues a sentence about several goroutines.
var waited = [numStates]string{
	Runnable:    "lost most time for lack of a processor",
	Sleeping:    "mostly slept",
	ChanSend:    "waited most to send on a channel",
	ChanReceive: "waited most to receive from a channel",
	Select:      "waited most in select",
	Mutex:       "waited most for a lock",
	WaitGroup:   "waited most for a WaitGroup",
	Cond:        "waited most for a condition",
	Network:     "waited most for the network",
	Syscall:     "spent most time in system calls",
	Other:       "waited most for the runtime",
	LoopBusy:    "were ready most of the time while the loop was busy",
	NoGIL:       "lost most time for lack of the interpreter's lock",
	BlocksLoop:  "held up the loop most",
	Semaphore:   "waited most for a semaphore",
	Event:       "waited most for an event",
	Queue:       "waited most for a queue",
	Join:        "waited most for threads to end",
	TaskWait:    "waited most for tasks",
	FutureWait:  "waited most for a future",
	ThreadWait:  "waited most for a thread",
}

// mostWaitedByWorkers is MostWaited without the first lane if there are others: it does little but wait for them, and
// that is not what a picture is looked at for.
func (r *Recording) mostWaitedByWorkers() (State, time.Duration) {
	totals := r.known().totals
	if len(r.Lanes) > 1 {
		for _, s := range r.Lanes[0].Spans {
			totals[s.State] -= s.Duration()
		}
	}
	return mostWaited(totals)
}

// workers names those that mostWaitedByWorkers is about.
func (r *Recording) workers() string {
	switch len(r.Lanes) {
	case 1:
		return "It"
	case 2:
		if r.Python != "" {
			return r.Lanes[1].Name()
		}
		if name := r.Lanes[1].Name(); name != anonymous {
			return name
		}
		return "The goroutine"
	}
	return "The others"
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return figure.Count(n) + " " + noun + "s"
}

func countedIs(n int) string {
	if n == 1 {
		return "1 goroutine is"
	}
	return figure.Count(n) + " goroutines are"
}

// brief writes a duration with three digits that count: a picture is not read more finely.
func brief(d time.Duration) string {
	units := []struct {
		size time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}, {time.Nanosecond, "ns"}}
	if d == 0 {
		return "0 s"
	}
	for _, u := range units {
		if value := float64(d) / float64(u.size); value >= 0.9995 {
			digits := max(0, 2-int(math.Floor(math.Log10(value*1.0005))))
			if u.size == time.Nanosecond {
				digits = 0
			}
			return strconv.FormatFloat(value, 'f', digits, 64) + " " + u.name
		}
	}
	return d.String()
}

// look is how a state appears. No two share height and texture, so that colour is never the only difference.
type look struct {
	height float64
	paint  figure.Paint
}

var looks = [numStates]look{
	Running:     {18, figure.Solid(figure.Running)},
	Runnable:    {8, figure.Solid(figure.Runnable)},
	Sleeping:    {3, figure.Solid(figure.Sleeping)},
	ChanSend:    {12, figure.Paint{Color: figure.Channel, Texture: figure.Dots}},
	ChanReceive: {12, figure.Paint{Color: figure.Channel, Texture: figure.BackHatch}},
	Select:      {12, figure.Paint{Color: figure.Channel, Texture: figure.Cross}},
	Mutex:       {12, figure.Paint{Color: figure.Lock, Texture: figure.Hatch}},
	WaitGroup:   {5, figure.Solid(figure.Wait)},
	Cond:        {8, figure.Paint{Color: figure.Wait, Texture: figure.Dots}},
	Network:     {8, figure.Paint{Color: figure.Network, Texture: figure.Hatch}},
	Syscall:     {8, figure.Paint{Color: figure.Syscall, Texture: figure.Cross}},
	Other:       {8, figure.Paint{Color: figure.Muted, Texture: figure.BackHatch}},
	LoopBusy:    {8, figure.Paint{Color: figure.Runnable, Texture: figure.Hatch}},
	NoGIL:       {8, figure.Paint{Color: figure.Runnable, Texture: figure.Cross}},
	BlocksLoop:  {18, figure.Paint{Color: figure.Lock, Texture: figure.BackHatch}},
	Semaphore:   {12, figure.Paint{Color: figure.Lock, Texture: figure.Dots}},
	Event:       {12, figure.Paint{Color: figure.Wait, Texture: figure.Dots}},
	Queue:       {12, figure.Paint{Color: figure.Channel, Texture: figure.BackHatch}},
	Join:        {5, figure.Paint{Color: figure.Wait, Texture: figure.BackHatch}},
	TaskWait:    {5, figure.Solid(figure.Wait)},
	FutureWait:  {12, figure.Paint{Color: figure.Channel, Texture: figure.Dots}},
	ThreadWait:  {5, figure.Solid(figure.Syscall)},
}

// legendNames are the states as a legend names them, where that differs from their names.
var legendNames = map[State]string{Mutex: "waiting for a lock", Network: "waiting for the network", Cond: "waiting for a condition",
	Semaphore: "waiting for a semaphore", Event: "waiting for an event", Queue: "waiting for a queue", Join: "waiting for a thread to end",
	TaskWait: "waiting for a task", FutureWait: "waiting for a future", ThreadWait: "waiting for a thread"}

// axis maps time to pixels.
type axis struct {
	x0, x1 float64
	scale  float64 // pixels in a nanosecond
}

func newAxis(x0, x1 float64, total time.Duration) axis {
	return axis{x0, x1, (x1 - x0) / float64(total)}
}

func (a axis) x(t time.Duration) float64 { return a.x0 + a.scale*float64(t) }

// ticks returns about six round times from 0 on, the last at the end or behind it, and how to write them.
func ticks(total time.Duration) (at []time.Duration, label func(time.Duration) string) {
	step := 1.0
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		magnitude := math.Pow(10, math.Floor(math.Log10(float64(max(total, 1))/6)))
		step = max(1, m*magnitude)
		if float64(total)/step <= 7 {
			break
		}
	}
	for t := 0.0; ; t += step {
		at = append(at, time.Duration(math.Round(t)))
		if t >= float64(total) {
			break
		}
	}
	unit, name := time.Nanosecond, "ns"
	switch last := at[len(at)-1]; {
	case last >= time.Second:
		unit, name = time.Second, "s"
	case last >= time.Millisecond:
		unit, name = time.Millisecond, "ms"
	case last >= time.Microsecond:
		unit, name = time.Microsecond, "µs"
	}
	return at, func(t time.Duration) string {
		s := strconv.FormatFloat(float64(t)/float64(unit), 'f', -1, 64)
		if t == at[len(at)-1] {
			s += " " + name
		}
		return s
	}
}

// drawAxis draws the time axis below a plot from top to bottom, and returns it.
func drawAxis(c *figure.Canvas, left, top, bottom float64, total time.Duration) axis {
	at, label := ticks(total)
	a := newAxis(left, figure.Width-figure.Margin-14, at[len(at)-1])
	for _, t := range at {
		x := a.x(t)
		c.Line(x, top, x, bottom, figure.Stroke{Color: figure.Grid})
		c.Text(x, bottom+18, figure.Small, figure.Middle, label(t))
	}
	return a
}

// legendItem is a state with the text beside it.
type legendItem struct {
	state State
	text  string
	x     float64
	row   int
}

// legend lays out the states that occur, in rows.
func (r *Recording) legend() (items []legendItem, rows int) {
	const swatch, gap = 28, 20
	x := figure.Margin
	for s := range numStates {
		if r.known().totals[s] == 0 {
			continue
		}
		name := s.String()
		if n, ok := legendNames[s]; ok {
			name = n
		}
		text := name + " " + brief(r.known().totals[s])
		width := swatch + figure.TextWidth(figure.Small, text)
		if x+width > figure.Width-figure.Margin && x > figure.Margin {
			x = figure.Margin
			rows++
		}
		items = append(items, legendItem{s, text, x, rows})
		x += width + gap
	}
	return items, rows + 1
}

const legendRow = 24.0

func drawLegend(c *figure.Canvas, items []legendItem, y float64) {
	for _, item := range items {
		l := looks[item.state]
		mid := y + float64(item.row)*legendRow
		c.Rect(item.x, mid-l.height/2, 22, l.height, 2, l.paint)
		c.Text(item.x+28, mid+4, figure.Small, figure.Start, item.text)
	}
}

func (r *Recording) laneTable() figure.Table {
	t := figure.Table{Header: []string{"goroutine", "born", "lived"}}
	if r.Python != "" {
		t.Header[0] = "thread or task"
	}
	var states []State
	for s := range numStates {
		if r.known().totals[s] > 0 {
			states = append(states, s)
			t.Header = append(t.Header, s.String())
		}
	}
	for i := range r.Lanes {
		l := &r.Lanes[i]
		var totals [numStates]time.Duration
		for _, s := range l.Spans {
			totals[s.State] += s.Duration()
		}
		lived := brief(l.Died - l.Born)
		if l.Alive {
			lived += " (still alive)"
		} else if l.End != Finished {
			lived += " (" + endNames[l.End] + ")"
		}
		row := []string{l.Name(), brief(l.Born), lived}
		for _, s := range states {
			if totals[s] == 0 {
				row = append(row, "–")
			} else {
				row = append(row, brief(totals[s]))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (r *Recording) stateTable() figure.Table {
	t := figure.Table{Header: []string{"state", "total time", "share"}}
	var all time.Duration
	for _, total := range r.known().totals {
		all += total
	}
	for s, total := range r.known().totals {
		if total > 0 {
			t.Rows = append(t.Rows, []string{State(s).String(), brief(total), fmt.Sprintf("%.1f %%", 100*float64(total)/float64(all))})
		}
	}
	return t
}
