package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"tutorial/kernel-setup/labtest"
)

// TestNotebooksRunAsWithoutIt has what cells do, over both transports, and what Jupyter does to a kernel.
func TestNotebooksRunAsWithoutIt(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"ipc", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			k := startKernel(t, transport)
			k.prints(t, "func double(n int) int { return 2 * n }", "")
			k.prints(t, "%%\nfmt.Println(double(21))", "42\n")
			if r := k.execute(t, "%%script python3\nprint('from Python')"); r.Stdout != "from Python\n" || r.Count != 3 {
				t.Errorf("cell %d gave %v", r.Count, r)
			}
			if r := k.execute(t, "import \"github.com/janpfeifer/gonb/gonbui\"\n%%\ngonbui.DisplayHTML(\"<b>bold</b>\")\ngonbui.Sync()"); len(r.Displays) != 1 || r.Displays[0]["text/html"] != "<b>bold</b>" {
				t.Errorf("a display gave %v", r)
			}
			k.prints(t, "%test\nfunc TestDouble(t *testing.T) { fmt.Println(double(1)) }", "=== RUN   TestDouble\n2\n--- PASS: TestDouble (0.00s)\nPASS\n")
			if r := k.execute(t, "%help"); len(r.Stdout)+len(r.Displays) == 0 {
				t.Errorf("%%help gave %v", r)
			}
			k.prints(t, "%goflags -race\n%%\nfmt.Println(\"with -race\")", "with -race\n")
			k.prints(t, "%goflags", "%goflags=[\"-race\"]\n")
			k.prints(t, "%goflags \"\"", "%goflags=[]\n")
			name := filepath.Join(t.TempDir(), "written")
			if r := k.execute(t, "%%writefile "+name+"\nwhat is in it"); r.Status != "ok" {
				t.Errorf("%%%%writefile gave %v", r)
			}
			if got, err := os.ReadFile(name); string(got) != "what is in it\n" {
				t.Errorf("%%%%writefile wrote %q, %v", got, err)
			}

			// The heart beats.
			if err := k.heartbeat.Send(zmq4.NewMsgString("ping")); err != nil {
				t.Error(err)
			}
			if m, err := k.heartbeat.Recv(); err != nil || string(m.Bytes()) != "ping" {
				t.Errorf("the heartbeat gave %q, %v", m.Bytes(), err)
			}

			// A program that asks for input.
			id := k.begin(t, "%with_inputs\n!read -p name: x; echo hello $x")
			select {
			case <-k.inputs:
				k.send(t, k.stdin, "input_reply", map[string]any{"value": "Ada", "status": "ok"})
			case <-time.After(30 * time.Second):
				t.Error("it does not ask for input")
			}
			if r := k.finish(t, id); !strings.Contains(r.Stdout, "hello Ada\n") {
				t.Errorf("input gave %v", r)
			}

			// A restart, over the same sockets, and the end.
			spec := kernelSpec{Argv: k.cmd.Args, Env: map[string]string{}}
			for _, variable := range k.cmd.Env {
				name, value, _ := strings.Cut(variable, "=")
				spec.Env[name] = value
			}
			k.shutDown(t, true)
			k.start(t, spec)
			if r := k.execute(t, "%%\nfmt.Println(double(21))"); r.Status != "error" {
				t.Errorf("declarations outlive a restart: %v", r)
			}
			k.prints(t, "%%\nfmt.Println(\"again\")", "again\n")
			k.shutDown(t, false)
			k.leavesNothing(t)
			left, err := filepath.Glob(filepath.Join(filepath.Dir(k.file), "*"))
			// GoNB does not always come to remove the pipe of a program that has just ended.
			left = slices.DeleteFunc(left, func(name string) bool { return strings.HasPrefix(filepath.Base(name), "gonb_pipe_") })
			if err != nil || !slices.Equal(left, []string{k.file}) {
				t.Errorf("the kernel leaves %q, %v", left, err)
			}
		})
	}
}

// TestWidgetsAndInputOfAProgram does what a browser does: it opens the channel of GoNB's widgets when it is asked to, moves one, and types.
func TestWidgetsAndInputOfAProgram(t *testing.T) {
	t.Parallel()
	k := startKernel(t, "ipc")
	sees := func(kind, part string) {
		t.Helper()
		for limit := time.After(time.Minute); ; {
			select {
			case m := <-k.iopubs:
				if m.header.Type == kind && bytes.Contains(m.parts[contentPart], []byte(part)) {
					return
				}
			case <-limit:
				t.Fatalf("there is no %s with %s", kind, part)
			}
		}
	}
	id := k.begin(t, `import ("github.com/janpfeifer/gonb/gonbui"; "github.com/janpfeifer/gonb/gonbui/comms")
%%
moved := comms.Listen[int]("/slider")
comms.Send("/label", 10 * <-moved.C)
gonbui.RequestInput("name: ", false)
var name string
fmt.Scan(&name)
fmt.Println("hello", name)`)
	sees("display_data", "gonb_comm")
	k.send(t, k.shell, "comm_open", map[string]any{"comm_id": "c", "target_name": "gonb_comm", "kernel_id": "01234567-89ab", "data": map[string]any{}})
	sees("comm_msg", "#comm_open_ack")
	k.send(t, k.shell, "comm_msg", map[string]any{"comm_id": "c", "data": map[string]any{"address": "/slider", "value": 4}})
	sees("comm_msg", `"value":40`)
	select {
	case <-k.inputs:
		k.send(t, k.stdin, "input_reply", map[string]any{"value": "Ada", "status": "ok"})
	case <-time.After(30 * time.Second):
		t.Error("it does not ask for input")
	}
	if r := k.finish(t, id); r.Status != "ok" || !strings.HasSuffix(r.Stdout, "hello Ada\n") {
		t.Errorf("it gave %v", r)
	}
}

const endless = "%%\nfmt.Println(\"begun\")\nselect { case <-time.After(time.Hour): }"

// beginAndWait starts a cell and returns when it has printed.
func (k *testKernel) beginAndWait(t *testing.T, source string) (id string) {
	t.Helper()
	id = k.begin(t, source)
	for limit := time.After(time.Minute); ; {
		select {
		case m := <-k.iopubs:
			if m.header.Type == "stream" {
				return id
			}
		case <-limit:
			t.Fatal("the cell prints nothing")
		}
	}
}

// TestWhoeverDiesNothingIsLeft kills each of the two while a cell runs, and asks for a shutdown in the midst of one.
func TestWhoeverDiesNothingIsLeft(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	for name, end := range map[string]func(*testing.T, *testKernel){
		"front killed": func(t *testing.T, k *testKernel) { k.cmd.Process.Kill() },
		"gonb killed":  func(t *testing.T, k *testKernel) { syscall.Kill(k.gonb(t), syscall.SIGKILL) },
		"terminated":   func(t *testing.T, k *testKernel) { syscall.Kill(-k.cmd.Process.Pid, syscall.SIGTERM) },
		"group killed": func(t *testing.T, k *testKernel) { syscall.Kill(-k.cmd.Process.Pid, syscall.SIGKILL) },
		"shut down": func(t *testing.T, k *testKernel) {
			k.send(t, k.control, "shutdown_request", map[string]any{"restart": false})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := startKernel(t, "ipc")
			k.beginAndWait(t, strings.Replace(endless, "fmt", `os.WriteFile(os.Getenv("GONB_FRONT_EXPECTED"), []byte("a picture"), 0o600); fmt`, 1))
			end(t, k)
			k.ends(t)
			k.leavesNothing(t)
			left := func() []string {
				files, _ := filepath.Glob(filepath.Join(filepath.Dir(k.file), "gonb_expected_*"))
				return files
			}
			for until := time.Now().Add(10 * time.Second); len(left()) > 0; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(until) {
					t.Fatalf("%v is left", left())
				}
			}
		})
	}
}

// gonb is the process ID of GoNB.
func (k *testKernel) gonb(t *testing.T) int {
	t.Helper()
	children, _ := below(k.cmd.Process.Pid)
	for _, p := range children {
		if p.Name == "gonb" {
			return p.PID
		}
	}
	t.Fatalf("GoNB is not among %v", children)
	return 0
}

// TestNoStrangerEndsAKernel sends what has no right to be there: GoNB alone ends at each.
func TestNoStrangerEndsAKernel(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	k := startKernel(t, "tcp")
	k.prints(t, "var x = 1", "")
	stranger := key("another key")
	m := &message{parts: [][]byte{[]byte(`{"msg_type":"shutdown_request"}`), []byte("{}"), []byte("{}"), []byte("{}")}}
	for _, socket := range []zmq4.Socket{k.shell, k.control, k.stdin} {
		for what, frames := range map[string]zmq4.Msg{
			"another key":  stranger.frames(m),
			"no signature": key(nil).frames(m),
			"no delimiter": zmq4.NewMsgFrom([]byte("hello"), []byte("world")),
			"too short":    zmq4.NewMsgFrom([]byte(delimiter), []byte("x")),
			"empty":        zmq4.NewMsgFrom([]byte{}),
			"no JSON":      k.frames(&message{parts: slices.Repeat([][]byte{[]byte("{")}, 4)}),
		} {
			if err := socket.SendMulti(frames); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	// And what speaks another protocol.
	for _, port := range []int{k.Shell, k.Control, k.Stdin, k.IOPub, k.Heartbeat} {
		if out, err := exec.Command("/bin/bash", "-c", fmt.Sprintf("echo GET / >/dev/tcp/127.0.0.1/%d", port)).CombinedOutput(); err != nil {
			t.Errorf("%v %s", err, out)
		}
	}
	k.prints(t, "%%\nfmt.Println(\"alive\")", "alive\n")
}

func TestSignature(t *testing.T) {
	k := key("secret")
	m := &message{addresses: [][]byte{[]byte("me")}, parts: [][]byte{[]byte(`{"msg_id":"1"}`), []byte("{}"), []byte("{}"), []byte(`{"a":1}`), {0, 1, 2}}}
	frames := k.frames(m).Frames
	got, err := k.parse(frames)
	if err != nil || got.header.ID != "1" || !bytes.Equal(got.parts[4], m.parts[4]) || len(got.addresses) != 1 {
		t.Errorf("parsed %+v, %v", got, err)
	}
	frames[6] = []byte(`{"a":2}`)
	if _, err := k.parse(frames); err != errForeign {
		t.Errorf("a changed message gives %v", err)
	}
}
