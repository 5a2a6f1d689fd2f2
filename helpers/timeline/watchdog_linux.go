//go:build linux && (amd64 || arm64)

package timeline

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// How a function that can never finish is found.
//
// Nothing can ever happen again in a process in which
//
//	(1) every goroutine is parked on a channel, a select, or a lock of package sync, and
//	(2) no timer is pending,
//
// because only a goroutine, a timer, the network poller, a system call or a signal makes a goroutine ready, and (1)
// leaves out the goroutines that wait for the last three. (1) is read from the goroutine profile. Finalizers and
// cleanups may act too, so those that can are made to run before the verdict.
//
// (2) is something that the runtime tells nobody, so the watchdog asks it by a question of its own: it sets a canary, a
// timer that is due in about eleven days, and looks at the idle threads of the process in /proc. One of them sleeps in
// epoll until the earliest timer of the whole process is due, and the kernel shows for how long. If that is exactly
// the time until the canary, then no timer of the program comes before it. This is positive evidence: where the kernel
// shows nothing (another system, a sandbox), or the thread is not there yet, or the figure is another one, nobody is
// accused. Each canary is due a second before the one before, so that the runtime has to work out its next timer again
// and an old answer is never taken for a new one.
//
// A running trace has two timers of its own, ten times a second, which would hide every other. So the trace is stopped
// for the look, and started again when the look finds a timer. The profile alone is asked first, for half a second
// without change, so that this gap (some milliseconds) falls into a time in which nothing happens, and it is not
// repeated until the timer that was found is due.
const (
	tick       = 100 * time.Millisecond
	quietTime  = 500 * time.Millisecond // without any change, before a look
	lookPause  = time.Second            // at least so long between two looks, growing to
	longPause  = 30 * time.Second       // this while nothing changes and a timer is pending
	answerWait = 300 * time.Millisecond // for a thread to go to sleep with the canary as its next timer
)

// canaries hands out the times at which canaries are due: far away, but near enough for the runtime to pass them on to
// the kernel as they are (it cuts off at 11.57 days), and each a second before the last.
var canaries struct {
	sync.Mutex
	next time.Time
}

func nextCanary() time.Time {
	canaries.Lock()
	defer canaries.Unlock()
	if canaries.next.IsZero() {
		canaries.next = time.Now().Add(11 * 24 * time.Hour)
	}
	canaries.next = canaries.next.Add(-time.Second)
	return canaries.next
}

// watchdog looks for a process in which nothing can happen any more.
type watchdog struct {
	clock *os.File // a timer of the kernel: a Go timer would be one more that hides the learner's
	done  chan struct{}

	// pause stops the trace and reports whether the function still runs; resume starts the trace again.
	pause  func() bool
	resume func()
	stuck  func()
}

// startWatchdog starts the watchdog, or returns nil where the system cannot answer its question.
func startWatchdog(pause func() bool, resume, stuck func()) *watchdog {
	const monotonic, nonblock, cloexec = 1, 0x800, 0x80000
	fd, _, errno := syscall.Syscall(syscall.SYS_TIMERFD_CREATE, monotonic, nonblock|cloexec, 0)
	if errno != 0 {
		return nil
	}
	every := struct{ interval, value syscall.Timespec }{
		syscall.NsecToTimespec(int64(tick)), syscall.NsecToTimespec(int64(tick)),
	}
	_, _, errno = syscall.Syscall6(syscall.SYS_TIMERFD_SETTIME, fd, 0, uintptr(unsafe.Pointer(&every)), 0, 0, 0)
	if errno != 0 {
		syscall.Close(int(fd))
		return nil
	}
	w := &watchdog{
		clock: os.NewFile(fd, "timerfd"), done: make(chan struct{}),
		pause: pause, resume: resume, stuck: stuck,
	}
	go w.run()
	return w
}

// stop ends the watchdog and waits until it is gone. A nil watchdog has nothing to stop.
func (w *watchdog) stop() {
	if w != nil {
		w.clock.Close()
		<-w.done
	}
}

func (w *watchdog) run() {
	defer close(w.done)
	var (
		p     profile
		last  uint64
		since time.Time // the state has been last, and everybody parked; zero if that is not so
		next  time.Time // not before: a timer is known to be due, or asking is expensive
		pause = lookPause
		buf   [8]byte
	)
	for {
		if _, err := w.clock.Read(buf[:]); err != nil {
			return // closed by stop
		}
		now := time.Now()
		switch {
		case busy():
			since = time.Time{}
			continue
		case now.Before(next):
			continue
		}
		state, parked := p.take()
		if cost := time.Since(now); cost > tick/10 {
			next = time.Now().Add(2 * cost) // very many goroutines
		}
		switch {
		case !parked:
			since = time.Time{}
			continue
		case state != last || since.IsZero():
			last, since, pause = state, now, lookPause
			continue
		case now.Sub(since) < quietTime:
			continue
		}
		if !w.pause() {
			return // the function has just returned
		}
		due, none := w.look(&p, state)
		if none {
			w.stuck()
			return
		}
		w.resume()
		// Nothing happens before that timer is due, so look soon after; but not late, since it may have been stopped.
		wait := max(due+2*tick, lookPause)
		if wait > pause+5*tick {
			wait = pause
		}
		next = time.Now().Add(wait)
		pause = min(2*pause, longPause)
	}
}

// busy says cheaply, without stopping anybody, that some goroutine runs, is ready to, or is in a system call.
func busy() bool {
	return metric("/sched/goroutines/running:goroutines") > 1 || // the watchdog itself runs
		metric("/sched/goroutines/runnable:goroutines") > 0 ||
		metric("/sched/goroutines/not-in-go:goroutines") > 0
}

// metric reads one of the runtime's metrics, or 0 if it has no such number.
func metric(name string) uint64 {
	s := [1]metrics.Sample{{Name: name}}
	metrics.Read(s[:])
	if s[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return s[0].Value.Uint64()
}

// look decides, while no trace runs, whether anything can still happen. none is true only if nothing can; otherwise due
// is the time until the next timer as far as it is known.
func (w *watchdog) look(p *profile, state uint64) (due time.Duration, none bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	sweepTimers()
	due, none = askTimers()
	if !none && due < 2*time.Second && metric("/memory/classes/heap/free:bytes") > 64<<10 {
		// That may be the timer of the runtime's scavenger, which returns memory little by little. Return it all.
		debug.FreeOSMemory()
		due, none = askTimers()
	}
	if !none {
		return due, false
	}
	if now, parked := p.take(); !parked || now != state {
		return 0, false
	}
	if due, none = askTimers(); !none {
		return due, false
	}
	// A finalizer or a cleanup may be what they wait for: let those run that can. (This comes last because the scavenger
	// may set its timer after it.)
	runtime.GC()
	nap(20 * time.Millisecond)
	now, parked := p.take()
	return 0, parked && now == state
}

// askTimers sets a canary and waits until an idle thread shows when the next timer of the process is due. none is true
// if that is the canary. It must run on a locked thread, while no trace runs.
func askTimers() (due time.Duration, none bool) {
	set := time.Now()
	when := nextCanary()
	canary := time.AfterFunc(time.Until(when), func() {})
	defer canary.Stop()
	// A thread that sleeps until a timer that has been stopped since sleeps on. This one wakes it to think again.
	time.AfterFunc(100*time.Microsecond, func() {})
	self := syscall.Gettid()
	for time.Since(set) < answerWait {
		nap(2 * time.Millisecond) // in a system call, so that this goroutine's processor can go idle too
		// The end of the nap wakes the monitor thread, so it runs for a moment: look several times.
		for range 20 {
			timeout, ok := pollTimeout(self)
			if !ok {
				continue
			}
			ms := time.Duration(timeout) * time.Millisecond
			if ms > time.Until(when)-time.Millisecond && ms <= when.Sub(set)+time.Millisecond {
				return 0, true
			}
			if ms >= 0 && ms < time.Until(when)-time.Second {
				return ms, false
			}
			break // it went to sleep before the canary was set, and will wake for it
		}
	}
	return 0, false
}

// sweepTimers makes the runtime forget the timers that have been stopped: it keeps them in a heap for each processor
// until they are due or more than a quarter of that heap, and they would look like timers to come.
func sweepTimers() {
	n := int32(runtime.GOMAXPROCS(0))
	var here atomic.Int32
	var gone sync.WaitGroup
	for range n {
		gone.Go(func() {
			for range 16 {
				time.AfterFunc(time.Hour, func() {}).Stop()
			}
			// Hold this processor until every one is held, or they would all run on one. It sweeps when it is let go.
			here.Add(1)
			for start := time.Now(); here.Load() < n && time.Since(start) < 2*time.Millisecond; {
			}
		})
	}
	gone.Wait()
}

// nap waits without a Go timer.
func nap(d time.Duration) {
	ts := syscall.NsecToTimespec(int64(d))
	syscall.Nanosleep(&ts, nil)
}

// pollTimeout returns the timeout, in milliseconds, with which a thread of this process sleeps in epoll, or a negative
// one if it sleeps without. ok is false unless every thread but self is idle and exactly one is in epoll. An idle thread
// of the Go runtime waits in a futex; its monitor thread naps.
func pollTimeout(self int) (timeout int32, ok bool) {
	dir, err := syscall.Open("/proc/self/task", syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return 0, false
	}
	defer syscall.Close(dir)
	var (
		buf     [4096]byte
		threads []string
	)
	for {
		n, err := syscall.ReadDirent(dir, buf[:])
		if err != nil {
			return 0, false
		}
		if n <= 0 {
			break
		}
		_, _, threads = syscall.ParseDirent(buf[:n], -1, threads)
	}
	if uint64(len(threads)) != metric("/sched/threads/total:threads") {
		return 0, false // a thread that is not Go's can do as it likes
	}
	polling := 0
	for _, name := range threads {
		if name == strconv.Itoa(self) {
			continue
		}
		fd, err := syscall.Open("/proc/self/task/"+name+"/syscall", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if err != nil {
			return 0, false
		}
		n, err := syscall.Read(fd, buf[:])
		syscall.Close(fd)
		if err != nil || n <= 0 {
			return 0, false
		}
		// "nr arg0 arg1 ... sp pc", or the word "running".
		f := bytes.Fields(buf[:n])
		nr, err := strconv.Atoi(string(f[0]))
		if err != nil || len(f) < 7 {
			return 0, false
		}
		switch nr {
		case syscall.SYS_FUTEX, syscall.SYS_NANOSLEEP:
		case syscall.SYS_EPOLL_PWAIT:
			arg, err := strconv.ParseUint(strings.TrimPrefix(string(f[4]), "0x"), 16, 64)
			if err != nil {
				return 0, false
			}
			timeout = int32(uint32(arg))
			polling++
		default:
			return 0, false
		}
	}
	return timeout, polling == 1
}

// profile takes goroutine profiles, and remembers what it found about each program counter.
type profile struct {
	records []runtime.StackRecord
	frames  map[uintptr]frameKind
	seed    maphash.Seed
}

// take returns a figure that changes when a goroutine starts, ends or waits elsewhere, and whether every goroutine of
// the process, but for the watchdog and the trace's reader, is parked where only another goroutine or a timer can wake
// it.
func (p *profile) take() (state uint64, parked bool) {
	if p.frames == nil {
		p.frames = map[uintptr]frameKind{}
		p.seed = maphash.MakeSeed()
	}
	n, ok := runtime.GoroutineProfile(p.records)
	for !ok {
		p.records = make([]runtime.StackRecord, n+n/10+8)
		n, ok = runtime.GoroutineProfile(p.records)
	}
	for i := range p.records[:n] {
		r := &p.records[i]
		stack := r.Stack()
		switch p.hope(stack) {
		case hopeNone:
			continue // it does not count
		case hopeElsewhere:
			return 0, false
		}
		var b [8 * len(r.Stack0)]byte
		for j, pc := range stack {
			binary.NativeEndian.PutUint64(b[8*j:], uint64(pc))
		}
		state += maphash.Bytes(p.seed, b[:8*len(stack)]) // a sum, because the order changes
	}
	return state, true
}

// frameKind says what a frame on the stack of a parked goroutine tells about who can wake it.
type frameKind uint8

const (
	frameOther  frameKind = iota
	framePark             // the runtime parks a goroutine
	frameChan             // ... on a channel, a select or a condition: another goroutine wakes it, or a timer
	frameSema             // ... on a semaphore
	frameSync             // ... which package sync asked for: another goroutine wakes it
	framePoll             // ... until a file or a connection is ready
	frameOwn              // the watchdog, or the reader of the trace
	frameReader           // the goroutine of gonbui that reads what the notebook's page sends
	frameFront            // gonbui waits for the notebook's page
)

func kindOf(function string) frameKind {
	switch function {
	case "runtime.gopark", "runtime.goparkunlock":
		return framePark
	case "runtime.chansend", "runtime.chanrecv", "runtime.selectgo", "runtime.block", "sync.runtime_notifyListWait":
		return frameChan
	case "runtime.semacquire1":
		return frameSema
	case "runtime.netpollblock":
		return framePoll
	case "github.com/janpfeifer/gonb/gonbui.pollReaderPipe":
		return frameReader
	case "runtime/trace.(*traceMultiplexer).startLocked.func1", ownPackage + ".(*watchdog).run":
		return frameOwn
	}
	switch {
	case strings.HasPrefix(function, "sync.runtime_Semacquire"), strings.HasPrefix(function, "internal/sync.runtime_Semacquire"):
		return frameSync
	case strings.HasPrefix(function, "github.com/janpfeifer/gonb/gonbui"):
		return frameFront
	}
	return frameOther
}

func (p *profile) kind(pc uintptr) frameKind {
	k, known := p.frames[pc]
	if !known {
		f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
		k = kindOf(f.Function)
		p.frames[pc] = k
	}
	return k
}

// hope is where a goroutine's hope to go on comes from.
type hope uint8

const (
	hopeElsewhere hope = iota // it runs, or waits for something outside the program
	hopeOthers                // another goroutine, or a timer
	hopeNone                  // it does not count: the watchdog, or one that serves the trace or the notebook
)

// hope judges the stack of a goroutine (leaf first). It knows the few ways to wait for others, and takes all else for
// hopeElsewhere.
func (p *profile) hope(stack []uintptr) hope {
	i := 0
	for i < len(stack) && p.kind(stack[i]) == framePark {
		i++
	}
	why := frameOther
	if i > 0 && i < len(stack) {
		why = p.kind(stack[i])
		if why == frameSema && i+1 < len(stack) {
			why = p.kind(stack[i+1])
		}
	}
	h := hopeElsewhere
	if why == frameChan || why == frameSync {
		h = hopeOthers
	}
	for _, pc := range stack {
		switch p.kind(pc) {
		case frameOwn:
			return hopeNone
		case frameReader:
			if why == framePoll {
				return hopeNone
			}
		case frameFront:
			h = hopeElsewhere // unless this is the reader itself
		}
	}
	return h
}
