package interleave

import "fmt"

// RWMutex is a lock for many readers or one writer, as [sync.RWMutex]. As there, a writer that waits for readers keeps new
// readers out, and asking is a step of its own then.
type RWMutex struct {
	object
	readers        int
	asked, writing bool
}

// NewRWMutex returns a lock with a name for the figure.
func NewRWMutex(p *Program, name string) *RWMutex { return &RWMutex{object: p.newObject(name)} }

// Lock waits until nobody holds the lock, and takes it for writing.
func (m *RWMutex) Lock() {
	m.p.at(operation{verb: doAsk, on: &m.object, ready: func() bool { return !m.asked && !m.writing }})
	m.touch(true)
	if m.readers > 0 {
		m.asked = true
		m.p.say("asks for %s", m.name)
		m.p.at(operation{verb: doAsk, on: &m.object, ready: func() bool { return m.readers == 0 }})
		m.touch(true)
		m.asked = false
	}
	m.writing = true
	m.p.say("locks %s for writing", m.name)
}

// Unlock gives the writer's lock back. It panics if nobody holds it.
func (m *RWMutex) Unlock() {
	m.p.at(operation{verb: doUnlock, on: &m.object})
	m.touch(true)
	if !m.writing {
		panic(fmt.Sprintf("unlock of the unlocked RWMutex %s", m.name))
	}
	m.writing = false
	m.p.say("unlocks %s", m.name)
}

// RLock waits until nobody writes or asks to write, and takes the lock for reading.
func (m *RWMutex) RLock() {
	m.p.at(operation{verb: doRLock, on: &m.object, ready: func() bool { return !m.asked && !m.writing }})
	m.touch(true)
	m.readers++
	m.p.say("locks %s for reading", m.name)
}

// RUnlock gives a reader's lock back. It panics if no reader holds it.
func (m *RWMutex) RUnlock() {
	m.p.at(operation{verb: doRUnlock, on: &m.object})
	m.touch(true)
	if m.readers == 0 {
		panic(fmt.Sprintf("RUnlock of the unlocked RWMutex %s", m.name))
	}
	m.readers--
	m.p.say("unlocks %s", m.name)
}

// WaitGroup counts goroutines, as [sync.WaitGroup].
type WaitGroup struct {
	object
	n int
}

// NewWaitGroup returns a WaitGroup with a name for the figure.
func NewWaitGroup(p *Program, name string) *WaitGroup {
	return &WaitGroup{object: p.newObject(name)}
}

// Add adds delta to the counter. It panics if the counter falls below 0.
func (w *WaitGroup) Add(delta int) {
	w.p.at(operation{verb: doAdd, on: &w.object})
	w.touch(true)
	if w.n += delta; w.n < 0 {
		panic(fmt.Sprintf("negative counter of the WaitGroup %s", w.name))
	}
	if delta == -1 {
		w.p.say("%s done: %d left", w.name, w.n)
	} else {
		w.p.say("adds %d to %s: %d", delta, w.name, w.n)
	}
}

// Done takes one from the counter.
func (w *WaitGroup) Done() { w.Add(-1) }

// Wait waits until the counter is 0.
func (w *WaitGroup) Wait() {
	w.p.at(operation{verb: doWait, on: &w.object, ready: func() bool { return w.n == 0 }})
	w.touch(false)
	w.p.say("has waited for %s", w.name)
}

// Go adds one, and starts a goroutine that takes it away in the end.
func (w *WaitGroup) Go(f func()) {
	w.Add(1)
	w.p.Go(func() {
		defer w.Done()
		f()
	})
}

// Cond is a condition on which goroutines wait, as [sync.Cond]. Signal wakes the one that has waited longest, as Go's does.
type Cond struct {
	object
	l       *Mutex
	waiting []*bool
}

// NewCond returns a condition with a name for the figure and the lock that goes with it.
func NewCond(p *Program, name string, l *Mutex) *Cond { return &Cond{object: p.newObject(name), l: l} }

// Wait gives the lock back and begins to wait, in one step; in a second one, after a signal, it takes the lock again.
func (c *Cond) Wait() {
	c.p.at(operation{verb: doWait, on: &c.object})
	c.touch(true)
	c.l.touch(true)
	if !c.l.locked {
		panic(fmt.Sprintf("unlock of the unlocked mutex %s", c.l.name))
	}
	c.l.locked = false
	woken := new(bool)
	c.waiting = append(c.waiting, woken)
	c.p.say("unlocks %s, waits for %s", c.l.name, c.name)
	c.p.at(operation{verb: doRelock, on: &c.object, ready: func() bool { return *woken && !c.l.locked }})
	c.touch(false)
	c.l.touch(true)
	c.l.locked = true
	c.p.say("was woken, locks %s", c.l.name)
}

// Signal wakes one that waits, if there is one.
func (c *Cond) Signal() { c.wake(doSignal, "signals") }

// Broadcast wakes all that wait.
func (c *Cond) Broadcast() { c.wake(doBroadcast, "wakes all of") }

func (c *Cond) wake(v verb, what string) {
	c.p.at(operation{verb: v, on: &c.object})
	c.touch(true)
	n := len(c.waiting)
	if v == doSignal {
		n = min(n, 1)
	}
	for _, woken := range c.waiting[:n] {
		*woken = true
	}
	c.waiting = c.waiting[n:]
	if n == 0 {
		c.p.say("%s %s: nobody waits", what, c.name)
	} else {
		c.p.say("%s %s", what, c.name)
	}
}

// Semaphore is a weighted semaphore, as that of golang.org/x/sync: who asks first gets first, and one that waits keeps later
// ones out, even if there were enough for them. To ask in vain is a step, and to get it then is another.
type Semaphore struct {
	object
	size, free int
	queue      []*request
}

type request struct {
	n       int
	granted bool
}

// NewSemaphore returns a semaphore of the given size with a name for the figure.
func NewSemaphore(p *Program, name string, size int) *Semaphore {
	return &Semaphore{object: p.newObject(name), size: size, free: size}
}

// Acquire waits until it has n.
func (s *Semaphore) Acquire(n int) {
	if s.TryAcquire(n) {
		return
	}
	r := &request{n: n}
	s.queue = append(s.queue, r)
	s.p.at(operation{verb: doGrant, on: &s.object, ready: func() bool { return r.granted }})
	s.touch(true)
	s.p.say("has %d of %s", n, s.name)
}

// TryAcquire takes n if they are free and nobody waits, and says whether it did.
func (s *Semaphore) TryAcquire(n int) bool {
	s.p.at(operation{verb: doAcquire, on: &s.object})
	s.touch(true)
	if len(s.queue) > 0 || s.free < n {
		s.p.say("does not get %d of %s", n, s.name)
		return false
	}
	s.free -= n
	s.p.say("takes %d of %s: %d free", n, s.name, s.free)
	return true
}

// Release gives n back. It panics if that is more than are held.
func (s *Semaphore) Release(n int) {
	s.p.at(operation{verb: doRelease, on: &s.object})
	s.touch(true)
	if s.free += n; s.free > s.size {
		panic(fmt.Sprintf("semaphore %s: released more than held", s.name))
	}
	for len(s.queue) > 0 && s.queue[0].n <= s.free {
		s.free -= s.queue[0].n
		s.queue[0].granted = true
		s.queue = s.queue[1:]
	}
	s.p.say("gives back %d of %s: %d free", n, s.name, s.free)
}

// AtomicInt is a whole number that is read, written and changed in one step each, as [sync/atomic.Int64].
type AtomicInt struct{ *Var[int] }

// NewAtomicInt returns an atomic number with a name for the figure and its first value.
func NewAtomicInt(p *Program, name string, value int) *AtomicInt {
	return &AtomicInt{NewVar(p, name, value)}
}

// Add adds delta and returns the new value.
func (a *AtomicInt) Add(delta int) int {
	old := a.change(func(v int) int { return v + delta })
	a.p.say("adds %d to %s: %d, was %d", delta, a.name, a.v, old)
	return a.v
}

// CompareAndSwap writes a value if the old one is as expected, and says whether it did.
func (a *AtomicInt) CompareAndSwap(old, value int) bool {
	found := a.change(func(v int) int {
		if v == old {
			return value
		}
		return v
	})
	if found != old {
		a.p.say("compares %s: it is %d", a.name, found)
		return false
	}
	a.p.say("compares %s: %d, was %d", a.name, value, old)
	return true
}

func (a *AtomicInt) change(f func(int) int) (old int) {
	a.p.at(operation{verb: doChange, on: &a.object})
	a.touch(true)
	old = a.v
	a.v = f(old)
	a.p.value = fingerprint(a.v)
	return old
}
