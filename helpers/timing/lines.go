package timing

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tutorial/helpers/figure"
)

// Figure draws the wall time of each case against n, both axes logarithmic, with the case's name at the end of its line. Cases
// differ by marker and dashes, of which there are six, so that the seventh has those of the first; languages by colour as well.
// The result is determined by s alone, which has a case and a size at least.
func (s ScalingResult) Figure() figure.Figure {
	f := figure.Figure{Title: s.Title, Caption: s.sentence(), Table: s.table()}
	all := s.all()
	f.Subtitle = "wall time against n — " + runsPhrase(all)
	if slices.ContainsFunc(all, func(r Result) bool { return r.N() > 1 }) {
		f.Subtitle += ", line: min to max"
	}
	f.Subtitle += ", both axes logarithmic"
	f.Alt = "Line chart"
	if s.Title != "" {
		f.Alt += ", " + s.Title
	}
	f.Alt += ". " + f.Caption
	f.SVG = s.draw(f.Subtitle)
	return f
}

func (s ScalingResult) all() []Result { return slices.Concat(s.Series...) }

// sentence compares the cases at the largest n, or with SameWork each with itself at the first.
func (s ScalingResult) sentence() string {
	count := 0
	for _, r := range s.all() {
		count += len(r.Outliers)
	}
	outliers := settings(s.all())
	if count > 0 {
		outliers += fmt.Sprintf(" Outliers, kept: %d of all runs; the table says where.", count)
	}
	if s.SameWork {
		return s.gains() + outliers
	}
	var last []Result
	for _, series := range s.Series {
		last = append(last, series[len(series)-1])
	}
	slices.SortStableFunc(last, func(a, b Result) int { return cmp.Compare(a.Median, b.Median) })
	parts := make([]string, len(last))
	for i, r := range last {
		parts[i] = quote(r.Name) + " " + formatDuration(r.Median)
		if i > 0 {
			if x := ratio(r.Median, last[0].Median); x > 0 {
				parts[i] += " (" + formatTimes(x) + " as long)"
			}
		}
	}
	return fmt.Sprintf("At n = %s: %s.", figure.Count(s.Sizes[len(s.Sizes)-1]), upToSix(parts)) + outliers
}

// gains says how much faster each case is at the last n than at the first.
func (s ScalingResult) gains() string {
	var parts []string
	for _, series := range s.Series {
		last := series[len(series)-1]
		parts = append(parts, quote(last.Name)+" "+formatDuration(last.Median)+" ("+formatTimes(last.Speedup)+" the speed)")
	}
	first, last := figure.Count(s.Sizes[0]), figure.Count(s.Sizes[len(s.Sizes)-1])
	return fmt.Sprintf("At n = %s, against n = %s: %s.", last, first, upToSix(parts))
}

func upToSix(parts []string) string {
	if len(parts) > 6 {
		return fmt.Sprintf("%s; and %d more", strings.Join(parts[:6], "; "), len(parts)-6)
	}
	return strings.Join(parts, "; ")
}

func (s ScalingResult) table() figure.Table {
	t := figure.Table{Header: []string{"case", "language", "n", "median", "[min–max]", "runs", "outliers", "median / n", "speed-up"}}
	if s.SameWork {
		t.Header = slices.Delete(t.Header, 7, 8)
	}
	for _, series := range s.Series {
		for i, r := range series {
			c := cells(r)
			row := slices.Concat(c[:2], []string{figure.Count(s.Sizes[i])}, c[2:])
			if !s.SameWork {
				row = append(row, formatDuration(r.Median/time.Duration(max(1, s.Sizes[i]))))
			}
			t.Rows = append(t.Rows, append(row, formatTimes(r.Speedup)))
		}
	}
	return t
}

// dashes tell lines apart together with markers; the first is unbroken.
var dashes = [...]string{"", "6 3", "2 3", "9 3 2 3", "12 4", "4 2 1 2 1 2"}

// tick writes a round number of nanoseconds; from a second on it stays with seconds, as a scale of powers of ten does.
func tick(ns float64) string {
	if ns >= 1e9 {
		return figure.Count(int(math.Round(ns/1e9))) + " s"
	}
	return shortDuration(time.Duration(math.Round(ns)))
}

// draw lays the lines out in a field between the axis at the left and the names at the right.
func (s ScalingResult) draw(subtitle string) string {
	canvas, top := figure.NewCanvas(s.Title, subtitle)
	all := s.all()
	mix := mixed(all)
	fastest, slowest := time.Duration(math.MaxInt64), time.Duration(1)
	for _, r := range all {
		fastest, slowest = min(fastest, max(r.Min, 1)), max(slowest, r.Max)
	}
	names, nameWidth := make([]string, len(s.Series)), 40.0
	for i, series := range s.Series {
		names[i] = figure.Truncate(figure.Body, label(series[0].Name, series[0].Language, mix), 230)
		nameWidth = max(nameWidth, figure.TextWidth(figure.Body, names[i]))
	}
	right := figure.Width - figure.Margin - nameWidth - 22
	top += 8
	floor := top + max(300, 17*float64(len(names))) // The names need 17 pixels each, whatever the lines do.
	y := figure.Logarithmic(float64(fastest), float64(slowest), floor, top, tick)
	left := figure.Margin + max(60, y.LabelWidth())
	x := figure.Logarithmic(float64(s.Sizes[0]), float64(s.Sizes[len(s.Sizes)-1]), left, right,
		func(v float64) string { return figure.Count(int(math.Round(v))) })
	y.Beside(canvas, left, right)
	x.Below(canvas, top, floor)
	canvas.Text((left+right)/2, floor+36, figure.Small, figure.Middle, "n")

	ends := make([]float64, len(s.Series))
	for i, series := range s.Series {
		ink := color(series[0].Language)
		var line figure.Path
		for j, r := range series {
			px, py := x.At(float64(s.Sizes[j])), y.At(float64(max(r.Median, 1)))
			if j == 0 {
				line.MoveTo(px, py)
			} else {
				line.LineTo(px, py)
			}
			if lo, hi := y.At(float64(max(r.Min, 1))), y.At(float64(max(r.Max, 1))); r.N() > 1 && lo-hi >= 1 {
				canvas.Line(px, lo, px, hi, figure.Stroke{Color: figure.Foreground})
			}
			ends[i] = py
		}
		canvas.Path(&line, figure.Paint{}, figure.Stroke{Color: ink, Width: 2, Dash: dashes[i%len(dashes)]})
		for j, r := range series {
			marker(canvas, i, x.At(float64(s.Sizes[j])), y.At(float64(max(r.Median, 1))), ink)
		}
	}
	lastX := x.At(float64(s.Sizes[len(s.Sizes)-1]))
	for i, at := range spread(ends, 17, top+4, floor) {
		canvas.Line(lastX+7, ends[i], right+10, at, figure.Stroke{Color: figure.Grid})
		marker(canvas, i, right+14, at, color(s.Series[i][0].Language))
		canvas.TextOver(right+24, at+4, figure.Body, figure.Start, names[i])
	}
	legend(canvas, floor+55, all, s.Processors)
	return canvas.SVG()
}

// marker draws the sign of the i-th line; after six they start again, as dashes do.
func marker(canvas *figure.Canvas, i int, x, y float64, ink figure.Color) {
	rim := figure.Stroke{Color: figure.Background}
	var p figure.Path
	switch i % 6 {
	case 0:
		canvas.Circle(x, y, 4.5, figure.Solid(ink), rim)
		return
	case 1:
		canvas.Rect(x-4, y-4, 8, 8, 0, figure.Solid(ink))
		return
	case 2:
		p.MoveTo(x, y-5).LineTo(x+5, y+4).LineTo(x-5, y+4).Close()
	case 3:
		p.MoveTo(x, y-5.5).LineTo(x+5.5, y).LineTo(x, y+5.5).LineTo(x-5.5, y).Close()
	case 4:
		p.MoveTo(x, y+5).LineTo(x+5, y-4).LineTo(x-5, y-4).Close()
	default:
		p.MoveTo(x-4, y-4).LineTo(x+4, y+4).MoveTo(x-4, y+4).LineTo(x+4, y-4)
		canvas.Path(&p, figure.Paint{}, figure.Stroke{Color: ink, Width: 2.5})
		return
	}
	canvas.Path(&p, figure.Solid(ink), rim)
}

// spread moves positions apart until they keep the distance, keeping their order, and within low and high as far as there is
// room. The results stay near the wanted positions.
func spread(wanted []float64, distance, low, high float64) []float64 {
	order := make([]int, len(wanted))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(wanted[a], wanted[b]) })
	got := slices.Clone(wanted)
	next := low
	for _, i := range order { // Downwards: nobody too close to the one above.
		got[i] = max(got[i], next)
		next = got[i] + distance
	}
	next = high
	for _, i := range slices.Backward(order) { // And back up, from the lower edge.
		got[i] = min(got[i], next)
		next = got[i] - distance
	}
	return got
}
