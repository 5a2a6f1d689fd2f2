package environment

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lock waits until no other process sets up or removes this environment. The system releases the lock of a process
// that dies.
func (c *Checkout) lock(ctx context.Context, progress io.Writer) (unlock func(), err error) {
	name := filepath.Join(c.stateDir(), "lock")
	announced := false
	for {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
		if err != nil {
			return nil, explain(err, "")
		}
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil && sameFile(f, name) {
			return func() { f.Close() }, nil
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
		// Uninstall removes the folder while it holds the lock.
		if err := os.MkdirAll(c.stateDir(), 0o755); err != nil {
			return nil, explain(err, "")
		}
	}
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
