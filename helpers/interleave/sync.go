package interleave

import "fmt"

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
