package labtest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tutorial/kernel-setup/browsertest"
	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/notebook"
)

// TestNotebooksRunInJupyterLab reads the tutorial from its first page, with -every to its last chapter, and runs all.
func TestNotebooksRunInJupyterLab(t *testing.T) {
	// JupyterLab saves what it runs, so it gets a copy of the notebooks. The kernel stays the checkout's.
	root := t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "notebooks"), os.DirFS("../../notebooks")); err != nil {
		t.Fatal(err)
	}
	all, err := notebook.List(filepath.Join(root, "notebooks"))
	if err != nil {
		t.Fatal(err)
	}
	// Each open notebook has a kernel; those of all exercises too would be more than a reader ever has.
	chapters := slices.DeleteFunc(all, func(name string) bool {
		return strings.Contains(filepath.ToSlash(name), "/exercises/")
	})
	if !labtest.Every() {
		chapters = chapters[:1]
	}
	browsertest.Open(t, 1400, 900).Read(labtest.Open(t, root).URL, "lab", chapters...)
}
