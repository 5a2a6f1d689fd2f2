package execute

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestFollowReadsUpToTheEnd(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	tests := []struct {
		name, lines string
		cells       []int
		outcome     string // the error in the outcome
		err         string // the error of follow
	}{
		{"a good run", `{"event":"cell","cell":1}` + "\n" + `{"event":"cell","cell":2}` + "\n" + `{"event":"done"}` + "\n", []int{1, 2}, "", ""},
		{"a failure", `{"event":"cell","cell":1}` + "\n" + `{"event":"done","cell":1,"error":"no"}` + "\n", []int{1}, "no", ""},
		{"a long failure", `{"event":"done","cell":1,"error":"` + long + `"}`, nil, long, ""},
		{"an event of a later version", `{"event":"new"}` + "\n" + `{"event":"done"}`, nil, "", ""},
		{"something else", "Traceback (most recent call last):\n", nil, "", `the script printed "Traceback (most recent call last):"`},
		{"half a line", `{"event":"cell","cell":1}` + "\n" + `{"event":"do`, []int{1}, "", `the script printed "{\"event\":\"do"`},
		{"no end", `{"event":"cell","cell":1}` + "\n", []int{1}, "", "it ended without a word"},
		{"nothing", "", nil, "", "it ended without a word"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var cells []int
			outcome, err := follow(bufio.NewScanner(strings.NewReader(test.lines)), func(n int) { cells = append(cells, n) })
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.err || outcome.Error != test.outcome || !slices.Equal(cells, test.cells) {
				t.Errorf("cells %v, outcome %.40q, error %q", cells, outcome.Error, got)
			}
		})
	}
}

func TestFollowReportsAReadError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, err := follow(bufio.NewScanner(io.MultiReader(strings.NewReader(`{"event":"cell","cell":1}`+"\n"), iotest.ErrReader(broken))), nil)
	if !errors.Is(err, broken) {
		t.Errorf("the error is %v, want %v", err, broken)
	}
}

func TestRunRefusesATimeoutOfNothing(t *testing.T) {
	t.Parallel()
	if err := Run(t.Context(), Order{}, nil); err == nil || !strings.Contains(err.Error(), "it must be more than nothing") {
		t.Errorf("the error is %v", err)
	}
}

// program writes a shell script that stands for Python, and returns its path.
func program(t *testing.T, script string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestRunReadsOnWhenItNoLongerUnderstands(t *testing.T) {
	t.Parallel()
	// More than a pipe holds comes after what is no event, and then it waits for its input to close.
	order := Order{Timeout: time.Second, Python: program(t, "echo garbage; head -c 1000000 /dev/zero; cat\n")}
	if err := Run(t.Context(), order, nil); err == nil || !strings.Contains(err.Error(), `the script printed "garbage"`) {
		t.Errorf("the error is %v", err)
	}
}

func TestRunStartsNothingOnceItIsCancelled(t *testing.T) {
	t.Parallel()
	reason := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	if err := Run(ctx, Order{Timeout: time.Second, Python: "/no/such/program"}, nil); err != reason {
		t.Errorf("the error is %v, want %v", err, reason)
	}
}

func TestFailureShowsNotebookCellSourceAndReason(t *testing.T) {
	t.Parallel()
	got := (&Failure{"a.ipynb", 3, "%%\npanic(1)\n", "panic: 1\nexit status 2"}).Error()
	want := "a.ipynb, code cell 3:\n    | %%\n    | panic(1)\n    panic: 1\n    exit status 2"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := (&Failure{Notebook: "a.ipynb", Reason: "no kernel"}).Error(), "a.ipynb: no kernel"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
