package main

import (
	"os/exec"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// inEditor starts a kernel with gopls, as one types in.
func inEditor(t *testing.T) *testKernel {
	t.Helper()
	k := startKernelWith(t, "ipc", func(spec *kernelSpec, c string) { spec.Env["PATH"] = c + "/tools/editor:" + spec.Env["PATH"] })
	for deadline := time.Now().Add(time.Minute); len(k.complete(t, "%%\nfmt.Print|")) == 0; time.Sleep(time.Second) {
		if time.Now().After(deadline) {
			t.Fatal("gopls completes nothing")
		}
	}
	return k
}

// at cuts the sign for the cursor out of code.
func at(code string) map[string]any {
	before, after, _ := strings.Cut(code, "|")
	return map[string]any{"code": before + after, "cursor_pos": len(utf16.Encode([]rune(before))), "detail_level": 0}
}

// answer returns the reply to a request.
func (k *testKernel) answer(t *testing.T, kind string, about any) *message {
	t.Helper()
	id := k.send(t, k.shell, kind, about)
	for limit := time.After(time.Minute); ; {
		select {
		case m := <-k.shells:
			if m.parent.ID == id {
				return m
			}
		case <-limit:
			t.Fatalf("no reply to %s", kind)
		}
	}
}

func (k *testKernel) complete(t *testing.T, code string) string {
	t.Helper()
	return strings.Join(content[struct{ Matches []string }](k.answer(t, "complete_request", at(code))).Matches, " ")
}

func (k *testKernel) help(t *testing.T, code string) string {
	t.Helper()
	text := ""
	for _, form := range content[struct{ Data map[string]string }](k.answer(t, "inspect_request", at(code))).Data {
		text += form
	}
	return text
}

func TestCompletionAndHelp(t *testing.T) {
	t.Parallel()
	k := inEditor(t)
	const all = "Add Done Go Wait"
	for code, want := range map[string]string{
		"%%\nvar wg sync.WaitGroup\nwg.|":                                 all,
		"%%\nvar wg sync.WaitGroup\nwg.|\n":                               all,
		"%%\nvar wg sync.WaitGroup\nwg.W|":                                "Wait",
		"%%\nvar wg sync.WaitGroup\nwg.|\nfmt.Println()":                  all,
		"%%\nvar wg sync.WaitGroup\nfor range 3 {\n\tif true {\n\t\twg.|": all,
		"var wg sync.WaitGroup\n\nfunc f() {\n\twg.|":                     all,
		"%%\nvar wg sync.WaitGroup // 🦫\nwg.|Wait()":                      all,
		"%%script python3\nimport asyncio\nasyncio.|":                     "",
	} {
		if got := k.complete(t, code); got != want {
			t.Errorf("%q is completed by %q, want %q", code, got, want)
		}
	}
	for code, want := range map[string]string{
		"%%\nvar wg sync.WaitGroup\nwg.Wa|it()":                                                         "Wait blocks until the WaitGroup task counter is zero.",
		"import \"tutorial/helpers/timing\"\n\n%%\ntiming.Com|pare(\"x\")":                              "Compare measures the cases",
		"%%script python3\nimport asyncio\nasyncio.gat|her()":                                           "gather(*coros_or_futures, return_exceptions=False)\n\nReturn a future aggregating",
		"%%script python3\nimport asyncio\nasyncio.gather(|)":                                           "Return a future aggregating",
		"%%script python3\nfrom threading import Thread as T\nT|(":                                      "A class that represents a thread of control.",
		"%%script python3\nasync def fetch(n: int) -> str:\n    '''Gets one.'''\n    return n\nfet|ch(": "async def fetch(n: int) -> str\n\nGets one.",
		"%%script python3\npri|nt('x')":                                                                 "Prints the values to a stream",
		"%%script python3\nno_such|":                                                                    "",
	} {
		got := k.help(t, code)
		if !strings.Contains(got, want) || want == "" && got != "" || strings.Contains(got, "](") || strings.Contains(got, "GoNB") || strings.Contains(got, "pkg.go.dev") {
			t.Errorf("%q: the help is %q, want %q and no links", code, got, want)
		}
	}
	if out, err := exec.Command("python3", "-I", "-c", helpScript).CombinedOutput(); err == nil {
		t.Errorf("without a request it says %q", out)
	}
}
