package main

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"tutorial/kernel-setup/environment"
)

//go:embed lab.py
var labScript string

var labCommand = command{
	name:    "lab",
	args:    "[ARGUMENT...]",
	summary: "open the tutorial in JupyterLab",
	help: `
Installs what is missing, starts JupyterLab on this computer's own address with a new token, prints the URL and opens
the browser where there is one. Arguments are passed to Jupyter, for example --port=9000 or --no-browser. Ctrl-C stops
JupyterLab and its kernels.`,
}

func init() { labCommand.run = runLab }

const firstNotebook = "notebooks/00_start_here.ipynb"

func runLab(ctx context.Context, s streams, args []string) error {
	if len(args) > 0 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help") {
		labCommand.usage(s.out, labCommand.flags(s))
		return nil
	}
	checkout, err := environment.Find(".")
	if err != nil {
		return err
	}
	if err := checkout.Install(ctx, s.err); err != nil {
		return err
	}

	// Jupyter's own words wait until it is known whether it starts: if it does not, they are the reason.
	log := &heldWriter{w: s.err}
	server, err := startLab(checkout, args, log)
	if err != nil {
		return err
	}
	defer server.stop()
	url, err := server.url(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		server.stop()
		return explainLab(err, log.String())
	}
	fmt.Fprintf(s.out, "JupyterLab is running. If no browser opens, open this address:\n\n    %s\n\nCtrl-C stops it.\n", url)
	log.release()

	select {
	case <-ctx.Done():
		log.hold() // Jupyter reports the signal that ends it as critical
		server.stop()
		fmt.Fprintln(s.out, "\nStopped.")
		return nil
	case <-server.done:
		if server.err != nil {
			return fmt.Errorf("JupyterLab ended: %w", server.err)
		}
		return nil
	}
}

// A labServer is a running JupyterLab.
type labServer struct {
	cmd     *exec.Cmd
	stdin   io.Closer
	token   string
	runtime string        // where Jupyter leaves its address
	done    chan struct{} // closed when it has ended
	err     error         // how it ended; read it after done
}

func startLab(checkout *environment.Checkout, args []string, log io.Writer) (*labServer, error) {
	token := rand.Text()
	cmd := exec.Command(checkout.Python(), append([]string{"-c", labScript,
		"--ServerApp.ip=127.0.0.1",
		"--ServerApp.root_dir=" + checkout.Dir(),
		"--LabApp.default_url=/lab/tree/" + firstNotebook,
		"--Application.log_level=WARN",
		fmt.Sprintf("--ServerApp.open_browser=%s", pythonBool(hasBrowser())),
		// Root is not refused: in a container there is often nobody else, and only this machine can connect.
		"--ServerApp.allow_root=True",
		fmt.Sprintf("--ServerApp.port_retries=%d", portRetries(args)),
	}, args...)...)
	cmd.Dir = checkout.Dir()
	// Through the environment, because other users of the machine can read a command line.
	cmd.Env = append(checkout.Environ(), "JUPYTER_TOKEN="+token)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us: Jupyter would ask whether it is meant
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &labServer{cmd: cmd, stdin: stdin, token: token, runtime: checkout.JupyterRuntimeDir(), done: make(chan struct{})}
	go func() {
		s.err = cmd.Wait()
		close(s.done)
	}()
	return s, nil
}

// url waits for the server to listen, and returns the address of the first notebook.
func (s *labServer) url(ctx context.Context) (string, error) {
	name := filepath.Join(s.runtime, fmt.Sprintf("jpserver-%d.json", s.cmd.Process.Pid))
	for {
		var info struct{ URL string }
		if b, err := os.ReadFile(name); err == nil && json.Unmarshal(b, &info) == nil && answers(info.URL) {
			return info.URL + "lab/tree/" + firstNotebook + "?token=" + s.token, nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-s.done:
			return "", fmt.Errorf("JupyterLab did not start: %v", s.err)
		}
	}
}

// answers reports whether somebody listens at an address: Jupyter writes its own down before it does.
func answers(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	conn, err := net.DialTimeout("tcp", u.Host, time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// stop asks the server to shut its kernels down and end, and insists after ten seconds.
func (s *labServer) stop() {
	s.stdin.Close()
	select {
	case <-s.done:
	case <-time.After(10 * time.Second):
		syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
		<-s.done
	}
}

// portRetries lets Jupyter look for a free port unless the arguments ask for a certain one.
func portRetries(args []string) int {
	for _, arg := range args {
		if name, _, _ := strings.Cut(arg, "="); name == "--port" || name == "--ServerApp.port" {
			return 0
		}
	}
	return 50
}

// hasBrowser reports whether a browser can open a window here.
func hasBrowser() bool {
	if runtime.GOOS != "linux" {
		return true
	}
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"} {
		if os.Getenv(name) != "" {
			return true
		}
	}
	return false
}

func pythonBool(b bool) string {
	if b {
		return "True"
	}
	return "False"
}

var (
	portTaken   = regexp.MustCompile(`port (\d+) is (?:already in use|not available)`)
	portRefused = regexp.MustCompile(`Permission to listen on port (\d+) denied`)
)

// explainLab makes an error that a person can act on from what Jupyter printed.
func explainLab(err error, log string) error {
	if port := portTaken.FindStringSubmatch(log); port != nil {
		return fmt.Errorf("port %s is taken; stop what uses it, choose another with --port, or leave --port out", port[1])
	}
	if port := portRefused.FindStringSubmatch(log); port != nil {
		return fmt.Errorf("this user may not listen on port %s; choose one above 1023 with --port, or leave --port out", port[1])
	}
	return fmt.Errorf("%w\n%s", err, strings.TrimSpace(log))
}

// A heldWriter keeps what is written until release, and passes it on from then until hold.
type heldWriter struct {
	mu   sync.Mutex
	held bytes.Buffer
	open bool
	w    io.Writer
}

func (h *heldWriter) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open {
		return h.w.Write(p)
	}
	return h.held.Write(p)
}

func (h *heldWriter) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.held.String()
}

func (h *heldWriter) hold() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open = false
}

func (h *heldWriter) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open = true
	h.held.WriteTo(h.w)
}
