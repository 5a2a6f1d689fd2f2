package interleave

import (
	"fmt"
	"iter"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// Program is one run of the program under test: its goroutines, and the variables, locks and channels that they share. It is
// handed to the function that sets the program up, and is of no use after that run.
type Program struct {
	search     *search
	goroutines []*goroutine
	launched   int        // so many of them have run up to their first step
	current    *goroutine // who has the token; nil during set-up and checks
	last       *goroutine // who made the last step
	made       int        // objects made during set-up
	children   int        // goroutines started during set-up
	states     []func() string
	checks     []func() error

	inStep   bool
	touched  []touch // what the step under way has touched
	value    uint64  // what it has read or written, to notice programs that are not repeatable
	choices  []*goroutine
	failure  any // what a goroutine has panicked with
	aborting bool
	given    int // how often goroutines were told to end

	tracing bool
	trace   []Step
	said    map[*goroutine]string

	strict  bool         // compare who calls with who has the token
	holder  atomic.Int64 // id of the goroutine that has it
	foreign atomic.Bool
}

// A goroutine of the program. It runs as a coroutine, so that handing the token on costs no turn of Go's scheduler.
type goroutine struct {
	p        *Program
	given    string // its name, "" for one that is numbered
	parent   *goroutine
	number   int
	body     func()
	key      uint64 // the same in each order, whatever was created before it
	made     int
	children int
	hash     uint64 // of its last step and of all that came before that step and matters to it
	pending  operation
	done     bool
	coroutine
}

// An operation is what a goroutine does next, once it has the token.
type operation struct {
	verb  verb
	on    *object
	ready func() bool // nil: always
}

// An object is what steps can have in common. Two steps are in order only if both touch an object and one changes it.
type object struct {
	p       *Program
	name    string
	id      uint64
	written uint64 // hash of the last step that changed it
	read    uint64 // sum of the hashes of steps that have read it since
}

type touch struct {
	on      *object
	changed bool
}

// unwound ends a goroutine of a run that is given up.
type unwound struct{}

// Go starts a goroutine, as the go statement does. They are called "goroutine 1", "goroutine 2" and so on; one that
// goroutine 1 starts is called "goroutine 1.1".
func (p *Program) Go(f func()) { p.start("", f) }

// GoNamed is Go with a name for the figure, such as "producer".
func (p *Program) GoNamed(name string, f func()) { p.start(name, f) }

// Check states what has to be true at the end of every order: f is called when all goroutines have ended, and its error
// says what is wrong. What f does with the program's variables is not a step. Several checks are called in turn.
func (p *Program) Check(f func() error) { p.checks = append(p.checks, f) }

// Step runs f as one step, whatever f does, as the code between two awaits runs in asyncio. Nothing in f may wait.
func (p *Program) Step(name string, f func()) {
	if p.current == nil || p.inStep {
		f()
		return
	}
	p.at(operation{verb: doStep})
	p.say("%s", name)
	p.inStep = true // Now operations do not hand on the token.
	defer func() { p.inStep = false }()
	f()
}

func (p *Program) start(name string, f func()) *goroutine {
	if f == nil {
		panic("interleave: Go(nil)")
	}
	g := p.search.goroutine()
	*g = goroutine{coroutine: g.coroutine, p: p, body: f, given: name, parent: p.current}
	if parent := p.current; parent != nil {
		parent.children++
		g.number = parent.children
		g.key = mix(parent.key, uint64(g.number)) | 1<<63
	} else {
		p.children++
		g.number = p.children
		g.key, g.hash = uint64(p.children), uint64(p.children)
	}
	p.goroutines = append(p.goroutines, g)
	return g
}

// name is put together when somebody asks: most runs are never shown.
func (g *goroutine) name() string {
	switch {
	case g.given != "":
		return g.given
	case g.parent != nil:
		return g.parent.name() + "." + strconv.Itoa(g.number)
	}
	return "goroutine " + strconv.Itoa(g.number)
}

func (p *Program) newObject(name string) object {
	id := uint64(0)
	if g := p.current; g != nil {
		g.made++
		id = mix(g.key, uint64(g.made))
	} else {
		p.made++
		id = uint64(p.made)
	}
	return object{p: p, name: name, id: id, written: id}
}

// at is where the goroutine that runs has ended a step: it hands on the token, and returns when it has it again, to do op.
// During set-up and checks there is no token, and op is done at once.
func (p *Program) at(op operation) {
	if p.strict && goid() != p.holder.Load() {
		p.foreign.Store(true)
		runtime.Goexit()
	}
	g := p.current
	switch {
	case g != nil && p.aborting:
		if p.given++; p.given > 1000 { // It recovers from being ended, again and again: leave it where it is.
			for {
				g.yield(struct{}{})
			}
		}
		panic(unwound{})
	case g != nil && !p.inStep:
		g.pending = op
		g.yield(struct{}{})
		if p.aborting {
			panic(unwound{})
		}
	case op.ready != nil && !op.ready():
		panic(fmt.Sprintf("interleave: a step %s in set-up, Check or Step, which may not wait", op.waiting()))
	}
}

func (o *object) touch(changed bool) { o.p.touched = append(o.p.touched, touch{o, changed}) }

// say describes the step under way, in runs that are shown.
func (p *Program) say(format string, a ...any) {
	if p.said != nil && p.current != nil && !p.inStep && p.said[p.current] == "" {
		p.said[p.current] = fmt.Sprintf(format, a...)
	}
}

// launch lets new goroutines run up to their first step.
func (p *Program) launch() {
	for p.launched < len(p.goroutines) && p.failure == nil {
		g := p.goroutines[p.launched]
		p.launched++
		p.resume(g)
	}
}

func (p *Program) resume(g *goroutine) {
	p.current = g
	p.search.running.Store(g)
	if p.strict {
		p.holder.Store(g.id)
		runtime.Gosched() // Lets goroutines that are none of ours show up.
	}
	g.next()
	p.current = nil
	if p.strict {
		p.holder.Store(p.search.id)
		runtime.Gosched()
	}
}

// possible lists who can make the next step.
func (p *Program) possible() []*goroutine {
	p.choices = p.choices[:0]
	for _, g := range p.goroutines {
		op := &g.pending
		switch {
		case g.done:
		case op.ready == nil || op.ready():
			p.choices = append(p.choices, g)
		}
	}
	return p.choices
}

// take makes a step, and returns its signature, which is the same whenever the same step is made.
func (p *Program) take(g *goroutine) (signature uint64) {
	p.touched, p.value = p.touched[:0], 0
	born := p.launched
	op := &g.pending
	signature = uint64(op.verb)
	if op.on != nil {
		signature = mix(signature, op.on.id)
	}
	if p.tracing {
		p.said = map[*goroutine]string{}
	}
	p.resume(g)
	p.launch()
	p.last = g
	p.search.beat.Add(1)

	h := mix(g.hash, signature)
	for _, t := range p.touched {
		h = mix(h, t.on.written)
		if t.changed {
			h = mix(h, t.on.read)
		}
	}
	for _, t := range p.touched {
		if t.changed {
			t.on.written, t.on.read = h, 0
		} else if t.on.written != h {
			t.on.read += mix(h, 1)
		}
	}
	g.hash = h
	for _, child := range p.goroutines[born:] {
		child.hash = mix(h, child.key)
	}
	if p.tracing {
		s := Step{Goroutine: g.name(), Text: p.said[g]}
		if len(p.touched) == 1 {
			s.on, s.changed = p.touched[0].on.name, p.touched[0].changed
		}
		p.trace = append(p.trace, s)
	}
	return signature
}

// hash is that of the steps so far and of the order between those that touch the same. Orders that agree in it have led to the
// same state.
func (p *Program) hash() (h uint64) {
	for _, g := range p.goroutines {
		h += mix(g.hash, g.key)
	}
	return h
}

// end says how the run ended, when no step is possible.
func (p *Program) end() (End, error) {
	var e End
	if p.failure != nil {
		return End{Kind: Panicked, Detail: fmt.Sprint(p.failure), State: p.state()}, nil
	}
	var stuck []string
	for _, g := range p.goroutines {
		if !g.done {
			stuck = append(stuck, g.name()+" "+g.pending.waiting())
		}
	}
	if len(stuck) > 0 {
		e.Kind = Deadlock
		slices.Sort(stuck)
		e.Detail, e.State = strings.Join(stuck, ", "), p.state()
		return e, nil
	}
	for _, check := range p.checks {
		if err := call(check); err != nil {
			if bad, ok := err.(*checkPanic); ok {
				return e, bad
			}
			e.Kind, e.Detail = CheckFailed, err.Error()
			break
		}
	}
	e.State = p.state()
	return e, nil
}

type checkPanic struct{ cause any }

func (e *checkPanic) Error() string {
	return fmt.Sprintf("the function given to Check panicked: %v", e.cause)
}

func call(check func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &checkPanic{r}
		}
	}()
	return check()
}

func (p *Program) state() string {
	var all []string
	for _, s := range p.states {
		all = append(all, s())
	}
	return strings.Join(all, ", ")
}

// abort ends what is left of the goroutines of this run, and keeps them for the next.
func (p *Program) abort() {
	p.aborting = true
	for i, g := range p.goroutines {
		for range 100 { // A program may recover from being ended, some times.
			if g.done || i >= p.launched {
				p.search.idle = append(p.search.idle, g)
				break
			}
			p.resume(g)
		}
	}
}

// A coroutine runs the bodies that a goroutine has in one run after the other.
type coroutine struct {
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
	id    int64
}

func newGoroutine() *goroutine {
	g := &goroutine{}
	g.next, g.stop = iter.Pull(func(yield func(struct{}) bool) {
		g.yield = yield
		g.id = goid()
		for yield(struct{}{}) {
			g.run()
		}
	})
	g.next()
	return g
}

func (g *goroutine) run() {
	returned := false
	defer func() {
		g.done = true
		r := recover()
		switch _, gone := r.(unwound); {
		case gone || g.p.aborting:
		case r != nil:
			g.p.failure = r
			if g.p.said != nil {
				g.p.said[g] = strings.TrimPrefix(g.p.said[g]+", panics", ", ")
			}
		case !returned:
			g.p.search.goexit = g.name()
		}
	}()
	g.body()
	returned = true
}

// goid returns the number of the goroutine that calls.
func goid() int64 {
	var b [40]byte
	s := strings.TrimPrefix(string(b[:runtime.Stack(b[:], false)]), "goroutine ")
	s, _, _ = strings.Cut(s, " ")
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func mix(a, b uint64) uint64 {
	h := a*0x9e3779b97f4a7c15 + b
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// fingerprint tells values of the common types apart.
func fingerprint(v any) uint64 {
	switch v := v.(type) {
	case int:
		return mix(1, uint64(v))
	case bool:
		if v {
			return 1
		}
		return 2
	case string:
		h := uint64(3)
		for i := range len(v) {
			h = mix(h, uint64(v[i]))
		}
		return h
	}
	return 0
}

// text writes a value; the address in a pointer is another one in each run, so it is not written.
func text(v any) string {
	if n, ok := v.(int); ok {
		return strconv.Itoa(n)
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Invalid:
		return "nil"
	case reflect.Pointer, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		if r.IsNil() {
			return "nil"
		}
		return "not nil"
	case reflect.String:
		return strconv.Quote(r.String())
	}
	return fmt.Sprint(v)
}
