package timing

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"tutorial/helpers/figure"
)

// Figure draws the comparison: a bar for each case from 0 to its median, a line from minimum to maximum where it can be seen,
// the ideal as a dashed line, and the numbers beside the bars. The result is determined by c alone, which has a result at least.
func (c Comparison) Figure() figure.Figure {
	f := figure.Figure{Title: c.Title, Subtitle: c.subtitle(), Caption: c.sentence(), Table: c.table()}
	f.Alt = c.alt(f.Caption)
	f.SVG = c.draw(f.Subtitle)
	return f
}

// clockFloor is the length below which the cost of reading the clock, some tens of nanoseconds, is no longer negligible.
const clockFloor = 10 * time.Microsecond

func (c Comparison) subtitle() string {
	var s string
	if c.Ideal > 0 {
		s = "ideal: " + shortDuration(c.Ideal)
		if len(c.Results) > 1 {
			s += ", " + shortTimes(c.IdealSpeedup())
		}
		s += " — "
	}
	s += runsPhrase(c.Results)
	if slices.ContainsFunc(c.Results, c.layout().whisker) {
		s += ", line: min to max"
	}
	return s + ", bars start at 0"
}

// runsPhrase says how often was measured: "median of 7 runs (one run where it takes 10 s or more)".
func runsPhrase(results []Result) string {
	most, long, few := 0, false, 0
	for _, r := range results {
		most = max(most, r.N())
		long = long || r.Long
		if few == 0 || r.N() < few {
			few = r.N()
		}
	}
	switch {
	case most == 1 && len(results) == 1:
		return "one run"
	case most == 1:
		return "one run each"
	case few < most && long:
		return fmt.Sprintf("median of %d runs (one run where it takes %s or more)", most, shortDuration(LongRun))
	case few < most:
		return fmt.Sprintf("median of %d to %d runs", few, most)
	}
	return fmt.Sprintf("median of %d runs", most)
}

// sentence says what the figure shows.
func (c Comparison) sentence() string {
	best := 0
	for i, r := range c.Results {
		if r.Median < c.Results[best].Median {
			best = i
		}
	}
	b, base := c.Results[best], c.Results[0]
	var s string
	switch {
	case len(c.Results) == 1:
		s = fmt.Sprintf("%s took %s", quote(b.Name), formatDuration(b.Median))
		if b.Efficiency > 0 {
			s += fmt.Sprintf(", %s more than the ideal %s", formatDuration(b.Median-c.Ideal), shortDuration(c.Ideal))
			if b.Median < c.Ideal {
				s = fmt.Sprintf("%s took %s, less than the ideal %s", quote(b.Name), formatDuration(b.Median), shortDuration(c.Ideal))
			}
		}
	case best == 0 && len(c.rivals(best)) > 0:
		s = fmt.Sprintf("The smallest median is that of the baseline, %s, with %s", quote(b.Name), formatDuration(b.Median))
	case best == 0:
		s = fmt.Sprintf("Nothing is faster than the baseline, %s, with %s", quote(b.Name), formatDuration(b.Median))
	default:
		s = fmt.Sprintf("%s is the fastest with %s", quote(b.Name), formatDuration(b.Median))
		if b.Speedup > 0 {
			s += fmt.Sprintf(", %s the speed of %s", formatTimes(b.Speedup), quote(base.Name))
			if c.Ideal > 0 {
				s += fmt.Sprintf(" (ideal %s, efficiency %s)", shortTimes(c.IdealSpeedup()), formatPercent(b.Efficiency))
			}
		}
	}
	s += "."
	if rivals := c.rivals(best); len(rivals) > 3 {
		s += fmt.Sprintf(" The ranges of %d others overlap with it, so their order may be chance.", len(rivals))
	} else if len(rivals) > 0 {
		s += fmt.Sprintf(" Its range and that of %s overlap, so their order may be chance.", join(rivals))
	}
	for _, r := range c.Results {
		if r.Efficiency > 1.02 {
			s += fmt.Sprintf(" %s is quicker than the ideal, so the ideal is not one: check it.", quote(r.Name))
			break
		}
	}
	return s + remarks(c.Results)
}

// rivals are the other cases that were at their quickest no slower than the best at its slowest.
func (c Comparison) rivals(best int) []string {
	var names []string
	for i, r := range c.Results {
		if i != best && r.Min <= c.Results[best].Max {
			names = append(names, quote(r.Name))
		}
	}
	return names
}

// quote sets a name apart from the sentence around it.
func quote(name string) string { return "“" + name + "”" }

// remarks are what a careful reader has to know beside the medians.
func remarks(results []Result) string {
	s := settings(results)
	var odd, short []string
	for _, r := range results {
		if len(r.Outliers) > 0 {
			odd = append(odd, fmt.Sprintf("%d of %d for %s", len(r.Outliers), r.N(), quote(r.Name)))
		}
		if r.Median < clockFloor {
			short = append(short, quote(r.Name))
		}
	}
	if len(odd) > 4 {
		odd = append(odd[:3:3], fmt.Sprintf("some for %d more", len(odd)-3))
	}
	if len(odd) > 0 {
		s += " Outliers, kept: " + join(odd) + "."
	}
	if len(short) > 3 {
		short = append(short[:2:2], fmt.Sprintf("%d more", len(short)-2))
	}
	if len(short) > 0 {
		s += fmt.Sprintf(" Below %s the clock itself is part of the number (%s): repeat the work in a loop inside the case.",
			shortDuration(clockFloor), join(short))
	}
	return s
}

// settings says which cases changed what holds for all.
func settings(results []Result) string {
	var names []string
	for _, r := range results {
		if name := quote(r.Name); r.Processors > 0 && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " GOMAXPROCS was put back after each run of " + join(names) + "."
}

// alt puts the message first, and then the values if they are few enough to listen to.
func (c Comparison) alt(sentence string) string {
	s := "Bar chart"
	if c.Title != "" {
		s += ", " + c.Title
	}
	s += ". " + sentence
	if n := len(c.Results); n > 1 && n <= 6 {
		values := make([]string, n)
		for i, r := range c.Results {
			values[i] = r.Name + " " + formatDuration(r.Median)
		}
		s += " Wall time: " + strings.Join(values, "; ") + "."
	}
	return s
}

func (c Comparison) table() figure.Table {
	ideal := c.Ideal > 0
	t := figure.Table{Header: []string{"case", "language", "median", "[min–max]", "runs", "outliers", "speed-up"}}
	if ideal {
		t.Header = append(t.Header, "ideal", "efficiency")
	}
	for _, r := range c.Results {
		row := append(cells(r), formatTimes(r.Speedup))
		if ideal {
			row = append(row, shortTimes(c.IdealSpeedup()), formatPercent(r.Efficiency))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// cells are a result's own columns of a table.
func cells(r Result) []string {
	rng := "–"
	if r.N() > 1 {
		rng = "[" + formatDuration(r.Min) + " – " + formatDuration(r.Max) + "]"
	}
	return []string{r.Name, language(r), formatDuration(r.Median), rng, figure.Count(r.N()), figure.Count(len(r.Outliers))}
}

func language(r Result) string { return strings.TrimSpace(r.Language + " " + r.Version) }

func color(language string) figure.Color {
	if language == "Python" {
		return figure.Python
	}
	return figure.Go
}

// label is the name of a case as drawn. Where two languages meet it names the language, unless the name does so already:
// the bar's colour must not be all that tells.
func label(name, language string, mixed bool) string {
	if !mixed {
		return name
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) })
	if slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, language) }) {
		return name
	}
	return name + " (" + language + ")"
}

func mixed(results []Result) bool {
	return slices.ContainsFunc(results, func(r Result) bool { return r.Language != results[0].Language })
}

const (
	rowHeight  = 34.0
	barHeight  = 20.0
	gap        = 10.0 // between a bar and its number
	widestName = 290.0
)

// layout says where the bars are.
type layout struct {
	names []string // as drawn
	left  float64  // where bars start
	scale float64  // pixels a nanosecond
}

func (c Comparison) layout() layout {
	l := layout{names: make([]string, len(c.Results))}
	mix := mixed(c.Results)
	nameWidth, valueWidth, longest := 60.0, 0.0, c.Ideal
	for i, r := range c.Results {
		l.names[i] = figure.Truncate(figure.Body, label(r.Name, r.Language, mix), widestName)
		nameWidth = max(nameWidth, figure.TextWidth(figure.Body, l.names[i]))
		_, width := c.numbers(r)
		valueWidth = max(valueWidth, width)
		longest = max(longest, r.Max, r.Median)
	}
	l.left = figure.Margin + nameWidth + 12
	if longest > 0 {
		l.scale = (figure.Width - figure.Margin - l.left - gap - valueWidth) / float64(longest)
	}
	return l
}

func (l layout) x(d time.Duration) float64 { return l.left + float64(d)*l.scale }

// whisker reports whether the way from minimum to maximum is long enough to be seen.
func (l layout) whisker(r Result) bool { return r.N() > 1 && l.x(r.Max)-l.x(r.Min) >= 1.5 }

// draw lays the bars out: names to the right of the left margin, bars, and numbers behind them.
func (c Comparison) draw(subtitle string) string {
	l := c.layout()
	canvas, y := figure.NewCanvas(c.Title, subtitle)
	bottom := y + rowHeight*float64(len(c.Results))
	canvas.Line(l.left, y, l.left, bottom, figure.Stroke{Color: figure.Grid})
	ideal := l.x(c.Ideal)
	for i, r := range c.Results {
		top := y + 7 + rowHeight*float64(i)
		canvas.Text(l.left-12, top+14, figure.Body, figure.End, l.names[i])
		// A bar is never thinner than can be seen; its number tells how long it is.
		end := max(l.x(r.Median), l.left+1.5)
		canvas.Rect(l.left, top, end-l.left, barHeight, 3, figure.Solid(color(r.Language)))
		if c.Ideal > 0 && end > ideal+4 { // The line of the ideal would not stand out from the bar.
			canvas.Line(ideal, top, ideal, top+barHeight, figure.Stroke{Color: figure.Background, Width: 3})
		}
		if l.whisker(r) {
			for _, s := range []figure.Stroke{{Color: figure.Background, Width: 4}, {Color: figure.Foreground, Width: 1.5}} {
				whisker(canvas, l.x(r.Min), l.x(r.Max), top+barHeight/2, s)
			}
			end = max(end, l.x(r.Max))
		}
		numbers, width := c.numbers(r)
		x := end + gap
		if c.Ideal > 0 && ideal > x-4 && ideal < x+width { // The line would run through them.
			x = ideal + gap
		}
		for _, n := range numbers {
			canvas.Text(x+n.x, top+14, n.kind, figure.Start, n.text)
		}
	}
	if c.Ideal > 0 {
		canvas.Line(ideal, y, ideal, bottom, figure.Stroke{Color: figure.Foreground, Dash: "3 3"})
		text := "ideal " + shortDuration(c.Ideal)
		half := figure.TextWidth(figure.Small, text) / 2
		canvas.Text(min(max(ideal, figure.Margin+half), figure.Width-figure.Margin-half), bottom+18, figure.Small, figure.Middle, text)
		bottom += 22
	}
	legend(canvas, bottom+25, c.Results, c.Processors)
	return canvas.SVG()
}

// whisker draws a line with a cap at either end.
func whisker(canvas *figure.Canvas, from, to, y float64, s figure.Stroke) {
	var p figure.Path
	p.MoveTo(from, y).LineTo(to, y).MoveTo(from, y-5).LineTo(from, y+5).MoveTo(to, y-5).LineTo(to, y+5)
	canvas.Path(&p, figure.Paint{}, s)
}

// A number is a text behind a bar.
type number struct {
	kind figure.Type
	text string
	x    float64 // from where the first begins
}

// numbers lays out what stands behind a bar.
func (c Comparison) numbers(r Result) (all []number, width float64) {
	add := func(kind figure.Type, text string) {
		if len(all) > 0 {
			width += 12
		}
		all = append(all, number{kind, text, width})
		width += figure.TextWidth(kind, text)
	}
	add(figure.Mono, formatDuration(r.Median))
	if len(c.Results) > 1 {
		add(figure.Mono, formatTimes(r.Speedup))
	}
	if r.N() == 1 {
		add(figure.Small, "one run")
	}
	return all, width
}

// legend names the languages by colour, and the processors.
func legend(canvas *figure.Canvas, y float64, results []Result, processors int) {
	var keys []figure.Key
	for _, r := range results {
		if !slices.ContainsFunc(keys, func(k figure.Key) bool { return k.Text == language(r) }) {
			keys = append(keys, figure.Key{Paint: figure.Solid(color(r.Language)), Text: language(r)})
		}
	}
	canvas.Legend(y, keys...)
	if processors > 0 {
		canvas.Text(figure.Width-figure.Margin, y+4, figure.Small, figure.End, fmt.Sprintf("GOMAXPROCS %d", processors))
	}
}
