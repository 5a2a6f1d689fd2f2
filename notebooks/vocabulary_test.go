package notebooks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tutorial/kernel-setup/labtest"
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

// vocabularyFaults returns what is used before it is introduced in chapters that come in reading order, and what cells falsely say that they introduce. A notebook may
// introduce anew what is its own, and was only touched before.
func vocabularyFaults(all []chapter, python func([]string) [][]string) []string {
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
	checkout := labtest.Installed(t)
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
		if c.IsGo() && strings.Contains("\n"+string(c.Source), "\n%test") {
			uses[i]["test"] = true
		}
		for _, part := range c.GoParts() {
			for _, text := range goConstructs(part.Source, uses[i]) {
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

// looks holds what the constructs of Go look like in a cell without its texts and comments. Those that depend on the type of a name are
// below.
var looks = map[string]*regexp.Regexp{}

func init() {
	for construct, look := range map[string]string{
		"short declaration": ` := `, "slice": `\[\]`, "map": `\bmap\[`, "method": `(?m)^func \(`, "struct": `\bstruct ?\{[^}]`, "struct{}": `\bstruct\{\}`,
		"function literal": `\bfunc\([^()]*(\([^()]*\)[^()]*)*\)( [^ (){},]+| \([^()]*\))? \{`, "error check": `\berr\w* != nil`,
		"pointer": `(^|[\s(,{=!:\[\]])\*[\w(]|[\s(,{=:]&\w`, "goroutine": `\bgo [\w(]`, "WaitGroup": `\bsync\.WaitGroup\b`, "WaitGroup.Go": `\bwg\.Go\(`,
		"channel": `\bchan\b`, "channel direction": `<-chan\b|\bchan<-`, "send": `[\w)\]] <- `, "receive": `(?m)(^|[=(,]|case|return)\s*<-[\w(]`,
		"close": `\bclose\(`, "capacity": `\bmake\(chan [^(),]+(\(\))?[^(),]*,`, "select": `\bselect \{`, "time.After": `\btime\.After\(`,
		"ticker": `\btime\.(NewTicker|Tick)\(`, "defer": `\bdefer `, "panic": `\bpanic\(`, "recover": `\brecover\(`, "context": `\bcontext\.`,
		"context.Done": `<-[\w.]*\.Done\(\)`, "context cause": `\bcontext\.(With\w*Cause|Cause)\b`, "AfterFunc": `\bcontext\.AfterFunc\b`,
		"WithoutCancel": `\bcontext\.WithoutCancel\b`, "NotifyContext": `\bsignal\.NotifyContext\b`, "errgroup": `\berrgroup\.`, "SetLimit": `\.SetLimit\(`,
		"TryGo": `\.TryGo\(`, "errgroup.WithContext": `\berrgroup\.WithContext\b`, "errors.Join": `\berrors\.Join\b`, "errors.Is": `\berrors\.Is\b`,
		"errors.AsType": `\berrors\.AsType\b`, "sync.OnceValue": `\bsync\.OnceValue`, "method value": `\.(Lock|Unlock|Done|Wait|Stop)([^\w(]|$)`,
		"GOMAXPROCS": `\bruntime\.GOMAXPROCS\b`, "b.Loop": `\bb\.Loop\(`, "http": `\bhttp\.`, "Mutex": `\bsync\.Mutex\b`, "RWMutex": `\bsync\.RWMutex\b`,
		"Cond": `\bsync\.(New)?Cond\b`, "atomic": `\batomic\.`, "weighted semaphore": `\bsemaphore\.`, "iter.Seq": `\biter\.Seq`,
		"type parameter": `(?m)^(func|type) \w+\[[^\]]`, "interleave": `\binterleave\.`,
	} {
		looks[construct] = regexp.MustCompile(look)
	}
}

var textOrComment = regexp.MustCompile("(?s)//[^\n]*|/\\*.*?\\*/|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|`[^`]*`")

// goConstructs notes the constructs that Go uses, and returns the texts of several lines in it.
func goConstructs(source string, used map[string]bool) (texts []string) {
	source = textOrComment.ReplaceAllStringFunc(source, func(found string) string {
		if text := strings.Trim(found, "`"); text != found && strings.Contains(strings.TrimSpace(text), "\n") {
			texts = append(texts, text)
		}
		return `""`
	})
	for construct, look := range looks {
		if look.MatchString(source) {
			used[construct] = true
		}
	}
	if regexp.MustCompile(named(source, `sync\.WaitGroup\b`) + `\.Go\(`).MatchString(source) {
		used["WaitGroup.Go"] = true
	}
	channels := len(regexp.MustCompile(`\brange `+named(source, `(?:<-)?chan\b`)+` \{`).FindAllString(source, -1))
	if channels > 0 {
		used["channel range"] = true
	}
	if strings.Count(source, "range ") > channels {
		used["range"] = true
	}
	return texts
}

// named returns an expression for the names of what is declared or made with the type.
func named(source, typ string) string {
	names := []string{`\z.`} // nothing
	for _, m := range regexp.MustCompile(`(\w+(?:, \w+)*) (?::?= )?(?:make\(|new\(|&|\*)?`+typ).FindAllStringSubmatch(source, -1) {
		names = append(names, strings.ReplaceAll(m[1], ", ", "|"))
	}
	return `\b(` + strings.Join(names, "|") + `)`
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
		if got := cellConstructs(&notebook.Notebook{Cells: []notebook.Cell{notebook.CodeCell(snippet)}}, find)[0]; !got[construct] {
			t.Errorf("%q is not found in\n%s\nonly %v", construct, snippet, slices.Sorted(maps.Keys(got)))
		}
	}
	for _, innocent := range []string{
		"%%\nwg.Wait()\nx = 1\nvar a [3]int\nfoo.Done()\ntime.Sleep(1)\ng.Go(f)\nfor x() {\n}\nmake([]int, 3)[0]++",
		script + "x = wait.Lock\nfuture.cancel()\nlock = threading.Lock()",
	} {
		got := cellConstructs(&notebook.Notebook{Cells: []notebook.Cell{notebook.CodeCell(innocent)}}, find)[0]
		if delete(got, "slice"); len(got) > 0 {
			t.Errorf("%v is found in\n%s", slices.Sorted(maps.Keys(got)), innocent)
		}
	}
}

func TestVocabularyThatIsUsedEarlyIsFound(t *testing.T) {
	t.Parallel()
	code := func(id, source string, introduces ...string) notebook.Cell {
		c := notebook.CodeCell(source)
		c.ID, c.Metadata.Introduces = id, introduces
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
		{[]chapter{ch(start, code("b", "%%\ngo f()", "goroutine")), ch("asyncio/03_tasks.ipynb", code("c", "%%\ngo f()"))}, nil},
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
