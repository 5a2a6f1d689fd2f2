package notebooks_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tutorial/kernel-setup/notebook"
)

// A reader meets no construct in a cell that has not had a sentence of its own: a cell that brings one says so in its
// metadata, "introduces", and no cell before it may use it.

// vocabulary holds the constructs that are looked for, with the notebook that introduces each, where the plan names one.
var vocabulary = func() map[string]string {
	all := map[string]string{}
	for home, constructs := range map[string]string{
		"00_start_here.ipynb": "short declaration, function literal, slice, map, struct, pointer, error check, range, method",
		"threading/01_basic_threading.ipynb": "goroutine, WaitGroup, WaitGroup.Go, channel, send, receive, close, capacity, channel range, " +
			"channel direction, struct{}, select, time.After, ticker, defer, panic, recover, context, context.Done, Thread, daemon, threading.Event",
		"threading/02_thread_pool_executor.ipynb": "errgroup, SetLimit, TryGo, errgroup.WithContext, errors.Join, sync.OnceValue, " +
			"ThreadPoolExecutor, Future, as_completed",
		"threading/03_performance_comparisons.ipynb": "GOMAXPROCS, test, b.Loop, process pool",
		"threading/04_image_downloads.ipynb":         "http, errors.Is, errors.AsType, Mutex",
		"asyncio/01_await_n_async.ipynb":             "iter.Seq, async def, await, asyncio.run",
		"asyncio/02_sequential.ipynb":                "to_thread",
		"asyncio/03_tasks.ipynb":                     "context cause, AfterFunc, create_task, cancel, asyncio.timeout, async with",
		"asyncio/04_gather.ipynb":                    "gather, wait",
		"asyncio/05_task_groups.ipynb":               "TaskGroup, except*",
		"asyncio/06_futures.ipynb":                   "type parameter, asyncio.Future",
		"asyncio/07_lock.ipynb":                      "RWMutex, atomic, asyncio.Lock",
		"asyncio/09_semaphores.ipynb":                "weighted semaphore, asyncio.Semaphore",
		"asyncio/10_event.ipynb":                     "Cond, asyncio.Event, asyncio.Condition",
		"asyncio/11_resource_management.ipynb":       "NotifyContext, WithoutCancel, shield, ExitStack",
		"":                                           "method value, interleave",
	} {
		for construct := range strings.SplitSeq(constructs, ", ") {
			all[construct] = home
		}
	}
	return all
}()

func TestVocabularyIsIntroducedBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	var all []chapter
	for _, name := range names(t) {
		nb, err := notebook.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, chapter{name, nb})
	}
	for _, fault := range vocabularyFaults(all, python(t)) {
		t.Error(fault)
	}
}

// A chapter is a notebook with its name.
type chapter struct {
	name string
	nb   *notebook.Notebook
}

// parts is the order in which the folders are read.
var parts = []string{"00_", "threading/", "asyncio/", "99_", "exercises/"}

// readingOrder compares the names of two notebooks.
func readingOrder(a, b string) int {
	part := func(name string) int {
		return slices.IndexFunc(parts, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
	}
	return cmp.Or(cmp.Compare(part(a), part(b)), strings.Compare(a, b))
}

// vocabularyFaults returns what is used before it is introduced, and what cells falsely say that they introduce. A notebook may
// introduce anew what is its own, and was only touched before.
func vocabularyFaults(all []chapter, python func([]string) [][]string) []string {
	slices.SortFunc(all, func(a, b chapter) int { return readingOrder(a.name, b.name) })
	var faults []string
	known := map[string]string{} // the cell that introduces each construct
	for _, ch := range all {
		uses := cellConstructs(ch.nb, python)
		for i, c := range ch.nb.Cells {
			fault := func(format string, args ...any) {
				faults = append(faults, fmt.Sprintf("%s: cell %s %s", ch.name, c.ID, fmt.Sprintf(format, args...)))
			}
			for _, construct := range c.Metadata.Introduces {
				switch _, listed := vocabulary[construct]; {
				case !listed:
					fault("introduces %q, which the vocabulary does not have", construct)
				case !uses[i][construct]:
					fault("says that it introduces %q, and does not use it", construct)
				case known[construct] == "" || vocabulary[construct] == ch.name && !strings.HasPrefix(known[construct], ch.name):
					known[construct] = ch.name + ", cell " + c.ID
				default:
					fault("introduces %q, and so does %s", construct, known[construct])
				}
			}
			for _, construct := range slices.Sorted(maps.Keys(uses[i])) {
				if known[construct] == "" {
					fault("uses %q, which no cell has introduced", construct)
				}
			}
		}
	}
	return faults
}

// python returns a func that finds the constructs of Python in programs; those of one that is not Python are nil.
func python(t *testing.T) func([]string) [][]string {
	t.Helper()
	checkout, err := installed()
	if err != nil {
		t.Fatal(err)
	}
	return func(programs []string) [][]string {
		input, err := json.Marshal(programs)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), checkout.Python(), "testdata/constructs.py")
		cmd.Stdin = bytes.NewReader(input)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v", cmd, err)
		}
		var found [][]string
		if err := json.Unmarshal(out, &found); err != nil {
			t.Fatal(err)
		}
		return found
	}
}

// cellConstructs returns the constructs that each cell of a notebook uses, also those of Python programs in the strings of Go.
func cellConstructs(nb *notebook.Notebook, python func([]string) [][]string) []map[string]bool {
	uses := make([]map[string]bool, len(nb.Cells))
	programs := []string{} // with the cells that they stand in
	var at []int
	for i, c := range nb.Cells {
		uses[i] = map[string]bool{}
		if magic := c.Magic(); len(magic) > 1 && magic[0] == "%%script" && strings.HasPrefix(magic[1], "python") {
			_, program, _ := strings.Cut(string(c.Source), "\n")
			programs, at = append(programs, program), append(at, i)
		}
		for line := range strings.Lines(string(c.Source)) {
			if c.IsGo() && strings.HasPrefix(line, "%test") {
				uses[i]["test"] = true
			}
		}
		for _, part := range c.GoParts() {
			used, texts := goConstructs(parseGo(part))
			maps.Copy(uses[i], used)
			for _, text := range texts {
				programs, at = append(programs, text), append(at, i)
			}
		}
	}
	for n, found := range python(programs) {
		for _, construct := range found {
			uses[at[n]][construct] = true
		}
	}
	return uses
}

// selectors holds the names of packages that are constructs of their own.
var selectors = map[string]string{
	"sync.WaitGroup": "WaitGroup", "sync.Mutex": "Mutex", "sync.RWMutex": "RWMutex", "sync.Cond": "Cond", "sync.NewCond": "Cond",
	"sync.OnceValue": "sync.OnceValue", "sync.OnceValues": "sync.OnceValue",
	"time.After": "time.After", "time.NewTicker": "ticker", "time.Tick": "ticker",
	"context.WithCancelCause": "context cause", "context.WithTimeoutCause": "context cause", "context.WithDeadlineCause": "context cause",
	"context.Cause": "context cause", "context.AfterFunc": "AfterFunc", "context.WithoutCancel": "WithoutCancel",
	"signal.NotifyContext": "NotifyContext", "errgroup.WithContext": "errgroup.WithContext",
	"errors.Join": "errors.Join", "errors.Is": "errors.Is", "errors.AsType": "errors.AsType",
	"runtime.GOMAXPROCS": "GOMAXPROCS", "iter.Seq": "iter.Seq", "iter.Seq2": "iter.Seq",
}

// families holds the packages of which every name is a construct.
var families = map[string]string{
	"context": "context", "errgroup": "errgroup", "http": "http", "atomic": "atomic", "semaphore": "weighted semaphore", "interleave": "interleave",
}

// goConstructs returns the constructs that Go uses, and the strings of several lines in it.
func goConstructs(file *ast.File) (map[string]bool, []string) {
	used := map[string]bool{}
	var texts []string
	kinds := namedKinds(file)
	called := map[ast.Expr]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			used["goroutine"] = true
		case *ast.DeferStmt:
			used["defer"] = true
		case *ast.SelectStmt:
			used["select"] = true
		case *ast.SendStmt:
			used["send"] = true
		case *ast.FuncLit:
			used["function literal"] = true
		case *ast.MapType:
			used["map"] = true
		case *ast.StarExpr:
			used["pointer"] = true
		case *ast.AssignStmt:
			used["short declaration"] = used["short declaration"] || n.Tok == token.DEFINE
		case *ast.ArrayType:
			used["slice"] = used["slice"] || n.Len == nil
		case *ast.StructType:
			if n.Fields.NumFields() == 0 {
				used["struct{}"] = true
			} else {
				used["struct"] = true
			}
		case *ast.ChanType:
			used["channel"] = true
			if n.Dir != ast.SEND|ast.RECV {
				used["channel direction"] = true
			}
		case *ast.RangeStmt:
			if name, ok := n.X.(*ast.Ident); ok && kinds[name.Name] == "channel" {
				used["channel range"] = true
			} else {
				used["range"] = true
			}
		case *ast.UnaryExpr:
			switch n.Op {
			case token.AND:
				used["pointer"] = true
			case token.ARROW:
				if call, ok := n.X.(*ast.CallExpr); ok && method(call) == "Done" {
					used["context.Done"] = true
				} else {
					used["receive"] = true
				}
			}
		case *ast.BinaryExpr:
			x, isName := n.X.(*ast.Ident)
			y, isNil := n.Y.(*ast.Ident)
			if isName && isNil && n.Op == token.NEQ && strings.HasPrefix(x.Name, "err") && y.Name == "nil" {
				used["error check"] = true
			}
		case *ast.FuncDecl:
			used["method"] = used["method"] || n.Recv != nil
			used["type parameter"] = used["type parameter"] || n.Type.TypeParams != nil
		case *ast.TypeSpec:
			used["type parameter"] = used["type parameter"] || n.TypeParams != nil
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && strings.Contains(strings.TrimSpace(text), "\n") {
				texts = append(texts, text)
			}
		case *ast.CallExpr:
			called[n.Fun] = true
			calledBy(n, kinds, used)
		case *ast.SelectorExpr:
			if name, ok := n.X.(*ast.Ident); ok {
				if construct := selectors[name.Name+"."+n.Sel.Name]; construct != "" {
					used[construct] = true
				}
				if construct := families[name.Name]; construct != "" && kinds[name.Name] == "" {
					used[construct] = true
				}
			}
			if !called[n] && slices.Contains([]string{"Lock", "Unlock", "Done", "Wait", "Stop"}, n.Sel.Name) {
				used["method value"] = true
			}
		}
		return true
	})
	maps.DeleteFunc(used, func(_ string, is bool) bool { return !is })
	return used, texts
}

// calledBy notes the constructs that are a call.
func calledBy(call *ast.CallExpr, kinds map[string]string, used map[string]bool) {
	if name, ok := call.Fun.(*ast.Ident); ok {
		switch {
		case slices.Contains([]string{"close", "panic", "recover"}, name.Name):
			used[name.Name] = true
		case name.Name == "make" && len(call.Args) == 2:
			if _, ok := call.Args[0].(*ast.ChanType); ok {
				used["capacity"] = true
			}
		}
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	name, ok := selector.X.(*ast.Ident)
	switch sel := selector.Sel.Name; {
	case sel == "SetLimit" || sel == "TryGo":
		used[sel] = true
	case sel == "Go" && ok && (kinds[name.Name] == "WaitGroup" || kinds[name.Name] == "" && name.Name == "wg"):
		used["WaitGroup.Go"] = true
	case sel == "Loop" && ok && name.Name == "b":
		used["b.Loop"] = true
	}
}

// method returns the name of the method that is called, or nothing.
func method(call *ast.CallExpr) string {
	if selector, ok := call.Fun.(*ast.SelectorExpr); ok {
		return selector.Sel.Name
	}
	return ""
}

// namedKinds returns which of the names in Go are channels, WaitGroups, or something else that is declared here.
func namedKinds(file *ast.File) map[string]string {
	kinds := map[string]string{}
	note := func(name *ast.Ident, typ ast.Expr) {
		kind := "other"
		if star, ok := typ.(*ast.StarExpr); ok {
			typ = star.X
		}
		switch typ := typ.(type) {
		case *ast.ChanType:
			kind = "channel"
		case *ast.SelectorExpr:
			if typ.Sel.Name == "WaitGroup" {
				kind = "WaitGroup"
			}
		}
		if kinds[name.Name] == "" || kind != "other" {
			kinds[name.Name] = kind
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			for _, name := range n.Names {
				note(name, n.Type)
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if n.Type != nil {
					note(name, n.Type)
				} else if i < len(n.Values) {
					note(name, made(n.Values[i]))
				}
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if name, ok := left.(*ast.Ident); ok && n.Tok == token.DEFINE && len(n.Lhs) == len(n.Rhs) {
					note(name, made(n.Rhs[i]))
				}
			}
		}
		return true
	})
	return kinds
}

// made returns the type of an expression that says it: make(T), new(T), T{}, &T{}.
func made(value ast.Expr) ast.Expr {
	switch value := value.(type) {
	case *ast.CallExpr:
		if name, ok := value.Fun.(*ast.Ident); ok && (name.Name == "make" || name.Name == "new") && len(value.Args) > 0 {
			return value.Args[0]
		}
	case *ast.CompositeLit:
		return value.Type
	case *ast.UnaryExpr:
		return made(value.X)
	}
	return nil
}

func TestVocabularyOfACell(t *testing.T) {
	t.Parallel()
	const script = "%%script python3\n"
	snippets := map[string]string{
		"short declaration": "%%\nx := 1", "function literal": "var f = func() {}", "slice": "var s []int", "map": "var m map[int]int",
		"struct": "type t struct{ a int }", "pointer": "func f(x *int) {}", "error check": "%%\nif err != nil {\n}",
		"range": "%%\nfor range 3 {\n}", "method": "func (t t) f() {}", "goroutine": "%%\ngo f()", "WaitGroup": "var wg sync.WaitGroup",
		"WaitGroup.Go": "var group sync.WaitGroup\n\nfunc f() { group.Go(g) }", "channel": "var c chan int", "send": "%%\nc <- 1",
		"receive": "%%\n<-c", "close": "%%\nclose(c)", "capacity": "var c = make(chan int, 1)",
		"channel range":     "func f(jobs chan int) {\n\tfor range jobs {\n\t}\n}",
		"channel direction": "func f(c <-chan int) {}", "struct{}": "var x struct{}", "select": "%%\nselect {}",
		"time.After": "%%\ntime.After(1)", "ticker": "%%\ntime.NewTicker(1)", "defer": "%%\ndefer f()", "panic": "%%\npanic(1)",
		"recover": "%%\nrecover()", "context": "func f(ctx context.Context) {}", "context.Done": "%%\n<-ctx.Done()",
		"errgroup": "var g errgroup.Group", "SetLimit": "%%\ng.SetLimit(1)", "TryGo": "%%\ng.TryGo(f)",
		"errgroup.WithContext": "%%\nerrgroup.WithContext(ctx)", "errors.Join": "%%\nerrors.Join()", "errors.Is": "%%\nerrors.Is(err, a)",
		"errors.AsType": "%%\nerrors.AsType[*a](err)", "sync.OnceValue": "%%\nsync.OnceValue(f)", "method value": "%%\nf(mu.Unlock)",
		"GOMAXPROCS": "%%\nruntime.GOMAXPROCS(1)", "test": "%test\nfunc TestX() {}", "b.Loop": "%%\nb.Loop()", "http": "%%\nhttp.Get(a)",
		"Mutex": "var mu sync.Mutex", "iter.Seq": "func f() iter.Seq[int] { return nil }", "context cause": "%%\ncontext.Cause(ctx)",
		"AfterFunc": "%%\ncontext.AfterFunc(ctx, f)", "type parameter": "func f[T any]() {}", "RWMutex": "var mu sync.RWMutex",
		"atomic": "var n atomic.Int64", "weighted semaphore": "%%\nsemaphore.NewWeighted(3)", "Cond": "%%\nsync.NewCond(l)",
		"NotifyContext": "%%\nsignal.NotifyContext(ctx)", "WithoutCancel": "%%\ncontext.WithoutCancel(ctx)", "interleave": "%%\ninterleave.Show(a)",
		"Thread": "import threading as t\nt.Thread()", "daemon": "f(daemon=True)", "threading.Event": "from threading import Event\nEvent()",
		"ThreadPoolExecutor": "import concurrent.futures\nconcurrent.futures.ThreadPoolExecutor()", "Future": "pool.submit(f)",
		"as_completed": "from concurrent.futures import as_completed\nas_completed(a)",
		"process pool": "import concurrent.futures as cf\ncf.ProcessPoolExecutor()", "async def": "async def f(): pass",
		"await": "async def f(): await g()", "asyncio.run": "import asyncio\nasyncio.run(f())", "gather": "import asyncio\nasyncio.gather()",
		"to_thread": "import asyncio\nasyncio.to_thread(f)", "create_task": "tg.create_task(f)", "cancel": "import asyncio\ntask.cancel()",
		"asyncio.timeout": "import asyncio\nasyncio.timeout(1)", "wait": "import asyncio\nasyncio.wait(a)",
		"TaskGroup": "from asyncio import TaskGroup as T\nT()", "except*": "try:\n  f()\nexcept* E:\n  pass",
		"asyncio.Future": "loop.create_future()", "asyncio.Lock": "import asyncio\nasyncio.Lock()",
		"asyncio.Semaphore": "import asyncio\nasyncio.BoundedSemaphore(1)", "asyncio.Event": "import asyncio\nasyncio.Event()",
		"asyncio.Condition": "import asyncio\nasyncio.Condition()", "async with": "async def f():\n  async with a: pass",
		"shield": "import asyncio\nasyncio.shield(a)", "ExitStack": "import contextlib\ncontextlib.AsyncExitStack()",
	}
	find := python(t)
	for construct := range vocabulary {
		snippet, ok := snippets[construct]
		if !ok {
			t.Errorf("no snippet shows that %q is found", construct)
			continue
		}
		if !slices.ContainsFunc([]string{"%", "var ", "func ", "type "}, func(begin string) bool { return strings.HasPrefix(snippet, begin) }) {
			snippet = script + snippet
		}
		use := notebook.Cell{Type: "code", ID: "use", Source: notebook.Text(snippet)}
		if got := cellConstructs(&notebook.Notebook{Cells: []notebook.Cell{use}}, find)[0]; !got[construct] {
			t.Errorf("%q is not found in\n%s\nonly %v", construct, snippet, slices.Sorted(maps.Keys(got)))
		}
	}
	for _, innocent := range []string{
		"%%\nwg.Wait()\nx = 1\nvar a [3]int\nfoo.Done()\ntime.Sleep(1)\ng.Go(f)\nfor x() {\n}\nmake([]int, 3)[0]++",
		script + "x = wait.Lock\nfuture.cancel()\nlock = threading.Lock()",
	} {
		got := cellConstructs(&notebook.Notebook{Cells: []notebook.Cell{{Type: "code", Source: notebook.Text(innocent)}}}, find)[0]
		if delete(got, "slice"); len(got) > 0 {
			t.Errorf("%v is found in\n%s", slices.Sorted(maps.Keys(got)), innocent)
		}
	}
}

func TestVocabularyThatIsUsedEarlyIsFound(t *testing.T) {
	t.Parallel()
	code := func(id, source string, introduces ...string) notebook.Cell {
		c := notebook.Cell{Type: "code", ID: id, Source: notebook.Text(source)}
		c.Metadata.Introduces = introduces
		return c
	}
	ch := func(name string, cells ...notebook.Cell) chapter {
		return chapter{name, &notebook.Notebook{Cells: cells}}
	}
	start := "threading/01_basic_threading.ipynb"
	for _, c := range []struct {
		all  []chapter
		want []string
	}{
		{[]chapter{ch(start, code("a", "%%\ngo f()", "goroutine"), code("b", "%%\ngo f()"))}, nil},
		{[]chapter{ch(start, code("a", "%%\ngo f()"), code("b", "%%\ngo f()", "goroutine"))},
			[]string{start + `: cell a uses "goroutine", which no cell has introduced`}},
		{[]chapter{ch("99_x.ipynb", code("a", "%%\ngo f()")), ch(start, code("b", "%%\ngo f()", "goroutine")), ch("asyncio/03_tasks.ipynb", code("c", "%%\ngo f()"))}, nil},
		{[]chapter{ch("00_start_here.ipynb", code("a", "%%\ngo f()")), ch(start, code("b", "%%\ngo f()", "goroutine"))},
			[]string{`00_start_here.ipynb: cell a uses "goroutine", which no cell has introduced`}},
		// What an earlier chapter touched, its own may introduce; no other, and not twice.
		{[]chapter{ch("00_start_here.ipynb", code("a", "%%\ngo f()", "goroutine")), ch(start, code("b", "%%\ngo f()", "goroutine"))}, nil},
		{[]chapter{ch(start, code("a", "%%\ngo f()", "goroutine")), ch("asyncio/03_tasks.ipynb", code("b", "%%\ngo f()", "goroutine"))},
			[]string{`asyncio/03_tasks.ipynb: cell b introduces "goroutine", and so does ` + start + ", cell a"}},
		// What cells say is to be true.
		{[]chapter{ch(start, code("a", "%%", "goroutine"), code("b", "%%", "gorotine"), code("c", "%%\ngo f()", "goroutine"), code("d", "%%\ngo f()", "goroutine"))},
			[]string{start + `: cell a says that it introduces "goroutine", and does not use it`,
				start + `: cell b introduces "gorotine", which the vocabulary does not have`,
				start + `: cell d introduces "goroutine", and so does ` + start + ", cell c"}},
		// Python within Go is Python.
		{[]chapter{ch("asyncio/01_await_n_async.ipynb", code("a", "%%\nf(`\nimport asyncio\nasync def g(): pass\n`)"))},
			[]string{`asyncio/01_await_n_async.ipynb: cell a uses "async def", which no cell has introduced`}},
	} {
		if got := vocabularyFaults(c.all, python(t)); !slices.Equal(got, c.want) {
			t.Errorf("the faults are %q; want %q", got, c.want)
		}
	}
}
