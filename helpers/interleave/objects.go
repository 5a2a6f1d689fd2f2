package interleave

import "fmt"

// verb is what an operation does.
type verb uint8

const (
	doStep verb = iota
	doRead
	doWrite
	doChange
	doLock
	doUnlock
	doWait
	doRelock
	doSignal
	doBroadcast
	doSend
	doReceive
)

// waiting says what somebody waits for who cannot do the operation.
func (op *operation) waiting() string {
	name := ""
	if op.on != nil {
		name = op.on.name
	}
	switch op.verb {
	case doLock:
		return "waits to lock " + name
	case doWait:
		return "waits for " + name
	case doRelock:
		return "waits for a signal of " + name
	case doSend:
		return "waits to send on " + name
	case doReceive:
		return "waits to receive from " + name
	}
	return "waits"
}

// Var is a variable that goroutines share. Each Load and each Store is a step, so n++ is two of them. Steps happen one after
// the other here; in Go, what is said of a variable that is read and written without a lock is less than that.
type Var[T any] struct {
	object
	v T
}

// NewVar returns a variable with a name for the figure and its first value.
func NewVar[T any](p *Program, name string, value T) *Var[T] {
	v := &Var[T]{object: p.newObject(name), v: value}
	p.states = append(p.states, func() string { return name + " = " + text(v.v) })
	return v
}

// Load reads the variable.
func (v *Var[T]) Load() T {
	v.p.at(operation{verb: doRead, on: &v.object})
	v.touch(false)
	v.p.value = fingerprint(v.v)
	if v.p.tracing {
		v.p.say("reads %s = %s", v.name, text(v.v))
	}
	return v.v
}

// Store writes the variable.
func (v *Var[T]) Store(value T) {
	v.p.at(operation{verb: doWrite, on: &v.object})
	v.touch(true)
	v.v = value
	v.p.value = fingerprint(value)
	if v.p.tracing {
		v.p.say("writes %s = %s", v.name, text(value))
	}
}

// Mutex is a lock, as [sync.Mutex].
type Mutex struct {
	object
	locked bool
	free   func() bool
}

// NewMutex returns a lock with a name for the figure.
func NewMutex(p *Program, name string) *Mutex {
	m := &Mutex{object: p.newObject(name)}
	m.free = func() bool { return !m.locked }
	return m
}

// Lock waits until nobody holds the lock, and takes it.
func (m *Mutex) Lock() {
	m.p.at(operation{verb: doLock, on: &m.object, ready: m.free})
	m.touch(true)
	m.locked = true
	m.p.say("locks %s", m.name)
}

// Unlock gives the lock back. It panics if nobody holds it.
func (m *Mutex) Unlock() {
	m.p.at(operation{verb: doUnlock, on: &m.object})
	m.touch(true)
	if !m.locked {
		panic(fmt.Sprintf("unlock of the unlocked mutex %s", m.name))
	}
	m.locked = false
	m.p.say("unlocks %s", m.name)
}
