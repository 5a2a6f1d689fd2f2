//go:build unix

package python

import (
	"os/exec"
	"syscall"
)

// ownGroup makes the command's process the leader of a group, so that it can be ended with all that it starts.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends the group. A group that is gone already is no error.
func killGroup(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
