package environment

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// buildTools builds the kernel and what it calls, at the versions in go.mod. They are built with the flags of cells, so
// that each package of the standard library is compiled once for both.
func (c *Checkout) buildTools(ctx context.Context) ([]string, error) {
	if err := run(c.goCommand(ctx, "build", "-o", c.ToolDir()+string(filepath.Separator),
		"github.com/janpfeifer/gonb", "golang.org/x/tools/cmd/goimports")); err != nil {
		return nil, err
	}
	gopls, err := c.buildGopls(ctx)
	if err != nil {
		return nil, err
	}
	files := append(gopls, filepath.Join(c.ToolDir(), "gonb"), filepath.Join(c.ToolDir(), "goimports"))
	// Cells ask the module cache for gonb; `go clean -modcache` takes it away.
	module := filepath.Join(c.goo.GOMODCACHE, "cache", "download", "github.com", "janpfeifer", "gonb", "@v", "*.zip")
	zips, err := filepath.Glob(module)
	return append(files, zips...), err
}

// warmCache builds what cells import, in each way that a cell can be built.
func (c *Checkout) warmCache(ctx context.Context) ([]string, error) {
	warm := "./" + filepath.Join("kernel-setup", "warm")
	for _, args := range [][]string{
		{"build", "-o", os.DevNull, warm},
		{"build", "-race", "-o", os.DevNull, warm},
		{"test", "-c", "-o", os.DevNull, warm},
	} {
		if err := run(c.goCommand(ctx, args...)); err != nil {
			if strings.Contains(err.Error(), "-race requires cgo") || strings.Contains(err.Error(), "C compiler") {
				return nil, fmt.Errorf("cells with -race need a C compiler; install one (Debian and Ubuntu: sudo apt install gcc; Fedora: sudo dnf install gcc; macOS: xcode-select --install)")
			}
			return nil, err
		}
	}
	return nil, nil
}

// kernelLogo is the picture for JupyterLab's launcher, from GoNB's own source.
func (c *Checkout) kernelLogo(ctx context.Context) ([]byte, error) {
	dir, err := c.goCommand(ctx, "list", "-m", "-f", "{{.Dir}}", "github.com/janpfeifer/gonb").Output()
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "internal", "kernel", "Go_gopher_favicon.svg"))
}
