package grade

import (
	"cmp"
	"slices"
	"time"
)

// An Exercise is one that learners find under notebooks/exercises.
type Exercise struct {
	Name    string // of its notebook, without .ipynb
	Title   string
	Picture Picture // what the right schedule looks like
}

// A Picture is a schedule: who works when.
type Picture struct {
	Title   string
	Caption string // a sentence that says what to see
	Spans   []Span
}

var exercises []Exercise

// register adds an exercise. It is for package-level variables named _.
func register(e Exercise) struct{} {
	exercises = append(exercises, e)
	return struct{}{}
}

// Exercises returns all exercises, in order.
func Exercises() []Exercise {
	return slices.SortedFunc(slices.Values(exercises), func(a, b Exercise) int { return cmp.Compare(a.Name, b.Name) })
}

// span is a piece of work of a [Picture], in milliseconds.
func span(name string, start, end int) Span {
	return Span{Name: name, Start: time.Duration(start) * time.Millisecond, End: time.Duration(end) * time.Millisecond, Ended: true}
}

// cut is a span that ends early, because it is cancelled.
func cut(name string, start, end int) Span {
	s := span(name, start, end)
	s.Cancelled = true
	return s
}
