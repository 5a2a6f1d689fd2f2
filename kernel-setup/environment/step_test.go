package environment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"tutorial/kernel-setup/progress"
)

// bare returns an installer for a checkout in an empty folder, for the steps of a test.
func bare(t *testing.T) installer {
	t.Helper()
	return installer{&Checkout{dir: t.TempDir()}}
}

// counted is a step that writes a file of .venv, and how often it has run.
func counted(in installer, made string) (step, *int) {
	runs := new(int)
	return step{name: "a part", made: made, parts: []string{"part"}, run: func(context.Context) ([]string, error) {
		*runs++
		file, folder := filepath.Join(in.Venv(), "part", "file"), filepath.Join(in.Venv(), "part", "folder")
		return []string{file, folder}, errors.Join(WriteFile(file, []byte("content")), os.MkdirAll(folder, 0o755))
	}}, runs
}

func mustDo(t *testing.T, in installer, s step) {
	t.Helper()
	if err := in.do(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func TestStepIsFreshUntilSomethingOfItChanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(t *testing.T, in installer, s *step)
		fresh  bool
	}{
		{"nothing", func(*testing.T, installer, *step) {}, true},
		{"a file that it did not name", func(t *testing.T, in installer, _ *step) {
			write(t, filepath.Join(in.Venv(), "part", "another"), "")
		}, true},
		{"its input", func(_ *testing.T, _ installer, s *step) { s.made = "other input" }, false},
		{"its file is gone", func(t *testing.T, in installer, _ *step) { remove(t, filepath.Join(in.Venv(), "part", "file")) }, false},
		{"its file is cut short", func(t *testing.T, in installer, _ *step) {
			write(t, filepath.Join(in.Venv(), "part", "file"), "cont")
		}, false},
		{"its folder has got files", func(t *testing.T, in installer, _ *step) {
			for i := range 1000 {
				write(t, filepath.Join(in.Venv(), "part", "folder", fmt.Sprint("kept-", i)), "")
			}
		}, true},
		{"its folder is gone", func(t *testing.T, in installer, _ *step) { remove(t, filepath.Join(in.Venv(), "part", "folder")) }, false},
		{"its stamp is gone", func(t *testing.T, in installer, s *step) { remove(t, in.stampFile(*s)) }, false},
		{"its stamp is empty", func(t *testing.T, in installer, s *step) { write(t, in.stampFile(*s), "") }, false},
		{"its stamp is garbage", func(t *testing.T, in installer, s *step) {
			write(t, in.stampFile(*s), digest(s.made)+"\n\x00\n")
		}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := bare(t)
			s, _ := counted(in, "input")
			if in.fresh(s) {
				t.Error("fresh before it has ever run")
			}
			mustDo(t, in, s)
			test.change(t, in, &s)
			if got := in.fresh(s); got != test.fresh {
				t.Errorf("fresh is %v, want %v", got, test.fresh)
			}
		})
	}
}

func TestFailedStepLeavesNothing(t *testing.T) {
	t.Parallel()
	in := bare(t)
	s, _ := counted(in, "input")
	mustDo(t, in, s)
	failure := errors.New("on purpose")
	makes := s.run
	s.run = func(ctx context.Context) ([]string, error) {
		files, _ := makes(ctx)
		return files, failure
	}
	if err := in.do(t.Context(), s); !errors.Is(err, failure) {
		t.Errorf("the error is %v, want %v", err, failure)
	}
	if _, err := os.Stat(filepath.Join(in.Venv(), "part")); !os.IsNotExist(err) {
		t.Errorf("its part is still there: %v", err)
	}
	if in.fresh(s) {
		t.Error("fresh after it failed")
	}
}

func TestKilledStepIsNotFresh(t *testing.T) {
	t.Parallel()
	in := bare(t)
	s, _ := counted(in, "input")
	mustDo(t, in, s)
	again := s
	again.run = func(context.Context) ([]string, error) {
		// What a kill at this moment leaves is what is on the disk now.
		if in.fresh(s) {
			t.Error("fresh while it runs again")
		}
		return s.run(t.Context())
	}
	mustDo(t, in, again)
}

func TestChainTakesOnlyStepsThatAreNotFreshAndStopsAtAFailure(t *testing.T) {
	t.Parallel()
	in := bare(t)
	first, firstRuns := counted(in, "input")
	mustDo(t, in, first)
	failing := step{name: "failing", run: func(context.Context) ([]string, error) { return nil, errors.New("on purpose") }}
	last, lastRuns := counted(in, "input")
	last.name = "last"
	err := in.doChain(t.Context(), []step{first, failing, last}, progress.New(io.Discard), io.Discard)
	if err == nil || err.Error() != "failing: on purpose" {
		t.Errorf("the error is %v, want failing: on purpose", err)
	}
	if *firstRuns != 1 || *lastRuns != 0 {
		t.Errorf("ran the fresh step %d times more and the last %d times, want none of both", *firstRuns-1, *lastRuns)
	}
}

func TestWriteFileReplacesWholeAndLeavesNoOther(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	name := filepath.Join(dir, "file")
	for _, content := range []string{"first, and longer", "second"} {
		if err := WriteFile(name, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, name); got != content {
			t.Errorf("the file holds %q, want %q", got, content)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v (%v), want one file", entries, err)
	}
}

func TestRemoveIfBareKeepsWhatStands(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file string
		stays      bool
	}{
		{"the lock alone", "kernel-setup/lock", false},
		{"a stamp", "kernel-setup/Go-tools.stamp", true},
		{"downloads", "uv-cache/wheel", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := bare(t)
			write(t, filepath.Join(in.stateDir(), "lock"), "")
			write(t, filepath.Join(in.Venv(), test.file), "")
			in.removeIfBare()
			if _, err := os.Stat(in.Venv()); (err == nil) != test.stays {
				t.Errorf(".venv: %v, and it should stay: %v", err, test.stays)
			}
		})
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}
