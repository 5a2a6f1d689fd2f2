package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Surprises says what of a cell has run otherwise than it looks, or not at all. It is empty if there is nothing. Of several things
// it says the first.
func (s Sources) Surprises(cell int) string {
	if note := surprise(s[cell]); note != "" {
		return note
	}
	if note := s.oldName(cell); note != "" {
		return "Note: " + note + "\n"
	}
	return ""
}

// function matches a function: its receiver's type, its name, and what it does, if that is on lines of its own.
var function = regexp.MustCompile(`(?ms)^func (?:\(\w+ (\*?\w+)\) )?(\w+)\([^\n]*?(?:\{\n(.*?)^\}|$)`)

// oldName is about a cell that calls a function of an earlier cell, and declares one that nothing uses, or that would call itself by
// its old name.
func (s Sources) oldName(cell int) string {
	if len(mainLines(s[cell])) == 0 {
		return ""
	}
	own, program := function.FindAllStringSubmatch(s[cell], -1), mainBody(s[cell])
	for _, old := range s.functionsBefore(cell) {
		isDeclaredAnew := slices.ContainsFunc(own, func(f []string) bool { return f[1] == old[1] && f[2] == old[2] })
		if isDeclaredAnew || !matches(s[cell], `\bNAME\(`, old[2]) {
			continue
		}
		isCalled := matches(program, `\bNAME\(`, old[2]) // and not only by what the cell declares
		for _, f := range own {
			switch {
			case f[1] != old[1] || f[2] == "main":
			case isCalled && !matches(s[cell], `(?s)\bNAME\b.*\bNAME\b`, f[2]):
				return fmt.Sprintf("%s is from an earlier cell, and the kernel still has it. This cell declares %s, which nothing uses. If you renamed the function, call %[2]s.", old[2], f[2])
			case !isCalled && callAlike(old[3], f[3], old[2]):
				return fmt.Sprintf("%s calls %s, which is from an earlier cell, and the kernel still has it. If you renamed the function, use the new name inside it, too.", f[2], old[2])
			}
		}
	}
	return ""
}

// functionsBefore are the functions that earlier cells declare, as function matches them.
func (s Sources) functionsBefore(cell int) (all [][]string) {
	for _, number := range s.backward() {
		if number < cell {
			all = append(all, function.FindAllStringSubmatch(s[number], -1)...)
		}
	}
	return all
}

// callAlike reports whether two functions have a line in common that calls the one of that name.
func callAlike(a, b, name string) bool {
	for line := range strings.Lines(a) {
		if matches(line, `\bNAME\(`, name) && strings.Contains(b, line) {
			return true
		}
	}
	return false
}

// surprise is Surprises of a cell alone.
func surprise(source string) string {
	if IsPython(source) && goInPython.MatchString(source) {
		return "Note: this looks like Go, and the first line hands it to Python. Remove that line; what is to run goes below a line %%.\n"
	}
	if !IsGo(source) {
		return ""
	}
	for _, s := range surprises {
		if note := s(source); note != "" {
			return "Note: " + note + "\n"
		}
	}
	return ""
}

// A surprise is a function that says what runs otherwise than it looks, or nothing. Each knows the form in which people write it, and
// where it does not see whether it is meant so, it says nothing.
var surprises = []func(source string) string{
	mainIsNotRun, divisionIsAComment, numberIsNanoseconds, numberIsACharacter, sumIsANewOne, nobodyWaits, errorIsDropped, lockIsNotShared,
	addIsInside, doneIsTwice, nobodyAdds, closedTooEarly, printDoesNotFormat, rangeGivesIndexes, arrayIsCopied, receiverIsCopied,
}

var goInPython = regexp.MustCompile(`(?m)^(package main$|func \w+\(|[ \t]*\w+ := )`)

// lineOf is the line, from 1, of a place in a text.
func lineOf(source string, at int) int { return 1 + strings.Count(source[:at], "\n") }

// matches reports whether an expression matches, in which NAME is a name.
func matches(text, expression, name string) bool {
	return regexp.MustCompile(strings.ReplaceAll(expression, "NAME", name)).MatchString(text)
}

func mainIsNotRun(source string) string {
	declared := len(mainFunction.FindAllString(source, -1))
	switch begun := len(mainLines(source)); {
	case declared > 0 && begun > 0:
		return "func main was ignored, because what is below %% is the main function of this cell."
	case declared > 1:
		return "this cell has more than one func main, and only the last one was run."
	}
	return ""
}

var floorDivided = regexp.MustCompile(`(?m)(?:=|\breturn) *[\w.()]+ *// *\d+$`)

func divisionIsAComment(source string) string {
	if at := floorDivided.FindStringIndex(source); at != nil {
		return fmt.Sprintf("on line %d, // begins a comment. Between integers, a plain / drops the remainder.", lineOf(source, at[0]))
	}
	return ""
}

var nanoseconds = regexp.MustCompile(`\btime\.(Sleep|After|Tick|NewTicker|NewTimer)\([1-9]\d*\)|\bcontext\.WithTimeout\(.*, [1-9]\d*\)`)

func numberIsNanoseconds(source string) string {
	if at := nanoseconds.FindStringIndex(source); at != nil {
		return fmt.Sprintf("a number without a unit is in nanoseconds on line %d. A second is time.Second, half of one 500 * time.Millisecond.", lineOf(source, at[0]))
	}
	return ""
}

var redeclared = regexp.MustCompile(`(?m)^[ \t]+(\w+) := (\w+) [-+*/] `)

func sumIsANewOne(source string) string {
	for _, m := range redeclared.FindAllStringSubmatchIndex(source, -1) {
		if name := source[m[2]:m[3]]; name == source[m[4]:m[5]] {
			return fmt.Sprintf("on line %d, := makes a new %s each time, and the one outside stays as it is. To change that one, write = without the colon.", lineOf(source, m[2]), name)
		}
	}
	return ""
}

var (
	ofNumber = regexp.MustCompile(`\bstring\((\w+)\)`)
	aNumber  = `\bNAME := (range )?\d+\b|\bNAME int\b`
)

func numberIsACharacter(source string) string {
	for _, m := range ofNumber.FindAllStringSubmatchIndex(source, -1) {
		if name := source[m[2]:m[3]]; matches(source, aNumber, name) {
			return fmt.Sprintf("string(%s) on line %d is the character with that number. For its digits, write strconv.Itoa(%s).", name, lineOf(source, m[0]), name)
		}
	}
	return ""
}

var (
	group       = regexp.MustCompile(`(?m)^[ \t]*(?:var (\w+) errgroup\.Group|(\w+), \w+ := errgroup\.WithContext)\b`)
	returnError = `(?s)\bNAME\.Go\(func\(\) error \{[^}]*\breturn [^n]`
)

func errorIsDropped(source string) string {
	for _, declared := range group.FindAllStringSubmatch(source, -1) {
		name := declared[1] + declared[2]
		if at := regexp.MustCompile(`(?m)^[ \t]*` + name + `\.Wait\(\)$`).FindStringIndex(source); at != nil && matches(source, returnError, name) {
			return fmt.Sprintf("%s.Wait on line %d returns the first error, and nobody looks at it. Write if err := %s.Wait(); err != nil { ... }.", name, lineOf(source, at[1]), name)
		}
	}
	return ""
}

var lockInside = regexp.MustCompile(`(?:\bgo func\([^{}]*|\.Go\(func\(\)[^{}]*)\{\s*(?:[^{}\n]*\n\s*)?(?:var )?(\w+) (?::= &?)?sync\.(?:RW)?Mutex\b`)

func lockIsNotShared(source string) string {
	if at := lockInside.FindStringSubmatchIndex(source); at != nil {
		return fmt.Sprintf("each goroutine that line %d starts makes a lock %s of its own, which keeps nobody else out. Declare it once, beside what it guards.", lineOf(source, at[0]), source[at[2]:at[3]])
	}
	return ""
}

var (
	started   = regexp.MustCompile(`(?m)^[ \t]*(?:for\b.*\{[ \t]*)?go\s+[\w.]+\(`)
	waits     = regexp.MustCompile(`<-|\b(chan|select)\b|\b(Wait|Lock|Load|Gosched|NumGoroutine|Scan\w*|ListenAndServe|Notify)\(|\b(timeline|timing|interleave|exercise|footprint|synctest)\.`)
	calls     = regexp.MustCompile(`\b(?:(\w+)\.)?(\w+)\(`)
	goLiteral = regexp.MustCompile(`\bgo func\([^{}]*\{[^{}]*\}`)
)

func nobodyWaits(source string) string {
	at := started.FindStringIndex(source)
	isProgram := mainFunction.MatchString(source) || len(mainLines(source)) > 0
	if at == nil || !isProgram || waits.MatchString(source) || mayWait(source) {
		return ""
	}
	return fmt.Sprintf("a program ends when main does, and nothing in this cell waits for what line %d starts. A sync.WaitGroup waits: wg.Go(func() { ... }), and wg.Wait() at the end.", lineOf(source, at[0]))
}

// mayWait reports whether main itself sleeps, or calls something that this cell does not declare, which may wait.
func mayWait(source string) bool {
	declared := declaration.FindAllStringSubmatch(source, -1)
	for _, call := range calls.FindAllStringSubmatch(textOrComment.ReplaceAllString(mainBody(source), "$1$2"), -1) {
		_, ofLibrary := library[call[1]]
		isOwn := slices.ContainsFunc(declared, func(d []string) bool { return d[1] == call[2] })
		known := ofLibrary && call[2] != "Sleep" && call[2] != "Tick" || call[1] == "" && (isOwn || slices.Contains(predeclared, call[2]) || call[2] == "main")
		if !known {
			return true
		}
	}
	return false
}

// mainBody is what main itself does, without the function literals that it starts.
func mainBody(source string) string {
	if lines := mainLines(source); len(lines) > 0 {
		source = strings.Join(strings.Split(source, "\n")[lines[0]:], "\n")
	} else if at := mainFunction.FindStringIndex(source); at != nil {
		source = source[at[0]:]
	}
	return goLiteral.ReplaceAllString(source, "")
}

var addedInside = regexp.MustCompile(`\bgo func\([^{}]*\{\s*(?:defer [^\n]*\n\s*)?(\w+\.Add)\(`)

func addIsInside(source string) string {
	if at := addedInside.FindStringSubmatchIndex(source); at != nil {
		return fmt.Sprintf("%s is called inside the goroutine that line %d starts, so Wait may come first, with nothing to wait for. Write it above go, or use Go instead of both.", source[at[2]:at[3]], lineOf(source, at[0]))
	}
	return ""
}

var doneTwice = regexp.MustCompile(`\bgo func\([^{}]*\{[^{}]*\.Done\(\)[^{}]*\.Done\(\)[^{}]*\}`)

func doneIsTwice(source string) string {
	if at := doneTwice.FindStringIndex(source); at != nil {
		return fmt.Sprintf("the goroutine that line %d starts calls Done twice, so that Wait may return before all have ended. Call it once in each.", lineOf(source, at[0]))
	}
	return ""
}

var waitGroup = regexp.MustCompile(`(?m)^[ \t]*var (\w+) sync\.WaitGroup\b`)

func nobodyAdds(source string) string {
	for _, declared := range waitGroup.FindAllStringSubmatch(source, -1) {
		name := declared[1]
		counted := matches(source, `\bNAME\.(Add|Go)\(`, name)
		for _, call := range regexp.MustCompile(`(\w*)\([^()\n]*&`+name+`\b`).FindAllStringSubmatch(source, -1) { // which may count for it
			counted = counted || !matches(source, `(?m)^func NAME\(`, call[1]) || matches(source, `\.(Add|Go)\(`, "")
		}
		if at := regexp.MustCompile(`\b` + name + `\.Wait\(\)`).FindStringIndex(source); at != nil && !counted {
			return fmt.Sprintf("nothing in this cell calls %s.Add, so %s.Wait on line %d has nothing to wait for. %s.Go(func() { ... }) starts a goroutine and counts it.", name, name, lineOf(source, at[0]), name)
		}
	}
	return ""
}

var closes = regexp.MustCompile(`(?m)^close\((\w+)\)$`)

func closedTooEarly(source string) string {
	for _, m := range closes.FindAllStringSubmatchIndex(source, -1) {
		name, before, after := source[m[2]:m[3]], source[:m[0]], source[m[1]:]
		waited := matches(before, `(?m)\bWait\(|(^|[=(,{;:]|\breturn)[ \t]*<-`, "")
		if matches(before, `(?s)\bgo func\([^{]*\{[^}]*\bNAME <- `, name) && strings.Contains(after, "range "+name) && !waited {
			line := lineOf(source, m[0])
			return fmt.Sprintf("line %d closes %s without waiting for the goroutines that send to it. Start each with wg.Go(func() { ... }), and instead of line %d write go func() { wg.Wait(); close(%s) }().", line, name, line, name)
		}
	}
	return ""
}

var braced = regexp.MustCompile(`\bfmt\.S?[pP]rintf\("[^"%\n]*(\{\w+(?::[^}]*)?\})[^"%\n]*"`)

var notFormatted = regexp.MustCompile(`\b(fmt\.Print(?:ln)?)\("[^"\n]*(%[+#.\d]*[dvsqTxf])\b[^"\n]*", ?\w`)

func printDoesNotFormat(source string) string {
	if at := braced.FindStringSubmatchIndex(source); at != nil {
		return fmt.Sprintf("on line %d, %s stays as it is. Go puts a value where %%v is, or %%.2f for two decimals.", lineOf(source, at[0]), source[at[2]:at[3]])
	}
	if at := notFormatted.FindStringSubmatchIndex(source); at != nil {
		return fmt.Sprintf("on line %d, %s doesn't fill in values: %s stays as it is. fmt.Printf does, and needs \\n at the end of the line.", lineOf(source, at[0]), source[at[2]:at[3]], source[at[4]:at[5]])
	}
	return ""
}

var (
	oneVariable = regexp.MustCompile(`(?m)^[ \t]*for (\w+) := range (\w+) \{`)
	counter     = regexp.MustCompile(`^([ijkn]|i\w*|id|pos\w*|row|col\w*|worker|number|\w*(Index|ID))$`)
)

func rangeGivesIndexes(source string) string {
	for _, m := range oneVariable.FindAllStringSubmatchIndex(source, -1) {
		name, items := source[m[2]:m[3]], source[m[4]:m[5]]
		isSlice := matches(source, `\bNAME :?= \[\][\w.]+\{|\bvar NAME = \[\]`, items)
		if isSlice && !counter.MatchString(name) && !strings.Contains(source[m[1]:], "["+name+"]") {
			return fmt.Sprintf("on line %d, %s is the index: 0, 1, 2 and so on. For the elements, write for _, %s := range %s.", lineOf(source, m[0]), name, name, items)
		}
	}
	return ""
}

var arrayParameter = regexp.MustCompile(`(?ms)^func (?:\([^()]*\) )?(\w+)\([^()]*?\b(\w+) (\[\d+\][\w.\[\]]+)[^()]*\)[^\n]*\{\n(.*?)^\}`)

func arrayIsCopied(source string) string {
	for _, m := range arrayParameter.FindAllStringSubmatchIndex(source, -1) {
		name, array, kind, body := source[m[2]:m[3]], source[m[4]:m[5]], source[m[6]:m[7]], source[m[8]:m[9]]
		if matches(body, `(?m)^\s*NAME\[[^\n=]*\] = `, array) && !matches(body, `\breturn\b.*\bNAME\b`, array) {
			return fmt.Sprintf("%s on line %d gets a copy of the array %s. To change the original, write %s *%s, and & in the call; or use a slice.", name, lineOf(source, m[0]), array, array, kind)
		}
	}
	return ""
}

var byValue = regexp.MustCompile(`(?ms)^func \((\w+) (\w+)\) \w+\([^\n]*(?:\}$|\{$.*?^\})`)

func receiverIsCopied(source string) string {
	for _, m := range byValue.FindAllStringSubmatchIndex(source, -1) {
		method, receiver, kind := source[m[0]:m[1]], source[m[2]:m[3]], source[m[4]:m[5]]
		changes := matches(method, `(?m)(^|\{)\s*NAME\.\w+(\[[^\]\n]*\])?\s*([-+*/]?=[^=]|\+\+|--)`, receiver)
		locks := matches(source, `(?m)^type NAME struct \{[^}]*\bsync\.(RW)?Mutex\b`, kind)
		if locks || changes && !matches(method, `\breturn\b.*\bNAME\b`, receiver) {
			return fmt.Sprintf("the method on line %d gets a copy of the %s. To change the original, or to use its lock, write (%s *%s).", lineOf(source, m[0]), kind, receiver, kind)
		}
	}
	return ""
}
