package timeline_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/trace"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"tutorial/helpers/timeline"
)

// record records fn and checks what holds for every recording. There is one recording at a time in a process, so the
// tests that call it cannot be parallel.
func record(t *testing.T, fn func()) *timeline.Recording {
	t.Helper()
	rec, err := timeline.Record(fn)
	if err != nil {
		t.Fatal(err)
	}
	if b := broken(rec); b != "" {
		t.Error(b)
	}
	if rec.Stuck != nil || rec.Full {
		t.Errorf("it ended too soon: %v, full %v", rec.Stuck, rec.Full)
	}
	return rec
}

// longest returns the longest span of a lane in a state; its state is another one if there is none.
func longest(l *timeline.Lane, s timeline.State) timeline.Span {
	best := timeline.Span{State: s + 1, WokenBy: -2}
	for _, span := range l.Spans {
		if span.State == s && (best.State != s || span.Duration() > best.Duration()) {
			best = span
		}
	}
	return best
}

func names(rec *timeline.Recording) []string {
	var n []string
	for i := range rec.Lanes {
		n = append(n, rec.Lanes[i].Name())
	}
	return n
}

// pause is long enough to be told from the noise of a busy machine, and at least half of it is spent as the program says.
const pause = 60 * time.Millisecond

func busyFor(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}

// Each of these waits in lane 1 for about a pause, for a known reason, and is ended by a known lane.
func TestWaitsHaveTheirCauseAndTheirEnder(t *testing.T) {
	const nobody, byTimer, byMain = -1, timeline.Timer, 0
	for _, test := range []struct {
		name  string
		state timeline.State
		by    int
		fn    func(start func(func()))
	}{
		{"sleep", timeline.Sleeping, nobody, func(start func(func())) {
			start(func() { time.Sleep(pause) })
		}},
		{"channel receive", timeline.ChanReceive, byMain, func(start func(func())) {
			c := make(chan int)
			start(func() { <-c })
			time.Sleep(pause)
			c <- 1
		}},
		{"close", timeline.ChanReceive, byMain, func(start func(func())) {
			c := make(chan int)
			start(func() { <-c })
			time.Sleep(pause)
			close(c)
		}},
		{"timer channel", timeline.ChanReceive, byTimer, func(start func(func())) {
			start(func() { <-time.After(pause) })
		}},
		{"channel send", timeline.ChanSend, byMain, func(start func(func())) {
			c := make(chan int)
			start(func() { c <- 1 })
			time.Sleep(pause)
			<-c
		}},
		{"select", timeline.Select, byMain, func(start func(func())) {
			c, d := make(chan int), make(chan int)
			start(func() {
				select {
				case <-c:
				case d <- 1:
				}
			})
			time.Sleep(pause)
			<-d
		}},
		{"mutex", timeline.Mutex, byMain, func(start func(func())) {
			var mu sync.Mutex
			mu.Lock()
			start(func() { mu.Lock(); defer mu.Unlock() })
			time.Sleep(pause)
			mu.Unlock()
		}},
		{"read lock", timeline.Mutex, byMain, func(start func(func())) {
			var mu sync.RWMutex
			mu.Lock()
			start(func() { mu.RLock(); defer mu.RUnlock() })
			time.Sleep(pause)
			mu.Unlock()
		}},
		{"write lock", timeline.Mutex, byMain, func(start func(func())) {
			var mu sync.RWMutex
			mu.RLock()
			start(func() { mu.Lock(); defer mu.Unlock() })
			time.Sleep(pause)
			mu.RUnlock()
		}},
		{"WaitGroup", timeline.WaitGroup, byMain, func(start func(func())) {
			var wg sync.WaitGroup
			wg.Add(1)
			start(func() { wg.Wait() })
			time.Sleep(pause)
			wg.Done()
		}},
		{"condition", timeline.Cond, byMain, func(start func(func())) {
			var mu sync.Mutex
			ready := false
			cond := sync.NewCond(&mu)
			start(func() {
				mu.Lock()
				for !ready {
					cond.Wait()
				}
				mu.Unlock()
			})
			time.Sleep(pause)
			mu.Lock()
			ready = true
			mu.Unlock()
			cond.Signal()
		}},
		{"network", timeline.Network, nobody, func(start func(func())) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				panic(err)
			}
			defer l.Close()
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				panic(err)
			}
			defer c.Close()
			d, err := l.Accept()
			if err != nil {
				panic(err)
			}
			defer d.Close()
			start(func() { io.ReadFull(d, make([]byte, 1)) })
			time.Sleep(pause)
			c.Write([]byte("x"))
		}},
		{"pipe", timeline.Pipe, nobody, func(start func(func())) {
			r, w, err := os.Pipe()
			if err != nil {
				panic(err)
			}
			start(func() { r.Read(make([]byte, 1)); r.Close() })
			time.Sleep(pause)
			w.Close()
		}},
		{"system call", timeline.Syscall, nobody, func(start func(func())) {
			child := inChild(context.Background(), "nap")
			if err := child.Start(); err != nil {
				panic(err)
			}
			start(func() { child.Wait() })
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			rec := record(t, func() {
				var wg sync.WaitGroup
				test.fn(func(f func()) { wg.Go(f) })
				wg.Wait()
			})
			if len(rec.Lanes) != 2 {
				t.Fatalf("lanes %v, want two", names(rec))
			}
			span := longest(&rec.Lanes[1], test.state)
			if span.State != test.state || span.Duration() < pause/2 || span.WokenBy != test.by {
				t.Errorf("longest span %v from %v to %v woken by %d; want %v for at least %v woken by %d",
					span.State, span.From, span.To, span.WokenBy, test.state, pause/2, test.by)
			}
			if span.At == nil || !strings.HasSuffix(span.At.File, "_test.go") {
				t.Errorf("waits at %+v, want a line of these tests", span.At)
			}
			for _, s := range timeline.States() {
				if s != test.state && s != timeline.Running && s != timeline.NoCPU {
					if other := longest(&rec.Lanes[1], s); other.State == s && other.Duration() > span.Duration() {
						t.Errorf("%v for %v besides", s, other.Duration())
					}
				}
			}
		})
	}
}

func TestTwoThatComputeShareOneProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const work = 100 * time.Millisecond // wall time: several turns of the scheduler, even if others have the machine
	rec := record(t, func() {
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { busyFor(work) })
		}
		wg.Wait()
	})
	if rec.Procs != 1 || rec.MostRunning() != 1 {
		t.Errorf("%d processors, %d ran at once; want 1 and 1", rec.Procs, rec.MostRunning())
	}
	turns := 0
	for i := 1; i <= 2; i++ {
		for _, s := range rec.Lanes[i].Spans {
			if s.State == timeline.NoCPU && s.Duration() > time.Millisecond {
				turns++
			}
		}
	}
	if turns == 0 || rec.Total(timeline.NoCPU) < work/4 {
		t.Errorf("ready without a processor %d times, %v in total; want at least once and %v",
			turns, rec.Total(timeline.NoCPU), work/4)
	}
}

func TestProcessorsAreThoseInForce(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	rec := record(t, func() {
		runtime.GOMAXPROCS(1)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() { busyFor(pause / 4) })
		}
		wg.Wait()
	})
	if got := rec.Figure("").Subtitle; !strings.HasSuffix(got, ", with 2 processors, then 1") || rec.MostRunning() > 2 {
		t.Errorf("the figure says %q, and %d ran at once", got, rec.MostRunning())
	}
	rec = record(t, func() {
		for n := range 6 {
			runtime.GOMAXPROCS(1 + n%3)
		}
	})
	if got := rec.Figure("").Subtitle; !strings.HasSuffix(got, ", with 1 to 3 processors") || rec.Procs != 3 {
		t.Errorf("the figure says %q, and the recording %d", got, rec.Procs)
	}
	if got := record(t, func() {}).Figure("").Subtitle; !strings.HasSuffix(got, ", with 3 processors") {
		t.Errorf("the figure says %q", got)
	}
}

// Whoever wakes while another processor is free lacks none, however long it takes.
func TestReadyIsNotLackOfAProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	rec := record(t, func() {
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() { time.Sleep(time.Millisecond) })
			time.Sleep(2 * time.Millisecond)
		}
		wg.Wait()
	})
	if lack, ready := rec.Total(timeline.NoCPU), rec.Total(timeline.Ready); ready == 0 || lack > ready {
		t.Errorf("ready without a processor for %v, and for %v while one was free", lack, ready)
	}
}

func TestTwoThatComputeRunAtOnceOnTwoProcessors(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("one processor")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	rec := record(t, func() {
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { busyFor(pause) })
		}
		wg.Wait()
	})
	if rec.MostRunning() != 2 {
		t.Errorf("%d ran at once, want 2", rec.MostRunning())
	}
}

func worker(n int)       { time.Sleep(time.Duration(n) * time.Millisecond) }
func generic[T any](x T) { time.Sleep(time.Millisecond) }
func plainWorker()       { time.Sleep(time.Millisecond) }
func failing() error     { time.Sleep(time.Millisecond); return nil }

//go:noinline
func serve(wg *sync.WaitGroup) { wg.Go(func() { time.Sleep(time.Millisecond) }) }

type server struct{ wg *sync.WaitGroup }

func (s *server) run() { time.Sleep(time.Millisecond); s.wg.Done() }

func TestLanesAreInOrderOfCreationAndNamedAfterTheLearnersFunctions(t *testing.T) {
	rec := record(t, func() {
		var wg sync.WaitGroup
		var g errgroup.Group
		wg.Add(4)
		go func() { worker(1); wg.Done() }()
		wg.Go(plainWorker)
		g.Go(failing)
		go (&server{&wg}).run()
		wg.Go(func() { generic(1) })
		serve(&wg)
		go func() { timeline.Label("first"); timeline.Label("second"); timeline.Label(""); wg.Done() }()
		done := make(chan int)
		go worker(1)
		go func() { wg.Go(func() { time.Sleep(time.Millisecond) }); wg.Done() }()
		wg.Wait()
		g.Wait()
		close(done)
		time.Sleep(5 * time.Millisecond) // for worker
	})
	want := []string{"main", "goroutine 0", "plainWorker", "failing", "server.run", "generic", "goroutine 1", "second", "worker",
		"goroutine 2", "goroutine 3"}
	if got := names(rec); !slices.Equal(got, want) {
		t.Errorf("names %q,\nwant  %q", got, want)
	}
	for i := range rec.Lanes {
		want := 0
		switch i {
		case 0:
			want = -1
		case 10:
			want = 9
		}
		if rec.Lanes[i].Parent != want {
			t.Errorf("lane %d was started by %d, want %d", i, rec.Lanes[i].Parent, want)
		}
		if i > 0 && rec.Lanes[i].Born < rec.Lanes[i-1].Born {
			t.Errorf("lane %d was born before the one before", i)
		}
		if s := rec.Lanes[i].Start; i > 0 && (s == nil || !strings.HasSuffix(s.File, "record_test.go")) {
			t.Errorf("lane %d was started at %+v, want a line of this file", i, s)
		}
	}
	if f := rec.Lanes[8].Func; f != "tutorial/helpers/timeline_test.worker" {
		t.Errorf("lane 8 runs %q, want the whole name of worker", f)
	}
	if src := rec.Lanes[8].Start.Source(); src != "go worker(1)" {
		t.Errorf("lane 8 was started by %q, want the go statement", src)
	}
}

func TestNamesOfTheCompilerBecomeReadable(t *testing.T) {
	t.Parallel()
	for function, want := range map[string]string{
		"main.worker":                       "worker",
		"main.main.func1":                   "",
		"main.main.func1.2":                 "",
		"main.main.func3-range1":            "",
		"main.(*server).run":                "server.run",
		"main.(*server).run-fm":             "server.run",
		"main.server.run.func2":             "",
		"main.serve.func1":                  "",
		"main.first[...]":                   "first",
		"main.first[...].func1":             "",
		"main.main.serve.func1":             "", // as the compiler says if it puts serve into main
		"main.main.func1.serve.func5":       "",
		"main.functional":                   "functional",
		"example.org/shop/cart.(*Cart).Add": "Cart.Add",
		"example.org/shop/cart.Sum.func1":   "",
		"context.WithDeadlineCause.func2":   "",
		"net/http.(*Server).Serve":          "http.Server.Serve",
		"":                                  "",
	} {
		if got := timeline.Readable(function); got != want {
			t.Errorf("%s becomes %q, want %q", function, got, want)
		}
	}
}

func TestLiteralsThatOnlyCallAreNamedAfterWhatTheyCall(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"wg.Go(func() { worker(1) })":                                   "worker",
		"go func() { worker(i, \"a b\") }()":                            "worker",
		"wg.Go(func() { s.run() }) // start":                            "s.run",
		"g.Go(func() error { return fetch(ctx, url) })":                 "fetch",
		"g.Go(func() error { // waits\n\ttask(n)\n\treturn nil\n})":     "task",
		"wg.Go(func() {\n\tworker(1)\n})":                               "worker",
		"wg.Go(func() { a.Lock(); work(); a.Unlock() })":                "",
		"wg.Go(func() {\n\twork(1)\n\tmore(2)\n})":                      "",
		"wg.Go(func() { time.Sleep(time.Second) })":                     "",
		"wg.Go(func() {\n\tfor n := range jobs {\n\t\ttask(n)\n\t}\n})": "",
		"wg.Go(func() { results <- square(n) })":                        "",
		"go worker(1)":                                                  "",
	} {
		file := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(file, []byte("package main\n\t"+source+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := timeline.CalledBy(&timeline.Place{File: file, Line: 2}); got != want {
			t.Errorf("%s is named %q, want %q", source, got, want)
		}
	}
	if got := timeline.CalledBy(&timeline.Place{File: "gone.go", Line: 2}); got != "" {
		t.Errorf("a file that is gone gives the name %q", got)
	}
}

func TestGoroutinesLeftRunningAreAlive(t *testing.T) {
	end, gone := make(chan int), make(chan int)
	rec := record(t, func() {
		started := make(chan int)
		go func() { close(started); <-end; close(gone) }()
		<-started
		time.Sleep(time.Millisecond)
	})
	close(end)
	<-gone
	if len(rec.Lanes) != 2 || !rec.Lanes[1].Alive || rec.Lanes[1].Died != rec.Duration || rec.Lanes[0].Alive {
		t.Errorf("lanes %+v, want main, and one that is alive", rec.Lanes)
	}
}

// A goroutine that has called wg.Done may still be running when the function has waited for it and ends.
func TestAGoroutineThatIsAboutToEndIsNotAlive(t *testing.T) {
	if runtime.GOMAXPROCS(0) < 2 {
		t.Skip("with one processor, it isn't running when the function ends")
	}
	left := func(last func()) bool {
		started := make(chan int)
		var end atomic.Bool
		data := timeline.Trace(func() {
			go func() {
				close(started)
				for !end.Load() {
				}
				last()
			}()
			<-started
		}, func() { end.Store(true); time.Sleep(20 * time.Millisecond) })
		rec, err := timeline.Read(data, false)
		if err != nil {
			t.Fatal(err)
		}
		if b := broken(rec); b != "" {
			t.Error(b)
		}
		return rec.Lanes[1].Alive
	}
	always := true
	for n := 0; n < 50 && always; n++ { // on a busy machine, it may be interrupted before its end
		always = left(func() {})
	}
	if always {
		t.Error("a goroutine that ran when the function ended, and then only ended, is always said to be alive")
	}
	if !left(func() { time.Sleep(time.Millisecond) }) {
		t.Error("a goroutine that went on when the function had ended is not said to be alive")
	}
	const runs = 20
	alive := 0
	for range runs {
		if record(t, func() {
			done := make(chan int)
			go func() { close(done); busyFor(4 * time.Millisecond) }()
			<-done
		}).Lanes[1].Alive {
			alive++
		}
	}
	if alive > runs-3 {
		t.Errorf("a goroutine that needs 4 ms to end is alive in %d of %d recordings, as if none waited for it", alive, runs)
	}
}

func TestOnlyGoroutinesOfTheFunctionHaveLanes(t *testing.T) {
	end, gone := make(chan int), make(chan int)
	go func() { // it ran before, and starts others meanwhile
		defer close(gone)
		tick := time.NewTicker(time.Millisecond)
		for {
			select {
			case <-end:
				return
			case <-tick.C:
				ended := make(chan int)
				go func() { close(ended) }()
				<-ended
			}
		}
	}()
	rec := record(t, func() {
		var wg sync.WaitGroup
		wg.Go(func() { time.Sleep(pause) })
		wg.Wait()
		runtime.GC() // starts workers of the runtime, in our name
	})
	close(end)
	<-gone
	if len(rec.Lanes) != 2 {
		t.Errorf("lanes %q, want two", names(rec))
	}
}

func TestATimersGoroutineHasALaneWithoutAParent(t *testing.T) {
	rec := record(t, func() {
		done := make(chan int)
		time.AfterFunc(time.Millisecond, func() { timeline.Label("late"); close(done) })
		<-done
	})
	if got := names(rec); !slices.Equal(got, []string{"main", "late"}) || rec.Lanes[1].Parent != -1 {
		t.Errorf("names %q, want main and late", got)
	}
	if by := longest(&rec.Lanes[0], timeline.ChanReceive).WokenBy; by != 1 {
		t.Errorf("main was woken by %d, want the timer's goroutine", by)
	}
}

func TestCoroutinesAreLanesToo(t *testing.T) {
	rec := record(t, func() {
		next, stop := iter.Pull(slices.Values([]int{1, 2, 3}))
		next()
		busyFor(time.Millisecond)
		next()
		stop()
	})
	if len(rec.Lanes) != 2 || rec.Lanes[1].Alive || longest(&rec.Lanes[1], timeline.Other).Duration() < time.Millisecond/2 {
		t.Errorf("lanes %+v, want main, and a coroutine that waited for it", rec.Lanes)
	}
}

func TestOnlyOneRecordingAtATime(t *testing.T) {
	var nested, other error
	record(t, func() {
		_, nested = timeline.Record(func() {})
		done := make(chan int)
		go func() { _, other = timeline.Record(func() {}); close(done) }()
		<-done
	})
	if !errors.Is(nested, timeline.ErrBusy) || !errors.Is(other, timeline.ErrBusy) {
		t.Errorf("errors %v and %v, want ErrBusy", nested, other)
	}
}

func TestATraceOfSomebodyElseIsAnError(t *testing.T) {
	if err := trace.Start(io.Discard); err != nil {
		t.Fatal(err)
	}
	called := false
	rec, err := timeline.Record(func() { called = true })
	trace.Stop()
	if err == nil || rec != nil || called || !strings.Contains(err.Error(), "trace") {
		t.Errorf("recording %v, error %v, called %v; want an error about the trace, and no call", rec, err, called)
	}
	record(t, func() {}) // and then it works again
}

func TestNilIsAnError(t *testing.T) {
	t.Parallel()
	if rec, err := timeline.Record(nil); err == nil || rec != nil {
		t.Errorf("recording %v, error %v; want an error", rec, err)
	}
}

func TestAPanicIsAnErrorWithTheRecording(t *testing.T) {
	cause := errors.New("boom")
	rec, err := timeline.Record(func() {
		time.Sleep(time.Millisecond)
		panic(cause)
	})
	var p *timeline.PanicError
	if !errors.As(err, &p) || p.Value != cause || !errors.Is(err, cause) || !strings.Contains(err.Error(), "boom") {
		t.Fatalf("error %v, want a PanicError with the value", err)
	}
	if !strings.Contains(string(p.Stack), "record_test.go") {
		t.Errorf("its stack does not name this file:\n%s", p.Stack)
	}
	if rec == nil || broken(rec) != "" || longest(&rec.Lanes[0], timeline.Sleeping).State != timeline.Sleeping {
		t.Errorf("recording %+v, want what happened before", rec)
	}
	f := rec.Figure("")
	if rec.Lanes[0].End != timeline.Failed || !strings.HasSuffix(f.Caption, " main failed.") || !strings.Contains(f.SVG, ">failed<") || strings.Contains(f.SVG, ">end<") {
		t.Errorf("main is drawn as if it had ended well: %q", f.Caption)
	}
}

func TestGoexitIsAnErrorWithTheRecording(t *testing.T) {
	rec, err := timeline.Record(runtime.Goexit)
	if !errors.Is(err, timeline.ErrGoexit) || rec == nil || broken(rec) != "" {
		t.Errorf("recording %+v, error %v; want ErrGoexit", rec, err)
	}
}

func TestAFunctionThatStopsTheTraceGivesWhatThereIs(t *testing.T) {
	rec := record(t, func() {
		time.Sleep(time.Millisecond)
		trace.Stop()
	})
	if longest(&rec.Lanes[0], timeline.Sleeping).State != timeline.Sleeping {
		t.Error("what came before is lost")
	}
}

func TestFakeTimeMayRunInside(t *testing.T) {
	record(t, func() {
		synctest.Test(t, func(t *testing.T) { time.Sleep(time.Hour) })
	})
}

func TestFakeTimeAroundARecordingIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec, err := timeline.Record(func() { time.Sleep(time.Hour) })
		if err == nil || rec != nil || !strings.Contains(err.Error(), "synctest") {
			t.Errorf("recording %v, error %v; want an error about synctest", rec, err)
		}
	})
}

func TestAPanicInAGoroutineEndsTheProcess(t *testing.T) {
	t.Parallel()
	out, err := inChild(t.Context(), "panic in a goroutine").CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(out), "panic: boom") {
		t.Errorf("ended with %v and said\n%s\nwant exit 2 after a panic", err, out)
	}
}

func Example() {
	rec, err := timeline.Record(func() {
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Go(func() {
				timeline.Label(fmt.Sprintf("sleeper %d", i))
				time.Sleep(20 * time.Millisecond)
			})
		}
		wg.Wait()
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range rec.Lanes {
		l := &rec.Lanes[i]
		var waited timeline.State
		for _, s := range l.Spans {
			if s.State.Waiting() {
				waited = s.State
			}
		}
		fmt.Printf("%s: %v\n", l.Name(), waited)
	}
	// Output:
	// main: WaitGroup
	// sleeper 0: sleeping
	// sleeper 1: sleeping
	// sleeper 2: sleeping
}

func TestGoroutinesOfTheStandardLibraryAreRecordedButNotDrawn(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("hello")) }))
	defer server.Close()
	transport := &http.Transport{}
	fetch := func() {
		response, err := (&http.Client{Transport: transport}).Get(server.URL)
		if err != nil {
			t.Error(err)
			return
		}
		defer response.Body.Close()
		io.Copy(io.Discard, response.Body)
	}
	rec := record(t, func() {
		var wg sync.WaitGroup
		wg.Go(fetch)
		wg.Wait()
		transport.CloseIdleConnections()
	})
	libraries := map[string]int{}
	for i := range rec.Lanes {
		l := &rec.Lanes[i]
		libraries[l.Library]++
		if l.Library != "" && !strings.HasPrefix(l.Func, l.Library+".") {
			t.Errorf("%s belongs to %s, and runs %s", l.Name(), l.Library, l.Func)
		}
	}
	if libraries[""] != 2 || libraries["net/http"] < 2 {
		t.Errorf("goroutines by library: %v; want two of the function's own, and some of net/http", libraries)
	}
	f := rec.Figure("A request")
	if want := fmt.Sprintf("2 goroutines in .* \\(%d more of .*net/http not drawn\\)$", len(rec.Lanes)-2); !regexp.MustCompile(want).MatchString(f.Subtitle) {
		t.Errorf("the figure is about %q, want %s", f.Subtitle, want)
	}
	if len(f.Table.Rows) != 2 {
		t.Errorf("the table has %d rows, want 2: %v", len(f.Table.Rows), f.Table.Rows)
	}
}
