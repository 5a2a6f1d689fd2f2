package imageserver_test

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"tutorial/helpers/imageserver"
	"tutorial/helpers/timing"
)

// Each program as a cell would have it. The test starts itself anew as one of them.
var scenes = map[string]func(){
	"good": func() {
		log := imageserver.Python(`

			import os, sys
			import requests
			urls = os.environ["IMAGE_URLS"].split()
			for url in urls[:3]:
			    print(requests.get(url, timeout=30).status_code, url.partition("/image/")[2])
			print("to standard error", file=sys.stderr)
		`, imageserver.Latency(0))
		fmt.Print("Go goes on: ", len(log), " requests, at most ", log.MostInFlight())
	},
	"failing": func() {
		imageserver.Python(`
			print("before")
			raise ValueError("too hot")
		`)
		fmt.Print("not reached")
	},
	"wrong option": func() {
		imageserver.Python(`print("never")`, imageserver.AtOnce(-1))
	},
	"patient": func() {
		imageserver.Python(`
			import time
			print("waiting")
			time.sleep(600)
		`)
	},
}

// scene prepares this test binary as one of the scenes.
func scene(name string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "GONB_") }),
		"GORACE=atexit_sleep_ms=0", "IMAGESERVER_SCENE="+name, "NO_PROXY=example.org", "HTTP_PROXY=http://127.0.0.1:1")
	return cmd
}

func TestPythonRunsWithAServerOrFails(t *testing.T) {
	t.Parallel()
	needPython(t)
	for name, test := range map[string]struct {
		status         int
		stdout, stderr string
	}{
		"good":         {0, "200 0.png\n200 1.jpg\n200 2.png\nGo goes on: 3 requests, at most 1", "to standard error\n"},
		"failing":      {1, "before\n", "line 2, in <module>\n%ValueError: too hot\nthe Python program failed: exit status 1\n"},
		"wrong option": {1, "", "option AtOnce(-1): the server must work on at least 1 request at a time\n"},
	} {
		var stdout, stderr strings.Builder
		cmd := scene(name)
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		cmd.Run()
		if got := cmd.ProcessState.ExitCode(); got != test.status || stdout.String() != test.stdout {
			t.Errorf("%s: status %d, standard output %q, want %d and %q", name, got, stdout.String(), test.status, test.stdout)
		}
		for part := range strings.SplitSeq(test.stderr, "%") {
			if !strings.Contains(stderr.String(), part) {
				t.Errorf("%s: no %q in %q", name, part, stderr.String())
			}
		}
	}
}

func TestAnInterruptEndsPythonToo(t *testing.T) {
	t.Parallel()
	needPython(t)
	cmd := scene("patient")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer timer.Stop()
	if _, err := stdout.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Signal(os.Interrupt)
	// The Python program holds the other end of the pipe: it ends when both programs have.
	for err = nil; err == nil; {
		_, err = stdout.Read(make([]byte, 100))
	}
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != 1 || !strings.Contains(stderr.String(), "the Python program was stopped") {
		t.Errorf("status %d, %q", got, stderr.String())
	}
}

// A cell that measures both languages has one server for all its cases.
func TestEnvServesTimedPython(t *testing.T) {
	needPython(t)
	for old, want := range map[string]string{"": "127.0.0.1", "example.org": "example.org,127.0.0.1", "127.0.0.1,b.org": "127.0.0.1,b.org"} {
		t.Setenv("NO_PROXY", old)
		if env := start(t).Env(); !slices.Contains(env, "NO_PROXY="+want) {
			t.Errorf("with NO_PROXY=%s the environment is %q", old, env)
		}
	}
	s := start(t, imageserver.Latency(200*time.Millisecond))
	c, err := timing.Run(t.Context(), "Ten images", timing.Env(s.Env()...), timing.Runs(1), timing.Python("a pool", `
		import os, requests
		from concurrent.futures import ThreadPoolExecutor
		urls = os.environ["IMAGE_URLS"].split()
		def run():
		    with ThreadPoolExecutor(max_workers=10) as pool:
		        assert all(r.ok for r in pool.map(requests.get, urls))
	`))
	if err != nil {
		t.Fatal(err)
	}
	if took := c.Results[0].Median; took < 200*time.Millisecond || took > 200*time.Millisecond+slack {
		t.Errorf("it took %v", took)
	}
	if len(s.Log()) != 10 || s.MostInFlight() > 10 {
		t.Errorf("%d requests, at most %d at once", len(s.Log()), s.MostInFlight())
	}
}
