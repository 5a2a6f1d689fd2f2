// Package notebooks_test lints every notebook, runs it in the real kernel, and holds its outputs against what the text
// around them claims. The claims are in a file for each chapter, such as threading_02_test.go.
package notebooks_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"tutorial/kernel-setup/execute"
	"tutorial/kernel-setup/front/explain"
	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/notebook"
	"tutorial/kernel-setup/notebook/lint"
	"tutorial/kernel-setup/processes"
)

// kernels limits how many kernels run at a time: each builds programs, and with more of them on a machine of two cores
// the timings that cells show would be those of the queue.
var kernels = make(chan struct{}, 3)

// names returns the notebooks of the tutorial in reading order, relative to this folder.
func names(t *testing.T) []string {
	t.Helper()
	found, err := notebook.List(".")
	if err != nil || len(found) == 0 {
		t.Fatalf("there are no notebooks here: %v", err)
	}
	return found
}

func TestEveryNotebookIsClean(t *testing.T) {
	t.Parallel()
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			problems, err := lint.Check(os.DirFS(".."), "notebooks/"+name)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range problems {
				t.Error(p)
			}
		})
	}
}

// The kernel says below a cell what in it runs otherwise than it looks. Where the tutorial means it so, the text beside it says that.
func TestNoCellGetsANoteOfTheKernel(t *testing.T) {
	t.Parallel()
	for _, name := range names(t) {
		nb, err := notebook.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		sources := explain.Sources{}
		for i, c := range nb.Cells {
			if c.Type != "code" {
				continue
			}
			sources[i] = string(c.Source)
			if note := sources.Surprises(i); note != "" {
				t.Errorf("%s, cell %s: %s", name, c.ID, note)
			}
		}
	}
}

func TestEveryNotebookDoesWhatItClaims(t *testing.T) {
	t.Parallel()
	openWhatCellsDependOn(t)
	all := names(t)
	for _, fault := range unmatched(all, registered) {
		t.Error(fault)
	}
	for _, name := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			executed := run(t, name)
			for _, c := range registered[name] {
				t.Run(c.cell, func(t *testing.T) {
					if err := c.holds(executed); err != nil {
						t.Error(err)
					}
				})
			}
		})
	}
}

// executions holds a func for each notebook that runs it the first time it is called, and returns the executed copy.
var executions sync.Map

// run executes the notebook and returns it with its outputs. However many tests ask, it is executed once.
func run(t *testing.T, name string) *notebook.Notebook {
	t.Helper()
	content, err := execution(t, name)()
	if err != nil {
		t.Fatal(err)
	}
	executed, err := notebook.Parse(name, content)
	if err != nil {
		t.Fatal(err)
	}
	return executed
}

// execution returns the func that returns the executed copy of the notebook, as it is in a file.
func execution(t *testing.T, name string) func() ([]byte, error) {
	checkout := labtest.Installed(t)
	once, _ := executions.LoadOrStore(name, sync.OnceValues(func() ([]byte, error) {
		kernels <- struct{}{}
		defer func() { <-kernels }()
		order := execute.In(checkout, name)
		order.Copy = filepath.Join(t.TempDir(), "executed.ipynb")
		if err := executeAndTidy(t.Context(), order); err != nil {
			return nil, err
		}
		return os.ReadFile(order.Copy)
	}))
	return once.(func() ([]byte, error))
}

// executeAndTidy fails also if the cells leave files or processes behind, and with those goroutines or listeners.
func executeAndTidy(ctx context.Context, order execute.Order) error {
	mark := "NOTEBOOK_RUN=" + rand.Text()
	order.Env = append(slices.Clone(order.Env), mark)
	var left []string
	order.Left = func(names []string) { left = names }
	if err := execute.Run(ctx, order, nil); err != nil {
		return err
	}
	running, err := processes.Left(mark, 2*time.Second) // a kernel's guard may end after the kernel
	if err != nil && !errors.Is(err, processes.ErrNoProc) {
		return err
	}
	if len(left) > 0 || len(running) > 0 {
		return fmt.Errorf("%s leaves the files %q and the processes %q; let its cells remove what they make, and end what they start",
			order.Notebook, left, running)
	}
	return nil
}

func TestWhatNotebooksLeaveBehindIsFound(t *testing.T) {
	t.Parallel()
	if _, err := processes.Marked("A=b"); err != nil {
		t.Skip(err)
	}
	err := executeAndTidy(t.Context(), execute.In(labtest.Installed(t), "testdata/litter.ipynb"))
	if err == nil {
		t.Fatal("no error")
	}
	found := regexp.MustCompile(`leaves the files \["half.png" "images"\] and the processes \["(\d+) sleep 60"\]`).FindStringSubmatch(err.Error())
	if found == nil {
		t.Fatalf("two files and a process are left behind, and the error says: %v", err)
	}
	pid, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
}

// openWhatCellsDependOn opens the files that cells are built from. The go command repeats a pass from its cache unless
// a file changed that the test itself opened, and it does not see what the kernel opens. The notebooks and the stamps of
// the environment are opened by the test anyway, and the programs in kernel-setup are compiled into it.
func openWhatCellsDependOn(t *testing.T) {
	t.Helper()
	for _, name := range []string{"go.mod", "go.sum", "kernel-setup/requirements.txt"} {
		if _, err := os.ReadFile(filepath.Join("..", name)); err != nil {
			t.Fatal(err)
		}
	}
	err := fs.WalkDir(os.DirFS(".."), "helpers", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			_, err = os.ReadFile(filepath.Join("..", name))
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
}
