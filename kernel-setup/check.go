//go:build !windows

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/execute"
	"tutorial/kernel-setup/notebook"
)

var checkCommand = command{
	name:    "check",
	summary: "see whether each part works",
	help: `
Looks at each part of the environment and runs a cell of each kind in the kernel, with the network unused. It changes
nothing, and fails if a part does not work.`,
	run: runCheck,
}

// A part is something that can work or not. probe returns its version, or what it did.
type part struct {
	name  string
	probe func(context.Context, *environment.Checkout) (string, error)
}

var parts = []part{
	{"Go", func(_ context.Context, c *environment.Checkout) (string, error) { return c.GoVersion(), nil }},
	{"Python", pythonVersion("import platform as p; print(p.python_version())")},
	{"Jupyter", pythonVersion("import jupyterlab as p; print('JupyterLab', p.__version__)")},
	{"kernel", moduleVersion("GoNB", func(c *environment.Checkout) string { return filepath.Join(c.ToolDir(), "gonb") })},
	{"completion", moduleVersion("gopls", func(c *environment.Checkout) string { return filepath.Join(c.EditorToolDir(), "program", "gopls") })},
	{"helpers import", cellSays("a cell imports the helpers", "stdout", "1 <nil>", `import "tutorial/helpers/timeline"
%%
rec, err := timeline.Record(func() {})
fmt.Println(len(rec.Lanes), err)`)},
	{"network-free cell", cellSays("a cell builds from the module cache alone", "stdout", "true <nil>", `import "golang.org/x/sync/errgroup"
import "github.com/janpfeifer/gonb/gonbui"
%%
var g errgroup.Group
fmt.Println(gonbui.IsNotebook, g.Wait())`)},
	{"race cell", cellSays("a racy cell is reported", "stderr", "DATA RACE", `%goflags -race
%%
n := 0
var wg sync.WaitGroup
for range 2 {
	wg.Go(func() { n++ })
}
wg.Wait()`, "raises-exception")},
}

func runCheck(ctx context.Context, c command, s streams, args []string) error {
	if err := c.parseAll(s, c.flags(), args); err != nil {
		return err
	}
	checkout, err := environment.Find(".")
	if err != nil {
		return err
	}
	if err := checkout.AwaitSetUp(ctx, s.err); err != nil {
		return err
	}
	type finding struct {
		text string
		err  error
	}
	findings := make([]chan finding, len(parts))
	for i, p := range parts {
		findings[i] = make(chan finding, 1)
		go func() {
			text, err := p.probe(ctx, checkout)
			findings[i] <- finding{text, err}
		}()
	}
	faults := 0
	for i, p := range parts {
		f := <-findings[i]
		if f.err != nil {
			faults++
			f.text = "FAULT: " + f.err.Error()
		}
		fmt.Fprintf(s.out, "%-18s %s\n", p.name, strings.ReplaceAll(strings.TrimSpace(f.text), "\n", "\n"+strings.Repeat(" ", 19)))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if faults > 0 {
		return fmt.Errorf("%d of %d parts do not work", faults, len(parts))
	}
	return nil
}

const mend = "run go run ./kernel-setup; if that says nothing and this stays, run go run ./kernel-setup uninstall first"

func pythonVersion(program string) func(context.Context, *environment.Checkout) (string, error) {
	return func(ctx context.Context, c *environment.Checkout) (string, error) {
		if _, err := os.Stat(c.Python()); err != nil {
			return "", errors.New("is not installed; " + mend)
		}
		cmd := exec.CommandContext(ctx, c.Python(), "-c", program)
		cmd.Env = c.Environ()
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("does not run: %w; %s", err, mend)
		}
		return string(out), nil
	}
}

// moduleVersion probes which version of a module a program was built from.
func moduleVersion(name string, file func(*environment.Checkout) string) func(context.Context, *environment.Checkout) (string, error) {
	return func(ctx context.Context, c *environment.Checkout) (string, error) {
		// GoNB's own word for its version is wrong at v0.11.4; Go has noted it in the binary.
		out, err := exec.CommandContext(ctx, "go", "version", "-m", file(c)).Output()
		if err != nil {
			return "", errors.New("is not installed; " + mend)
		}
		for line := range strings.Lines(string(out)) {
			if f := strings.Fields(line); len(f) >= 3 && f[0] == "mod" {
				return name + " " + f[2], nil
			}
		}
		return "", errors.New("has no version in it; " + mend)
	}
}

// cellSays probes that a cell with the tags says want on one of its streams.
func cellSays(what, stream, want, source string, tags ...string) func(context.Context, *environment.Checkout) (string, error) {
	return func(ctx context.Context, c *environment.Checkout) (string, error) {
		output, err := runCell(ctx, c, source, tags...)
		if err != nil {
			return "", err
		}
		if got := output.Stream(stream); !strings.Contains(got, want) {
			return "", fmt.Errorf("the cell says %q and not %q; %s", got, want, mend)
		}
		return what, nil
	}
}

// runCell runs one cell in a kernel of its own that has no network to ask.
func runCell(ctx context.Context, c *environment.Checkout, source string, tags ...string) (notebook.Cell, error) {
	if _, err := os.Stat(c.Python()); err != nil {
		return notebook.Cell{}, errors.New("cannot be tried without Python; " + mend)
	}
	dir, err := os.MkdirTemp("", "check-*")
	if err != nil {
		return notebook.Cell{}, err
	}
	defer os.RemoveAll(dir)
	order := execute.In(c, filepath.Join(dir, "cell.ipynb"))
	order.Copy = filepath.Join(dir, "executed.ipynb")
	order.KernelGoProxy = c.LocalGoProxy()
	b, err := notebook.New(environment.KernelName, notebook.CodeCell(source, tags...))
	if err != nil {
		return notebook.Cell{}, err
	}
	if err := os.WriteFile(order.Notebook, b, 0o644); err != nil {
		return notebook.Cell{}, err
	}
	if err := execute.Run(ctx, order, nil); err != nil {
		if failure, ok := errors.AsType[*execute.Failure](err); ok {
			return notebook.Cell{}, fmt.Errorf("%s\n%s", failure.Reason, mend)
		}
		return notebook.Cell{}, err
	}
	nb, err := notebook.Read(order.Copy)
	if err != nil {
		return notebook.Cell{}, err
	}
	return nb.Cells[0], nil
}
