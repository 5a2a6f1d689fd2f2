// Package interleave runs a small concurrent program in every order that a scheduler could have chosen, counts the orders
// that go wrong, and shows the shortest of them.
//
// A program is a function that makes variables, locks and channels of this package and starts goroutines with [Program.Go]. Each
// operation on one of these objects is a step; a goroutine hands on the token before each of its steps, so that one
// runs at a time and the package decides which. What goroutines do between two steps goes with the step before. It
// must not depend on time, chance, or goroutines and channels of Go's own.
//
// Two steps that touch different objects, or only read the same one, lead to the same state in either order. Of orders
// that differ in nothing else only one is run, and all of them are counted.
//
// [Explore] returns what was found, [Show] shows it in a notebook, and [Replay] runs one order again.
package interleave

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
)

// Limits bound what an exploration takes. What is 0 has its default.
type Limits struct {
	Runs  int           // how many orders are run at most, 50,000 by default; those that are only counted cost nothing
	Steps int           // how many steps an order may have, 1,000 by default
	Time  time.Duration // how long to go on, 10 s by default
	Quiet time.Duration // how long one step may take, 5 s by default
}

func (l Limits) orDefault() Limits {
	l.Runs, l.Steps = cmp.Or(l.Runs, 50_000), cmp.Or(l.Steps, 1_000)
	l.Time, l.Quiet = cmp.Or(l.Time, 10*time.Second), cmp.Or(l.Quiet, 5*time.Second)
	return l
}

// Explore runs the program in all orders, within the default limits; see [Limits.Explore].
func Explore(program func(*Program)) (*Result, error) { return Limits{}.Explore(program) }

// Explore runs the program in all orders.
//
// An order that ends wrong is no error. It is an error if the program cannot be explored: because it is not repeatable, has a step or
// an order that does not end, uses goroutines that it has not started with [Program.Go], calls [runtime.Goexit], or has more orders
// than the limits allow. After a step that does not end, that step's goroutine is left behind.
func (l Limits) Explore(program func(*Program)) (*Result, error) {
	l = l.orDefault()
	return watched(l, program, func(s *search) (*Result, error) {
		s.deadline = time.Now().Add(l.Time)
		if err := s.explore(); err != nil {
			return nil, err
		}
		return s.result()
	})
}

// shared is what the explorer tells the one who watches over it.
type shared struct {
	beat    atomic.Uint64
	running atomic.Pointer[goroutine]
	goexit  string // name of a goroutine that called Goexit
}

// watched runs f in a goroutine of its own, and gives up when a step does not end.
func watched(l Limits, program func(*Program), f func(*search) (*Result, error)) (*Result, error) {
	type outcome struct {
		r   *Result
		err error
	}
	if program == nil {
		return nil, errors.New("there is no program: the function is nil")
	}
	state := &shared{}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		returned := false
		s := &search{Limits: l, program: program, id: goid(), shared: state}
		defer func() {
			if r := recover(); r != nil {
				o.r, o.err = nil, fmt.Errorf("the program panicked while it was set up: %v", r)
			} else if !returned {
				o.r, o.err = nil, fmt.Errorf("%s called runtime.Goexit, as t.FailNow does, which cannot be explored: return instead", cmp.Or(state.goexit, "the set-up"))
			}
			for _, g := range s.idle {
				g.stop()
			}
			done <- o
		}()
		o.r, o.err = f(s)
		returned = true
	}()
	tick := time.NewTicker(l.Quiet)
	defer tick.Stop()
	last := uint64(math.MaxUint64)
	for {
		select {
		case o := <-done:
			return o.r, o.err
		case <-tick.C:
			now := state.beat.Load()
			if now == last {
				who := "the set-up"
				if g := state.running.Load(); g != nil {
					who = g.name()
				}
				return nil, fmt.Errorf("a step of %s has not ended after %v: does it loop, sleep, or wait for something that is not from package interleave, such as a channel of Go's own?", who, l.Quiet)
			}
			last = now
		}
	}
}

// A node is a state that the program can be in: all orders that lead to it differ only in steps that do not matter to each other.
type node struct {
	edges []edge
	depth int32
	tried int32
	end   int32 // index of the end, -1 if steps are possible
	// Set by analyse:
	orders  uint64 // how many orders lead here
	best    []arrival
	escapes bool // a right end can be reached
}

// An edge is a step that is possible in a node.
type edge struct {
	g   uint64 // key of the goroutine that makes it, for its index depends on the order
	did uint64 // signature and value of the step
	to  *node
}

// endKey tells ends apart.
type endKey struct {
	kind          Kind
	detail, state string
}

type search struct {
	Limits
	*shared
	program  func(*Program)
	plain    bool // run every order, for tests
	deadline time.Time
	id       int64 // of the goroutine that explores
	idle     []*goroutine
	latest   *Program // for its slices

	root  *node
	nodes []*node // each after all to which it leads
	seen  map[uint64]*node
	ends  []End
	known map[endKey]int
	runs  int
	made  int // goroutines
}

func (s *search) goroutine() *goroutine {
	if n := len(s.idle); n > 0 {
		g := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return g
	}
	s.made++
	return newGoroutine()
}

var errForeign = errors.New("the program has goroutines of its own: a step was made by one that was started with the go statement; use Program.Go, so that its order is known")

// begin sets up a run, with all goroutines at their first step.
func (s *search) begin(tracing bool) (*Program, error) {
	p := &Program{search: s, tracing: tracing}
	if old := s.latest; old != nil { // A run is short, so making its slices grow would be much of its work.
		p.goroutines, p.states, p.checks = old.goroutines[:0], old.states[:0], old.checks[:0]
		p.choices, p.touched = old.choices[:0], old.touched[:0]
	}
	s.latest = p
	// Looking who calls takes longer than the step, so it is done now and then.
	if p.strict = s.runs%256 == 0; p.strict {
		p.holder.Store(s.id)
	}
	s.running.Store(nil)
	s.program(p)
	s.beat.Add(1)
	p.launch()
	if p.foreign.Load() {
		return p, errForeign
	}
	if len(p.goroutines) == 0 {
		return p, errors.New("the program starts no goroutine; start some with Program.Go")
	}
	return p, nil
}

// strangers reports whether the run was joined by a goroutine that it has not started. If there are more than before, it waits for
// them for a while.
func (p *Program) strangers(before int) bool {
	for range 50 {
		if p.foreign.Load() || runtime.NumGoroutine()-p.search.made <= before {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return p.foreign.Load()
}

// explore runs all orders, depth first.
func (s *search) explore() (err error) {
	s.seen, s.known = map[uint64]*node{}, map[endKey]int{}
	var path []*node // The edge that was taken is the one before tried.
	for {
		if s.runs >= s.Runs || s.runs%64 == 63 && time.Now().After(s.deadline) {
			return fmt.Errorf("the program has too many orders: more than %d runs or %v were needed; make it smaller", s.Runs, s.Time)
		}
		if path, err = s.run(path); err != nil {
			return err
		}
		for len(path) > 0 && int(path[len(path)-1].tried) == len(path[len(path)-1].edges) {
			s.nodes = append(s.nodes, path[len(path)-1])
			path = path[:len(path)-1]
		}
		if len(path) == 0 {
			return nil
		}
	}
}

// run repeats the steps of the path but the last, takes the next there, and goes on until the end or a known state.
func (s *search) run(path []*node) (_ []*node, err error) {
	before := runtime.NumGoroutine() - s.made
	p, err := s.begin(false)
	defer p.abort()
	if err != nil {
		return nil, err
	}
	if s.runs == 0 {
		defer func() {
			if err == nil && p.strangers(before) {
				err = errForeign
			}
		}()
	}
	if s.root == nil {
		if s.root, err = s.arrive(p, 0); err != nil {
			return nil, err
		}
	}
	s.runs++
	n := s.root
	for depth := 0; ; depth++ {
		if n.end >= 0 {
			return path, nil
		}
		if depth == s.Steps {
			return nil, fmt.Errorf("an order has no end: after %d steps, the last of %s, it still went on; a goroutine that asks again and again until another acts has to wait instead, with a channel or a Cond", s.Steps, p.last.name())
		}
		repeating := depth < len(path)-1
		switch {
		case repeating:
		case depth == len(path)-1:
			n.tried++
		default:
			path = append(path, n)
			n.tried = 1
		}
		e := &n.edges[n.tried-1]
		c := p.choice(e)
		if c == nil {
			return nil, notRepeatable(p, "a step that was possible before is not possible now")
		}
		did := mix(p.take(c), p.value)
		if p.foreign.Load() {
			return nil, errForeign
		}
		if repeating || e.to != nil {
			if e.did != did {
				return nil, notRepeatable(p, "a step did something else than before")
			}
			n = e.to
			continue
		}
		e.did = did
		h := p.hash()
		if known := s.seen[h]; known != nil && p.failure == nil {
			e.to = known
			return path, nil
		}
		if e.to, err = s.arrive(p, depth+1); err != nil {
			return nil, err
		}
		if p.failure == nil && !s.plain {
			s.seen[h] = e.to
		}
		n = e.to
	}
}

func notRepeatable(p *Program, what string) error {
	name := "a goroutine"
	if p.last != nil {
		name = p.last.name()
	}
	return fmt.Errorf("the program is not repeatable: run again in the same order, %s, after a step of %s; does it use time, random numbers, the order of a map, a plain variable that goroutines share without a lock, or anything that lives on from one run to the next?", what, name)
}

// arrive makes the node for the state that the run is in.
func (s *search) arrive(p *Program, depth int) (*node, error) {
	n := s.node(p, depth)
	if len(n.edges) > 0 {
		return n, nil
	}
	e, err := p.end()
	if err != nil {
		return nil, err
	}
	key := endKey{e.Kind, e.Detail, e.State}
	i, ok := s.known[key]
	if !ok {
		i = len(s.ends)
		s.known[key], s.ends = i, append(s.ends, e)
	}
	n.end = int32(i)
	s.nodes = append(s.nodes, n)
	return n, nil
}

func (s *search) node(p *Program, depth int) *node {
	n := &node{depth: int32(depth), end: -1}
	if p.failure != nil {
		return n
	}
	choices := p.possible()
	n.edges = make([]edge, 0, len(choices))
	for _, c := range choices {
		n.edges = append(n.edges, edge{g: c.key})
	}
	return n
}

// choice finds who makes the step of an edge.
func (p *Program) choice(e *edge) *goroutine {
	for _, g := range p.possible() {
		if g.key == e.g {
			return g
		}
	}
	return nil
}

// replay runs one order with its steps described. pick chooses among those who can make a step, and returns nil to end.
func (s *search) replay(pick func(p *Program, possible []*goroutine) (*goroutine, error)) (End, error) {
	p, err := s.begin(true)
	defer p.abort()
	if err != nil {
		return End{}, err
	}
	var order []string
	for {
		possible := p.possible()
		if p.failure != nil || len(possible) == 0 {
			break
		}
		g, err := pick(p, possible)
		if err != nil {
			return End{}, err
		}
		if g == nil {
			break
		}
		order = append(order, token(g))
		if len(order) > s.Steps {
			return End{}, fmt.Errorf("the order has no end after %d steps", s.Steps)
		}
		p.take(g)
		if p.foreign.Load() {
			return End{}, errForeign
		}
	}
	e, err := p.end()
	e.Order, e.Steps = Order(strings.Join(order, " ")), p.trace
	for _, g := range p.goroutines {
		l := Lane{Name: g.name(), Done: g.done}
		if !g.done {
			l.Waiting = g.pending.waiting()
		}
		e.Lanes = append(e.Lanes, l)
	}
	return e, err
}

// token names a goroutine in an Order.
func token(g *goroutine) string {
	return strings.ReplaceAll(strings.TrimPrefix(g.name(), "goroutine "), " ", "_")
}

// Replay runs the program once, in the given order, which is one that [Result] has found: a learner can add prints. Where the order
// ends before the program does, the program goes on in any order.
func Replay(order Order, program func(*Program)) (End, error) {
	var e End
	_, err := watched(Limits{}.orDefault(), program, func(s *search) (*Result, error) {
		rest := strings.Fields(string(order))
		var err error
		e, err = s.replay(func(p *Program, possible []*goroutine) (*goroutine, error) {
			if len(rest) == 0 {
				return possible[0], nil
			}
			want := rest[0]
			rest = rest[1:]
			var names []string
			for _, c := range possible {
				name := token(c)
				if name == want {
					return c, nil
				}
				names = append(names, name)
			}
			return nil, fmt.Errorf("step %d of the order is %q, but only %s can make a step there", len(p.trace)+1, want, strings.Join(names, ", "))
		})
		return nil, err
	})
	return e, err
}
