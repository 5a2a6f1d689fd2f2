package page

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// marker is the file by which a folder is known as a site of ours. It has the names of the pages in it, a line each.
const marker = ".tutorial-site"

// staging is how the names of folders begin in which a site is made, inside its own folder: there they are on the same
// disk, whatever is mounted where.
const staging = ".new-"

// A Folder is where a site goes. It is locked for others until it is closed.
type Folder struct {
	dir   string
	lock  *os.File
	made  []string // folders that Open made, the outermost first
	stage string
}

// Open prepares a folder for a site, which it makes if it is not there. It refuses one that has something else in it
// than an earlier site.
func Open(dir string) (*Folder, error) {
	f := &Folder{dir: dir}
	if err := f.open(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (f *Folder) open() error {
	info, err := os.Stat(f.dir)
	switch {
	case err == nil && !info.IsDir():
		return fmt.Errorf("%s is a file, and -o needs a folder; choose another name", f.dir)
	case errors.Is(err, fs.ErrNotExist):
		if err := f.mkdir(f.dir); err != nil {
			return fmt.Errorf("the folder %s cannot be made: %w; choose another with -o", f.dir, reason(err))
		}
	case err != nil:
		return err
	}
	if f.lock, err = os.Open(f.dir); err != nil {
		return err
	}
	if err := syscall.Flock(int(f.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("another export to %s is under way; wait for it, or choose another folder with -o", f.dir)
	}
	if err := f.refuseForeign(); err != nil {
		return err
	}
	// Whoever left these was killed: it would hold the lock.
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), staging) {
			if err := os.RemoveAll(filepath.Join(f.dir, entry.Name())); err != nil {
				return err
			}
		}
	}
	if f.stage, err = os.MkdirTemp(f.dir, staging+"*"); err != nil {
		return fmt.Errorf("nothing can be written to %s: %w; choose another folder with -o", f.dir, reason(err))
	}
	return nil
}

// reason is what went wrong, without the call and the file.
func reason(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

// mkdir is os.MkdirAll that remembers what it has made.
func (f *Folder) mkdir(dir string) error {
	err := os.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir {
		if err := f.mkdir(filepath.Dir(dir)); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		err = os.Mkdir(dir, 0o755)
	}
	if err == nil {
		f.made = append(f.made, dir)
	}
	return err
}

// refuseForeign fails if there is something in the folder that no export has put there.
func (f *Folder) refuseForeign() error {
	ours, err := f.pages()
	if err != nil {
		return err
	}
	return filepath.WalkDir(f.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(f.dir, path)
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(name, staging):
			return fs.SkipDir
		case entry.IsDir():
			return nil
		case name == marker, strings.HasPrefix(name, staging), slices.Contains(ours, filepath.ToSlash(name)):
			return nil
		case ours == nil:
			return fmt.Errorf("%s is not empty, and not a site that this command wrote; choose another folder with -o", f.dir)
		}
		return fmt.Errorf("%s has %s in it, which this command did not write; move it away, or choose another folder with -o", f.dir, name)
	})
}

// pages returns the names of the pages that earlier exports wrote, nil if there was none.
func (f *Folder) pages() ([]string, error) {
	b, err := os.ReadFile(filepath.Join(f.dir, marker))
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

// Stage is an empty folder for the pages, which nobody sees before Publish. It has an absolute path if the folder has.
func (f *Folder) Stage() string { return f.stage }

// Publish puts what is in Stage in the place of the pages that were there, each page whole at any moment, and removes
// those that are no more.
func (f *Folder) Publish() error {
	before, err := f.pages()
	if err != nil {
		return err
	}
	var now []string
	err = filepath.WalkDir(f.stage, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(f.stage, path)
		now = append(now, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		return err
	}
	// First the names: whatever comes in between, all that is there is known as ours.
	if err := f.mark(slices.Compact(slices.Sorted(slices.Values(append(before, now...))))); err != nil {
		return err
	}
	for _, name := range now {
		target := filepath.Join(f.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(f.stage, filepath.FromSlash(name)), target); err != nil {
			return err
		}
	}
	for _, name := range before {
		if slices.Contains(now, name) {
			continue
		}
		old := filepath.Join(f.dir, filepath.FromSlash(name))
		if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for dir := filepath.Dir(old); dir != filepath.Clean(f.dir) && os.Remove(dir) == nil; {
			dir = filepath.Dir(dir)
		}
	}
	f.made = nil
	return f.mark(now)
}

// mark writes the marker, whole or not at all.
func (f *Folder) mark(names []string) error {
	part := filepath.Join(f.dir, staging+"marker")
	if err := os.WriteFile(part, []byte(strings.Join(names, "\n")+"\n"), 0o644); err != nil {
		return err
	}
	return os.Rename(part, filepath.Join(f.dir, marker))
}

// Close removes what was not published, and unlocks the folder.
func (f *Folder) Close() error {
	var errs []error
	if f.stage != "" {
		errs = append(errs, os.RemoveAll(f.stage))
	}
	for _, dir := range slices.Backward(f.made) {
		errs = append(errs, os.Remove(dir))
	}
	if f.lock != nil {
		syscall.Flock(int(f.lock.Fd()), syscall.LOCK_UN) // a program that is just being started holds the file open for an instant
		errs = append(errs, f.lock.Close())
	}
	return errors.Join(errs...)
}
