//go:build !windows

package main

import (
	"context"
	"fmt"

	"tutorial/kernel-setup/environment"
)

var installCommand = command{
	name:    "install",
	args:    "[-user] [-prefix DIR]",
	summary: "set up the kernel and its Python environment in .venv",
	help: `
Makes .venv in the checkout: JupyterLab and its Python packages, the Go kernel, and a warm build cache. It says nothing
when all is as it should be. It may be interrupted at any time; the next run goes on from there. Outside the checkout
only Go's own caches are written.

PYTHON=/path/to/python3 in the environment chooses the Python to build on.

With -prefix the environment is another folder, which has Go caches of its own with all that cells need: then other users
can run cells without writing to it, to the checkout, or to your caches. Name the folder to the other commands with
KERNEL_SETUP_PREFIX in the environment.`,
	run: runInstall,
}

func runInstall(ctx context.Context, c command, s streams, args []string) error {
	set := c.flags()
	prefix := set.String("prefix", "", "put the environment into this `folder`, for other users too")
	user := set.Bool("user", false, "also register the kernel for your own Jupyter and for VS Code")
	if err := c.parseAll(s, set, args); err != nil {
		return err
	}
	checkout, err := environment.Find(".")
	if err != nil {
		return err
	}
	if *prefix != "" {
		if checkout, err = checkout.WithPrefix(*prefix); err != nil {
			return err
		}
	}
	if err := checkout.Install(ctx, s.err); err != nil {
		return err
	}
	if *user {
		dir, err := checkout.RegisterForUser()
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "Registered the kernel Go (gonb) in %s\n", dir)
	}
	return nil
}

var uninstallCommand = command{
	name:    "uninstall",
	summary: "remove what install made",
	help: `
Removes .venv from the checkout, or the folder that KERNEL_SETUP_PREFIX names, and the kernel that install -user registered,
if it is that environment's. Notebooks, Go's caches and everything else stay.`,
	run: runUninstall,
}

func runUninstall(ctx context.Context, c command, s streams, args []string) error {
	if err := c.parseAll(s, c.flags(), args); err != nil {
		return err
	}
	checkout, err := environment.Find(".")
	if err != nil {
		return err
	}
	removed, err := checkout.Uninstall(ctx, s.err)
	for _, dir := range removed {
		fmt.Fprintf(s.out, "Removed %s\n", dir)
	}
	if err == nil && len(removed) == 0 {
		fmt.Fprintln(s.out, "There was nothing to remove.")
	}
	return err
}
