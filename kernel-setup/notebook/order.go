package notebook

import (
	"cmp"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// startPage is the notebook whose tables say in which order the others are read. Links in its text do not: there may be
// one to anything.
const startPage = "00_start_here.ipynb"

var link = regexp.MustCompile(`\]\(([^)#\s]+\.ipynb)(?:#[^)]*)?\)`)

// List returns the notebooks below a folder in reading order: the start page, then those that its tables link to in the order of the
// links, then all others by name. Names begin with dir.
func List(dir string) ([]string, error) {
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
	if nb, err := Read(first); err == nil { // whoever reads it otherwise says what is wrong with it
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
