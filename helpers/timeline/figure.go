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

// withoutLibraries returns the recording without the lanes of libraries, and how many those are, with the packages that they
// are of. They are there for whoever wants to see them, but in a picture they would hide what it is about: a single HTTP
// request takes four of them.
func (r *Recording) withoutLibraries() (own *Recording, others int, packages []string) {
	for i := range r.Lanes {
		if library := r.Lanes[i].Library; library != "" {
			packages = append(packages, library)
		}
	}
	if others = len(packages); others == 0 {
		return r, 0, nil
	}
	index := make([]int, len(r.Lanes))
	lanes := make([]Lane, 0, len(r.Lanes)-others)
	for i, l := range r.Lanes {
		index[i] = -1
		if l.Library == "" {
			index[i] = len(lanes)
			lanes = append(lanes, l)
		}
	}
	in := func(i int) int {
		if i < 0 {
			return i
		}
		return index[i]
	}
	for i := range lanes {
		l := &lanes[i]
		l.Parent = in(l.Parent)
		l.Spans = slices.Clone(l.Spans)
		for k := range l.Spans {
			l.Spans[k].WokenBy = in(l.Spans[k].WokenBy)
		}
	}
	slices.Sort(packages)
	only := *r
	only.Lanes = lanes
	return &only, others, slices.Compact(packages)
}

// byState holds the time that was spent in each state.
type byState [numStates]time.Duration

// totals are those of all lanes together, and of each of the first maxLanes.
func (r *Recording) totals() (all byState, each []byState) {
	for i := range r.Lanes {
		of := &all
		if i < maxLanes {
			each = append(each, byState{})
			of = &each[i]
		}
		spans := r.Lanes[i].Spans
		for k := range spans {
			of[spans[k].State] += spans[k].To - spans[k].From
		}
	}
	for _, own := range each {
		for s, d := range own {
			all[s] += d
		}
	}
	return all, each
}

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

// legendGap is how far below a plot the legend is, with the axis between them.
const legendGap = 54.0

// drawAxis draws the time axis below a plot from top to bottom, and returns it. Its values are nanoseconds.
func drawAxis(c *figure.Canvas, left, top, bottom float64, total time.Duration) figure.Axis {
	a := figure.Times(total, left, plotRight)
	a.Below(c, top, bottom)
	return a
}

// leastShare is the part of the recorded time that a state of a program in Python takes at least if it is drawn.
const leastShare = 0.004

// withoutInstants returns the recording without the states that together took too little time to be seen, so that the
// legend has what the picture shows: it counts them as running. It is for Python only, where nearly every call of a library
// waits for something for some microseconds. In Go a short wait is one of the program's own, and may be what is looked for.
func (r *Recording) withoutInstants() *Recording {
	var hidden [numStates]bool
	found := false
	all, _ := r.totals()
	for s, total := range all {
		hidden[s] = s != int(Running) && total > 0 && float64(total) < leastShare*float64(r.Duration)
		found = found || hidden[s]
	}
	if !found {
		return r
	}
	out := *r
	out.Lanes = slices.Clone(r.Lanes)
	for i := range out.Lanes {
		l := &out.Lanes[i]
		l.Spans = slices.Clone(l.Spans)
		for k := range l.Spans {
			if s := &l.Spans[k]; hidden[s.State] {
				s.State, s.WokenBy = Running, -1
			}
		}
	}
	return &out
}

// drawLegend explains running and the states that can be seen, which are those with a pixel at least in all, and below them
// the marks.
func drawLegend(c *figure.Canvas, y float64, totals byState, pixels [numStates]float64, marks []figure.Key) {
	var keys []figure.Key
	for s, total := range totals {
		if total > 0 && (s == int(Running) || pixels[s] >= 1) {
			keys = append(keys, figure.Key{Text: State(s).String() + " " + brief(total), Paint: looks[s].paint, Height: looks[s].height})
		}
	}
	c.Legend(c.Legend(y, keys...), marks...)
}

func (r *Recording) laneTable(totals byState, each []byState) figure.Table {
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

func stateTable(totals byState) figure.Table {
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
