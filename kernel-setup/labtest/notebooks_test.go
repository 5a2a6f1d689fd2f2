package labtest_test

import (
	"os"
	"path/filepath"
	"testing"

	"tutorial/kernel-setup/browsertest"
	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/site"
)

// TestEveryNotebookRunsInJupyterLab reads the tutorial from the first page to the last, and runs all.
func TestEveryNotebookRunsInJupyterLab(t *testing.T) {
	// JupyterLab saves what it runs, so it gets a copy of the notebooks. The kernel stays the checkout's.
	root := t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "notebooks"), os.DirFS("../../notebooks")); err != nil {
		t.Fatal(err)
	}
	all, err := site.Notebooks(filepath.Join(root, "notebooks"))
	if err != nil {
		t.Fatal(err)
	}
	browsertest.Open(t, 1400, 900).Read(labtest.Open(t, root).URL, "lab", all...)
}
