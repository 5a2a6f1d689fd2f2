// Command class runs a class on this machine, as README.md beside it describes one, and tells what it took: learners log
// in at the same moment, each to a server and a kernel of their own, and run chapters; then kernels, servers and the hub
// are killed while they work.
//
//	go run ./docker/jupyterhub/class -learners 20
//	go run ./docker/jupyterhub/class size
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/site"
)

const usageText = `Runs a class on this machine and measures it, or works out what a class needs.

Usage: go run ./docker/jupyterhub/class [-learners N] [-o FILE] [NOTEBOOK...]
       go run ./docker/jupyterhub/class size

The first runs the class; the notebooks are paths in notebooks/, and all there are if none is named. It ends with status
1 if a cell fails that should not, if anything that was saved is lost, or if a learner cannot go on.

The second writes values-30.yaml, values-300.yaml and values-3000.yaml and the numbers in README.md, all worked out from
measured.json, and prints the arithmetic.

Options:
`

var errUsage = errors.New("wrong usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	err := run(ctx, os.Stdout, os.Stderr, os.Args[1:])
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out, log io.Writer, args []string) error {
	set := flag.NewFlagSet("class", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	learners := set.Int("learners", 20, "how many learners there are")
	file := set.String("o", "", "write what was measured to this `file`, as measured.json has it")
	printUsage := func(w io.Writer) {
		fmt.Fprint(w, usageText)
		set.SetOutput(w)
		set.PrintDefaults()
	}
	err := set.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		printUsage(out)
		return err
	case err == nil && *learners < 2:
		err = fmt.Errorf("a class has at least two learners, and -learners says %d", *learners)
	}
	if err != nil {
		fmt.Fprintf(log, "%s\n\n", err)
		printUsage(log)
		return errUsage
	}
	checkout, err := environment.Find(".")
	if err != nil {
		return err
	}
	here := filepath.Join(checkout.Dir(), "docker", "jupyterhub")
	if set.NArg() == 1 && set.Arg(0) == "size" {
		return size(here, out)
	}
	if err := checkout.Install(ctx, log); err != nil {
		return err
	}
	notebooks := set.Args()
	if len(notebooks) == 0 {
		dir := filepath.Join(checkout.Dir(), "notebooks")
		all, err := site.Notebooks(dir)
		if err != nil {
			return err
		}
		for _, name := range all {
			notebooks = append(notebooks, strings.TrimPrefix(filepath.ToSlash(name), filepath.ToSlash(dir)+"/"))
		}
	}
	report, err := hold(ctx, checkout, *learners, notebooks, log)
	if err != nil {
		return err
	}
	fmt.Fprint(out, report)
	if *file != "" {
		return report.write(*file)
	}
	return nil
}
