package interleave

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Kind is how an order ends.
type Kind int

// The kinds of end. All but Right are wrong.
const (
	Right       Kind = iota // all goroutines have ended, and every check holds
	CheckFailed             // all have ended, and a check has returned an error
	Deadlock                // none can go on, and some have not ended
	Panicked
)

func (k Kind) String() string {
	switch k {
	case Right:
		return "right"
	case CheckFailed:
		return "check failed"
	case Deadlock:
		return "deadlock"
	}
	return "panic"
}

// Order says in which order the steps were made: the number or name of a goroutine for each step.
type Order string

// A Step is one row of the figure.
type Step struct {
	Goroutine, Text string
	on              string // the object, if there is one only
	changed         bool
}

// String tells what was done by whom.
func (s Step) String() string { return s.Goroutine + " " + s.Text }

// A Lane is a goroutine at the end of an order.
type Lane struct {
	Name    string
	Done    bool
	Waiting string // what it waits for, if it has not ended
}

// An End is one way in which orders end, and the shortest order that ends so, with the fewest changes between goroutines.
type End struct {
	Kind   Kind
	Detail string // what the check said, the panic's value, or who waits for what
	State  string // the last values of all variables
	Orders uint64 // how many orders end so; math.MaxUint64 also stands for more
	Order  Order
	Steps  []Step
	Lanes  []Lane
	// Turn is the step, counted from 1, after which no order ends right any more; 0 if no order ends right at all.
	Turn int
}

func (e End) String() string {
	s := e.Kind.String()
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.State != "" {
		s += " (" + e.State + ")"
	}
	return s
}

// kind groups ends that are shown together.
func (e End) kind() string {
	if e.Kind == Panicked {
		return "panic: " + e.Detail
	}
	return e.Kind.String()
}

// Result is what an exploration has found.
type Result struct {
	Orders uint64 // how many orders there are; math.MaxUint64 also stands for more
	Ends   []End  // right ones first, then those that most orders lead to
}

// Wrong returns the ends that are not right.
func (r *Result) Wrong() []End {
	return slices.DeleteFunc(slices.Clone(r.Ends), func(e End) bool { return e.Kind == Right })
}

// wrong is how many orders end wrong.
func (r *Result) wrong() (n uint64) {
	for _, e := range r.Wrong() {
		n = plus(n, e.Orders)
	}
	return n
}

// Err returns nil if every order ends right, and otherwise what the first wrong end is, with an order that leads there.
func (r *Result) Err() error {
	wrong := r.Wrong()
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("%s of %s orders end wrong, for example %q: %s", count(r.wrong()), count(r.Orders), wrong[0].Order, wrong[0])
}

func plus(a, b uint64) uint64 {
	if a > math.MaxUint64-b {
		return math.MaxUint64
	}
	return a + b
}

// An arrival is the best way to come to a node with a last step of the goroutine last.
type arrival struct {
	last    uint64
	changes int
	rank    uint64 // the first steps: of equal ways, the one that begins with the goroutines started first
	from    *node
	before  int // index of the arrival there
	by      int // index of the edge
}

// analyse counts the orders that lead to each node, finds the shortest, and where the right ends are lost.
func (s *search) analyse() {
	s.root.orders, s.root.best = 1, []arrival{{}}
	for _, n := range slices.Backward(s.nodes) {
		for i := range n.edges {
			e := &n.edges[i]
			e.to.orders = plus(e.to.orders, n.orders)
			for j, b := range n.best {
				changes := b.changes
				if b.last != 0 && b.last != e.g {
					changes++
				}
				rank := b.rank
				if n.depth < 16 {
					rank |= min(e.g, 15) << (60 - 4*n.depth)
				}
				e.to.improve(arrival{e.g, changes, rank, n, j, i})
			}
		}
	}
	for _, n := range s.nodes {
		n.escapes = n.end >= 0 && s.ends[n.end].Kind == Right
		for _, e := range n.edges {
			n.escapes = n.escapes || e.to.escapes
		}
	}
}

func (n *node) improve(a arrival) {
	for i, b := range n.best {
		if b.last == a.last {
			if a.better(b) {
				n.best[i] = a
			}
			return
		}
	}
	n.best = append(n.best, a)
}

// result describes what was found, and runs an order for each end twice.
func (s *search) result() (*Result, error) {
	s.analyse()
	r := &Result{}
	shortest := make([]*node, len(s.ends))
	for _, n := range s.nodes {
		if n.end < 0 {
			continue
		}
		s.ends[n.end].Orders = plus(s.ends[n.end].Orders, n.orders)
		r.Orders = plus(r.Orders, n.orders)
		if best := shortest[n.end]; best == nil || n.depth < best.depth || n.depth == best.depth && n.best[n.shortest()].better(best.best[best.shortest()]) {
			shortest[n.end] = n
		}
	}
	for i, e := range s.ends {
		shown, err := s.example(shortest[i])
		if err != nil {
			return nil, err
		}
		if again, err := s.example(shortest[i]); err != nil {
			return nil, err
		} else if shown.String() != e.String() || again.String() != shown.String() || !slices.Equal(again.Steps, shown.Steps) {
			return nil, fmt.Errorf("the program is not repeatable: the same order %q ended with %q once, and with %q another time; does it use time, random numbers, the order of a map, a plain variable that goroutines share without a lock, or anything that lives on from one run to the next?", shown.Order, e.String(), again.String())
		}
		shown.Orders = e.Orders
		r.Ends = append(r.Ends, shown)
	}
	slices.SortStableFunc(r.Ends, func(a, b End) int {
		right := func(e End) int { return min(1, int(e.Kind)) }
		return cmp.Or(cmp.Compare(right(a), right(b)), cmp.Compare(b.Orders, a.Orders))
	})
	return r, nil
}

func (a arrival) better(b arrival) bool {
	return a.changes < b.changes || a.changes == b.changes && a.rank < b.rank
}

// shortest returns the index of the best arrival.
func (n *node) shortest() int {
	at := 0
	for i, b := range n.best {
		if b.better(n.best[at]) {
			at = i
		}
	}
	return at
}

// example runs the best order that leads to a node at the end.
func (s *search) example(to *node) (End, error) {
	at := to.shortest()
	var path []*edge
	turn := 0
	for n := to; n != s.root; {
		b := n.best[at]
		path = append(path, &b.from.edges[b.by])
		if b.from.escapes && !n.escapes {
			turn = int(n.depth)
		}
		n, at = b.from, b.before
	}
	slices.Reverse(path)
	e, err := s.replay(func(p *Program, _ []*goroutine) (*goroutine, error) {
		if len(path) == 0 {
			return nil, nil
		}
		g := p.choice(path[0])
		path = path[1:]
		if g == nil {
			return nil, notRepeatable(p, "a step that was possible before is not possible now")
		}
		return g, nil
	})
	e.Turn = turn
	return e, err
}
