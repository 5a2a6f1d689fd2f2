package explain

import (
	"fmt"
	"go/importer"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestHintsCanBeMatched fails at an expression that is none: they are compiled when a cell has failed.
func TestHintsCanBeMatched(t *testing.T) {
	if h := Hint("no message at all", "", ""); h != "" {
		t.Errorf("nothing gets the hint %q", h)
	}
	if h := Hint("expected declaration, found def", "def double(n):", "%%"); !strings.Contains(h, "func double(n int)") {
		t.Errorf("the hint does not take up the line's own name: %q", h)
	}
	for _, h := range hints {
		for _, expression := range []string{h.message, h.line, h.cell, h.without} {
			if _, err := regexp.Compile(expression); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestANameThatIsNearlyTheSameIsMeant(t *testing.T) {
	t.Parallel()
	names := []string{"wg", "average", "fetchPage", "result", "results"}
	for name, want := range map[string]string{
		"avarage": "average", "averaeg": "average", "fetchpage": "fetchPage", "FetchPages": "fetchPage", "WG": "wg", "wgg": "wg",
		"x": "", "wh": "", "beverages": "", "total": "", "average": "",
	} {
		if got := nearest(name, names); got != want {
			t.Errorf("%s is taken for %q, want %q", name, got, want)
		}
	}
	s := Sources{1: "func average() {}\n%%\nlocal := 1", 2: "%%\naverge()\nlocl()"}
	if got := s.NotBuilt(2, "", []string{"Cell[2]: Line 2\nundefined: averge", "Cell[2]: Line 3\nundefined: locl"}).Value; !strings.Contains(got, "Did you mean average?") {
		t.Errorf("a function of another cell is not among those that may be meant:\n%s", got)
	}
	if got := s.NotBuilt(2, "", []string{"Cell[2]: Line 3\nundefined: locl"}).Value; strings.Contains(got, "Did you mean") {
		t.Errorf("a variable that is gone with its cell is said to be meant:\n%s", got)
	}
}

func TestAReportKeepsToWhatTheReaderWrote(t *testing.T) {
	t.Parallel()
	s := Sources{1: "func again() { again() }\n%%\nagain()"}
	frame := "main.again()\n\tCell [1], line 1\n"
	overflow := s.Failed(1, "exit status 2", "runtime: goroutine stack exceeds 1000-byte limit\nfatal error: stack overflow\n\nruntime stack:\nruntime.throw()\n\tpanic.go:1\n\ngoroutine 1 [running]:\n"+strings.Repeat(frame, 100)).Value
	if n := strings.Count(overflow, "main.again()"); n == 0 || n > 5 || !strings.Contains(overflow, "calls itself") || strings.Contains(overflow, "panic.go") {
		t.Errorf("of a hundred calls the report shows %d:\n%s", n, overflow)
	}
	waiting := "goroutine 1 [sync.WaitGroup.Wait]:\nmain.main()\n\tCell [1], line 3\n"
	for i := range 5 {
		waiting += fmt.Sprintf("\ngoroutine %d [sync.Mutex.Lock]:\nmain.add(0xc00%d)\n\tCell [1], line 1\n", 20+i, i)
	}
	alike := s.Failed(1, "exit status 2", "fatal error: all goroutines are asleep - deadlock!\n\n"+waiting+"\ngoroutine 30 [chan send]:\nmain.add(0xc00)\n\tCell [1], line 1\n").Value
	for what, want := range map[string]int{"goroutine ": 3, "[sync.Mutex.Lock]": 1, "and 4 more like this one": 1, "goroutine 30 [chan send]": 1} {
		if n := strings.Count(alike, what); n != want {
			t.Errorf("the report of six goroutines, five of them alike, has %q %d times, want %d:\n%s", what, n, want, alike)
		}
	}
	for declared, key := range map[string]string{"func show(i item) {": "%rm show ", "func (i item) show() {": "%rm item~show ", "func (i *item) show() {": "%rm item~show "} {
		renamed := Sources{1: "type item struct{ name string }\n\n" + declared + "\n\tfmt.Println(i.name)\n}", 2: "type item struct{ title string }"}
		got := renamed.NotBuilt(2, "", []string{"Cell[1]: Line 4\ni.name undefined (type item has no field or method name)"}).Value
		if !strings.Contains(got, "This is show as an earlier cell has declared it") || !strings.Contains(got, key) {
			t.Errorf("of a fault in a line of another cell, below %s, it says\n%s", declared, got)
		}
	}
	ours := `"time" imported and not used`
	if got := s.NotBuilt(1, "", []string{ours, "Cell[1]: Line 3\nundefined: x"}).Value; strings.Contains(got, ours) {
		t.Errorf("what the kernel has imported is reported beside a fault of the cell:\n%s", got)
	}
	if got := s.NotBuilt(1, "", []string{ours}).Value; !strings.Contains(got, ours) {
		t.Errorf("nothing is left of the only message:\n%s", got)
	}
}

func TestCountsStandBelowTheirFaultIfThereIsOne(t *testing.T) {
	t.Parallel()
	for want, said := range map[string][]string{
		"have (int)": {"have (int)"},
		"not enough arguments\nhave (int)\nwant (int, int)": {"not enough arguments", "have (int)", "want (int, int)"},
	} {
		if got := (Sources{}).NotBuilt(1, "", said).Value; !strings.HasPrefix(got, want) {
			t.Errorf("%q became %q, want %q", said, got, want)
		}
	}
}

func TestAReportHasThePlaceTheLineAndOneHint(t *testing.T) {
	t.Parallel()
	s := Sources{3: "%%\nx := 1\nvar y string = x\n", 4: "func f() {"}
	built := s.NotBuilt(3, "", []string{
		"Cell[3]: Line 2\ndeclared and not used: x (and 7 more errors)", "# gonb_0123abcd", "Cell[3]: Line 3\ndeclared and not used: y", "Cell[3]: Line 3\nmismatched types int and string",
	}).Value
	if want := "Cell [3], line 2:\n    x := 1\ndeclared and not used: x\n\nCell [3], line 3:"; !strings.HasPrefix(built, want) {
		t.Errorf("the report is\n%s\nand does not begin with\n%s", built, want)
	}
	if want := "\n\nCell [3], line 3:\n    var y string = x\ndeclared and not used: y\nmismatched types int and string\n\nHint: Go doesn't convert"; !strings.Contains(built, want) || strings.Count(built, "Hint:") != 1 {
		t.Errorf("the report is\n%s\nand does not have\n%s", built, want)
	}
	if got, want := s.NotBuilt(4, "", []string{"expected '}', found 'EOF'"}).Value, "Cell [4], line 1:\n    func f() {\nexpected '}', found 'EOF'"; !strings.HasPrefix(got, want) {
		t.Errorf("the report is\n%s\nwant\n%s", got, want)
	}
	if got := s.NotBuilt(4, "failed to run \"go build\": exit status 1: no space", nil).Value; got != "no space" {
		t.Errorf("what the compiler has not said becomes %q", got)
	}
	panicked := s.Failed(3, "exit status 2", "panic: integer divide by zero\n\ngoroutine 1 [running]:\nmain.main()\n\tCell [3], line 2\n").Value
	if want := "Cell [3], line 2:\n    x := 1\npanic: integer divide by zero\n\nHint: Check that the divisor isn't 0 before you divide.\n\ngoroutine 1 [running]:\nmain.main()\n\tCell [3], line 2"; panicked != want {
		t.Errorf("the report is\n%q\nwant\n%q", panicked, want)
	}
	for status, want := range map[string]string{
		"exit status 66": "The race detector has found a data race (exit status 66).", "signal: killed": "The program was killed (signal: killed).", "exit status 3": "exit status 3",
	} {
		if got := s.Failed(3, status, ""); got.Value != want || len(got.Traceback) != 1 {
			t.Errorf("%s gives %+v, want %q", status, got, want)
		}
	}
	if Crash("all is well\npanic: no\n") != len("all is well\n") || Crash("no panic: at all") >= 0 {
		t.Error("the report of a crash is not found where it begins")
	}
}

func TestPlacesOfATrace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ said, want string }{
		{"main.f()\n\t \x1b[7m[[ Cell [3] Line 5 ]]\x1b[0m /tmp/run-x/gonb_0123abcd/main.go:33 +0x1d\n", "main.f()\n\t\x1b[7mCell [3], line 5\x1b[0m\n"},
		{"main.main()\n\t \x1b[7m[[ Cell [3] Line 0 ]]\x1b[0m /tmp/run-x/gonb_0123abcd/main.go:33 +0x1d\n", "main.main()\n\t\x1b[7mCell [3], at its end\x1b[0m\n"},
		{"sync.(*WaitGroup).Wait()\n\t/usr/local/go/src/sync/waitgroup.go:118 +0x48\n", "sync.(*WaitGroup).Wait()\n\twaitgroup.go:118\n"},
		{"runtime.x\n\t/usr/local/go/src/runtime/asm_amd64.s:1771 +0x1 fp=0x1 sp=0x2 pc=0x3\n", "runtime.x\n\tasm_amd64.s:1771\n"},
		{"main.main()\n\t/tmp/gonb_0123abcd/main.go:7 +0x1d\n", "main.main()\n\tthe cell's main.go:7\n"},
		{"see /usr/local/go/src/sync/waitgroup.go:118 there\n", "see /usr/local/go/src/sync/waitgroup.go:118 there\n"},
		{"my.go:3 is mine", "my.go:3 is mine"},
	} {
		if got := Trace(test.said); got != test.want {
			t.Errorf("%q became %q, want %q", test.said, got, test.want)
		}
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]bool{
		"%%\nprint(1)": true, "%%\nx := 1; println(x)": true, "%%\nfmt.Print(1)": false, "%%\nlog.println(1)": false, "%%\nprint": false,
		"func print(n int) {}": false, "%%\n// print(1)": false, "%%script python3\nprint(1)": false, "%%\ns := `print(1)`": false,
	} {
		if got := Printed(source) != ""; got != want {
			t.Errorf("%q: %v, want %v", source, got, want)
		}
	}
}

func TestWhichProgramLineIsTooMany(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"%%\nfunc f() {}\n\n%%\nf()":             "Remove the first %% line",
		"%%\nfmt.Println(1)\n%%\nfmt.Println(2)": "Remove the second %% line",
	} {
		if got := Refusal(source); !strings.Contains(got, want) {
			t.Errorf("%q is refused with %q, want %q", source, got, want)
		}
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]bool{
		"%%\nf()\n%%\ng()": true, "%%\n%main": true, "//gonb:%%\n%%": true, "%exec f\n%%": true,
		"%%": false, "%%\nf()\n%test": false, "%%script cat\n%%\n%%": false, "%%\n%goflags -race\nfmt.Printf(\"%%\\n\")": false, "%%writefile x\n%%\n%%\n": false,
		"%%script": true, "%%script \nls": true, "x()\n! ": true, "%% fmt.Println(1)": true, "f()\n%%  x := 1": true, "%\t\n%%": true, "! \\\n\n%%": true, "!\\": true,
		"%%script cat\n! ": false, "! ls": false, "!\\\nls": false, "!": false, "% reset": false, "%%bash\n! \n": false, "x := y // ! ": false,
		"%timeit f()": true, "%%time\nf()": true, "%%fmt.Println(1)": true, "x := 1\n%%bash\nls": false, "//gonb:%pip install x": true,
		"%goflags -race\n%env A b\n%% a b\n\t%d": false, "%help\n%ls": false, "%%script cat\n%pip": false, "!echo \\\n%x": false,
	} {
		if got := Refusal(source) != ""; got != want {
			t.Errorf("%q: %v, want %v", source, got, want)
		}
	}
}

func TestExportsAreThoseOfTheLibrary(t *testing.T) {
	t.Parallel()
	from := importer.ForCompiler(token.NewFileSet(), "source", nil)
	for _, name := range []string{"fmt", "math", "slices", "strings", "sync", "time"} {
		p, err := from.Import(library[name])
		if err != nil {
			t.Fatal(err)
		}
		found := exports(name)
		for _, want := range p.Scope().Names() {
			if token.IsExported(want) && !slices.Contains(found, want) {
				t.Errorf("%s.%s is not among the exports", name, want)
			}
		}
	}
	source := "package p\n\nfunc (t T) Method() {}\nfunc F(A int) { var B int }\ntype (\n\tT struct{ Field int }\n\tU interface{ M() }\n)\n\nconst C, D = 1, 2\n\nvar (\n\tV = f(X)\n\tw, W int\n)\nfunc G[K any]() {}\n"
	if got := strings.Join(declaredFor(source), " "); got != "F T U C D V W G" {
		t.Errorf("the names are %q", got)
	}
	if exports("elsewhere") != nil {
		t.Error("a package that is not of the library has exports")
	}
}
