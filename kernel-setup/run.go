//go:build !windows

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/execute"
)

var runCommand = command{
	name:    "run",
	args:    "NOTEBOOK... [-o DIR] [-timeout 5m] [-jobs N]",
	summary: "execute notebooks without a browser",
	help: `
Executes each notebook in a kernel of its own, and fails if a cell fails that should not, if a cell tagged
raises-exception succeeds, if a shell command in a cell fails, or if a cell takes too long or puts out more than 10 MB.
Notebooks are only read; executed copies go to the folder of -o, under the same names.`,
	run: runRun,
}

func runRun(ctx context.Context, c command, s streams, args []string) error {
	set := c.flags()
	out := set.String("o", "", "write executed copies to this `folder`")
	how := executionFlags(set)
	names, err := c.parse(s, set, args)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return c.wrong(s, set, "Run needs the name of a notebook.")
	}
	if fault := how.fault(); fault != "" {
		return c.wrong(s, set, fault)
	}
	if info, err := os.Stat(*out); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file, and -o needs a folder; choose another name", *out)
	}
	copies, err := copyNames(names, *out)
	if err != nil {
		return err
	}
	if err := refuseUnfit(names); err != nil {
		return err
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
	return how.all(ctx, s, names, func(i int, progress func(int, int)) (string, error) {
		order := execute.In(checkout, names[i])
		order.Copy, order.Timeout = copies[i], how.timeout
		return "", execute.Run(ctx, order, progress)
	})
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
