package timeline

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tutorial/helpers/display"
	"tutorial/helpers/python"
)

//go:embed recorder.py
var recorder string

// DefaultTimeLimit is after what time RecordPython ends a program unless the option TimeLimit says otherwise.
const DefaultTimeLimit = 10 * time.Second

// maxPyRecording is the size of a recording, in bytes: about a million events.
const maxPyRecording = 32 << 20

// maxPyOutput is how much of what a program prints is passed on, in bytes, so that one that prints for ever does not fill
// the notebook.
const maxPyOutput = 1 << 20

// A PythonOption changes how a program is run.
type PythonOption func(*pythonRun)

// TimeLimit ends a program that still runs after d. The recording then says who waits for what.
func TimeLimit(d time.Duration) PythonOption { return func(r *pythonRun) { r.limit = d } }

// Output has the program's standard output and standard error written to w, instead of this program's standard output.
func Output(w io.Writer) PythonOption { return func(r *pythonRun) { r.output = w } }

// Env sets variables in the program's environment, each as "NAME=value".
func Env(variables ...string) PythonOption {
	return func(r *pythonRun) { r.env = append(r.env, variables...) }
}

type pythonRun struct {
	limit  time.Duration
	output io.Writer
	env    []string
}

// RecordPython runs a whole program in Python, on python3 from PATH, and returns what its threads and asyncio tasks did:
// when each of them ran, and what it waited for, at which line. The source may be indented, and needs no change.
//
// The first lane, main, is the main thread. While that runs an event loop, it is the loop's main task, the one that was
// given to asyncio.run. Each other thread and task has a lane of its own, in the order in which they were created, with the
// name that the program gave it or else that of its function.
//
// If the program fails, the error is a *[python.Error] and the recording reaches up to there. A program that has not ended
// when its time is over (see [TimeLimit]), or that ctx ends, is ended with all that it has started; Stuck then says who
// waits for what. Subprocesses are not followed.
//
// What is recorded is slower than what is not, so do not measure with it: a program that mostly waits takes about as long as
// without, and a step of a task takes some 10 µs more.
func RecordPython(ctx context.Context, source string, options ...PythonOption) (*Recording, error) {
	run := pythonRun{limit: DefaultTimeLimit, output: os.Stdout}
	for _, option := range options {
		option(&run)
	}
	if strings.TrimSpace(source) == "" {
		return nil, errors.New("timeline: the source is empty: give it a program to run")
	}
	return run.record(ctx, source)
}

func (run *pythonRun) record(ctx context.Context, source string) (*Recording, error) {
	failed := func(err error) (*Recording, error) {
		return nil, fmt.Errorf("timeline: the Python program could not be run: %w", err)
	}
	folder, err := os.MkdirTemp("", "timeline-")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(folder)
	in := func(name string) string { return filepath.Join(folder, name) }
	program, slots, texts := in("program.py"), in("slots"), in("texts")
	if err := errors.Join(os.WriteFile(program, []byte(source), 0o600), os.WriteFile(in("recorder.py"), []byte(python.Prelude+recorder), 0o600),
		os.WriteFile(slots, nil, 0o600), os.WriteFile(texts, nil, 0o600), os.Truncate(slots, maxPyRecording)); err != nil {
		return failed(err)
	}
	// The process's own limit is the wider one: it is there for when this program is gone.
	cmd, err := python.Command("-X", "utf8", "-u", in("recorder.py"), program, slots, texts,
		strconv.FormatFloat((run.limit+5*time.Second).Seconds(), 'f', 3, 64))
	if err != nil {
		return failed(err)
	}
	cmd.Env = append(os.Environ(), run.env...)
	output := &firstPart{w: run.output, left: maxPyOutput}
	cmd.Stdout, cmd.Stderr = output, output // One pipe for both, which keeps their order.
	if err := cmd.Start(); err != nil {
		return failed(err)
	}
	cpu := sampleCPU(cmd.Process.Pid)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	timer := time.NewTimer(run.limit)
	defer timer.Stop()
	why := ""
	select {
	case err = <-ended:
	case <-timer.C:
		why = "It had not ended after " + brief(run.limit)
	case <-ctx.Done():
		why = "It was interrupted"
	}
	until := time.Now()
	python.Kill(cmd) // Also what a program that has ended has left.
	if why != "" {
		err = <-ended
	}
	samples := cpu.stop()
	written, readErr := os.ReadFile(slots)
	said, textErr := os.ReadFile(texts)
	if err := errors.Join(readErr, textErr); err != nil {
		return failed(err)
	}
	if changed, err := os.ReadFile(program); err == nil { // without blank lines at its start, and what was common to the starts of all
		source = string(changed)
	}
	rec, failure, readErr := readPython(written, said, source, until, samples)
	if readErr != nil && failure == "" {
		return failed(errors.Join(readErr, err))
	}
	if why != "" && rec != nil {
		rec.Stuck = findStuck(rec)
		rec.Stuck.why = why
		return rec, nil
	}
	var exit *exec.ExitError
	if failure != "" || errors.As(err, &exit) {
		return rec, pythonError(failure, err)
	}
	return rec, nil
}

func pythonError(traceback string, err error) error {
	lines := strings.Split(strings.TrimRight(traceback, "\n"), "\n")
	summary := lines[len(lines)-1]
	for _, line := range lines { // The message of an ExceptionGroup is not in the last line.
		if name, _, found := strings.Cut(strings.TrimLeft(line, " +|"), ": "); found && strings.HasSuffix(name, "ExceptionGroup") {
			summary = strings.TrimLeft(line, " +|")
			break
		}
	}
	if summary == "" && err != nil {
		summary = "the process ended by itself (" + err.Error() + ")"
	}
	return &python.Error{What: "the Python program", Summary: summary, Traceback: traceback}
}

// ShowPython runs a program in Python as [RecordPython] does, and shows what its threads and tasks did in the same form as
// [Show]. What the program prints appears in the cell as it is printed. It returns the recording.
//
// If the program fails, ShowPython shows what happened until then and ends this program with the traceback and status 1, see
// [display.Fail]. A program that does not end is ended by its time limit, or when the cell is interrupted, and the figure
// says who waits for what.
func ShowPython(title, source string, options ...PythonOption) *Recording {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	rec, err := RecordPython(ctx, source, options...)
	if rec != nil {
		if display.InNotebook() {
			time.Sleep(20 * time.Millisecond) // What it printed travels by another pipe, and belongs above the figure.
		}
		display.Show(rec.Figure(title))
	}
	if err != nil {
		display.Fail(err)
	}
	return rec
}

// firstPart passes on so many bytes, and then says that there are more.
type firstPart struct {
	w    io.Writer
	left int
}

func (f *firstPart) Write(p []byte) (int, error) {
	if f.left < 0 {
		return len(p), nil
	}
	if len(p) <= f.left {
		f.left -= len(p)
		return f.w.Write(p)
	}
	f.w.Write(p[:f.left])
	f.left = -1
	io.WriteString(f.w, "\n... (it printed more than is shown here)\n")
	return len(p), nil
}
