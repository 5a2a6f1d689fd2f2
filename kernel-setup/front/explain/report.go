package explain

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Place is a line of a cell; both are counted from 1. Line 0 is where main ends and runs what was deferred, which GoNB adds.
type Place struct{ Cell, Line int }

func (p Place) String() string {
	if p.Line == 0 {
		return fmt.Sprintf("Cell [%d], at its end", p.Cell)
	}
	return fmt.Sprintf("Cell [%d], line %d", p.Cell, p.Line)
}

// Sources gives the source of each cell that has run, by its number.
type Sources map[int]string

// line is the text at a place.
func (s Sources) line(p Place) string {
	lines := strings.Split(s[p.Cell], "\n")
	if p.Line < 1 || p.Line > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[p.Line-1])
}

// A Report is what is said of a cell that failed.
type Report struct {
	Value     string   // in one piece, without colours
	Traceback []string // as a notebook shows it
}

// A fault is one of those that a report is about.
type fault struct {
	place   Place // zero if it is not known
	message string
	hint    string
}

const bold, plain = "\x1b[1m", "\x1b[0m"

// report puts the faults, with the hint on those of a line below them, and what else there is into one.
func (s Sources) report(faults []fault, rest string) Report {
	var b strings.Builder
	var last Place
	hint := ""
	giveHint := func() {
		if hint != "" {
			fmt.Fprintf(&b, "\n%sHint:%s %s\n", bold, plain, hint)
		}
		hint = ""
	}
	for i, f := range faults {
		if f.place != last || i == 0 {
			giveHint()
			if i > 0 {
				b.WriteString("\n")
			}
			if f.place != (Place{}) {
				fmt.Fprintf(&b, "%s%v:%s\n", bold, f.place, plain)
				if line := s.line(f.place); line != "" {
					fmt.Fprintf(&b, "    %s\n", line)
				}
			}
			last = f.place
		}
		b.WriteString(f.message + "\n")
		hint += f.hint
	}
	giveHint()
	if rest != "" {
		b.WriteString("\n" + strings.TrimRight(rest, "\n") + "\n")
	}
	text := strings.TrimRight(b.String(), "\n")
	return Report{Value: ansi.ReplaceAllString(text, ""), Traceback: strings.Split(text, "\n")}
}

var ansi = regexp.MustCompile("\x1b\\[[0-9;]*m")

var (
	cellInfo      = regexp.MustCompile(`^Cell\[(\d+)\]: Line (\d+)$`)
	generated     = regexp.MustCompile(`(?:[^\s:'"]*/)?gonb_[0-9a-f]{8}/(?:[\w.-]+\.go:\d+(?::\d+)?:? ?)?`)
	program       = regexp.MustCompile(`\bgonb_[0-9a-f]{8}\b`)
	moreErrors    = regexp.MustCompile(` \(and \d+ more errors\)$`)
	failedTo      = regexp.MustCompile(`^(executing special commands in cell: )?(failed to run "[^"]*": exit status \d+(: )?)?`)
	countOfValues = regexp.MustCompile(`^(have|want) [\w(]`) // belongs to the line before
	quotedPackage = regexp.MustCompile(`"(?:[\w.-]+/)*(\w+)"\.([A-Z]\w*)`)
	declaredAt    = regexp.MustCompile(` \(declared at \S+\)`)
	notImported   = regexp.MustCompile(`^"\S+" imported and not used`)
	inStandard    = regexp.MustCompile(` \(/[^)]*/src/[^)]*\)$`)
)

// NotBuilt is the report of a cell that GoNB could not make a program of. The arguments are the cell's number, and the value and
// the traceback of GoNB's own report: an entry for each line of what the compiler said, with the place before it.
func (s Sources) NotBuilt(cell int, value string, traceback []string) Report {
	var faults []fault
	for _, entry := range traceback {
		lines := strings.Split(strings.TrimRight(entry, "\n"), "\n")
		f := fault{message: ansi.ReplaceAllString(lines[len(lines)-1], "")}
		if at := cellInfo.FindStringSubmatch(lines[0]); at != nil {
			f.place.Cell, _ = strconv.Atoi(at[1])
			f.place.Line, _ = strconv.Atoi(at[2])
		}
		f.message = moreErrors.ReplaceAllString(tidy(f.message), "")
		if f.message == "" || strings.HasPrefix(f.message, "# ") {
			continue
		}
		if f.place == (Place{}) && (strings.HasSuffix(f.message, "found 'EOF'") || strings.HasSuffix(f.message, "found '}'")) { // which GoNB has added
			f.place = Place{cell, len(strings.Split(strings.TrimRight(s[cell], "\n"), "\n"))}
		}
		if len(faults) > 0 && countOfValues.MatchString(f.message) {
			faults[len(faults)-1].message += "\n" + f.message
			continue
		}
		faults = append(faults, f)
	}
	if len(faults) == 0 {
		faults = []fault{{message: tidy(value)}}
	}
	// What GoNB has imported by itself may be unused because of any other fault.
	if ours := func(f fault) bool { return f.place != Place{} || !notImported.MatchString(f.message) }; slices.ContainsFunc(faults, ours) {
		faults = slices.DeleteFunc(faults, func(f fault) bool { return !ours(f) })
	}
	faults = s.members(faults)
	for i := range faults {
		if swapped(faults[i:]) {
			faults[i].hint = "These arguments are in another order than the parameters."
			return s.report(faults, "")
		}
	}
	names := s.names(cell, faults)
	for _, unused := range []bool{false, true} { // a variable may be unused because of any other fault
		for i, f := range faults {
			if unused != strings.HasPrefix(f.message, notUsed) || unused && i+1 < len(faults) && f.place == faults[i+1].place {
				continue
			}
			if f.place.Cell != 0 && f.place.Cell != cell {
				faults[i].hint = s.remembered(f.place)
				return s.report(faults, "")
			}
			if argumentCount.MatchString(f.message) { // perhaps of a function that has another name now
				faults[i].hint = s.oldName(cell)
			}
			if faults[i].hint == "" {
				faults[i].hint = Hint(f.message, s.line(f.place), s[cell], names...)
			}
			if faults[i].hint != "" {
				// One is enough, since what follows may come of the first; but types that don't fit come of nothing else.
				for j := i + 1; j < len(faults) && mismatch.MatchString(f.message); j++ {
					other := &faults[j]
					if mismatch.MatchString(other.message) && other.place.Cell == cell && other.place != f.place {
						if hint := Hint(other.message, s.line(other.place), s[cell], names...); hint != faults[i].hint {
							other.hint = hint
							break
						}
					}
				}
				return s.report(faults, "")
			}
		}
	}
	return s.report(faults, "")
}

var (
	unknownPackage = regexp.MustCompile(`^undefined: (\w+)$`)
	unknownMember  = regexp.MustCompile(`^undefined: (\w+)\.\w+$`)
)

// members has the faults about packages of the library say which name the package lacks. GoNB imports a package only if it has all that the
// cell takes from it, and otherwise each line with the package is a fault, also one where nothing is wrong.
func (s Sources) members(faults []fault) []fault {
	var kept []fault
	for _, f := range faults {
		said := unknownPackage.FindStringSubmatch(f.message)
		if said == nil {
			kept = append(kept, f)
			continue
		}
		has := exports(said[1])
		lacks := ""
		for _, used := range regexp.MustCompile(`\b`+said[1]+`\.(\w+)`).FindAllStringSubmatch(textOrComment.ReplaceAllString(s.line(f.place), "$1$2"), -1) {
			if !slices.Contains(has, used[1]) {
				lacks = used[1]
			}
		}
		switch {
		case len(has) == 0:
			kept = append(kept, f)
		case lacks != "":
			f.message = "undefined: " + said[1] + "." + lacks
			kept = append(kept, f)
		}
	}
	if len(kept) == 0 {
		return faults
	}
	return kept
}

var remembers = regexp.MustCompile(`^(?:func|type|var|const)\s+(?:\(\s*(?:\w+\s+)?\*?(\w+)[^()]*\)\s*)?(\w+)`)

// remembered says what to do about a line of an earlier cell that no longer fits.
func (s Sources) remembered(at Place) string {
	lines := strings.Split(s[at.Cell], "\n")
	for _, line := range slices.Backward(lines[:min(at.Line, len(lines))]) {
		if declared := remembers.FindStringSubmatch(line); declared != nil {
			key := strings.TrimPrefix(declared[1]+"~"+declared[2], "~") // as GoNB has it
			return fmt.Sprintf("This is %s as an earlier cell has declared it, and the kernel still has that. Run its cell again as it is now; if there is none any more, write %%rm %s in a cell of its own, and run this one again.", declared[2], key)
		}
	}
	return ""
}

var argument = regexp.MustCompile(`^cannot use .+ \((?:.* of (?:\w+ )?type (.+)|untyped (\w+) constant.*)\) as (.+) value in argument to \S+$`)

// swapped reports whether the first two faults are about two arguments of a call that each have the type of the other's parameter.
func swapped(faults []fault) bool {
	if len(faults) < 2 || faults[0].place != faults[1].place {
		return false
	}
	withoutArrows := func(message string) []string { // any channel can be passed where only one of its directions is asked for
		return argument.FindStringSubmatch(strings.ReplaceAll(message, "<-", ""))
	}
	a, b := withoutArrows(faults[0].message), withoutArrows(faults[1].message)
	return a != nil && b != nil && a[1]+a[2] == b[3] && b[1]+b[2] == a[3]
}

var argumentCount = regexp.MustCompile(`^(too many|not enough) arguments in call to \w+`)

var mismatch = regexp.MustCompile(`\(mismatched types `)

const notUsed = "declared and not used: "

var (
	unknownName = regexp.MustCompile(`^undefined: (\w+)$|has no field or method (\w+)\)`)
	declaration = regexp.MustCompile(`(?m)^(?:func|type|var|const)\s+(?:\([^()]*\)\s*)?(\w+)`)
)

// names are those that a cell uses and the ones that other cells declare, but for those that are unknown.
func (s Sources) names(cell int, faults []fault) []string {
	unknown := map[string]bool{}
	for _, f := range faults {
		if said := unknownName.FindStringSubmatch(f.message); said != nil {
			unknown[said[1]+said[2]] = true
		}
	}
	names := slices.DeleteFunc(identifiers(s[cell]), func(name string) bool { return unknown[name] })
	for _, f := range faults {
		if said := unknownMember.FindStringSubmatch(f.message); said != nil {
			names = append(names, exports(said[1])...)
		}
	}
	for _, number := range s.backward() {
		for _, declared := range declaration.FindAllStringSubmatch(s[number], -1) {
			names = append(names, declared[1])
		}
	}
	return names
}

// backward are the numbers of the cells whose declarations the kernel may still have, the last first.
func (s Sources) backward() []int {
	numbers := slices.Sorted(maps.Keys(s))
	slices.Reverse(numbers)
	for i, number := range numbers {
		if strings.Contains("\n"+s[number], "\n%reset") {
			return numbers[:i] // what was declared before is forgotten
		}
	}
	return numbers
}

// tidy removes what only GoNB can make sense of: the command that it ran, and names of files that it has made.
func tidy(message string) string {
	message = failedTo.ReplaceAllString(message, "")
	message = declaredAt.ReplaceAllString(message, "")
	message = inStandard.ReplaceAllString(message, "")
	message = quotedPackage.ReplaceAllString(message, "$1.$2")
	message = generated.ReplaceAllString(message, "")
	if strings.HasPrefix(message, "go: ") && strings.HasSuffix(message, " imports") {
		return "" // the cell's program imports what the next line is about
	}
	return strings.TrimSpace(program.ReplaceAllString(message, "this cell"))
}

var (
	annotation = regexp.MustCompile(` ?(?:\x1b\[7m)?\[\[ Cell \[(\d+)\] Line (\d+) \]\](?:\x1b\[0m)? (?:\S*/)?main(?:_test)?\.go:\d+(?: \+0x[0-9a-f]+)?(?: fp=\S+ sp=\S+ pc=\S+)?`)
	addresses  = regexp.MustCompile(`(?m)^runtime: sp=.*\n|(^goroutine \d+) gp=\S+ m=\S+(?: mp=\S+)?`)
	unmapped   = regexp.MustCompile(`(?:[^\s:'"]*/)?gonb_[0-9a-f]{8}/([\w.-]+\.go:\d+)(?: \+0x[0-9a-f]+)?`)
	otherFrame = regexp.MustCompile(`(?m)^(\s+)/\S*/([\w.-]+\.(?:go|s):\d+)(?: \+0x[0-9a-f]+)?(?: fp=\S+ sp=\S+ pc=\S+)?$`)
	crash      = regexp.MustCompile(`(?m)^(panic: |fatal error: |timing\.\w+\(".*"\) failed: .*nothing has moved |runtime: goroutine stack exceeds |SIGQUIT: )`)
	state      = regexp.MustCompile(`(?m)^goroutine \d+.*(\n.*)?`) // with the call that it is in
	stack      = regexp.MustCompile(`(?m)^(goroutine \d+|runtime stack|\[signal )`)
	place      = regexp.MustCompile(`Cell \[(\d+)\], (?:line (\d+)|at its end)`)
)

// Trace is what a program has said on standard error, with the places in the words of the notebook: the cell and its line, and
// of what is not in a cell the file.
func Trace(text string) string {
	if !strings.Contains(text, ".go:") && !strings.Contains(text, ".s:") {
		return text
	}
	text = annotation.ReplaceAllString(text, "\x1b[7mCell [$1], line $2\x1b[0m")
	text = strings.ReplaceAll(text, ", line 0\x1b[0m", ", at its end\x1b[0m")
	text = unmapped.ReplaceAllString(text, "the cell's $1")
	text = addresses.ReplaceAllString(text, "$1")
	return otherFrame.ReplaceAllString(text, "$1$2")
}

// Crash returns where in what a program says on standard error the report of its end begins; it is negative if it does not.
func Crash(text string) int {
	if at := crash.FindStringIndex(text); at != nil {
		return at[0]
	}
	return -1
}

// framesShown is how many lines of a stack that overflowed a report shows: five calls, and the goroutine that made them.
const framesShown = 11

// Failed is the report of a program that failed with a status such as "exit status 2". The trace is what Crash has found, as Trace
// gives it; it may be empty.
func (s Sources) Failed(cell int, status, trace string) Report {
	if trace == "" {
		message := status
		switch status {
		case "exit status 66":
			message = "The race detector has found a data race (exit status 66)."
		case "signal: killed":
			message = "The program was killed (signal: killed)."
		}
		return Report{Value: message, Traceback: []string{message}}
	}
	message, rest := trace, ""
	if at := stack.FindStringIndex(trace); at != nil {
		message, rest = trace[:at[0]], trace[at[0]:]
	}
	f := fault{message: strings.TrimSpace(message)}
	if at := place.FindStringSubmatch(rest); at != nil {
		f.place.Cell, _ = strconv.Atoi(at[1])
		f.place.Line, _ = strconv.Atoi(at[2])
	}
	if strings.Contains(message, "stack exceeds") { // a hundred calls of the same function
		if at := state.FindStringIndex(rest); at != nil {
			lines := strings.SplitAfterN(rest[at[0]:], "\n", framesShown+1)
			rest = strings.Join(lines[:min(framesShown, len(lines))], "") + "\t..."
		}
	}
	rest = onceEach(rest)
	states := strings.Join(state.FindAllString(rest, -1), "\n")
	f.hint = Hint(f.message+"\n"+states, s.line(f.place), s[f.place.Cell])
	return s.report([]fault{f}, rest)
}

var goroutineNumber = regexp.MustCompile(`^goroutine \d+|0x[0-9a-f]+`)

// onceEach leaves out stacks that differ from an earlier one only in the goroutine's number and in values, and says how many there were.
func onceEach(stacks string) string {
	var kept []string
	more := map[string]int{}
	blocks := strings.Split(stacks, "\n\n")
	key := func(block string) string { return goroutineNumber.ReplaceAllString(strings.TrimSpace(block), "") }
	for _, block := range blocks {
		if more[key(block)]++; more[key(block)] == 1 {
			kept = append(kept, block)
		}
	}
	for i, block := range kept {
		if n := more[key(block)] - 1; n > 0 {
			kept[i] = fmt.Sprintf("%s\n\t... and %d more like this one", strings.TrimRight(block, "\n"), n)
		}
	}
	return strings.Join(kept, "\n\n")
}
