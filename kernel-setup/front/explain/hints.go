package explain

import (
	"regexp"
	"strings"
)

// A hint says what to do about a message. Each of its expressions has to match, where it has one.
type hint struct {
	message string // what the compiler or the program said; of a deadlock, with what the first goroutine does
	line    string // the line it is about, without text and comments; NAME is the first group of message that has matched
	cell    string // the cell's source; NAME is the same
	without string // the cell's source may not match this
	near    bool   // the last group of message may be misspelt: a name that is nearly the same says more than say
	say     string // with $1 and so on for the groups of message, or of line if message has none
}

// python is what only a program in Python has.
const python = `(?m)^\s*(def \w+\(.*\).*:|class \w+(\(.*\))?:|(if|elif|while|for|with|except|async (def|for|with)) .*:|else:|try:|finally:|except:|from [\w.]+ import .+|import \w+( as \w+)?(, \w+)*)\s*(#.*)?$|\bprint\(f["']|^\s*(async def|await|elif)\b`

// begun matches a cell that has a line which begins its program.
const begun = `(?m)^(//gonb:)?(%%([ \t]|$)|%main\b|%exec\b|%test\b)`

// misplaced is what the parser says of a word that Go doesn't have.
const misplaced = `^(expected|missing ',')`

// golang is what only a program in Go has.
const golang = `(?m)^\s*\w+(, *\w+)* := |:= range |\bfmt\.[A-Z]|^func `

const compare = "Go sorts with a function that compares two values: slices.SortFunc(names, func(a, b string) int { return len(a) - len(b) })."

const format = `To put values into text, write fmt.Sprintf("%d items", 3).`

const noExceptions = `Go has no try and no exceptions: a function returns an error, as in return errors.New("too short"), which you check with if err != nil.`

// forElse matches a loop with an else, as Python has it, if what is in the loop is not nested deeper than it usually is.
const forElse = `(?m)^\s*for\b.*\{[^{}]*(\{[^{}]*(\{[^{}]*\}[^{}]*)*\}[^{}]*)*\}\s*else\b`

const syntax = `^(expected|illegal|missing|unexpected|syntax error|label|string literal not terminated|rune literal not terminated|undefined: (async|await|self|None|True|False|elif|range|str)\b)`

var hints = []hint{
	// What was meant for another language, or stands in the wrong place.
	{message: `can only appear at the start of the cell`, say: "A line such as %%script python3 has to be the first line of its cell."},
	{message: `^expected statement, found 'import'`, line: `^import (fmt|sync|strings|strconv|errors|context|[\w.]+/[\w/.]+)$`, say: `Imports go above %%, with quotes: import "$1".`},
	{message: `^missing import path`, cell: begun + `|` + golang, say: `Put the path of a package in double quotes: import "fmt".`},
	{message: syntax, cell: python, without: begun + `|` + golang, say: "This looks like Python: begin the cell with %%script python3."},
	{message: syntax, cell: python, without: golang, say: "This looks like Python: begin the cell with %%script python3 instead of %%."},
	{message: `^expected`, line: `^async (?:def|func) (\w+)`, say: "Go has no async: write func $1(n int) int {, as for any function. A call with go before it runs while the rest goes on."},
	{message: `^expected`, line: `^def (\w+)`, say: "Write func, with the types of the parameters and of the result: func $1(n int) int {."},
	{message: `^expected`, line: `^class (\w+)`, say: "Go has no classes: write type $1 struct { ... }, and its methods as functions with a receiver."},
	{message: `^expected declaration, found '?%`, say: "Write %% at the very beginning of its line."},
	{message: `^expected declaration, found import|^imports must appear before other declarations`, say: "Put imports above everything else in the cell."},
	{message: `^(label|expected)`, line: `^(try|except|finally)\b.*:$|^(raise|except) `, say: noExceptions},
	{message: `^expected declaration, found`, without: begun, say: "Did you forget %%? What you want to run goes below a line %%."},
	{message: `^expected declaration, found`, say: "Statements go below %%. Only declarations go above it: import, func, type, var and const."},
	{message: `^expected statement, found 'import'`, say: "Imports go above %%."},
	{message: `^expected '\(', found \w+`, line: `^func\s*(\(.*\)\s*)?\w`, say: "Functions with a name go above %%. Below it, write name := func() { ... }."},
	{message: `^missing import path`, say: `Put the path of a package in double quotes: import "fmt".`},

	// Signs that other languages have.
	{message: `rune literal|^illegal character U\+0027`, line: `\b[fF]'`, say: `Go has no f'...': write fmt.Printf("x = %v\n", x), or fmt.Sprintf to keep the text.`},
	{message: `rune literal|^illegal character U\+0027`, say: `Strings take double quotes: "hello". Single quotes are for one character.`},
	{message: `^illegal character U\+(201C|201D|2018|2019|201E)|^curly quotation mark`, say: `These are typographic quotes; type straight ones: "hello".`},
	{message: `^illegal character U\+0023`, say: "A comment begins with // in Go."},
	{message: `^illegal character U\+003F|^expected ';', found 'if'`, line: `\?|\bif\b.*\belse\b`, say: "Go has no x ? a : b, and no a if x else b; write if and else."},
	{message: `^illegal label declaration|^label \w+ defined and not used|^expected ';'`, line: `^\w+\s*:\s*[\w\[\]]+\s*=|^(int|float64|string|bool)\s+\w+\s*=`, say: "In Go, the type comes after the name: var x int = 3, or x := 3."},
	{message: `^illegal label declaration|^expected ('\{'|(for|if|switch) )`, line: `:\s*\{?$`, say: "A block begins with { at the end of the line, not with a colon."},
	{message: `.`, line: `^while\b`, say: "Go has only for: for x < 3 { ... }, and for { ... } to loop for ever."},
	{message: `^expected ']', found 'for'`, say: "Go has no comprehensions: begin with an empty slice, and append to it in a loop."},
	{message: `^expected`, line: `^for\b.* in\b`, say: "Write for i := range 3 to count, and for i, x := range items to go over a slice or a map."},
	{message: misplaced, line: `[\w")\]] (not )?in [\w"\[]`, say: "Go has no in: write slices.Contains(items, x) for a slice, and _, found := m[key] for a map."},
	{message: misplaced, line: `\S is \S`, say: "Write == instead of is, and != instead of is not."},
	{message: misplaced, line: `\S (and|or) \S|\bnot \S`, say: "and, or, not are &&, ||, ! in Go."},
	{message: misplaced, line: `\br?f"`, say: `Go has no f"...": write fmt.Printf("x = %v\n", x), or fmt.Sprintf to keep the text.`},
	{message: misplaced, line: `\blambda\b`, say: "Write a function literal: func(x int) int { return x + 1 }."},
	{message: `^expected operand, found '>'`, line: `(\w+)\s*->`, say: "To send, write $1 <- x, and to receive, x := <-$1."},
	{message: `^expected '\)', found`, line: `^(for|if|switch)\s*\(.*(:=|;)`, say: "Leave out the parentheses: for i := 0; i < 3; i++ {."},
	{message: `^expected ':', found newline`, line: `^(?:case|default)\b`, say: "The line of a case ends with a colon: case 1, 2:."},
	{message: `^expected operand, found 'go'`, say: "go gives nothing back: send the result on a channel, go func() { results <- f() }(), and receive it where you need it, <-results."},
	{message: misplaced, line: `\bawait\b`, say: "Go needs no await: a call waits for its result, unless you write go before it."},
	{message: `^(expected|missing|unexpected)`, cell: `(?m)^\s*(try|\}\s*(except\b.*|catch\b.*|finally))\s*\{`, say: noExceptions},
	{message: `^expected`, line: `^with \S`, say: "Go has no with: write defer f.Close() once os.Open has given you f without an error, and mu.Lock() with defer mu.Unlock() for a lock."},
	{message: `^expected`, line: `^assert \S`, say: `Go has no assert: write if n != 1 { panic("n is not 1") }.`},
	{message: `^expected`, line: `^match (?:\S+) \{`, say: "Go's match is switch, and its case _ is default."},
	{message: `^expected`, line: `^""""""`, say: "A comment begins with //. One that says what a function does goes above it."},
	{message: `^expected`, line: `^func\b.*\)\s*->`, say: "Write the type of the result without an arrow: func double(n int) int {."},
	{message: `^expected operand, found 'type'`, say: `To see the type of x, write fmt.Printf("%T\n", x).`},
	{message: `^expected ('\)', found ','|operand, found 'range')`, line: `\brange\s*\(|range range`, say: "range counts from 0, without parentheses: for i := range 10. To begin elsewhere, write for i := 1; i < 10; i++."},
	{message: `^expected ';', found ','`, line: `^func\b`, say: "Several results go in parentheses: func f() (int, error) {."},
	{message: `^expected '\)', found ','`, line: `"\s*%\s*\(`, say: format},
	{message: `^expected '\)', found ','`, line: `(=|return|in)\s*\(`, say: "Go has no tuples: use a slice, a struct, or several variables, as in x, y := 1, 2."},
	{message: `^illegal character U\+0040`, say: "Go has no decorators: call one function with the other, as in fast := cache(slow)."},
	{message: `^expected`, line: `^(?:global|nonlocal) \S`, say: "Go needs no global: a function sees the variables around it, and = changes them."},
	{message: `^expected`, line: `^let (\w+)`, say: "Make a new variable with :=, as in $1 := 5."},
	{message: `^expected`, line: `^yield \S`, say: "Go has no yield: return all values in a slice, or send them one by one on a channel."},
	{message: `^expected`, line: `^del \S`, say: "Write delete(m, key) for a map, and items = slices.Delete(items, 0, 1) for a slice."},
	{message: `^expected`, line: `^\}?\s*elif\b`, say: "Go's elif is else if: } else if x > 3 {."},
	{message: `^undefined: pass$`, say: "Go needs no pass: an empty block is just { }."},
	{message: `^invalid operation: cannot indirect`, line: `\*\*`, say: "Go has no operator for powers: write x * x, or math.Pow(x, 3), which gives a float64."},
	{message: `^expected '==', found '='`, line: `^\w+\s*:?=\s*\w+\s*=`, say: "An assignment has no value in Go: write x, y = 3, 3, or x, y := 3, 3 if they are new."},
	{message: `^expected '==', found '='`, line: `\b(key|reverse)\s*=`, say: compare},
	{message: `^expected '==', found '='`, line: `\w[({][^(){}]*\w\s*=`, say: "Go has no arguments by name: write only the values, in the order of the parameters. The fields of a struct take a colon: point{x: 1}."},
	{message: `^expected boolean expression, found assignment`, say: "To compare two values, write ==."},
	{message: `^missing ',' in parameter list`, line: `\([^)]*\w\s*:`, say: "The type follows the name without a colon: func f(n int)."},
	{message: `^missing ',' in parameter list`, line: `\([^)]*\w\s*=`, say: "Go has no default values: each call passes all the arguments."},
	{message: misplaced, line: `\+\+\w|--\w|=.*(\+\+|--)$|(\+\+|--)\s*[,)]`, say: "i++ is a statement in Go, without a value: write it like this, on a line of its own."},
	{message: `found 'else'`, cell: forElse, say: "A loop has no else in Go: write found := false before it, found = true before its break, and if !found { ... } after it."},
	{message: `^expected (statement|'\}'), found 'else'`, say: "Put else on the same line as the closing brace: } else {."},
	{message: `^expected`, line: `^for\b[^;]*,[^;]*[<>][^;]*,`, say: "Semicolons separate the three parts: for i := 0; i < 3; i++ {."},
	{message: `^expected '\{'|^expected (if|for) .*\{|unexpected newline, expected \{`, say: "Put the { at the end of the line that begins with if, for or func."},
	{message: `^expected .* found ':='|^expected type, found ':='`, line: `^(var|const)\b`, say: "Write either x := 3 or var x = 3."},
	{message: `^missing ',' before newline`, cell: `(?m)\([^()\n]*\w\s*//\s*\w+\)$`, say: "// begins a comment in Go: 7 / 2 is 3 already, because both are integers."},
	{message: `^missing ',' (before newline|in (argument|parameter))`, say: "A comma or a closing bracket is missing. If the list spans several lines, each of them ends with a comma."},
	{message: `^expected '[})\]]', found 'EOF'`, say: "A closing bracket is missing: each {, ( and [ needs its own."},
	{message: `^string literal not terminated`, say: "The closing quote is missing. Put text that spans several lines between backquotes."},
	{message: `^expected operand, found '\{'|^unexpected comma; expecting \]|^expected type, found newline`, line: `([=(,:]|return|range)\s*[\[{]`, say: `The type comes before the braces: []int{1, 2} is a slice, Go's list, and map[string]int{"Ann": 31} a map, its dict.`},
	{message: `^expected (type|operand)`, line: `\]\s*\*`, say: "To repeat a value, write make([]int, 5) for five zeros, or slices.Repeat([]int{7}, 5)."},
	{message: `^expected ';', found ([\w"].*)`, say: "Something is missing before $1. A call needs brackets, f(x), and each statement a line of its own."},

	// Names.
	{message: `^undefined: (True|False|None)$`, say: "Go's True, False and None are true, false and nil."},
	{message: `^invalid operation: .* == nil \(mismatched types .* and untyped nil`, line: `\w\[`, say: "To see whether a map has a key, write value, found := m[key]. A missing key gives the zero value: 0, an empty string and so on."},
	{message: `^cannot use nil as|mismatched types .* untyped nil`, say: "Only pointers, slices, maps, channels, functions and interfaces can be nil."},
	{message: `^cannot use (\w+) \(variable of type int\) as string|^invalid operation: (\w+) \+ .*mismatched types int and untyped string`, cell: `\bfor NAME := range `, say: "range gives the index first, and then the element: write for _, $1$2 := range items."},
	{message: `^undefined: (str|repr)$|^cannot use .* as string value`, say: "fmt.Sprint(x) turns anything into a string."},
	{message: `^undefined: (list|dict|set|tuple)$`, line: `\bNAME\(`, say: "[]int{} is an empty slice, Go's list, and map[string]int{} an empty map, its dict; a map[string]bool serves as a set."},
	{message: `^undefined: (sum|sorted|reversed|abs|round|open|zip|enumerate|isinstance|ord|chr|sort)$`, line: `\bNAME\(`, say: "Go has no built-in $1; look in the packages slices, maps, math and os. If it is your own, run its cell first."},
	{message: `^undefined: sync(\.\w+)?$`, line: `\bsync\.(R?Lock|Mutex)\(`, say: "Go's lock is a type: declare var mu sync.Mutex, and call mu.Lock() and mu.Unlock()."},
	{message: `^undefined: sync(\.\w+)?$`, line: `\bsync\.(\w*)\(`, say: "sync.$1 is not a function. If it is a type, declare a variable of it: var x sync.$1."},
	{message: `^undefined: (WaitGroup|Mutex|RWMutex)$`, say: "It is in the package sync: write sync.$1."},
	{message: `^undefined: (random|json|re|sys|datetime|threading|asyncio|collections|itertools|functools|queue|multiprocessing|concurrent|logging|pathlib)$`, line: `\bNAME\.`, say: "$1 is Python's. Go's library has math/rand, encoding/json, regexp, os, time, log and slices; go f() starts what a thread or a task does in Python, and a channel serves as a queue."},
	{message: `^undefined: (args|kwargs)$`, line: `\*NAME`, say: "Write a parameter for any number of values as $1 ...int."},
	{message: `^undefined: input$`, say: "A cell can't read what you type; put the value into the cell."},
	{message: `^undefined: (self|this)$`, say: "In Go, you name the receiver yourself: func (a *account) get() int."},
	{message: `^undefined: (\w+)$|^missing parameter type`, line: `^func\s*(\([^()]*\)\s*)?\w+\(([^()]*,)?\s*((int|float64|string|bool)\s+)?NAME\w*\s*[,)]`, say: "Each parameter needs a type, after its name: func f(n int, name string)."},
	{message: `^undefined: (\w+)$`, near: true, line: `^(case )?NAME\s*<-`, say: "The arrow stands before the channel to receive from it: $1 := <-ch."},
	{message: `^undefined: (\w+)$`, near: true, line: `^(for )?(\w+, *)*NAME(, *\w+)*\s*=[^=]`, say: "Make a new variable with :=, as in $1 := 5."},
	{message: `^undefined: (\w+)$|^undefined: \w+\.(\w+)$|not exported by package`, line: `\bNAME\.[a-z]\w*\(`, say: "What a package offers begins with a capital letter: fmt.Println."},
	{message: `^undefined: (\w+)$`, near: true, line: `\bNAME\.[A-Z]\w*`, say: "Either the package $1 isn't imported, or it has nothing of that name. Check the spelling."},
	{message: `^undefined: (\w+)\.(\w+)`, say: "The package $1 has no $2. Check the spelling."},
	{message: `^undefined: (\w+)$`, near: true, say: "Have you run the cell that declares $1? A variable made below %% is gone when its cell ends."},
	{message: `^(\w+)\.append undefined \(type \[|^append\((\w+), .* is not used$`, say: "append is a function, and gives back the longer slice: $1$2 = append($1$2, x)."},
	{message: `^(.+)\.(?:len|length|size|count) undefined \(type (?:\[\]|map\[|chan|string|untyped string)`, say: "len is a function: write len($1)."},
	{message: `Mutex has no field or method (?:acquire|release|lock|unlock|locked)\)`, say: "A mutex has the methods Lock, Unlock and TryLock."},
	{message: `but does have (?:method|field) (\w+)\)$`, say: "Capital letters count in Go: write $1."},
	{message: `^(\S+)\.\w+ undefined \(type (<-)?chan`, say: "Channels have no methods: $1 <- x sends, x := <-$1 receives, and close($1) closes."},
	{message: `^(\S+)\.\w+ undefined \(type map\[`, say: "Maps have no methods: write $1[key], delete($1, key), or for key, value := range $1."},
	{message: `^(\S+)\.\w+ undefined \(type \[\]`, say: "Slices have no methods: the package slices has functions, such as slices.Sort($1)."},
	{message: `^invalid operation: "[^"]*" % |\.format undefined \(type (untyped )?string`, say: format},
	{message: `\.\w+ undefined \(type (untyped )?string has`, say: `Strings have no methods: the package strings has functions, such as strings.ToUpper(s) and strings.Join(items, ", ").`},
	{message: `^(\S+) undefined \(type (\S+) has no field or method (\w+)\)`, near: true, say: "$2 has nothing of that name. Press Tab after the dot to see what it has."},
	{message: `^declared and not used: (\w+)`, say: "Go refuses to build a program with an unused variable. Use $1 or remove it; for now, _ = $1 will do."},
	{message: `^no new variables on left side of :=`, say: "The variable exists already: give it another value with =."},
	{message: `redeclared in this block`, say: "The name is taken: choose another, or give the variable another value with =."},
	{message: `is not in std|cannot find module|no required module provides package`, say: `Go's library has no such package. A package from elsewhere needs its whole path, such as "golang.org/x/sync/errgroup", and a network.`},

	// Types.
	{message: `\(value of type func\(\)\) as func\(\) error value`, say: "The function has to return an error: func() error { ...; return nil }."},
	{message: `^too many arguments in call to \w+\.Go\b|as func\(\)(?: error)? value in argument to \w+\.Go$|\(no value\) used as value`, line: `(\w+\.Go)\(([^"f]|f[^u])`, say: "Pass $1 a function, not a call: $1(func() { ... })."},
	{message: `^expression in (go|defer) must be function call`, say: "$1 needs a call, with brackets at its end: $1 f(), or $1 func() { ... }()."},
	{message: `^invalid operation: cannot indirect (\w+) \(variable of type \[\]`, say: "f($1...) passes the elements one by one, if f takes any number of that type, as func f(n ...int) does. To print them, write fmt.Println($1)."},
	{message: `^cannot use (\S+) \(variable of type \[\]\w+\) as \[\]any value`, say: "Only a []any can be passed so here. To print all of $1, write it without the dots."},
	{message: `^have \(\.\.\.|non-variadic|^(?:not enough|too many) arguments in call to \S+\nhave \(\.\.\.`, say: "The dots are for a function that takes any number of values, as func f(n ...int) does. Pass this one its values one by one: f(items[0], items[1])."},
	{message: `^middle index required`, say: "A slice has no steps in Go: loop with for i := 0; i < len(items); i += 2, or reverse it with slices.Reverse(items)."},
	{message: `^cannot assign to (\w+) \(neither addressable`, cell: `(?m)^\s*const\b`, say: "A constant keeps its value: to change $1, declare it with := or var."},
	{message: `^invalid append: argument must be a slice; have \w+ \(variable of type \[\d`, say: "An array such as [3]int has a fixed length; a slice, []int{1, 2, 3}, can grow."},
	{message: `mismatched types \[\]|operator \+ not defined on .*type \[\]`, say: "A slice grows by append: items = append(items, x), or append(items, others...) for all of another slice."},
	{message: `mismatched types byte and untyped string|mismatched types untyped string and byte|mismatched types (rune and untyped string|untyped string and rune)`, say: "A character of a string is a number, and has single quotes: s[0] == 'a'. s[:1] is a string."},
	{message: `mismatched types (untyped )?bool and`, line: `[<>]=?[^&|]*[<>]=?`, say: "Write both comparisons: 1 < x && x < 5."},
	{message: `^invalid operation: cannot call (append|cap|close|copy|int|len|max|min|new|print|string) \(variable`, say: "A variable hides the function $1: give the variable another name."},
	{message: `^too many return values\nhave .*\nwant \(\)`, say: "A function that returns a value says its type before the brace: func double(n int) int {. What stands below %% returns nothing: print the value."},
	{message: `float64 and time\.Duration|time\.Duration and float64|type float64\) as time\.Duration`, say: "Calculate in float64, and convert the result: time.Duration(x * float64(time.Second))."},
	{message: `int\d* and time\.Duration|time\.Duration and u?int`, say: "Convert the number first, as in time.Duration(n) * time.Second."},
	{message: `(int\d*|float constant)\) as time\.Duration value`, say: "A duration has a unit: write 500 * time.Millisecond, or time.Duration(n) * time.Second."},
	{message: `^(missing argument|too many arguments) in conversion to (int|float64|string|bool)$`, say: "A conversion takes one value: $2(x)."},
	{message: `^(?:missing argument|too many arguments) in conversion to ([\w.]+)$`, say: "If $1 is a struct, make one with braces: $1{}, with its values inside."},
	{message: `^use of untyped nil in (?:assignment|variable declaration)`, line: `^(?:var\s+)?(\w+)\s*:?=`, say: "nil alone has no type: write var $1 []string, or whatever type $1 needs."},
	{message: `^invalid argument: index -\d+ .*must not be negative`, line: `([\w.]+)\[(\w*:)?-(\d+)(:?)`, say: "Go doesn't count from the end: write $1[${2}len($1)-$3$4]."},
	{message: `\((slice|map) can only be compared to nil\)`, say: "To compare what is in them, write ${1}s.Equal(a, b)."},
	{message: `^cannot assign to (\w+)\[[^\[\]]*\] \(neither addressable`, say: `A string can't be changed: make a new one, such as $1 = "x" + $1[1:].`},
	{message: `^invalid operation: ("[^"]*"|\S+) \* ("[^"]*"|\S+) \(mismatched types .*string`, say: "To repeat text, write strings.Repeat(text, 3)."},
	{message: `^cannot use (.+) / (.+) \(value of type int\d*\) as float(32|64) value`, say: "/ drops the fraction of integers, and gives an integer: write float64($1) / float64($2)."},
	{message: `^cannot use (.+) \((?:value|variable) of type u?int\d*\) as (float\d+) value`, say: "Go doesn't convert numbers by itself: write $2($1)."},
	{message: `^cannot use (.+) \((?:value|variable) of type float\d+\) as (u?int\d*) value`, say: "Go doesn't convert numbers by itself: write $2($1), which drops the fraction."},
	{message: `^cannot use (.+) \((?:value|variable) of type u?int\d*\) as (u?int\d*) value`, say: "Go doesn't convert numbers by itself: write $2($1)."},
	{message: ` as \w+ value in array or slice literal`, say: "All elements of a slice have its type; []any{1, \"a\"} takes any."},
	{message: ` as error value`, say: `Make an error with errors.New("too short"), or with fmt.Errorf if values are to be in its text.`},
	{message: `mismatched types any and (?:untyped )?(\w+)|\(variable of (?:interface )?type any\) as (\w+) value`, say: "An any may hold a value of any type. value, ok := x.($1$2) takes it out, and says whether that was its type."},
	{message: `^chan (\w+) \(type\) is not an expression|to type chan (\w+)$`, say: "make makes a channel: make(chan $1$2), or make(chan $1$2, 10) with room for ten values."},
	{message: `^(\S+) \(type\) is not an expression`, say: "$1 is a type. To make a value of it, put braces behind it: $1{}."},
	{message: `^(\w+) \(built-in\) must be called`, say: "$1 can't be handed on. Write a function that calls it: func(s string) int { return $1(s) }."},
	{message: `as func\(i int, j int\) bool value in argument to sort\.Slice`, say: "sort.Slice hands on indexes. " + compare},
	{message: `does not implement timing\.(Scaling)?Item`, say: `Give each case a name: timing.Go("my case", func() { ... }).`},
	{message: `^assignment mismatch: 1 variable but (context\.With(?:Timeout|Cancel|Deadline)) returns`, say: "It returns two values: ctx, cancel := $1(...). Write defer cancel() below it."},
	{message: `^assignment mismatch: 1 variable but .* returns 2 values`, say: "It returns two values: value, err := f()."},
	{message: `^assignment mismatch|multiple-value .* in single-value context|too many return values|not enough return values`, say: "Count the values on both sides: a function returns all its results, and each needs a variable."},
	{message: `mismatched types .*string|cannot convert .* to type string|cannot convert .*string`, say: `Go doesn't convert by itself. fmt.Sprint(n) turns a number into a string, and strconv.Atoi(s) a string into a number.`},
	{message: `mismatched types`, say: "Go doesn't convert numbers by itself: write float64(n) or int(x)."},
	{message: `^invalid argument: (\w+) \(variable of type \[\].*cannot be ordered`, say: "max and min take single values; for a slice, write slices.Max($1)."},
	{message: `^cannot use _ as value`, line: `^case _`, say: "case _ is default in Go."},
	{message: `^non-boolean condition|operator ! not defined`, say: "A condition is true or false: write if n != 0, if len(s) > 0, if p != nil."},
	{message: `^missing return`, say: "A function with a result has to return one on every path through it."},
	{message: `is not used$`, say: "The value isn't used: give it a name, print it, or remove it."},
	{message: `^cannot range over`, say: "range takes a number, a slice, a map, a string, a channel, or a function that is an iterator."},
	{message: `send-only|receive-only`, say: "The arrow in a channel's type says which way it goes: you can only send to a chan<-, and only receive from a <-chan."},

	// What a program ends with.
	{message: `all goroutines are asleep.*\n.*chan send`, say: "Nobody receives from this channel. Before you send, start a goroutine that receives."},
	{message: `all goroutines are asleep.*\n.*chan receive \(nil`, say: "The channel is nil; make it: make(chan int)."},
	{message: `all goroutines are asleep.*\n.*chan receive`, line: `\brange (\w+)`, cell: `\bWaitGroup\b`, say: "All have sent, and nobody has closed the channel, so the loop waits for more. Close it when all are done, in a goroutine that you start before the loop: go func() { wg.Wait(); close($1) }()."},
	{message: `all goroutines are asleep.*\n.*chan receive`, say: "Nobody sends any more, and nobody has closed the channel. The one who sends closes it after the last value; of several, whoever has waited for all of them."},
	{message: `all goroutines are asleep.*\n.*WaitGroup(.*\n)+.*chan send`, say: "Goroutines wait to send, and nobody receives before they are done. Receive in the meantime, and wait in a goroutine of its own: go func() { wg.Wait(); close(results) }()."},
	{message: `all goroutines are asleep.*\n.*WaitGroup(.*\n)+.*chan receive`, say: "Goroutines wait to receive, and nobody sends to them any more. Close their channel before you wait for them."},
	{message: `all goroutines are asleep.*\n.*WaitGroup`, cell: `(?m)^func .*\bsync\.WaitGroup[,)]`, say: "The function gets a copy of the WaitGroup, and Done does not reach the one that is waited for. Pass a pointer: wg *sync.WaitGroup, and &wg in the call."},
	{message: `all goroutines are asleep.*\n.*WaitGroup`, say: "A goroutine that the WaitGroup counts never ends, or never calls Done."},
	{message: `all goroutines are asleep.*\n.*(Mutex|semacquire)`, say: "The lock is never released, or it is locked again by the goroutine that has it. Each Lock needs its Unlock, also before a return."},
	{message: `all goroutines are asleep`, say: "Everybody waits, and nobody is left to wake them. The lines below say who waits where."},
	{message: `assignment to entry in nil map`, say: "Make the map before you write to it: m := map[string]int{}."},
	{message: `nil pointer dereference`, say: "Something on this line is nil. Did you check the error that came with it?"},
	{message: `index out of range \[(-?\d+)\] with length (\d+)`, say: "The last index is one less than the length; there is no index $1 here."},
	{message: `concurrent map (writes|read and map write|iteration and map write)`, say: "Several goroutines use the map at once: guard it with a sync.Mutex."},
	{message: `close of closed channel`, say: "A channel can be closed only once: close it in one place, or wrap the close in sync.OnceFunc."},
	{message: `send on closed channel`, say: "Let only one goroutine close a channel: the one that sends, once it has sent all."},
	{message: `negative WaitGroup counter`, say: "Done was called more often than Add counted; wg.Go does both for you."},
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
		if h.near {
			if meant := nearest(message[groups[len(groups)-2]:groups[len(groups)-1]], names); meant != "" {
				return "Did you mean " + meant + "?"
			}
		}
		if len(groups) == 2 {
			return string(about.ExpandString(nil, h.say, line, inLine))
		}
		return string(said.ExpandString(nil, h.say, message, groups))
	}
	return ""
}

// nearest returns the name that differs from the given one only in capital letters, or else in the fewest letters, at most one of four. It is
// empty if there is none.
func nearest(name string, names []string) string {
	best, least := "", max(1, len(name)/4)+1
	for _, other := range names {
		d := distance(strings.ToLower(name), strings.ToLower(other))
		if other != name && d < least && (d == 0 || len(name) > 2) {
			best, least = other, d
		}
	}
	return best
}

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
