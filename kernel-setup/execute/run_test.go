package execute

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tutorial/kernel-setup/notebook"
)

// program writes a shell script that stands for Python, and returns its path.
func program(t *testing.T, script string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestRunTellsWhatItCannotRead(t *testing.T) {
	t.Parallel()
	source := filepath.Join(t.TempDir(), "a.ipynb")
	content, err := notebook.New("gonb", notebook.CodeCell("%%"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(source, content, 0o644); err != nil {
		t.Fatal(err)
	}
	const good = `{"outputs":[],"execution_count":1,"commands":[],"cut":null,"waiting":null}`
	const last = `{"cells":[[]],"left":[]}`
	for _, c := range []struct{ what, script, want string }{
		{"a good run", "read x; read x; echo '" + good + "'; echo '" + last + "'", ""},
		// More than a pipe holds comes after it, and then it waits for its input to close.
		{"garbage", "echo garbage; head -c 1000000 /dev/zero; cat", "its answer cannot be read"},
		{"half an answer", "echo '{\"outputs\":'", "its answer cannot be read"},
		{"no answer", "echo oh dear >&2", "it ended without a word\n    oh dear"},
		{"no end", "read x; read x; echo '" + good + "'", "it ended without a word"},
		{"a fault", `echo '{"fault":"no kernel"}'`, "a.ipynb: running it failed: no kernel"},
		{"a bad end", "read x; read x; echo '" + good + "'; echo '" + last + "'; exit 3", "exit status 3"},
		{"a dead kernel", `echo '{"outputs":[],"cut":"died"}'`, "The kernel died while this cell ran."},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			err := Run(t.Context(), Order{Notebook: source, Timeout: time.Second, Python: program(t, c.script+"\n")}, nil)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %q", err, c.want)
			}
		})
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
}

func TestWrappedCommandsKeepTheirLinesAndTheRestStays(t *testing.T) {
	t.Parallel()
	const begin, end = `echo - >>"$TUTORIAL_COMMANDS"; (eval '`, `') </dev/null; s=$?; echo $s >>"$TUTORIAL_COMMANDS"; exit $s`
	const script = `%%script /bin/sh -c "echo - >>\"$TUTORIAL_COMMANDS\"; \"$@\"; s=$?; echo $s >>\"$TUTORIAL_COMMANDS\"; exit $s" sh `
	for _, c := range []struct{ source, want string }{
		{"!ls", "!" + begin + "ls" + end},
		{"! ls", "!" + begin + "ls" + end},
		{"!*go vet .", "!*" + begin + "go vet ." + end},
		{"//gonb:!ls", "!" + begin + "ls" + end},
		{"!echo 'a b'", "!" + begin + `echo '\''a b'\''` + end},
		{"!echo a \\\n  b\n%%\nf()", "!" + begin + "echo a    b" + end + "\n\n%%\nf()"},
		{"a := 1\n!ls\n!ls", "a := 1\n!" + begin + "ls" + end + "\n!" + begin + "ls" + end},
		{"%env A \\\n!ls", "%env A \\\n!ls"},
		{"!\n!*\n  !ls", "!\n!*\n  !ls"},
		{"%%\r\nf()\r\n", "%%\nf()\n"},
		{"%%bash\n!ls", script + "bash\n!ls"},
		{" %%sh\nls", script + "sh\nls"},
		{"%%script python3 -u \"a b\"\n1", script + "python3 -u \"a b\"\n1"},
		{"%%script\n1", "%%script\n1"},
		{"%%bash -x\nls", "%%bash -x\nls"},
		{"%%writefile a\n!ls", "%%writefile a\n!ls"},
	} {
		if got := wrapped(notebook.Cell{Type: "code", Source: notebook.Text(c.source)}); got != c.want {
			t.Errorf("%q is sent as\n%s\nwant\n%s", c.source, got, c.want)
		}
	}
}

func TestCommandsThatFailedAreSeenByWhatTheirFrameNoted(t *testing.T) {
	t.Parallel()
	for marks, want := range map[string]string{
		"": "", "- 0": "", "- 0 - 0": "",
		"- 3": "exit status 3", "- 1 - 0": "exit status 1", "- 0 - 2": "exit status 2",
		"-": "the shell was killed", "- - 0": "the shell was killed",
	} {
		got := ""
		for _, output := range (answer{Commands: strings.Fields(marks)}).failedCommands() {
			got += string(output)
		}
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("the marks %q give %s, want %q", marks, got, want)
		}
	}
}
