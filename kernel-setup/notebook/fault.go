package notebook

import (
	"errors"
	"go/scanner"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// Fault returns how a code cell that was to be run did not do what it should: it did not run, it failed although nothing says
// that it must, or it succeeded although it must fail. It is nil if all is well. A cell has failed if one of its outputs is an
// error. The kernel sends none for a shell command; whoever executes a notebook without a browser adds it.
func (c Cell) Fault() error {
	reason := c.failure()
	switch {
	case !c.Runs():
		return nil
	case c.ExecutionCount == nil:
		return errors.New("the cell has no number, so it did not run")
	case reason != "" && !c.MustFail():
		return errors.New(reason)
	case reason == "" && c.MustFail():
		return errors.New("the cell is tagged raises-exception, so it should fail, and it succeeded")
	}
	return nil
}

var ansi = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// failure returns what the cell failed with; it is empty if it did not fail.
func (c Cell) failure() string {
	dropped := c.dropped()
	i := slices.IndexFunc(c.Outputs, func(o Output) bool { return o.Type == "error" })
	if i < 0 {
		return dropped
	}
	said := strings.TrimSpace(ansi.ReplaceAllString(c.Stream("stderr"), ""))
	if reply := c.Outputs[i].Error; !strings.HasSuffix(said, reply) { // a script's exit status stands below what it printed
		said = strings.TrimSpace(said + "\n" + reply)
	}
	return strings.TrimSpace(dropped + "\n" + middleCut(said))
}

// middleCut shortens a text that would fill a terminal many times.
func middleCut(s string) string {
	const half = 8 << 10
	if len(s) <= 2*half {
		return s
	}
	return strings.ToValidUTF8(s[:half], "") + "\n[...]\n" + strings.ToValidUTF8(s[len(s)-half:], "")
}

// dropped says which comment of a Go cell has a meaning for the compiler, and never reaches it, because the kernel drops it.
func (c Cell) dropped() string {
	for _, part := range c.GoParts() {
		var s scanner.Scanner
		files := token.NewFileSet()
		s.Init(files.AddFile("", -1, len(part.Source)), []byte(part.Source), nil, scanner.ScanComments)
		imports, group := false, false
		for tok := token.SEMICOLON; tok != token.EOF; {
			var text string
			_, tok, text = s.Scan()
			switch {
			case tok == token.COMMENT && (strings.HasPrefix(text, "//go:embed ") || strings.HasPrefix(text, "//go:embed\t")):
				return "The kernel drops comments, and with them //go:embed, so the variable stays empty: read the file with os.ReadFile."
			case imports && tok == token.STRING && strings.Trim(text, "\"`") == "C":
				return `The kernel drops comments, and with them the C code above import "C": cells have no cgo.`
			case tok == token.IMPORT:
				imports = true
			case tok == token.LPAREN:
				group = imports
			case tok == token.RPAREN, tok == token.SEMICOLON && !group:
				imports, group = false, false
			}
		}
	}
	return ""
}
