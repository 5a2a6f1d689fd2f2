package environment

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// buildTools builds the kernel, with what stands before it and what it calls, at the versions in go.mod. They are built with
// the flags of cells, so that each package of the standard library is compiled once for both; and what ordinary cells import
// is compiled with them, so that all processors have work to the end.
func (c *Checkout) buildTools(ctx context.Context) ([]string, error) {
	if err := run(c.goCommand(ctx, "build", "-o", c.ToolDir()+string(filepath.Separator),
		"./kernel-setup/front", "github.com/janpfeifer/gonb", "golang.org/x/tools/cmd/goimports", "./kernel-setup/warm")); err != nil {
		return nil, err
	}
	os.Remove(filepath.Join(c.ToolDir(), "warm"))
	if err := c.writeWorkspaceModule(ctx); err != nil {
		return nil, err
	}
	gopls := filepath.Join(c.EditorToolDir(), "gopls")
	if err := WriteFile(gopls, []byte(goplsScript)); err != nil {
		return nil, explain(err, "")
	}
	if err := os.Chmod(gopls, 0o755); err != nil {
		return nil, explain(err, "")
	}
	files := []string{gopls, filepath.Join(c.workspaceModule(), "go.sum"), filepath.Join(c.ToolDir(), "front"), filepath.Join(c.ToolDir(), "gonb"), filepath.Join(c.ToolDir(), "goimports")}
	// Cells ask the module cache for gonb; `go clean -modcache` takes it away.
	if c.prefix != "" {
		return files, nil // it has a module cache of its own
	}
	zips, err := glob(c.goEnv.GOMODCACHE, "cache/download/github.com/janpfeifer/gonb/@v/*.zip")
	return append(files, zips...), err
}

// workspaceModule holds the module that is with that of a cell in one workspace. It requires all that this one requires, and this one
// from its folder, and has only what cells import: gopls loads and checks each package of its workspace.
func (c *Checkout) workspaceModule() string { return filepath.Join(c.Venv(), workspaceName) }

const workspaceName = "workspace"

func (c *Checkout) writeWorkspaceModule(ctx context.Context) error {
	if err := os.RemoveAll(c.workspaceModule()); err != nil {
		return explain(err, "")
	}
	if err := os.CopyFS(c.workspaceModule(), os.DirFS(filepath.Join(c.sourceDir(), "warm"))); err != nil {
		return explain(err, "")
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		b, err := os.ReadFile(filepath.Join(c.dir, name))
		if err != nil {
			return explain(err, "")
		}
		if err := WriteFile(filepath.Join(c.workspaceModule(), name), b); err != nil {
			return explain(err, "")
		}
	}
	edit := c.goCommand(ctx, "mod", "edit", "-module="+workspaceName, "-require=tutorial@v0.0.0", "-replace=tutorial="+c.dir)
	edit.Dir = c.workspaceModule()
	return run(edit)
}

// warmCache builds what cells import, in each way that a cell can be built. In a prefix this also fills its module cache.
func (c *Checkout) warmCache(ctx context.Context) ([]string, error) {
	warm := "./" + filepath.Join("kernel-setup", "warm")
	for _, args := range [][]string{
		{"build", "-o", os.DevNull, warm},
		{"build", "-race", "-o", os.DevNull, warm},
		{"test", "-c", "-o", os.DevNull, warm},
	} {
		if err := run(c.cellCommand(ctx, args...)); err != nil {
			if strings.Contains(err.Error(), "-race requires cgo") || strings.Contains(err.Error(), "C compiler") {
				return nil, fmt.Errorf("cells with -race need a C compiler; install one (Debian and Ubuntu: sudo apt install gcc; Fedora: sudo dnf install gcc; macOS: xcode-select --install)")
			}
			return nil, err
		}
	}
	if c.prefix == "" {
		return nil, nil
	}
	return c.getAsACell(ctx, warm)
}

// cellCommand is a goCommand with the caches that cells have.
func (c *Checkout) cellCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := c.goCommand(ctx, args...)
	cmd.Env = append(cmd.Env, "GOMODCACHE="+c.goEnv.GOMODCACHE, "GOCACHE="+c.goEnv.GOCACHE)
	if c.prefix != "" {
		cmd.Env = append(cmd.Env, "GOPROXY="+goProxy(c.goEnv.goCaches, goProxy(c.userCaches, c.goEnv.GOPROXY)), "GOFLAGS="+prefixGoFlags)
	}
	return cmd
}

// getAsACell fills the module cache with what is looked up for a cell beyond what is compiled: GoNB runs `go get` before
// it builds, and that reads the go.mod of every module that any module names.
func (c *Checkout) getAsACell(ctx context.Context, warm string) ([]string, error) {
	dir, err := os.MkdirTemp("", "cell-*")
	if err != nil {
		return nil, explain(err, "")
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(c.dir, warm))); err != nil {
		return nil, explain(err, "")
	}
	for _, args := range [][]string{
		{"mod", "init", "cell"},
		{"work", "init"},
		{"work", "use", c.workspaceModule(), "."},
		{"get", "-t"},
	} {
		cmd := c.cellCommand(ctx, args...)
		cmd.Dir = dir
		cmd.Env = append(cmd.Env, "GOWORK=")
		if err := run(cmd); err != nil {
			return nil, err
		}
	}
	return glob(c.goEnv.GOMODCACHE, "cache/download/github.com/janpfeifer/gonb/@v/*.mod")
}

// kernelLogo is the picture for JupyterLab's launcher, from GoNB's own source.
func (c *Checkout) kernelLogo(ctx context.Context) ([]byte, error) {
	cmd := c.goCommand(ctx, "list", "-m", "-f", "{{.Dir}}", "github.com/janpfeifer/gonb")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	dir, err := cmd.Output()
	if err != nil {
		return nil, explain(err, stderr.String())
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "internal", "kernel", "Go_gopher_favicon.svg"))
}
