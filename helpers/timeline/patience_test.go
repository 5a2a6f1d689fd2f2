package timeline_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"tutorial/helpers/timeline"
)

// forEver runs a function that never ends.
//
//go:noinline
func forEver(f func()) { f() }

// Everything that waits for others only, at once, so that there is one second to wait and not a dozen.
func TestWhoWaitsForEverIsNamed(t *testing.T) {
	var locked, turned sync.Mutex
	var read sync.RWMutex
	locked.Lock()
	read.RLock()
	never := make(chan int)
	waits := []struct {
		label string
		state timeline.State
		says  string
		wait  func()
	}{
		{"send", timeline.ChanSend, "waits to send on a channel (", func() { never <- 1 }},
		{"receive", timeline.ChanReceive, "waits to receive from a channel (", func() { <-make(chan int) }},
		{"send on nil", timeline.ChanSend, "waits to send on a channel (", func() { chan<- int(nil) <- 1 }},
		{"receive from nil", timeline.ChanReceive, "waits to receive from a channel (", func() { <-(<-chan int)(nil) }},
		{"select", timeline.Select, "waits in a select (", func() { select {} }},
		{"lock", timeline.Mutex, "waits for a lock (", func() { locked.Lock() }},
		{"write lock", timeline.Mutex, "waits for a lock (", func() { read.Lock() }},
		{"condition", timeline.Cond, "waits for a condition (", func() { turned.Lock(); sync.NewCond(&turned).Wait() }},
		{"group", timeline.WaitGroup, "waits for a WaitGroup (", func() { var wg sync.WaitGroup; wg.Add(1); wg.Wait() }},
	}
	var wg sync.WaitGroup
	rec, err := timeline.Record(func() {
		for _, w := range waits {
			wg.Go(func() {
				timeline.Label(w.label)
				forEver(w.wait)
			})
		}
		forEver(func() { wg.Wait() })
	}, timeline.Patience(200*time.Millisecond))
	if err != nil || rec.Stuck == nil {
		t.Fatalf("recording %v, error %v", rec, err)
	}
	if b := broken(rec); b != "" {
		t.Error(b)
	}
	if got, want := rec.Summary(), "Nothing has moved for 0.2 s: main waits for a WaitGroup ("; !strings.HasPrefix(got, want) {
		t.Errorf("it says %q, want %q", got, want)
	}
	if len(rec.Stuck.Waits) != len(waits)+1 {
		t.Fatalf("%d wait, want %d", len(rec.Stuck.Waits), len(waits)+1)
	}
	for i, w := range waits {
		got := rec.Stuck.Waits[i+1]
		if got.State != w.state || got.Duration() < 200*time.Millisecond || rec.Lanes[got.Lane].Name() != w.label {
			t.Errorf("%s: %s has waited in %q for %v", w.label, rec.Lanes[got.Lane].Name(), got.State, got.Duration())
		}
		one := timeline.Recording{Lanes: []timeline.Lane{rec.Lanes[0], rec.Lanes[got.Lane]}}
		if said := timeline.StuckOf(&one).String(); !strings.Contains(said, w.label+" "+w.says) {
			t.Errorf("%s: it says %q, want %q", w.label, said, w.says)
		}
	}
	if !rec.Lanes[0].Alive || !strings.Contains(rec.Figure("").SVG, ">still alive<") {
		t.Error("main is drawn as if it had ended")
	}
}

func TestThoseAlikeAreToldTogether(t *testing.T) {
	var a, b sync.Mutex
	var both sync.WaitGroup
	both.Add(2)
	grab := func(first, second *sync.Mutex) {
		first.Lock()
		both.Done()
		both.Wait()
		second.Lock()
	}
	rec, err := timeline.Record(func() {
		var wg sync.WaitGroup
		wg.Go(func() { forEver(func() { timeline.Label("grab 1"); grab(&a, &b) }) })
		wg.Go(func() { forEver(func() { timeline.Label("grab 2"); grab(&b, &a) }) })
		forEver(func() { wg.Wait() })
	}, timeline.Patience(200*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`^Nothing has moved for 0.2 s: main waits for a WaitGroup \(forEver\(func\(\) { wg.Wait\(\) }\)\) for .*, and 2 × grab wait for a lock \(second.Lock\(\)\) for `)
	if got := rec.Summary(); !want.MatchString(got) {
		t.Errorf("it says %q, want %s", got, want)
	}
}

// What these wait for is outside of the recorded function, or is a timer that sleeps.
var patient = map[string]func(){
	"compute": func() { busyFor(long) },
	"sleep": func() {
		var wg sync.WaitGroup
		wg.Go(func() { time.Sleep(long) })
		wg.Wait()
	},
	"ticker": func() {
		for start, tick := time.Now(), time.NewTicker(20*time.Millisecond); time.Since(start) < long; {
			<-tick.C
		}
	},
	"network": func() {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		done := make(chan int)
		go func() { l.Accept(); close(done) }()
		exec.Command(os.Args[0]).Start()
		go func() { io.Copy(io.Discard, napping()); l.Close() }()
		<-done
	},
	"pipe":  func() { io.Copy(io.Discard, napping()) },
	"child": func() { inChild(context.Background(), "long nap").Run() },
	"full, and then nothing": func() {
		c := make(chan int)
		go func() {
			for range 20_000 {
				c <- 1
			}
		}()
		for range 20_000 {
			<-c
		}
		<-time.After(long)
	},
}

const long = 2500 * time.Millisecond

// napping is what a child writes that naps.
func napping() io.Reader {
	child := inChild(context.Background(), "long nap")
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		panic(err)
	}
	return out
}

func init() {
	programs["long nap"] = func() { time.Sleep(long) }
	for name, fn := range patient {
		programs[name] = func() {
			size := 1 << 20
			if strings.HasPrefix(name, "full") {
				size = 1 << 16
			}
			rec, err := timeline.Record(fn, timeline.Patience(500*time.Millisecond), timeline.Size(size))
			fmt.Println(rec.Stuck, err, rec.Full, rec.Took >= long*9/10, broken(rec))
		}
	}
}

func TestWhatCanGoOnIsLeftAlone(t *testing.T) {
	t.Parallel()
	var g errgroup.Group
	g.SetLimit(4)
	for name := range patient {
		g.Go(func() error {
			out, err := inChild(t.Context(), name).CombinedOutput()
			want := fmt.Sprintf("<nil> <nil> %v true \n", strings.HasPrefix(name, "full"))
			if err != nil || string(out) != want {
				t.Errorf("%s: %q, %v; want %q", name, out, err, want)
			}
			return nil
		})
	}
	g.Wait()
}

func TestAFullRecordingSaysHowFarItReaches(t *testing.T) {
	turns := 0
	rec, err := timeline.Record(func() {
		a, b := make(chan int), make(chan int)
		go func() {
			for v := range a {
				b <- v
			}
			close(b)
		}()
		for start := time.Now(); time.Since(start) < 500*time.Millisecond; turns++ {
			a <- 1
			<-b
		}
		close(a)
		<-b
	}, timeline.Size(1<<17))
	if err != nil {
		t.Fatal(err)
	}
	if b := broken(rec); b != "" {
		t.Error(b)
	}
	f := rec.Figure("Ping-pong")
	if !rec.Full || rec.Took < 500*time.Millisecond || rec.Duration > rec.Took || len(rec.Lanes[0].Spans) > turns {
		t.Errorf("full %v, %v of %v, %d spans of %d turns", rec.Full, rec.Duration, rec.Took, len(rec.Lanes[0].Spans), turns)
	}
	if !regexp.MustCompile(`^2 goroutines in the first \d.*s, with`).MatchString(f.Subtitle) || !regexp.MustCompile(`The recording was full then, and the function took \d.* m?s\.$`).MatchString(f.Caption) {
		t.Errorf("the figure says %q, %q", f.Subtitle, f.Caption)
	}
}

func TestAnInterruptShowsThePictureSoFar(t *testing.T) {
	t.Parallel()
	cmd := inChild(t.Context(), "interrupted")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(out)
	if first, err := r.ReadString('\n'); first != "started\n" {
		t.Fatalf("%q, %v", first, err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Skip(err) // there are no interrupts here
	}
	shown, _ := io.ReadAll(r)
	err = cmd.Wait()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != 1 || !strings.Contains(said.String(), "the cell was interrupted") {
		t.Errorf("it ended with %v and said %q", err, said.String())
	}
	if !strings.Contains(string(shown), "An endless loop") || !strings.Contains(string(shown), "It was interrupted: main ") {
		t.Errorf("it showed %q", shown)
	}
}
