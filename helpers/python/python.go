// Package python finds the Python that programs of a cell run on, and ends them with all that they have started.
package python

import (
	"errors"
	"os/exec"
	"time"
)

// ErrMissing is returned by Command if there is no Python.
var ErrMissing = errors.New("there is no python3 on PATH; install Python")

// stopping is how long to wait for a process's last words after it has ended: a grandchild may hold on to its output.
const stopping = time.Second

// Command returns a command that runs python3 from PATH, which in a notebook is the environment's own, as the leader of a
// process group of its own. [Kill] ends the group.
func Command(arguments ...string) (*exec.Cmd, error) {
	path, err := exec.LookPath("python3")
	if err != nil {
		return nil, ErrMissing
	}
	cmd := exec.Command(path, arguments...)
	cmd.WaitDelay = stopping
	ownGroup(cmd)
	return cmd, nil
}

// Kill ends a started command and, where the system has process groups, all that it has started. It is no error if they
// have ended already.
func Kill(cmd *exec.Cmd) { killGroup(cmd) }
