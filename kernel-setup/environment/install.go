package environment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"tutorial/kernel-setup/page"
	"tutorial/kernel-setup/progress"
)

// An installer makes the environment of a checkout.
type installer struct{ *Checkout }

// Install makes what is missing of the environment and mends what is not right. It writes a line for each step that it
// takes to w, and nothing when there is nothing to do. It may be interrupted through ctx or killed, and run twice
// at once: the second waits for the first.
func (c *Checkout) Install(ctx context.Context, w io.Writer) error {
	in := installer{c}
	first, rest, err := in.stages()
	if err != nil {
		return err
	}
	return in.install(ctx, w, append(first, rest...))
}

// InstallForCells is Install for those parts without which no cell runs. It reports whether the others are there too; if
// not, Install makes them.
func (c *Checkout) InstallForCells(ctx context.Context, w io.Writer) (complete bool, err error) {
	in := installer{c}
	first, rest, err := in.stages()
	if err != nil {
		return false, err
	}
	return in.allFresh(rest), in.install(ctx, w, first)
}

func (in installer) install(ctx context.Context, w io.Writer, stages [][][]step) error {
	if in.allFresh(stages) {
		return nil
	}
	if err := in.refuseForeignVenv(); err != nil {
		return err
	}
	unlock, err := in.lock(ctx, w)
	if err != nil {
		return err
	}
	defer unlock()
	if in.allFresh(stages) { // whoever held the lock has done it
		return nil
	}

	start := time.Now()
	display := progress.New(w)
	defer display.Close()
	display.Printf(w, "Setting up in %s\n", in.Venv())
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for _, stage := range stages {
		var wg sync.WaitGroup
		for _, chain := range stage {
			wg.Go(func() {
				if err := in.doChain(ctx, chain, display, w); err != nil {
					cancel(err)
				}
			})
		}
		wg.Wait()
	}
	if err := context.Cause(ctx); err != nil {
		in.removeIfBare()
		if errors.Is(err, context.Canceled) {
			return errors.New("interrupted; the next run goes on from here")
		}
		return err
	}
	display.Printf(w, "Ready after %.1f s\n", time.Since(start).Seconds())
	return nil
}

// doChain takes the steps of a chain that are not fresh, up to the first failure.
func (in installer) doChain(ctx context.Context, chain []step, display *progress.Display, w io.Writer) error {
	for _, s := range chain {
		if in.fresh(s) {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		task := display.Begin(s.name)
		err := in.do(ctx, s)
		if err != nil && ctx.Err() != nil {
			err = ctx.Err() // it is no failure of its own
		}
		outcome := fmt.Sprintf("%5.1f s", task.End().Seconds())
		switch {
		case errors.Is(err, context.Canceled):
			outcome = "stopped"
		case err != nil:
			outcome = " failed"
		}
		display.Printf(w, "  %-16s %s\n", s.name, outcome)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// stages returns what makes the environment: stages one after another, in a stage chains side by side, in a chain
// steps one after another. Without the first no cell runs.
func (in installer) stages() (first, rest [][][]step, err error) {
	requirements, err1 := in.sources("kernel-setup/requirements.txt")
	modules, err2 := in.sources("go.mod", "go.sum")
	warm, err3 := in.sources("kernel-setup/warm")
	front, err4 := in.sources("kernel-setup/front", "kernel-setup/processes", "kernel-setup/letters", "kernel-setup/environment/tools.go")
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, nil, err
	}
	files, err := in.ownFiles("")
	if err != nil {
		return nil, nil, err
	}
	goBuild := fmt.Sprintln(modules, in.goEnv, cellGoFlags)
	// Scripts in the Python environment name its absolute path.
	python := step{"Python packages", fmt.Sprintln(in.dir, requirements), pythonParts, in.installPython}
	tools := step{"Go tools", in.dir + goBuild + front + warm, []string{"tools", workspaceName}, in.buildTools}
	cache := step{"build cache", goBuild + warm, nil, in.warmCache}
	kernel := step{"Go kernel", fmt.Sprint(files), []string{"share/jupyter/kernels"}, in.installOwnFiles}
	editor := step{"completion and help", goBuild + warm + workspaceName, []string{"tools/editor/program", "gopls-cache"}, in.buildGopls}
	return [][][]step{{{python}, {tools}}, {{kernel}}}, [][][]step{{{editor}, {cache}}}, nil
}

// sources returns what is in files of the checkout and, but for tests, below folders.
func (in installer) sources(names ...string) (string, error) {
	var all strings.Builder
	for _, name := range names {
		err := fs.WalkDir(os.DirFS(in.dir), name, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(name, "_test.go") {
				return err
			}
			b, err := os.ReadFile(filepath.Join(in.dir, name))
			all.Write(b)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return all.String(), nil
}

func (in installer) allFresh(stages [][][]step) bool {
	for _, chain := range slices.Concat(stages...) {
		if slices.ContainsFunc(chain, func(s step) bool { return !in.fresh(s) }) {
			return false
		}
	}
	return true
}

// removeIfBare removes .venv if no step has left anything in it. The caller holds the lock.
func (in installer) removeIfBare() {
	for _, dir := range []string{in.Venv(), in.stateDir()} {
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 1 {
			return
		}
	}
	in.removeBare()
}

// refuseForeignVenv fails if there is a .venv that something else made.
func (c *Checkout) refuseForeignVenv() error {
	entries, err := os.ReadDir(c.Venv())
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil && !errors.Is(err, syscall.ENOTDIR) {
		return explain(err, "")
	}
	if _, err := os.Stat(c.stateDir()); err != nil {
		return fmt.Errorf("%s was not made by this program; rename or remove it, and run the command again", c.Venv())
	}
	return nil
}

// ownFiles returns what is ours in the Python environment, by path in .venv: the kernel, the configuration of Jupyter, what exports
// of notebooks need, and the programs that run kernels.
func (in installer) ownFiles(sitePackages string) (map[string][]byte, error) {
	files, err := page.Files(sitePackages, map[string]string{
		in.dir:              ".",
		in.Venv():           ".venv",
		in.goEnv.GOROOT:     "$GOROOT",
		in.goEnv.GOMODCACHE: "$GOMODCACHE",
		in.goEnv.GOCACHE:    "$GOCACHE",
	})
	if err != nil {
		return nil, err
	}
	spec, err := in.kernelSpecJSON("${PATH}")
	if err != nil {
		return nil, err
	}
	lab, err := in.labConfig()
	if err != nil {
		return nil, err
	}
	maps.Copy(files, map[string][]byte{
		kernelPart + "/kernel.json":                                        spec,
		"share/jupyter/labextensions/tutorial-cells/package.json":          []byte(extensionPackage),
		"share/jupyter/labextensions/tutorial-cells/static/remoteEntry.js": []byte(extensionScript),
		"jupyter/config/jupyter_server_config.py":                          lab,
		"etc/jupyter/jupyter_lab_config.json":                              []byte(jupyterConfig),
		"etc/jupyter/jupyter_server_config.py":                             []byte(serverConfig),
		"etc/jupyter/labconfig/page_config.json":                           []byte(labPageConfig),
	})
	return files, fs.WalkDir(Programs, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files[path.Join(sitePackages, name)], err = Programs.ReadFile(name)
		}
		return err
	})
}

func (in installer) installOwnFiles(ctx context.Context) ([]string, error) {
	// There is one Python in .venv, of whatever version the user has.
	found, err := fs.Glob(os.DirFS(in.Venv()), "lib/python3*/site-packages")
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("%s should have one folder lib/python3.*/site-packages, and has %d", in.Venv(), len(found))
	}
	content, err := in.ownFiles(found[0])
	if err != nil {
		return nil, err
	}
	if content[kernelPart+"/logo-svg.svg"], err = in.kernelLogo(ctx); err != nil {
		return nil, err
	}
	for _, dir := range []string{"config", "data", "runtime", "ipython"} {
		if err := os.MkdirAll(filepath.Join(in.Venv(), "jupyter", dir), 0o755); err != nil {
			return nil, explain(err, "")
		}
	}
	var files []string
	for name, b := range content {
		file := filepath.Join(in.Venv(), filepath.FromSlash(name))
		if err := WriteFile(file, b); err != nil {
			return nil, explain(err, "")
		}
		files = append(files, file)
	}
	return files, nil
}
