package footprint

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

//go:embed waiters.py
var waiters string

// measurePython measures in a process of the environment's Python.
func measurePython(kind Kind, n int) (_ Cost, err error) {
	python, err := exec.LookPath("python3")
	if err != nil {
		return Cost{}, fmt.Errorf("a %v cannot be measured, because there is no python3 on the PATH; install Python", kind)
	}
	what := map[Kind]string{PythonThread: "thread", AsyncioTask: "task"}[kind]
	cmd := exec.Command(python, "-c", waiters, what, strconv.Itoa(n))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return Cost{}, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return Cost{}, err
	}
	if err := cmd.Start(); err != nil {
		return Cost{}, fmt.Errorf("a %v cannot be measured: %w", kind, err)
	}
	defer func() {
		stdin.Close()
		if waitErr := cmd.Wait(); waitErr != nil {
			err = fmt.Errorf("starting %d of a %v failed: %w\n%s", n, kind, waitErr, strings.TrimSpace(stderr.String()))
		}
	}()
	lines := bufio.NewScanner(stdout)
	reading := func(line string) (usage, error) {
		if !lines.Scan() || lines.Text() != line {
			return usage{}, fmt.Errorf("the process ended before it had started the %vs", kind)
		}
		u, err := readUsage("/proc", cmd.Process.Pid)
		io.WriteString(stdin, "\n")
		return u, err
	}
	before, err := reading("before")
	if err != nil {
		return Cost{}, err
	}
	after, err := reading("after")
	if err != nil {
		return Cost{}, err
	}
	return between(kind, n, before, after), nil
}
