package page_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"tutorial/kernel-setup/page"
)

// put writes files, by name with slashes, below a folder.
func put(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// all returns the files below a folder with their content.
func all(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// publish exports pages to a folder.
func publish(t *testing.T, folder string, pages map[string]string) {
	t.Helper()
	if err := page.Publish(folder, pages); err != nil {
		t.Fatal(err)
	}
}

// wantPages fails unless the folder has these pages and otherwise nothing but the marker.
func wantPages(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	got := all(t, folder)
	if _, ok := got[".tutorial-site"]; !ok {
		t.Errorf("%s has no marker", folder)
	}
	delete(got, ".tutorial-site")
	if !maps.Equal(got, want) {
		t.Errorf("the pages are %q, want %q", got, want)
	}
}

func TestAnExportTakesThePlaceOfTheOneBefore(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "of", "mine")
	publish(t, folder, map[string]string{"index.html": "1", "a.html": "1", "old/b.html": "1", "old/deep/c.html": "1"})
	wantPages(t, folder, map[string]string{"index.html": "1", "a.html": "1", "old/b.html": "1", "old/deep/c.html": "1"})
	publish(t, folder, map[string]string{"index.html": "2", "new/d.html": "2", "old/b.html": "2"})
	wantPages(t, folder, map[string]string{"index.html": "2", "new/d.html": "2", "old/b.html": "2"})
	if _, err := os.Stat(filepath.Join(folder, "old", "deep")); !os.IsNotExist(err) {
		t.Error("a folder without pages is left")
	}
}

func TestCheckMakesNothing(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "new", "site")
	if err := page.Check(folder); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Dir(folder)); !os.IsNotExist(err) {
		t.Error("a folder is left that was not there before")
	}
	publish(t, folder, map[string]string{"index.html": "1"})
	if err := page.Check(folder); err != nil {
		t.Error(err)
	}
	wantPages(t, folder, map[string]string{"index.html": "1"})
}

// A killed export has named its pages, and may have left half of one in the file from which each takes its place.
func TestWhatAKilledExportLeftIsOurs(t *testing.T) {
	t.Parallel()
	for _, left := range []map[string]string{
		{".tutorial-site.part": "index.ht"},
		{".tutorial-site.part": "half", ".tutorial-site": "a.html\nindex.html\nold.html\n", "a.html": "0", "old.html": "0"},
	} {
		folder := t.TempDir()
		put(t, folder, left)
		if err := page.Check(folder); err != nil {
			t.Error(err)
		}
		publish(t, folder, map[string]string{"index.html": "1"})
		wantPages(t, folder, map[string]string{"index.html": "1"})
	}
}

func TestWhatIsNotOursIsRefusedAndLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, map[string]string{"file": "x", "foreign/notes.txt": "mine", "deep/a/b/c.html": "mine"})
	ours := filepath.Join(dir, "ours")
	publish(t, ours, map[string]string{"index.html": "1"})
	put(t, ours, map[string]string{"sub/notes.txt": "mine"})
	for name, want := range map[string]string{
		"file":    "file is a file, and -o needs a folder; choose another name",
		"foreign": "foreign is not empty, and not a site that this command wrote; choose another folder with -o",
		"deep":    "deep is not empty",
		"file/in": "not a directory",
		"/proc/a": "nothing can be written to /proc: no such file or directory; choose another folder with -o",
		"ours":    "ours has sub/notes.txt in it, which this command did not write; move it away",
	} {
		before := all(t, dir)
		folder := name
		if !filepath.IsAbs(name) {
			folder = filepath.Join(dir, name)
		} else if runtime.GOOS != "linux" {
			continue
		}
		if err := page.Check(folder); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want %q", name, err, want)
		}
		// It may have come while notebooks were executed.
		if err := page.Publish(folder, map[string]string{"index.html": "2", "notes.txt": "2", "sub/notes.txt": "2"}); err == nil {
			t.Errorf("%s: a site is written to it", name)
		}
		if after := all(t, dir); !maps.Equal(after, before) {
			t.Errorf("%s: the refusal changed the files from %q to %q", name, before, after)
		}
	}
}

func TestAMarkerCannotNameFilesElsewhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, map[string]string{"precious.html": "mine", "site/.tutorial-site": "../precious.html\nindex.html\n", "site/index.html": "1"})
	publish(t, filepath.Join(dir, "site"), map[string]string{"index.html": "2"})
	if all(t, dir)["precious.html"] != "mine" {
		t.Error("a file outside of the folder was removed")
	}
}

func TestTwoExportsToOneFolderGiveOneSite(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var sites []map[string]string
	var wg sync.WaitGroup
	for i := range 4 {
		site := map[string]string{}
		for n := range 20 {
			site[fmt.Sprintf("%d/%d.html", n%2, n*(i+1))] = strings.Repeat(fmt.Sprint(i), 1000)
		}
		sites = append(sites, site)
		wg.Go(func() {
			if err := page.Publish(folder, site); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := all(t, folder)
	delete(got, ".tutorial-site")
	if !slices.ContainsFunc(sites, func(site map[string]string) bool { return maps.Equal(site, got) }) {
		t.Errorf("the folder has the pages of no export: %q", slices.Sorted(maps.Keys(got)))
	}
}

func TestEachNotebookHasAPageOfItsOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, map[string]string{"tutorial/a.ipynb": "", "tutorial/sub/b.ipynb": "", "else/c.ipynb": "", "else/a.ipynb": "", "else/A.ipynb": "", "else/index.ipynb": "", "tutorial/sub/index.ipynb": ""})
	root := filepath.Join(dir, "tutorial")
	in := func(names ...string) []string {
		for i := range names {
			names[i] = filepath.Join(dir, names[i])
		}
		return names
	}
	pages, err := page.Pages(root, in("tutorial/sub/b.ipynb", "tutorial/a.ipynb", "else/c.ipynb", "tutorial/sub/index.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range pages {
		got = append(got, p.Name)
	}
	if want := []string{"sub/b.html", "a.html", "c.html", "sub/index.html"}; !slices.Equal(got, want) {
		t.Errorf("the pages are %q, want %q", got, want)
	}
	for _, c := range []struct {
		names []string
		want  string
	}{
		{in("tutorial/a.ipynb", "else/a.ipynb"), "would both be a.html; export them one after the other"},
		{in("tutorial/a.ipynb", "else/A.ipynb"), "would both be A.html"},
		{in("tutorial/a.ipynb", "tutorial/a.ipynb"), "would both be a.html"},
		{in("else/index.ipynb"), "would take the place of the site's first page; rename the notebook"},
	} {
		if _, err := page.Pages(root, c.names); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("for %q the error is %v, want %q", c.names, err, c.want)
		}
	}
}
