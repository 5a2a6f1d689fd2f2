package explain

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A hint says what to do about a message. Each of its expressions has to match, where it has one. Of hints, the first that matches is
// given, so what is special comes before what is general.
type hint struct {
	message  string // what the compiler or the program said; of a program that ended, with what each goroutine did then and in which call
	line     string // the line it is about, without text and comments; NAME is the first group of message that has matched
	cell     string // the cell's source; NAME is the same
	without  string // the cell's source may not match this
	keyword  bool   // the line has a word that is nearly a keyword; there is no say then
	unclosed bool   // the cell has a { that is not closed; say has a %d for its line
	surplus  bool   // the cell has a } too many; the same
	both     bool   // with near: say follows, too
	near     bool   // the last group of message may be misspelt: a name that is nearly the same says more than say
	say      string // with $1 and so on for the groups of message, or of line if message has none; LINE1 is the first of line
}

// python is what only a program in Python has.
const python = `(?m)^\s*(def \w+\(.*\).*:|class \w+(\(.*\))?:|(if|elif|while|for|with|except|async (def|for|with)) .*:|else:|try:|finally:|except:|from [\w.]+ import .+|import \w+( as \w+)?(, \w+)*)\s*(#.*)?$|\bprint\(f["']|^\s*(async def|await|elif)\b`

// begun matches a cell that has a line which begins its program.
const begun = `(?m)^(//gonb:)?(%%([ \t]|$)|%main\b|%exec\b|%test\b)`

// misplaced is what the parser says of a word that Go doesn't have.
const misplaced = `^(expected|missing ',')`

// golang is what only a program in Go has. Who writes %% between two parts means Go as well.
const golang = `(?m)^\s*\w+(, *\w+)* := |:= range |\b(fmt|time|sync|strings|strconv|errors|context|http|os|json|math|slices|bufio|log|atomic)\.[A-Z]|^\s*\w+ <- |^func |\bfunc\(|^\s*(go|defer|var) \w|\A[^%](?s:.*)\n%%\n`

const compare = "Go sorts with a function that compares two values: slices.SortFunc(names, func(a, b string) int { return len(a) - len(b) })."

// instead is the hint on a module of Python's that is used in Go.
func instead(module, say string) hint {
	return hint{
		message: `^undefined: ` + module + `(\.[a-z]\w*)?$|^missing import path|^import path must be|\b` + module + `(: package \S+)? is not in std`,
		line:    `^$|^import ""|^import \(?` + module + `\b|\b` + module + `\.`,
		cell:    begun + `|` + golang,
		say:     module + " is Python's. " + say,
	}
}

// ofString is the hint on methods of Python's strings.
func ofString(methods, say string) hint {
	return hint{message: `^(\S+)\.(?:` + methods + `) undefined \(type (?:untyped )?string`, say: say}
}

const format = `To put values into text, write fmt.Sprintf("%d items", 3).`

const noExceptions = `Go has no try and no exceptions: a function has an error among its results, func f(n int) (int, error), and returns one, return 0, errors.New("too small"). The caller checks if err != nil.`

const keptLock = "A goroutine waits for a lock that another one keeps. Each Lock needs its Unlock, also before a return and before you wait for others. Whoever needs two locks at a time takes them in the same order as everybody else."

const lockedAgain = "Either the goroutine that has the lock locks it again, perhaps in a method that it calls, or nobody has unlocked it. While you have a lock, call nothing that takes it. Each Lock needs its Unlock, also before a return."

// forElse matches a loop with an else, as Python has it, if what is in the loop is not nested deeper than it usually is.
const forElse = `(?m)^\s*for\b.*\{[^{}]*(\{[^{}]*(\{[^{}]*\}[^{}]*)*\}[^{}]*)*\}\s*else\b`

const syntax = `^(expected|illegal|missing|unexpected|syntax error|label|import path must|string literal not terminated|rune literal not terminated|undefined: (async|await|self|None|True|False|elif|range|str)\b)`

var hints = []hint{
	// What was meant for another language, or stands in the wrong place.
	{message: `can only appear at the start of the cell`, say: "A line such as %%script python3 has to be the first line of its cell."},
	{message: `^expected statement, found 'import'`, line: `^import (fmt|sync|strings|strconv|errors|context|[\w.]+/[\w/.]+)$`, say: `Imports go above %%, with quotes: import "$1".`},
	instead("random", "Go has math/rand, and a cell doesn't have to import it: rand.Intn(6) + 1 gives 1 to 6."),
	instead("requests", "Go has net/http, and a cell doesn't have to import it: resp, err := http.Get(url)."),
	instead("json", "Go has encoding/json: b, err := json.Marshal(x) writes, and err := json.Unmarshal([]byte(text), &x) reads, where x is a struct or a map."),
	instead("re", "Go has regexp, and a cell doesn't have to import it: regexp.MustCompile(`\\d+`).FindAllString(s, -1)."),
	instead("datetime", "Go has time, and a cell doesn't have to import it: time.Now()."),
	instead("threading", "What a thread does there, go f() starts in Go, and the locks are in the package sync: var mu sync.Mutex."),
	instead("asyncio", "What a task does there, go f() starts in Go; a channel brings its result, and a sync.WaitGroup waits."),
	instead("queue", "A channel serves as a queue in Go: make(chan int, 10)."),
	instead("multiprocessing", "Go uses all processors without it: go f() starts a goroutine."),
	instead("concurrent", "go f() starts a goroutine in Go, and golang.org/x/sync/errgroup has pools with a limit."),
	instead("collections", "A map counts in Go, counts := map[string]int{}, and a slice serves as a deque."),
	instead("logging", "Go has log, and a cell doesn't have to import it: log.Println(x)."),
	instead("sys", "Go has os, and a cell doesn't have to import it: os.Args, os.Exit(1)."),
	instead("pathlib", "Go has path/filepath and os: filepath.Join(dir, name), os.ReadFile(path)."),
	instead("itertools", "Write loops in Go; slices and maps have functions for both."),
	instead("functools", "Write a function that returns a function; sync.OnceValue keeps the result of one."),
	instead("numpy", "Go has loops and slices: []float64{1, 2}."),
	{message: `package (string|error|slice|map) is not in std`, say: `Did you mean "${1}s"?`},
	{message: `^missing import path|^import path must be|^expected`, cell: begun + `|` + golang, line: `^import (\w+) as (\w+)$`, say: `The other name comes first, and the path is in double quotes: import $2 "$1".`},
	{message: `^missing import path|^import path must be|^expected`, cell: begun + `|` + golang, line: `^import .* as (\w+)$`, say: `The other name comes first, and the path is in double quotes, with slashes: import $1 "math/rand".`},
	{message: `^missing import path`, cell: begun + `|` + golang, line: `\.`, say: `The path of a package is in double quotes, with slashes between its parts: import "math/rand".`},
	{message: `^missing import path`, cell: begun + `|` + golang, say: `Put the path of a package in double quotes: import "fmt".`},
	{message: `^expected`, cell: python, without: begun + `|` + golang, line: `^def (\w+)`, say: "This looks like Python: begin the cell with %%script python3, and call $1 in the same cell. In Go, it is func $1() { ... }, with a type behind each parameter, and one for the result before the brace."},
	{message: `^expected`, cell: python, without: begun + `|` + golang, line: `^class (\w+)`, say: "This looks like Python: begin the cell with %%script python3, and use $1 in the same cell. In Go, it is type $1 struct { ... }, with a field and its type on each line, and the methods are functions."},
	{message: syntax, cell: python, without: begun + `|` + golang, say: "This looks like Python: begin the cell with %%script python3."},
	{message: syntax, cell: python, without: golang, say: "This looks like Python: begin the cell with %%script python3 instead of %%."},
	{message: `^expected`, line: `^if __name__`, say: "Go needs no such line: what stands below %% is the program. Replace it with %%, and call the function below that."},
	{message: `^expected`, line: `^for (\w+) in range\(([^,()]+|len\(\w+\))\)\s*:?`, say: "Write for $1 := range $2 {, with :=, without in, and with a brace instead of the colon."},
	{message: `^missing ','`, line: "^[^\"'`]*\"[^\"'`]*(\"[^\"'`]*\"[^\"'`]*)*$", say: "The quotes on this line don't pair up: one is missing, or there is one too many."},
	{message: `^expected operand, found '\)'`, line: `\[[^\[\]()]*\)`, say: "A ] is missing: the [ on this line is not closed."},
	{message: `^(expected|unexpected|missing|undefined|syntax error)`, keyword: true},
	{message: `^(expected|unexpected|missing)`, unclosed: true, say: "A } is missing: by the indentation, the { on line %d is not closed."},
	{message: `^expected`, line: `^async (?:def|func) (\w+)`, say: "Go has no async: write func $1(n int) int {, as for any function. A call with go before it runs while the rest goes on."},
	{message: `^expected`, line: `^from \S+ import `, say: `Go imports whole packages: import "strings", and then strings.ToUpper. In a cell, the standard library needs no import.`},
	{message: `^expected`, line: `^def (\(.+?\) *\w+)\(`, say: "Write func instead of def, as in func $1() {."},
	{message: `^expected`, line: `^def (\w+)\(self\b`, say: "A method has its receiver before its name: func (a *account) $1(n int) {, and in it a.total in place of self.total."},
	{message: `^expected`, line: `^def (\w+)`, say: "Write func, with a type for each parameter, and one for the result if there is any, as in func $1(n int) int {."},
	{message: `^expected`, line: `^class (\w+)`, say: "Go has no classes: write type $1 struct { ... }, and its methods as functions with a receiver: func (x *$1) name() { ... }."},
	{message: `^expected .*found '?%`, cell: `(?m)^[ \t]+%%`, say: "Write %% at the very beginning of its line, and only once in a cell."},
	{message: `^expected declaration, found '?%`, say: "Write %% at the very beginning of its line."},
	{message: `^expected declaration, found import|^imports must appear before other declarations`, say: "Put imports above everything else in the cell."},
	{message: `^(label|expected)`, cell: `(?m)^\s*except \(?(Index|Key)Error`, say: "Go has no try: check before, with if i < len(items) { for a slice, and with value, found := m[key] for a map."},
	{message: `^(label|expected)`, line: `^raise\b`, say: `Go has no raise. A function has an error among its results, func f(n int) (int, error), and returns one, return 0, errors.New("too small"). In main, panic("bad") ends the program.`},
	{message: `^(label|expected)`, line: `^(try|except|finally)\b.*:$|^(raise|except) `, say: noExceptions},
	{message: `^expected declaration, found (\w+)`, line: `^\w+ := `, cell: `(?ms)^NAME := .*^func .*\bNAME\b.*^\}`, say: "Outside functions, a variable begins with var, and has no colon: var $1 = 5."},
	{message: `^expected declaration, found`, cell: `(?m)^func [^{\n]*\)[^{\n]*\n[ \t]+[^\s{]`, say: "The { is missing at the end of the func line above."},
	{message: `^expected declaration, found|^expected statement, found '\)'`, surplus: true, say: "There is one } too many: by the indentation, one on line %d."},
	{message: `^expected declaration, found`, without: begun, line: `^(\w+) = lambda\b`, say: "Go has no lambda. Declare a function: func $1(n int) int { return 2 * n }. If this is Python, begin the cell with %%script python3."},
	{message: `^expected declaration, found`, without: begun, line: `^(\w+) = \[\[`, say: "In Go, a table has a type: var $1 [3][3]string has three by three empty strings, and [][]string{} is an empty one that grows by append. If this is Python, begin the cell with %%script python3."},
	{message: `^expected declaration, found`, without: begun, line: `^(\w+) = \[.*\bfor\b`, say: "Go has no comprehensions: begin with var $1 = []int{}, and fill it in a loop below %%. If this is Python, begin the cell with %%script python3."},
	{message: `^expected declaration, found`, without: begun, line: `^(\w+) = \[[^\]]`, say: `A slice, Go's list, has a type, and its values are in braces: var $1 = []string{"a", "b"}. If this is Python, begin the cell with %%script python3.`},
	{message: `^expected declaration, found`, without: begun, line: `^(\w+) = \{`, say: `A map, Go's dict, has a type: var $1 = map[string]int{"a": 1}. If this is Python, begin the cell with %%script python3.`},
	{message: `^expected declaration, found`, without: begun, line: `^(\w+) :?= `, say: "Did you forget %%? What you want to run goes below a line %%. A variable for later cells goes above it, with var: var $1 = 1."},
	{message: `^expected declaration, found main$`, line: `^main\(\)$`, cell: `(?m)^func main\(`, say: "func main runs by itself: leave out main()."},
	{message: `^expected declaration, found`, without: begun, say: "Did you forget %%? What you want to run goes below a line %%."},
	{message: `^expected declaration, found`, say: "Statements go below %%. Only declarations go above it: import, func, type, var and const."},
	{message: `^expected statement, found 'import'`, say: "Imports go at the top of the cell, above %% and outside of functions."},
	{message: `found '?func'?$|^expected '\(', found (\w+)`, cell: `interface\s*\{[^}]*\bfunc\b`, say: "In an interface, methods are written without func: Area() float64."},
	{message: `^expected '}', found 'func'`, cell: `struct\s*\{[^}]*\bfunc\b`, say: "Methods go outside the struct, with a receiver: func (d *dog) bark() {. The star lets it change the fields."},
	{message: `^expected '\(', found main`, line: `^func main\(`, say: "Leave out func main: what you write below %% is its body already."},
	{message: `^expected '\(', found (\w+)`, cell: `(?m)^[ \t]+func NAME\b`, say: "A function inside another can't have a name: write $1 := func() { ... }."},
	{message: `^(expected|missing)`, line: `^func \(\w+ \*?\w+\) \w+\(`, cell: `(?ms)^%%.*^func \(`, say: "Methods go above %%, and with them the type that they belong to."},
	{message: `^expected ';', found (\w+|'\{')$|^missing ',' in argument`, line: `^func \(\w+ \*?\w+\) \w+\(`, say: "Methods stand outside of functions: move this one out of the function that it is in."},
	{message: `^expected '\(', found (\w+)`, line: `\S+ func NAME\(`, say: "A function literal has no name: leave out $1."},
	{message: `^expected '\(', found \w+`, line: `^func\s*(\(.*\)\s*)?\w`, say: "Functions with a name go above %%. Below it, write name := func() { ... }."},
	{message: `^missing import path`, say: `Put the path of a package in double quotes: import "fmt".`},

	// Signs that other languages have.
	{message: `rune literal|^illegal character U\+0027|^string literal not terminated`, line: `^("""|''')`, say: "Go has no docstrings. A comment begins with // on each of its lines, and stands above the function."},
	{message: `rune literal`, line: `'''`, say: "Text that spans several lines goes between backquotes: `...`."},
	{message: `rune literal|^illegal character U\+0027`, line: `\b[fF]'`, say: `Go has no f'...': write fmt.Printf("x = %v\n", x), or fmt.Sprintf to keep the text.`},
	{message: `rune literal|^illegal character U\+0027`, say: `Strings take double quotes: "hello". Single quotes are for one character.`},
	{message: `^illegal character U\+(201C|201D|2018|2019|201E)|^curly quotation mark`, say: `These are typographic quotes; type straight ones: "hello".`},
	{message: `^illegal character U\+0023`, say: "A comment begins with // in Go."},
	{message: `^illegal character U\+003F|^expected ';', found 'if'`, line: `\?|\bif\b.*\belse\b`, say: "Go has no x ? a : b, and no a if x else b; write if and else."},
	{message: `^illegal label declaration|^label \w+ defined and not used|^expected ';'`, line: `^\w+\s*:\s*[\w\[\]]+\s*=|^(int|float64|string|bool)\s+\w+\s*=`, say: "In Go, the type comes after the name: var x int = 3, or x := 3."},
	{message: `.`, line: `^(?:else|_)\s*:$`, cell: `\b(select|switch)\b`, say: "The case for everything else is default:."},
	{message: `^expected ';', found ':'`, line: `\bfunc\(.*\).*:.`, say: "The body of a function stands in braces: func(x int) int { return x + 1 }."},
	{message: `^(illegal label declaration|expected)`, line: `^(?:if|for|else)\b[^:{\[]*:\s*[^=\s{]`, say: `A block stands in braces, not behind a colon: if a > b { fmt.Println("a") }.`},
	{message: `^illegal label declaration|^expected ('\{'|(for|if|switch|boolean) )|^expected ';', found ':'`, line: `:\s*\{?$`, say: "A block begins with { at the end of the line, not with a colon."},
	{message: `.`, line: `^while\b`, say: "Go has only for: for x < 3 { ... }, and for { ... } to loop for ever."},
	{message: misplaced, line: `[\[({].*\bfor \w+(, *\w+)* in\b|\[.*\bfor\b`, say: "Go has no comprehensions: begin with an empty slice, squares := []int{}, and fill it in a loop, for _, x := range xs { squares = append(squares, x*x) }."},
	{message: `^expected`, line: `^for\b.* in\b`, say: "Write for i := range n to count, for i, x := range items for a slice or a map, and for x := range ch for a channel."},
	{message: misplaced, line: `[\w"')\]] not in ['\w"\[]`, say: "Go has no not in: write if !slices.Contains(items, x) { for a slice, and if _, found := m[key]; !found { for a map."},
	{message: misplaced, line: `[\w"')\]] in ['\w"\[]`, say: `Go has no in: write if slices.Contains(items, x) { for a slice, if _, found := m[key]; found { for a map, and if strings.Contains(text, "o") { for a string.`},
	{message: misplaced, line: `\S is \S`, say: "Write == instead of is, and != instead of is not."},
	{message: misplaced + `|^expected ':'`, line: `^case .* or `, say: "Several values of a case form a list: case 1, 2:."},
	{message: misplaced, line: `\S (and|or) \S|\bnot \S`, say: "and, or, not are &&, ||, ! in Go. A comparison after ! needs parentheses: !(x > 3)."},
	{message: misplaced, line: `\br?f"`, say: `Go has no f"...": write fmt.Printf("x = %v\n", x), or fmt.Sprintf to keep the text.`},
	{message: misplaced, line: `\blambda\s*:`, say: "Write a function literal, func() { ... }, with what it does in braces."},
	{message: misplaced, line: `\blambda\b`, say: "Write a function literal: func(x int) int { return x + 1 }."},
	{message: `^expected operand, found '>'`, line: `(\w+)\s*->`, say: "To send, write $1 <- x, and to receive, x := <-$1."},
	{message: `^expected '\)', found`, line: `^if\s*\(.*:=`, say: "The condition follows after a semicolon, and needs no parentheses: if n := f(); n > 0 {."},
	{message: `^expected '\)', found`, line: `^(for|switch)\s*\(.*(:=|;)`, say: "Leave out the parentheses: for i := 0; i < 3; i++ {."},
	{message: `^expected ':', found newline`, line: `^(?:case|default)\b`, say: "A colon is missing at the end of the line, as in case 1, 2: or default:"},
	{message: `^expected operand, found '(\{|for|if)'`, line: `^go\b`, say: "go needs a call: go func() { ... }()."},
	{message: `^expected operand, found 'go'`, line: `(\w+\.Go)\(go\b`, say: "$1 starts the goroutine itself: leave out the second go."},
	{message: `^expected ';', found '<-'`, line: `(\w+)\s*<-$`, say: "To receive, the arrow comes first: x := <-$1."},
	{message: `^expected (type, found ('\)'|'\]'|','|newline)|';', found '<-'|'\)', found ',')`, cell: `\bchan\s*[),(\n]`, say: "A channel has the type of its values: make(chan int), make(chan int, 3) with room for three, and ch chan int for a parameter."},
	{message: `^expected operand, found 'go'`, line: `^(\w+) :?= go (\w+\()`, say: "go returns nothing, so it stands on a line of its own. If the function sends its result on a channel, receive that on the next line: $1 := <-ch. If it returns the result, send it: go func() { ch <- $2...) }()."},
	{message: `^expected operand, found 'go'`, without: `\.Go\(go\b`, line: `(=|[(,])\s*go\b`, say: "go gives nothing back: send the result on a channel, go func() { results <- f() }(), and receive it where you need it, <-results."},
	{message: misplaced, line: `\bawait (\w+)$`, say: "Go needs no await. To wait for a value from a channel, receive it: x := <-LINE1."},
	{message: misplaced, line: `\bawait\b`, say: "Go needs no await: a call waits for its result, unless you write go before it."},
	{message: `^(expected|missing|unexpected)`, cell: `(?m)^\s*(try|\}\s*(except\b.*|catch\b.*|finally))\s*\{`, say: noExceptions},
	{message: `^expected`, line: `^with open\b`, say: `Go has no with. To read a whole file, write data, err := os.ReadFile("data.txt"); string(data) is its text. For more than that, os.Open, and then defer f.Close().`},
	{message: `^expected`, line: `^with \S`, say: "Go has no with: write defer f.Close() once os.Open has given you f without an error, and mu.Lock() with defer mu.Unlock() for a lock."},
	{message: `^expected`, line: `^assert \S`, say: `Go has no assert: write if n != 1 { panic("n is not 1") }.`},
	{message: `^expected`, line: `^match .+[:{]$`, say: "Go's match is switch, and its case _ is default."},
	{message: `^expected`, line: `^""""""`, say: "A comment begins with //. One that says what a function does goes above it."},
	{message: `^expected`, line: `^func\b.*\)\s*->`, say: "Write the type of the result without an arrow: func double(n int) int {."},
	{message: `^expected operand, found 'type'`, say: `To see the type of x, write fmt.Printf("%T\n", x).`},
	{message: `^expected ('\)', found ','|operand, found 'range')`, line: `\brange\s*\(|range range`, say: "range counts from 0, without parentheses: for i := range 10. To begin elsewhere, write for i := 1; i < 10; i++."},
	{message: `^expected (type|';'|'\}'), found ':'`, line: `^\w+\s*:`, cell: `\bstruct\s*\{`, say: "A field of a struct has neither a colon nor a comma: its name, and then its type, as in number int."},
	{message: `^expected ';', found ','`, line: `,$`, cell: `\b(struct\s*\{|import\s*\()`, say: "The lines in a struct or an import don't end with a comma."},
	{message: `^expected ';', found ','`, line: `^import\b`, say: `Each import has a line of its own: import "strings", and below it import "os".`},
	{message: `^expected ';', found ':'`, line: `^func\b.*\{`, say: "The type of the result follows without a colon: func double(n int) int {."},
	{message: `^expected '\(', found '\{'`, line: `^func\b`, say: "A function has parentheses, even without parameters: func f() {."},
	{message: `^expected '\{', found '\('`, line: `^type \w+ struct\((\w+)\)`, say: "Go has no subclasses. A struct can contain another one: write $1 on a line of its own between the braces."},
	{message: `^expected '\{', found implements`, say: "Go needs no implements: a type fits an interface as soon as it has its methods."},
	{message: `^expected type argument list`, line: `(\w+)\[\]`, say: "The brackets come first: []$1."},
	{message: `^expected`, line: `\bnew (\w+)`, say: "To make a struct, write $1{}, or &$1{} for a pointer to it."},
	{message: `^expected ('\)'|';'), found ','`, line: `\w <- `, say: "A channel carries one value at a time: send a struct with a field for each, or use a second channel."},
	{message: `^expected ';', found ','`, line: `^func\b`, say: "Several results go in parentheses: func f() (int, error) {."},
	{message: `^expected '\)', found ','`, line: `"\s*%\s*\(`, say: format},
	{message: `^expected '\]', found ','`, line: `\bmap\[(\w+), *(\w+)\]`, say: "The type of the values follows the brackets: map[$1]$2."},
	{message: `^expected '\)', found ','`, line: `^return \(`, say: "Several results have no parentheses: return x, y."},
	{message: `^expected '\)', found ','`, line: `[=,(\[]\s*\(|\bin\s*\(`, say: "Go has no tuples: use a slice, a struct, or several variables, as in x, y := 1, 2."},
	{message: `^illegal character U\+0040`, say: "Go has no decorators: call one function with the other, as in fast := cache(slow)."},
	{message: `^expected`, line: `^(?:global|nonlocal) \S`, say: "Go needs no global: a function sees the variables around it, and = changes them."},
	{message: `^expected`, line: `^let (\w+)`, say: "Make a new variable with :=, as in $1 := 5."},
	{message: `^expected`, line: `^yield \S`, say: "Go has no yield: return all values in a slice, or send them one by one on a channel."},
	{message: `^expected`, line: `^del \S`, say: "Write delete(m, key) for a map, and items = slices.Delete(items, 0, 1) for a slice."},
	{message: `^expected`, line: `^\}?\s*elif\b`, say: "Go's elif is else if: } else if x > 3 {."},
	{message: `^undefined: pass$`, say: "Go needs no pass: an empty block is just { }."},
	{message: `^invalid operation: cannot indirect|^expected operand, found '\*='`, line: `\*\*`, say: "Go has no operator for powers: write x * x, or math.Pow(x, 3), which gives a float64."},
	{message: `^expected '==', found '='`, line: `^\w+\s*:?=\s*\w+\s*=`, say: "An assignment has no value in Go: write x, y = 3, 3, or x, y := 3, 3 if they are new."},
	{message: `^expected '==', found '='`, line: `\b(key|reverse)\s*=`, say: compare},
	{message: `^expected '==', found '='`, line: `\w\{[^{}]*\w\s*=`, say: "The fields of a struct take a colon: point{x: 1}."},
	{message: `^expected '==', found '='`, line: `\w[({][^(){}]*\w\s*=`, say: "Go has no arguments by name: write only the values, in the order of the parameters. The fields of a struct take a colon: point{x: 1}."},
	{message: `^expected boolean expression, found assignment`, line: `^if .*:=`, say: "The condition follows after a semicolon: if value, found := m[key]; found {, or if err := f(); err != nil {."},
	{message: `^expected boolean or range expression, found assignment`, line: `^for (\w+) := `, say: "To count, write for $1 := range 10."},
	{message: `^expected boolean expression, found assignment`, say: "To compare two values, write ==."},
	{message: `^missing ','|^expected`, line: `^func\b.*\*(\w+) (\w+)\)`, say: "A parameter for any number of values is $1 ...$2."},
	{message: `^expected`, line: `^func \w+\s*<(\w+)>`, say: "Type parameters go in square brackets, with their constraint: [$1 any]."},
	{message: `^expected`, line: `^func [A-Z]\w*\.(\w+)`, say: "A method names its receiver in parentheses: func (d dog) $1() {."},
	{message: `^expected (statement|operand|'\}'), found '\.\.\.'`, say: "The dots only stand for what you want to do here: write that in their place."},
	{message: `^expected statement, found '\.'`, say: "The dot goes at the end of the line before, not at the beginning of this one."},
	{message: `^expected statement, found '\)'`, say: "There is a ) too many here, or a } is missing before it."},
	{message: `^illegal character U\+005C`, say: "Go needs no backslash: a line goes on after an operator, a comma or an open bracket."},
	{message: `^expected type, found newline`, line: `^var (\w+)$`, say: "A variable needs a type or a value: var $1 int, or $1 := 5."},
	{message: `^expected`, line: `^if [^{]* (return|break|continue)\b`, say: "The braces are needed here, too: if x > 2 { return }."},
	{message: `^missing ','`, line: `(\w+)\s*<-\s*[),]`, say: "To receive, the arrow comes first: <-$1."},
	{message: `^missing ',' in parameter list`, line: `\([^)]*\w\s*:`, say: "The type follows the name without a colon: func f(n int)."},
	{message: `^missing ',' in parameter list`, line: `\([^)]*\w\s*=`, say: "Go has no default values: each call passes all the arguments."},
	{message: `^expected '\{'|^expected (if|for) .*\{|unexpected newline, expect`, cell: `(?m)^[ \t]*(if|for)\b[^"\n{]*\w // ?\w[^\n]*\{$`, say: "// begins a comment in Go, so the rest of that line, with its brace, isn't seen. Between integers, a plain / drops the remainder: n / 2."},
	{message: `^expected '\{'|^expected (if|for) .*\{|unexpected newline, expect(ed|ing) \{|^unexpected semicolon or newline before \{`, line: `^[^{]*$|^\{`, cell: `(?m)^[ \t]*\{`, say: "Put the { at the end of the line that begins with if, for or func."},
	{message: `^expected operand, found '(return|break|continue|go|defer|var)'`, cell: `(?m)^[ \t]*(if|for)\b[^{\n]*\n[ \t]*(return|break|continue|go|defer|var)\b`, say: "A block has braces, also around one line: { at the end of the line above, which begins with if or for, and } on a line of its own after the block."},
	{message: `^expected '\{'|^expected (if|for) .*\{|unexpected newline, expect(ed|ing) \{|^unexpected semicolon or newline before \{`, line: `^[^{]*$`, say: "A block has braces, also around one line: { at the end of the line that begins with if, for or func, and } on a line of its own after the block."},
	{message: misplaced, line: `\+\+\w|--\w|=.*(\+\+|--)$|(\+\+|--)\s*[,)]`, say: "i++ has no value in Go: write it on a line of its own, before or after this one."},
	{message: `found 'else'`, cell: forElse, say: "A loop has no else in Go: write found := false before it, found = true before its break, and if !found { ... } after it."},
	{message: `^expected (statement|'\}'), found 'else'`, say: "Put else on the same line as the closing brace: } else {."},
	{message: `^expected`, line: `^for\b[^;]*,[^;]*[<>][^;]*,`, say: "Semicolons separate the three parts: for i := 0; i < 3; i++ {."},
	{message: `^expected .* found ':='|^expected type, found ':='`, line: `^(var|const)\b`, say: "Write either x := 3 or var x = 3."},
	{message: `^missing ',' before newline`, cell: `(?m)\([^()\n]*\w\s*//\s*\w+\)$`, say: "// begins a comment in Go: 7 / 2 is 3 already, because both are integers."},
	{message: `^missing ',' before newline`, line: `^\}$`, say: "The } closes the function, and the call needs its ) as well: })."},
	{message: `^missing ','`, line: `\w\((int|string|float64|bool) \w`, without: `\bfunc \w+\((int|string|float64|bool) \w`, say: "A call has only the values, without their types: add(1, 2)."},
	{message: `^missing ',' (before newline|in (argument|parameter))`, say: "A comma or a closing bracket is missing. If the list spans several lines, each of them ends with a comma."},
	{message: `^expected operand, found '\}'$`, say: "Something is missing at the end of this line: a value, or the bracket that closes the call or the list."},
	{message: `^expected '[})\]]', found 'EOF'`, say: "A closing bracket is missing: each {, ( and [ needs its own."},
	{message: `^expected '([)\]])', found '([)\]{])'`, say: "A $1 is missing before the $2."},
	{message: `^string literal not terminated`, say: "The closing quote is missing. Put text that spans several lines between backquotes."},
	{message: `missing type in composite literal`, say: `Write the type before the braces, here too: map[string]int{"Ann": 31}, or []string{"a", "b"} for a slice.`},
	{message: `^expected operand, found '\{'|^unexpected comma; expecting \]`, line: `[=(,:]\s*\[\[`, say: `A slice of slices has the type of its elements in front: [][]string{{"a", "b"}, {"c", "d"}}, or [][]int{{1, 2}, {3, 4}} for numbers. Strings take double quotes.`},
	{message: `^expected operand, found '\{'|^unexpected comma; expecting \]|^expected type, found newline`, line: `([=(,:]|return|range)\s*[\[{]`, say: `Values stand in braces, with their type before them: []int{1, 2}, []float64{1.5, 2} or []string{"a"} is a slice, Go's list, and map[string]int{"Ann": 31} a map, its dict.`},
	{message: `^expected (type|operand)`, line: `\]\s*\*`, say: "To repeat a value, write make([]int, 5) for five zeros, or slices.Repeat([]int{7}, 5)."},
	{message: `^expected ';', found \w+$`, line: `^(\w+\.[A-Z]\w*) (\w+)$`, say: "The name comes first, and then the type: $2 $1. Outside a struct, var stands before it."},
	{message: `^expected ';', found ([\w"].*)`, say: "Something is missing before $1. A call needs parentheses, f(x), and each statement a line of its own."},

	// The helpers.
	{message: `\(no value\) used as value|^multiple-value .* in single-value context|^too many arguments in call`, line: `\btiming\.(?:Go|GoN|Compare)\(|\btimeline\.Show\(`, say: `Hand over the function, and don't call it: timing.Go("my case", f), timeline.Show("my title", f). If it has arguments, wrap the call: func() { f(10) }.`},
	{message: `^string does not satisfy func|^cannot use \w+ \(value of type func\(.*\) as string value in argument to timing\.GoN?$`, line: `\btiming\.GoN?\(\w+, *""`, say: `The name comes first, and then the function: timing.Go("my case", f).`},
	{message: `does not satisfy func\(\) \|`, say: `timing.Go takes a function without parameters that returns nothing, or an error. Wrap the call: timing.Go("my case", func() { f(10) }).`},
	{message: `does not satisfy func\(int\) \|`, say: `timing.GoN takes a function that gets the size, and returns nothing or an error: timing.GoN("my case", func(n int) { f(n) }).`},
	{message: `^too many return values\n(.*\n)*want \(\)`, cell: `\btiming\.Go\([^,]*,\s*func\(\) \{[^}]*\breturn [^\n}]`, say: "A case's function returns nothing: leave out the word return."},
	{message: `argument to timing\.Compare\b|does not implement timing\.Item`, say: `timing.Compare takes a title, and then cases, each with a name and a function that isn't called: timing.Compare("my title", timing.Go("slow", slow), timing.Go("fast", fast)).`},
	{message: `argument to timing\.Scaling\b|does not implement timing\.ScalingItem`, say: `timing.Scaling takes a title, and then cases, each with a name and a function that gets the size: timing.Scaling("my title", timing.GoN("slow", slow), timing.GoN("fast", fast)).`},
	{message: `arguments in call to timing\.(GoN?)\b`, say: `A case has a name, and a function that isn't called: timing.$1("slow", slow).`},
	{message: `argument to timeline\.Show\b|arguments in call to timeline\.Show\b`, say: `timeline.Show takes a title and a function without parameters: timeline.Show("my title", func() { f(1) }).`},
	{message: `argument to timeline\.ShowPython\b|arguments in call to timeline\.ShowPython\b`, say: "timeline.ShowPython takes a title and the source of a Python program, as text between backquotes."},

	// Names.
	{message: `^undefined: (context|time|sync)$|^(\w+) \(package name\) is not a type|^use of package (\w+) `, line: `(^|[^.\w])NAME([^.\w(]|$)`, say: "$1$2$3 is the package. Its types have names of their own, such as context.Context, time.Duration, sync.Mutex."},
	{message: `^undefined: (\w+)$`, line: `^func \(NAME\)`, say: "A receiver has a name, and then its type: func ($1 *counter) inc()."},
	{message: `^undefined: (\w+)$`, cell: `(?ms)\bNAME\b.*^%%.*^((\w+, )*NAME(, \w+)* :=|var NAME\b)`, say: "A function above %% doesn't see the variables of main. Pass $1 to it as an argument, or declare $1 above %% with var."},
	{message: `^undefined: \w+$`, line: `^func \(\*?([A-Z]\w*)(?: \w+)?\)`, say: "A receiver has a name, and then its type: func (x $1)."},
	{message: `^undefined: (\w+)$`, cell: `(?m)^func \(\w+ [*\w]+\) NAME\(|struct\s*\{([^}]*[\n;])?\s*NAME(, \w+)* +[\w*\[]`, say: "If you mean the field or the method $1, put its variable before it, as in x.$1."},
	{message: `^undefined: not$`, say: "and, or, not are &&, ||, ! in Go. A comparison after ! needs parentheses: !(x > 3)."},
	{message: `^undefined: (sqrt|floor|ceil|pow|sin|cos|log|exp|pi)$`, say: "It is in the package math, with a capital letter: math.Sqrt, math.Floor and so on."},
	{message: `^undefined: None$`, line: `[!=]= *None`, say: "Go's None is nil, but a string or a number is never nil: compare a string with \"\", and a number with 0."},
	{message: `^undefined: None$|^use of untyped nil in (?:assignment|variable declaration)`, line: `^(?:var\s+)?(\w+)\s*:?=\s*(?:None|nil)$`, say: "A variable of Go has one type, and a string or a number can't be nil, Go's None: write var $1 string, which begins as an empty string, or var $1 int, which begins as 0, or whatever type it is to have."},
	{message: `^undefined: None$`, line: `^return None$`, say: `Go has no None. A function that may find nothing has a second result: return "", false. Only a pointer, a slice, a map, a function or an error can be nil.`},
	{message: `^undefined: (True|False|None)$`, say: "Go's True, False and None are true, false and nil."},
	{message: `^invalid operation: .* == nil \(mismatched types .* and untyped nil`, line: `\w\[`, say: "To see whether a map has a key, write value, found := m[key]. A missing key gives the zero value: 0, an empty string and so on."},
	{message: `^cannot use nil as (\S+) value in return`, say: "nil isn't a value of $1: return its zero value, such as 0, \"\", false or point{}."},
	{message: `mismatched types string and untyped nil`, say: "A string is never nil: compare it with the empty one, \"\"."},
	{message: `mismatched types ((?:u?int|float)\d*) and untyped nil`, say: "A number is never nil: compare it with 0."},
	{message: `^cannot use nil as|mismatched types .* untyped nil`, say: "Only pointers, slices, maps, channels, functions and interfaces can be nil."},
	{message: `^cannot use (\w+) \(variable of type int\) as string|^invalid operation: (\w+) \+ .*mismatched types int and (?:untyped )?string|^invalid operation: .* \+=? (\w+) \(mismatched types (?:untyped )?string and int\)`, cell: `\bfor NAME := range `, say: "If $1$2$3 should be the element: range over a slice gives the index first, so write for _, $1$2$3 := range items. To make a string of a number, write fmt.Sprint($1$2$3)."},
	{message: `^undefined: str$`, line: `\bstr[^(\w]|\bstr$`, say: "The type is called string."},
	{message: `^cannot use (\S+) \(.*of (?:interface )?type error\) as string value`, say: "The text of an error is $1.Error()."},
	{message: `^cannot use '.+' \(untyped rune constant`, say: `Strings take double quotes: "a". Single quotes are for one character.`},
	{message: `^cannot use (\S+) \(.*of type (?:rune|byte)\) as string value`, say: "string($1) makes a string of one character."},
	{message: `^cannot use (\S+) \(value of type func\([^()]*\) ?\S*\) as (?:\w+\.)?\w+ value`, say: "$1 is a function: call it, $1()."},
	{message: `of type \[\]byte\) as string value|as \[\]byte value`, say: "Bytes become a string with string(b), and a string becomes bytes with []byte(s)."},
	{message: `^cannot use \d+ \(untyped int constant\) as string value in return`, say: `The result here is a string: with an error, return "", err.`},
	{message: `^undefined: (str|repr)$|^cannot use .* \([^()]*\b(u?int\d*|float\d*|bool|Duration)(?: constant[^()]*)?\) as string value`, say: "fmt.Sprint(x) turns anything into a string."},
	{message: `^undefined: (list|dict|set|tuple)$`, line: `\bNAME\(`, say: "[]int{} is an empty slice, Go's list, and map[string]int{} an empty map, its dict; a map[string]bool serves as a set."},
	{message: `^undefined: sum$`, line: `\bsum\(`, say: "Go has no sum: write total := 0, and then for _, x := range items { total += x }. If it is your own, run its cell first."},
	{message: `^undefined: (zip|any|all|filter)$`, line: `\bNAME\(`, say: "Go has no $1: write a loop. If it is your own, run its cell first."},
	{message: `^undefined: enumerate$`, say: "range does that: for i, x := range items."},
	{message: `^undefined: (sorted|reversed)$`, say: "slices.Sort(items) and slices.Reverse(items) change the slice itself, and return nothing; slices.Clone copies it before."},
	{message: `^undefined: isinstance$`, say: "If x is an any, n, ok := x.(int) takes out an int; ok says whether it holds one."},
	{message: `^undefined: (abs|round|open|ord|chr|sort)$`, line: `\bNAME\(`, say: "Go has no built-in $1; look in the packages math, os and slices. If it is your own, run its cell first."},
	{message: `^undefined: sync(?:\.\w+)?$`, line: `\bsync\.(R?Lock|Mutex)\(`, say: "Go's lock is a type: declare var mu sync.Mutex, and call mu.Lock() and mu.Unlock()."},
	{message: `^undefined: sync(?:\.\w+)?$`, line: `\bsync\.(\w*)\(`, say: "sync.$1 is not a function. If it is a type, declare a variable of it: var x sync.$1."},
	{message: `^undefined: (Context)$`, say: "It is in the package context: write context.$1."},
	{message: `^undefined: __name__$`, say: "Go needs no __name__: what is below %% is what runs."},
	{message: `^undefined: assert$`, say: `Go has no assert: write if n != 1 { panic("n is not 1") }.`},
	{message: `^undefined: defaultdict$`, say: "Every map of Go is one: a missing key gives the zero value, as in map[string]int{}."},
	{message: `^undefined: \w+$`, line: `^(string|int|float64|bool|error) (\w+)$`, say: "The name comes first, and then the type: $2 $1."},
	{message: `^undefined: (WaitGroup|Mutex|RWMutex)$`, say: "It is in the package sync: write sync.$1."},
	{message: `^undefined: (args|kwargs)$`, line: `\*NAME`, say: "Write a parameter for any number of values as $1 ...int."},
	{message: `^undefined: input$`, say: "A cell can't read what you type; put the value into the cell."},
	{message: `^undefined: (self|this)$`, say: "Go has no $1: a method uses the name that you give to its receiver. In func (a *account) get() int, that is a."},
	{message: `^undefined: (\w+)$|^missing parameter type`, line: `^func\s*(\([^()]*\)\s*)?\w+\(([^()]*,)?\s*((int|float64|string|bool)\s+)?NAME\w*\s*[,)]|\bfunc\((\w+, *)*NAME[,)]`, say: "Each parameter needs a type, after its name: func f(n int, name string)."},
	{message: `^undefined: (\w+)$`, near: true, line: `^(case )?NAME\s*<-`, say: "To receive, the arrow goes before the channel: $1 := <-ch."},
	{message: `^undefined: (\w+)$`, line: `^for (\w+, *)*NAME(, *\w+)*\s*=[^=]`, say: "Make a new variable with :=, as in for $1 := range items."},
	{message: `^undefined: (\w+)$`, near: true, both: true, line: `^(\w+, *)*NAME(, *\w+)*\s*=[^=]`, say: "Make a new variable with :=, as in $1 := 5."},
	{message: `^undefined: (\w+)\.\w+ \(but have (\w+)\)`, say: "Capital letters count in Go: write $1.$2."},
	{message: `.`, line: `\bstrings\.(upper|lower)\(`, say: "They are strings.ToUpper and strings.ToLower."},
	{message: `.`, line: `\btime\.time\(`, say: "The time is time.Now(), and time.Since(begin) what has passed."},
	{message: `^undefined: (\w+)$|^undefined: \w+\.(\w+)$|not exported by package`, line: `\bNAME\.[a-z]\w*\(|\b(atomic|context|errors|fmt|math|os|strings|sync|time)\.[a-z]`, say: "Names in a package that others can use begin with a capital letter, as in fmt.Println."},
	{message: `^undefined: (wg|mu|ch|ctx|g|group|done|jobs|results|once|sem|lock)$`, near: true, line: `\bNAME\.[A-Z]`, say: "There is no variable $1 here: declare it first, as in var wg sync.WaitGroup. One that is made below %% is gone when its cell ends."},
	{message: `^undefined: (\w+)$`, line: `\bNAME\.[A-Z]`, cell: `(?s)\bNAME\.[A-Z].*\bNAME\.[A-Z]`, say: "Either the package $1 lacks something that this cell takes from it, or there is no package $1. Check the spelling, here and below."},
	{message: `^undefined: (\w+)$`, near: true, line: `\bNAME\.([A-Z]\w*)`, say: "Either the package $1 has no LINE1, or there is no package $1. Check the spelling of both."},
	{message: `^undefined: (\w+)\.(\w+)`, near: true, say: "The package $1 has no $2. Check the spelling."},
	{message: `^undefined: (\w+)$`, cell: `\bNAME := func`, say: "A function literal can't use its own name yet. Declare the variable first: var $1 func(int) int, and then $1 = func(n int) int { ... }."},
	{message: `^undefined: (\w+)$`, cell: `\b(NAME(, \w+)*|\w+, NAME) :=|\bvar NAME\b`, say: "A variable exists only in the block between { and } in which it is made. Declare $1 before that block, and give it a value there with =."},
	{message: `^undefined: (Print(?:f|ln)?|Sprint(?:f|ln)?|Errorf)$`, say: "It is in the package fmt: write fmt.$1."},
	{message: `^undefined: (float|double|boolean|integer|char|bytes|null|NULL|nullptr)$`, say: "Go calls it float64, bool, int, rune, []byte or nil."},
	{message: `^undefined: ([A-Z])$`, cell: `(?m)^(func|type)\b`, say: "A type parameter is declared after the name of the function or the type: func show[$1 any](x $1)."},
	{message: `^undefined: (\w+)$`, near: true, say: "Check the spelling. If another cell declares $1, run that first; a variable made below %% is gone when its cell ends."},
	{message: `^(\S+)\.append undefined \(type \[|^append\((\w+), .* is not used$`, say: "append is a function, and gives back the longer slice: $1$2 = append($1$2, x)."},
	{message: `^(strings|time|errors|sort|slices|maps|math|context|sync|fmt|os|rand)\.\w+ undefined \(type `, say: "The variable $1 hides the package $1: give it another name."},
	{message: `^(\w+)\.\w+ undefined \(type int |cannot (?:slice|index) (\w+) \(variable of type int\)`, cell: `\bfor NAME := range `, say: "range gives the index first, and then the element: write for _, $1$2 := range items."},
	{message: `^(\w+)\.\w+ undefined \(type any `, say: "An any has no methods of its own: x, ok := $1.(string) takes out what it holds, and ok says whether it was of that type."},
	{message: `^(.+)\.(?:len|length|size) undefined \(type (?:\[\]|map\[|chan|string|untyped string)`, say: "len is a function: write len($1)."},
	{message: `Mutex has no field or method (?:acquire|release|lock|unlock|locked)\)`, say: "A mutex has the methods Lock, Unlock and TryLock."},
	{message: `cannot refer to unexported|but does have unexported`, line: `\w\.\w`, say: "A name with a small letter at its beginning is only for the package that it is in. Press Tab after the dot to see the others."},
	{message: `but does have (?:method|field) (\w+)\)$`, say: "Capital letters count in Go: write $1."},
	{message: `^(\S+)\.\w+ undefined \(type (<-)?chan`, say: "Channels have no methods: $1 <- x sends, x := <-$1 receives, and close($1) closes."},
	{message: `^(\S+)\.get undefined \(type map\[`, line: `\.get\([^()]*,`, say: "$1[key] gives the zero value, such as 0 or an empty string, where the key is missing. For another one, write v, found := $1[key], and then if !found { v = ... }."},
	{message: `^(\S+)\.\w+ undefined \(type map\[`, say: "Maps have no methods: write $1[key], delete($1, key), or for key, value := range $1."},
	{message: `^(\S+)\.\w+ undefined \(type \[\]`, say: "Slices have no methods: the package slices has functions, such as slices.Sort($1)."},
	{message: `^invalid operation: "[^"]*" % |\.format undefined \(type (untyped )?string`, say: format},
	ofString("split", `The package strings does that: strings.Fields($1) splits at white space, and strings.Split($1, ",") at commas.`),
	ofString("strip|trim", "The package strings does that: strings.TrimSpace($1)."),
	ofString("upper", "The package strings does that: strings.ToUpper($1)."),
	ofString("lower", "The package strings does that: strings.ToLower($1)."),
	ofString("join", "The package strings does that, with the slice first: strings.Join(items, $1)."),
	ofString("replace", `The package strings does that: strings.ReplaceAll($1, "a", "b").`),
	ofString("startswith|endswith", `The package strings does that: strings.HasPrefix($1, "a"), and strings.HasSuffix for its end.`),
	ofString("title|capitalize", "Go has no function for that: strings.ToUpper($1[:1]) + $1[1:] makes the first letter a capital."),
	ofString("count", `The package strings does that: strings.Count($1, "a").`),
	ofString("splitlines", `The package strings does that: strings.Split($1, "\n").`),
	ofString("isdigit|isnumeric|isdecimal", "strconv.Atoi tells you: n, err := strconv.Atoi($1), and err is nil if it is a number."),
	ofString("find|index", `The package strings does that: strings.Index($1, "a"), which is -1 if it isn't there.`),
	{message: `\.\w+ undefined \(type (untyped )?string has`, say: `Strings have no methods: the package strings has functions, such as strings.ToUpper(s) and strings.Join(items, ", ").`},
	{message: `has no field or method (\w+)\)`, cell: `(?m)^func NAME\(`, say: "$1 is a function here, not a method. A method has its receiver before its name: func (c *counter) $1() {."},
	{message: `^(\S+) undefined \(type (\S+) has no field or method (\w+)\)`, near: true, say: "$2 has nothing called $3. Press Tab after the dot to see what it has."},
	{message: `^declared and not used: (\w+)`, cell: `(?m)^(var NAME\b|(\w+, *)*NAME(, *\w+)* :=)[^\n]*\n([^\n]*\n)*[ \t]+([^\n]*[ ,])?NAME\b[^\n]*:=|^\t(var NAME\b|(\w+, *)*NAME(, *\w+)* :=)[^\n]*\n(\t[^\n]*\n|\n)*\t\t([^\n]*[ ,])?NAME\b[^\n]*:=`, say: "This := makes a second $1 that ends with its block, and the first keeps its value. To change the first, write = instead, and declare what else is on the left before, as in var err error."},
	{message: `^declared and not used: (err)$`, say: "Check it: if err != nil { ... }. If it doesn't matter, write _ in its place."},
	{message: `^declared and not used: (cancel)$`, say: "Write defer cancel() on the next line, so that the context is released."},
	{message: `^declared and not used: (\w+)`, line: `^case NAME := <-`, say: "If you don't need the value, write just case <-ch:."},
	{message: `^declared and not used: (\w+)`, line: `(^|for )NAME, .*:=|, NAME(, \w+)* :=`, say: "Write _ in place of a value that you don't need."},
	{message: `^declared and not used: (\w+)`, say: "Go refuses to build a program with an unused variable. Use $1 or remove it; for now, _ = $1 will do."},
	{message: `^no new variables on left`, line: `^_(, *_)* :=`, say: "_ isn't a variable, so write = instead of :=."},
	{message: `^no new variables on left side of :=`, say: "The variable exists already: give it another value with =."},
	{message: `redeclared in this block`, say: "The name is taken: choose another, or give the variable another value with =."},
	{message: `^go: module (\w+)\.(\w+): `, say: `The parts of a path have slashes between them: import "$1/$2".`},
	{message: `package (?:[\w/]+/)?(display|exercise|figure|footprint|gallery|imageserver|interleave|timeline|timing) is not in std`, say: `The tutorial's helpers are imported with their full path: import "tutorial/helpers/$1".`},
	{message: `^go: module |^server response: |is not in std|cannot find module|no required module provides package`, say: `Go's library has no such package. A package from elsewhere needs its whole path, such as "golang.org/x/sync/errgroup", and a network.`},

	// Types.
	{message: `\(value of type func\(\)\) as func\(\) error value`, say: "The function has to return an error: func() error { ...; return nil }."},
	{message: `type func\([^()]+\)\) as func\(\)(?: error)? value in argument to (\w+)\.Go$`, say: "The function for $1.Go has no parameters. Wrap the call: $1.Go(func() { work(3) })."},
	{message: `^cannot use (\S+) \(value of (?:interface )?type \w+\) as func\(\) error value`, say: "Pass a function that calls it: func() error { return $1 }."},
	{message: `^too many arguments in call to \w+\.Go\b|as func\(\)(?: error)? value in argument to \w+\.Go$|\(no value\) used as value`, line: `(\w+\.Go)\(([^"f]|f[^u])`, say: "Pass $1 a function, not a call: $1(func() { ... })."},
	{message: `^expression in (go|defer) must be function call`, say: "$1 needs a call, with parentheses at its end: $1 f(), or $1 func() { ... }()."},
	{message: `^invalid operation: cannot indirect (\w+) \(variable of type \[\]`, say: "f($1...) passes the elements one by one, if f takes any number of that type, as func f(n ...int) does. To print them, write fmt.Println($1)."},
	{message: `^cannot use (\S+) \(variable of type \[\]\w+\) as \[\]any value`, line: `\.\.\.`, say: "Only a []any can be passed so here. To print all of $1, write it without the dots."},
	{message: `^cannot use (.+) \((?:variable|value) of type (\S+)\) as (\[\]any|map\[\w+\]any) value`, say: "A $2 is not a $3: make $1 a $3 from the beginning, or let the other side take a $2."},
	{message: `^have \(\.\.\.|non-variadic|^(?:not enough|too many) arguments in call to \S+\nhave \(\.\.\.`, say: "The dots are for a function that takes any number of values, as func f(n ...int) does. Pass this one its values one by one: f(items[0], items[1])."},
	{message: `^middle index required`, say: "A slice has no steps in Go: loop with for i := 0; i < len(items); i += 2, or reverse it with slices.Reverse(items)."},
	{message: `^cannot assign to (\w+) \(neither addressable`, cell: `(?m)^\s*const\b`, say: "A constant keeps its value: to change $1, declare it with var instead of const."},
	{message: `^invalid append: argument must be a slice; have \w+ \(variable of type \[\d`, say: "An array such as [3]int has a fixed length; a slice, []int{1, 2, 3}, can grow."},
	{message: `mismatched types \[\]|operator \+ not defined on .*type \[\]`, say: "A slice grows by append: items = append(items, x), or append(items, others...) for all of another slice."},
	{message: `mismatched types ((rune|byte) and (untyped )?string|(untyped )?string and (rune|byte))`, say: "A character of a string is a number. Compare it with one in single quotes, s[0] == 'a'; string(c) makes a string of it."},
	{message: `mismatched types (untyped )?bool and`, line: `([<>]=?|==)[^&|]*([<>]=?|==)`, say: "Go has no chained comparison. Write both: 1 < x && x < 5, or a == b && b == c."},
	{message: `^invalid operation: cannot call (append|cap|close|copy|int|len|max|min|new|print|string) \(variable`, say: "A variable hides the function $1: give the variable another name."},
	{message: `^too many return values\nhave .*\nwant \(\)`, cell: `\.Go\(func\(\) \{[^}]*\breturn [^\n}]`, say: "The function for Go returns nothing. To keep a result, send it on a channel, or put it into a variable of your own, such as results[i]."},
	{message: `^too many return values\nhave .*\nwant \(\)`, cell: `(?m)^func (\(.*?\) )?\w+\([^()]*\) \{\n(([ \t][^\n]*)?\n)*[ \t]+(.*[ {])?return [^\n}]`, say: "A function names the type of its result before the brace: func double(n int) int {."},
	{message: `^too many return values\nhave .*\nwant \(\)`, say: "What you write below %% is main, which returns nothing: print the value. Any other function names the type of its result before the brace: func double(n int) int {."},
	{message: `float64 and time\.Duration|time\.Duration and float64|type float64\) as time\.Duration`, say: "Calculate in float64, and convert the result: time.Duration(x * float64(time.Second))."},
	{message: `int\d* and time\.Duration|time\.Duration and u?int`, say: "Convert the number first: time.Duration(n) * time.Second, or d / time.Duration(n)."},
	{message: `(int\d*|float constant)\) as time\.Duration value`, say: "A duration has a unit: write 500 * time.Millisecond, or time.Duration(n) * time.Second."},
	{message: `^(missing argument|too many arguments) in conversion to (int|float64|string|bool)$`, say: "A conversion takes one value: $2(x)."},
	{message: `^(?:missing argument|too many arguments) in conversion to (\[\]\w+)$`, say: "The elements of a slice go in braces: $1{1, 2}."},
	{message: `^(?:missing argument|too many arguments) in conversion to ([\w.]+)$`, say: "If $1 is a struct, make one with braces, $1{}, with its values inside; var x $1 declares an empty one."},
	{message: `^invalid argument: index -\d+ .*must not be negative`, line: `([\w.]+)\[(\w*:)?-(\d+)(:?)`, say: "Go doesn't count from the end: write $1[${2}len($1)-$3$4]."},
	{message: `\((slice|map) can only be compared to nil\)`, say: "To compare what is in them, write ${1}s.Equal(a, b)."},
	{message: `^cannot assign to (\w+)\[[^\[\]]*\] \(neither addressable`, say: `A string can't be changed: make a new one, such as $1 = "x" + $1[1:].`},
	{message: `^invalid operation: ("[^"]*"|\S+) \* ("[^"]*"|\S+) \(mismatched types .*string`, say: "To repeat text, write strings.Repeat(text, 3)."},
	{message: `^cannot use (.+) / (.+) \(value of type int\d*\) as float(32|64) value`, say: "/ drops the fraction of integers, and gives an integer: write float64($1) / float64($2)."},
	{message: `^cannot use (.+) \((?:value|variable) of type u?int\d*\) as (float\d+) value`, say: "Go doesn't convert numbers by itself: write $2($1)."},
	{message: `^cannot use (.+) \((?:value|variable) of type float\d+\) as (u?int\d*) value`, say: "Go doesn't convert numbers by itself: write $2($1), which drops the fraction."},
	{message: `^cannot use (.+) \((?:value|variable) of type u?int\d*\) as (u?int\d*) value`, say: "Go doesn't convert numbers by itself: write $2($1)."},
	{message: `missing method (\w+)\)\nhave (\w+)\(`, say: "Capital letters count in Go: rename $2 to $1."},
	{message: `value of type \[\]\w+\) as \w+ value in array or slice literal$|^invalid composite literal (element )?type (int|string|float64)`, say: "A slice of slices has the type [][]int: write [][]int{{1, 2}, {3, 4}}."},
	{message: `^cannot use (\S+) \(untyped float constant\) as int value in (?:array or slice|map) literal`, say: "$1 isn't an int: write float64 for the type of the values, as in []float64{1.5, 2}."},
	{message: ` as \w+ value in array or slice literal$`, say: "All elements of a slice have its type; []any{1, \"a\"} takes any."},
	{message: `string[^()]*\) as error value`, say: `Make an error with errors.New("too short"), or with fmt.Errorf to put values into its text.`},
	{message: `mismatched types any and (?:untyped )?(\w+)|mismatched types (?:untyped )?(\w+) and any|\((?:variable|value) of (?:interface )?type any\) as (\w+) value`, say: "An any may hold a value of any type. value, ok := x.($1$2$3) takes it out, and says whether that was its type."},
	{message: `^chan (\w+) \(type\) is not an expression|to type chan (\w+)$`, say: "make makes a channel: make(chan $1$2), or make(chan $1$2, 10) with room for ten values."},
	{message: `^func\(.* \(type\) is not an expression`, say: "Put the { at the end of the line that begins with func."},
	{message: `^(u?int\d*|float\d*|string|bool) \(type\) is not an expression`, say: "$1 is a type: var x $1 declares a variable of it, and $1(y) converts a value."},
	{message: `^(\S+) \(type\) is not an expression`, say: "$1 is a type. To make a value of it, put braces after it: $1{}."},
	{message: `^(\w+) \(built-in\) must be called`, say: "$1 can't be handed on. Write a function that calls it: func(s string) int { return $1(s) }."},
	{message: `as func\(i int, j int\) bool value in argument to sort\.Slice`, say: "sort.Slice hands on indexes. " + compare},
	{message: `^cannot use (.+) \(\w+ of interface type error\) as \S+ value in return`, say: "Let the function return an error as well: func parse(s string) (int, error) {, and then return 0, err."},
	{message: `: (\w+) does not implement error \(missing method Error\)`, say: "An error has a method Error: func (e $1) Error() string { return \"what went wrong\" }."},
	{message: `missing method (\w+)\)`, cell: `(?m)^func NAME\(`, say: "$1 is a function here. A method has a receiver before its name, as in func (c circle) $1()."},
	{message: `missing method (\w+)\)`, cell: `\b(type|interface)\b`, say: "It lacks the method $1 that the interface asks for: write one, with the same parameters and results."},
	{message: `method (\w+) has pointer receiver\)`, say: "Only a pointer has the method $1: put & before the value, as in &mu or &dog{}."},
	{message: `\(wrong type for method (\w+)\)`, say: "$1 has other parameters or results than the interface says. Change one of the two, so that have and want are the same."},
	{message: `^cannot use .+ \(value of struct type (\w+)\) as \*\w+ value`, say: "It wants a pointer: write & before the value, as in &$1{...}."},
	{message: `of type <-chan (\S+)\) as chan `, say: "From this channel you can only receive, so the parameter or variable for it has to be of the type <-chan $1."},
	{message: `^cannot call pointer method (\w+) on `, say: "The method $1 needs a variable: write x := ... first, and then x.$1(...)."},
	{message: `^cannot use (\w+) \(variable of (?:struct )?type ([\w.]+)\) as \*([\w.]+) value`, say: "It wants a pointer: write &$1."},
	{message: `^cannot use (\w+) \(variable of type \*([\w.]+)\) as ([\w.]+) value`, say: "It wants the value that the pointer points to: write *$1."},
	{message: `^cannot use (\w+) \(variable of type \[\]\w+\) as \w+ value in argument to`, say: "To pass all elements of a slice to a function that takes any number of values, write dots after it: $1..."},
	{message: `mismatched types (<-)?chan |\(variable of type (<-)?chan [^()]*\) as [a-bd-z]`, say: "To receive a value from a channel, write <- before it."},
	{message: `receive from non-channel func`, say: "The channel is what the method returns: write parentheses after it, as in <-ctx.Done()."},
	{message: `non-channel \*?time\.(Timer|Ticker)|cannot range over \w+ \(variable of type \*time\.Ticker`, say: "Its channel is called C: <-t.C."},
	{message: `^range over (\w+) \(variable of type (?:<-)?chan .*permits only one`, say: "A channel gives one value at a time: for x := range $1."},
	{message: `^missing type constraint|type parameter (\w+) cannot use operator|constrained by any\)`, say: "A type parameter has a constraint, which says what it can do: [T any] for nothing in particular, [T cmp.Ordered] for < and >, [T int | float64] for arithmetic."},
	{message: `cannot infer (\w+)|without instantiation`, say: "Name the type in square brackets, as in f[int](x) or stack[int]{}."},
	{message: `^cannot use \w+ \(variable of type (?:<-)?chan(?:<-)? (\w+)\) as (?:<-)?chan(?:<-)? (\w+) value in argument`, without: `\bfunc \w+\((\w+ [^,()]+, *)*\w+, *\w+ (<-)?chan`, say: "The channel carries $1, and here one of $2 is asked for: make it with make(chan $2)."},
	{message: ` as (?:<-)?chan(?:<-)? \w+ value in argument`, cell: `\bfunc \w+\((\w+ [^,()]+, *)*\w+, *\w+ (<-)?chan`, say: "In id, jobs chan int both are channels: give each parameter a type of its own, id int, jobs chan int."},
	{message: ` as (\w+) value in send$`, say: "The channel carries $1: send one of that type, or make the channel for the other, as in make(chan string)."},
	{message: ` as struct\{\} value`, say: "The only value of the type struct{} is struct{}{}."},
	{message: ` as \*\w+ value in assignment|mismatched types \*`, say: "A pointer is not the value that it points to: if p is the pointer, *p is that value, as in *p = 5."},
	{message: `^invalid array length|^array length .* must be constant`, say: "The length of an array is fixed when the program is built: make([]int, n) makes a slice of n elements."},
	{message: `type func\(\) \S+\) as func\(\) value in argument to (\w+)\.Go$`, say: "The function for $1.Go returns nothing: remove the result type, and the value after return. A channel brings results."},
	{message: ` as func\(\)(?: error)? value in argument to (\w+)\.Go$`, say: "The function for $1.Go has no parameters. It sees the variables around it."},
	{message: `^not enough arguments in call to func\(`, say: "The values for its parameters go in the parentheses at the end: }(i)."},
	{message: `^not enough arguments in call to \S+\n(?:.*\n)?want \(context\.Context`, say: "It takes a context first: the ctx that you have, or context.Background()."},
	{message: `^too many arguments in call to errors\.New\n`, say: `fmt.Errorf puts values into an error's text: fmt.Errorf("not found: %v", x).`},
	{message: `arguments in call to rand\.Shuffle\n`, say: "It takes the length, and a function that swaps two elements: rand.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })."},
	{message: `^(?:not enough|too many) arguments in call to (\S+)\nhave `, line: `^[^*]*$`, say: "have is what you passed, want is what $1 takes."},
	{message: `(mismatched types |non-numeric type )(sync/)?atomic\.`, say: "It has methods instead of operators: n.Add(1), n.Load(), n.Store(5)."},
	{message: `in argument to strings\.Join`, say: "strings.Join takes a slice of strings, and then what goes between them. fmt.Sprint(x) makes a string of anything."},
	{message: `^(cannot index|cannot range over|invalid argument:).* of (interface )?type any\)`, say: "An any may hold a value of any type: take it out first, as in xs, ok := x.([]int)."},
	{message: `^invalid argument: cannot make (\w+)`, say: "make makes a slice, a map or a channel: make([]$1, 5), make(chan $1)."},
	{message: `^func\(.*\}\(\) \(no value\) used as value`, say: "Hand over the function, and don't call it: leave out the () behind its last brace."},
	{message: `\(no value\) used as value`, say: "The function returns nothing, so there is nothing to assign or print. (slices.Sort and sort.Ints change the slice itself.)"},
	{message: `^select case must be`, line: `^case (time\.After|\w+\.Done)\(`, say: "Write <- before it, to receive from the channel that it returns: case <-$1(...):."},
	{message: `^select case must be`, say: "Each case of a select sends or receives, as in case x := <-ch:. To compare values, write switch."},
	{message: `^cannot assign to struct field (\w+)\[(.+)\]\.(\w+) in map`, say: "A field of a struct in a map can't be changed in place: x := $1[$2], then x.$3 = ..., then $1[$2] = x."},
	{message: `^unknown field (\w+) in struct literal`, near: true, say: "The struct has no field of that name. If the field is in an embedded struct, name that one first: dog{animal: animal{name: \"Rex\"}}."},
	{message: `^invalid append: argument must be a slice; have \w+ \(variable of type chan`, say: "To put a value into a channel, send it: ch <- x."},
	{message: `^invalid append: argument must be a slice; have (\w+) \(variable of type string`, say: "A string grows by +: $1 += \"b\"."},
	{message: `operator - not defined on .*time\.Time`, say: "time.Since(start) is the time since start, and end.Sub(start) the time between the two."},
	{message: `operator % not defined on "`, say: format},
	{message: `^assignment mismatch: 1 variable but errgroup\.WithContext returns`, say: "It returns two values: g, ctx := errgroup.WithContext(ctx), with the context that you have, or context.Background()."},
	{message: `^assignment mismatch: 1 variable but (context\.With(?:Timeout|Cancel|Deadline)) returns`, say: "It returns two values: ctx, cancel := $1(...). Write defer cancel() below it."},
	{message: `^assignment mismatch: 1 variable but (\w+) returns 2 values`, cell: `(?m)^func NAME\(.*\) \([^,()]*, *(\w+ )?bool\)`, say: "It returns two values, and the second says whether there is the first: value, ok := $1(...), and then if ok { ... }. Write _ in place of one that you don't need."},
	{message: `^assignment mismatch: 1 variable but (\w+) returns 2 values`, cell: `(?m)^func NAME\(.*\) \([^,()]*, *(\w+ )?([a-df-z*\[]\w*|[A-Z]\w*)`, say: "It returns two values: first, second := $1(...). Write _ in place of one that you don't need."},
	{message: `^assignment mismatch: 1 variable but .* returns 2 values`, say: "It returns two values, most often a value and an error: value, err := f(), and then if err != nil { ... }."},
	{message: `^not enough return values\nhave \(error\)\nwant \(\w+, error\)`, say: "A function returns a value for each of its results: return 0, err."},
	{message: `^not enough return values\nhave \([^,]*\)\nwant \(\w+, error\)`, say: "A function returns a value for each of its results: return x, nil."},
	{message: `^assignment mismatch: \d variables but 1 value`, line: `:?= ([a-z]\w*)$`, say: "Go doesn't unpack a slice: write a, b := $1[0], $1[1]."},
	{message: `^multiple-value (.+?) (?:\(value of .*)?in single-value context`, say: "It returns two values. Take them first, x, err := $1, and then use x."},
	{message: `^assignment mismatch|multiple-value .* in single-value context|too many return values|not enough return values`, say: "Count the values on both sides: a function returns all its results, and each needs a variable."},
	{message: `mismatched types (error and (untyped )?string|(untyped )?string and error)|to type interface\{Error\(\) string\}`, say: "An error isn't a string: err.Error() is its text, fmt.Errorf(\"bad: %w\", err) wraps it in another error, and errors.Is(err, other) compares two."},
	{message: `to type sync\.Cond$`, say: "A condition variable is made with its lock: cond := sync.NewCond(&mu)."},
	{message: `^cannot convert .* to type ([A-Z]\w*|\w+\.\w+)$`, say: "If $1 is a struct, make one with braces: $1{}, with its values inside."},
	{message: `^cannot convert (\S+) \(untyped float constant\) to type int`, say: "int doesn't round a number that is written out: use math.Round, or write a whole number."},
	{message: `untyped float constant\) truncated to int64`, say: "A duration is a whole number with a unit: write 500*time.Millisecond. elapsed.Seconds() is a float64."},
	{message: `untyped float constant\) truncated to int$`, say: "Go doesn't convert numbers by itself: write float64(n) for the integer n beside it."},
	{message: `^invalid operation: (\w+) [-+*/]?= .*\(mismatched types int and float64`, cell: `\bNAME :?= -?\d+$|\bNAME :?= -?\d+\n|\bNAME int\b`, say: "$1 is an int. To keep the fractions, let it begin as a float64: $1 := 0.0."},
	{message: `^invalid operation: (\S+) .*\(mismatched types func\(\)|^invalid operation: .* (\S+) \(mismatched types .* and func\(\)`, say: "$1$2 is a function: call it, $1$2()."},
	{message: `^cannot convert (\S+) \(.*string.*\) to type int$`, say: "int doesn't read text: write n, err := strconv.Atoi($1), and then if err != nil { ... }."},
	{message: `^cannot convert (\S+) \(.*string.*\) to type float64$`, say: "float64 doesn't read text: write x, err := strconv.ParseFloat($1, 64), and then if err != nil { ... }."},
	{message: `^cannot convert (\S+) \(.*string.*\) to type bool$`, say: "bool doesn't read text: write ok, err := strconv.ParseBool($1), and then if err != nil { ... }."},
	{message: `mismatched types .*rune`, line: `'[^'\\]'`, say: `Strings take double quotes, also those of one letter: "c". In single quotes it's a number, the letter's code.`},
	{message: `mismatched types .*string|cannot convert .* to type string|cannot convert .*string`, say: `Go doesn't convert by itself. fmt.Sprint(n) turns a number into a string, and strconv.Atoi(s) a string into a number.`},
	{message: `mismatched types (untyped )?(u?int|float)\w* and (untyped )?(u?int|float)\w*`, say: "Go doesn't convert numbers by itself: write float64(n) or int(x)."},
	{message: `^invalid argument: (\w+) \(variable of type \[\].*cannot be ordered`, say: "max and min take single values; for a slice, write slices.Max($1)."},
	{message: `^cannot use _ as value`, line: `^case _`, say: "case _ is default in Go."},
	{message: `operator ! not defined`, line: `! *([\w.]+) *(?:==|!=|<|>)`, say: "! comes before ==, <, and >: put parentheses around the comparison, as in !($1 == 2), or write $1 != 2."},
	{message: `^non-boolean condition|operator ! not defined`, line: `^(?:if|for) !?(err\w*) *\{`, say: "Write if $1 != nil { for an error, and if $1 == nil { for none."},
	{message: `^non-boolean condition`, line: `\b(\w+)\.Done\(\)`, say: "$1.Err() != nil says whether the context is done."},
	{message: `^non-boolean condition|operator ! not defined`, say: "A condition is true or false: write if n != 0, if len(s) > 0, if p != nil, and with == for the opposite."},
	{message: `^missing return$`, line: `\bfunc\(.*\{.*\}`, say: "Its result needs the word return, also in a function that is written on one line."},
	{message: `^missing return`, say: "A function with a result has to return one on every path through it."},
	{message: `is not used$`, line: `^[+*/-]`, say: "An operator goes at the end of the line before, not at the beginning of this one."},
	{message: `is not used$`, line: `\bfunc\(.*\) *\w+ *\{`, say: "Its result needs the word return, also in a function that is written on one line."},
	{message: `is not used$`, line: `^for .*;`, say: "The last part of for changes its variable: i++, or i += 2."},
	{message: `^(\S+) \(value of type func\(.* is not used$`, say: "$1 is a function: call it, $1()."},
	{message: `is not used$`, say: "The value isn't used: give it a name, print it, or remove it."},
	{message: `cannot close receive-only channel (\w+)`, say: "Only the sender closes a channel. Take close($1) away here, and close the channel where its last value has been sent."},
	{message: `send-only|receive-only`, say: "The arrow in a channel's type says which way it goes: you can only send to a chan<-, and only receive from a <-chan."},
	{message: `^cannot range over`, say: "range takes a number, a slice, a map, a string, a channel, or a function that is an iterator."},

	// What timing.Compare ends with when nothing moves.
	{message: `nothing has moved for .*\bone goroutine waits for a lock`, say: lockedAgain},
	{message: `nothing has moved for .* for a lock`, say: keptLock},
	{message: `nothing has moved for .* to send`, say: "Nobody receives what is sent there. Receive it in another goroutine, or give the channel room for all values: make(chan int, 10)."},
	{message: `nothing has moved for .* to receive`, say: "Nobody sends any more what is waited for there. Whoever sends closes the channel after the last value; with several senders, wait for all of them, and then close it."},
	{message: `nothing has moved for .* for a WaitGroup`, say: "A goroutine that the WaitGroup counts never calls Done, or Add counts more than there are. wg.Go does both: wg.Go(func() { ... })."},

	// What a program ends with.
	{message: `all goroutines are asleep(.*\n)+.*\[chan send`, cell: `make\(chan (struct\{\}|bool), `, say: "If the channel is a semaphore, give the place back at the end: defer func() { <-sem }() behind the line that takes it."},
	{message: `all goroutines are asleep.*\n.*chan send(.*\n)+.*\[chan send`, say: "Others want to send as well, and nobody receives from them. Send, and close, from a separate goroutine, so that this one can receive."},
	{message: `all goroutines are asleep.*\n.*chan send.*\nmain\.main\b`, line: `^\w+ <- `, cell: `(?ms)^\w+ <- .*^go func\([^{]*\{[^}]*(<-\w|range )`, say: "The goroutine that receives would be started only below this line: put the send below it."},
	{message: `all goroutines are asleep.*\n.*chan send.*\nmain\.main\b`, say: "Nobody receives from this channel while you send. Send from another goroutine, go func() { ch <- x }(), or give the channel more room, as in make(chan int, 1)."},
	{message: `all goroutines are asleep.*\ngoroutine 1 \[chan send.*\nmain\.(\w+)\(`, cell: `(?m)^func NAME\(.*\) *(<-)?chan\b`, say: "$1 waits here until somebody receives, but it returns the channel only afterwards. Send from a goroutine inside it, go func() { ...; close(out) }(), and return the channel right away."},
	{message: `all goroutines are asleep.*\ngoroutine 1 \[chan send.*\nmain\.(\w+)\(`, say: "main waits inside $1 until somebody receives, and main itself can't receive in the meantime. Start $1 in a goroutine: write go before its call."},
	{message: `all goroutines are asleep.*\n.*chan send`, say: "Nobody receives what is sent here. Receive it in another goroutine, or in main while this one runs."},
	{message: `all goroutines are asleep.*\n.*chan receive \(nil`, say: "The channel is nil; make it: make(chan int)."},
	{message: `all goroutines are asleep(.*\n)+.*Mutex`, cell: `(?m)^func .*[ (]sync\.(RW)?Mutex[,)]`, say: "The function gets a copy of the mutex, and the copy of a locked one stays locked. Pass a pointer: mu *sync.Mutex, and &mu in the call."},
	{message: `all goroutines are asleep.*\n.*chan receive(.*\n)+.*\[sync\.\w*Mutex`, say: keptLock},
	{message: `all goroutines are asleep.*\n.*chan receive(.*\n)+.*\[chan receive\]`, line: `\brange (\w+)`, without: `\bclose\(`, say: "Both loops go on until their channel is closed. Close the one that the other goroutine receives from once everything is sent; the lines below name its place. Then close LINE1, too, once all who send to it have ended."},
	{message: `all goroutines are asleep.*\n.*chan receive(.*\n)+.*\[chan receive\]`, say: "Another goroutine waits for values, too, so it doesn't come to what you wait for. Close the channel that it receives from once everything is sent; the lines below name its place."},
	{message: `all goroutines are asleep.*\n.*chan receive`, line: `\brange (\w+)`, cell: `\bWaitGroup\b`, say: "Nobody has closed the channel, so the loop waits for more. Close it when every sender is done, in a goroutine that you start before the loop: go func() { wg.Wait(); close($1) }()."},
	{message: `all goroutines are asleep.*\n.*chan receive`, line: `(?:^|[^,] ?:?= ?|[(,+] ?)<-(\w+)`, without: `\w, \w+ :?= ?<-`, say: "No goroutine is left that could send on this channel. Each value that you receive, some goroutine has to send: $1 <- x."},
	{message: `all goroutines are asleep.*\n.*chan receive`, line: `\brange (\w+)`, cell: `for\b[^\n]*\{\s*go\b`, say: "Nobody sends any more, and nobody has closed the channel. Start each sender with wg.Go(func() { ... }), where wg is declared by var wg sync.WaitGroup, and before this loop write go func() { wg.Wait(); close($1) }()."},
	{message: `all goroutines are asleep.*\n.*chan receive`, line: `\brange (\w+)`, say: "Nobody sends any more, and nobody has closed the channel. Whoever sends writes close($1) after the last value; with several senders, wait for all of them, and then close it."},
	{message: `all goroutines are asleep.*\n.*chan receive`, say: "Nobody sends any more, and nobody has closed the channel. The sender closes it after the last value; with several senders, wait for all of them, and then close it."},
	{message: `all goroutines are asleep(.*\n)+.*\[chan send\]:\n.*errgroup\.\(\*Group\)\.Go`, say: "A goroutine of the group calls Go and waits there for a place, and it holds a place itself. TryGo doesn't wait; or start it from outside the group."},
	{message: `all goroutines are asleep.*\n.*WaitGroup(.*\n)+.*\[chan send`, say: "Goroutines wait to send, and nobody receives before they are done. Receive in the meantime, and do the waiting in another goroutine: go func() { wg.Wait(); close(results) }()."},
	{message: `all goroutines are asleep.*\n.*WaitGroup(.*\n)+.*\[chan receive`, say: "Goroutines wait to receive, and nobody sends to them any more. Close their channel before you wait for them."},
	{message: `all goroutines are asleep.*\n.*WaitGroup(.*\n)+.*\[sync\.\w*Mutex`, say: keptLock},
	{message: `all goroutines are asleep.*\n.*WaitGroup`, cell: `(?m)^func .*[ (]sync\.WaitGroup[,)]`, say: "The function gets a copy of the WaitGroup, so Done counts down the copy. Pass a pointer: wg *sync.WaitGroup, and &wg in the call."},
	{message: `all goroutines are asleep.*\n.*WaitGroup`, say: "A goroutine that the WaitGroup counts never ends or never calls Done, or Add counts more than there are. Begin each of them with defer wg.Done()."},
	{message: `all goroutines are asleep.*\n.*(Mutex|semacquire)`, cell: `\bR?Lock\(\)`, without: `\bR?Unlock\b`, say: "Nothing in this cell unlocks. After what a mu.Lock() protects, and before the next Lock, write mu.Unlock(); defer mu.Unlock() right after it unlocks when the function ends."},
	{message: `all goroutines are asleep.*\n.*(Mutex|semacquire)`, cell: `\bfor\b[^\n]*\{[^}]*\bdefer \w+\.R?Unlock\(`, say: "defer unlocks when the function ends, and not at the end of each pass of the loop. Unlock at the end of the pass, without defer, or put the body of the loop into a function of its own."},
	{message: `all goroutines are asleep.*\n.*(Mutex|semacquire)`, cell: `\.R?Lock\(\)[^}]*\b(continue|break|return)\b[^}]*\}[^}]*\.R?Unlock\(`, without: `\bdefer [\w.]+\.R?Unlock`, say: "A continue, break or return between Lock and Unlock leaves it locked: unlock before it, too."},
	{message: `all goroutines are asleep.*\n.*(Mutex|semacquire)`, say: lockedAgain},
	{message: `all goroutines are asleep.*\n.*\[select\]`, say: "No case of this select can happen any more: no goroutine is left at the other end of its channels. Start one before it, or add default: to go on without."},
	{message: `all goroutines are asleep`, say: "Every goroutine is waiting, and none is left to wake another. The lines below say who waits where."},
	{message: `assignment to entry in nil map`, line: `^(\w+\.(\w+))\[`, say: "Make the map before you write to it, with the type that the field has: $1 = map[string]int{}. Or make it together with the struct, between its braces: $2: map[string]int{}."},
	{message: `assignment to entry in nil map`, say: "Make the map before you write to it: m := map[string]int{}."},
	{message: `errors: target must be`, say: "errors.As stores the error that it finds: pass it a pointer, as in errors.As(err, &target)."},
	{message: `nil pointer dereference`, say: "Something on this line is nil: a pointer, function or interface that was never set, or a result whose error nobody checked."},
	{message: `index out of range`, cell: `(?m)= *[\w.()]+ *// *\d+$`, say: "In Go, // begins a comment, so nothing was divided. Between integers, a plain / drops the remainder."},
	{message: `index out of range \[\d+\] with length 0`, say: "It has no elements yet: make it with its length, as in make([]int, 5), or append one."},
	{message: `index out of range \[(-?\d+)\] with length (\d+)`, say: "The last index is one less than the length, $2; there is no index $1."},
	{message: `concurrent map (writes|read and map write|iteration and map write)`, say: "Several goroutines use the map at once: guard it with a sync.Mutex."},
	{message: `close of closed channel`, cell: `\bdefer close\(`, say: "A channel can be closed only once, and defer close(...) closes it, too, when its function ends. Keep one of the two."},
	{message: `close of closed channel`, say: "A channel can be closed only once. If several goroutines come here, close it once, after wg.Wait(), or wrap the close in sync.OnceFunc."},
	{message: `send on closed channel`, say: "Let only one goroutine close a channel: the one that sends, once it has sent everything. If several send, close it after wg.Wait()."},
	{message: `negative WaitGroup counter`, say: "Done was called more often than Add counted. wg.Go does both for you: leave out Add and Done then."},
	{message: `stack overflow|goroutine stack exceeds`, cell: `(?ms)^func main\(.*^%%`, say: "What you write below %% is main already, so main() calls itself. Give the function above %% another name."},
	{message: `interface conversion: interface \{\} is (\S+), not `, say: "It holds a $1. value, ok := x.(int) doesn't panic; ok says whether it holds an int."},
	{message: `slice bounds out of range`, say: "The end of a slice may be at most its length: check len first."},
	{message: `[uU]nlock of unlocked`, say: "Unlock needs a Lock before it, and RUnlock an RLock."},
	{message: `stack overflow|goroutine stack exceeds`, line: `^main\(\)`, say: "What you write below %% is main already, so main() calls itself. Give your function another name."},
	{message: `stack overflow|goroutine stack exceeds`, say: "A function calls itself without end."},
	{message: `integer divide by zero`, say: "Check that the divisor isn't 0 before you divide."},
}

var textOrComment = regexp.MustCompile(`(")(?:\\.|[^"\\])*(")|\s*//.*`)

// Hint says in a sentence or two what to do about a message, which a line of a cell has led to. It is empty if that is not known.
// The names are those that may be meant by one that is misspelt.
func Hint(message, line, cell string, names ...string) string {
	line = textOrComment.ReplaceAllString(line, "$1$2")
	for _, h := range hints {
		said := regexp.MustCompile(h.message)
		groups := said.FindStringSubmatchIndex(message)
		if groups == nil {
			continue
		}
		name := ""
		for i := 2; i < len(groups) && name == ""; i += 2 {
			name = message[max(0, groups[i]):max(0, groups[i+1])]
		}
		with := func(expression string) *regexp.Regexp {
			return regexp.MustCompile(strings.ReplaceAll(expression, "NAME", regexp.QuoteMeta(name)))
		}
		about := with(h.line)
		inLine := about.FindStringSubmatchIndex(line)
		if inLine == nil || !with(h.cell).MatchString(cell) || h.without != "" && regexp.MustCompile(h.without).MatchString(cell) {
			continue
		}
		if h.unclosed || h.surplus {
			unclosed, surplus := braces(cell)
			if h.unclosed && unclosed > 0 || h.surplus && surplus > 0 {
				return fmt.Sprintf(h.say, unclosed+surplus) // one of the two is 0
			}
			continue
		}
		if h.keyword {
			if meant := misspelt(line); meant != "" {
				return "Did you mean " + meant + "?"
			}
			continue
		}
		if h.near {
			word := message[groups[len(groups)-2]:groups[len(groups)-1]]
			isPredeclared := func(name string) bool { return slices.Contains(predeclared, name) }
			known := slices.DeleteFunc(slices.Clone(names), isPredeclared)
			if strings.HasPrefix(message, "undefined: ") {
				known = append(known, predeclared...)
			}
			if meant := nearest(word, known); meant != "" && !isPredeclared(word) {
				if of := unknownMember.FindStringSubmatch(message); of != nil {
					meant = of[1] + "." + meant
				}
				question := "Did you mean " + meant + "?"
				if h.both {
					question += " If not: " + string(said.ExpandString(nil, h.say, message, groups))
				}
				return question
			}
		}
		if len(groups) == 2 {
			return string(about.ExpandString(nil, h.say, line, inLine))
		}
		answer := string(said.ExpandString(nil, h.say, message, groups))
		if len(inLine) > 2 && inLine[2] >= 0 {
			answer = strings.ReplaceAll(answer, "LINE1", line[inLine[2]:inLine[3]])
		}
		return answer
	}
	return ""
}

var keywords = strings.Fields("break case chan const continue default defer else fallthrough for func import interface map package range return select struct switch type var")

// wordBefore matches a word at the beginning of a statement or behind a =, and what follows it.
var wordBefore = regexp.MustCompile(`(?:^|[};=]\s*)([a-z]{3,})(?: +[\w"*&(<\[]| *\{)`)

var typeName = regexp.MustCompile(`^type \w+ `)

// misspelt returns the keyword that a word of a line is nearly.
func misspelt(line string) string {
	for _, word := range wordBefore.FindAllStringSubmatch(typeName.ReplaceAllString(line, ""), -1) {
		if word[1] == "function" {
			return "func"
		}
		if !slices.Contains(keywords, word[1]) {
			if meant := nearest(word[1], keywords); meant != "" {
				return meant
			}
		}
	}
	return ""
}

// predeclared are names that every cell has: Go's own, and packages of the library, which need no import.
var predeclared = append(strings.Fields("append bool byte cap close delete error false float64 int len make map max min nil panic rune string true"),
	slices.Sorted(maps.Keys(library))...)

// nearest returns the name that differs from the given one only in capital letters, or else in the fewest letters, at most one of four; of
// several the longest, since most often a letter is missing. It is empty if there is none.
func nearest(name string, names []string) string {
	best, least := "", max(1, len(name)/4)+1
	for _, other := range names {
		d := distance(strings.ToLower(name), strings.ToLower(other))
		isNearer := d < least || d == least && best != "" && len(other) > len(best)
		isLikely := d == 0 || len(name) > 5 || len(name) > 2 && isUpper(name) == isUpper(other)
		if other != name && isNearer && isLikely {
			best, least = other, d
		}
	}
	return best
}

func isUpper(name string) bool { return name != "" && 'A' <= name[0] && name[0] <= 'Z' }

// distance is how many letters have to be added, removed, replaced or swapped with the next to make one word of another.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1) // for one letter of a less, and for two
	for j := range before {
		before[j] = j
	}
	for i := range len(a) {
		now := make([]int, len(b)+1)
		now[0] = i + 1
		for j := range len(b) {
			replaced := before[j]
			if a[i] != b[j] {
				replaced++
			}
			now[j+1] = min(before[j+1]+1, now[j]+1, replaced)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				now[j+1] = min(now[j+1], last[j-1]+1)
			}
		}
		last, before = before, now
	}
	return before[len(b)]
}
