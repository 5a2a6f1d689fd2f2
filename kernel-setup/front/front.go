package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/go-zeromq/zmq4"

	"tutorial/kernel-setup/front/explain"
)

// run starts GoNB and passes messages until it ends. It returns the exit code for this process.
func run(file, gonb string, args []string) (int, error) {
	outer, err := readConnection(file)
	if err != nil {
		return 1, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	jupyter, err := outer.listen(ctx)
	if err != nil {
		return 1, err
	}
	inner, innerFile, err := outer.private(file)
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(filepath.Dir(innerFile))

	expected := filepath.Join(os.TempDir(), "gonb_expected_"+newID())
	end, err := guardGroup(expected)
	if err != nil {
		return 1, err
	}
	defer end.Close()
	kernel := exec.Command(gonb, append([]string{"--kernel", innerFile, "-raw_error"}, args...)...)
	kernel.Env = append(os.Environ(), "GONB_FRONT_EXPECTED="+expected) // see display.Expect
	kernel.Stdout, kernel.Stderr = os.Stdout, os.Stderr
	if err := kernel.Start(); err != nil {
		return 1, err
	}
	ended := make(chan error, 1)
	go func() {
		ended <- kernel.Wait()
		cancel()
	}()

	f := &front{key: key(outer.Key), jupyter: jupyter, book: book{expected: expected, cells: map[string]*cell{}, sources: explain.Sources{}}, process: kernel.Process.Pid}
	go f.echo()
	if f.gonb, err = inner.dial(ctx); err == nil {
		err = f.greet(ctx)
	}
	if err != nil {
		kernel.Process.Kill()
		<-ended
		return 1, err
	}
	os.RemoveAll(filepath.Dir(innerFile)) // whoever is to be connected is
	f.pass()

	if err := <-ended; err != nil {
		return 1, nil // GoNB has said why, and the guard ends what it leaves
	}
	time.Sleep(50 * time.Millisecond) // for the last messages to leave
	for _, socket := range []zmq4.Socket{jupyter.shell, jupyter.control, jupyter.stdin, jupyter.iopub, jupyter.heartbeat} {
		socket.Close() // which removes what is a file
	}
	io.WriteString(end, "in order\n")
	return 0, nil // a program that GoNB has left is for the guard too
}

// A front passes messages between Jupyter and GoNB.
type front struct {
	key           key
	jupyter, gonb *sockets
	book          book
	help          helpDesk
	process       int // GoNB's
}

// echo answers Jupyter's heartbeat. It needs no word of GoNB's: this process ends when that does.
func (f *front) echo() {
	for {
		m, err := f.jupyter.heartbeat.Recv()
		if err != nil {
			return
		}
		f.jupyter.heartbeat.SendMulti(zmq4.NewMsgFrom(m.Frames...))
	}
}

// greet returns once GoNB's status messages arrive: a subscription takes effect some time after it was made.
func (f *front) greet(ctx context.Context) error {
	self := newID()
	heard := make(chan error, 1)
	go func() {
		for {
			m, err := f.receive(f.gonb.iopub)
			if err != nil || m.parent.Session == self {
				heard <- err
				return
			}
		}
	}()
	for {
		if err := f.ask(f.gonb.shell, "kernel_info_request", self); err != nil {
			return err
		}
		select {
		case err := <-heard:
			return err
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return errNotUp
		}
	}
}

// ask sends GoNB a request of the front's own.
func (f *front) ask(socket zmq4.Socket, kind, session string) error {
	encoded, err := json.Marshal(header{ID: newID(), Type: kind, Session: session, Version: "5.3"})
	if err != nil {
		return err
	}
	empty := []byte("{}")
	return socket.SendMulti(f.key.frames(&message{parts: [][]byte{encoded, empty, empty, empty}}))
}

// receive returns the next message that has a right to be there.
func (f *front) receive(socket zmq4.Socket) (*message, error) {
	for {
		raw, err := socket.Recv()
		if err != nil {
			return nil, err
		}
		m, err := f.key.parse(raw.Frames)
		if errors.Is(err, errForeign) {
			continue
		}
		return m, err
	}
}

// pass starts the passing in all directions.
func (f *front) pass() {
	flow := func(from zmq4.Socket, each func(*message)) {
		go func() {
			for {
				m, err := f.receive(from)
				if err != nil {
					return
				}
				each(m)
			}
		}()
	}
	send := func(to zmq4.Socket) func(*message) {
		return func(m *message) { to.SendMulti(f.key.frames(m)) }
	}
	flow(f.jupyter.shell, func(m *message) {
		switch m.header.Type {
		case "execute_request":
			m = f.book.begin(m)
		case "inspect_request":
			f.help.ask(m)
		case "complete_request":
			m = completable(m)
		}
		send(f.gonb.shell)(m)
	})
	flow(f.jupyter.control, func(m *message) {
		if m.header.Type == "interrupt_request" {
			if c := f.book.interrupt(); c != nil {
				go f.end(c, programGrace)
			}
			send(f.jupyter.control)(m.answer("interrupt_reply"))
			return
		}
		send(f.gonb.control)(m)
	})
	flow(f.jupyter.stdin, send(f.gonb.stdin))
	flow(f.gonb.shell, f.reply)
	flow(f.gonb.control, f.reply)
	flow(f.gonb.stdin, send(f.jupyter.stdin))
	flow(f.gonb.iopub, func(m *message) {
		if len(m.addresses) > 0 && string(m.addresses[0]) == "front" {
			m.addresses = m.addresses[1:]
		}
		for _, m := range f.book.publish(m, func(c *cell) { go f.end(c, buildGrace) }) {
			send(f.jupyter.iopub)(m)
		}
	})
}

// end ends what a cell runs, and what it goes on to run, until it has ended; at once, or after a word to it and some time. GoNB itself
// signals only the child that it has at the moment, and none that builds a program; so it is not asked. Each child is interrupted
// once, with what it has started by then: it may take its time to end in order.
func (f *front) end(c *cell, grace time.Duration) {
	interrupted := map[int]time.Time{} // when, by the ID of the process
	for {
		children, _ := below(f.process)
		time.Sleep(50 * time.Millisecond) // so that none of these is of the next cell, unless this has ended by now
		if f.book.over(c) {
			return
		}
		for _, p := range children { // one, but for a moment
			since, again := interrupted[p.PID]
			age := time.Since(since)
			if again && age < grace && (age < buildGrace || !builds(p)) {
				continue
			}
			signal := syscall.SIGKILL
			if !again {
				interrupted[p.PID], signal = time.Now(), syscall.SIGINT
			}
			syscall.Kill(p.PID, syscall.SIGSTOP) // a shell that goes on could leave a child that is not below it any more
			_, others := below(f.process)
			signalAll(append(others, p), signal) // as in a terminal
			syscall.Kill(p.PID, syscall.SIGCONT)
		}
	}
}

// programGrace is how long a program has to end when it was interrupted, as GoNB has it; buildGrace is that of what builds one, or
// prints without end.
const (
	programGrace = 5 * time.Second
	buildGrace   = 200 * time.Millisecond
)

// reply passes an answer to whoever has asked.
func (f *front) reply(m *message) {
	if len(m.addresses) == 0 {
		return // it was this that asked
	}
	to := f.jupyter.shell
	send := func(change func(*message) *message) { // which may have to wait
		go func() { to.SendMulti(f.key.frames(change(m))) }()
	}
	switch m.header.Type {
	case "execute_reply":
		send(f.book.replied)
	case "inspect_reply":
		send(f.help.answered)
	case "kernel_info_reply":
		to.SendMulti(f.key.frames(introduced(m)))
	case "shutdown_reply":
		f.jupyter.control.SendMulti(f.key.frames(m)) // where it was asked
	default:
		to.SendMulti(f.key.frames(m))
	}
}

// introduced is what GoNB says of itself, with the language as notebooks are committed: JupyterLab writes it there, and would call a
// notebook changed that nobody has touched. Go's version, in which machines differ, stands beside it.
func introduced(m *message) *message {
	reply := content[map[string]any](m)
	language, ok := reply["language_info"].(map[string]any)
	if !ok {
		return m
	}
	language["pygments_lexer"] = "go" // without one, exporters colour Go as Python
	reply["language_version"] = language["version"]
	delete(language, "version")
	return m.with(reply)
}

// guardGroup starts a guard, which ends this process's group when this process has ended, however that came about, and
// removes a file. The program of a cell is in the group, and so is GoNB. The guard is a shell that waits for the end of a pipe, which
// is the one thing that works on every system; the pipe has to stay open. After the line "in order" it waits for nobody, so that it
// is gone as soon as this process.
func guardGroup(leftover string) (io.WriteCloser, error) {
	group := syscall.Getpgrp()
	if group != os.Getpid() {
		if err := syscall.Setpgid(0, 0); err != nil {
			return nil, err
		}
		group = os.Getpid()
	}
	guard := exec.Command("/bin/sh", "-c", `if read how; then read end; else kill -s TERM -- "-$1"; sleep 1; fi; kill -s KILL -- "-$1"; rm -f -- "$2"`, "guard", strconv.Itoa(group), leftover)
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := guard.StdinPipe()
	if err != nil {
		return nil, err
	}
	return pipe, guard.Start()
}
