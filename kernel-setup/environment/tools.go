package environment

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// buildTools builds the kernel, with what stands before it and what it calls, at the versions in go.mod. They are built with
// the flags of cells, so that each package of the standard library is compiled once for both; and what ordinary cells import
// is compiled with them, so that all processors have work to the end.
func (in installer) buildTools(ctx context.Context) ([]string, error) {
	source := filepath.Join(in.ToolDir(), "gonb-source") // the same each time, since Go keeps what it builds by its folder
	defer os.RemoveAll(source)
	modfile, err := in.writeKernelSource(ctx, source)
	if err != nil {
		return nil, err
	}
	if err := run(in.goCommand(ctx, "build", "-modfile", modfile, "-o", in.ToolDir()+string(filepath.Separator),
		"./kernel-setup/front", gonbModule, "golang.org/x/tools/cmd/goimports", "./kernel-setup/warm")); err != nil {
		return nil, err
	}
	os.Remove(filepath.Join(in.ToolDir(), "warm"))
	if err := in.writeWorkspaceModule(ctx); err != nil {
		return nil, err
	}
	gopls := filepath.Join(in.EditorToolDir(), "gopls") // by this name the front stands before gopls
	if err := os.MkdirAll(in.EditorToolDir(), 0o755); err != nil {
		return nil, explain(err, "")
	}
	if err := os.RemoveAll(gopls); err != nil {
		return nil, explain(err, "")
	}
	if err := os.Symlink(filepath.Join("..", "front"), gopls); err != nil {
		return nil, explain(err, "")
	}
	files := []string{gopls, filepath.Join(in.workspaceModule(), "go.sum"), filepath.Join(in.ToolDir(), "front"), filepath.Join(in.ToolDir(), "gonb"), filepath.Join(in.ToolDir(), "goimports")}
	// Cells ask the module cache for gonb; `go clean -modcache` takes it away.
	if in.prefix != "" {
		return files, nil // it has a module cache of its own
	}
	zips, err := glob(in.goEnv.GOMODCACHE, "cache/download/github.com/janpfeifer/gonb/@v/*.zip")
	return append(files, zips...), err
}

const gonbModule = "github.com/janpfeifer/gonb"

// writeKernelSource writes a copy of GoNB to dir with kernelChanges. It returns the go.mod with which Go builds that copy in place of GoNB.
func (in installer) writeKernelSource(ctx context.Context, dir string) (modfile string, err error) {
	source, err := in.gonbSource(ctx)
	if err != nil {
		return "", err
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", explain(err, "")
	}
	for _, folder := range []string{"common", "gonbui", "internal", "version"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(filepath.Join(source, folder))); err != nil {
			return "", explain(err, "")
		}
	}
	for _, name := range []string{"go.mod", "main.go"} {
		if err := copyFile(filepath.Join(dir, name), filepath.Join(source, name)); err != nil {
			return "", err
		}
	}
	for _, c := range kernelChanges {
		name := filepath.Join(dir, filepath.FromSlash(c.file))
		b, err := os.ReadFile(name)
		if err != nil {
			return "", explain(err, "")
		}
		text, err := c.apply(string(b))
		if err != nil {
			return "", err
		}
		if err := WriteFile(name, []byte(text)); err != nil {
			return "", explain(err, "")
		}
	}
	return in.writeModule(ctx, filepath.Join(dir, "build"), "-replace="+gonbModule+"="+dir)
}

// kernelChanges are what is changed in GoNB. Package letters passes on what a program prints. The linker, which takes most of the time
// until a cell runs, takes a fifth less if it collects garbage more rarely, and 7 MB more. And GoNB tries more often than each twelve
// seconds whether gopls is there, which the front answers for at once.
var kernelChanges = []sourceChange{
	{"internal/jpyexec/jpyexec.go", "\t\"io\"\n", "\t\"io\"\n\t\"tutorial/kernel-setup/letters\"\n", 1},
	{"internal/jpyexec/jpyexec.go", "io.Copy(exec.std", "letters.Copy(exec.std", 2}, // standard output, and standard error
	{"internal/goexec/execcode.go", "cmd := exec.Command(\"go\", args...)\n", "cmd := exec.Command(\"go\", args...)\n\tcmd.Env = append(os.Environ(), \"GOGC=400\")\n", 1},
	{"internal/goexec/goplsclient/conn.go", "ConnectTimeout       = 12000 * time.Millisecond", "ConnectTimeout = time.Second", 1},
}

// A sourceChange replaces what stands some times in a file.
type sourceChange struct {
	file, from, to string
	times          int
}

func (c sourceChange) apply(source string) (string, error) {
	if strings.Count(source, c.from) != c.times {
		return "", fmt.Errorf("GoNB in go.mod has another %s than v0.11.4; change kernelChanges in kernel-setup/environment/tools.go for it", c.file)
	}
	return strings.ReplaceAll(source, c.from, c.to), nil
}

// gonbSource is the folder of GoNB's source.
func (in installer) gonbSource(ctx context.Context) (string, error) {
	cmd := in.goCommand(ctx, "mod", "download", "-json", gonbModule)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", explain(err, string(out)+stderr.String())
	}
	var module struct{ Dir string }
	return module.Dir, json.Unmarshal(out, &module)
}

// workspaceModule holds the module that is with that of a cell in one workspace. It requires all that this one requires, and this one
// from its folder, and has only what cells import: gopls loads and checks each package of its workspace.
func (c *Checkout) workspaceModule() string { return filepath.Join(c.Venv(), workspaceName) }

const workspaceName = "workspace"

func (in installer) writeWorkspaceModule(ctx context.Context) error {
	if err := os.RemoveAll(in.workspaceModule()); err != nil {
		return explain(err, "")
	}
	if err := os.CopyFS(in.workspaceModule(), os.DirFS(filepath.Join(in.sourceDir(), "warm"))); err != nil {
		return explain(err, "")
	}
	_, err := in.writeModule(ctx, in.workspaceModule(), "-module="+workspaceName, "-require=tutorial@v0.0.0", "-replace=tutorial="+in.dir)
	return err
}

// writeModule copies go.mod and go.sum to a folder, and edits the copy, which it returns.
func (in installer) writeModule(ctx context.Context, dir string, edits ...string) (modfile string, err error) {
	for _, name := range []string{"go.mod", "go.sum"} {
		if err := copyFile(filepath.Join(dir, name), filepath.Join(in.dir, name)); err != nil {
			return "", err
		}
	}
	modfile = filepath.Join(dir, "go.mod")
	return modfile, run(in.goCommand(ctx, append(append([]string{"mod", "edit"}, edits...), modfile)...))
}

func copyFile(to, from string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return explain(err, "")
	}
	return explain(WriteFile(to, b), "")
}

// warmCache builds what cells import, in each way that a cell can be built. In a prefix this also fills its module cache.
func (in installer) warmCache(ctx context.Context) ([]string, error) {
	warm := "./" + filepath.Join("kernel-setup", "warm")
	for _, args := range [][]string{
		{"build", "-o", os.DevNull, warm},
		{"build", "-race", "-o", os.DevNull, warm},
		{"test", "-c", "-o", os.DevNull, warm},
	} {
		if err := run(in.cellCommand(ctx, args...)); err != nil {
			if strings.Contains(err.Error(), "-race requires cgo") || strings.Contains(err.Error(), "C compiler") {
				return nil, fmt.Errorf("cells with -race need a C compiler; install one (Debian and Ubuntu: sudo apt install gcc; Fedora: sudo dnf install gcc; macOS: xcode-select --install)")
			}
			return nil, err
		}
	}
	if in.prefix == "" {
		return nil, nil
	}
	return in.getAsACell(ctx, warm)
}

// cellCommand is a goCommand with the caches that cells have.
func (in installer) cellCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := in.goCommand(ctx, args...)
	cmd.Env = append(cmd.Env, "GOMODCACHE="+in.goEnv.GOMODCACHE, "GOCACHE="+in.goEnv.GOCACHE)
	if in.prefix != "" {
		cmd.Env = append(cmd.Env, "GOPROXY="+goProxy(in.goEnv.goCaches, goProxy(in.userCaches, in.goEnv.GOPROXY)), "GOFLAGS="+prefixGoFlags)
	}
	return cmd
}

// getAsACell fills the module cache with what is looked up for a cell beyond what is compiled: GoNB runs `go get` before
// it builds, and that reads the go.mod of every module that any module names.
func (in installer) getAsACell(ctx context.Context, warm string) ([]string, error) {
	dir, err := os.MkdirTemp("", "cell-*")
	if err != nil {
		return nil, explain(err, "")
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(in.dir, warm))); err != nil {
		return nil, explain(err, "")
	}
	for _, args := range [][]string{
		{"mod", "init", "cell"},
		{"work", "init"},
		{"work", "use", in.workspaceModule(), "."},
		{"get", "-t"},
	} {
		cmd := in.cellCommand(ctx, args...)
		cmd.Dir = dir
		cmd.Env = append(cmd.Env, "GOWORK=")
		if err := run(cmd); err != nil {
			return nil, err
		}
	}
	return glob(in.goEnv.GOMODCACHE, "cache/download/github.com/janpfeifer/gonb/@v/*.mod")
}

// kernelLogo is the picture for JupyterLab's launcher, from GoNB's own source.
func (in installer) kernelLogo(ctx context.Context) ([]byte, error) {
	dir, err := in.gonbSource(ctx)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "internal", "kernel", "Go_gopher_favicon.svg"))
}
