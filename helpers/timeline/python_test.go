package timeline_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tutorial/helpers/figure/figuretest"
	"tutorial/helpers/python"
	"tutorial/helpers/timeline"
)

// program records a program in Python that must end well.
func program(t *testing.T, source string, options ...timeline.PythonOption) (*timeline.Recording, string) {
	t.Helper()
	var printed strings.Builder
	rec, err := timeline.RecordPython(context.Background(), source, append(options, timeline.Output(&printed))...)
	if err != nil {
		t.Fatal(err)
	}
	if b := broken(rec); b != "" {
		t.Fatal(b)
	}
	figuretest.Check(t, rec.Figure("Python"))
	return rec, printed.String()
}

// in is how long a lane was in a state.
func in(t *testing.T, rec *timeline.Recording, name string, s timeline.State) (total time.Duration) {
	t.Helper()
	for i := range rec.Lanes {
		if l := &rec.Lanes[i]; l.Name() == name {
			for _, span := range l.Spans {
				if span.State == s {
					total += span.Duration()
				}
			}
			return total
		}
	}
	var names []string
	for i := range rec.Lanes {
		names = append(names, rec.Lanes[i].Name())
	}
	t.Fatalf("there is no lane %q among %q", name, names)
	return 0
}

// atLeast fails the test if a lane was in a state for less than a time, or three times as long and a second more. A wait that
// begins late on a busy machine, while what it waits for is under way, may be a quarter shorter.
func atLeast(t *testing.T, rec *timeline.Recording, name string, s timeline.State, low time.Duration) {
	t.Helper()
	if got := in(t, rec, name, s); got < low*3/4-ms || got > 3*low+time.Second {
		t.Errorf("%s was in %q for %v, want %v at least, and not much more\n%s", name, s, got, low, rec.Figure("").Text())
	}
}

func TestTasksOfPython(t *testing.T) {
	t.Parallel()
	rec, printed := program(t, `
		import asyncio

		async def worker(lock):
		    await asyncio.sleep(0.05)
		    async with lock:
		        await asyncio.sleep(0.1)
		    print("done")

		async def main():
		    lock = asyncio.Lock()
		    await asyncio.gather(worker(lock), worker(lock), asyncio.create_task(worker(lock), name="my own"))

		asyncio.run(main())
		`)
	if printed != "done\ndone\ndone\n" {
		t.Errorf("it printed %q", printed)
	}
	if len(rec.Lanes) != 4 || rec.Python == "" {
		t.Fatalf("there are %d lanes, of Python %q", len(rec.Lanes), rec.Python)
	}
	atLeast(t, rec, "main", timeline.TaskWait, 350*ms)
	atLeast(t, rec, "worker 0", timeline.Sleeping, 150*ms)
	// The task that the program made itself comes first to the lock.
	if total := rec.Total(timeline.Mutex); total < 150*ms {
		t.Errorf("they waited %v for the lock, want 300 ms", total)
	}
	at := ""
	for _, s := range rec.Lanes[3].Spans {
		if s.State == timeline.Mutex {
			at = s.At.Source()
			if s.WokenBy < 1 {
				t.Errorf("the lock was handed on by %d", s.WokenBy)
			}
		}
	}
	if at != "async with lock:" && in(t, rec, "my own", timeline.Mutex) > 10*ms {
		t.Errorf("the place is %q", at)
	}
	if got := rec.Figure("").Subtitle; !strings.HasPrefix(got, "main and 3 tasks in ") {
		t.Errorf("the subtitle is %q", got)
	}
}

func TestBlockedLoop(t *testing.T) {
	t.Parallel()
	rec, _ := program(t, `
		import asyncio, time

		async def victim():
		    await asyncio.sleep(0.05)

		async def blocker():
		    time.sleep(0.3)

		async def main():
		    async with asyncio.TaskGroup() as group:
		        group.create_task(victim())
		        group.create_task(blocker())

		asyncio.run(main())
		`)
	atLeast(t, rec, "blocker", timeline.BlocksLoop, 300*ms)
	atLeast(t, rec, "victim", timeline.LoopBusy, 230*ms)
}

func TestThreadsOfPython(t *testing.T) {
	t.Parallel()
	rec, _ := program(t, `
		import queue, threading, time
		lock, gate, results = threading.Lock(), threading.Event(), queue.Queue()

		def worker():
		    gate.wait()
		    with lock:
		        time.sleep(0.1)
		    results.put(1)

		threads = [threading.Thread(target=worker) for _ in range(2)] + [threading.Thread(target=worker, name="my own")]
		for t in threads:
		    t.start()
		time.sleep(0.05)
		gate.set()
		results.get()
		for t in threads:
		    t.join()
		`)
	if len(rec.Lanes) != 4 {
		t.Fatalf("there are %d lanes", len(rec.Lanes))
	}
	atLeast(t, rec, "worker 0", timeline.Sleeping, 100*ms)
	atLeast(t, rec, "my own", timeline.Event, 40*ms)
	atLeast(t, rec, "main", timeline.Queue, 95*ms)
	if total := rec.Total(timeline.Mutex); total < 150*ms {
		t.Errorf("they waited %v for the lock, want 300 ms", total)
	}
}

func TestPoolOfPython(t *testing.T) {
	t.Parallel()
	rec, _ := program(t, `
		import time
		from concurrent.futures import ThreadPoolExecutor

		def work(n):
		    time.sleep(0.1)

		with ThreadPoolExecutor(3, thread_name_prefix="pool") as pool:
		    list(pool.map(work, range(7)))
		`)
	if len(rec.Lanes) != 4 {
		t.Fatalf("there are %d lanes", len(rec.Lanes))
	}
	if total := rec.Total(timeline.Sleeping); total < 650*ms {
		t.Errorf("they slept %v, want 700 ms", total)
	}
	atLeast(t, rec, "main", timeline.FutureWait, 295*ms)
	calls := 0
	for i := range rec.Lanes {
		calls += len(rec.Lanes[i].Regions)
	}
	if calls != 7 {
		t.Errorf("the workers made %d calls, want 7", calls)
	}
}

func TestEndsOfTasks(t *testing.T) {
	t.Parallel()
	var printed strings.Builder
	rec, err := timeline.RecordPython(context.Background(), `
		import asyncio
		async def fails():
		    await asyncio.sleep(0.1)
		    raise ValueError("on purpose")
		async def slow():
		    await asyncio.sleep(5)
		async def main():
		    async with asyncio.TaskGroup() as group:
		        group.create_task(fails())
		        group.create_task(slow())
		asyncio.run(main())
		`, timeline.Output(&printed))
	failure, ok := errors.AsType[*python.Error](err)
	if !ok || !strings.HasPrefix(failure.Summary, "ExceptionGroup: ") || !strings.Contains(failure.Traceback, "ValueError: on purpose") {
		t.Errorf("the error is %v", err)
	}
	if rec == nil || len(rec.Lanes) != 3 || rec.Lanes[1].End != timeline.Failed || rec.Lanes[2].End != timeline.Cancelled {
		t.Fatalf("the lanes are %+v", rec)
	}
	if got := rec.Summary(); !strings.HasSuffix(got, " 1 was cancelled, 1 failed.") {
		t.Errorf("the summary is %q", got)
	}
}

// TestALostTaskIsReported has tasks that fail: one that nobody keeps, one that is kept, and one whose exception somebody handles.
func TestALostTaskIsReported(t *testing.T) {
	t.Parallel()
	_, printed := program(t, `
		import asyncio
		kept = []
		async def fails(how):
		    raise ValueError(how)
		async def main():
		    asyncio.create_task(fails("thrown away"))
		    kept.append(asyncio.create_task(fails("kept")))
		    task = asyncio.create_task(fails("handled"))
		    kept.append(task)
		    await asyncio.wait([task])
		    task.exception()
		asyncio.run(main())
		`)
	if strings.Count(printed, "ValueError: thrown away\n") != 1 || strings.Count(printed, "ValueError: kept\n") != 1 || strings.Contains(printed, "handled") ||
		strings.Count(printed, "Task exception was never retrieved") != 2 || strings.Contains(printed, "recorder.py") {
		t.Errorf("it printed %s", printed)
	}
}

func TestEndlessProgramIsEnded(t *testing.T) {
	t.Parallel()
	rec, printed := program(t, `
		import threading
		a, b = threading.Lock(), threading.Lock()
		met = threading.Barrier(2)
		def take(first, second):
		    with first:
		        met.wait()
		        with second:
		            pass
		print("on it")
		for pair in (a, b), (b, a):
		    threading.Thread(target=take, args=pair).start()
		`, timeline.TimeLimit(5*time.Second))
	const want = "It had not ended after 5.00 s: main waits for a thread to end for "
	if got := rec.Summary(); !strings.HasPrefix(got, want) || !strings.Contains(got, "2 × take wait for a lock (with second:) for ") {
		t.Errorf("the summary is %q", got)
	}
	if printed != "on it\n" {
		t.Errorf("it printed %q", printed)
	}
}

func TestSourceThatIsNoPython(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"def":                     "SyntaxError: invalid syntax",
		"raise SystemExit(3)":     "SystemExit: 3",
		"import os; os._exit(4)":  "the process ended by itself",
		"  \n":                    "the source is empty",
		"x = 1\nprint(y)":         "NameError: name 'y' is not defined",
		"import os; os.abort()":   "the process ended by itself",
		"async def f(): pass\n f": "IndentationError",
	} {
		rec, err := timeline.RecordPython(context.Background(), source, timeline.Output(new(strings.Builder)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q (%v)", source, err, want, rec != nil)
		}
		if err != nil && strings.Contains(err.Error(), "recorder.py") {
			t.Errorf("%q: the error shows the recorder: %v", source, err)
		}
	}
}

// pythonTasks is a recording with all that is Python's own.
func pythonTasks() *timeline.Recording {
	r := &timeline.Recording{Duration: 400 * ms, Procs: 2, Python: "3.11"}
	r.Lanes = append(r.Lanes, lane("main", -1, life(0, timeline.Running, 5*ms, timeline.TaskWait, 390*ms, timeline.Running, 5*ms)))
	for i, s := range []timeline.State{timeline.Mutex, timeline.Semaphore, timeline.Event, timeline.Queue, timeline.FutureWait, timeline.ThreadWait} {
		l := lane(s.String(), 0, life(5*ms, timeline.LoopBusy, time.Duration(i+1)*5*ms, timeline.Running, 10*ms, s, 150*ms, timeline.LoopBusy, 40*ms, timeline.Running, 10*ms))
		l.End = timeline.End(i % 3)
		r.Lanes = append(r.Lanes, l)
	}
	r.Lanes = append(r.Lanes, lane("blocker", 0, life(40*ms, timeline.LoopBusy, 20*ms, timeline.BlocksLoop, 200*ms)))
	thread := lane("asyncio_0", 1, life(200*ms, timeline.NoGIL, 30*ms, timeline.Running, 40*ms, timeline.NoGIL, 40*ms, timeline.Running, 40*ms, timeline.Join, 50*ms))
	thread.Thread, thread.Alive = true, true
	thread.Died, thread.Spans[4].To = r.Duration, r.Duration
	thread.Regions = []timeline.Region{{Name: "load", From: 200 * ms, To: 300 * ms}}
	r.Lanes = append(r.Lanes, thread)
	return r.AtOnce(1)
}

func TestThreadsShareTheInterpretersLock(t *testing.T) {
	t.Parallel()
	rec, printed := program(t, `
		import sys, threading, time
		print(getattr(sys, "_is_gil_enabled", lambda: True)())
		def spin():
		    end = time.perf_counter() + 0.4
		    while time.perf_counter() < end:
		        pass
		threads = [threading.Thread(target=spin) for _ in range(2)]
		for t in threads:
		    t.start()
		for t in threads:
		    t.join()
		`)
	if printed != "True\n" {
		t.Skip("this Python has no lock of the interpreter to share")
	}
	if _, err := os.Stat("/proc/self/schedstat"); err != nil {
		if got := rec.Summary(); !strings.Contains(got, "(this system does not tell which)") {
			t.Errorf("the summary is %q", got)
		}
		return
	}
	var ran, waited time.Duration
	for _, name := range []string{"spin 0", "spin 1"} {
		ran += in(t, rec, name, timeline.Running)
		waited += in(t, rec, name, timeline.NoGIL) + in(t, rec, name, timeline.NoCPU)
	}
	if ran > 600*ms || waited < 100*ms {
		t.Errorf("two threads that spin for 400 ms ran for %v and waited for %v\n%s", ran, waited, rec.Figure("").Text())
	}
}

// A build of Python that runs without the interpreter's lock says so in sys.
func TestWithoutALockOfTheInterpreter(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "sitecustomize.py"), []byte("import sys\nsys._is_gil_enabled = lambda: False\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	rec, _ := program(t, `
import threading
def spin():
    for _ in range(1_000_000):
        pass
threads = [threading.Thread(target=spin) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
`, timeline.Env("PYTHONPATH="+folder))
	if text := rec.Figure("").Text(); len(rec.Lanes) != 4 || strings.Contains(text, "GIL") {
		t.Errorf("a thread waits for the GIL, and there is none:\n%s", text)
	}
}

func TestWhoWokeWhomInPython(t *testing.T) {
	t.Parallel()
	rec, _ := program(t, `
		import queue, threading, time
		gate, jobs, permits = threading.Event(), queue.Queue(), threading.Semaphore(0)
		waits = [gate.wait, jobs.get, permits.acquire]
		threads = [threading.Thread(target=wait, name=f"waiter {i}") for i, wait in enumerate(waits)]
		def wake():
		    time.sleep(0.1)
		    gate.set()
		    jobs.put(1)
		    permits.release()
		for t in threads + [threading.Thread(target=wake)]:
		    t.start()
		`)
	for i, state := range []timeline.State{timeline.Event, timeline.Queue, timeline.Semaphore} {
		found := false
		for _, s := range rec.Lanes[i+1].Spans {
			found = found || s.State == state && s.WokenBy == 4
		}
		if !found {
			t.Errorf("nobody woke %s, want wake: %+v", rec.Lanes[i+1].Name(), rec.Lanes[i+1].Spans)
		}
	}
}
