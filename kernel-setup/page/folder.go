package page

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// marker is the file by which a folder is known as a site of ours. It has the names of the pages in it, a line each.
const marker = ".tutorial-site"

// part is the file in which a page is written before it takes its place. It is in the folder of the site: there it is on the
// same disk.
const part = ".tutorial-site.part"

// Check fails if a folder, which need not be there, cannot be a site's: if it is a file, has something in it that no export
// has put there, or may not be written to. It makes nothing.
func Check(dir string) error {
	there := dir // the innermost folder that exists
	info, err := os.Stat(there)
	for errors.Is(err, fs.ErrNotExist) && filepath.Dir(there) != there {
		there = filepath.Dir(there)
		info, err = os.Stat(there)
	}
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is a file, and -o needs a folder; choose another name", there)
	case there == dir:
		if err := refuseForeign(dir); err != nil {
			return err
		}
	}
	probe, err := os.MkdirTemp(there, marker+"-*")
	if err != nil {
		return fmt.Errorf("nothing can be written to %s: %w; choose another folder with -o", there, reason(err))
	}
	return os.Remove(probe)
}

// reason is what went wrong, without the call and the file.
func reason(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

// refuseForeign fails if there is something in the folder that no export has put there.
func refuseForeign(dir string) error {
	ours, err := written(dir)
	if err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		switch {
		case err != nil:
			return err
		case name == marker, name == part, slices.Contains(ours, filepath.ToSlash(name)):
			return nil
		case ours == nil:
			return fmt.Errorf("%s is not empty, and not a site that this command wrote; choose another folder with -o", dir)
		}
		return fmt.Errorf("%s has %s in it, which this command did not write; move it away, or choose another folder with -o", dir, name)
	})
}

// written returns the names of the pages that earlier exports wrote, nil if there was none.
func written(dir string) ([]string, error) {
	b, err := os.ReadFile(filepath.Join(dir, marker))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	names := []string{}
	for name := range strings.Lines(string(b)) {
		if name = strings.TrimSpace(name); filepath.IsLocal(filepath.FromSlash(name)) {
			names = append(names, name)
		}
	}
	return names, err
}

// Publish puts pages, by name with slashes, in the place of those that an earlier export wrote to the folder, each page whole
// at any moment, and removes those that are no more. It makes the folder if it is not there, and refuses what Check refuses.
func Publish(dir string, pages map[string]string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("the folder %s cannot be made: %w; choose another with -o", dir, reason(err))
	}
	lock, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil { // two exports have one part
		return err
	}
	if err := refuseForeign(dir); err != nil {
		return err
	}
	before, err := written(dir)
	if err != nil {
		return err
	}
	now := slices.Sorted(maps.Keys(pages))
	// First the names: whatever comes in between, all that is there is known as ours.
	if err := mark(dir, slices.Compact(slices.Sorted(slices.Values(slices.Concat(before, now))))); err != nil {
		return err
	}
	for _, name := range now {
		if err := write(dir, name, pages[name]); err != nil {
			return err
		}
	}
	for _, name := range before {
		if slices.Contains(now, name) {
			continue
		}
		old := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for empty := filepath.Dir(old); empty != filepath.Clean(dir) && os.Remove(empty) == nil; {
			empty = filepath.Dir(empty)
		}
	}
	return mark(dir, now)
}

func mark(dir string, names []string) error {
	return write(dir, marker, strings.Join(names, "\n")+"\n")
}

// write writes a file, whole or not at all.
func write(dir, name, content string) error {
	target := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, part), []byte(content), 0o644); err != nil {
		return err
	}
	return os.Rename(filepath.Join(dir, part), target)
}
