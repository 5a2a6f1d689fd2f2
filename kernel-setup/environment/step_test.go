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

// bare returns a checkout in an empty folder, for the steps of a test.
func bare(t *testing.T) *Checkout {
	t.Helper()
	return &Checkout{dir: t.TempDir()}
}

// counted is a step that writes a file of .venv, and how often it has run.
func counted(c *Checkout, made string) (step, *int) {
	runs := new(int)
	return step{name: "a part", made: made, parts: []string{"part"}, run: func(context.Context) ([]string, error) {
		*runs++
		file, folder := filepath.Join(c.Venv(), "part", "file"), filepath.Join(c.Venv(), "part", "folder")
		return []string{file, folder}, errors.Join(WriteFile(file, []byte("content")), os.MkdirAll(folder, 0o755))
	}}, runs
}

func mustDo(t *testing.T, c *Checkout, s step) {
	t.Helper()
	if err := c.do(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func TestStepIsFreshUntilSomethingOfItChanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(t *testing.T, c *Checkout, s *step)
		fresh  bool
	}{
		{"nothing", func(*testing.T, *Checkout, *step) {}, true},
		{"a file that it did not name", func(t *testing.T, c *Checkout, _ *step) {
			write(t, filepath.Join(c.Venv(), "part", "another"), "")
		}, true},
		{"its input", func(_ *testing.T, _ *Checkout, s *step) { s.made = "other input" }, false},
		{"its file is gone", func(t *testing.T, c *Checkout, _ *step) { remove(t, filepath.Join(c.Venv(), "part", "file")) }, false},
		{"its file is cut short", func(t *testing.T, c *Checkout, _ *step) {
			write(t, filepath.Join(c.Venv(), "part", "file"), "cont")
		}, false},
		{"its folder has got files", func(t *testing.T, c *Checkout, _ *step) {
			for i := range 1000 {
				write(t, filepath.Join(c.Venv(), "part", "folder", fmt.Sprint("kept-", i)), "")
			}
		}, true},
		{"its folder is gone", func(t *testing.T, c *Checkout, _ *step) { remove(t, filepath.Join(c.Venv(), "part", "folder")) }, false},
		{"its stamp is gone", func(t *testing.T, c *Checkout, s *step) { remove(t, c.stampFile(*s)) }, false},
		{"its stamp is empty", func(t *testing.T, c *Checkout, s *step) { write(t, c.stampFile(*s), "") }, false},
		{"its stamp is garbage", func(t *testing.T, c *Checkout, s *step) {
			write(t, c.stampFile(*s), digest(s.made)+"\n\x00\n")
		}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := bare(t)
			s, _ := counted(c, "input")
			if c.fresh(s) {
				t.Error("fresh before it has ever run")
			}
			mustDo(t, c, s)
			test.change(t, c, &s)
			if got := c.fresh(s); got != test.fresh {
				t.Errorf("fresh is %v, want %v", got, test.fresh)
			}
		})
	}
}

func TestFailedStepLeavesNothing(t *testing.T) {
	t.Parallel()
	c := bare(t)
	s, _ := counted(c, "input")
	mustDo(t, c, s)
	failure := errors.New("on purpose")
	makes := s.run
	s.run = func(ctx context.Context) ([]string, error) {
		files, _ := makes(ctx)
		return files, failure
	}
	if err := c.do(t.Context(), s); !errors.Is(err, failure) {
		t.Errorf("the error is %v, want %v", err, failure)
	}
	if _, err := os.Stat(filepath.Join(c.Venv(), "part")); !os.IsNotExist(err) {
		t.Errorf("its part is still there: %v", err)
	}
	if c.fresh(s) {
		t.Error("fresh after it failed")
	}
}

func TestKilledStepIsNotFresh(t *testing.T) {
	t.Parallel()
	c := bare(t)
	s, _ := counted(c, "input")
	mustDo(t, c, s)
	again := s
	again.run = func(context.Context) ([]string, error) {
		// What a kill at this moment leaves is what is on the disk now.
		if c.fresh(s) {
			t.Error("fresh while it runs again")
		}
		return s.run(t.Context())
	}
	mustDo(t, c, again)
}

func TestChainTakesOnlyStepsThatAreNotFreshAndStopsAtAFailure(t *testing.T) {
	t.Parallel()
	c := bare(t)
	first, firstRuns := counted(c, "input")
	mustDo(t, c, first)
	failing := step{name: "failing", run: func(context.Context) ([]string, error) { return nil, errors.New("on purpose") }}
	last, lastRuns := counted(c, "input")
	last.name = "last"
	err := c.doChain(t.Context(), []step{first, failing, last}, progress.New(io.Discard), io.Discard)
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
			c := bare(t)
			write(t, filepath.Join(c.stateDir(), "lock"), "")
			write(t, filepath.Join(c.Venv(), test.file), "")
			c.removeIfBare()
			if _, err := os.Stat(c.Venv()); (err == nil) != test.stays {
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
