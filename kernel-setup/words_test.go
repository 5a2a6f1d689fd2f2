//go:build !windows

package main

import (
	"errors"
	"testing"
)

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
