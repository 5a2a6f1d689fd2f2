package environment

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// lockable is a checkout whose state exists.
func lockable(t *testing.T) *Checkout {
	t.Helper()
	c := bare(t).Checkout
	if err := os.MkdirAll(c.stateDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	return c
}

// lockSoon locks as a set-up does, and does not wait for ever. It may be called in any goroutine.
func lockSoon(t *testing.T, c *Checkout) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return c.lock(ctx, io.Discard)
}

func mustLock(t *testing.T, c *Checkout) (unlock func()) {
	t.Helper()
	unlock, err := lockSoon(t, c)
	if err != nil {
		t.Fatal(err)
	}
	return unlock
}

func TestLockIsHeldByOneAtATime(t *testing.T) {
	t.Parallel()
	c := lockable(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range 4 {
		wg.Go(func() {
			unlock, err := lockSoon(t, c)
			if err != nil {
				t.Error(err)
				return
			}
			defer unlock()
			if !mu.TryLock() {
				t.Error("two hold the lock")
				return
			}
			time.Sleep(5 * time.Millisecond) // for the others to try
			mu.Unlock()
		})
	}
	wg.Wait()
}

func TestLockSaysOnceThatItWaitsAndGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	c := lockable(t)
	defer mustLock(t, c)()
	reason := errors.New("enough")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 350*time.Millisecond, reason)
	defer cancel()
	var progress bytes.Buffer
	if _, err := c.lock(ctx, &progress); !errors.Is(err, reason) {
		t.Errorf("the error is %v, want %v", err, reason)
	}
	if got, want := progress.String(), "Waiting for another set-up of this checkout to finish\n"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}

func TestAwaitSetUpWaitsForIt(t *testing.T) {
	t.Parallel()
	c := lockable(t)
	unlock := mustLock(t, c)
	var progress bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 350*time.Millisecond)
	defer cancel()
	if err := c.AwaitSetUp(ctx, &progress); err == nil || progress.Len() == 0 {
		t.Errorf("while another sets up, it returns %v and says %q", err, &progress)
	}
	unlock()
	progress.Reset()
	if err := c.AwaitSetUp(t.Context(), &progress); err != nil || progress.Len() > 0 {
		t.Errorf("while nobody sets up, it returns %v and says %q", err, &progress)
	}
	if err := bare(t).AwaitSetUp(t.Context(), &progress); err != nil {
		t.Errorf("where nobody has set up, it returns %v", err)
	}
}

func TestLockSurvivesTheRemovalOfItsFolder(t *testing.T) {
	t.Parallel()
	c := lockable(t)
	unlock := mustLock(t, c)
	if err := c.removeBare(); err != nil {
		t.Fatal(err)
	}
	unlock()
	defer mustLock(t, c)()
	// The second holds the lock of the folder that is there now.
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	if _, err := c.lock(ctx, io.Discard); err == nil {
		t.Error("a third holds the lock too")
	}
}

// TestLockOutlivesItsHolderWithWhatItStarted is about a set-up that is killed while uv, say, runs. The holder is this
// test's program, run anew.
func TestLockOutlivesItsHolderWithWhatItStarted(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv("LOCK_AND_DIE"); dir != "" {
		mustLock(t, &Checkout{dir: dir})
		child := exec.Command("cat")
		child.Stdin = os.Stdin // it ends when the test closes it
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	c := lockable(t)
	holder := exec.Command(os.Args[0], "-test.run=^TestLockOutlivesItsHolderWithWhatItStarted$")
	holder.Env = append(os.Environ(), "LOCK_AND_DIE="+c.Dir())
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	holder.Stdin = r
	if err := holder.Run(); err == nil || err.Error() != "signal: killed" {
		t.Fatalf("the holder ended with %v", err)
	}
	r.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := c.lock(ctx, io.Discard); err == nil {
		t.Error("the lock was free while what its holder started still ran")
	}
	w.Close()
	mustLock(t, c)()
}
