package execute

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// A kernel is the program that runs cells in one. It gets a line of JSON for each, and answers with another.
type kernel struct {
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	stdout  io.Reader
	answers *json.Decoder
	stderr  bytes.Buffer
	release func() bool // of the context
}

func startKernel(ctx context.Context, order Order) (*kernel, error) {
	k := &kernel{cmd: exec.Command(order.Python, "-P", "-m", "kernel_setup.execute")}
	k.cmd.Env = order.Env
	k.cmd.Stderr = &k.stderr
	k.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal is ours to pass on
	var err error
	if k.stdin, err = k.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := k.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	k.stdout, k.answers = stdout, json.NewDecoder(stdout)
	if err := k.cmd.Start(); err != nil {
		return nil, err
	}
	// Closing its standard input tells it to shut the kernel down, also when this process is killed.
	k.release = context.AfterFunc(ctx, func() { k.stdin.Close() })
	return k, nil
}

// send sends a line. If nobody takes it, the answer will be missing.
func (k *kernel) send(v any) { json.NewEncoder(k.stdin).Encode(v) }

// An answer is what became of a cell or, at the end, of all of them.
type answer struct {
	Outputs  []json.RawMessage `json:"outputs"`
	Count    *int              `json:"execution_count"`
	Commands []string          `json:"commands"` // what the frame around shell commands has noted
	Cut      string            `json:"cut"`      // why the cell was not let run to its end; empty if it was
	Ended    bool              `json:"ended"`    // whether it has ended after it was cut short
	Waiting  struct {          // what a cell that was cut short waited for
		For      string   `json:"for"` // "input" or "background"; empty if that is not known
		Programs []string `json:"programs"`
	} `json:"waiting"`

	Cells [][]json.RawMessage `json:"cells"` // outputs of all cells as they are at the end
	Left  []string            `json:"left"`
	// Language is what the kernel says of its language, as metadata of a notebook.
	Language json.RawMessage `json:"language"`
	// Folders are what outputs may name and pages hide.
	Folders json.RawMessage `json:"folders"`

	Fault string `json:"fault"` // why no cell can be run
}

func (k *kernel) answer() (answer, error) {
	var a answer
	err := k.answers.Decode(&a)
	switch {
	case errors.Is(err, io.EOF):
		return a, errors.New("it ended without a word")
	case err != nil:
		return a, fmt.Errorf("its answer cannot be read: %w", err)
	case a.Fault != "":
		return a, errors.New(a.Fault)
	}
	return a, nil
}

// cutShort says why a cell was not let run to its end; it is empty if it was.
func (a answer) cutShort(limit time.Duration) string {
	var waits string
	switch a.Waiting.For {
	case "input":
		waits = " It waits for standard input, and nobody can type here: read a string or a file instead."
	case "background":
		left := ""
		if len(a.Waiting.Programs) > 0 {
			left = " (" + strings.Join(a.Waiting.Programs, ", ") + ")"
		}
		waits = " The cell's own program has ended, but what it left in the background" + left + " holds its output open:" +
			" end it in the cell, or send its output elsewhere, as in: COMMAND >/dev/null 2>&1 &"
	}
	switch a.Cut {
	case "":
		return ""
	case "time":
		return fmt.Sprintf("This cell took longer than %g s; see -timeout.", limit.Seconds()) + waits
	case "output":
		return fmt.Sprintf("This cell put out more than %d MB and was ended: print less, or into a file.", maxOutput/1_000_000)
	case "died":
		return "The kernel died while this cell ran."
	}
	return "This cell was ended, for nothing moved any more." + waits
}

// end ends the kernel after an error or none, and returns what there is to tell.
func (k *kernel) end(ctx context.Context, name string, err error) error {
	k.release()
	k.stdin.Close()
	io.Copy(io.Discard, k.stdout) // it must not wait for somebody to read on
	failed := k.cmd.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if _, ok := errors.AsType[*Failure](err); ok || err == nil && failed == nil {
		return err
	}
	return fmt.Errorf("%s: running it failed: %w\n%s", name, errors.Join(err, failed), indent(k.stderr.String(), "    "))
}
