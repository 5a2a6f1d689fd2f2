package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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

// A process is a running program, as /proc shows it.
type process struct {
	pid     int
	learner string // empty for the hub's own
	kind    kind
	pss     int64   // bytes of memory, those that processes share divided among them
	seconds float64 // of processor time so far
}

// clockTicks is USER_HZ, which is 100 on every Linux that Go runs on.
const clockTicks = 100

// processes returns those that have variable, such as "A=b", in their environment, as a program hands it on to all it
// starts. So it finds those too whose parents are gone. JUPYTERHUB_USER says whose they are.
func processes(variable string) ([]process, error) {
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	if len(dirs) == 0 {
		return nil, fmt.Errorf("this system has no /proc to measure processes with; run the class on Linux")
	}
	var found []process
	for _, dir := range dirs {
		// What ended meanwhile cannot be read, and is left out.
		environ, err := os.ReadFile(filepath.Join(dir, "environ"))
		if err != nil {
			continue
		}
		variables := strings.Split(string(environ), "\x00")
		if !slices.Contains(variables, variable) {
			continue
		}
		p := process{}
		p.pid, _ = strconv.Atoi(filepath.Base(dir))
		for _, v := range variables {
			if name, ok := strings.CutPrefix(v, "JUPYTERHUB_USER="); ok {
				p.learner = name
			}
		}
		command, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil || len(command) == 0 {
			continue
		}
		p.kind = kindOf(p.learner, strings.Split(strings.TrimSuffix(string(command), "\x00"), "\x00"))
		if p.pss, err = readPSS(filepath.Join(dir, "smaps_rollup")); err != nil {
			continue
		}
		if p.seconds, err = readSeconds(filepath.Join(dir, "stat")); err != nil {
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

// openDoors returns the addresses beyond this machine's own on which the processes wait for connections, as the kernel
// writes them, and how many they wait on in all.
func openDoors(found []process) (open []string, all int, err error) {
	sockets := map[string]bool{} // by inode
	for _, p := range found {
		links, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", p.pid))
		if err != nil {
			return nil, 0, err
		}
		for _, link := range links {
			target, _ := os.Readlink(link) // it may have been closed
			if inode, ok := strings.CutPrefix(target, "socket:["); ok {
				sockets[strings.TrimSuffix(inode, "]")] = true
			}
		}
	}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		content, err := os.ReadFile(table)
		if err != nil {
			continue // a system without IPv6
		}
		for line := range strings.Lines(string(content)) {
			const local, state, inode, listens = 1, 3, 9, "0A"
			fields := strings.Fields(line)
			if fields[state] != listens || !sockets[fields[inode]] {
				continue
			}
			all++
			// Addresses are words of four bytes, each in the machine's order.
			address, _, _ := strings.Cut(fields[local], ":")
			if !strings.HasSuffix(address, "7F") && address != "00000000000000000000000001000000" {
				open = append(open, fields[local])
			}
		}
	}
	return open, all, nil
}
