package environment

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lock waits until no other process sets up or removes this environment. The system releases the lock once this process
// and all that it started have died: what a killed set-up leaves running would write into the work of the next.
func (c *Checkout) lock(ctx context.Context, progress io.Writer) (unlock func(), err error) {
	name := filepath.Join(c.stateDir(), "lock")
	announced := false
	for {
		// Again each time, because uninstall removes the folder while it holds the lock.
		if err := os.MkdirAll(c.stateDir(), 0o755); err != nil {
			return nil, explain(err, "")
		}
		// Unlike os.OpenFile, which would keep the lock from the programs that we start.
		fd, err := syscall.Open(name, syscall.O_CREAT|syscall.O_RDWR, 0o644)
		if err == syscall.ENOENT {
			continue // removed just now
		}
		if err != nil {
			return nil, explain(&fs.PathError{Op: "open", Path: name, Err: err}, "")
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

// sameFile reports whether f is what name names now.
func sameFile(f *os.File, name string) bool {
	held, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(name)
	return err == nil && os.SameFile(held, named)
}
