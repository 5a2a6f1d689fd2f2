// Package execute runs notebooks without a browser.
package execute

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"tutorial/kernel-setup/environment"
)

//go:embed execute.py
var script string

// An Order says which notebook to run, and how.
type Order struct {
	Notebook string        // the file; it is only read
	Copy     string        // where the executed copy goes; empty for none. It is written only if all went as it should.
	Timeout  time.Duration // for each cell; it must be positive
	Python   string        // the Python that has nbclient
	Env      []string      // of Python and the kernel

	// KeepGoing says that no failure ends the run: the copy has it as "failure" in the cell's metadata, and a cell that takes
	// longer than Timeout is interrupted.
	KeepGoing bool

	// Left, if it is not nil, is called after a run without failure with the names of what the cells left behind in the
	// folder for temporary files, which is the run's own and about to be removed.
	Left func(names []string)

	// These replace what the kernelspec says, if they are not empty.
	KernelPath    string // PATH
	KernelGoProxy string // GOPROXY
}

// In returns the order to run a notebook in the environment of a checkout, with five minutes for each cell.
func In(c *environment.Checkout, notebook string) Order {
	return Order{
		Notebook:   notebook,
		Timeout:    5 * time.Minute,
		Python:     c.Python(),
		Env:        c.Environ(),
		KernelPath: c.HeadlessPath(),
	}
}

// A Failure is a cell that did not do what it should: fail although nothing says that it must, succeed although
// it is tagged raises-exception, take too long, or take the kernel with it.
type Failure struct {
	Notebook string
	Cell     int    // number of the code cell, from 1, as JupyterLab's In [1]; 0 if it was none of the cells
	Source   string // of the cell
	Reason   string
}

func (f *Failure) Error() string {
	if f.Cell == 0 {
		return fmt.Sprintf("%s: %s", f.Notebook, f.Reason)
	}
	return fmt.Sprintf("%s, code cell %d:\n%s\n%s", f.Notebook, f.Cell, indent(f.Source, "    | "), indent(f.Reason, "    "))
}

func indent(s, by string) string {
	return by + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n"+by)
}

// Run runs the notebook to its end or to the first cell that is a Failure, which it then returns as the error.
// It calls cell with the number of each code cell that starts. The kernel is gone when it returns.
// It may be called concurrently, if cell may.
func Run(ctx context.Context, order Order, cell func(number int)) error {
	if order.Timeout <= 0 {
		return fmt.Errorf("the timeout of a cell is %v; it must be more than nothing", order.Timeout)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	argument, err := json.Marshal(map[string]any{
		"notebook":   order.Notebook,
		"copy":       order.Copy,
		"timeout":    order.Timeout.Seconds(),
		"keep_going": order.KeepGoing,
		"path":       order.KernelPath,
		"proxy":      order.KernelGoProxy,
	})
	if err != nil {
		return err
	}
	cmd := exec.Command(order.Python, "-c", environment.EndGopls+script, string(argument))
	cmd.Env = order.Env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal is ours to pass on
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	// Closing its standard input tells the script to shut the kernel down, also when this process is killed.
	stop := context.AfterFunc(ctx, func() { stdin.Close() })
	defer stop()

	outcome, readErr := follow(bufio.NewScanner(stdout), cell)
	if readErr != nil { // the script must not wait for somebody to read on
		stdin.Close()
		io.Copy(io.Discard, stdout)
	}
	if err := cmd.Wait(); err != nil && readErr == nil {
		readErr = err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if readErr != nil {
		return fmt.Errorf("%s: running it failed: %w\n%s", order.Notebook, readErr, indent(stderr.String(), "    "))
	}
	if outcome.Error != "" {
		return &Failure{order.Notebook, outcome.Cell, outcome.Source, outcome.Error}
	}
	if order.Left != nil {
		order.Left(outcome.Left)
	}
	return nil
}

// event is a line that the script prints.
type event struct {
	Event  string   `json:"event"` // "cell" or "done"
	Cell   int      `json:"cell"`
	Source string   `json:"source"`
	Error  string   `json:"error"`
	Left   []string `json:"left"`
}

// follow reads events up to the one that says how it ended.
func follow(lines *bufio.Scanner, cell func(int)) (event, error) {
	lines.Buffer(nil, 64<<20) // an error may carry all that a cell printed
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return event{}, fmt.Errorf("the script printed %q", lines.Text())
		}
		switch e.Event {
		case "cell":
			if cell != nil {
				cell(e.Cell)
			}
		case "done":
			return e, nil
		}
	}
	if err := lines.Err(); err != nil {
		return event{}, err
	}
	return event{}, errors.New("it ended without a word")
}
