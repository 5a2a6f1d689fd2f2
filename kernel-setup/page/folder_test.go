package page_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
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
	f, err := page.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	put(t, f.Stage(), pages)
	if err := f.Publish(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
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

func TestAnExportThatWasGivenUpLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "new", "site")
	giveUp := func() {
		f, err := page.Open(folder)
		if err != nil {
			t.Fatal(err)
		}
		put(t, f.Stage(), map[string]string{"index.html": "half"})
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	giveUp()
	if _, err := os.Stat(filepath.Dir(folder)); !os.IsNotExist(err) {
		t.Error("a folder is left that was not there before")
	}
	publish(t, folder, map[string]string{"index.html": "1"})
	giveUp()
	wantPages(t, folder, map[string]string{"index.html": "1"})
}

func TestWhatAKilledExportLeftIsCleared(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	put(t, folder, map[string]string{".new-123/a.html": "half", ".new-marker": "half"})
	publish(t, folder, map[string]string{"index.html": "1"})
	wantPages(t, folder, map[string]string{"index.html": "1"})
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
		"/proc/a": "the folder /proc/a cannot be made: no such file or directory; choose another with -o",
		"ours":    "ours has sub/notes.txt in it, which this command did not write; move it away",
	} {
		before := all(t, dir)
		folder := name
		if !filepath.IsAbs(name) {
			folder = filepath.Join(dir, name)
		} else if runtime.GOOS != "linux" {
			continue
		}
		f, err := page.Open(folder)
		if err == nil {
			f.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want %q", name, err, want)
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

func TestTwoExportsToOneFolderAreRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first, err := page.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := page.Open(folder); err == nil || !strings.Contains(err.Error(), "another export to") {
		t.Errorf("the second export is told %v", err)
	}
	if err := first.Publish(); err != nil {
		t.Errorf("the first was disturbed: %v", err)
	}
	first.Close()
	second, err := page.Open(folder)
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	second.Close()
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
