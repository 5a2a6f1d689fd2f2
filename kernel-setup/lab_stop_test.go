package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestLabServesOnLoopbackWithATokenAndStopsCleanly starts JupyterLab as a person does, and a kernel in it.
func TestLabServesOnLoopbackWithATokenAndStopsCleanly(t *testing.T) {
	t.Parallel()
	checkout := installed(t)
	program, err := exec.LookPath("kernel-setup")
	if err != nil {
		t.Fatal(err)
	}
	mark := "KERNEL_SETUP_TEST=" + t.TempDir()
	cmd := exec.Command(program, "lab", "--no-browser")
	cmd.Dir = checkout.Dir()
	cmd.Env = append(os.Environ(), mark)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(90*time.Second, func() { cmd.Process.Kill() })
	defer watchdog.Stop()
	defer cmd.Process.Kill()

	lines := bufio.NewScanner(stdout)
	var address *url.URL
	for address == nil && lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); strings.HasPrefix(line, "http://") {
			if address, err = url.Parse(line); err != nil {
				t.Fatal(err)
			}
		}
	}
	if address == nil {
		t.Fatal("lab printed no URL")
	}
	if ip := net.ParseIP(address.Hostname()); address.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		t.Errorf("it serves on %s", address.Host)
	}
	token := address.Query().Get("token")
	if len(token) < 20 {
		t.Errorf("the token %q is too short to be one", token)
	}
	if got, want := address.Path, "/lab/tree/notebooks/00_start_here.ipynb"; got != want {
		t.Errorf("it opens %s, want %s", got, want)
	}
	call := func(method, path, body, token string) (int, string) {
		request, err := http.NewRequest(method, "http://"+address.Host+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			request.Header.Set("Authorization", "token "+token)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		b, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(b)
	}
	for _, wrong := range []string{"", "wrong"} {
		if status, _ := call("GET", "/api/contents", "", wrong); status != http.StatusForbidden {
			t.Errorf("with the token %q it answers %d, want 403", wrong, status)
		}
	}
	if status, body := call("GET", "/api/contents/kernel-setup", "", token); status != http.StatusOK || !strings.Contains(body, "main.go") {
		t.Errorf("with the token it answers %d: %.200s", status, body)
	}
	if _, body := call("GET", "/api/kernelspecs", "", token); !strings.Contains(body, `"gonb"`) {
		t.Errorf("there is no kernel gonb: %.200s", body)
	}
	if status, body := call("POST", "/api/kernels", `{"name": "gonb"}`, token); status != http.StatusCreated {
		t.Errorf("starting a kernel answers %d: %.200s", status, body)
	}
	running := func(name string) bool {
		for _, line := range processesWith(mark) {
			program, _, _ := strings.Cut(line, " ")
			if filepath.Base(program) == name {
				return true
			}
		}
		return false
	}
	if runtime.GOOS == "linux" && !within(20*time.Second, func() bool { return running("gonb") && running("gopls") }) {
		t.Errorf("no kernel with its gopls is among %q", processesWith(mark))
	}

	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	rest := ""
	for lines.Scan() {
		rest += lines.Text() + "\n"
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after Ctrl-C it ended with %v", err)
	}
	if !strings.HasSuffix(rest, "Stopped.\n") {
		t.Errorf("its last words are %q", rest)
	}
	if runtime.GOOS == "linux" && !within(time.Minute, func() bool { return len(processesWith(mark)) == 0 }) {
		t.Errorf("still running: %q", processesWith(mark))
	}
	var progress strings.Builder
	if err := checkout.Install(t.Context(), &progress); err != nil || progress.Len() > 0 {
		t.Errorf("after JupyterLab has run, set-up says %q, %v; want nothing to do", progress.String(), err)
	}
}
