package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tutorial/kernel-setup/front/explain"
	"tutorial/kernel-setup/labtest"
)

// memory is what a process has of memory, in KB: with "VmRSS" now, with "VmHWM" the most so far. It skips the test where there is no
// /proc to read it from.
func memory(t *testing.T, id int, field string) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", id))
	if err != nil {
		t.Skip(err)
	}
	n, err := strconv.Atoi(regexp.MustCompile(field + `:\s+(\d+) kB`).FindStringSubmatch(string(status))[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFloodIsBounded(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	k := startKernel(t, "ipc")
	for _, source := range []string{
		"%%\nfor { fmt.Println(\"flood\") }",
		"%%\nfor { fmt.Print(strings.Repeat(\"flood\", 1000)) }",
		"%%\nfor { fmt.Fprintln(os.Stderr, \"flood\") }",
		"!yes flood",
		"%%script python3\nwhile True: print('flood')",
	} {
		start := time.Now()
		r := k.execute(t, source)
		if lines, bytes := strings.Count(r.Stdout+r.Stderr, "\n"), len(r.Stdout)+len(r.Stderr); lines > maxLines+500 || bytes > maxBytes+8<<10 || lines < maxLines/2 && bytes < maxBytes/2 {
			t.Errorf("%s shows %d lines, %d bytes", source, lines, bytes)
		}
		if !strings.Contains(r.Stderr, "This cell prints more than 5,000 lines or 1 MB.") || strings.Contains(r.Stderr, "button") || // "run" has none
			!strings.Contains(r.Stderr, "It went on without end, and was stopped.") || r.Status != "error" || r.Errors != 1 {
			t.Errorf("%s gave %s, %d errors, and says %.500q", source, r.Status, r.Errors, r.Stderr)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %v", source, took)
		}
	}
	for what, id := range map[string]int{"the front": k.cmd.Process.Pid, "GoNB": k.gonb(t)} {
		if mb := memory(t, id, "VmHWM") >> 10; mb > 150 {
			t.Errorf("%s has had %d MB", what, mb)
		}
	}
	k.prints(t, "%%\nfmt.Println(\"on\")", "on\n")
}

func TestLongOutputHasItsEnd(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	k := startKernel(t, "ipc")
	r := k.execute(t, "%%\nfor i := range 100_000 { fmt.Println(i) }")
	if r.Status != "ok" || !strings.HasPrefix(r.Stdout, "0\n1\n2\n") || !strings.HasSuffix(r.Stdout, "\n99998\n99999\n") || strings.Count(r.Stdout, "\n") > maxLines+500 {
		t.Errorf("it gave %s and %d lines, from %.20q to %q", r.Status, strings.Count(r.Stdout, "\n"), r.Stdout, r.Stdout[max(0, len(r.Stdout)-20):])
	}
	if !strings.Contains(r.Stderr, "95,000 lines, ") {
		t.Errorf("it says %q", r.Stderr)
	}
	// What is just within the limit is whole, and nothing is said.
	r = k.execute(t, "%%\nfor i := range 5_000 { fmt.Println(i) }")
	if strings.Count(r.Stdout, "\n") != maxLines || r.Stderr != "" {
		t.Errorf("5,000 lines gave %d and %q", strings.Count(r.Stdout, "\n"), r.Stderr)
	}
	r = k.execute(t, "import \"github.com/janpfeifer/gonb/gonbui\"\n%%\nfor range 3_000 { gonbui.DisplayHTML(\"x\") }\ngonbui.Sync()")
	if len(r.Displays) != maxDisplays || !strings.Contains(r.Stderr, "displays more than 1,000 things") {
		t.Errorf("3,000 displays gave %d, and %q", len(r.Displays), r.Stderr)
	}
}

// GoNB reads 32 KB at a time, a bufio.Writer passes on 4 KB, Python 8 KB: none of these ends where a letter does.
func TestNoLetterIsCutInTwo(t *testing.T) {
	t.Parallel()
	k := startKernel(t, "ipc")
	for source, letters := range map[string]int{
		"%%\nfmt.Print(strings.Repeat(\"日\", 40_000))":                                              40_000,
		"%%\nw := bufio.NewWriter(os.Stdout)\nfor range 40_000 { w.WriteString(\"日\") }\nw.Flush()": 40_000,
		"%%\nfor _, b := range []byte(strings.Repeat(\"日\", 100)) { os.Stdout.Write([]byte{b}) }":   100,
		"%%script python3\nfor _ in range(40_000): print(end='日')":                                  40_000,
	} {
		if r := k.execute(t, source); r.Status != "ok" || r.Stdout != strings.Repeat("日", letters) {
			t.Errorf("%s\ngave %s, %d letters and %q", source, r.Status, strings.Count(r.Stdout, "日"), strings.ReplaceAll(r.Stdout, "日", ""))
		}
	}
	k.prints(t, "%%\nos.Stdout.Write([]byte(\"日本\")[:5])", "日\uFFFD\uFFFD")
}

func TestTheEndBeginsWithALineUnlessThereIsOnlyOne(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2*tailBytes)
	for text, want := range map[string]string{
		long + "END\n":      long[:tailBytes-4] + "END\n",
		long + "END":        long[:tailBytes-3] + "END",
		long + "\nlast\n":   "last\n",
		"all of it\nlast\n": "all of it\nlast\n",
	} {
		c := cell{}
		c.tail[1] = (&message{parts: make([][]byte, contentPart+1)}).also("stream", stream{"stdout", text})
		if got := c.lastLines(); got != want {
			t.Errorf("of %q: %q, want %q", text, got, want)
		}
	}
}

func TestACellThatDisplaysWithoutEndIsEnded(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	c, stops := &cell{}, 0
	m := (&message{parts: make([][]byte, contentPart+1)}).also("display_data", map[string]any{})
	for range endlessDisplays {
		c.display(m, func(*cell) { stops++ })
	}
	if stops != 0 {
		t.Error("it is ended too early")
	}
	for range 2 {
		c.display(m, func(*cell) { stops++ })
	}
	if stops != 1 || !c.stopped {
		t.Errorf("it is ended %d times, not once", stops)
	}
}

// TestStopEndsWhateverRuns stops a cell at each of its stages.
func TestStopEndsWhateverRuns(t *testing.T) {
	t.Parallel()
	k := startKernel(t, "ipc")
	for what, source := range map[string]string{
		"a program":         endless,
		"a flood":           "%%\nfor { fmt.Println(\"flood\") }",
		"a shell's child":   "!echo begun; sleep 1000; echo done",
		"a Python program":  "%%script python3\nimport time\nprint('begun', flush=True)\ntime.sleep(1000)",
		"a program's child": "%%\nfmt.Println(\"begun\")\ncmd := exec.Command(\"sleep\", \"1000\")\ncmd.Stdout = os.Stdout\ncmd.Run()",
	} {
		id := k.beginAndWait(t, source)
		start := time.Now()
		k.send(t, k.control, "interrupt_request", map[string]any{})
		if r := k.finish(t, id); strings.HasPrefix(source, "%%\n") && r.Status != "error" { // GoNB calls a command ok that was stopped
			t.Errorf("%s that was stopped gave %v", what, r)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s went on for %v", what, took)
		}
	}
	// A build takes long if it is of something that nobody has built: here with other flags.
	k.execute(t, fmt.Sprintf("%%goflags -gcflags=all=-d=checkptr=%d", time.Now().Unix()%1000))
	id := k.begin(t, "import \"net/http\"\n%%\nfmt.Println(http.StatusOK)")
	time.Sleep(1500 * time.Millisecond)
	start := time.Now()
	k.send(t, k.control, "interrupt_request", map[string]any{})
	if r := k.finish(t, id); r.Status != "error" || r.Value != stopped || r.Errors != 1 {
		t.Errorf("a stopped build gave %v", r)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("the build went on for %v", took)
	}
	k.execute(t, "%goflags \"\"")
	k.prints(t, "%%\nfmt.Println(\"on\")", "on\n")
}

// TestAStopIsNotLost stops cells whose programs have not begun: before they are built, while, and in between. What is queued goes on.
func TestAStopIsNotLost(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	k := startKernel(t, "ipc")
	k.send(t, k.control, "interrupt_request", map[string]any{}) // of nothing
	if _, err := k.control.Recv(); err != nil {
		t.Fatal(err)
	}
	k.prints(t, "%%\nfmt.Println(\"on\")", "on\n")
	for i := range 12 {
		source := []string{
			"%%%%\nn := %d\nfor { n++ }",
			"%%%%script python3\nn = %d\nwhile True: n += 1",
			"%%test\nfunc TestLoop(t *testing.T) { for n := %d; ; { n++ } }",
			"!sleep 1000%d; echo done\n!sleep 1000",
		}[i%4]
		after := time.Duration(20+i/4*200) * time.Millisecond // not 0, which is a race of two connections
		k.begin(t, fmt.Sprintf(source, i))
		time.Sleep(after)
		k.send(t, k.control, "interrupt_request", map[string]any{})
		if r := k.execute(t, "!echo on"); r.Status != "ok" || r.Stdout != "on\n" || r.Stderr != "" {
			t.Errorf("%s\n   was stopped after %v, and the cell behind it gave %v", source, after, r)
		}
	}
}

// TestAProgramMayEndInItsOwnWay has one that takes its time when it was interrupted, and runs another for it.
func TestAProgramMayEndInItsOwnWay(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	k := startKernel(t, "ipc")
	id := k.beginAndWait(t, `%%
stop := make(chan os.Signal, 10)
signal.Notify(stop, os.Interrupt)
fmt.Println("begun")
<-stop
err := exec.Command("sleep", "1").Run()
fmt.Println("ended", len(stop), err)`)
	for range 3 { // as some press it
		k.send(t, k.control, "interrupt_request", map[string]any{})
		time.Sleep(100 * time.Millisecond)
	}
	if r := k.finish(t, id); r.Status != "ok" || r.Stdout != "ended 0 <nil>\n" {
		t.Errorf("it gave %v", r)
	}
}

func TestTwoProgramsInACellAreOneSentence(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	k := startKernel(t, "ipc")
	k.prints(t, "func double(n int) int { return 2 * n }", "")
	const twice = "%%\nfmt.Println(1)\n\n%%\nfmt.Println(2)"
	k.begin(t, "%%\ntime.Sleep(300 * time.Millisecond)") // it waits for its turn
	r := k.execute(t, twice)
	if r.Status != "error" || r.Errors != 1 || !strings.HasPrefix(r.Error, "This cell begins a program twice, on lines 1 and 4") || strings.Contains(r.Error, "\n") || r.Count != 3 || r.Stdout+r.Stderr != "" {
		t.Errorf("cell %d gave %v", r.Count, r)
	}
	k.prints(t, "%%\nfmt.Println(double(21))", "42\n") // nothing is lost
}

// TestAnErrorIsShownOnce has each way in which a cell can fail.
func TestAnErrorIsShownOnce(t *testing.T) {
	t.Parallel()
	k := startKernel(t, "ipc")
	strange := regexp.MustCompile(`gonb_|/tmp|main\.go|main_test\.go:|exit status 2|failed to run|\(and \d+ more`)
	for _, test := range []struct{ source, want string }{
		{"%%\nvar unused int", "Cell [1], line 2:\n    var unused int\ndeclared and not used: unused\n\nHint: "},
		{"%%\nfmt.Println(1", "Cell [2], line 2:\n    fmt.Println(1\nmissing ',' before newline in argument list\n\nHint: "},
		{"%%\nlong := 1\nother := 2", "Cell [3], line 2:\n    long := 1\ndeclared and not used: long\n\nHint: Go refuses to build a program with an unused variable. Use long or remove it; for now, _ = long will do.\n\nCell [3], line 3:\n    other := 2\ndeclared and not used: other"},
		{"func fail() {\n\tpanic(\"on purpose\")\n}\n\n%%\nfmt.Fprintln(os.Stderr, \"before\")\nfail()", "Cell [4], line 2:\n    panic(\"on purpose\")\npanic: on purpose\n\ngoroutine 1 [running]:\nmain.fail(...)\n\tCell [4], line 2\nmain.main()\n\tCell [4], line 7"},
		{"%%\nfail()", "Cell [4], line 2:\n    panic(\"on purpose\")\npanic: on purpose\n"},
		{"%%\nmake(chan int) <- 1", "Cell [6], line 2:\n    make(chan int) <- 1\nfatal error: all goroutines are asleep - deadlock!\n\nHint: Nobody receives"},
		{"%%\nos.Exit(3)", "exit status 3"},
		{"x := 3", "Cell [8], line 1:\n    x := 3\nexpected declaration, found x\n\nHint: Did you forget %%?"},
		{"%%\nfor {", "Cell [9], line 2:\n    for {\nexpected '}', found 'EOF'\n\nHint: "},
		{"import \"no/such/thing\"\n%%\nthing.F()", "no/such/thing: package no/such/thing is not in std\n\nHint: "},
		{"%test\nfunc TestWrong(t *testing.T) { t.Error(\"wrong\") }", "exit status 1"},
		{"%%\nvar wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()", "Cell [12], line 4:\n    wg.Wait()\nfatal error: all goroutines are asleep"},
		{"%%\nvar p *struct{ n int }\nfmt.Println(p.n)", "Cell [13], line 3:\n    fmt.Println(p.n)\npanic: runtime error: invalid memory address or nil pointer dereference\n\nHint: "},
		{"%%\nvar wg sync.WaitGroup\nlist := []int{}\nwg.Go(fmt.Println(1))\nlist.append(2)", "Cell [14], line 4:\n    wg.Go(fmt.Println(1))\ntoo many arguments in call to wg.Go\nhave (int, error)\nwant (func())\n\nHint: Pass wg.Go a function, not a call: wg.Go(func() { ... }).\n\nCell [14], line 5:\n    list.append(2)\n"},
	} {
		r := k.execute(t, test.source)
		all := r.Stdout + r.Stderr + r.Value
		if r.Status != "error" || r.Errors != 1 || len(r.Displays) > 0 || !strings.HasPrefix(r.Value, test.want) || strange.MatchString(r.Value+r.Stderr) {
			t.Errorf("%s\n   gave %v\n   want an error that begins with\n%s", test.source, r, test.want)
		}
		for _, part := range strings.Split(test.want, "\n") {
			if len(part) > 20 && !strings.HasPrefix(part, "\t") && !strings.HasPrefix(part, "    ") && strings.Count(all, part) > 1 {
				t.Errorf("%s\n   says %q more than once: %v", test.source, part, r)
			}
		}
		reply := content[failure](r.Reply)
		if reply.Value != r.Value {
			t.Errorf("%s\n   the reply says %q, and the notebook %q", test.source, reply.Value, r.Value)
		}
	}
}

// TestAFailedTestSaysWhere has what a failed test says beside its line, which go test names in a file that nobody knows.
func TestAFailedTestSaysWhere(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	k := startKernel(t, "ipc")
	k.prints(t, "func check(t *testing.T, ok bool) {\n\tif !ok {\n\t\tt.Error(\"not so\")\n\t}\n}", "")
	for _, test := range []struct{ source, want, says string }{
		{"%test\nfunc TestWrong(t *testing.T) {\n\tt.Log(\"so far\")\n\tt.Error(\"wrong\")\n}", "Cell [2], line 4: wrong\n", "=== RUN   TestWrong"},
		{"%test -test.timeout=60s\nfunc TestAgain(t *testing.T) { check(t, false) }", "Cell [1], line 3: not so\n", "--- FAIL: TestAgain"},
		{"%test\nfunc BenchmarkWrong(b *testing.B) { b.Error(\"slow\") }", "Cell [4], line 2: slow\n", "BenchmarkWrong"},
	} {
		r := k.execute(t, test.source)
		said := strings.NewReplacer("\x1b[7m", "", "\x1b[0m", "").Replace(r.Stdout)
		if r.Status != "error" || strings.Count(said, test.want) != 1 || !strings.Contains(said, test.says) || strings.Contains(said+r.Stderr+r.Value, "_test.go") {
			t.Errorf("%s\n   gave %v\n   want %q once, and no file", test.source, r, test.want)
		}
	}
}

// TestWhatHasNotFailedIsNotCalledFailed has programs that print what a crash prints.
func TestWhatHasNotFailedIsNotCalledFailed(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	k := startKernel(t, "ipc")
	for _, text := range []string{"panic: not really\n", "exit status 2\n", "fatal error: no\ngoroutine 1 [running]:\n", "half a line"} {
		r := k.execute(t, "%%\nfmt.Fprint(os.Stderr, "+strconv.Quote(text)+")")
		if r.Status != "ok" || r.Errors != 0 || r.Stderr != text {
			t.Errorf("a program that prints %q gave %v", text, r)
		}
	}
	r := k.execute(t, "!echo oh >&2; false")
	if r.Status != "ok" || r.Stderr != "oh\nexit status 1\n" { // as GoNB says it; whoever runs notebooks looks for it
		t.Errorf("a command that fails gave %v", r)
	}
}

func TestSurprisesAreExplained(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	k := startKernel(t, "ipc")
	for _, test := range []struct{ source, want string }{
		{"%%\nprint(\"hello\")", "hello\nNote: red does not mean that something is wrong here."},
		{"func main() {}\nfunc main() { fmt.Println(2) }", "Note: this cell has more than one func main"},
		{"func main() {}\n%%\nfmt.Println(2)", "Note: func main was ignored"},
		{"package main\n\nfunc main() { fmt.Println(2) }", ""},
		{"%%\ntotal := 2\neach := total // 5\nfmt.Println(each)", "Note: on line 3, // begins a comment."},
		{"%%\ntime.Sleep(1)", "Note: a number without a unit is in nanoseconds on line 2."},
		{"%%\ntime.Sleep(0 * time.Second)\ntime.Sleep(0)", ""},
		{"type account struct {\n\tmu sync.Mutex\n\tn int\n}\nfunc (a account) add() { a.n++ }\n%%\naccount{}.add()", "Note: the method on line 5 gets a copy of the account. To change the original, or to use its lock, write (a *account)."},
		{"type account struct {\n\tmu sync.Mutex\n\tn int\n}\nfunc (a *account) add() { a.n++ }\n%%\n(&account{}).add()", ""},
		{"type counter struct{ n int }\nfunc (c counter) get() int { return c.n }\nfunc (c counter) inc() {\n\tc.n++\n}\n%%\ncounter{}.inc()", "Note: the method on line 3 gets a copy of the counter."},
		{"type counter struct{ n int }\nfunc (c counter) plus() counter {\n\tc.n += 1\n\treturn c\n}\nfunc (c counter) is(n int) bool {\n\treturn c.n == n\n}\n%%\ncounter{}.plus()", ""},
		{"%%\nvar wg sync.WaitGroup\ngo func() {\n\tdefer wg.Done()\n\ttime.Sleep(time.Hour)\n}()\nwg.Wait()", "Note: nothing in this cell calls wg.Add, so wg.Wait on line 7 has nothing to wait for."},
		{"func send(to string, wg *sync.WaitGroup) {\n\tdefer wg.Done()\n\ttime.Sleep(time.Hour)\n}\n%%\nvar wg sync.WaitGroup\ngo send(\"Ann\", &wg)\nwg.Wait()", "Note: nothing in this cell calls wg.Add, so wg.Wait on line 8 has nothing to wait for."},
		{"func start(wg *sync.WaitGroup) { wg.Go(func() {}) }", ""},
		{"%%\nvar wg sync.WaitGroup\nstart(&wg)\nwg.Wait()", ""},
		{"%%\nvar wg sync.WaitGroup\nwg.Add(1)\ngo func() {\n\tdefer wg.Done()\n}()\nwg.Wait()", ""},
		{"%%\nresults := make(chan int)\nfor n := range 3 {\n\tgo func() {\n\t\ttime.Sleep(time.Hour)\n\t\tresults <- n\n\t}()\n}\nclose(results)\nfor r := range results { fmt.Println(r) }", "Note: line 9 closes results without waiting for the goroutines that send to it."},
		{"%%\nresults := make(chan int, 3)\nvar wg sync.WaitGroup\nfor n := range 3 {\n\twg.Go(func() { results <- n })\n}\nwg.Wait()\nclose(results)\nfor r := range results { _ = r }", ""},
		{"func check() { time.Sleep(time.Millisecond) }\n%%\nfor range 2 {\n\tgo func() {\n\t\tcheck()\n\t\ttime.Sleep(time.Second)\n\t}()\n}", "Note: a program ends when main does, and nothing in this cell waits for what line 4 starts."},
		{"func wait() { for range time.Tick(time.Millisecond) { return } }", ""},
		{"%%\ngo fmt.Println(1)\nwait()", ""},
		{"%%\ngo func() {\n\tfmt.Println(1)\n}()\ntime.Sleep(time.Millisecond)", ""},
		{"%%\nvar wg sync.WaitGroup\ngo func() {\n\twg.Add(1)\n\tdefer wg.Done()\n}()\nwg.Wait()", "Note: wg.Add is called inside the goroutine that line 3 starts"},
		{"func put(board [3]string, s string) {\n\tboard[0] = s\n}\n%%\nvar b [3]string\nput(b, \"X\")", "Note: put on line 1 gets a copy of the array board. To change the original, write board *[3]string"},
		{"func put(board []string, s string) {\n\tboard[0] = s\n}\nfunc with(board [3]string) [3]string {\n\tboard[0] = \"X\"\n\treturn board\n}\n%%\nput(make([]string, 1), with([3]string{})[0])", ""},
		{"func main() {\n\tgo time.Now()\n}", "Note: a program ends when main does, and nothing in this cell waits for what line 2 starts."},
		{"%%\nvar wg sync.WaitGroup\nwg.Add(2)\ngo func() {\n\tdefer wg.Done()\n\twg.Done()\n}()\nwg.Wait()", "Note: the goroutine that line 4 starts calls Done twice"},
		{"%%\nfmt.Println(\"%d items\", 3)", "Note: on line 2, fmt.Println doesn't fill in values: %d stays as it is. fmt.Printf does, and needs \\n at the end of the line."},
		{"%%\neuro := 5.0\nfmt.Printf(\"{euro:.2f} euro\\n\", euro)", "Note: on line 3, {euro:.2f} stays as it is."},
		{"%%\nfmt.Println(\"100%\", 3)\nfmt.Printf(\"%d\\n\", 3)", ""},
		{"%%\nfor i := range 3 { go fmt.Println(i) }", "Note: a program ends when main does, and nothing in this cell waits for what line 2 starts."},
		{"%%\ntemps := []int{21, 19}\ntotal := 0\nfor t := range temps { total += t }\nfmt.Println(total)", "Note: on line 4, t is the index: 0, 1, 2 and so on. For the elements, write for _, t := range temps."},
		{"%%\nn := 10 // 3\nfmt.Println(n)", "Note: on line 2, // begins a comment."},
		{"%%\ntotal := 1 + 1 // 2\nfmt.Println(total) // 2", ""},
		{"%%\nctx, cancel := context.WithTimeout(context.Background(), 2)\ndefer cancel()\n<-ctx.Done()", "Note: a number without a unit is in nanoseconds on line 2."},
		{"%%\nctx, cancel := context.WithTimeout(context.Background(), 2*time.Millisecond)\ndefer cancel()\n<-ctx.Done()", ""},
		{"%%\nn := 65\nfmt.Println(\"result \" + string(n))", "Note: string(n) on line 3 is the character with that number."},
		{"%%\nb := []byte{65}\nfmt.Println(\"result \" + string(b))", ""},
		{"import \"golang.org/x/sync/errgroup\"\n%%\nvar g errgroup.Group\ng.Go(func() error {\n\treturn errors.New(\"disk full\")\n})\ng.Wait()", "Note: g.Wait on line 7 returns the first error, and nobody looks at it."},
		{"import \"golang.org/x/sync/errgroup\"\n%%\nvar g errgroup.Group\ng.Go(func() error {\n\treturn nil\n})\ng.Wait()", ""},
		{"%%\nvar wg sync.WaitGroup\nwg.Go(func() {\n\tvar mu sync.Mutex\n\tmu.Lock()\n\tdefer mu.Unlock()\n})\nwg.Wait()", "Note: each goroutine that line 3 starts makes a lock mu of its own"},
		{"func fetchAll(n int) int { return n }\n%%\nfmt.Println(fetchAll(1))", ""},
		{"func fetchEach(n int) int { return n + 1 }\n%%\nfmt.Println(fetchAll(1))", "Note: fetchAll is from an earlier cell, and the kernel still has it. This cell declares fetchEach, which nothing uses."},
		{"func fetchEach(n int) int { return n + 1 }\n%%\nfmt.Println(fetchAll(fetchEach(1)))", ""},
		{"type robot struct{}\nfunc (r robot) say() int { return 1 }\nfunc fib(n int) int {\n\tif n < 2 { return 1 }\n\treturn fib(n-1) + fib(n-2)\n}", ""},
		{"func (r robot) speak() int { return 2 }\n%%\nfmt.Println(robot{}.say())", "Note: say is from an earlier cell, and the kernel still has it. This cell declares speak, which nothing uses."},
		{"func fibonacci(n int) int {\n\tif n < 2 { return n }\n\treturn fib(n-1) + fib(n-2)\n}\n%%\nfmt.Println(fibonacci(3))", "Note: fibonacci calls fib, which is from an earlier cell"},
		{"func doWork(n int, name string) {}\n%%\nfmt.Println(fib(1))", "Note: fib is from an earlier cell, and the kernel still has it. This cell declares doWork, which nothing uses."},
		{"func double(n int) int {\n\treturn 2 * fib(n)\n}\n%%\nfmt.Println(double(3))", ""},
		{"%%\nsum := 0\nfor i := range 3 {\n\tsum := sum + i\n\tfmt.Println(sum)\n}", "Note: on line 4, := makes a new sum each time"},
		{"import \"tutorial/helpers/timeline\"\n%%\ntimeline.Show(\"x\", func() { os.Exit(0) })", "timeline.Show(\"x\") has shown nothing: the program ended before it could"},
		{"import \"tutorial/helpers/timing\"\n%%\ntiming.Compare(\"x\", timing.Go(\"one\", func() { os.Exit(0) }))", "timing.Compare(\"x\") has shown nothing: the program ended before it could"},
		{"%%\ntimeline.Show(\"x\", func() {})\ntiming.Compare(\"x\", timing.Go(\"one\", func() {}))\nos.Exit(0)", ""},
	} {
		if r := k.execute(t, test.source); r.Status != "ok" || !strings.HasPrefix(r.Stderr, test.want) || test.want == "" && r.Stderr != "" {
			t.Errorf("%s\n   gave %v\n   want %q", test.source, r, test.want)
		}
	}
}

// TestMistakes makes the mistakes that everybody makes; each has a hint that says what to change. Those below NONE must get none: what
// is said there would be a guess.
func TestMistakes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/mistakes.txt")
	if err != nil {
		t.Fatal(err)
	}
	k := startKernel(t, "ipc")
	for i, part := range strings.Split("\n"+string(text), "\n==== ")[1:] {
		if !labtest.Every() && i%8 > 0 {
			continue
		}
		want, source, _ := strings.Cut(part, "\n")
		r := k.execute(t, source)
		_, hint, hinted := strings.Cut(r.Value, "Hint: ")
		hint, _, _ = strings.Cut(hint, "\n")
		switch {
		case r.Status != "error":
			t.Errorf("%s\n   does not fail: %v", source, r)
		case strings.Count(r.Value, "Hint: ") > 1:
			t.Errorf("%s\n   gets more than one hint: %s", source, r.Value)
		case want == "NONE" && hinted:
			t.Errorf("%s\n   gets the hint %q; want none, for\n%s", source, hint, r.Value)
		case want != "NONE" && !strings.Contains(hint, want):
			t.Errorf("%s\n   gets the hint %q; want %q, for\n%s", source, hint, want, r.Value)
		}
		k.execute(t, "%reset")
	}
}

// TestATraceThatComesInPiecesHasItsPlaces is about places that GoNB does not see.
func TestATraceThatComesInPiecesHasItsPlaces(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "gonb_0123abcd")
	file := filepath.Join(dir, "main.go")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("package main\n\nfunc main() {\n\tf()\n\tg()\n\tg()\n}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	b := book{sources: explain.Sources{7: "%%\nf()\ng()\ng()", 8: "%%\nother()"}}
	for _, c := range []struct{ line, want string }{
		{"4", "\tCell [7], line 2\n"},
		{"5", "\tCell [7], line 3\n"}, // there are two such lines, and only one comes after f()
		{"6", "\tCell [7], line 4\n"},
		{"7", "\tthe cell's main.go:7\n"}, // the kernel's own
		{"99", "\tthe cell's main.go:99\n"},
	} {
		got := strings.NewReplacer("\x1b[7m", "", "\x1b[0m", "").Replace(explain.Trace(b.placed("main.main()\n\t"+file+":"+c.line+" +0x1d\n", 8)))
		if want := "main.main()\n" + c.want; got != want {
			t.Errorf("line %s becomes %q, want %q", c.line, got, want)
		}
	}
}
