package execute

import (
	"errors"
	"fmt"
	"hash"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tutorial/kernel-setup/environment"
)

// A Cache keeps executed copies of notebooks, each under a digest of everything that its outputs depend on, apart from
// the machine and the moment.
type Cache struct {
	dir       string
	temporary bool
	base      []byte // digests what all notebooks depend on
}

// OpenCache opens the cache in the environment of a checkout. Where that cannot be written, as in an image, the cache is
// one for this time only.
func OpenCache(c *environment.Checkout) (*Cache, error) {
	base, err := checkoutDigest(c)
	if err != nil {
		return nil, err
	}
	cache := &Cache{dir: filepath.Join(c.Venv(), "executed"), base: base}
	err = os.MkdirAll(cache.dir, 0o755)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(cache.dir, ".new-*"); err == nil {
			probe.Close()
			return cache, os.Remove(probe.Name())
		}
	}
	cache.temporary = true
	cache.dir, err = os.MkdirTemp("", "executed-*")
	return cache, err
}

// Close removes the cache if it is for one time only.
func (c *Cache) Close() error {
	if c.temporary {
		return os.RemoveAll(c.dir)
	}
	return nil
}

// Path returns where the executed copy of a notebook, as it is now, belongs. There is one if it was executed before and
// nothing has changed since.
func (c *Cache) Path(notebook string) (string, error) {
	h := fnv.New128a()
	h.Write(c.base)
	if err := digestFile(h, notebook); err != nil {
		return "", err
	}
	// A notebook runs in its own folder, and may read what is beside it.
	entries, err := os.ReadDir(filepath.Dir(notebook))
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || filepath.Ext(entry.Name()) == ".ipynb" || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, entry.Name(), info.Size(), info.ModTime().UnixNano())
	}
	return filepath.Join(c.dir, fmt.Sprintf("%s%x.ipynb", c.prefix(notebook), h.Sum(nil))), nil
}

// prefix is what the names of all copies of a notebook begin with.
func (c *Cache) prefix(notebook string) string {
	h := fnv.New64a()
	io.WriteString(h, notebook)
	return fmt.Sprintf("%s-%x-", strings.TrimSuffix(filepath.Base(notebook), ".ipynb"), h.Sum(nil))
}

// Prune removes the copies of a notebook but the one to keep.
func (c *Cache) Prune(notebook, keep string) error {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), c.prefix(notebook)) && entry.Name() != filepath.Base(keep) {
			if err := os.Remove(filepath.Join(c.dir, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// checkoutDigest digests what every notebook of a checkout depends on: the helpers that cells import, the modules and
// tools, Go, the kernel's own settings, Python with its packages, and how notebooks are executed.
func checkoutDigest(c *environment.Checkout) ([]byte, error) {
	h := fnv.New128a()
	script, err := environment.Programs.ReadFile("kernel_setup/execute.py")
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(h, c.GoVersion(), len(script), string(script))
	for _, name := range append(c.ExecutionFiles(), filepath.Join(c.Dir(), "go.mod"), filepath.Join(c.Dir(), "go.sum")) {
		if err := digestFile(h, name); err != nil {
			return nil, err
		}
	}
	err = filepath.WalkDir(filepath.Join(c.Dir(), "helpers"), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, "_test.go") {
			return err
		}
		return digestFile(h, name)
	})
	return h.Sum(nil), err
}

// digestFile adds the name and the content of a file.
func digestFile(h hash.Hash, name string) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	fmt.Fprintln(h, name, len(b))
	h.Write(b)
	return nil
}
