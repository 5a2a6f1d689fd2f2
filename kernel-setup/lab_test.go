package main

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tutorial/kernel-setup/browsertest"
	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/processes"
	"tutorial/kernel-setup/site"
)

// patience is how long a test waits for what takes a few seconds on a machine that has nothing else to do.
const patience = 2 * time.Minute

func TestLabOptionsGiveWayToArguments(t *testing.T) {
	t.Parallel()
	own := []string{"--ServerApp.ip=127.0.0.1", "--ServerApp.root_dir=/checkout"}
	for _, c := range []struct {
		args, want []string
	}{
		{nil, own},
		{[]string{"--no-browser", "--port=9000"}, own},
		{[]string{"--ServerApp.root_dir=/elsewhere"}, own[:1]},
		{[]string{"--notebook-dir=/elsewhere"}, own[:1]},
		{[]string{"--notebook-dir=/elsewhere", "--ip=::1"}, nil},
	} {
		if got := unless(c.args, slices.Clone(own)...); !slices.Equal(got, c.want) {
			t.Errorf("with the arguments %q, lab's own options are %q, and should be %q", c.args, got, c.want)
		}
	}
}

// TestLab starts the real thing once, as a reader does. Its subtests are steps, each on what the ones before left.
func TestLab(t *testing.T) {
	t.Parallel()
	// JupyterLab saves what it runs, so it gets a copy of the notebooks. The kernel stays the checkout's.
	root := t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "notebooks"), os.DirFS("../notebooks")); err != nil {
		t.Fatal(err)
	}
	lab := openLab(t, "--notebook-dir="+root,
		// Nor does it open what the developer had open, or change that.
		"--LabApp.workspaces_dir="+t.TempDir(), "--LabApp.user_settings_dir="+t.TempDir())

	t.Run("whoever lacks the token gets nothing", func(t *testing.T) {
		for _, path := range []string{"api/contents", "api/kernels", "api/contents/" + firstNotebook, "files/" + firstNotebook, "lab"} {
			for _, token := range []string{"", "?token=wrong"} {
				answer := lab.get(t, path+token)
				if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusForbidden && !strings.HasPrefix(to, "/login") {
					t.Errorf("%s%s: status %s, redirected to %q; want 403 or the login page", path, token, answer.Status, to)
				}
				if strings.Contains(answer.body, "00_start_here") && answer.StatusCode != http.StatusFound {
					t.Errorf("%s%s: answered with content: %.200s", path, token, answer.body)
				}
			}
		}
	})
	t.Run("whoever has the token sees the notebooks, and not their tests", func(t *testing.T) {
		answer := lab.get(t, "api/contents/notebooks?token="+lab.token)
		if answer.StatusCode != http.StatusOK || !strings.Contains(answer.body, "00_start_here") {
			t.Errorf("status %s: %.300s", answer.Status, answer.body)
		}
		if strings.Contains(answer.body, "claims_test.go") || strings.Contains(answer.body, "testdata") {
			t.Errorf("the file browser shows the tests: %.2000s", answer.body)
		}
	})
	t.Run("a new notebook gets the Go kernel", func(t *testing.T) {
		answer := lab.get(t, "api/kernelspecs?token="+lab.token)
		if want := `"default": "` + environment.KernelName + `"`; !strings.Contains(answer.body, want) {
			t.Errorf("the kernels are %.300s; want %s", answer.body, want)
		}
	})
	t.Run("every notebook runs in the browser", func(t *testing.T) {
		all, err := site.Notebooks(filepath.Join(root, "notebooks"))
		if err != nil {
			t.Fatal(err)
		}
		browsertest.Open(t, 1400, 900).Read(lab.url, "lab", all...)
	})
	t.Run("nothing listens beyond this machine", func(t *testing.T) {
		lab.startKernel(t)
		doors, err := processes.Listening(lab.family(t))
		if err != nil {
			t.Fatal(err)
		}
		if len(doors) < 2 { // Jupyter's own, and at least one of the kernel
			t.Errorf("only %v found; the test does not see what listens", doors)
		}
		for _, door := range doors {
			if !door.IP.IsLoopback() {
				t.Errorf("something listens on %v", door)
			}
		}
	})
	t.Run("an interrupt ends all of it", func(t *testing.T) {
		if before := lab.family(t); len(before) < 4 {
			t.Errorf("lab, Jupyter, a kernel and its gopls are four, and only %v are found; the test does not see what runs", before)
		}
		start := time.Now()
		if err := lab.cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		select {
		case <-lab.ended:
			if lab.err != nil {
				t.Errorf("lab ended with %v; an interrupt is the usual way to end it, so the status should be 0", lab.err)
			}
			t.Logf("ended after %.1f s", time.Since(start).Seconds())
		case <-time.After(20 * time.Second): // lab itself gives Jupyter ten
			t.Fatal("lab still runs 20 s after the interrupt")
		}
		if left := lab.family(t); len(left) > 0 {
			t.Errorf("these still run: %v", left)
		}
	})
	t.Run("set-up has nothing to do afterwards", func(t *testing.T) {
		checkout := installed(t)
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
	lab := openLab(t, "--LabApp.workspaces_dir="+t.TempDir(), "--LabApp.user_settings_dir="+t.TempDir())
	lab.startKernel(t)
	for _, p := range lab.family(t) {
		if len(p.Args) > 0 && strings.HasPrefix(filepath.Base(p.Args[0]), "python") {
			if err := syscall.Kill(p.PID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	select {
	case <-lab.ended:
		if lab.err == nil {
			t.Error("lab ended with status 0 although Jupyter was killed")
		}
	case <-time.After(patience):
		t.Fatal("lab still runs")
	}
	if !within(10*time.Second, func() bool { return len(lab.family(t)) == 0 }) {
		t.Errorf("these still run: %v", lab.family(t))
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("in the folder for temporary files is left %v, %v", left, err)
	}
}

// A runningLab is a process of `lab`.
type runningLab struct {
	cmd   *exec.Cmd
	url   string // as printed
	base  string // of the server, with a slash at the end
	token string
	mark  string // an environment variable that this lab and all that it starts have, and nothing else
	ended chan struct{}
	err   error // how it ended; read it after ended
}

// openLab builds the program, starts it as `lab`, and waits for the URL that it prints.
func openLab(t *testing.T, args ...string) *runningLab {
	t.Helper()
	program := filepath.Join(t.TempDir(), "kernel-setup")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lab := &runningLab{
		cmd:   exec.Command(program, append([]string{"lab", "--no-browser"}, args...)...),
		mark:  "LAB_OF_TEST=" + rand.Text(),
		ended: make(chan struct{}),
	}
	lab.cmd.Env = append(os.Environ(), lab.mark)
	lab.cmd.Stderr = t.Output()
	stdout, err := lab.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := lab.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	found := make(chan string, 1)
	go func() {
		defer close(lab.ended)
		defer close(found)
		address := regexp.MustCompile(`http://\S+`)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if u := address.FindString(lines.Text()); u != "" && len(found) == 0 {
				found <- u
			}
		}
		lab.err = lab.cmd.Wait()
	}()
	t.Cleanup(func() {
		select {
		case <-lab.ended:
		default:
			lab.cmd.Process.Signal(os.Interrupt)
			<-lab.ended
		}
	})
	select {
	case lab.url = <-found:
	case <-time.After(10 * time.Minute): // it may have to install everything first
	}
	u, err := url.Parse(lab.url)
	if err != nil || lab.url == "" {
		t.Fatalf("lab printed no URL: %q, %v", lab.url, err)
	}
	lab.token = u.Query().Get("token")
	lab.base = "http://" + u.Host + "/"
	if len(lab.token) < 20 {
		t.Fatalf("the token in %s is too short to be a secret", lab.url)
	}
	return lab
}

// family returns the processes of this lab: itself, Jupyter, kernels, gopls, cells. It skips the test where they cannot be
// found.
func (lab *runningLab) family(t *testing.T) []processes.Process {
	t.Helper()
	found, err := processes.Marked(lab.mark)
	if errors.Is(err, processes.ErrNoProc) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return found
}

type answer struct {
	*http.Response
	body string
}

// get asks the server as a stranger does, without cookies.
func (lab *runningLab) get(t *testing.T, path string) answer {
	t.Helper()
	return lab.do(t, "GET", path, nil)
}

func (lab *runningLab) do(t *testing.T, method, path string, body io.Reader) answer {
	t.Helper()
	client := http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequestWithContext(t.Context(), method, lab.base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response, string(b)}
}

// connect is a Python program that connects to the kernel of a connection file and waits until it answers.
const connect = `import sys
from jupyter_client import BlockingKernelClient
client = BlockingKernelClient(connection_file=sys.argv[1])
client.load_connection_file()
client.start_channels()
client.wait_for_ready(timeout=60)
client.stop_channels()`

// startKernel starts a Go kernel, connects to it once (one that nobody ever spoke to does not end as it should, which
// no page that opens a notebook leaves behind), and returns when it has its gopls.
func (lab *runningLab) startKernel(t *testing.T) {
	t.Helper()
	var kernel struct{ ID string }
	got := lab.do(t, "POST", "api/kernels?token="+lab.token, strings.NewReader(`{"name": "`+environment.KernelName+`"}`))
	if err := json.Unmarshal([]byte(got.body), &kernel); got.StatusCode != http.StatusCreated || err != nil {
		t.Fatalf("starting a kernel: status %s, %v: %.300s", got.Status, err, got.body)
	}
	checkout, err := environment.Find(".")
	if err != nil {
		t.Fatal(err)
	}
	client := exec.Command(checkout.Python(), "-c", connect, filepath.Join(checkout.JupyterRuntimeDir(), "kernel-"+kernel.ID+".json"))
	client.Env = checkout.Environ()
	if out, err := client.CombinedOutput(); err != nil {
		t.Fatalf("connecting to the kernel: %v\n%s", err, out)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		running := map[string]int{}
		for _, p := range lab.family(t) {
			if len(p.Args) > 0 { // it has not ended
				running[filepath.Base(p.Args[0])]++
			}
		}
		if running["gonb"] > 0 && running["gopls"] >= running["gonb"] {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not every kernel has its gopls; these run: %v", running)
		}
	}
}
