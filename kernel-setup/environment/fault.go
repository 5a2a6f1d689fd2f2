package environment

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// run runs cmd and explains its failure. Cancelling its context kills it and all that it started.
func run(cmd *exec.Cmd) error {
	// A group of its own: an interrupt at the terminal comes to us, and we end the whole group.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	return explain(err, string(out))
}

// remedies are sentences for what commonly goes wrong, found by what Go, pip and uv print of it.
var remedies = []struct {
	signs  []string
	advice string
}{
	{[]string{"no space left on device", "disk quota exceeded"},
		"the disk is full; free some space (about 1 GB is needed, build caches included), and run the command again"},
	{[]string{"read-only file system"},
		"the disk is read-only; clone the tutorial to a folder that can be written to"},
	{[]string{"permission denied"},
		"this user may not write there; clone the tutorial to a folder of your own"},
	{[]string{
		"no such host", "dial tcp", "network is unreachable", "connection refused", "connection reset", "i/o timeout",
		"unexpected eof", "error sending request", "failed to fetch", "max retries exceeded", "newconnectionerror",
		"temporary failure in name resolution", "connection broken", "no matching distribution found for uv",
		"tls handshake", "error decoding response body", "module lookup disabled", "client error (connect)",
	},
		"no network, or it was lost; connect, and run the same command again: it goes on where it stopped " +
			"(behind a mirror, set GOPROXY for Go and PIP_INDEX_URL for Python)"},
	// pip takes what it has of a file when the connection breaks for the whole of it.
	{[]string{"do not match the hashes", "hash mismatch", "checksum mismatch", "jsondecodeerror"},
		"a download arrived changed or cut short: the network was lost midway, or a mirror serves other files; run the " +
			"same command again, and if that does not help, with another network or mirror"},
}

// explain makes an error that a person can act on from a failure and what was printed with it.
func explain(err error, output string) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	text := strings.ToLower(output + " " + err.Error())
	for _, r := range remedies {
		for _, sign := range r.signs {
			if strings.Contains(text, sign) {
				return &fault{advice: r.advice, detail: lastLines(output, 6), err: err}
			}
		}
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: %w", path.Path, err)
	}
	return &fault{advice: err.Error(), detail: lastLines(output, 12), err: err}
}

// A fault is an error with what a program printed about it.
type fault struct {
	advice string
	detail string
	err    error
}

func (f *fault) Error() string {
	if f.detail == "" {
		return f.advice
	}
	return f.advice + "\n" + f.detail
}

func (f *fault) Unwrap() error { return f.err }

// lastLines returns the last n lines of s, each behind a mark.
func lastLines(s string, n int) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	lines := strings.Split(s, "\n")
	lines = lines[max(0, len(lines)-n):]
	return "    | " + strings.Join(lines, "\n    | ")
}
