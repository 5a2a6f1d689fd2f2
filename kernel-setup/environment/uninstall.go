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
		// The lock goes last: as long as it is there, an interrupted removal is still seen as ours.
		for _, keep := range []string{c.stateDir(), c.lockFile()} {
			if err := removeAllBut(keep); err != nil {
				return nil, explain(err, "")
			}
		}
		if err := c.removeBare(); err != nil {
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

// removeAllBut removes everything beside the file that it keeps.
func removeAllBut(keep string) error {
	entries, err := os.ReadDir(filepath.Dir(keep))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if path := filepath.Join(filepath.Dir(keep), e.Name()); path != keep {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeBare removes a .venv that holds nothing but the lock. The caller holds that. Once the file is gone, whoever waits
// for it may make and hold a new one: then the folders are theirs, and stay.
func (c *Checkout) removeBare() error {
	for _, name := range []string{c.lockFile(), c.stateDir(), c.Venv()} {
		err := os.Remove(name)
		if errors.Is(err, syscall.ENOTEMPTY) || errors.Is(err, syscall.EEXIST) {
			return nil
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
