package timing_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tutorial/helpers/timing"
)

// The scenes end the program, so the test starts itself anew for each.
var scenes = map[string]func(){
	"good": func() {
		c := timing.Compare("Two naps", timing.Go("long", sleeps(20*time.Millisecond)), timing.Go("short", sleeps(time.Millisecond)),
			timing.Runs(1), timing.Ideal(time.Millisecond))
		println(len(c.Results))
	},
	"grows": func() {
		timing.Scaling("Naps", timing.Sizes(1, 2), timing.Runs(1), timing.GoN("nap", func(n int) { time.Sleep(time.Duration(n) * time.Millisecond) }))
	},
	"endless Python": func() {
		timing.Compare("Never", timing.Timeout(10*time.Second), timing.Python("endless", `
			import os
			def run():
			    with open(os.environ["TIMING_NOTE"] + ".new", "w") as f:
			        f.write(str(os.getpid()))
			    os.rename(f.name, os.environ["TIMING_NOTE"])
			    while True:
			        pass
		`))
	},
	"deadlock": func() {
		timing.Compare("Never", timing.Go("stuck", func() {
			var wg sync.WaitGroup
			ch := make(chan int)
			for i := range 3 {
				wg.Go(func() { ch <- i })
			}
			wg.Wait()
		}))
	},
	"exit of the goroutine": func() {
		timing.Compare("Never", timing.Go("left", func() { runtime.Goexit() }))
	},
	"panic": func() {
		defer func() { println(recover().(string)) }()
		timing.Compare("Never", timing.Go("left", func() { panic("goes through") }))
	},
	"bad option": func() {
		timing.Compare("Two naps", timing.Go("nap", func() {}), timing.Runs(0))
		println("not reached")
	},
	"bad case": func() {
		timing.Scaling("Naps", timing.Sizes(5), timing.GoN("nap", func(int) error { return errors.New("no bed") }))
		println("not reached")
	},
}

func TestMain(m *testing.M) {
	if scene := scenes[os.Getenv("TIMING_SCENE")]; scene != nil {
		scene()
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

func TestCompareShowsOrFails(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		status         int
		stdout, stderr []string
	}{
		"good":  {0, []string{"Two naps\n", "ideal: 1 ms, ", "one run each", "case   language"}, []string{"2\n"}},
		"grows": {0, []string{"Naps\n", "wall time against n — one run each", "At n = 2: "}, nil},
		"deadlock": {1, nil, []string{`timing.Compare("Never") failed: stuck: run 1 of 7: nothing has moved for 20 s: ` +
			"one goroutine waits for a WaitGroup in `wg.Wait()`; 3 goroutines wait to send on a channel in `wg.Go(func() { ch <- i })`\n"}},
		"exit of the goroutine": {1, nil, []string{`timing.Compare("Never") failed: left: run 1 of 7: the case left by runtime.Goexit (t.FailNow and t.Skip do that); let it return instead` + "\n"}},
		"panic":                 {0, nil, []string{"goes through\n"}},
		"bad option":            {1, nil, []string{`timing.Compare("Two naps") failed: option Runs(0): the number of runs must be at least 1` + "\n"}},
		"bad case":              {1, nil, []string{`timing.Scaling("Naps") failed: at n = 5: case "nap" failed in run 1 of 7: no bed` + "\n"}},
	} {
		var stdout, stderr strings.Builder
		cmd := exec.Command(self)
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "GONB_") }), "GORACE=atexit_sleep_ms=0", "TIMING_SCENE="+name)
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		cmd.Run()
		if got := cmd.ProcessState.ExitCode(); got != test.status {
			t.Errorf("%s: status %d, want %d: %s", name, got, test.status, stderr.String())
		}
		for _, want := range test.stdout {
			if !strings.Contains(stdout.String(), want) {
				t.Errorf("%s: no %q in %q", name, want, stdout.String())
			}
		}
		if len(test.stdout) == 0 && stdout.Len() > 0 {
			t.Errorf("%s: stdout is %q", name, stdout.String())
		}
		if want := strings.Join(test.stderr, ""); stderr.String() != want {
			t.Errorf("%s: stderr is %q, want %q", name, stderr.String(), want)
		}
	}
}

// A cell that is interrupted dies at once and can tell its Python nothing.
func TestPythonDoesNotOutliveItsProgramForLong(t *testing.T) {
	t.Parallel()
	needPython(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(t.TempDir(), "pid")
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "TIMING_SCENE=endless Python", "TIMING_NOTE="+note)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(note); err == nil {
			break
		}
	}
	cmd.Process.Kill()
	cmd.Wait()
	mustEnd(t, note)
}
