//go:build !windows

// Command kernel-setup makes the tutorial's environment and starts what runs in it. Run it in the checkout:
//
//	go run ./kernel-setup lab
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// A command is one of the words that kernel-setup takes.
type command struct {
	name    string
	args    string // what follows the name, for the usage line
	summary string // one line
	help    string // the rest of what -h prints
	run     func(ctx context.Context, c command, streams streams, args []string) error
}

// streams are where a command writes: results to out, progress and faults to err.
type streams struct {
	out, err io.Writer
}

// errUsage is returned for wrong usage that has been reported already.
var errUsage = errors.New("wrong usage")

// commands are in the order in which they are listed.
var commands = []command{installCommand, labCommand, runCommand, htmlCommand, checkCommand, uninstallCommand}

func main() {
	// SIGHUP is a closed terminal. What was ignored at the start, as nohup does it, stays ignored.
	ends := slices.DeleteFunc([]os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}, signal.Ignored)
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the program at once
	os.Exit(dispatch(ctx, streams{os.Stdout, os.Stderr}, os.Args[1:]))
}

// dispatch runs the command that args name, and returns the exit status: 1 for failure, 2 for wrong usage.
func dispatch(ctx context.Context, s streams, args []string) int {
	name := "install"
	if len(args) > 0 {
		switch {
		case args[0] == "-h" || args[0] == "-help" || args[0] == "--help" || args[0] == "help":
			usage(s.out)
			return 0
		case !strings.HasPrefix(args[0], "-"):
			name, args = args[0], args[1:]
		}
	}
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == name })
	if i < 0 {
		fmt.Fprintf(s.err, "There is no command %q.\n\n", name)
		usage(s.err)
		return 2
	}
	err := commands[i].run(ctx, commands[i], s, args)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	case errors.Is(err, context.Canceled):
		err = errors.New("interrupted")
	}
	fmt.Fprintln(s.err, sentence(err))
	return 1
}

// sentence is the error as a person reads it: with a capital, unless it starts with the name of a file.
func sentence(err error) string {
	text := err.Error()
	first, _, _ := strings.Cut(text, " ")
	if first == "" || strings.Trim(first, "abcdefghijklmnopqrstuvwxyz-,;:") != "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Sets up and runs the tutorial.\n\nUsage: go run ./kernel-setup [command]\n\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\nWithout a command it installs. For more: go run ./kernel-setup COMMAND -h\n")
}

// flags returns a flag set for c.
func (c command) flags() *flag.FlagSet {
	set := flag.NewFlagSet(c.name, flag.ContinueOnError)
	set.SetOutput(io.Discard) // parse prints, for -h to standard output
	return set
}

// parse parses args and returns what is left of them.
func (c command) parse(s streams, set *flag.FlagSet, args []string) ([]string, error) {
	var operands []string
	for { // flags may also follow operands, as in run NOTEBOOK -o DIR
		err := set.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			c.usage(s.out, set)
			return nil, err
		}
		if err != nil {
			return nil, c.wrong(s, set, sentence(err))
		}
		if set.NArg() == 0 {
			return operands, nil
		}
		operands = append(operands, set.Arg(0))
		args = set.Args()[1:]
	}
}

// parseAll is parse for a command that takes nothing but flags.
func (c command) parseAll(s streams, set *flag.FlagSet, args []string) error {
	rest, err := c.parse(s, set, args)
	if err == nil && len(rest) > 0 {
		return c.wrong(s, set, fmt.Sprintf("%s takes no %q.", sentence(errors.New(c.name)), rest[0]))
	}
	return err
}

// wrong reports wrong usage.
func (c command) wrong(s streams, set *flag.FlagSet, what string) error {
	fmt.Fprintf(s.err, "%s\n\n", what)
	c.usage(s.err, set)
	return errUsage
}

func (c command) usage(w io.Writer, set *flag.FlagSet) {
	fmt.Fprintf(w, "Usage: go run ./kernel-setup %s\n\n%s\n", strings.TrimSpace(c.name+" "+c.args), strings.TrimSpace(c.help))
	var options strings.Builder
	set.SetOutput(&options)
	set.PrintDefaults()
	set.SetOutput(io.Discard)
	if options.Len() > 0 {
		fmt.Fprintf(w, "\nOptions:\n%s", options.String())
	}
}
