package explain

import (
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// library are the packages that a cell need not import, by their names.
var library = map[string]string{
	"atomic": "sync/atomic", "context": "context", "errors": "errors", "fmt": "fmt", "http": "net/http", "json": "encoding/json",
	"maps": "maps", "math": "math", "os": "os", "rand": "math/rand", "runtime": "runtime", "slices": "slices", "sort": "sort",
	"strconv": "strconv", "strings": "strings", "sync": "sync", "time": "time",
}

// exports are the names that a package of the library has for others, as Go's own source has them. There are none if it is no such
// package, or if Go cannot be found.
func exports(name string) (names []string) {
	path, ok := library[name]
	program, err := exec.LookPath("go")
	if !ok || err != nil {
		return nil
	}
	if program, err = filepath.EvalSymlinks(program); err != nil {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(program)), "src", filepath.FromSlash(path), "*.go"))
	for _, file := range files {
		if source, err := os.ReadFile(file); err == nil && !strings.HasSuffix(file, "_test.go") {
			names = append(names, declaredFor(string(source))...)
		}
	}
	return names
}

// declaredFor are the names that a file of Go declares for other packages. (What parses Go would make this process a MB larger.)
func declaredFor(source string) (names []string) {
	depth := 0      // of brackets
	list := false   // declarations stand in parentheses
	begins := false // the name of a declaration comes next
	var before token.Token
	for tok := range tokens(source) {
		begins = begins || tok.kind == token.COMMA && before == token.IDENT && (depth == 0 || list && depth == 1)
		switch tok.kind {
		case token.FUNC, token.TYPE, token.VAR, token.CONST:
			begins = depth == 0
		case token.SEMICOLON:
			begins = list && depth == 1
		case token.IDENT:
			if begins && token.IsExported(tok.text) {
				names = append(names, tok.text)
			}
			begins = false
		case token.LPAREN, token.LBRACE, token.LBRACK:
			list = list || begins && tok.kind == token.LPAREN && before != token.FUNC
			begins = begins && list
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth--
			list = list && depth > 0
			begins = false
		}
		before = tok.kind
	}
	return names
}
