package timing

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tutorial/helpers/python"
)

//go:embed harness.py
var harness string

// pythonRunner is a Python process that makes runs on command.
type pythonRunner struct {
	*python.Session
	timeout time.Duration
	folder  string
	python  string // version
}

func pythonCase(name, source string, takesN bool) Case {
	c := Case{name: name, language: "Python", takesN: takesN}
	if strings.TrimSpace(source) == "" {
		c.err = fmt.Errorf("the source of Python case %q is empty: give it something to run", name)
	}
	c.open = func(ctx context.Context, p *plan) (runner, error) { return startPython(ctx, name, source, takesN, p) }
	return c
}

func startPython(ctx context.Context, name, source string, takesN bool, plan *plan) (_ runner, err error) {
	what := fmt.Sprintf("the Python case %q", name)
	folder, err := os.MkdirTemp("", "timing-")
	if err != nil {
		return nil, fmt.Errorf("%s could not be started: %w", what, err)
	}
	defer func() {
		if err != nil {
			os.RemoveAll(folder)
		}
	}()
	path := filepath.Join(folder, "case.py")
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		return nil, fmt.Errorf("%s could not be started: %w", what, err)
	}
	n := "-"
	if takesN {
		n = "n"
	}
	// The process's own limit is the wider one: it is there for when this program is gone.
	limit := strconv.FormatFloat((plan.timeout + 2*time.Second).Seconds(), 'f', 3, 64)
	p := &pythonRunner{timeout: plan.timeout, folder: folder,
		Session: &python.Session{What: what, Program: harness, Arguments: []string{path, name, limit, n}, Env: plan.env}}
	ctx, cancel := p.limit(ctx)
	defer cancel()
	return p, p.Start(ctx, &p.python)
}

func (p *pythonRunner) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, p.timeout,
		fmt.Errorf("it took longer than %s, the time limit of a run", shortDuration(p.timeout)))
}

// run has the process make one run and returns the time that the process took for it by its own clock.
func (p *pythonRunner) run(ctx context.Context, n int) (took time.Duration, err error) {
	ctx, cancel := p.limit(ctx)
	defer cancel()
	argument := "-"
	if n > 0 {
		argument = strconv.Itoa(n)
	}
	err = p.Ask(ctx, argument, &took)
	return took, err
}

func (p *pythonRunner) version() string { return p.python }

func (p *pythonRunner) close() {
	p.Close()
	os.RemoveAll(p.folder)
}
