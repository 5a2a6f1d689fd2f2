package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/processes"
)

func TestMain(m *testing.M) {
	flag.Set("test.parallel", "4") // most wait for kernels
	m.Run()
}

// A testKernel is the front with GoNB behind it, started as Jupyter starts it, and a client.
type testKernel struct {
	*sockets
	key
	connection
	cmd    *exec.Cmd
	file   string
	mark   string // in the environment of all its processes
	iopubs chan *message
	shells chan *message
	inputs chan *message
}

type kernelSpec struct {
	Argv []string
	Env  map[string]string
}

// startKernel starts a kernel over a transport, which ends with the test.
func startKernel(t *testing.T, transport string) *testKernel {
	t.Helper()
	return startKernelWith(t, transport, func(*kernelSpec, string) {})
}

// startKernelWith lets a function change the kernelspec; it gets the environment's folder too.
func startKernelWith(t *testing.T, transport string, change func(*kernelSpec, string)) *testKernel {
	t.Helper()
	c := labtest.Installed(t)
	content, err := os.ReadFile(filepath.Join(c.Venv(), "share/jupyter/kernels/gonb/kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec kernelSpec
	if err := json.Unmarshal(content, &spec); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "front")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	k := &testKernel{key: key(newID()), file: filepath.Join(dir, "kernel-01234567-89ab.json"), mark: "FRONT_TEST=" + newID()}
	k.connection = connection{Transport: transport, IP: filepath.Join(dir, "k"), Shell: 1, Control: 2, Stdin: 3, IOPub: 4, Heartbeat: 5, Key: string(k.key), Scheme: "hmac-sha256"}
	if transport == "tcp" {
		k.connection.IP = "127.0.0.1"
		for _, port := range []*int{&k.Shell, &k.Control, &k.Stdin, &k.IOPub, &k.Heartbeat} {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			*port = l.Addr().(*net.TCPAddr).Port
			l.Close()
		}
	}
	if content, err = json.Marshal(k.connection); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(k.file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	spec.Env["PATH"] = c.HeadlessPath()
	spec.Env["TMPDIR"] = dir
	change(&spec, c.Venv())
	k.start(t, spec)
	t.Cleanup(func() {
		syscall.Kill(-k.cmd.Process.Pid, syscall.SIGTERM) // GoNB ends its gopls then
		for range 50 {
			if syscall.Kill(-k.cmd.Process.Pid, 0) != nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		syscall.Kill(-k.cmd.Process.Pid, syscall.SIGKILL)
	})
	return k
}

// start starts the process and connects.
func (k *testKernel) start(t *testing.T, spec kernelSpec) {
	t.Helper()
	for i := range spec.Argv {
		spec.Argv[i] = strings.ReplaceAll(spec.Argv[i], "{connection_file}", k.file)
	}
	k.cmd = exec.Command(spec.Argv[0], spec.Argv[1:]...)
	k.cmd.Env = append(os.Environ(), k.mark)
	for name, value := range spec.Env {
		k.cmd.Env = append(k.cmd.Env, name+"="+value)
	}
	k.cmd.Dir = filepath.Dir(k.file)
	k.cmd.Stderr = t.Output()
	k.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := k.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	name, retry, limit := zmq4.WithID(zmq4.SocketIdentity(newID())), zmq4.WithDialerRetry(10*time.Millisecond), zmq4.WithDialerMaxRetries(1000)
	k.sockets = &sockets{zmq4.NewDealer(ctx, name, retry, limit), zmq4.NewDealer(ctx, name, retry, limit), zmq4.NewDealer(ctx, name, retry, limit),
		zmq4.NewSub(ctx, retry, limit), zmq4.NewReq(ctx, retry, limit)}
	for socket, port := range map[zmq4.Socket]int{k.shell: k.Shell, k.control: k.Control, k.stdin: k.Stdin, k.iopub: k.IOPub, k.heartbeat: k.Heartbeat} {
		if err := socket.Dial(k.address(port)); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.iopub.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		t.Fatal(err)
	}
	collect := func(socket zmq4.Socket) chan *message {
		all := make(chan *message, 100_000)
		go func() {
			for {
				raw, err := socket.Recv()
				if err != nil {
					return
				}
				if m, err := k.parse(raw.Frames); err == nil {
					all <- m
				}
			}
		}()
		return all
	}
	k.iopubs, k.shells, k.inputs = collect(k.iopub), collect(k.shell), collect(k.stdin)
	for deadline := time.Now().Add(time.Minute); ; {
		k.send(t, k.shell, "kernel_info_request", map[string]any{})
		select {
		case <-k.iopubs:
			time.Sleep(100 * time.Millisecond) // until the rest is there, which is of no interest
			for len(k.iopubs)+len(k.shells) > 0 {
				select {
				case <-k.iopubs:
				case <-k.shells:
				}
			}
			return
		case <-time.After(200 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("the kernel does not answer")
		}
	}
}

// send sends a request, and returns its ID.
func (k *testKernel) send(t *testing.T, to zmq4.Socket, kind string, content any) string {
	t.Helper()
	h := header{ID: newID(), Type: kind, Session: "test", Username: "test", Version: "5.3"}
	encoded, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	m := &message{parts: [][]byte{encoded, []byte("{}"), []byte("{}"), nil}}
	if err := to.SendMulti(k.frames(m.with(content))); err != nil {
		t.Fatal(err)
	}
	return h.ID
}

// A result is what a cell gave.
type result struct {
	Stdout, Stderr string
	Status         string // of the reply
	Error          string // as a notebook shows it
	Errors         int
	Displays       []map[string]any
	Count          int // the cell's number
	Value          string
	Reply          *message
}

func (r result) String() string {
	return fmt.Sprintf("%s, error:\n%s\nstandard output:\n%s\nstandard error:\n%s\ndisplays: %v", r.Status, r.Error, r.Stdout, r.Stderr, r.Displays)
}

// begin starts a cell.
func (k *testKernel) begin(t *testing.T, source string) (id string) {
	t.Helper()
	return k.send(t, k.shell, "execute_request", map[string]any{
		"code": source, "silent": false, "store_history": true, "user_expressions": map[string]any{}, "allow_stdin": true, "stop_on_error": false})
}

// finish waits for the end of a cell.
func (k *testKernel) finish(t *testing.T, id string) (r result) {
	t.Helper()
	limit := time.After(90 * time.Second)
	for idle := false; !idle || r.Reply == nil; {
		select {
		case m := <-k.shells:
			if m.parent.ID == id {
				c := content[struct {
					Status string
					Count  int `json:"execution_count"`
				}](m)
				r.Reply, r.Status, r.Count = m, c.Status, c.Count
			}
		case m := <-k.iopubs:
			if m.parent.ID != id {
				continue
			}
			c := content[struct {
				Name, Text, Evalue string
				Traceback          []string
				Data               map[string]any
				State              string `json:"execution_state"`
			}](m)
			switch m.header.Type {
			case "stream":
				if c.Name == "stdout" {
					r.Stdout += c.Text
				} else {
					r.Stderr += c.Text
				}
			case "error":
				r.Errors++
				r.Value = c.Evalue
				r.Error += strings.Join(c.Traceback, "\n")
			case "display_data", "execute_result":
				r.Displays = append(r.Displays, c.Data)
			case "status":
				idle = idle || c.State == "idle"
			}
		case <-limit:
			t.Fatalf("the cell does not end; so far %v", r)
		}
	}
	return r
}

// execute runs a cell.
func (k *testKernel) execute(t *testing.T, source string) result {
	t.Helper()
	return k.finish(t, k.begin(t, source))
}

// prints fails unless a cell gives this, and no error.
func (k *testKernel) prints(t *testing.T, source, want string) {
	t.Helper()
	if r := k.execute(t, source); r.Status != "ok" || r.Stdout != want {
		t.Errorf("%q gave %v; want %q", source, r, want)
	}
}

// shutDown asks the kernel to end, and fails if it does not within some seconds.
func (k *testKernel) shutDown(t *testing.T, restart bool) {
	t.Helper()
	k.send(t, k.control, "shutdown_request", map[string]any{"restart": restart})
	k.ends(t)
}

func (k *testKernel) ends(t *testing.T) {
	t.Helper()
	done := make(chan struct{})
	go func() { k.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Error("the kernel does not end")
	}
}

// leavesNothing fails unless all processes of the kernel end soon.
func (k *testKernel) leavesNothing(t *testing.T) {
	t.Helper()
	if left, _ := processes.Left(k.mark, 10*time.Second); len(left) > 0 { // without /proc nothing is found
		t.Errorf("these are left: %v", left)
	}
}
