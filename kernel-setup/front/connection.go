package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/go-zeromq/zmq4"
)

func newID() string { return rand.Text() }

// A connection is the content of a connection file.
type connection struct {
	Transport string `json:"transport"`
	IP        string `json:"ip"`
	Shell     int    `json:"shell_port"`
	Control   int    `json:"control_port"`
	Stdin     int    `json:"stdin_port"`
	IOPub     int    `json:"iopub_port"`
	Heartbeat int    `json:"hb_port"`
	Key       string `json:"key"`
	Scheme    string `json:"signature_scheme"`
	Kernel    string `json:"kernel_name"`
}

func readConnection(file string) (c connection, err error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(content, &c); err != nil {
		return c, fmt.Errorf("%s: %w", file, err)
	}
	if c.Scheme != "" && c.Scheme != "hmac-sha256" {
		return c, fmt.Errorf("%s: GoNB does not know the signature scheme %s", file, c.Scheme)
	}
	return c, nil
}

func (c connection) path(port int) string { return fmt.Sprintf("%s-%d", c.IP, port) }

func (c connection) address(port int) string {
	if c.Transport == "ipc" {
		return "ipc://" + c.path(port)
	}
	return fmt.Sprintf("%s://%s:%d", c.Transport, c.IP, port)
}

// sockets are the five of a connection. The names say what they are for; on which side each is depends on whose they are.
type sockets struct {
	shell, control, stdin, iopub, heartbeat zmq4.Socket
}

// listen binds the sockets that Jupyter connects to.
func (c connection) listen(ctx context.Context) (*sockets, error) {
	quiet := zmq4.WithLogger(log.New(io.Discard, "", 0)) // of each stranger that knocks
	s := &sockets{zmq4.NewRouter(ctx, quiet), zmq4.NewRouter(ctx, quiet), zmq4.NewRouter(ctx, quiet), zmq4.NewPub(ctx, quiet), zmq4.NewRouter(ctx, quiet)}
	for socket, port := range map[zmq4.Socket]int{s.shell: c.Shell, s.control: c.Control, s.stdin: c.Stdin, s.iopub: c.IOPub, s.heartbeat: c.Heartbeat} {
		if c.Transport == "ipc" {
			os.Remove(c.path(port)) // of a kernel that was killed
		}
		if err := socket.Listen(c.address(port)); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// private is a connection for GoNB, in a folder that holds its file and its sockets. The name of the file stays, because GoNB reads
// the kernel's ID from it.
func (c connection) private(file string) (inner connection, innerFile string, err error) {
	// Not always TMPDIR: a socket's path may have some hundred bytes.
	parent := os.TempDir()
	if len(parent) > 60 {
		parent = "/tmp"
	}
	// The prefix is that of GoNB's own temporary folder.
	dir, err := os.MkdirTemp(parent, "gonb_front")
	if err != nil {
		return inner, "", err
	}
	inner = connection{Transport: "ipc", IP: filepath.Join(dir, "s"), Shell: 1, Control: 2, Stdin: 3, IOPub: 4, Heartbeat: 5,
		Key: c.Key, Scheme: "hmac-sha256", Kernel: c.Kernel}
	content, err := json.Marshal(inner)
	if err != nil {
		return inner, "", err
	}
	innerFile = filepath.Join(dir, filepath.Base(file))
	return inner, innerFile, os.WriteFile(innerFile, content, 0o600)
}

var errNotUp = errors.New("GoNB does not listen")

// dial connects to GoNB as a client does, once it listens.
func (c connection) dial(ctx context.Context) (*sockets, error) {
	// It listens on the heartbeat last.
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
		if _, err := os.Stat(c.path(c.Heartbeat)); err == nil {
			break
		}
		if ctx.Err() != nil || time.Now().After(deadline) {
			return nil, errNotUp
		}
	}
	// GoNB answers control messages on the shell socket, and asks for input on stdin: to whoever has that name there.
	name := zmq4.WithID(zmq4.SocketIdentity("front"))
	retry := zmq4.WithDialerRetry(2 * time.Millisecond)
	forever := zmq4.WithTimeout(365 * 24 * time.Hour)
	s := &sockets{shell: zmq4.NewDealer(ctx, name, retry, forever), control: zmq4.NewDealer(ctx, name, retry, forever),
		stdin: zmq4.NewDealer(ctx, name, retry, forever), iopub: zmq4.NewSub(ctx, retry, forever)}
	for socket, port := range map[zmq4.Socket]int{s.shell: c.Shell, s.control: c.Control, s.stdin: c.Stdin, s.iopub: c.IOPub} {
		if err := socket.Dial(c.address(port)); err != nil {
			return nil, err
		}
	}
	return s, s.iopub.SetOption(zmq4.OptionSubscribe, "")
}
