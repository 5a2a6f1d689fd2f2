package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Stuck says who waited for what at the end of a recording that ended before its function did.
type Stuck struct {
	// Waits are the lanes that still live, in their order, with what they wait for.
	Waits []Wait

	lanes  []Lane
	python bool
	why    string // the recording ended, said before who waits for what
}

// A Wait is what a lane did at the end.
type Wait struct {
	Lane int // index in Recording.Lanes
	Span     // the last of the lane: what it waits for, where, and since when
}

func findStuck(rec *Recording) *Stuck {
	s := &Stuck{lanes: rec.Lanes, python: rec.Python != ""}
	for i := range rec.Lanes {
		l := &rec.Lanes[i]
		if n := len(l.Spans); l.Alive && n > 0 {
			s.Waits = append(s.Waits, Wait{i, l.Spans[n-1]})
		}
	}
	return s
}

// String says in one sentence who waits for what, where, and for how long. Lanes that were started alike and wait alike
// are told together; after some the sentence says only how many more kinds there are.
func (s *Stuck) String() string {
	const most = 4
	type key struct {
		kind  string
		state State
		at    Place
	}
	var order []key
	waits := map[key][]Wait{}
	for _, w := range s.Waits {
		k := key{kind: s.lanes[w.Lane].kind(), state: w.State}
		if w.At != nil {
			k.at = *w.At
		}
		if waits[k] == nil {
			order = append(order, k)
		}
		waits[k] = append(waits[k], w)
	}
	var b strings.Builder
	b.WriteString(s.why)
	for i, k := range order {
		sep := ", "
		if i == 0 {
			sep = ": "
		} else if i == len(order)-1 || i == most {
			sep = ", and "
		}
		b.WriteString(sep)
		if i == most && i < len(order)-1 {
			fmt.Fprintf(&b, "%d other kinds of wait", len(order)-most)
			break
		}
		alike := waits[k]
		if len(alike) > 1 {
			verb, rest, _ := strings.Cut(k.state.does(s.python), " ") // of several, without the s
			fmt.Fprintf(&b, "%d × %s %s", len(alike), k.kind, strings.TrimSpace(cmp.Or(plural[verb], verb)+" "+rest))
		} else {
			fmt.Fprintf(&b, "%s %s", s.lanes[alike[0].Lane].Name(), k.state.does(s.python))
		}
		if where := whereabouts(k.at); where != "" {
			fmt.Fprintf(&b, " (%s)", where)
		}
		longest := slices.MaxFunc(alike, func(a, b Wait) int { return cmp.Compare(a.Duration(), b.Duration()) })
		fmt.Fprintf(&b, " for %s", brief(longest.Duration()))
	}
	b.WriteString(".")
	return b.String()
}

// kind is the name without the number: what lanes that were started alike have in common.
func (l *Lane) kind() string {
	name := cmp.Or(l.Label, l.name)
	if i := strings.LastIndexByte(name, ' '); i > 0 && strings.Trim(name[i:], " 0123456789") == "" {
		return name[:i]
	}
	return name
}

// whereabouts is the text of a line, or its number if the text cannot be had: in a notebook the file is one that the
// kernel generates, and its line numbers mean nothing to a reader.
func whereabouts(at Place) string {
	if at.File == "" {
		return ""
	}
	return cmp.Or(at.Source(), at.String())
}
