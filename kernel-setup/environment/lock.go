package environment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

func (c *Checkout) lockFile() string { return filepath.Join(c.stateDir(), "lock") }

// lock waits until no other process sets up or removes this environment. The system releases the lock once this process
// and all that it started have died: what a killed set-up leaves running would write into the work of the next.
func (c *Checkout) lock(ctx context.Context, progress io.Writer) (unlock func(), err error) {
	name := c.lockFile()
	announced := false
	for vanished := 0; ; {
		fd, err := openLock(name)
		if errors.Is(err, fs.ErrNotExist) && vanished < 10 {
			vanished++ // uninstall removes the folder while it holds the lock, so it may go under our hands
			continue
		}
		if err != nil {
			return nil, explain(err, "")
		}
		f := os.NewFile(uintptr(fd), name)
		err = syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil && sameFile(f, name) {
			return func() {
				syscall.Flock(fd, syscall.LOCK_UN)
				f.Close()
			}, nil
		}
		f.Close()
		if err != nil && err != syscall.EWOULDBLOCK {
			return nil, fmt.Errorf("cannot lock %s: %w", name, err)
		}
		if !announced {
			announced = true
			fmt.Fprintln(progress, "Waiting for another set-up of this checkout to finish")
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// AwaitSetUp returns once no other process sets up this environment, and tells progress if it has to wait.
func (c *Checkout) AwaitSetUp(ctx context.Context, progress io.Writer) error {
	if _, err := os.Stat(c.lockFile()); err != nil {
		return nil
	}
	if unlock, err := c.lock(ctx, progress); err == nil { // it fails where another user has set up
		unlock()
	}
	return ctx.Err()
}

// openLock opens the file, and makes it and its folder if they are not there. Unlike with os.OpenFile, the programs that
// we start keep it open.
func openLock(name string) (fd int, err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return 0, err
	}
	fd, err = syscall.Open(name, syscall.O_CREAT|syscall.O_RDWR, 0o644)
	if err != nil {
		return 0, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return fd, nil
}

// sameFile reports whether f is what name names now.
func sameFile(f *os.File, name string) bool {
	held, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(name)
	return err == nil && os.SameFile(held, named)
}
