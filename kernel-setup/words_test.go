//go:build !windows

package main

import (
	"errors"
	"os"
	"os/exec"
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

// The program for Windows is built nowhere else.
func TestTheProgramForWindowsIsGoodGo(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "vet", ".")
	cmd.Env = append(os.Environ(), "GOOS=windows")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
