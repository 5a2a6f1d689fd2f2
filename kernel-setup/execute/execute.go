// Package execute runs notebooks without a browser.
package execute

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/notebook"
)

// An Order says which notebook to run, and how.
type Order struct {
	Notebook string        // the file; it is only read
	Copy     string        // where the executed copy goes; empty for none. It is written only if all went as it should.
	Timeout  time.Duration // for each cell; what is not positive stops each at its beginning
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
// it is tagged raises-exception, take too long, put out too much, or take the kernel with it.
type Failure struct {
	Notebook string
	Cell     int    // number of the code cell, from 1, as JupyterLab's In [1]
	Source   string // of the cell
	Reason   string
}

func (f *Failure) Error() string {
	return fmt.Sprintf("%s, code cell %d:\n%s\n%s", f.Notebook, f.Cell, indent(f.Source, "    | "), indent(f.Reason, "    "))
}

func indent(s, by string) string {
	return by + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n"+by)
}

// maxOutput is how many characters a cell may put out.
const maxOutput = 10_000_000

// Run runs the notebook to its end or to the first cell that is a Failure, which it then returns as the error.
// As each code cell starts it calls cell, unless that is nil, with the cell's number from 1 and the number of code cells. The
// kernel is gone when it returns. It may be called concurrently, if cell may.
func Run(ctx context.Context, order Order, cell func(number, of int)) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	nb, err := notebook.Read(order.Notebook)
	if err != nil {
		return err
	}
	folder, err := filepath.Abs(filepath.Dir(order.Notebook))
	if err != nil {
		return err
	}
	k, err := startKernel(ctx, order)
	if err != nil {
		return err
	}
	k.send(map[string]any{
		"kernel":     nb.Metadata.Kernelspec.Name,
		"folder":     folder,
		"seconds":    order.Timeout.Seconds(),
		"output":     maxOutput,
		"keep_going": order.KeepGoing,
		"path":       order.KernelPath,
		"proxy":      order.KernelGoProxy,
	})
	outcome, err := k.run(nb, order, cell)
	if err := k.end(ctx, order.Notebook, err); err != nil {
		return err
	}
	if order.Copy != "" {
		if err := writeCopy(order, outcome); err != nil {
			return err
		}
	}
	if order.Left != nil {
		order.Left(outcome.left)
	}
	return nil
}

// An outcome is what a notebook has when all its cells have run.
type outcome struct {
	outputs  [][]json.RawMessage // of each code cell
	counts   []*int              // its number in the kernel
	failures []string            // what it failed with, if the run kept going
	folders  json.RawMessage     // of the kernel, which outputs may name and pages hide
	language json.RawMessage     // of the kernel
	left     []string            // files in the folder for temporary files
}

// run runs the code cells one after another.
func (k *kernel) run(nb *notebook.Notebook, order Order, cell func(number, of int)) (o outcome, err error) {
	var commands [][]json.RawMessage // that failed, by cell
	code := nb.Code()
	for i, c := range code {
		if cell != nil {
			cell(i+1, len(code))
		}
		source := ""
		if c.Runs() {
			source = wrapped(c)
		}
		k.send(source)
		a, err := k.answer()
		if err != nil {
			return o, err
		}
		failed := a.failedCommands()
		outputs, err := json.Marshal(slices.Concat(a.Outputs, failed))
		if err != nil {
			return o, err
		}
		if err := json.Unmarshal(outputs, &c.Outputs); err != nil {
			return o, err
		}
		c.ExecutionCount = a.Count
		reason := a.cutShort(order.Timeout)
		if fault := c.Fault(); reason == "" && fault != nil {
			reason = fault.Error()
		}
		o.failures = append(o.failures, reason)
		if reason != "" && (!order.KeepGoing || a.Cut != "" && !a.Ended) {
			return o, &Failure{order.Notebook, i + 1, string(c.Source), reason}
		}
		commands = append(commands, failed)
		o.counts = append(o.counts, a.Count)
	}
	k.stdin.Close()
	a, err := k.answer()
	for i := range a.Cells {
		o.outputs = append(o.outputs, append(a.Cells[i], commands[i]...))
	}
	o.left, o.folders, o.language = a.Left, a.Folders, a.Language
	return o, err
}
