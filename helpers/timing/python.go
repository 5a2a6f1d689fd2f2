package timing

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"tutorial/helpers/python"
)

//go:embed harness.py
var harness string

// PythonError is the failure of a case in Python.
type PythonError struct {
	Case      string // the case's name
	Summary   string // the exception in one line, such as "ValueError: too small"
	Traceback string // as Python writes it; line numbers count from the source's first line that is not blank
	Output    string // the end of what the case printed, if anything
}

// Error returns the summary and, on lines of their own, the traceback and the output.
func (e *PythonError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the Python case %q failed: %s", e.Case, e.Summary)
	if strings.TrimSpace(e.Traceback) != e.Summary && e.Traceback != "" {
		b.WriteString("\n\n" + strings.TrimRight(e.Traceback, "\n"))
	}
	if e.Output != "" {
		b.WriteString("\n\nWhat it printed last:\n" + strings.TrimRight(e.Output, "\n"))
	}
	return b.String()
}

// stopping is how long to wait for a process's last words after it has ended.
const stopping = time.Second

// pythonRunner is a Python process that makes runs on command.
type pythonRunner struct {
	name     string
	timeout  time.Duration
	folder   string
	cmd      *exec.Cmd
	commands *os.File
	answers  chan answer // closed when the process can say no more
	ended    chan struct{}
	output   *tail
	python   string // version
}

// answer is one message from the harness.
type answer struct{ kind, text string }

func pythonSubject(name, source string, wantsN bool) subject {
	s := subject{name: name, language: "Python"}
	if strings.TrimSpace(source) == "" {
		s.err = fmt.Errorf("the source of Python case %q is empty: give it something to run", name)
		return s
	}
	s.open = func(ctx context.Context, set settings) (runner, error) {
		return startPython(ctx, name, source, wantsN, set)
	}
	return s
}

func startPython(ctx context.Context, name, source string, wantsN bool, set settings) (_ runner, err error) {
	p := &pythonRunner{name: name, timeout: set.timeout, answers: make(chan answer, 1), ended: make(chan struct{}), output: &tail{}}
	wrap := func(err error) error { return fmt.Errorf("the Python case %q could not be started: %w", name, err) }
	if p.folder, err = os.MkdirTemp("", "timing-"); err != nil {
		return nil, wrap(err)
	}
	defer func() {
		if err != nil {
			os.RemoveAll(p.folder)
		}
	}()
	path := filepath.Join(p.folder, "case.py")
	if err := os.WriteFile(path, []byte(trimBlankLines(source)), 0o600); err != nil {
		return nil, wrap(err)
	}
	commandsRead, commandsWrite, err := os.Pipe()
	if err != nil {
		return nil, wrap(err)
	}
	defer commandsRead.Close()
	answersRead, answersWrite, err := os.Pipe()
	if err != nil {
		commandsWrite.Close()
		return nil, wrap(err)
	}
	defer answersWrite.Close()
	n := "-"
	if wantsN {
		n = "n"
	}
	// The process's own limit is the wider one: it is there for when this program is gone.
	limit := strconv.FormatFloat((set.timeout + 2*stopping).Seconds(), 'f', 3, 64)
	cmd, err := python.Command("-c", harness, path, name, limit, n)
	if err != nil {
		return nil, fmt.Errorf("the Python case %q cannot run, because there is no python3 on PATH: install Python or leave the case out", name)
	}
	cmd.ExtraFiles = []*os.File{commandsRead, answersWrite}
	cmd.Stdout, cmd.Stderr = p.output, p.output
	if err := cmd.Start(); err != nil {
		commandsWrite.Close()
		answersRead.Close()
		return nil, wrap(err)
	}
	p.cmd, p.commands = cmd, commandsWrite
	go p.listen(answersRead)
	go func() {
		cmd.Wait()
		close(p.ended)
		// Whatever it started must not go on while others are measured.
		python.Kill(cmd)
		answersRead.SetReadDeadline(time.Now().Add(stopping))
	}()
	a, err := p.await(ctx, p.timeout)
	if err != nil {
		p.close()
		return nil, err
	}
	p.python = a.text
	return p, nil
}

// run has the process make one run and returns the time that the process took for it by its own clock.
func (p *pythonRunner) run(ctx context.Context, n int) (time.Duration, error) {
	argument := "-"
	if n > 0 {
		argument = strconv.Itoa(n)
	}
	if _, err := fmt.Fprintf(p.commands, "%s\n", argument); err != nil {
		// It ended between two runs; what it said last, if anything, tells why.
		if _, err := p.await(ctx, stopping); err != nil {
			return 0, err
		}
	}
	a, err := p.await(ctx, p.timeout)
	if err != nil {
		return 0, err
	}
	ns, err := strconv.ParseInt(a.text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the Python case %q reported %q instead of a time", p.name, a.text)
	}
	return time.Duration(ns), nil
}

// await returns the process's next answer, or an error if it failed, ended, took too long or ctx was cancelled; in the last two
// cases it has been killed.
func (p *pythonRunner) await(ctx context.Context, timeout time.Duration) (answer, error) {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case a, ok := <-p.answers:
		switch {
		case !ok:
			<-p.ended
			return answer{}, &PythonError{Case: p.name, Summary: "the process ended before it had reported a time (" + p.cmd.ProcessState.String() + ")", Output: p.output.String()}
		case a.kind == "error":
			<-p.ended // It ends after an error; only then all that it printed has arrived.
			summary, traceback, _ := strings.Cut(a.text, "\n")
			return answer{}, &PythonError{Case: p.name, Summary: summary, Traceback: traceback, Output: p.output.String()}
		}
		return a, nil
	case <-timer.C:
		python.Kill(p.cmd)
		return answer{}, &PythonError{Case: p.name, Summary: fmt.Sprintf("it took longer than %s, the time limit of a run, and was stopped; a Timeout option allows more", shortDuration(timeout)), Output: p.output.String()}
	case <-ctx.Done():
		python.Kill(p.cmd)
		return answer{}, fmt.Errorf("the Python case %q was stopped: %w", p.name, context.Cause(ctx))
	}
}

// listen reads answers until the process and all its children have closed their end, or for a while after it has ended.
func (p *pythonRunner) listen(r *os.File) {
	defer close(p.answers)
	defer r.Close()
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		kind, count, _ := strings.Cut(strings.TrimSpace(line), " ")
		size, err := strconv.Atoi(count)
		if err != nil || size < 0 || size > 1<<24 {
			return
		}
		text := make([]byte, size)
		if _, err := io.ReadFull(in, text); err != nil {
			return
		}
		p.answers <- answer{kind, string(text)}
	}
}

func (p *pythonRunner) version() string { return p.python }

// close ends the process and all that it started, and waits for it.
func (p *pythonRunner) close() {
	p.commands.Close()
	python.Kill(p.cmd)
	for range p.answers { // Lets listen end.
	}
	<-p.ended
	os.RemoveAll(p.folder)
}

// trimBlankLines removes the blank lines at the start of a source, which are there since it begins after a backquote.
func trimBlankLines(source string) string {
	for {
		line, rest, found := strings.Cut(source, "\n")
		if !found || strings.TrimSpace(line) != "" {
			return source
		}
		source = rest
	}
}

// tail keeps the last bytes that were written to it. It is safe for concurrent use.
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
		t.buf = append(t.buf[:0], t.buf[over:]...)
		t.cut = true
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

var errTraced = errors.New("a runtime trace is being recorded, and tracing slows down what it watches: measure before or after, not inside what is traced")
