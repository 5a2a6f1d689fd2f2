// Package labtest gives tests this checkout, installed, and opens it in JupyterLab as `go run ./kernel-setup lab` does.
package labtest

import (
	"bufio"
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/processes"
)

// patience is how long a test waits for what takes a few seconds on a machine that has nothing else to do.
const patience = 2 * time.Minute

var every = flag.Bool("every", false, "also run what takes long")

// Long skips a test that takes long, unless there is the flag -every.
func Long(t *testing.T) {
	t.Helper()
	if !*every {
		t.Skip("it takes long; -every runs it")
	}
}

// Every reports whether there is the flag -every: to run also what takes long.
func Every() bool { return *every }

var installed = sync.OnceValues(func() (*environment.Checkout, error) {
	checkout, err := environment.Find(".")
	if err != nil {
		return nil, err
	}
	return checkout, checkout.Install(context.Background(), os.Stderr)
})

// Installed returns this checkout with its environment, set up the way every command does it.
func Installed(tb testing.TB) *environment.Checkout {
	tb.Helper()
	checkout, err := installed()
	if err != nil {
		tb.Fatal(err)
	}
	return checkout
}

// A Lab is a process of `lab`. Its methods fail the test if something does not go as it should.
type Lab struct {
	URL   string        // as printed
	Base  string        // address of the server, with a slash at the end
	Token string        // without which the server answers nothing
	Ended chan struct{} // closed when it has ended
	Err   error         // how it ended; read it after Ended

	t    *testing.T
	cmd  *exec.Cmd
	mark string // an environment variable that this lab and all that it starts have, and nothing else
}

// Open builds the program, starts it as `lab`, and waits for the URL that it prints. JupyterLab shows the folder, opens nothing
// that the developer had open, and keeps no settings. It ends with the test.
func Open(t *testing.T, folder string) *Lab {
	t.Helper()
	program := filepath.Join(t.TempDir(), "kernel-setup")
	if out, err := exec.Command("go", "build", "-o", program, "tutorial/kernel-setup").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lab := &Lab{
		Ended: make(chan struct{}),
		t:     t,
		cmd: exec.Command(program, "lab", "--no-browser", "--notebook-dir="+folder,
			"--LabApp.workspaces_dir="+t.TempDir(), "--LabApp.user_settings_dir="+t.TempDir()),
		mark: "LAB_OF_TEST=" + rand.Text(),
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
		defer close(lab.Ended)
		defer close(found)
		address := regexp.MustCompile(`http://\S+`)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if u := address.FindString(lines.Text()); u != "" && len(found) == 0 {
				found <- u
			}
		}
		lab.Err = lab.cmd.Wait()
	}()
	t.Cleanup(func() {
		select {
		case <-lab.Ended:
		default:
			lab.cmd.Process.Signal(os.Interrupt)
			<-lab.Ended
		}
	})
	select {
	case lab.URL = <-found:
	case <-time.After(10 * time.Minute): // it may have to install everything first
	}
	u, err := url.Parse(lab.URL)
	if err != nil || lab.URL == "" {
		t.Fatalf("lab printed no URL: %q, %v", lab.URL, err)
	}
	lab.Token = u.Query().Get("token")
	lab.Base = "http://" + u.Host + "/"
	if len(lab.Token) < 20 {
		t.Fatalf("the token in %s is too short to be a secret", lab.URL)
	}
	return lab
}

// Interrupt sends it what Ctrl-C does.
func (lab *Lab) Interrupt() {
	lab.t.Helper()
	if err := lab.cmd.Process.Signal(os.Interrupt); err != nil {
		lab.t.Fatal(err)
	}
}

// Family returns the processes of this lab: itself, Jupyter, kernels, gopls, cells. It skips the test where they cannot be
// found.
func (lab *Lab) Family() []processes.Process {
	lab.t.Helper()
	found, err := processes.Marked(lab.mark)
	if errors.Is(err, processes.ErrNoProc) {
		lab.t.Skip(err)
	}
	if err != nil {
		lab.t.Fatal(err)
	}
	return found
}

// An Answer is one of the server, with its body read.
type Answer struct {
	*http.Response
	Body string
}

// Get asks the server as a stranger does, without cookies.
func (lab *Lab) Get(path string) Answer {
	lab.t.Helper()
	client := http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequestWithContext(lab.t.Context(), "GET", lab.Base+path, nil)
	if err != nil {
		lab.t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		lab.t.Fatal(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		lab.t.Fatal(err)
	}
	return Answer{response, string(b)}
}

//go:embed busy.py
var busy string

// StartKernel starts a Go kernel and a cell that goes on for ever, and returns when the kernel has its gopls.
func (lab *Lab) StartKernel() {
	lab.t.Helper()
	checkout := Installed(lab.t)
	client := exec.Command(checkout.Python(), "-c", busy, lab.Base, lab.Token)
	client.Env = checkout.Environ()
	if out, err := client.CombinedOutput(); err != nil {
		lab.t.Fatalf("starting a kernel: %v\n%s", err, out)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		running := map[string]int{}
		for _, p := range lab.Family() {
			if len(p.Args) > 0 { // it has not ended
				running[filepath.Base(p.Args[0])]++
			}
		}
		if running["gonb"] > 0 && running["gopls"] >= running["gonb"] {
			return
		}
		if time.Now().After(deadline) {
			lab.t.Fatalf("not every kernel has its gopls; these run: %v", running)
		}
	}
}
