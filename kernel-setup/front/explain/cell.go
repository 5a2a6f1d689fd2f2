// Package explain says what went wrong with a cell to somebody who learns Go: the place, the line, the message, and what to do.
// It knows GoNB's reports and nothing of how they arrive.
package explain

import (
	"cmp"
	"fmt"
	"go/scanner"
	"go/token"
	"iter"
	"regexp"
	"slices"
	"strings"
)

// mainLines returns the lines, from 1, of a Go cell that begin its main function.
func mainLines(source string) (found []int) {
	for i, line := range strings.Split(source, "\n") {
		if mainLine.MatchString(strings.TrimPrefix(line, "//gonb:")) {
			found = append(found, i+1)
		}
	}
	return found
}

var (
	mainLine    = regexp.MustCompile(`^(%%([ \t]|$)|%main\b|%exec\b)`)
	foreignCell = regexp.MustCompile(`^(//gonb:)?%%(script|bash|sh|writefile|gx)\b`)
	noProgram   = regexp.MustCompile(`^(//gonb:)?%%script[ \t]*(\n|\z)`)
	codeBehind  = regexp.MustCompile(`(?m)^%%[ \t]+[\w.]+(\(| *:= )`) // where arguments of the program may stand
	noCommand   = regexp.MustCompile(`(?m)^(//gonb:)?[!%]([ \t]|\\(\n|\z))+$`)
	command     = regexp.MustCompile(`^(?://gonb:)?%[ \t]*([^ \t\\]+)`)
	pythonCell  = regexp.MustCompile(`^(//gonb:)?%%script\s+\S*python`)
)

// commands are what GoNB knows behind a % in a cell of Go.
var commands = strings.Fields(`% main args test exec wasm widgets widgets_hb env cd goflags autoget noautoget help version reset
	ls list rm remove with_inputs with_password track untrack goworkfix capture`)

// unknown says which line of a Go cell begins with a command that GoNB does not know: it would only say so, and leave the line out.
func unknown(source string) string {
	joined := false // to the line before, which is a command and ends in a backslash
	for i, line := range strings.Split(source, "\n") {
		found := command.FindStringSubmatch(line)
		known := joined || found == nil || slices.Contains(commands, found[1]) || foreignCell.MatchString(line) // of which GoNB says more
		joined = strings.HasSuffix(line, `\`) && (joined || found != nil || strings.HasPrefix(line, "!"))
		switch {
		case known:
		case strings.HasPrefix(found[1], "%time"): // as IPython has it
			return fmt.Sprintf("A program begins with %%%% alone, and line %d begins with %%%s. To measure, write begin := time.Now(), and at the end fmt.Println(time.Since(begin)); or use timing.Compare.", i+1, found[1])
		default:
			return fmt.Sprintf("The kernel knows no command %%%s, which line %d begins with. %%help lists those that it knows; a shell command begins with an exclamation mark.", found[1], i+1)
		}
	}
	return ""
}

// IsGo reports whether a cell is Go, and not a program of another language or a file.
func IsGo(source string) bool { return !foreignCell.MatchString(source) }

// IsPython reports whether a cell is a Python program.
func IsPython(source string) bool { return pythonCell.MatchString(source) }

// Refusal says why a cell is not handed to GoNB, which would end, or leave out a part of it. It is empty if it is.
func Refusal(source string) string {
	if noProgram.MatchString(source) {
		return "A line %%script names the program that gets the cell, and this one names none. Name one, as in %%script python3."
	}
	if !IsGo(source) {
		return ""
	}
	if at := noCommand.FindStringIndex(source); at != nil {
		return fmt.Sprintf("Line %d begins a command, and none follows. Write one behind the sign, or remove the line.", 1+strings.Count(source[:at[0]], "\n"))
	}
	if lines := mainLines(source); len(lines) > 1 {
		if between := strings.Join(strings.Split(source, "\n")[lines[0]:lines[1]-1], "\n"); declaration.MatchString(between) {
			return fmt.Sprintf("This cell begins a program twice, on lines %d and %d. Remove the first %%%% line: functions go above %%%%, and only what runs goes below it.", lines[0], lines[1])
		}
		return fmt.Sprintf("This cell begins a program twice, on lines %d and %d, and a cell is one program. Remove the second %%%% line; or, if what is below it uses no variable of the first, move it into a cell of its own.", lines[0], lines[1])
	}
	if at := codeBehind.FindStringIndex(source); at != nil {
		return fmt.Sprintf("What is to run begins on the line after %%%%. On line %d it stands on the same line.", 1+strings.Count(source[:at[0]], "\n"))
	}
	return unknown(source)
}

var (
	testLine     = regexp.MustCompile(`(?m)^(//gonb:)?%test\b.*`)
	testFunction = regexp.MustCompile(`(?m)^func[ \t]+((?:Test|Benchmark)\w*)\(`)
)

// FullPaths is the source of a cell with a flag for its tests, if it has any: with the path of a file, its lines can be found in cells.
func FullPaths(source string) string {
	if !IsGo(source) {
		return source
	}
	return testLine.ReplaceAllStringFunc(source, func(line string) string {
		if strings.TrimPrefix(strings.TrimSpace(line), "//gonb:") == "%test" { // GoNB's own flags, which it takes if there are no others
			var names []string
			for _, found := range testFunction.FindAllStringSubmatch(source, -1) {
				if found[1] != "TestMain" {
					names = append(names, "^"+found[1]+"$")
				}
			}
			line += " -test.v -test.run=" + strings.Join(names, "|")
			if strings.Contains(line, "^Benchmark") {
				line += " -test.bench=."
			}
		}
		return line + " -test.fullpath"
	})
}

var mainFunction = regexp.MustCompile(`(?m)^func[ \t]+main[ \t]*\([ \t]*\)`)

// Printed says why text is red that a cell has printed with Go's own print. It is empty if the cell does not call that.
func Printed(source string) string {
	if !IsGo(source) || !callsPrint(source) {
		return ""
	}
	return "\nNote: red does not mean that something is wrong here. Go's built-in print writes to standard error, which a notebook shows in red, and of a slice or a map it shows the address; fmt.Println does neither.\n"
}

// Closing is what closes the brackets that are open at the end of a part of a Go cell.
func Closing(part string) string {
	var open []string
	for tok := range tokens(part) {
		switch tok.kind {
		case token.LBRACE:
			open = append(open, "\n}")
		case token.LPAREN:
			open = append(open, ")")
		case token.LBRACK:
			open = append(open, "]")
		case token.RBRACE, token.RPAREN, token.RBRACK:
			open = open[:max(0, len(open)-1)]
		}
	}
	slices.Reverse(open)
	return strings.Join(open, "")
}

// braces returns the line of a cell, from 1, whose { has no }, or that has a } too many, going by the indentation. Both are 0 if there are
// as many of one as of the other.
func braces(source string) (unclosed, surplus int) {
	lines := strings.Split(source, "\n")
	program := len(lines) // what is above it is closed by itself, and so is what is below
	if found := mainLines(source); len(found) > 0 {
		program = found[0] - 1
	}
	for _, from := range []int{0, program} {
		part := lines[from:]
		if from < program {
			part = lines[:program]
		}
		type brace struct{ line, indent int }
		var open []brace
		left, right := 0, 0 // the first lines where a } is further to the left, or to the right, than its {
		for tok := range tokens(strings.Join(part, "\n")) {
			text, line := part[tok.line-1], from+tok.line
			indent := len(text) - len(strings.TrimLeft(text, " \t"))
			switch {
			case tok.kind == token.LBRACE:
				open = append(open, brace{line, indent})
			case tok.kind == token.RBRACE && len(open) == 0:
				return 0, cmp.Or(right, line)
			case tok.kind == token.RBRACE:
				last := open[len(open)-1]
				open = open[:len(open)-1]
				if left == 0 && indent < last.indent {
					left = last.line
				}
				if right == 0 && indent > last.indent && line != last.line {
					right = line
				}
			}
		}
		if len(open) > 0 {
			return cmp.Or(left, open[len(open)-1].line), 0
		}
	}
	return 0, 0
}

// callsPrint reports whether Go code calls the built-in print or println.
func callsPrint(source string) bool {
	before, name := "", ""
	for tok := range tokens(source) {
		if tok.kind == token.LPAREN && (name == "print" || name == "println") && before != "." && before != "func" {
			return true
		}
		before, name = name, tok.text
	}
	return false
}

// identifiers are the names that Go code uses, each once, in order.
func identifiers(source string) (names []string) {
	for tok := range tokens(source) {
		if tok.kind == token.IDENT && !slices.Contains(names, tok.text) {
			names = append(names, tok.text)
		}
	}
	return names
}

type goToken struct {
	kind token.Token
	text string
	line int // from 1
}

// tokens are those of the Go code in a cell.
func tokens(source string) iter.Seq[goToken] {
	return func(yield func(goToken) bool) {
		lines := strings.Split(source, "\n")
		for i, line := range lines {
			if strings.HasPrefix(line, "%") || strings.HasPrefix(line, "!") {
				lines[i] = ""
			}
		}
		text := []byte(strings.Join(lines, "\n"))
		var s scanner.Scanner
		file := token.NewFileSet().AddFile("", -1, len(text))
		s.Init(file, text, func(token.Position, string) {}, 0)
		for {
			at, kind, literal := s.Scan()
			if kind == token.EOF {
				return
			}
			if kind != token.IDENT {
				literal = kind.String()
			}
			if !yield(goToken{kind, literal, file.Line(at)}) {
				return
			}
		}
	}
}
