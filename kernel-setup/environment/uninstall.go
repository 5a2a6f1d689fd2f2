package environment

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// Uninstall removes what Install and RegisterForUser made, and returns the folders that it removed. Whatever is not of
// this checkout stays. If another process is setting up, it waits for that to end, and says so on progress.
func (c *Checkout) Uninstall(ctx context.Context, progress io.Writer) (removed []string, err error) {
	if _, err := os.Stat(c.Venv()); err == nil {
		if err := c.refuseForeignVenv(); err != nil {
			return nil, err
		}
		unlock, err := c.lock(ctx, progress)
		if err != nil {
			return nil, err
		}
		defer unlock()
		// The state goes last: as long as it is there, an interrupted removal is still seen as ours.
		entries, err := os.ReadDir(c.Venv())
		if err != nil {
			return nil, explain(err, "")
		}
		for _, e := range entries {
			if path := filepath.Join(c.Venv(), e.Name()); path != c.stateDir() {
				if err := os.RemoveAll(path); err != nil {
					return nil, explain(err, "")
				}
			}
		}
		if err := c.removeVenv(); err != nil {
			return nil, explain(err, "")
		}
		removed = append(removed, c.Venv())
	}
	dir, err := userKernelDir()
	if err != nil {
		return removed, err
	}
	mine, err := c.registered(dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && !mine {
		return removed, nil
	}
	if err != nil {
		return removed, err
	}
	if err := os.RemoveAll(dir); err != nil {
		return removed, explain(err, "")
	}
	return append(removed, dir), nil
}

// removeVenv removes .venv. The caller holds the lock. Whoever waits for it may make the folder of the lock anew between
// two removals in it; the next attempt takes that with it.
func (c *Checkout) removeVenv() error {
	var err error
	for range 10 {
		if err = os.RemoveAll(c.Venv()); !errors.Is(err, syscall.ENOTEMPTY) {
			break
		}
	}
	return err
}
