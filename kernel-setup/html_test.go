//go:build !windows

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestANotebookRunsInItsRepository(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	hrefs := func(notebook string) string {
		var all []string
		for _, link := range places(dir, "someone/tutorial", filepath.Join(dir, filepath.FromSlash(notebook))) {
			all = append(all, link.Href)
		}
		return strings.Join(all, " ")
	}
	const binder, file = "https://mybinder.org/v2/gh/someone/tutorial/HEAD?urlpath=lab%2Ftree%2Fnotebooks%2Fa%2520b.ipynb", "https://github.com/someone/tutorial/blob/HEAD/notebooks/a%20b.ipynb"
	if got, want := hrefs("notebooks/a b.ipynb"), binder+" "+file; got != want {
		t.Errorf("the links are %s, want %s", got, want)
	}
	if got := hrefs("../elsewhere.ipynb"); got != "" {
		t.Errorf("a notebook of somebody else has links: %s", got)
	}
	if err := os.Mkdir(filepath.Join(dir, ".devcontainer"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got, want := hrefs("notebooks/a b.ipynb"), binder+" https://codespaces.new/someone/tutorial "+file; got != want {
		t.Errorf("with a dev container the links are %s, want %s", got, want)
	}
}
