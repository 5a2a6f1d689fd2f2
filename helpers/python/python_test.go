package python_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"tutorial/helpers/python"
)

// run runs a program and returns what it wrote.
func run(t *testing.T, ctx context.Context, source string, env ...string) (stdout, stderr string, err error) {
	t.Helper()
	var written [2]bytes.Buffer
	done := make(chan error, 2)
	old := [2]*os.File{os.Stdout, os.Stderr}
	for i, file := range []**os.File{&os.Stdout, &os.Stderr} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		*file = w
		go func() {
			_, err := io.Copy(&written[i], r)
			done <- err
		}()
	}
	err = python.Run(ctx, source, env...)
	os.Stdout.Close()
	os.Stderr.Close()
	os.Stdout, os.Stderr = old[0], old[1]
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	return written[0].String(), written[1].String(), err
}

func TestAProgramMayBeIndented(t *testing.T) {
	for source, want := range map[string]string{
		"print(1)\nprint(2)": "1\n2\n",
		"\n \n\t\tif True:\n\t\t\tprint('a')\n\n\t\tprint('b')\n": "a\nb\n",
		"\n    print('''x\n      y''')\n  ":                       "x\n  y\n",
		"import os\nprint(os.environ['SHELF'], __name__)":         "full __main__\n",
	} {
		if stdout, stderr, err := run(t, t.Context(), source, "SHELF=full"); stdout != want || err != nil {
			t.Errorf("%q prints %q and %q, want %q; %v", source, stdout, stderr, want, err)
		}
	}
}

func TestATracebackShowsTheProgramOnly(t *testing.T) {
	_, stderr, err := run(t, t.Context(), "\n\n    def half(x):\n        return 1 / x\n    half(0)\n")
	want := `Traceback (most recent call last):
  File "program.py", line 3, in <module>
    half(0)
  File "program.py", line 2, in half
    return 1 / x
ZeroDivisionError: division by zero
`
	underlines := regexp.MustCompile(`(?m)^ +[~^]+\n`) // of which newer versions of Python have more
	if got := underlines.ReplaceAllString(stderr, ""); got != want {
		t.Errorf("the traceback is\n%s\nwant, apart from underlines,\n%s", stderr, want)
	}
	if err == nil || err.Error() != "the Python program failed: exit status 1" {
		t.Errorf("the error is %v", err)
	}
}

func TestWhyAProgramDidNotRunIsSaid(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	cancel(enough)
	if _, _, err := run(t, ctx, "import time\ntime.sleep(600)"); !errors.Is(err, enough) || err.Error() != "the Python program was stopped: enough" {
		t.Errorf("a cancelled program gives %v", err)
	}
	if _, _, err := run(t, t.Context(), " \n"); err == nil || !strings.Contains(err.Error(), "is empty") {
		t.Errorf("an empty program gives %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, _, err := run(t, t.Context(), "1"); !errors.Is(err, python.ErrMissing) {
		t.Errorf("without Python the error is %v", err)
	}
}

func TestASessionAnswers(t *testing.T) {
	s := &python.Session{What: "the adder", Program: `
questions, answer = converse()
print("this is no answer")
answer(answer="ready")
for question in questions:
    if question == "?\n":
        raise ValueError("no number")
    if question == "!\n":
        answer(summary="ValueError: loud", traceback="Traceback")
        break
    answer(answer=int(question) + 1)
`}
	var ready string
	if err := s.Start(t.Context(), &ready); err != nil || ready != "ready" {
		t.Fatalf("at first it says %q, %v", ready, err)
	}
	defer s.Close()
	var n int
	if err := s.Ask(t.Context(), "41", &n); err != nil || n != 42 {
		t.Errorf("41 gives %d, %v", n, err)
	}
	err := s.Ask(t.Context(), "?", &n)
	if failure, ok := errors.AsType[*python.Error](err); !ok || !strings.Contains(failure.Output, "this is no answer") ||
		!strings.Contains(failure.Output, "ValueError: no number") || failure.Summary != "the process ended before it had answered (exit status 1)" {
		t.Errorf("a failure gives %v", err)
	}
	if err := s.Ask(t.Context(), "1", &n); err == nil {
		t.Error("what has ended answers")
	}

	chatty := &python.Session{What: "the adder", Program: "converse()\nfor i in range(9999): print(f'line {i:04}')"}
	failure, ok := errors.AsType[*python.Error](chatty.Start(t.Context(), &ready))
	if !ok || len(failure.Output) != len("...\n")+4090 || !strings.HasPrefix(failure.Output, "...\nline 9590\n") || !strings.HasSuffix(failure.Output, "line 9998\n") {
		t.Errorf("of much that is printed %v is kept", failure)
	}

	loud := &python.Session{What: "the adder", Program: s.Program}
	if err := loud.Start(t.Context(), &ready); err != nil {
		t.Fatal(err)
	}
	defer loud.Close()
	if err := loud.Ask(t.Context(), "!", &n); err == nil || err.Error() != "the adder failed: ValueError: loud\n\nTraceback\n\nWhat it printed last:\nthis is no answer" {
		t.Errorf("a failure that was answered gives %q", err)
	}
}
