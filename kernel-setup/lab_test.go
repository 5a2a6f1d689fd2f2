//go:build !windows

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/processes"
)

// patience is how long a test waits for what takes a few seconds on a machine that has nothing else to do.
const patience = 2 * time.Minute

func TestAPortThatIsAskedForIsTheOnlyOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args  []string
		asked bool
		err   string
	}{
		{nil, false, ""},
		{[]string{"--no-browser", "--ip=127.0.0.1"}, false, ""},
		{[]string{"--no-browser", "--port=9000"}, true, ""},
		{[]string{"--port", "9000"}, true, ""},
		{[]string{"--ServerApp.port=9000"}, true, ""},
		{[]string{"--port=90000"}, false, `there is no port "90000"; choose one from 1024 to 65535 with --port, or leave --port out`},
		{[]string{"--port", "soon"}, false, `there is no port "soon"`},
		{[]string{"--port"}, false, `there is no port ""`},
	} {
		asked, err := asksForPort(c.args)
		if asked != c.asked || (err == nil) != (c.err == "") || err != nil && !strings.HasPrefix(err.Error(), c.err) {
			t.Errorf("%q ask for a port: %v, %v; want %v, %q", c.args, asked, err, c.asked, c.err)
		}
	}
}

// TestLab starts the real thing once, as a reader does. Its subtests are steps, each on what the ones before left.
func TestLab(t *testing.T) {
	t.Parallel()
	lab := labtest.Open(t, labtest.Installed(t).Dir())

	t.Run("whoever lacks the token gets nothing", func(t *testing.T) {
		for _, path := range []string{"api/contents", "api/kernels", "api/contents/" + environment.FirstNotebook, "files/" + environment.FirstNotebook, "lab"} {
			for _, token := range []string{"", "?token=wrong"} {
				answer := lab.Get(path + token)
				if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusForbidden && !strings.HasPrefix(to, "/login") {
					t.Errorf("%s%s: status %s, redirected to %q; want 403 or the login page", path, token, answer.Status, to)
				}
				if strings.Contains(answer.Body, "00_start_here") && answer.StatusCode != http.StatusFound {
					t.Errorf("%s%s: answered with content: %.200s", path, token, answer.Body)
				}
			}
		}
	})
	t.Run("whoever has the token sees the notebooks, and not their tests", func(t *testing.T) {
		answer := lab.Get("api/contents/notebooks?token=" + lab.Token)
		if answer.StatusCode != http.StatusOK || !strings.Contains(answer.Body, "00_start_here") {
			t.Errorf("status %s: %.300s", answer.Status, answer.Body)
		}
		if strings.Contains(answer.Body, "claims_test.go") || strings.Contains(answer.Body, "testdata") {
			t.Errorf("the file browser shows the tests: %.2000s", answer.Body)
		}
	})
	t.Run("a new notebook gets the Go kernel", func(t *testing.T) {
		answer := lab.Get("api/kernelspecs?token=" + lab.Token)
		if want := `"default": "` + environment.KernelName + `"`; !strings.Contains(answer.Body, want) {
			t.Errorf("the kernels are %.300s; want %s", answer.Body, want)
		}
	})
	t.Run("nothing listens but Jupyter, and that on this machine alone", func(t *testing.T) {
		lab.StartKernel()
		doors, err := processes.Listening(lab.Family())
		if err != nil {
			t.Fatal(err)
		}
		if len(doors) != 1 { // kernels talk over Unix sockets
			t.Errorf("%v listen; want Jupyter alone", doors)
		}
		for _, door := range doors {
			if !door.Addr().IsLoopback() {
				t.Errorf("something listens on %v", door)
			}
		}
	})
	t.Run("an interrupt ends all of it", func(t *testing.T) {
		if before := lab.Family(); len(before) < 4 {
			t.Errorf("lab, Jupyter, a kernel and its gopls are four, and only %v are found; the test does not see what runs", before)
		}
		start := time.Now()
		lab.Interrupt()
		select {
		case <-lab.Ended:
			if lab.Err != nil {
				t.Errorf("lab ended with %v; an interrupt is the usual way to end it, so the status should be 0", lab.Err)
			}
			t.Logf("ended after %.1f s", time.Since(start).Seconds())
		case <-time.After(20 * time.Second): // lab itself gives Jupyter ten
			t.Fatal("lab still runs 20 s after the interrupt")
		}
		if left := lab.Family(); len(left) > 0 {
			t.Errorf("these still run: %v", left)
		}
	})
	t.Run("set-up has nothing to do afterwards", func(t *testing.T) {
		checkout := labtest.Installed(t)
		var progress strings.Builder
		if err := checkout.Install(t.Context(), &progress); err != nil || progress.Len() > 0 {
			t.Errorf("after JupyterLab has run, set-up says %q, %v", progress.String(), err)
		}
	})
}

// TestLabEndsWithJupyter kills Jupyter, as a system short of memory does, while a kernel runs.
func TestLabEndsWithJupyter(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	// Were it asked for anything, npm would write to the home.
	npm := filepath.Join(t.TempDir(), "npm")
	if err := os.WriteFile(npm, []byte("#!/bin/sh\ntouch \"$0.called\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(npm)+string(filepath.ListSeparator)+os.Getenv("PATH"))
	lab := labtest.Open(t, labtest.Installed(t).Dir())
	lab.StartKernel()
	for _, p := range lab.Family() {
		if len(p.Args) > 0 && strings.HasPrefix(filepath.Base(p.Args[0]), "python") {
			if err := syscall.Kill(p.PID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	select {
	case <-lab.Ended:
		if lab.Err == nil {
			t.Error("lab ended with status 0 although Jupyter was killed")
		}
	case <-time.After(patience):
		t.Fatal("lab still runs")
	}
	if !within(10*time.Second, func() bool { return len(lab.Family()) == 0 }) {
		t.Errorf("these still run: %v", lab.Family())
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("in the folder for temporary files is left %v, %v", left, err)
	}
	if _, err := os.Stat(npm + ".called"); !os.IsNotExist(err) {
		t.Errorf("npm was called, %v", err)
	}
}
