package footprint

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"

	"tutorial/helpers/python"
)

//go:embed waiters.py
var waiters string

// measurePython measures in a process of the environment's Python, which answers when it is ready, and again when all wait.
func measurePython(kind Kind, n int) (Cost, error) {
	what := map[Kind]string{PythonThread: "thread", AsyncioTask: "task"}[kind]
	s := &python.Session{What: fmt.Sprintf("starting %d of a %v", n, kind), Program: waiters, Arguments: []string{what, strconv.Itoa(n)}}
	var answer string
	if err := s.Start(context.Background(), &answer); err != nil {
		return Cost{}, err
	}
	defer s.Close()
	before, err := readUsage("/proc", s.Pid())
	if err != nil {
		return Cost{}, err
	}
	if err := s.Ask(context.Background(), "", &answer); err != nil {
		return Cost{}, err
	}
	after, err := readUsage("/proc", s.Pid())
	return between(kind, n, before, after), err
}
