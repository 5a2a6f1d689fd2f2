package timing_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tutorial/helpers/python"
	"tutorial/helpers/timing"
)

func needPython(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3 on PATH")
	}
}

// pythonRun measures one Python case.
func pythonRun(t *testing.T, source string, options ...timing.Item) (timing.Result, error) {
	t.Helper()
	needPython(t)
	c, err := timing.Run(t.Context(), "t", append(options, timing.Python("the case", source))...)
	if err != nil {
		return timing.Result{}, err
	}
	return c.Results[0], nil
}

func TestPythonIsTimedInItsOwnProcess(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"run":                "import time\ntime.sleep(0.3)\ndef run():\n    time.sleep(0.02)\n",
		"async run":          "import asyncio, time\ntime.sleep(0.3)\nasync def run():\n    await asyncio.gather(*(asyncio.sleep(0.02) for _ in range(10)))\n",
		"script":             "import time\nfor _ in range(2):\n    time.sleep(0.01)\n",
		"script with main":   "import asyncio\nasync def main():\n    await asyncio.sleep(0.02)\nif __name__ == '__main__':\n    asyncio.run(main())\n",
		"ends by sys.exit":   "import sys, time\ntime.sleep(0.02)\nsys.exit(0)\n",
		"run ends by exit":   "import sys, time\ndef run():\n    time.sleep(0.02)\n    sys.exit()\n",
		"ends a generator":   "import time\ndef steps():\n    yield time.sleep(0.02)\ndef run():\n    list(steps())\n",
		"partial":            "import time\nfrom functools import partial\ntime.sleep(0.3)\nrun = partial(time.sleep, 0.02)\n",
		"in a try":           "import time\ntime.sleep(0.3)\ntry:\n    import nothing_like_it\nexcept ImportError:\n    def run():\n        time.sleep(0.02)\n",
		"by global":          "import time\ntime.sleep(0.3)\ndef make():\n    global run\n    run = lambda: time.sleep(0.02)\nmake()\n",
		"gives a coroutine":  "import asyncio, time\ntime.sleep(0.3)\nasync def main():\n    await asyncio.sleep(0.02)\ndef run():\n    return main()\n",
		"run is no function": "import time\nfor run in range(2):\n    time.sleep(0.01)\n",
		"indented":           "\n\t\t\timport time\n\t\t\tdef run():\n\t\t\t\ttime.sleep(0.02)\n\t\t",
		"from future":        "from __future__ import annotations\nimport time\ntime.sleep(0.02)\n",
		"leaves threads":     "import threading, time\ndef run():\n    threading.Thread(target=time.sleep, args=(60,)).start()\n    time.sleep(0.02)\n",
		"asks a task":        "import asyncio\nasync def work():\n    raise ValueError\nasync def run():\n    await asyncio.wait([t := asyncio.create_task(work())])\n    t.exception()\n    await asyncio.sleep(0.02)\n",
		"raises at the end":  "import atexit, time\natexit.register(lambda: 1/0)\ntime.sleep(0.02)\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := pythonRun(t, source, timing.Runs(2))
			if err != nil {
				t.Fatal(err)
			}
			// What takes 0.3 s before run(), and the interpreter's start, would show.
			if r.Min < 20*time.Millisecond || r.Min > 270*time.Millisecond || r.N() != 2 {
				t.Errorf("it sleeps 20 ms and took %v", r.Samples)
			}
			if r.Language != "Python" || !strings.HasPrefix(r.Version, "3.") {
				t.Errorf("the language is %q %q", r.Language, r.Version)
			}
		})
	}
}

func TestImportsAndGarbageAreNotTimed(t *testing.T) { // Not parallel: it changes PYTHONPATH.
	needPython(t)
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "slow_to_import.py"), []byte("import time\ntime.sleep(0.5)\nx = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	prefix := "import sys\nsys.path.insert(0, " + strconv.Quote(folder) + ")\n"
	for name, test := range map[string]struct {
		source string
		timed  bool
	}{
		"before run": {prefix + "import slow_to_import\ndef run():\n    assert slow_to_import.x\n", false},
		"inside run": {prefix + "def run():\n    import slow_to_import\n", true}, // The negative control.
		"script":     {"import slow_to_import\nassert slow_to_import.x\n", false},
		"garbage":    {"import gc, time\ngc.callbacks.append(lambda phase, info: time.sleep(0.3))\ndef run():\n    pass\n", false}, // It is collected before the clock runs.
	} {
		if name == "script" {
			t.Setenv("PYTHONPATH", folder)
		}
		r, err := pythonRun(t, test.source, timing.Runs(1))
		if err != nil || (r.Median > 400*time.Millisecond) != test.timed {
			t.Errorf("%s: %v, %v", name, r.Samples, err)
		}
	}
}

func TestAScriptIsANewProgramInEachRun(t *testing.T) {
	t.Parallel()
	if _, err := pythonRun(t, "assert 'left' not in globals()\nleft = 1\nassert __name__ == '__main__'\n", timing.Runs(3)); err != nil {
		t.Error(err)
	}
}

func TestTheModuleOfRunStays(t *testing.T) {
	t.Parallel()
	if _, err := pythonRun(t, "calls = 0\ndef run():\n    global calls\n    calls += 1\n    if calls == 4: raise ValueError('four calls')\n", timing.Runs(2), timing.Warmup(1)); err != nil {
		t.Error(err)
	}
	_, err := pythonRun(t, "calls = 0\ndef run():\n    global calls\n    calls += 1\n    if calls == 4: raise ValueError('four calls')\n", timing.Runs(3), timing.Warmup(1))
	if err == nil || !strings.Contains(err.Error(), "four calls") {
		t.Errorf("the fourth call gives %v", err)
	}
}

func TestProcessPoolsFindTheirFunctions(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"fork", "spawn"} {
		_, err := pythonRun(t, `
			import multiprocessing
			from concurrent.futures import ProcessPoolExecutor
			def square(x):
			    return x * x
			def run():
			    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("`+method+`")) as pool:
			        assert list(pool.map(square, [1, 2, 3])) == [1, 4, 9]
		`, timing.Runs(1))
		if err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestPrintsDoNotDisturbTheMeasurement(t *testing.T) {
	t.Parallel()
	r, err := pythonRun(t, `
		import os, sys
		print("ok 3")
		def run():
		    print("ok 12\n" * 100000)
		    print("error 5", file=sys.stderr)
		    os.write(1, b"\xff\n")
		    os.system("echo error 1")
		    try:
		        input()
		    except EOFError:
		        pass
	`, timing.Runs(2))
	if err != nil || r.N() != 2 {
		t.Errorf("%v, %v", r, err)
	}
}

func TestAFailureShowsThePythonTraceback(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		source, summary string
		contains        []string
		not             string
	}{
		"in run":          {"\n\ndef run():\n    print('so far')\n    return 1/0\n", "ZeroDivisionError: division by zero", []string{`File "the case", line 3, in run`, "return 1/0", "so far"}, "harness"},
		"generator":       {"def run():\n    yield 1\n", "TypeError: run() gave a generator", nil, "harness"},
		"async generator": {"async def run():\n    yield 1\n", "TypeError: run() gave a generator", nil, "harness"},
		"in async run":    {"async def run():\n    raise ValueError('bad\\nnews')\n", "ValueError: bad", []string{`line 2, in run`, "news"}, "call("},
		"at the top":      {"x = 1\nx.nothing\ndef run(): pass\n", "AttributeError: 'int' object has no attribute 'nothing'", []string{`line 2, in <module>`, "x.nothing"}, "serve"},
		"in a script":     {"def f():\n    raise RuntimeError\nf()\n", "RuntimeError", []string{"line 3, in <module>", "line 2, in f"}, "serve"},
		"syntax":          {"def run(:\n    pass\n", "SyntaxError: ", []string{`File "the case", line 1`, "def run(:"}, "serve"},
		"import":          {"import no_such_module\ndef run(): pass\n", "ModuleNotFoundError: No module named 'no_such_module'", []string{"line 1"}, "serve"},
		"script import":   {"import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'", []string{"line 1"}, "serve"},
		"exit status":     {"import sys\nsys.exit(3)\n", "SystemExit: 3", nil, "serve"},
		"dies":            {"import os\nos._exit(3)\n", "the process ended before it had answered (exit status 3)", nil, "serve"},
		"is killed":       {"import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "the process ended before it had answered (signal: killed)", nil, "serve"},
		"in a thread":     {"import threading\ndef work():\n    raise ValueError('lost')\ndef run():\n    t = threading.Thread(target=work, name='helper')\n    t.start()\n    t.join()\n", "ValueError: lost (in thread helper)", []string{"line 3, in work"}, "harness"},
		"in a lost task":  {"import asyncio\nasync def work():\n    raise ValueError('lost')\nasync def run():\n    asyncio.create_task(work())\n    await asyncio.sleep(0.01)\n", "ValueError: lost (Task exception was never retrieved)", []string{"line 3, in work"}, "harness"},
		"in a kept task":  {"import asyncio\nkept = []\nasync def work():\n    raise ValueError('lost')\nasync def run():\n    kept.append(asyncio.create_task(work()))\n    await asyncio.sleep(0.01)\n", "ValueError: lost (Task exception was never retrieved)", []string{"line 4, in work"}, "harness"},
		"import in run":   {"def run():\n    import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'", []string{"line 2, in run"}, "serve"},
		"wants arguments": {"def run(n): pass\n", "TypeError: run() missing 1 required positional argument: 'n'", nil, "serve"},
		"much output":     {"print('x' * 100_000)\nprint('the end')\n1/0\n", "ZeroDivisionError: division by zero", []string{"the end"}, strings.Repeat("x", 5000)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := pythonRun(t, test.source, timing.Runs(1))
			var failure *python.Error
			if !errors.As(err, &failure) {
				t.Fatalf("the error is %v", err)
			}
			if !strings.HasPrefix(failure.Summary, test.summary) || failure.What != `the Python case "the case"` {
				t.Errorf("summary is %q of %q, want %q", failure.Summary, failure.What, test.summary)
			}
			for _, want := range append(test.contains, `the Python case "the case" failed: `+test.summary) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), test.not) {
				t.Errorf("%q is in:\n%v", test.not, err)
			}
		})
	}
}

func TestATimeoutKillsThePythonProcessAndItsChildren(t *testing.T) {
	t.Parallel()
	needPython(t)
	note := filepath.Join(t.TempDir(), "pid")
	start := time.Now()
	_, err := pythonRun(t, `
		import subprocess, time
		def run():
		    child = subprocess.Popen(["sleep", "600"])
		    with open(`+strconv.Quote(note)+`, "w") as f:
		        f.write(str(child.pid))
		    time.sleep(600)
	`, timing.Timeout(10*time.Second))
	var failure *python.Error
	if !errors.As(err, &failure) || !strings.Contains(failure.Summary, "longer than 10 s") {
		t.Errorf("the error is %v", err)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	mustEnd(t, note)
}

// A case may start a process and end: what it leaves is ended with the measurement.
func TestWhatACaseLeavesBehindIsEnded(t *testing.T) {
	t.Parallel()
	note := filepath.Join(t.TempDir(), "pid")
	_, err := pythonRun(t, `
		import subprocess
		def run():
		    child = subprocess.Popen(["sleep", "600"])
		    with open(`+strconv.Quote(note)+`, "w") as f:
		        f.write(str(child.pid))
	`, timing.Runs(1))
	if err != nil {
		t.Fatal(err)
	}
	mustEnd(t, note)
}

// mustEnd waits until the process whose number a file holds has ended, if only to be collected.
func mustEnd(t *testing.T, note string) {
	t.Helper()
	pid, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		out, err := exec.Command("ps", "-o", "stat=", "-p", string(pid)).Output()
		if state := strings.TrimSpace(string(out)); err != nil || state == "" || strings.HasPrefix(state, "Z") {
			return
		}
	}
	t.Fatalf("process %s is still running", pid)
}

func TestCancellingStopsPythonAtOnce(t *testing.T) {
	t.Parallel()
	needPython(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	start := time.Now()
	_, err := timing.Run(ctx, "t", timing.Python("endless", "def run():\n    while True:\n        pass\n"))
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > time.Minute {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

func TestPythonThatDiesBetweenRunsIsReported(t *testing.T) {
	t.Parallel()
	needPython(t)
	_, err := timing.Run(t.Context(), "t", timing.Runs(2),
		timing.Python("dies later", "import os, threading\ndef run():\n    threading.Timer(0.01, os._exit, [7]).start()\n"),
		timing.Go("meanwhile", sleeps(time.Second)))
	if err == nil || !strings.Contains(err.Error(), "exit status 7") {
		t.Errorf("the error is %v", err)
	}
}

// Not parallel: it changes PATH.
func TestAMissingPythonIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	ran := false
	_, err := timing.Run(t.Context(), "t", timing.Go("before", func() { ran = true }), timing.Python("p", "1"))
	if err == nil || !strings.Contains(err.Error(), `"p" cannot run: there is no python3 on PATH`) || ran {
		t.Errorf("%v, measured before: %v", err, ran)
	}
}

func TestPythonTakesN(t *testing.T) {
	t.Parallel()
	needPython(t)
	s, err := timing.RunScaling(t.Context(), "t", timing.Sizes(1, 4), timing.Runs(1),
		timing.PythonN("run", "import time\ndef run(n):\n    time.sleep(n / 100)\n"),
		timing.PythonN("async run", "import asyncio\nasync def run(n):\n    await asyncio.sleep(n / 100)\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, series := range s.Series {
		for i, least := range []time.Duration{10 * time.Millisecond, 40 * time.Millisecond} {
			if series[i].Median < least {
				t.Errorf("%s at n = %d took %v", series[i].Name, s.Sizes[i], series[i].Median)
			}
		}
	}
	_, err = timing.RunScaling(t.Context(), "t", timing.Sizes(1), timing.PythonN("script", "print(1)"))
	if err == nil || !strings.Contains(err.Error(), "must define run(n)") {
		t.Errorf("a script gives %v", err)
	}
}

func TestPythonLeavesNoFilesBehind(t *testing.T) { // Not parallel: it changes TMPDIR.
	needPython(t)
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	for _, source := range []string{"1", "1/0"} {
		timing.Run(t.Context(), "t", timing.Python("p", source), timing.Runs(1))
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}
