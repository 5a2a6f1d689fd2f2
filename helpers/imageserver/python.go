package imageserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"time"

	"tutorial/helpers/display"
)

// Python starts a server, runs a Python program that finds the server's URLs in IMAGE_URLS, closes the server and returns its
// log. It is for a cell that shows a download in Python:
//
//	imageserver.Python(`
//	import os
//	import requests
//	from concurrent.futures import ThreadPoolExecutor
//
//	def download(url):
//	    return len(requests.get(url, timeout=5).content)
//
//	urls = os.environ["IMAGE_URLS"].split()
//	with ThreadPoolExecutor(max_workers=10) as pool:
//	    print(sum(pool.map(download, urls)), "bytes")
//	`)
//
// If the program fails, so does the cell: Python ends it with status 1 (see [display.Fail]) below Python's own traceback. An
// interrupt ends both. [RunPython] is the same for programs that want the error.
func Python(source string, options ...Option) Log {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	log, err := RunPython(ctx, source, options...)
	if err != nil {
		display.Fail(err)
	}
	return log
}

// RunPython starts a server with the options, runs the source on python3 from PATH and closes the server. What the program
// prints appears at once on this program's standard output and error. The source may be indented as a whole; line 1 of a
// traceback is the first line that is not blank.
//
// The log comes with an error too, if the server was started. The errors are: a wrong option, no python3, a program that
// ended with another status than 0, and ctx, whose end kills the program.
func RunPython(ctx context.Context, source string, options ...Option) (_ Log, err error) {
	if strings.TrimSpace(source) == "" {
		return nil, errors.New("the Python program is empty: give it something to run")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		return nil, errors.New("the Python program cannot run, because there is no python3 on PATH: install Python")
	}
	s, err := Start(options...)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	// Unbuffered, so that the learner sees a line when it is printed; from standard input, as %%script does.
	cmd := exec.CommandContext(ctx, python, "-u", "-")
	cmd.Stdin = strings.NewReader(dedent(source))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = os.Environ()
	for _, v := range s.environment() {
		cmd.Env = append(cmd.Env, v.name+"="+v.value)
	}
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	// What the program left unread is closed now, so the log has no request that is still under way.
	s.Close()
	log := s.Log()
	switch exit, failed := errors.AsType[*exec.ExitError](err); {
	case err != nil && ctx.Err() != nil:
		return log, fmt.Errorf("the Python program was stopped: %w", context.Cause(ctx))
	case failed:
		return log, fmt.Errorf("the Python program failed (%w)", exit)
	case err != nil:
		return log, fmt.Errorf("the Python program could not be run: %w", err)
	}
	return log, nil
}

// dedent removes blank lines at the start and the white space that all lines begin with.
func dedent(source string) string {
	lines := strings.Split(source, "\n")
	for len(lines) > 1 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	margin, found := "", false
	for _, line := range lines {
		text := strings.TrimLeft(line, " \t")
		if strings.TrimSpace(text) == "" {
			continue
		}
		indent := line[:len(line)-len(text)]
		if !found {
			margin, found = indent, true
		}
		for !strings.HasPrefix(indent, margin) {
			margin = margin[:len(margin)-1]
		}
	}
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, margin)
	}
	return strings.Join(lines, "\n")
}
