package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/execute"
	"tutorial/kernel-setup/notebook"
)

var runCommand = command{
	name:    "run",
	args:    "NOTEBOOK... [-o DIR] [-timeout 5m] [-jobs N]",
	summary: "execute notebooks without a browser",
	help: `
Executes each notebook in a kernel of its own, and fails if a cell fails that should not, if a cell tagged
raises-exception succeeds, if a shell command in a cell fails, or if a cell takes too long. Notebooks are only read;
executed copies go to the folder of -o, under the same names.`,
}

func init() { runCommand.run = runRun }

func runRun(ctx context.Context, s streams, args []string) error {
	set := runCommand.flags(s)
	out := set.String("o", "", "write executed copies to this `folder`")
	timeout := set.Duration("timeout", 5*time.Minute, "give up on a cell after this long")
	jobs := set.Int("jobs", min(runtime.NumCPU(), 4), "how many notebooks to run at a time")
	names, err := runCommand.parse(s, set, args)
	if err != nil {
		return err
	}
	switch {
	case len(names) == 0:
		return runCommand.wrong(s, set, "Run needs the name of a notebook.")
	case *timeout <= 0:
		return runCommand.wrong(s, set, fmt.Sprintf("A timeout of %v is too short.", *timeout))
	case *jobs < 1:
		return runCommand.wrong(s, set, fmt.Sprintf("It takes at least one job, and -jobs says %d.", *jobs))
	}
	if info, err := os.Stat(*out); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file, and -o needs a folder; choose another name", *out)
	}
	copies, err := copyNames(names, *out)
	if err != nil {
		return err
	}
	for _, name := range names {
		nb, err := notebook.Read(name)
		if err != nil {
			return err
		}
		if err := nb.ForKernel(name, environment.KernelName); err != nil {
			return err
		}
	}
	checkout, err := environment.Find(".")
	if err != nil {
		return err
	}
	if err := checkout.Install(ctx, s.err); err != nil {
		return err
	}
	if *out != "" {
		if err := os.MkdirAll(*out, 0o755); err != nil {
			return err
		}
	}
	return runAll(ctx, s, checkout, names, copies, *timeout, *jobs)
}

// copyNames returns the path of the executed copy of each notebook, all empty if there is no dir. No copy may take the
// place of a source, nor of another copy.
func copyNames(names []string, dir string) ([]string, error) {
	copies := make([]string, len(names))
	taken := map[string]string{}
	for i, name := range names {
		if dir == "" {
			continue
		}
		copies[i] = filepath.Join(dir, filepath.Base(name))
		if sameFile(copies[i], name) {
			return nil, fmt.Errorf("the copy of %s would replace it; choose another folder for -o", name)
		}
		if other, ok := taken[copies[i]]; ok {
			return nil, fmt.Errorf("the copies of %s and %s would both be %s; run them one after the other, into two folders", other, name, copies[i])
		}
		taken[copies[i]] = name
	}
	return copies, nil
}

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// runAll runs the notebooks, jobs at a time, with a line for each as it ends, and what failed after all.
func runAll(ctx context.Context, s streams, checkout *environment.Checkout, names, copies []string, timeout time.Duration, jobs int) error {
	var (
		mu       sync.Mutex // guards s.out and failures
		failures []error
		wg       sync.WaitGroup
	)
	slots := make(chan struct{}, jobs)
	for i, name := range names {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			start := time.Now()
			cells := 0
			order := execute.In(checkout, name)
			order.Copy, order.Timeout = copies[i], timeout
			err := execute.Run(ctx, order, func(int) { cells++ })
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				fmt.Fprintf(s.out, "ok    %s  %d cells, %.1f s\n", name, cells, time.Since(start).Seconds())
				return
			}
			failures = append(failures, err)
			if ctx.Err() == nil {
				fmt.Fprintf(s.out, "FAIL  %s  at code cell %d, %.1f s\n", name, cells, time.Since(start).Seconds())
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return errors.Join(failures...)
}
