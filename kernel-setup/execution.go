//go:build !windows

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"runtime"
	"sync"
	"time"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/notebook"
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
	set.IntVar(&e.jobs, "jobs", min(runtime.NumCPU(), 4), "how many notebooks to run at a time")
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

// all calls run for each of the names, e.jobs at a time, and prints a line as each ends. run gets the number of the name,
// and what to call with the number of each code cell that starts; the text that it returns stands in the line for what the
// cells took. The error holds all that failed.
func (e *execution) all(ctx context.Context, s streams, names []string, run func(i int, progress func(cell, of int)) (string, error)) error {
	var (
		mu       sync.Mutex // guards s.out and failures
		failures []error
		wg       sync.WaitGroup
	)
	slots := make(chan struct{}, e.jobs)
	for i, name := range names {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			start := time.Now()
			cells := 0
			outcome, err := run(i, func(int, int) { cells++ })
			mu.Lock()
			defer mu.Unlock()
			seconds := time.Since(start).Seconds()
			if err == nil {
				if outcome == "" {
					outcome = fmt.Sprintf("%d cells, %.1f s", cells, seconds)
				}
				fmt.Fprintf(s.out, "ok    %s  %s\n", name, outcome)
				return
			}
			failures = append(failures, err)
			if ctx.Err() == nil {
				fmt.Fprintf(s.out, "FAIL  %s  at code cell %d, %.1f s\n", name, cells, seconds)
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return errors.Join(failures...)
}
