package environment

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Programs are the modules of the Python package kernel_setup, which is installed in the environment.
//
//go:embed kernel_setup/*.py
var Programs embed.FS

// The Pythons that requirements.txt is locked for.
const oldestPython, newestPython = 11, 14

func (c *Checkout) requirementsFile() string {
	return filepath.Join(c.sourceDir(), "requirements.txt")
}

// pythonParts are the entries of .venv that a Python environment has.
var pythonParts = []string{"bin", "include", "lib", "lib64", "share", "etc", "pyvenv.cfg"}

// installPython makes the Python environment: venv and pip bring uv, and uv brings the rest, four times as fast as pip
// would. Every package is checked against its hash.
func (in installer) installPython(ctx context.Context) ([]string, error) {
	base, err := findPython(ctx)
	if err != nil {
		return nil, err
	}
	for _, part := range pythonParts {
		if err := os.RemoveAll(filepath.Join(in.Venv(), part)); err != nil {
			return nil, explain(err, "")
		}
	}
	if err := run(exec.CommandContext(ctx, base, "-m", "venv", in.Venv())); err != nil {
		return nil, err
	}

	requirements, err := os.ReadFile(in.requirementsFile())
	if err != nil {
		return nil, err
	}
	uvOnly := filepath.Join(in.stateDir(), "uv.txt")
	if err := WriteFile(uvOnly, requirement(requirements, "uv")); err != nil {
		return nil, explain(err, "")
	}
	defer os.Remove(uvOnly)
	if err := run(exec.CommandContext(ctx, in.Python(), "-m", "pip", "install", "--disable-pip-version-check",
		"--no-cache-dir", "--require-hashes", "-r", uvOnly)); err != nil {
		return nil, err
	}

	uv := in.UV(ctx, "pip", "install", "--no-config", "--python", in.Python(), "--require-hashes", "-r", in.requirementsFile())
	if err := run(uv); err != nil {
		return nil, err
	}

	files, err := glob(in.Venv(), "lib/python3*/site-packages/*.dist-info/RECORD")
	if err != nil {
		return nil, err
	}
	return append(files, in.Python()), nil
}

// UV is a command of the environment's uv, which downloads no Python, takes packages from where pip does, and keeps them beside
// those of the environment.
func (c *Checkout) UV(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(c.Venv(), "bin", "uv"), args...)
	cmd.Env = append(os.Environ(), "UV_PYTHON_DOWNLOADS=never", "UV_SYSTEM_CERTS=1")
	if os.Getenv("UV_CACHE_DIR") == "" {
		// So they share disk space by hard links, and go together.
		cmd.Env = append(cmd.Env, "UV_CACHE_DIR="+filepath.Join(c.Venv(), "uv-cache"))
	}
	if index := c.pipIndex(ctx); index != "" && os.Getenv("UV_DEFAULT_INDEX") == "" {
		cmd.Env = append(cmd.Env, "UV_DEFAULT_INDEX="+index)
	}
	return cmd
}

// pipIndex returns the package index that pip is configured with, which uv does not read; empty for the usual one.
func (c *Checkout) pipIndex(ctx context.Context) string {
	if index := os.Getenv("PIP_INDEX_URL"); index != "" {
		return index
	}
	out, err := exec.CommandContext(ctx, c.Python(), "-m", "pip", "config", "get", "global.index-url").Output()
	if err != nil { // pip fails where nothing is configured
		return ""
	}
	return strings.TrimSpace(string(out))
}

// requirement returns the lines of a hash-locked requirements file that are about one package.
func requirement(lock []byte, name string) []byte {
	var b bytes.Buffer
	inside := false
	for line := range bytes.Lines(lock) {
		if !bytes.HasPrefix(line, []byte(" ")) {
			inside = bytes.HasPrefix(line, []byte(name+"=="))
		}
		if inside {
			b.Write(line)
		}
	}
	return b.Bytes()
}

// glob returns the files below a folder whose names there, with slashes, match a pattern. (To filepath.Glob the name of the
// folder itself would be a part of the pattern.)
func glob(dir, pattern string) ([]string, error) {
	names, err := fs.Glob(os.DirFS(dir), pattern)
	for i, name := range names {
		names[i] = filepath.Join(dir, filepath.FromSlash(name))
	}
	return names, err
}

// pythonProbe prints the version, and whether the standard library can make an environment: Debian ships ensurepip
// apart from Python.
const pythonProbe = `import sys
try:
    import venv, ensurepip
    able = "venv"
except ImportError:
    able = "no-venv"
print(*sys.version_info[:2], able)`

// findPython returns a Python that can make the environment: $PYTHON if that is set, else the first that fits of
// python3 and the versions by name.
func findPython(ctx context.Context) (string, error) {
	names := []string{"python3"}
	for minor := newestPython; minor >= oldestPython; minor-- {
		names = append(names, fmt.Sprintf("python3.%d", minor))
	}
	if python := os.Getenv("PYTHON"); python != "" {
		names = []string{python}
	}
	var unfit []string
	var noVenv string
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, path, "-c", pythonProbe).Output()
		if err != nil {
			continue // a pyenv shim of a version that is not active, for example
		}
		var major, minor int
		var able string
		if _, err := fmt.Sscan(string(out), &major, &minor, &able); err != nil {
			continue
		}
		version := fmt.Sprintf("%d.%d", major, minor)
		switch {
		case major != 3 || minor < oldestPython || minor > newestPython:
			unfit = append(unfit, version)
		case able != "venv":
			noVenv = version
		default:
			return path, nil
		}
	}
	install := fmt.Sprintf("install Python 3.%d to 3.%d (Debian and Ubuntu: sudo apt install python3 python3-venv; "+
		"Fedora: sudo dnf install python3; macOS: brew install python), or name one with PYTHON=/path/to/python3", oldestPython, newestPython)
	switch {
	case noVenv != "":
		return "", fmt.Errorf("Python %s is here without its venv module; install that (Debian and Ubuntu: sudo apt install python%s-venv)", noVenv, noVenv)
	case len(unfit) > 0:
		return "", fmt.Errorf("Python %s does not fit, the tutorial needs 3.%d to 3.%d; %s",
			strings.Join(unfit, " and "), oldestPython, newestPython, install)
	case ctx.Err() != nil:
		return "", ctx.Err()
	case os.Getenv("PYTHON") != "":
		return "", fmt.Errorf("PYTHON is set to %q, and that does not run; set it to the path of a Python 3.%d to 3.%d", os.Getenv("PYTHON"), oldestPython, newestPython)
	}
	return "", errors.New("there is no Python 3 on the PATH; " + install)
}
