// Package environment makes, mends and removes what the tutorial needs to run: everything lies in .venv of the checkout,
// or in another folder that the user names, its prefix.
//
// The work is cut into steps. Each leaves a stamp that names what it was made from, and it is done again when that no
// longer matches or when a file that it made is gone. A step removes its stamp before it starts, so it can be killed at
// any moment: the next run finds no stamp and begins it anew.
package environment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A Checkout is a clone of the tutorial, and the environment in it. The zero value is of no use; call Find.
// Its methods are safe for concurrent use, by several processes too.
type Checkout struct {
	dir        string   // absolute, without symbolic links: the kernel needs a path that stays true in another folder
	goEnv      goConfig // what `go env` says in dir
	prefix     string   // where the environment is, if not in the checkout; absolute
	userCaches goCaches // what goEnv has of them if there is no prefix
}

// goConfig is the part of `go env` that the environment depends on.
type goConfig struct {
	GOROOT, GOVERSION, GOPROXY, GONOSUMDB string
	goCaches
}

// goCaches are where Go keeps modules and what it has compiled.
type goCaches struct {
	GOMODCACHE, GOCACHE string
}

// prefixVariable is the environment variable that names the prefix for every command.
const prefixVariable = "KERNEL_SETUP_PREFIX"

// Find returns the checkout that dir lies in, with its prefix as KERNEL_SETUP_PREFIX says. It fails if there is none, or
// if there is no Go. (Go itself refuses a go.mod that asks for a newer one.)
func Find(dir string) (*Checkout, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	for !isRoot(dir) {
		parent := filepath.Dir(dir)
		if parent == dir {
			return nil, errors.New("this folder is not in a clone of the tutorial; change to the folder that has its go.mod, and run the command there")
		}
		dir = parent
	}
	// GoNB takes a comma-separated list of folders, and offers no way to quote one.
	if strings.Contains(dir, ",") {
		return nil, fmt.Errorf("the kernel cannot work in %q, because of the comma in the name; rename the folder", dir)
	}
	c := &Checkout{dir: dir}
	if c.goEnv, err = readGoConfig(dir); err != nil {
		return nil, err
	}
	c.userCaches = c.goEnv.goCaches
	if prefix := os.Getenv(prefixVariable); prefix != "" {
		return c.WithPrefix(prefix)
	}
	return c, nil
}

// WithPrefix is the checkout with its environment in dir instead of .venv, and in that a module cache and a build cache that
// hold just what cells need. With it and the checkout any user can run cells, and may be kept from writing to either.
func (c *Checkout) WithPrefix(dir string) (*Checkout, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	other := *c
	other.prefix = dir
	other.goEnv.goCaches = goCaches{GOMODCACHE: filepath.Join(dir, "mod"), GOCACHE: filepath.Join(dir, "build-cache")}
	return &other, nil
}

func isRoot(dir string) bool {
	b, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	first, _, _ := strings.Cut(string(b), "\n")
	return err == nil && strings.TrimSpace(first) == "module tutorial"
}

func readGoConfig(dir string) (goConfig, error) {
	var config goConfig
	cmd := exec.Command("go", "env", "-json", "GOROOT", "GOVERSION", "GOMODCACHE", "GOCACHE", "GOPROXY", "GONOSUMDB")
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return config, errors.New("there is no go on the PATH; install Go from https://go.dev/dl and open a new terminal")
	}
	if err != nil {
		return config, explain(err, stderr.String())
	}
	return config, json.Unmarshal(out, &config)
}

// Dir is the absolute path of the checkout.
func (c *Checkout) Dir() string { return c.dir }

// Venv is the folder that holds all that Install makes.
func (c *Checkout) Venv() string {
	if c.prefix != "" {
		return c.prefix
	}
	return filepath.Join(c.dir, ".venv")
}

// Python is the environment's Python. It exists once Install has returned without an error.
func (c *Checkout) Python() string { return filepath.Join(c.Venv(), "bin", "python") }

// ToolDir holds goimports and gonb, which cells cannot do without.
func (c *Checkout) ToolDir() string { return filepath.Join(c.Venv(), "tools") }

// EditorToolDir holds gopls, for completion and help as one types. It is a folder of its own so that notebooks which
// nobody types in run without it: it takes 200 MB and a second of both cores for each kernel.
func (c *Checkout) EditorToolDir() string { return filepath.Join(c.Venv(), "tools", "editor") }

// GoVersion is the version that `go env GOVERSION` reports, such as go1.26.8.
func (c *Checkout) GoVersion() string { return c.goEnv.GOVERSION }

// sourceDir is the folder of kernel-setup, with its requirements.
func (c *Checkout) sourceDir() string { return filepath.Join(c.dir, "kernel-setup") }

// stateDir holds stamps and the lock. Its presence says that .venv is ours.
func (c *Checkout) stateDir() string { return filepath.Join(c.Venv(), "kernel-setup") }

// kernelDir holds the kernelspec.
func (c *Checkout) kernelDir() string { return filepath.Join(c.Venv(), filepath.FromSlash(kernelPart)) }

// JupyterRuntimeDir is where a running Jupyter server leaves its address.
func (c *Checkout) JupyterRuntimeDir() string { return filepath.Join(c.Venv(), "jupyter", "runtime") }

// Environ is the environment for Jupyter and everything it starts: the user's own, but with Jupyter's folders inside
// .venv, so that neither does a user's configuration change the tutorial nor the tutorial a user's configuration.
func (c *Checkout) Environ() []string {
	jupyter := filepath.Join(c.Venv(), "jupyter")
	env := without(os.Environ(), "PYTHONHOME", "PYTHONPATH", "JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "JUPYTER_TOKEN", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
	return append(env,
		"VIRTUAL_ENV="+c.Venv(),
		"PATH="+filepath.Join(c.Venv(), "bin")+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"JUPYTER_CONFIG_DIR="+filepath.Join(jupyter, "config"),
		"JUPYTER_DATA_DIR="+filepath.Join(jupyter, "data"),
		"JUPYTER_RUNTIME_DIR="+c.JupyterRuntimeDir(),
		"IPYTHONDIR="+filepath.Join(jupyter, "ipython"),
		"JUPYTER_PREFER_ENV_PATH=1",
		"JUPYTER_PLATFORM_DIRS=1",
	)
}

// without returns env less the named variables.
func without(env []string, names ...string) []string {
	kept := make([]string, 0, len(env))
	for _, v := range env {
		name, _, _ := strings.Cut(v, "=")
		if !slices.Contains(names, name) {
			kept = append(kept, v)
		}
	}
	return kept
}

// goCommand is a go command in the checkout that builds as a cell is built, whatever GOFLAGS and go.work the user has:
// only then do cells find the results in the build cache.
func (c *Checkout) goCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(c.goEnv.GOROOT, "bin", "go"), args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "GOFLAGS="+cellGoFlags, "GOWORK=off", "GO111MODULE=", "GOPROXY="+c.goProxy())
	return cmd
}

// ExecutionFiles are the files of the environment that say how cells are run: whoever executes a notebook again after one
// of them has changed may get other outputs.
func (c *Checkout) ExecutionFiles() []string {
	return []string{
		filepath.Join(c.kernelDir(), "kernel.json"),
		filepath.Join(c.ToolDir(), "front"),
		filepath.Join(c.Venv(), "pyvenv.cfg"), // with the version of Python
		c.requirementsFile(),
	}
}
