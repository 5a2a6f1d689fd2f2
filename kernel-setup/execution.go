//go:build !windows

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/notebook"
	"tutorial/kernel-setup/progress"
)

// An execution is how the commands run and html execute notebooks.
type execution struct {
	timeout time.Duration // for each cell
	jobs    int           // how many notebooks at a time
}

// executionFlags adds the flags of an execution.
func executionFlags(set *flag.FlagSet) *execution {
	e := new(execution)
	set.DurationVar(&e.timeout, "timeout", 5*time.Minute, "give up on a cell after this long")
	set.IntVar(&e.jobs, "jobs", min(runtime.NumCPU(), 4), "how many notebooks to run at a time; 1 gives the best measurements")
	return e
}

// fault returns what is wrong with the flags, or nothing.
func (e *execution) fault() string {
	switch {
	case e.timeout <= 0:
		return fmt.Sprintf("A timeout of %v is too short.", e.timeout)
	case e.jobs < 1:
		return fmt.Sprintf("It takes at least one job, and -jobs says %d.", e.jobs)
	}
	return ""
}

// refuseUnfit fails if one of the names is not of a notebook for the tutorial's kernel.
func refuseUnfit(names []string) error {
	for _, name := range names {
		nb, err := notebook.Read(name)
		if err != nil {
			return err
		}
		if err := nb.ForKernel(name, environment.KernelName); err != nil {
			return err
		}
	}
	return nil
}

// all calls run for each of the names, e.jobs at a time, prints a line as each ends, and shows in a terminal what is under way.
// run gets the number of the name, and what to call as each code cell starts; the text that it returns stands in the line for
// what the cells took. The error holds all that failed.
func (e *execution) all(ctx context.Context, s streams, names []string, run func(i int, progress func(cell, of int)) (string, error)) error {
	display := progress.New(s.err)
	defer display.Close()
	done := func(n int) string { return fmt.Sprintf("%d of %d notebooks are done", n, len(names)) }
	whole := display.Begin(done(0))
	var (
		mu       sync.Mutex // guards failures and ended
		failures []error
		ended    int
		wg       sync.WaitGroup
	)
	slots := make(chan struct{}, e.jobs)
	for i, name := range names {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			task := display.Begin(name)
			cells := 0
			outcome, err := run(i, func(cell, of int) {
				cells = cell
				task.Set(fmt.Sprintf("%s, cell %d of %d", filepath.Base(name), cell, of))
			})
			seconds := task.End().Seconds()
			mu.Lock()
			defer mu.Unlock()
			if ended++; err == nil {
				if outcome == "" {
					outcome = fmt.Sprintf("%d cells, %.1f s", cells, seconds)
				}
				display.Printf(s.out, "ok    %s  %s\n", name, outcome)
			} else if failures = append(failures, err); ctx.Err() == nil {
				display.Printf(s.out, "FAIL  %s  at code cell %d, %.1f s\n", name, cells, seconds)
			}
			whole.Set(done(ended))
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.Join(failures...)
}
