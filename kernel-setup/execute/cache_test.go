package execute_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/execute"
)

// miniature is a checkout that has of everything just enough, with a notebook.
func miniature(t *testing.T) (dir, notebook string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range map[string]string{
		"go.mod":                                       "module tutorial\n\ngo 1.26.0\n",
		"go.sum":                                       "",
		"helpers/timing/timing.go":                     "package timing",
		"helpers/timing/timing_test.go":                "package timing",
		"helpers/timing/harness.py":                    "import time",
		"kernel-setup/requirements.txt":                "jupyterlab==4.6.6",
		".venv/pyvenv.cfg":                             "version = 3.11.7",
		".venv/share/jupyter/kernels/gonb/kernel.json": "{}",
		".venv/tools/front":                            "program",
		"notebooks/a.ipynb":                            "{}",
		"notebooks/b.ipynb":                            "{}",
		"notebooks/a_test.go":                          "package a",
		"notebooks/numbers.json":                       "[1, 2]",
	} {
		write(t, filepath.Join(dir, name), content)
	}
	return dir, filepath.Join(dir, "notebooks", "a.ipynb")
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, dir string) *execute.Cache {
	t.Helper()
	checkout, err := environment.Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := execute.OpenCache(checkout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cache.Close() })
	return cache
}

func pathOf(t *testing.T, dir, notebook string) string {
	t.Helper()
	path, err := open(t, dir).Path(notebook)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWhateverOutputsDependOnMakesACopyStale(t *testing.T) {
	t.Parallel()
	dir, notebook := miniature(t)
	last := pathOf(t, dir, notebook)
	if again := pathOf(t, dir, notebook); again != last {
		t.Fatalf("nothing has changed, and the copy is %s, not %s", again, last)
	}
	for _, name := range []string{
		"notebooks/a.ipynb", "notebooks/numbers.json", "notebooks/new.txt",
		"helpers/timing/timing.go", "helpers/timing/harness.py", "helpers/new/new.go",
		"go.sum", "kernel-setup/requirements.txt",
		".venv/pyvenv.cfg", ".venv/share/jupyter/kernels/gonb/kernel.json", ".venv/tools/front",
	} {
		write(t, filepath.Join(dir, name), "changed "+name)
		if now := pathOf(t, dir, notebook); now == last {
			t.Errorf("%s has changed, and the copy is still %s", name, now)
		} else {
			last = now
		}
	}
	write(t, filepath.Join(dir, "go.mod"), "module tutorial\n\ngo 1.25.0\n")
	if now := pathOf(t, dir, notebook); now == last {
		t.Error("go.mod has changed, and the copy has not")
	}
	if err := os.Rename(filepath.Join(dir, "helpers/timing/timing.go"), filepath.Join(dir, "helpers/timing/other.go")); err != nil {
		t.Fatal(err)
	}
	if now := pathOf(t, dir, notebook); now == last {
		t.Error("a file was renamed, and the copy is the same")
	}
}

func TestWhatOutputsDoNotDependOnLeavesACopyFresh(t *testing.T) {
	t.Parallel()
	dir, notebook := miniature(t)
	before := pathOf(t, dir, notebook)
	for _, name := range []string{"notebooks/b.ipynb", "notebooks/a_test.go", "helpers/timing/timing_test.go", "README.md", "kernel-setup/page/page.css"} {
		write(t, filepath.Join(dir, name), "changed")
		if now := pathOf(t, dir, notebook); now != before {
			t.Errorf("%s has changed, and the copy is %s, not %s", name, now, before)
		}
	}
}

func TestPruneKeepsTheCopiesOfOtherNotebooks(t *testing.T) {
	t.Parallel()
	dir, notebook := miniature(t)
	other := filepath.Join(dir, "notebooks", "sub", "a.ipynb") // of the same name
	write(t, other, "{}")
	cache := open(t, dir)
	var kept []string
	for _, name := range []string{notebook, other} {
		path, err := cache.Path(name)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, "executed")
		kept = append(kept, path)
	}
	write(t, notebook, "changed")
	now, err := cache.Path(notebook)
	if err != nil {
		t.Fatal(err)
	}
	write(t, now, "executed")
	if err := cache.Prune(notebook, now); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(kept[0]); !os.IsNotExist(err) {
		t.Error("the copy from before the change is still there")
	}
	for _, path := range []string{now, kept[1]} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

func TestWhereTheEnvironmentCannotBeWrittenTheCacheIsForOnce(t *testing.T) {
	t.Parallel()
	dir, notebook := miniature(t)
	write(t, filepath.Join(dir, ".venv", "executed"), "in the way") // read-only folders do not stop root
	cache := open(t, dir)
	path, err := cache.Path(notebook)
	if err != nil || strings.HasPrefix(path, dir) {
		t.Fatalf("the copy belongs to %s, %v", path, err)
	}
	write(t, path, "executed")
	if err := cache.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
		t.Error("the cache for once is left")
	}
}
