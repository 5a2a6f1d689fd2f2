//go:build !windows

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/processes"
)

var labCommand = command{
	name:    "lab",
	args:    "[ARGUMENT...]",
	summary: "open the tutorial in JupyterLab",
	help: `
Installs what cells need, starts JupyterLab on this computer's own address with a new token, prints the URL and opens
the browser where there is one. The rest, such as completion, is installed meanwhile. Arguments are passed to Jupyter, for example --port=9000 or --no-browser. Ctrl-C stops
JupyterLab and its kernels.`,
	run: runLab,
}

func runLab(ctx context.Context, c command, s streams, args []string) error {
	if len(args) > 0 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help") {
		c.usage(s.out, c.flags())
		return nil
	}
	checkout, err := environment.Find(".")
	if err != nil {
		return err
	}
	complete, err := checkout.InstallForCells(ctx, s.err)
	if err != nil {
		return err
	}

	server, url, err := startListening(ctx, checkout, args, s.err)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	defer server.stop()
	fmt.Fprintf(s.out, "JupyterLab is running. If no browser opens, open this address:\n\n    %s\n\nCtrl-C stops it.\n", url)
	server.log.release()
	if !complete {
		defer installRest(ctx, checkout, s.err)()
	}

	select {
	case <-ctx.Done():
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

// installRest starts an install whose processes give way to all others, and tells w how it ends. The func that it returns ends
// it; the next command goes on from there.
func installRest(ctx context.Context, checkout *environment.Checkout, w io.Writer) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		program, err := os.Executable()
		if err != nil {
			program = os.Args[0]
		}
		cmd := exec.CommandContext(ctx, "nice", program, "install")
		cmd.Dir = checkout.Dir()
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C is for us
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err = cmd.Start(); err == nil {
			// Linux may share the processors between sessions first, and a kernel has one of its own.
			os.WriteFile(fmt.Sprintf("/proc/%d/autogroup", cmd.Process.Pid), []byte("10"), 0)
			err = cmd.Wait()
		}
		switch {
		case ctx.Err() != nil:
		case err != nil:
			fmt.Fprintf(w, "Set-up did not finish, and the next command tries again; until then there is no completion.\n%s", out.String())
		default:
			fmt.Fprintln(w, "Set-up has finished: completion and help work now.")
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// A labServer is a running JupyterLab.
type labServer struct {
	cmd   *exec.Cmd
	stdin io.Closer
	said  chan string   // the line that lab.py prints once it listens
	done  chan struct{} // closed when it has ended
	err   error         // how it ended; read it after done
	log   *heldWriter   // what Jupyter says; it waits until it is known whether it starts: if it does not, that is the reason
}

// startListening starts a server and waits until it listens at url. Another program may take the free port that Jupyter
// has found just before it does, so it tries a few times, unless the arguments ask for a certain port.
func startListening(ctx context.Context, checkout *environment.Checkout, args []string, w io.Writer) (server *labServer, url string, err error) {
	asked, err := asksForPort(args)
	if err != nil {
		return nil, "", err
	}
	var options []string // what only this start knows; the rest is in the configuration
	if !hasBrowser() {
		options = append(options, "--no-browser")
	}
	if asked && !names(args, "--port-retries", "--ServerApp.port_retries") {
		options = append(options, "--ServerApp.port_retries=0")
	}
	for range 5 {
		if server, err = startLab(checkout, slices.Concat(options, args), w); err != nil {
			return nil, "", err
		}
		if url, err = server.url(ctx); err == nil {
			return server, url, nil
		}
		server.stop()
		log := server.log.String()
		taken := portTaken.MatchString(log)
		err = explainLab(err, log)
		if asked || !taken || ctx.Err() != nil {
			break
		}
	}
	return nil, "", err
}

func startLab(checkout *environment.Checkout, args []string, w io.Writer) (*labServer, error) {
	cmd := exec.Command(checkout.Python(), slices.Concat([]string{"-P", "-m", "kernel_setup.lab"}, args)...)
	cmd.Dir = checkout.Dir()
	log := &heldWriter{w: w}
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us: Jupyter would ask whether it is meant
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.WaitDelay = time.Second
	scratch, err := os.MkdirTemp("", "lab-")
	if err != nil {
		return nil, err
	}
	cmd.Env = append(checkout.Environ(), "TMPDIR="+scratch)
	if err := cmd.Start(); err != nil {
		os.Remove(scratch)
		return nil, err
	}
	s := &labServer{cmd: cmd, stdin: stdin, said: make(chan string, 1), done: make(chan struct{}), log: log}
	go func() {
		lines := bufio.NewScanner(stdout)
		if lines.Scan() {
			s.said <- lines.Text()
		}
		io.Copy(log, stdout)
		s.err = cmd.Wait()
		s.endKernels()
		os.RemoveAll(scratch) // it is still there if the server was killed
		close(s.done)
	}()
	return s, nil
}

// url waits for the server to listen, and returns the address of the first notebook.
func (s *labServer) url(ctx context.Context) (string, error) {
	select {
	case line := <-s.said:
		address, token, ok := strings.Cut(line, " ")
		if !ok {
			return "", fmt.Errorf("JupyterLab did not start, and said %q", line)
		}
		return strings.TrimSuffix(address, "lab") + "lab/tree/" + environment.FirstNotebook + "?token=" + token, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	case <-s.done:
		return "", fmt.Errorf("JupyterLab did not start: %v", s.err)
	case <-time.After(startLimit):
		return "", fmt.Errorf("JupyterLab has not started after %v; try once more, and if it stays so: %s", startLimit, mend)
	}
}

// startLimit is how long JupyterLab may take to start, on the slowest of machines.
const startLimit = 2 * time.Minute

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

// endKernels ends the kernels that a server leaves behind when it is killed, with their programs. Elsewhere than on Linux
// they cannot be found.
func (s *labServer) endKernels() {
	// It is in the environment of kernels, and not in that of a browser that Jupyter has opened.
	left, err := processes.Marked(fmt.Sprint("JPY_PARENT_PID=", s.cmd.Process.Pid))
	if err != nil {
		return
	}
	for _, p := range left {
		syscall.Kill(p.PID, syscall.SIGKILL)
	}
}

// names reports whether arguments set an option, by any of its names.
func names(args []string, options ...string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		name, _, _ := strings.Cut(arg, "=")
		return slices.Contains(options, name)
	})
}

// asksForPort reports whether the arguments ask for a certain port, so that Jupyter is not to look for a free one. It fails if
// that is none: Jupyter would start and never listen.
func asksForPort(args []string) (bool, error) {
	for i, arg := range args {
		name, port, given := strings.Cut(arg, "=")
		if name != "--port" && name != "--ServerApp.port" {
			continue
		}
		if !given && i+1 < len(args) {
			port = args[i+1]
		}
		if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
			return false, fmt.Errorf("there is no port %q; choose one from 1024 to 65535 with --port, or leave --port out", port)
		}
		return true, nil
	}
	return false, nil
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

// A heldWriter keeps what is written until release, and passes it on from then.
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

func (h *heldWriter) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open = true
	h.held.WriteTo(h.w)
}
