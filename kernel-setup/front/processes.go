package main

import (
	"syscall"

	"tutorial/kernel-setup/processes"
)

// below returns the children of a process, and their children and so on, without gopls, which serves all cells.
func below(id int) (children, others []processes.Process) {
	all := processes.All()
	var find func(parent int)
	find = func(parent int) {
		for _, p := range all {
			if p.Parent != parent || p.Name == "gopls" {
				continue
			}
			if parent == id {
				children = append(children, p)
			} else {
				others = append(others, p)
			}
			find(p.PID)
		}
	}
	find(id)
	return children, others
}

func signalAll(all []processes.Process, signal syscall.Signal) {
	for _, p := range all {
		syscall.Kill(p.PID, signal)
	}
}

// builds reports whether a process is one with which GoNB makes a program of a cell.
func builds(p processes.Process) bool { return p.Name == "go" || p.Name == "goimports" }
