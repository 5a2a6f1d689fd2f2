package environment

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// userKernelDir is where the user's own Jupyter and VS Code look for a kernel of this name, see
// https://docs.jupyter.org/en/latest/use/jupyter-directories.html.
func userKernelDir() (string, error) {
	data := os.Getenv("JUPYTER_DATA_DIR")
	if data == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		switch xdg := os.Getenv("XDG_DATA_HOME"); {
		case runtime.GOOS == "darwin":
			data = filepath.Join(home, "Library", "Jupyter")
		case xdg != "":
			data = filepath.Join(xdg, "jupyter")
		default:
			data = filepath.Join(home, ".local", "share", "jupyter")
		}
	}
	return filepath.Join(data, "kernels", KernelName), nil
}

// RegisterForUser makes the kernel known to the user's own Jupyter and to VS Code, and returns the folder that it
// wrote. It replaces a kernel that a checkout of the tutorial registered, and refuses to replace any other.
func (c *Checkout) RegisterForUser() (string, error) {
	dir, err := userKernelDir()
	if err != nil {
		return "", err
	}
	if _, err := kernelOwner(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	// VS Code does not replace ${PATH}.
	spec, err := c.kernelSpecJSON(os.Getenv("PATH"))
	if err != nil {
		return "", err
	}
	logo, err := os.ReadFile(filepath.Join(c.kernelDir(), "logo-svg.svg"))
	if err != nil {
		return "", err
	}
	if err := WriteFile(filepath.Join(dir, "logo-svg.svg"), logo); err != nil {
		return "", explain(err, "")
	}
	if err := WriteFile(filepath.Join(dir, "kernel.json"), spec); err != nil {
		return "", explain(err, "")
	}
	return dir, nil
}

// registered reports whether the kernel in dir is that of this environment. A checkout may have several.
func (c *Checkout) registered(dir string) (bool, error) {
	owner, err := kernelOwner(dir)
	if errors.Is(err, errForeignKernel) {
		return false, nil
	}
	return owner == c.Venv(), err
}

var errForeignKernel = errors.New("a kernel of that name is there, and is not the tutorial's")

// kernelOwner returns the folder of the environment whose kernel is registered in dir. The error is os.ErrNotExist if there is none, and
// errForeignKernel if something else made it.
func kernelOwner(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		return "", err
	}
	var spec kernelSpec
	if err := json.Unmarshal(b, &spec); err != nil || spec.Metadata["tutorial"] == "" {
		return "", fmt.Errorf("%s: %w; remove it with jupyter kernelspec remove %s, or do without -user", dir, errForeignKernel, KernelName)
	}
	return spec.Metadata["tutorial"], nil
}
