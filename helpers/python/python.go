// Package python runs the Python programs of a cell: it finds their Python, ends them with all that they have started, and
// says in one way what went wrong.
package python

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// ErrMissing is wrapped by the errors of this package if there is no Python.
var ErrMissing = errors.New("there is no python3 on PATH: install Python")

// Prelude has what Python programs of helpers share, to stand before them; see prelude.py.
//
//go:embed prelude.py
var Prelude string

//go:embed program.py
var program string

// stopping is how long to wait for a process's last words after it has ended: a grandchild may hold on to its output.
const stopping = time.Second

// An Error is the failure of a program in Python.
type Error struct {
	What      string // what failed, such as "the Python program"
	Summary   string // the exception in one line, such as "ValueError: too small"
	Traceback string // as Python writes it; line numbers count from the source's first line that is not blank
	Output    string // the end of what it printed, where that was not shown
	Err       error  // why it was stopped; nil if it failed by itself
}

// Error returns the summary and, on lines of their own, the traceback and the output.
func (e *Error) Error() string {
	verb := "failed"
	if e.Err != nil {
		verb = "was stopped"
	}
	s := fmt.Sprintf("%s %s: %s", e.What, verb, e.Summary)
	if traceback := strings.TrimSpace(e.Traceback); traceback != e.Summary && traceback != "" {
		s += "\n\n" + strings.TrimRight(e.Traceback, "\n")
	}
	if e.Output != "" {
		s += "\n\nWhat it printed last:\n" + strings.TrimRight(e.Output, "\n")
	}
	return s
}

// Unwrap returns why the program was stopped.
func (e *Error) Unwrap() error { return e.Err }

// Command returns a command that runs python3 from PATH, which in a notebook is the environment's own, as the leader of a
// process group of its own. [Kill] ends the group.
func Command(arguments ...string) (*exec.Cmd, error) {
	path, err := exec.LookPath("python3")
	if err != nil {
		return nil, ErrMissing
	}
	cmd := exec.Command(path, arguments...)
	cmd.WaitDelay = stopping
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd, nil
}

// Kill ends a started command and all that it has started. It is no error if they have ended already.
func Kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// Run runs a whole program with the variables in its environment ("NAME=value"), and returns when it has ended or ctx has
// ended it. What it prints, and its traceback, appear at once on this program's standard output and error. The source may be
// indented as a whole; line 1 is the first that is not blank.
func Run(ctx context.Context, source string, env ...string) error {
	const what = "the Python program"
	if strings.TrimSpace(source) == "" {
		return fmt.Errorf("%s is empty: give it something to run", what)
	}
	cmd, err := Command("-u", "-c", Prelude+program) // Unbuffered, so that a line is seen when it is printed.
	if err != nil {
		return fmt.Errorf("%s cannot run: %w", what, err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(source), os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), env...)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s could not be started: %w", what, err)
	}
	stop := context.AfterFunc(ctx, func() { Kill(cmd) })
	err = cmd.Wait()
	stop()
	Kill(cmd) // Also what it has left.
	switch {
	case err != nil && ctx.Err() != nil:
		return &Error{What: what, Summary: context.Cause(ctx).Error(), Err: context.Cause(ctx)}
	case cmd.ProcessState.Success():
		return nil
	}
	return &Error{What: what, Summary: cmd.ProcessState.String()}
}
