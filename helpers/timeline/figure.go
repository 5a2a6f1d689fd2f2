package timeline

import (
	"fmt"
	"slices"
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
	r, others, packages := r.withoutLibraries()
	if r.Python != "" {
		r = r.withoutInstants()
	}
	totals, each := r.totals()
	f := figure.Figure{
		Title:    title,
		Subtitle: r.subtitle(),
		Caption:  r.summary(totals, each),
	}
	if others > 0 {
		f.Subtitle += fmt.Sprintf(" (%s more of %s not drawn)", figure.Count(others), strings.Join(packages, ", "))
	}
	f.Alt = f.Title + ". " + f.Subtitle + ". " + f.Caption
	if len(r.Lanes) <= maxLanes {
		f.SVG = drawLanes(r, totals, title, f.Subtitle)
		f.Table = r.laneTable(totals, each)
	} else {
		f.SVG = drawBand(r, totals, title, f.Subtitle)
		f.Table = stateTable(totals)
	}
	return f
}

func (r *Recording) subtitle() string {
	if r.Python != "" {
		return r.pythonSubtitle()
	}
	first := ""
	if r.Full {
		first = "the first "
	}
	procs := counted(r.Procs, "processor")
	switch n := len(r.procs); {
	case n > 4:
		procs = fmt.Sprintf("%d to %d processors", slices.Min(r.procs), r.Procs)
	case n > 1:
		procs = counted(r.procs[0], "processor")
		for _, next := range r.procs[1:] {
			procs += fmt.Sprintf(", then %d", next)
		}
	}
	return fmt.Sprintf("%s in %s%s, with %s", counted(len(r.Lanes), "goroutine"), first, brief(r.Duration), procs)
}

// Summary says in a few words what the recording shows: what the goroutines did most, how many ran at once, and how it
// ended, with who waits for what if it ended before the function did.
func (r *Recording) Summary() string { return r.summary(r.totals()) }

func (r *Recording) summary(totals times, each []times) string {
	if r.Stuck != nil {
		return r.Stuck.String()
	}
	said := []string{r.mostly(totals, each)}
	if r.Python != "" {
		said = append(said, r.pythonAtOnce())
	} else {
		said = append(said, fmt.Sprintf("At most %d had a processor at a time.", r.MostRunning()))
	}
	alive := 0
	for i := range r.Lanes {
		if r.Lanes[i].Alive {
			alive++
		}
	}
	switch {
	case r.Python != "":
		said = append(said, r.pythonEnds(alive))
	case r.Full:
		said = append(said, fmt.Sprintf("The recording was full then, and the function took %s.", brief(r.Took)))
	default:
		if r.Lanes[0].End == Failed {
			said = append(said, "main failed.")
		}
		if alive > 0 {
			said = append(said, fmt.Sprintf("At the end %s still alive.", countedIs(alive)))
		}
	}
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), " ")
}

// mostly says what the lanes did most of the time: run, or wait for what. The first lane does not count if there are others: it
// does little but wait for them, and that is not what a picture is looked at for.
func (r *Recording) mostly(totals times, each []times) string {
	lanes := r.Lanes
	if len(lanes) > 1 {
		for s, d := range each[0] {
			totals[s] -= d
		}
		lanes, each = lanes[1:], each[1:]
	}
	state := longestOf(totals)
	total := totals[state]
	if total == 0 {
		return ""
	}
	if len(lanes) < maxLanes {
		for i := range lanes {
			if own := each[i][state]; 4*own >= 3*total { // it is about this one
				return fmt.Sprintf("%s %s for %s.", lanes[i].title(), state.did(r.Python != ""), brief(own))
			}
		}
	}
	return fmt.Sprintf("The lanes below main mostly %s, %s in all.", state.did(r.Python != ""), brief(total))
}

// title is the name at the start of a sentence.
func (l *Lane) title() string {
	if l.Name() == anonymous {
		return "The goroutine"
	}
	return l.Name()
}

// longestOf is the state that took most time. That somebody is about to run says nothing, and a sleep says less than a wait
// that took about as long.
func longestOf(totals times) State {
	totals[Ready] = 0
	totals[Sleeping] -= totals[Sleeping] / 10
	most := Running
	for s, d := range totals {
		if d > totals[most] {
			most = State(s)
		}
	}
	return most
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
func brief(d time.Duration) string { return figure.Duration(d, 3) }

// look is how a state appears. No two share height and texture, so that colour is never the only difference.
type look struct {
	height float64
	paint  figure.Paint
}

var looks = [numStates]look{
	Running:     {18, figure.Solid(figure.Running)},
	NoCPU:       {8, figure.Solid(figure.Runnable)},
	Ready:       {5, figure.Solid(figure.Runnable)},
	Sleeping:    {3, figure.Solid(figure.Sleeping)},
	ChanSend:    {12, figure.Paint{Color: figure.Channel, Texture: figure.Dots}},
	ChanReceive: {12, figure.Paint{Color: figure.Channel, Texture: figure.BackHatch}},
	Select:      {12, figure.Paint{Color: figure.Channel, Texture: figure.Cross}},
	Mutex:       {12, figure.Paint{Color: figure.Lock, Texture: figure.Hatch}},
	WaitGroup:   {5, figure.Solid(figure.Wait)},
	Cond:        {8, figure.Paint{Color: figure.Wait, Texture: figure.Dots}},
	Network:     {8, figure.Paint{Color: figure.Network, Texture: figure.Hatch}},
	Pipe:        {8, figure.Paint{Color: figure.Network, Texture: figure.Dots}},
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

// plotRight is where the plot ends.
const plotRight = figure.Width - figure.Margin - 14

// drawAxis draws the time axis below a plot from top to bottom, and returns it. Its values are nanoseconds.
func drawAxis(c *figure.Canvas, left, top, bottom float64, total time.Duration) figure.Axis {
	a := figure.Times(total, left, plotRight)
	a.Below(c, top, bottom)
	return a
}

// leastShare is the part of the recorded time that a state takes at least if it can be seen in the picture.
const leastShare = 0.004

// drawLegend explains the states that can be seen, and below them the marks.
func (r *Recording) drawLegend(c *figure.Canvas, y float64, totals times, marks []figure.Key) {
	var keys []figure.Key
	for s, total := range totals {
		if total > 0 && (s == int(Running) || float64(total) >= leastShare*float64(r.Duration)) {
			keys = append(keys, figure.Key{Text: State(s).String() + " " + brief(total), Paint: looks[s].paint, Height: looks[s].height})
		}
	}
	c.Legend(c.Legend(y, keys...), marks...)
}

func (r *Recording) laneTable(totals times, each []times) figure.Table {
	t := figure.Table{Header: []string{"goroutine", "born", "lived"}}
	if r.Python != "" {
		t.Header[0] = "thread or task"
	}
	var states []State
	for s, total := range totals {
		if total > 0 {
			states = append(states, State(s))
			t.Header = append(t.Header, State(s).String())
		}
	}
	for i := range r.Lanes {
		l := &r.Lanes[i]
		lived := brief(l.Died - l.Born)
		if l.Alive {
			lived += " (still alive)"
		} else if l.End != Finished {
			lived += " (" + endNames[l.End] + ")"
		}
		row := []string{l.Name(), brief(l.Born), lived}
		for _, s := range states {
			if own := each[i][s]; own == 0 {
				row = append(row, "–")
			} else {
				row = append(row, brief(own))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func stateTable(totals times) figure.Table {
	t := figure.Table{Header: []string{"state", "total time", "share"}}
	var all time.Duration
	for _, total := range totals {
		all += total
	}
	for s, total := range totals {
		if total > 0 {
			t.Rows = append(t.Rows, []string{State(s).String(), brief(total), fmt.Sprintf("%.1f %%", 100*float64(total)/float64(all))})
		}
	}
	return t
}
