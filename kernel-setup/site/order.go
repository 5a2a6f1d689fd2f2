// Package site says which pages a site of the tutorial has, and puts them in place.
package site

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"tutorial/kernel-setup/notebook"
	"tutorial/kernel-setup/page"
)

// startPage is the notebook whose tables say in which order the others are read. Links in its text do not: there may be
// one to anything.
const startPage = "00_start_here.ipynb"

var link = regexp.MustCompile(`\]\(([^)#\s]+\.ipynb)(?:#[^)]*)?\)`)

// Notebooks returns the notebooks below a folder: the start page, then those that its tables link to in the order of the
// links, then all others by name. Names begin with dir.
func Notebooks(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && name != dir) {
			return fs.SkipDir
		}
		if filepath.Ext(name) == ".ipynb" {
			found = append(found, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	first := filepath.Join(dir, startPage)
	place := map[string]int{first: 0}
	if slices.Contains(found, first) {
		nb, err := notebook.Read(first)
		if err != nil {
			return nil, err
		}
		for _, c := range nb.Cells {
			if c.Type != "markdown" {
				continue
			}
			for line := range strings.Lines(string(c.Source)) {
				if !strings.HasPrefix(line, "|") {
					continue
				}
				for _, m := range link.FindAllStringSubmatch(line, -1) {
					name := filepath.Join(dir, filepath.FromSlash(m[1]))
					if _, ok := place[name]; !ok {
						place[name] = len(place)
					}
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(place, a), rank(place, b)), cmp.Compare(a, b))
	})
	return found, nil
}

func rank(place map[string]int, name string) int {
	if n, ok := place[name]; ok {
		return n
	}
	return len(place)
}

// Pages returns the page of each notebook, without its executed copy. Notebooks below the folder root keep their
// folders, others come to the top. It fails if two would become the same page.
func Pages(root string, names []string) ([]page.Source, error) {
	taken := map[string]string{page.Home: ""}
	pages := make([]page.Source, len(names))
	for i, name := range names {
		source, err := absolute(name)
		if err != nil {
			return nil, err
		}
		target := filepath.Base(source)
		if inside, err := filepath.Rel(root, source); err == nil && filepath.IsLocal(inside) {
			target = inside
		}
		target = filepath.ToSlash(strings.TrimSuffix(target, ".ipynb") + ".html")
		switch other, ok := taken[strings.ToLower(target)]; { // some disks do not tell capitals apart
		case !ok:
		case other == "":
			return nil, fmt.Errorf("the page of %s would take the place of the site's first page; rename the notebook", name)
		default:
			return nil, fmt.Errorf("the pages of %s and %s would both be %s; export them one after the other, into two folders", other, name, path.Base(target))
		}
		taken[strings.ToLower(target)] = name
		pages[i] = page.Source{Notebook: source, Name: target}
	}
	return pages, nil
}

// absolute returns the absolute path without symbolic links, for two names of a file to be one.
func absolute(name string) (string, error) {
	name, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(name)
	if os.IsNotExist(err) {
		return name, nil
	}
	return real, err
}
