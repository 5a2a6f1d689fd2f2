package timeline

import (
	"cmp"
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

// ofRuntime reports whether a goroutine with this outermost function is the runtime's own. The runtime starts some of
// them from whichever goroutine happens to run, for instance the workers of the garbage collector.
func ofRuntime(function string) bool {
	if function == "runtime.corostart" {
		return false // the goroutine behind iter.Pull
	}
	return strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "runtime/")
}

// nameLanes gives each lane the name that people see. recorded is the function that was given to Record.
func nameLanes(rec *Recording, recorded string) {
	rec.Lanes[0].Func = recorded
	names := map[string]string{}
	for i := range rec.Lanes {
		l := &rec.Lanes[i]
		switch {
		case i == 0:
			l.name = "main"
		case l.Func != "":
			name, known := names[l.Func]
			if !known {
				name = cmp.Or(readable(l.Func, recorded), l.Func)
				names[l.Func] = name
			}
			l.name = name
		case l.Parent >= 0:
			l.name = "started by " + rec.Lanes[l.Parent].name
			if strings.HasPrefix(rec.Lanes[l.Parent].name, "started by ") {
				l.name = rec.Lanes[l.Parent].name
			}
		default:
			l.name = "goroutine"
		}
	}
}

// readable shortens the compiler's name of a function: "main.(*server).run" to "server.run", and function literals, which
// the compiler numbers within the function around them, to "func 2" if that is the recorded function, otherwise to
// "func 2 in serve".
func readable(function, recorded string) string {
	function, recorded = plain(function), plain(recorded)
	if numbers, ok := within(function, recorded); ok {
		return "func " + numbers
	}
	// A literal of a function that the compiler has put into the recorded one, or into the one around that.
	for outer := recorded; strings.Contains(outer, "."); outer = outer[:strings.LastIndexByte(outer, '.')] {
		if rest, ok := strings.CutPrefix(function, outer+"."); ok && packageOf(outer) != outer {
			parts := strings.Split(rest, ".")
			for len(parts) > 1 {
				if _, ok := literal(parts[:1]); !ok {
					break
				}
				parts = parts[1:]
			}
			function = packageOf(function) + "." + strings.Join(parts, ".")
			break
		}
	}
	path := packageOf(function)
	name := strings.TrimPrefix(function[len(path):], ".")
	if first, _, _ := strings.Cut(path, "/"); standard[first] {
		name = path[strings.LastIndexByte(path, '/')+1:] + "." + name
	}
	parts := strings.Split(strings.NewReplacer("(*", "", "(", "", ")", "").Replace(name), ".")
	for i := 1; i < len(parts); i++ {
		if numbers, ok := literal(parts[i:]); ok {
			return "func " + numbers + " in " + strings.Join(parts[:i], ".")
		}
	}
	return strings.Join(parts, ".")
}

// within returns the numbers of a function literal within an outer function.
func within(function, outer string) (numbers string, ok bool) {
	rest, ok := strings.CutPrefix(function, outer+".")
	if !ok {
		return "", false
	}
	return literal(strings.Split(rest, "."))
}

// literal turns the compiler's name of a nested function literal, such as func2, 1 for func2.1, into "2.1". ok is false if
// an element is something else.
func literal(parts []string) (numbers string, ok bool) {
	for i, p := range parts {
		p = strings.TrimPrefix(p, "func")
		if p == "" || strings.Trim(p, "0123456789") != "" {
			return "", false
		}
		if i > 0 {
			numbers += "."
		}
		numbers += p
	}
	return numbers, len(parts) > 0
}

// plain removes what the compiler adds to a name for its own purposes.
func plain(function string) string {
	if i := strings.IndexByte(function, '['); i >= 0 {
		if j := strings.LastIndexByte(function, ']'); j > i {
			function = function[:i] + function[j+1:]
		}
	}
	function = strings.TrimSuffix(function, "-fm") // a method value
	for {
		i := strings.Index(function, "-range") // the body of a loop over a function
		if i < 0 {
			return function
		}
		j := i + len("-range")
		for j < len(function) && function[j] >= '0' && function[j] <= '9' {
			j++
		}
		function = function[:i] + function[j:]
	}
}
