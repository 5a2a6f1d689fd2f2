package environment

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestExplainNamesTheRemedy(t *testing.T) {
	t.Parallel()
	exit := errors.New("exit status 1")
	const (
		network = "no network, or it was lost; connect"
		changed = "a download arrived changed or cut short"
		full    = "the disk is full; free some space"
		ro      = "the disk is read-only; clone the tutorial to a folder"
		denied  = "this user may not write there; clone the tutorial to a folder of your own"
	)
	// The outputs have the words of go, pip and uv, with the names of hosts and folders changed.
	tests := []struct {
		name, output string
		err          error
		want         string
	}{
		{"go, no name server", `example.org/a@v1.0.0: Get "https://mirror.example/a.zip": dial tcp: lookup mirror.example: no such host`, exit, network},
		{"go, refused", `Get "https://mirror.example/a.zip": proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused`, exit, network},
		{"go, cut", `example.org/a@v1.0.0: read "https://mirror.example/a.zip": unexpected EOF`, exit, network},
		{"go, switched off", `go: example.org/a@v1.0.0: module lookup disabled by GOPROXY=off`, exit, network},
		{"go, changed", "verifying example.org/a@v1.0.0: checksum mismatch\n\nSECURITY ERROR", exit, changed},
		{"go, full", "go: copying /tmp/go-build1/a.out: write /home/a/.venv/tools/gonb: no space left on device", exit, full},
		{"pip, nothing", "ERROR: No matching distribution found for uv==0.11.7", exit, network},
		{"pip, retries", "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError(...)': /simple/uv/", exit, network},
		{"pip, cut page", "json.decoder.JSONDecodeError: Unterminated string starting at: line 1 column 274171", exit, changed},
		{"pip, cut file", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", exit, changed},
		{"pip, full", "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", exit, full},
		{"pip, quota", "OSError: [Errno 122] Disk quota exceeded", exit, full},
		{"uv, connect", "error: Failed to fetch: `https://mirror.example/simple/jupyterlab/`\n  Caused by: client error (Connect)", exit, network},
		{"uv, cut", "  ├─▶ Failed to download `babel==2.18.0`\n  ╰─▶ error decoding response body", exit, network},
		{"uv, changed", "error: Hash mismatch for `babel==2.18.0`", exit, changed},
		{"uv, full", "error: failed to write to file `/home/a/.venv/x`: No space left on device (os error 28)", exit, full},
		{"ours, full", "", &fs.PathError{Op: "write", Path: "/a", Err: syscall.ENOSPC}, full},
		{"ours, read-only", "", &fs.PathError{Op: "mkdir", Path: "/a", Err: syscall.EROFS}, ro},
		{"ours, denied", "", &fs.PathError{Op: "mkdir", Path: "/a", Err: syscall.EACCES}, denied},
		{"none of these", "main.go:3: syntax error", exit, "exit status 1\n    | main.go:3: syntax error"},
		{"some other path", "", &fs.PathError{Op: "open", Path: "/a/b", Err: syscall.EISDIR}, "/a/b: open /a/b: is a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := explain(test.err, test.output)
			if !strings.HasPrefix(got.Error(), test.want) {
				t.Errorf("explained as\n%v\nwant\n%s...", got, test.want)
			}
			if !errors.Is(got, test.err) {
				t.Errorf("%v does not wrap %v", got, test.err)
			}
		})
	}
}

func TestExplainLeavesSuccessAndInterruptsAlone(t *testing.T) {
	t.Parallel()
	if err := explain(nil, "no space left on device"); err != nil {
		t.Errorf("success was explained as %v", err)
	}
	if err := explain(context.Canceled, "connection refused"); err != context.Canceled {
		t.Errorf("an interrupt was explained as %v", err)
	}
}

func TestExplainShowsTheEndOfALongOutput(t *testing.T) {
	t.Parallel()
	got := explain(errors.New("exit status 1"), strings.Repeat("line\n", 100)+"connection refused\n").Error()
	if n := strings.Count(got, "\n    | "); n != 6 || !strings.HasSuffix(got, "    | connection refused") {
		t.Errorf("it shows %d lines, want 6 with the last:\n%s", n, got)
	}
}

func TestRunEndsTheWholeGroupWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, "sh", "-c", "sleep 600 & echo started >&3; wait")
	started, out, err := pipe(t)
	if err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = append(cmd.ExtraFiles, out)
	ended := make(chan error, 1)
	go func() { ended <- run(cmd); out.Close() }()
	if _, err := started.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; err == nil {
		t.Error("a killed command succeeded")
	}
	// The pipe ends once nobody holds its other side: sh, and the sleep that sh started.
	if err := started.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := started.Read(make([]byte, 8)); err != io.EOF {
		t.Errorf("the other side ended with %v, want %v", err, io.EOF)
	}
}
