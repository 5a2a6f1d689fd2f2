//go:build linux && (amd64 || arm64)

package timeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"tutorial/helpers/timeline"
)

// A verdict is what a child process tells about its recording.
type verdict struct {
	Stuck    bool
	Sentence string
	Waits    []string // "name: state"
	Elapsed  time.Duration
	Spans    int // of the first lane
	Broken   string
	Cause    timeline.State // in which the first lane spent most time
	Longest  time.Duration  // its longest span in that
	Err      string
}

func runStuckOrPatient(name string) {
	fn, ok := stuckPrograms[name]
	if !ok {
		fn = patientPrograms[name]
	}
	start := time.Now()
	rec, err := timeline.Record(fn)
	v := verdict{Elapsed: time.Since(start)}
	if err != nil {
		v.Err = err.Error()
	}
	if rec != nil {
		v.Spans = len(rec.Lanes[0].Spans)
		v.Broken = broken(rec)
		var total time.Duration
		for s := range timeline.States() {
			var sum, longest time.Duration
			for _, span := range rec.Lanes[0].Spans {
				if span.State == s {
					sum += span.Duration()
					longest = max(longest, span.Duration())
				}
			}
			if sum > total {
				total, v.Cause, v.Longest = sum, s, longest
			}
		}
		if rec.Stuck != nil {
			v.Stuck = true
			v.Sentence = rec.Stuck.String()
			for _, w := range rec.Stuck.Waits[:min(10, len(rec.Stuck.Waits))] {
				v.Waits = append(v.Waits, fmt.Sprintf("%s: %v", rec.Lanes[w.Lane].Name(), w.State))
			}
		}
	}
	json.NewEncoder(os.Stdout).Encode(v)
}

// inChildren runs the programs, each in a process of its own, and checks what each tells. They do little but wait, so
// more of them run at once than there are processors.
func inChildren(t *testing.T, programs map[string]func(), check func(t *testing.T, name string, v verdict)) {
	results := make(map[string]func(t *testing.T) verdict, len(programs))
	var mu sync.Mutex
	var g errgroup.Group
	g.SetLimit(6)
	for name := range programs {
		g.Go(func() error {
			v, err := inChild(t.Context(), name)
			mu.Lock()
			defer mu.Unlock()
			results[name] = func(t *testing.T) verdict {
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			return nil
		})
	}
	g.Wait()
	for name, result := range results {
		t.Run(name, func(t *testing.T) { check(t, name, result(t)) })
	}
}

func inChild(ctx context.Context, name string) (v verdict, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), programVariable+"="+name)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return v, fmt.Errorf("%w\n%s", err, errs.String())
	}
	if err := json.Unmarshal(out.Bytes(), &v); err != nil {
		return v, fmt.Errorf("%w in %q", err, out.String())
	}
	return v, nil
}

var (
	packageChannel = make(chan int)
	packageMutex   sync.Mutex
)

var stuckPrograms = map[string]func(){
	"send without receiver": func() { make(chan int) <- 1 },
	"package-level channel": func() { <-packageChannel },
	"package-level mutex":   func() { packageMutex.Lock(); packageMutex.Lock() },
	"nil channel": func() {
		var c chan int
		<-c
	},
	"empty select": func() { select {} },
	"mutex pair": func() {
		var a, b sync.Mutex
		var both, wg sync.WaitGroup
		both.Add(2)
		grab := func(first, second *sync.Mutex) {
			first.Lock()
			both.Done()
			both.Wait()
			second.Lock()
		}
		wg.Go(func() { timeline.Label("one"); grab(&a, &b) })
		wg.Go(func() { timeline.Label("two"); grab(&b, &a) })
		wg.Wait()
	},
	"WaitGroup never done": func() {
		var wg sync.WaitGroup
		wg.Add(1)
		wg.Wait()
	},
	"condition never signalled": func() {
		var mu sync.Mutex
		mu.Lock()
		sync.NewCond(&mu).Wait()
	},
	"read lock against write lock": func() {
		var mu sync.RWMutex
		mu.RLock()
		mu.Lock()
	},
	"errgroup at its limit": func() {
		var g errgroup.Group
		g.SetLimit(1)
		g.Go(func() error {
			g.Go(func() error { return nil })
			return nil
		})
		g.Wait()
	},
	"after a second of work": func() {
		time.Sleep(time.Second)
		<-packageChannel
	},
	"after timers that were stopped": func() {
		for range 3 {
			_, cancel := context.WithTimeout(context.Background(), time.Hour)
			cancel()
			select {
			case <-time.After(time.Hour):
			case <-time.After(time.Millisecond):
			}
		}
		time.AfterFunc(time.Hour, func() {}).Stop()
		<-packageChannel
	},
	"after a timer that the watchdog saw": func() {
		<-time.After(1500 * time.Millisecond)
		<-packageChannel
	},
	"a stopped ticker": func() {
		tick := time.NewTicker(10 * time.Millisecond)
		for range 5 {
			<-tick.C
		}
		<-packageChannel // the ticker still ticks, but nobody listens
	},
	"a lot of memory given back": func() {
		var all [][]byte
		for range 500 {
			b := make([]byte, 1<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			all = append(all, b)
		}
		runtime.KeepAlive(all)
		runtime.GC()
		<-packageChannel
	},
	"a hundred thousand": func() {
		for range veryMany {
			go func() { <-packageChannel }()
		}
		select {}
	},
	"a goroutine outside that waits too": func() { <-packageChannel },
	"with one processor": func() {
		runtime.GOMAXPROCS(1)
		c := make(chan int)
		go func() { c <- 1; c <- 2 }()
		<-c
		<-packageChannel
	},
}

// stuckWaits are what the first ten lanes of each program wait for in the end.
var stuckWaits = map[string][]string{
	"send without receiver":               {"main: channel send"},
	"package-level channel":               {"main: channel receive"},
	"package-level mutex":                 {"main: mutex"},
	"nil channel":                         {"main: channel receive"},
	"empty select":                        {"main: select"},
	"mutex pair":                          {"main: WaitGroup", "one: mutex", "two: mutex"},
	"WaitGroup never done":                {"main: WaitGroup"},
	"condition never signalled":           {"main: condition"},
	"read lock against write lock":        {"main: mutex"},
	"errgroup at its limit":               {"main: WaitGroup", "goroutine: channel send"},
	"after a second of work":              {"main: channel receive"},
	"after timers that were stopped":      {"main: channel receive"},
	"after a timer that the watchdog saw": {"main: channel receive"},
	"a stopped ticker":                    {"main: channel receive"},
	"a lot of memory given back":          {"main: channel receive"},
	"a hundred thousand":                  hundredThousand(),
	"a goroutine outside that waits too":  {"main: channel receive"},
	"with one processor":                  {"main: channel receive", "goroutine: channel send"},
}

func hundredThousand() []string {
	waits := []string{"main: select"}
	for i := range 9 {
		waits = append(waits, fmt.Sprintf("goroutine %d: channel receive", i))
	}
	return waits
}

// sleepRaw waits without anything of Go's that could keep the watchdog from its verdict.
func sleepRaw(d time.Duration) {
	ts := syscall.NsecToTimespec(int64(d))
	syscall.Nanosleep(&ts, nil)
}

// The watchdog's verdict falls well before this.
const longEnough = 4 * time.Second

var patientPrograms = map[string]func(){
	"compute": func() {
		for start := time.Now(); time.Since(start) < longEnough; {
		}
	},
	"sleep":         func() { time.Sleep(longEnough) },
	"timer channel": func() { <-time.After(longEnough) },
	"ten-minute timer, cancelled": func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		go func() { <-time.After(longEnough); cancel() }()
		<-ctx.Done()
	},
	"ten-minute timer channel, other end": func() {
		end := make(chan int)
		time.AfterFunc(longEnough, func() { close(end) })
		select {
		case <-time.After(10 * time.Minute):
		case <-end:
		}
	},
	"context with timeout": func() {
		ctx, cancel := context.WithTimeout(context.Background(), longEnough)
		defer cancel()
		<-ctx.Done()
	},
	"AfterFunc": func() { end := make(chan int); time.AfterFunc(longEnough, func() { close(end) }); <-end },
	"AfterFunc, one processor": func() {
		runtime.GOMAXPROCS(1)
		end := make(chan int)
		time.AfterFunc(longEnough, func() { close(end) })
		<-end
	},
	"slow ticker": func() {
		tick := time.NewTicker(longEnough / 3)
		for range 3 {
			<-tick.C
		}
	},
	"fast ticker": func() {
		tick := time.NewTicker(20 * time.Millisecond)
		for range longEnough / (20 * time.Millisecond) {
			<-tick.C
		}
	},
	"WaitGroup for a sleeper": func() {
		var wg sync.WaitGroup
		wg.Go(func() { time.Sleep(longEnough) })
		wg.Wait()
	},
	"network": func() {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		defer l.Close()
		got := make(chan int)
		go func() {
			c, err := l.Accept()
			if err == nil {
				c.Close()
			}
			close(got)
		}()
		// Another thread of the operating system ends it: nothing in Go knows of it.
		go func() { sleepRaw(longEnough); net.Dial("tcp", l.Addr().String()) }()
		<-got
	},
	"child process": func() {
		exec.Command("sleep", fmt.Sprint(longEnough.Seconds())).Run()
	},
	"pipe from a child process": func() {
		cmd := exec.Command("sleep", fmt.Sprint(longEnough.Seconds()))
		r, err := cmd.StdoutPipe()
		if err != nil {
			panic(err)
		}
		cmd.Start()
		got := make(chan int)
		go func() { io.ReadAll(r); close(got) }()
		<-got
		cmd.Wait()
	},
	"blocked system call": func() {
		var p [2]int
		if err := syscall.Pipe(p[:]); err != nil {
			panic(err)
		}
		got := make(chan int)
		go func() { syscall.Read(p[0], make([]byte, 1)); close(got) }()
		cmd := exec.Command("sh", "-c", "sleep "+fmt.Sprint(longEnough.Seconds())+"; echo x >&3")
		cmd.ExtraFiles = []*os.File{os.NewFile(uintptr(p[1]), "pipe")}
		cmd.Start()
		<-got
	},
	"signal": func() {
		got := make(chan os.Signal, 1)
		signal.Notify(got, syscall.SIGUSR1)
		exec.Command("sh", "-c", fmt.Sprintf("sleep %v; kill -USR1 %d", longEnough.Seconds(), os.Getpid())).Start()
		<-got
	},
	"a goroutine outside that will act": nil, // see init
	"a finalizer": func() {
		got := make(chan int)
		func() {
			x := new([64]int)
			runtime.AddCleanup(x, func(c chan int) { close(c) }, got)
		}()
		<-got
	},
}

// patientCauses are what main does most of the time in each program.
var patientCauses = map[string]timeline.State{
	"compute":                             timeline.Running,
	"sleep":                               timeline.Sleeping,
	"timer channel":                       timeline.ChanReceive,
	"ten-minute timer, cancelled":         timeline.ChanReceive,
	"ten-minute timer channel, other end": timeline.Select,
	"context with timeout":                timeline.ChanReceive,
	"AfterFunc":                           timeline.ChanReceive,
	"AfterFunc, one processor":            timeline.ChanReceive,
	"slow ticker":                         timeline.ChanReceive,
	"fast ticker":                         timeline.ChanReceive,
	"WaitGroup for a sleeper":             timeline.WaitGroup,
	"network":                             timeline.ChanReceive,
	"child process":                       timeline.Syscall,
	"pipe from a child process":           timeline.ChanReceive,
	"blocked system call":                 timeline.ChanReceive,
	"signal":                              timeline.ChanReceive,
	"a goroutine outside that will act":   timeline.ChanReceive,
	"a finalizer":                         timeline.ChanReceive,
}

func init() {
	systemCall = sleepRaw
	runProgram = runStuckOrPatient
	end := make(chan int)
	patientPrograms["a goroutine outside that will act"] = func() { <-end }
	if os.Getenv(programVariable) == "a goroutine outside that will act" {
		go func() {
			tick := time.NewTicker(longEnough)
			<-tick.C
			close(end)
		}()
	}
	if os.Getenv(programVariable) == "a goroutine outside that waits too" {
		go func() { <-packageChannel }()
	}
}

func TestStuckFunctionsAreFound(t *testing.T) {
	t.Parallel()
	inChildren(t, stuckPrograms, func(t *testing.T, name string, v verdict) {
		t.Logf("%v %s %v", v.Elapsed, v.Sentence, v.Waits)
		if !v.Stuck || v.Err != "" {
			t.Fatalf("not found to be stuck: %+v", v)
		}
		if want := stuckWaits[name]; want == nil || !slices.Equal(v.Waits, want) {
			t.Errorf("waits %q, want %q", v.Waits, want)
		}
		if !regexp.MustCompile(`main waits [a-zA-Z ]+ \(.*(<-|Lock|Wait|select|packageChannel).*\) for \d`).MatchString(v.Sentence) {
			t.Errorf("%q does not say who waits where", v.Sentence)
		}
		// The claim is two seconds after the last thing that happened, which is at most two after the start here. A
		// machine that is busy with other tests may take much longer for a hundred thousand goroutines.
		if v.Elapsed > time.Minute {
			t.Errorf("found after %v", v.Elapsed)
		}
		if v.Broken != "" {
			t.Error(v.Broken)
		}
	})
}

func TestPatientFunctionsAreNotAccused(t *testing.T) {
	t.Parallel()
	inChildren(t, patientPrograms, func(t *testing.T, name string, v verdict) {
		t.Logf("%v spans %d", v.Elapsed, v.Spans)
		if v.Stuck || v.Err != "" {
			t.Errorf("accused: %+v", v)
		}
		if v.Broken != "" {
			t.Error(v.Broken)
		}
		if want, ok := patientCauses[name]; !ok || v.Cause != want {
			t.Errorf("main mostly: %v, want %v", v.Cause, want)
		}
		oneWait := v.Cause != timeline.Running && !strings.Contains(name, "ticker") && name != "a finalizer"
		if oneWait && v.Longest < longEnough*9/10 {
			t.Errorf("the longest wait is %v, though main waits only once", v.Longest)
		}
	})
}
