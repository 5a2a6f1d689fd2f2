package timeline

import (
	"cmp"
	"regexp"
	"strings"
)

// standard are the first elements of the import paths of the standard library.
var standard = map[string]bool{}

func init() {
	for _, p := range strings.Fields(`archive arena bufio builtin bytes cmp compress container context crypto database
		debug embed encoding errors expvar flag fmt go hash html image index internal io iter log maps math mime net os
		path plugin reflect regexp runtime slices sort strconv strings structs sync syscall testing text time unicode
		unique unsafe vendor weak`) {
		standard[p] = true
	}
}

// packageOf returns the import path of a function as stacks name it, such as "golang.org/x/sync/errgroup" for
// "golang.org/x/sync/errgroup.(*Group).Go.func1".
func packageOf(function string) string {
	function, _, _ = strings.Cut(function, "[") // type arguments may hold paths
	slash := strings.LastIndexByte(function, '/') + 1
	if dot := strings.IndexByte(function[slash:], '.'); dot >= 0 {
		return function[:slash+dot]
	}
	return function
}

// ofLearner reports whether a function is neither of the standard library nor of golang.org/x/sync nor of this package:
// those start goroutines on behalf of somebody else.
func ofLearner(function string) bool {
	pkg := packageOf(function)
	first, _, _ := strings.Cut(pkg, "/")
	return function != "" && !standard[first] && pkg != ownPackage && !strings.HasPrefix(pkg, "golang.org/x/sync/")
}

// messengers are the packages of the standard library that start goroutines to run a function of the caller's.
var messengers = map[string]bool{"context": true, "iter": true, "sync": true, "testing": true, "testing/synctest": true, "time": true}

// libraryOf returns the package of the standard library that a goroutine with this outermost function belongs to, as long as
// no function of the learner's is seen in it; "" if it is not of the standard library, or started to run something else.
func libraryOf(root string) string {
	pkg := packageOf(root)
	first, _, _ := strings.Cut(pkg, "/")
	if root == "" || !standard[first] || messengers[pkg] {
		return ""
	}
	return pkg
}

// ofRuntime reports whether a goroutine with this outermost function is the runtime's own. The runtime starts some of
// them from whichever goroutine happens to run, for instance the workers of the garbage collector.
func ofRuntime(function string) bool {
	if function == "runtime.corostart" {
		return false // the goroutine behind iter.Pull
	}
	return strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "runtime/")
}

// anonymous is what to call a goroutine that has no better name.
const anonymous = "goroutine"

// nameLanes gives each lane the name that people see. recorded is the function that was given to Record.
func nameLanes(rec *Recording, recorded string) {
	rec.Lanes[0].Func, rec.Lanes[0].name = recorded, "main"
	type origin struct {
		function string
		start    Place
	}
	names := map[origin]string{} // few places start many goroutines
	lanes := map[string][]int{}
	for i := range rec.Lanes[1:] {
		l := &rec.Lanes[i+1]
		from := origin{function: l.Func}
		if l.Start != nil {
			from.start = *l.Start
		}
		name, known := names[from]
		if !known {
			name = cmp.Or(readable(l.Func), calledBy(l.Start), anonymous)
			if l.Library != "" { // its Start is a line of the learner's that calls the library
				name = cmp.Or(readable(l.Func), l.Library)
			}
			names[from] = name
		}
		l.name = name
		if l.Label == "" {
			lanes[name] = append(lanes[name], i+1)
		}
	}
	number(rec, lanes)
}

// number tells lanes of the same name apart.
func number(rec *Recording, lanes map[string][]int) {
	for _, same := range lanes {
		if len(same) == 1 {
			continue
		}
		for n, i := range same {
			rec.Lanes[i].nth = n + 1
		}
	}
}

// readable shortens the compiler's name of a function: "main.(*server).run" to "server.run". It returns "" for a function
// literal, which the compiler only numbers.
func readable(function string) string {
	function = addition.ReplaceAllString(function, "")
	path := packageOf(function)
	name := strings.TrimPrefix(function[len(path):], ".")
	if first, _, _ := strings.Cut(path, "/"); standard[first] {
		name = path[strings.LastIndexByte(path, '/')+1:] + "." + name
	}
	parts := strings.Split(strings.NewReplacer("(*", "", "(", "", ")", "").Replace(name), ".")
	for _, part := range parts[1:] {
		if number := strings.TrimPrefix(part, "func"); number != "" && strings.Trim(number, "0123456789") == "" {
			return ""
		}
	}
	return strings.Join(parts, ".")
}

// onlyCall is a function literal that does nothing but call a function, as in wg.Go(func() { worker(1) }), its lines
// joined by a blank.
var onlyCall = regexp.MustCompile(`^[^{]*\bfunc\(\)(?: error)? \{ (?:return )?([\pL_][\pL\pN_.]*)\(([^{};]*)\) (?:return nil )?\}`)

// calledBy returns the function that a goroutine calls if it was started as a literal that does nothing else, or "". It
// looks at the source: the trace knows a function only once it has waited in it.
func calledBy(start *Place) string {
	if start == nil {
		return ""
	}
	var statement []string
	for _, line := range start.lines(4) {
		line, _, _ = strings.Cut(line, "//")
		if line = strings.TrimSpace(line); line != "" {
			statement = append(statement, line)
		}
	}
	call := onlyCall.FindStringSubmatch(strings.Join(statement, " "))
	if call == nil || strings.Contains(call[2], ") ") { // more than one call, on lines of their own
		return ""
	}
	if first, _, qualified := strings.Cut(call[1], "."); qualified && standard[first] {
		return ""
	}
	return call[1]
}

// addition is what the compiler adds to a name for its own purposes: type arguments, and the marks of a method value and of the
// body of a loop over a function.
var addition = regexp.MustCompile(`\[.*\]|-fm$|-range\d*`)
