//go:build !windows

package main

import (
	"errors"
	"testing"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"lba": "lab", "labs": "lab", "instal": "install", "uninstal": "uninstall", "chek": "check", "rum": "run", "Run": "run",
	} {
		if got := nearest(typed); got != want {
			t.Errorf("nearest(%q) is %q, want %q", typed, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"lab", "lba", 2}, {"kitten", "sitting", 3}, {"run", "ru", 1},
	}
	for _, test := range tests {
		if got := distance(test.a, test.b); got != test.want {
			t.Errorf("distance(%q, %q) is %d, want %d", test.a, test.b, got, test.want)
		}
		if got := distance(test.b, test.a); got != test.want {
			t.Errorf("distance(%q, %q) is %d, want %d", test.b, test.a, got, test.want)
		}
	}
}

func TestSentenceHasACapitalUnlessItStartsWithAName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"there is none":             "There is none",
		"interrupted; go on":        "Interrupted; go on",
		"notebooks/a.ipynb is gone": "notebooks/a.ipynb is gone",
		"a.ipynb, code cell 1":      "a.ipynb, code cell 1",
		"žofie":                     "žofie",
		"":                          "",
	} {
		if got := sentence(errors.New(text)); got != want {
			t.Errorf("sentence(%q) is %q, want %q", text, got, want)
		}
	}
}
