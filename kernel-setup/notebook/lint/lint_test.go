package lint_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"tutorial/kernel-setup/notebook/lint"
)

type object = map[string]any

func code(id, source string, tags ...string) object {
	return object{"cell_type": "code", "id": id, "source": source, "metadata": object{"tags": append([]string{}, tags...)}, "outputs": []any{}, "execution_count": nil}
}

func prose(id, source string) object {
	return object{"cell_type": "markdown", "id": id, "source": source, "metadata": object{}}
}

// clean is a notebook without a fault, with something that each rule looks at.
func clean() object {
	return object{
		"nbformat": 4, "nbformat_minor": 5,
		"metadata": object{
			"kernelspec":    object{"name": "gonb", "display_name": "Go (gonb)", "language": "go"},
			"language_info": object{"name": "go", "mimetype": "text/x-go", "file_extension": ".go", "pygments_lexer": "go", "codemirror_mode": "", "nbconvert_exporter": ""},
		},
		"cells": []any{
			prose("title", "# Title\n\n[Next](more/next.ipynb#A-Heading,-of-sorts) [Here](#How-to-run) [out](https://example.com/x.ipynb#y)\n[up](../README.md) <a href='../LICENSE'>licence</a>"),
			prose("run", "## How to run\n\n![a gopher](../gopher.png \"Gopher\") <img alt=\"a gopher\" src=\"../gopher.png\">"),
			code("main", "import \"fmt\"\n\nfunc f() {\n\tfmt.Println()\n}\n\n%% -flag\nf()"),
			prose("code", "### Deeper\n\n```markdown\n# not a heading\n[not](a-link.md) ![](no.png)\n```\nand `![](neither)` nor `<img>`"),
			code("commands", "!*go \\\n  vet .\n%env A=b\n%goflags -race"),
			code("test", "%test\nfunc TestX(t *testing.T) {}\n\nfunc BenchmarkX(b *testing.B) {}"),
			code("python", "%%script python3\nif  True :\n        print( 1 )"),
			code("broken", "%%\nfor {", "raises-exception"),
			prose("end", "## The *end*"),
		},
	}
}

// faults checks the notebook a/nb.ipynb in a repository with a few files.
func faults(t *testing.T, nb object) []string {
	t.Helper()
	next, err := json.Marshal(object{"nbformat": 4, "nbformat_minor": 5, "metadata": object{}, "cells": []any{prose("a", "# Next\n## A Heading, of `sorts`")}})
	if err != nil {
		t.Fatal(err)
	}
	content, err := json.Marshal(nb)
	if err != nil {
		t.Fatal(err)
	}
	problems, err := lint.Check(fstest.MapFS{
		"a/nb.ipynb":        {Data: content},
		"a/more/next.ipynb": {Data: next},
		"README.md":         {}, "LICENSE": {}, "gopher.png": {},
	}, "a/nb.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	return lines
}

func TestLintIsSilentAboutACleanNotebook(t *testing.T) {
	t.Parallel()
	if got := faults(t, clean()); len(got) > 0 {
		t.Errorf("Lint says:\n%s", strings.Join(got, "\n"))
	}
}

func TestLintNamesEachFaultAndItsCell(t *testing.T) {
	t.Parallel()
	add := func(cells ...object) func(object) {
		return func(nb object) {
			for _, c := range cells {
				nb["cells"] = append(nb["cells"].([]any), c)
			}
		}
	}
	// set changes a value: each key leads from an object, or from the list of cells, to what is in it.
	set := func(value any, keys ...any) func(object) {
		return func(nb object) {
			at := any(nb)
			for _, key := range keys[:len(keys)-1] {
				if i, ok := key.(int); ok {
					at = at.([]any)[i]
				} else {
					at = at.(object)[key.(string)]
				}
			}
			at.(object)[keys[len(keys)-1].(string)] = value
		}
	}
	for _, c := range []struct {
		fault  string
		change func(object)
		want   []string // each is in the only problem found
	}{
		{"an old format", set(4, "nbformat_minor"), []string{"format 4.4", "JupyterLab"}},
		{"another kernel", set("python3", "metadata", "kernelspec", "name"), []string{`"python3"`, "choose the kernel"}},
		{"another name of the kernel", set("Go", "metadata", "kernelspec", "display_name"), []string{`"Go"`, "choose the kernel"}},
		{"another language of the kernel", set("", "metadata", "kernelspec", "language"), []string{`language ""`}},
		{"no kernel", set(object{}, "metadata", "kernelspec"), []string{"choose the kernel"}},
		{"another language", set("python", "metadata", "language_info", "name"), []string{"language_info is", "name:python", "choose the kernel"}},
		{"a version of the language", set("go1.26", "metadata", "language_info", "version"), []string{"version:go1.26"}},
		{"no language", set(object{}, "metadata", "language_info"), []string{"language_info is map[]"}},
		{"no id", add(code("", "%%")), []string{"cell 10:", `id is ""`}},
		{"an id that is not valid", add(code("a b", "%%")), []string{"cell 10 (a b)", "letters"}},
		{"an id twice", add(code("main", "%%")), []string{"cell 10 (main)", "cell 3 has the same id"}},
		{"an output", set([]any{object{"output_type": "stream", "name": "stdout", "text": "x"}}, "cells", 2, "outputs"), []string{"cell 3 (main)", "outputs", "Clear Outputs"}},
		{"an execution count", set(7, "cells", 2, "execution_count"), []string{"cell 3 (main)", "execution count", "Clear Outputs"}},
		{"a path of a machine in the metadata", set("/home/ann/go", "metadata", "venv"), []string{"metadata names /home/ann"}},
		{"a path of a machine in a cell's metadata", set(object{"file": `C:\Users\ann`}, "cells", 2, "metadata"), []string{"cell 3 (main)", `C:\`}},
		{"a path of a machine in a cell", add(code("x", "%%\nopen(\"/Users/ann/x\")")), []string{"cell 10 (x)", "/Users/ann", "relative"}},
		{"white space at the end of a line", add(prose("x", "a\nb ")), []string{"cell 10 (x)", "line 2 ends with white space"}},
		{"a cell of 41 lines", add(code("x", "%%"+strings.Repeat("\nf()", 40))), []string{"cell 10 (x)", "41 lines", "split"}},
		{"declarations that gofmt changes", add(code("x", "func f() {}\n\nvar  a int\n\n%%\nf()")), []string{"cell 10 (x)", "from line 1", "var a int"}},
		{"a body that gofmt changes", add(code("x", "func f() {}\n\n%%\nf( )")), []string{"cell 10 (x)", "from line 4", "f()"}},
		{"a test that gofmt changes", add(code("x", "%test -v\nfunc TestX(t *testing.T){}")), []string{"cell 10 (x)", "from line 2"}},
		{"a body that is indented", add(code("x", "%%\n\tf()")), []string{"cell 10 (x)", "line 2 is indented"}},
		{"a syntax error", add(code("x", "%%\nfor {")), []string{"cell 10 (x)", "not valid", "raises-exception"}},
		{"a failing cell that gofmt changes", add(code("x", "%%\npanic( 1 )", "raises-exception")), []string{"cell 10 (x)", "panic(1)"}},
		{"no title", set("Title", "cells", 0, "source"), []string{"first cell has no title"}},
		{"a second title", add(prose("x", "# Again")), []string{"cell 10 (x)", `"Again"`, "##"}},
		{"a level that is skipped", add(prose("x", "#### Deep")), []string{"cell 10 (x)", `"Deep"`, "level 4", "use level 3"}},
		{"a heading twice", add(prose("x", "## How to *run*")), []string{"cell 10 (x)", "cell 2", `"How to run"`}},
		{"a link to no file", add(prose("x", "[a](none.ipynb)")), []string{"cell 10 (x)", `"none.ipynb"`, "no file a/none.ipynb"}},
		{"a link out of the repository", add(prose("x", "[a](../../x.md)")), []string{"cell 10 (x)", "no file"}},
		{"a link to no heading here", add(prose("x", "[a](#how-to-run)")), []string{"cell 10 (x)", "no such heading", "#How-to-run"}},
		{"a link to no heading there", add(prose("x", "[a](more/next.ipynb#B)")), []string{"cell 10 (x)", "no such heading", "#A-Heading,-of-sorts"}},
		{"a link by reference to no file", add(prose("x", "[a][b]\n\n[b]: none.md")), []string{"cell 10 (x)", "no file a/none.md"}},
		{"an HTML link to no file", add(prose("x", "<a class='b' href='none.md'>a</a>")), []string{"cell 10 (x)", "no file a/none.md"}},
		{"a machine's path in the first cell", set(object{"x": "/home/ada/x"}, "cells", 0, "metadata"), []string{"cell 1 (", "/home/ada"}},
		{"a link to no address", add(prose("x", "<a href='http://[::1'>a</a>")), []string{"cell 10 (x)", "not a valid address"}},
		{"a link to nothing", add(prose("x", "[a]()")), []string{"cell 10 (x)", "say where it leads"}},
		{"a link from the root", add(prose("x", "[a](/a/nb.ipynb)")), []string{"cell 10 (x)", "relative"}},
		{"a link to a running JupyterLab", add(prose("x", "[a](http://localhost:8888/lab/tree/a/nb.ipynb)")), []string{"cell 10 (x)", "one machine"}},
		{"a link to a local file", add(prose("x", "[a](file:///a/nb.ipynb)")), []string{"cell 10 (x)", "one machine"}},
		{"an image that is not there", add(prose("x", "![a gopher](none.png)")), []string{"cell 10 (x)", "no file a/none.png"}},
		{"an image without alt text", add(prose("x", "![](../gopher.png)")), []string{"cell 10 (x)", "no alt text"}},
		{"an HTML image without alt text", add(prose("x", "<img src='../gopher.png'>")), []string{"cell 10 (x)", "no alt text"}},
		{"an HTML image with empty alt text", add(prose("x", "<img alt='' src='../gopher.png'>")), []string{"cell 10 (x)", "no alt text"}},
	} {
		t.Run(c.fault, func(t *testing.T) {
			t.Parallel()
			nb := clean()
			c.change(nb)
			got := faults(t, nb)
			if len(got) != 1 {
				t.Fatalf("Lint finds %d problems, not one:\n%s", len(got), strings.Join(got, "\n"))
			}
			for _, want := range c.want {
				if !strings.Contains(got[0], want) {
					t.Errorf("Lint does not say %q:\n%s", want, got[0])
				}
			}
		})
	}
}

func TestLintFailsOnWhatIsNoNotebook(t *testing.T) {
	t.Parallel()
	repo := fstest.MapFS{"a.ipynb": {Data: []byte("{")}}
	for _, name := range []string{"a.ipynb", "none.ipynb"} {
		if problems, err := lint.Check(repo, name); err == nil {
			t.Errorf("Lint(%s) = %v without an error", name, problems)
		}
	}
	repo["a.ipynb"].Data = []byte("\xef\xbb\xbf" + `{"nbformat": 4, "cells": []}`) // a byte order mark, which JSON has not
	problems, err := lint.Check(repo, "a.ipynb")
	if !slices.ContainsFunc(problems, func(p lint.Problem) bool { return strings.Contains(p.String(), "it cannot be read") }) {
		t.Errorf("Lint lets a byte order mark pass: %v, %v", problems, err)
	}
}
