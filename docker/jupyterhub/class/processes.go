package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tutorial/kernel-setup/processes"
)

// A kind of process is one line in the account of memory.
type kind string

const (
	theHub  kind = "hub and proxy"
	server  kind = "server"           // jupyterhub-singleuser, which has JupyterLab in it
	kernel  kind = "kernel"           // gonb
	editor  kind = "gopls"            // completion and help
	running kind = "builds and cells" // go build and what it starts, the learner's programs, Python twins
)

var kinds = []kind{server, kernel, editor, running}

// A process is one of the class, with what it takes.
type process struct {
	processes.Process
	learner string // empty for the hub's own
	kind    kind
	pss     int64   // bytes of memory, those that processes share divided among them
	seconds float64 // of processor time so far
}

// clockTicks is USER_HZ, which is 100 on every Linux that Go runs on.
const clockTicks = 100

// family returns the processes of the class with this mark, see [processes.Marked]. JUPYTERHUB_USER in their environment says
// whose they are. What ends meanwhile is left out.
func family(mark string) ([]process, error) {
	marked, err := processes.Marked(mark)
	if err != nil {
		return nil, err
	}
	var found []process
	for _, m := range marked {
		p := process{Process: m}
		for _, v := range m.Env {
			if name, ok := strings.CutPrefix(v, "JUPYTERHUB_USER="); ok {
				p.learner = name
			}
		}
		if len(m.Args) == 0 {
			continue
		}
		p.kind = kindOf(p.learner, m.Args)
		if p.pss, err = readPSS(m.File("smaps_rollup")); err != nil {
			continue
		}
		if p.seconds, err = readSeconds(m.File("stat")); err != nil {
			continue
		}
		found = append(found, p)
	}
	return found, nil
}

func kindOf(learner string, command []string) kind {
	if learner == "" {
		return theHub
	}
	switch program := filepath.Base(command[0]); {
	case program == "gonb":
		return kernel
	case program == "gopls" || len(command) > 1 && filepath.Base(command[1]) == "gopls":
		return editor
	case strings.HasPrefix(program, "python") && len(command) > 1 && filepath.Base(command[1]) == "jupyterhub-singleuser":
		return server
	}
	return running
}

// readPSS reads the proportional set size, in bytes.
func readPSS(name string) (int64, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return 0, err
	}
	for lines := bufio.NewScanner(bytes.NewReader(content)); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "Pss:"); ok {
			kilobytes, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, fmt.Errorf("%s has no Pss", name)
}

// readSeconds reads the processor time that a process and its children that ended have used.
func readSeconds(name string) (float64, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return 0, err
	}
	// The second field is the program's name, in parentheses, with whatever characters it has.
	_, rest, ok := strings.Cut(string(content[bytes.LastIndexByte(content, ')')+1:]), " ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 15 {
		return 0, fmt.Errorf("%s is %q", name, content)
	}
	ticks := 0.0
	for _, field := range fields[11:15] { // utime, stime, cutime, cstime
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return ticks / clockTicks, nil
}
