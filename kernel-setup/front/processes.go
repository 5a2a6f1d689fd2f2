package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// A process is one that runs on this machine.
type process struct {
	id, parent int
	name       string
}

// listProcesses returns those that can be seen. Without /proc it asks ps.
func listProcesses() (all []process) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		content, err := os.ReadFile(name)
		open, end := bytes.IndexByte(content, '('), bytes.LastIndexByte(content, ')')
		if err != nil || end < open {
			continue // it has ended
		}
		var p process
		p.id, _ = strconv.Atoi(filepath.Base(filepath.Dir(name)))
		p.name = string(content[open+1 : end])
		if fields := strings.Fields(string(content[end+1:])); len(fields) > 1 {
			p.parent, _ = strconv.Atoi(fields[1])
		}
		all = append(all, p)
	}
	if len(stats) > 0 {
		return all
	}
	out, _ := exec.Command("ps", "-axo", "pid=,ppid=,comm=").Output()
	for line := range strings.Lines(string(out)) {
		if fields := strings.Fields(line); len(fields) > 2 {
			id, _ := strconv.Atoi(fields[0])
			parent, _ := strconv.Atoi(fields[1])
			all = append(all, process{id, parent, filepath.Base(fields[2])})
		}
	}
	return all
}

// below returns the children of a process, and their children and so on, without gopls, which serves all cells.
func below(id int) (children, others []process) {
	all := listProcesses()
	var find func(int) []process
	find = func(id int) (found []process) {
		for _, p := range all {
			if p.parent == id && p.name != "gopls" {
				found = append(append(found, p), find(p.id)...)
			}
		}
		return found
	}
	others = find(id)
	for _, p := range others {
		if p.parent == id {
			children = append(children, p)
		}
	}
	others = slices.DeleteFunc(others, func(p process) bool { return p.parent == id })
	return children, others
}

func signalAll(all []process, signal syscall.Signal) {
	for _, p := range all {
		syscall.Kill(p.id, signal)
	}
}

// builds reports whether a process is one with which GoNB makes a program of a cell.
func (p process) builds() bool { return p.name == "go" || p.name == "goimports" }
