package notebooks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tutorial/kernel-setup/notebook"
)

// Set-up compiles what cells import, so that no learner waits for a compiler. These tests find out what it misses.

func TestSetUpCompilesWhatCellsImport(t *testing.T) {
	t.Parallel()
	openWhatCellsDependOn(t)
	warm := packages(t, "-race", "-deps", "-test", "../kernel-setup/warm")
	ordinary := packages(t, "-deps", "-test", "../kernel-setup/warm", "github.com/janpfeifer/gonb", "golang.org/x/tools/cmd/goimports",
		"golang.org/x/tools/gopls")
	std := standardPackages(t)
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			nb, err := notebook.Read(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, missing := range uncompiled(nb, std, warm, ordinary) {
				t.Errorf("%s; import it in kernel-setup/warm", missing)
			}
		})
	}
}

func TestImportsThatSetUpDoesNotCompileAreFound(t *testing.T) {
	t.Parallel()
	nb := &notebook.Notebook{Cells: []notebook.Cell{
		{Type: "code", ID: "named", Source: "import (\n\t\"fmt\"\n\tx \"example.com/none\"\n)\n\n%%\nfmt.Println(x.Y)"},
		{Type: "code", ID: "added", Source: "func f() { http.Get(\"\") }"},
		{Type: "code", ID: "declared", Source: "%%\nplugin := struct{ a int }{}\nplugin.a++\nrand.N(1)"},
		{Type: "code", ID: "slow", Source: "%goflags -race\n%%\nfmt.Println(embed.FS{})"},
		{Type: "code", ID: "fast", Source: "%goflags \"\"\n%%\nfmt.Println(embed.FS{})"},
		{Type: "code", ID: "python", Source: "%%script python3\nimport http\nhttp.a"},
		{Type: "code", ID: "broken", Source: "%%\nfor {"},
		{Type: "markdown", ID: "prose", Source: "http.Get"},
	}}
	std := standardPackages(t)
	got := uncompiled(nb, std, map[string]bool{"fmt": true, "math/rand/v2": true}, map[string]bool{"embed": true})
	want := []string{
		"cell named imports example.com/none",
		"cell added uses http, which is net/http",
		"cell slow uses embed, which is embed",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found %q; want %q", got, want)
	}
}

// packages returns what `go list` prints for the arguments.
func packages(t *testing.T, args ...string) map[string]bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-tags=netgo,osusergo"}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", cmd, err)
	}
	found := map[string]bool{}
	for _, name := range strings.Fields(string(out)) {
		found[name] = true
	}
	return found
}

// standardPackages returns the import paths of the standard library by the name that code says for them.
func standardPackages(t *testing.T) map[string][]string {
	t.Helper()
	byName := map[string][]string{}
	version := regexp.MustCompile(`/v\d+$`)
	for _, p := range slices.Sorted(maps.Keys(packages(t, "std"))) {
		if !strings.HasPrefix(p, "vendor/") && !strings.Contains("/"+p+"/", "/internal/") {
			name := path.Base(version.ReplaceAllString(p, ""))
			byName[name] = append(byName[name], p)
		}
	}
	return byName
}

// uncompiled returns what the Go cells of a notebook need and set-up does not compile, given the packages of the
// standard library by name, those that set-up compiles in each way, and those that it compiles for ordinary cells only.
// It sees what cells import and, of what goimports adds for them, the standard library: where one name stands for several
// packages, such as rand, it is content with any of them. So no cell may give what it declares the name of a package.
func uncompiled(nb *notebook.Notebook, std map[string][]string, warm, ordinary map[string]bool) []string {
	var missing []string
	race := false
	for _, c := range nb.Cells {
		if c.IsGo() {
			for line := range strings.Lines(string(c.Source)) {
				if flags, ok := strings.CutPrefix(line, "%goflags"); ok {
					race = strings.Contains(flags, "-race")
				}
			}
		}
		compiled := func(p string) bool { return warm[p] || !race && ordinary[p] }
		imported := map[string]bool{}
		for _, part := range c.GoParts() {
			file := parseGo(part)
			for _, spec := range file.Imports {
				p, _ := strconv.Unquote(spec.Path.Value)
				imported[path.Base(p)] = true
				if spec.Name != nil {
					imported[spec.Name.Name] = true
				}
				if !compiled(p) {
					missing = append(missing, "cell "+c.ID+" imports "+p)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(selected(file))) {
				if paths := std[name]; len(paths) > 0 && !imported[name] && !slices.ContainsFunc(paths, compiled) {
					missing = append(missing, "cell "+c.ID+" uses "+name+", which is "+strings.Join(paths, " or "))
				}
			}
		}
	}
	return missing
}

// parseGo returns what can be parsed of the part.
func parseGo(part notebook.GoPart) *ast.File {
	source := "package p\n" + part.Source
	if part.Main {
		source = "package p\nfunc _() {\n" + part.Source + "\n}"
	} else if strings.HasPrefix(part.Source, "package ") { // a whole program
		source = part.Source
	}
	file, _ := parser.ParseFile(token.NewFileSet(), "", source, 0)
	return file
}

// selected returns the names before a dot that nothing in the file declares: packages, mostly.
func selected(file *ast.File) map[string]bool {
	unresolved := map[*ast.Ident]bool{}
	for _, name := range file.Unresolved {
		unresolved[name] = true
	}
	found := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && unresolved[x] {
				found[x.Name] = true
			}
		}
		return true
	})
	return found
}
