package timeline

import "fmt"

// A State is what a goroutine does, or what it waits for.
type State uint8

const (
	Running     State = iota // has a processor
	NoCPU                    // is ready, and has no processor since all are busy
	Ready                    // is ready, and about to get a processor: most of the time one was free
	Sleeping                 // in time.Sleep
	ChanSend                 // waits until somebody receives from a channel, or takes from its buffer
	ChanReceive              // waits until somebody sends on a channel or closes it
	Select                   // waits until one of the cases of a select can go on
	Mutex                    // waits for a sync.Mutex, a sync.RWMutex or a sync.Once
	WaitGroup                // waits in sync.WaitGroup.Wait, also in that of an errgroup
	Cond                     // waits in sync.Cond.Wait
	Network                  // waits for a connection
	Pipe                     // waits for a pipe, a terminal or another file that the runtime polls
	Syscall                  // in a call of the operating system
	Other                    // waits for something else, such as the garbage collector

	// States of Python's threads and tasks. They use those above too: Running, Sleeping, Mutex (a lock), Cond, Network, Other.

	LoopBusy   // a task that is ready while its event loop runs something else
	NoGIL      // a thread that is ready while another has the interpreter's lock
	BlocksLoop // a task in a call that holds up its event loop, and so all other tasks
	Semaphore  // waits for a semaphore
	Event      // waits for an event
	Queue      // waits to put into a queue or to get from it; a worker of a pool does so for work
	Join       // waits for a thread to end
	TaskWait   // waits for a task, or for several
	FutureWait // waits for a future
	ThreadWait // a task that waits for what a thread does for it, as by asyncio.to_thread
	numStates
)

var stateNames = [numStates]string{
	"running", "ready, no CPU", "ready", "sleeping", "channel send", "channel receive", "select", "lock", "WaitGroup",
	"condition", "network", "pipe", "system call", "other wait",
	"ready, loop busy", "ready, no GIL", "holds up the loop", "semaphore", "event", "queue", "join", "task", "future", "thread",
}

// String returns the name of the state for people, such as "channel receive".
func (s State) String() string {
	if s < numStates {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// Waiting reports whether a goroutine in this state does nothing: all states but Running, Syscall, which may be work for
// the operating system, and those in which it is ready or holds up a loop.
func (s State) Waiting() bool {
	switch s {
	case Running, NoCPU, Ready, Syscall, LoopBusy, NoGIL, BlocksLoop:
		return false
	}
	return true
}

// does says what somebody in this state does, to follow a name.
func (s State) does(python bool) string {
	switch s {
	case Running:
		return "runs"
	case Sleeping:
		return "sleeps"
	case BlocksLoop:
		return "holds up the loop"
	case Syscall:
		return "is " + s.object(python)
	}
	return "waits " + s.object(python)
}

var plural = map[string]string{"runs": "run", "sleeps": "sleep", "holds": "hold", "is": "are", "waits": "wait"}

// did is does, for what is over.
func (s State) did(python bool) string {
	switch s {
	case Running:
		return "ran"
	case Sleeping:
		return "slept"
	case BlocksLoop:
		return "held up the loop"
	}
	return "waited " + s.object(python)
}

func (s State) object(python bool) string {
	if python && s == Other {
		return "in other calls"
	}
	return objects[s]
}

// objects are what is waited for.
var objects = [numStates]string{
	NoCPU:       "for a processor",
	Ready:       "for a processor",
	ChanSend:    "to send on a channel",
	ChanReceive: "to receive from a channel",
	Select:      "in a select",
	Mutex:       "for a lock",
	WaitGroup:   "for a WaitGroup",
	Cond:        "for a condition",
	Network:     "for the network",
	Pipe:        "for a pipe or a file",
	Syscall:     "in a system call",
	Other:       "for the runtime",
	LoopBusy:    "for a turn in the loop",
	NoGIL:       "for the interpreter's lock",
	Semaphore:   "for a semaphore",
	Event:       "for an event",
	Queue:       "for a queue",
	Join:        "for a thread to end",
	TaskWait:    "for a task",
	FutureWait:  "for a future",
	ThreadWait:  "for a thread",
}
