package python

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// A Session is a Python process that answers questions. Its program calls converse of prelude.py: a question is a line, an
// answer has the field answer, or summary and traceback if it failed.
type Session struct {
	What      string // what the program is, for errors
	Program   string
	Arguments []string
	Env       []string // variables for its environment, "NAME=value"

	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *json.Decoder
	out     *io.PipeReader
	ended   chan struct{}
	output  tail
}

// Start starts the process, which answers once by itself. It is ended if the answer does not come, or ctx ends first.
func (s *Session) Start(ctx context.Context, answer any) (err error) {
	failed := func(err error) error { return fmt.Errorf("%s cannot run: %w", s.What, err) }
	if s.cmd, err = Command(append([]string{"-c", Prelude + s.Program}, s.Arguments...)...); err != nil {
		return failed(err)
	}
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return failed(err)
	}
	out, in := io.Pipe()
	s.out, s.answers, s.ended = out, json.NewDecoder(out), make(chan struct{})
	s.cmd.Stdout, s.cmd.Stderr = in, &s.output
	s.cmd.Env = append(os.Environ(), s.Env...)
	if err := s.cmd.Start(); err != nil {
		return failed(err)
	}
	go func() {
		s.cmd.Wait()
		Kill(s.cmd) // What it has left must not go on while others are measured.
		in.Close()
		close(s.ended)
	}()
	if err = s.await(ctx, answer); err != nil {
		s.Close()
	}
	return err
}

// Pid returns the number of the process.
func (s *Session) Pid() int { return s.cmd.Process.Pid }

// Ask asks a question and reads the answer. The process is ended if ctx ends first.
func (s *Session) Ask(ctx context.Context, question string, answer any) error {
	io.WriteString(s.in, question+"\n") // If nobody reads it, the process has ended, and said why.
	return s.await(ctx, answer)
}

func (s *Session) await(ctx context.Context, answer any) error {
	var a struct {
		Summary, Traceback string
		Answer             json.RawMessage
	}
	stop := context.AfterFunc(ctx, func() { Kill(s.cmd) })
	err := s.answers.Decode(&a)
	stop()
	if err == nil && a.Summary == "" {
		return json.Unmarshal(a.Answer, answer)
	}
	if err != nil {
		s.out.Close()
	}
	<-s.ended // Only then all that it printed has arrived.
	failure := &Error{What: s.What, Summary: a.Summary, Traceback: a.Traceback, Output: s.output.String()}
	switch {
	case err != nil && ctx.Err() != nil:
		failure.Err = context.Cause(ctx)
		failure.Summary = failure.Err.Error()
	case err != nil:
		failure.Summary = fmt.Sprintf("the process ended before it had answered (%v)", s.cmd.ProcessState)
	}
	return failure
}

// Close ends the process and all that it started, and waits for it.
func (s *Session) Close() {
	s.in.Close()
	Kill(s.cmd)
	s.out.Close()
	<-s.ended
}

// tail keeps the last bytes that were written to it.
type tail struct {
	mu  sync.Mutex
	buf []byte
	cut bool
}

const tailSize = 4 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if over := len(t.buf) - tailSize; over > 0 {
		t.buf, t.cut = append(t.buf[:0], t.buf[over:]...), true
	}
	return len(b), nil
}

// String returns what was kept, from the start of a line on if something was dropped.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := string(t.buf)
	if t.cut {
		if _, rest, found := strings.Cut(s, "\n"); found {
			s = rest
		}
		s = "...\n" + s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
