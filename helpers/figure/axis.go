package figure

import (
	"math"
	"strconv"
	"time"
)

// An Axis maps values to pixels, and has round values to mark.
type Axis struct {
	Ticks []Tick

	from, to  float64               // pixels
	low, high float64               // what they stand for, by measure
	measure   func(float64) float64 // the value itself or its logarithm
}

// A Tick is a marked value of an axis.
type Tick struct {
	Value float64
	Label string
}

// At returns the pixel of a value.
func (a Axis) At(v float64) float64 {
	return a.from + (a.to-a.from)*(a.measure(v)-a.low)/(a.high-a.low)
}

// Counts is an axis of whole numbers from 0 to most or a little more.
func Counts(most, from, to float64) Axis {
	return linear(most, 5, from, to, func(v, _ float64) string { return Count(int(v)) })
}

// Times is an axis of times from 0 to most or a little more. The last label has the unit.
func Times(most time.Duration, from, to float64) Axis {
	return linear(float64(most), 7, from, to, func(v, last float64) string {
		size, name := unitOf(time.Duration(last))
		label := strconv.FormatFloat(v/float64(size), 'f', -1, 64)
		if v == last {
			label += " " + name
		}
		return label
	})
}

// linear has at most so many steps of 1, 2 or 5 times a power of ten, or 2.5 times one above ten, and not below 1.
func linear(most float64, steps int, from, to float64, label func(v, last float64) string) Axis {
	most = max(most, 1)
	step := 0.0
	for magnitude := 1.0; step == 0; magnitude *= 10 {
		for _, m := range []float64{1, 2, 2.5, 5} {
			if size := m * magnitude; step == 0 && size == math.Trunc(size) && most/size <= float64(steps) {
				step = size
			}
		}
	}
	n := math.Ceil(most/step - 1e-9)
	a := Axis{from: from, to: to, high: n * step, measure: func(v float64) float64 { return v }}
	for i := 0.0; i <= n; i++ {
		a.Ticks = append(a.Ticks, Tick{i * step, label(i*step, n*step)})
	}
	return a
}

// Logarithmic is an axis from the power of ten below the smallest value, which is above 0, to the one above the largest. It
// marks the powers of ten, with 2 and 5 times them where there is only a little of the axis, and only every other or third
// where there is much.
func Logarithmic(smallest, largest, from, to float64, label func(float64) string) Axis {
	a := Axis{from: from, to: to, low: math.Floor(math.Log10(smallest)), high: math.Ceil(math.Log10(largest)), measure: math.Log10}
	a.high = max(a.high, a.low+1)
	decades := int(a.high - a.low)
	for e := 0; e <= decades; e += 1 + (decades-1)/9 {
		for _, m := range []float64{1, 2, 5} {
			if v := m * math.Pow(10, a.low+float64(e)); m == 1 || decades <= 2 && e < decades {
				a.Ticks = append(a.Ticks, Tick{v, label(v)})
			}
		}
	}
	return a
}

// Below draws the marks of a horizontal axis: lines from top to bottom, and their labels below.
func (a Axis) Below(c *Canvas, top, bottom float64) {
	for _, t := range a.Ticks {
		c.Line(a.At(t.Value), top, a.At(t.Value), bottom, Stroke{Color: Grid})
		c.Text(a.At(t.Value), bottom+18, Small, Middle, t.Label)
	}
}

// Beside draws the marks of a vertical axis: lines from left to right, and their labels left of them.
func (a Axis) Beside(c *Canvas, left, right float64) {
	for _, t := range a.Ticks {
		c.Line(left, a.At(t.Value), right, a.At(t.Value), Stroke{Color: Grid})
		c.Text(left-10, a.At(t.Value)+4, Small, End, t.Label)
	}
}

// LabelWidth returns the room that the labels of a vertical axis take at its left.
func (a Axis) LabelWidth() float64 {
	w := 0.0
	for _, t := range a.Ticks {
		w = max(w, TextWidth(Small, t.Label)+10)
	}
	return w
}
