package environment

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func pipe(t *testing.T) (r, w *os.File, err error) {
	r, w, err = os.Pipe()
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w, err
}

// TestGoFindsModulesInAModuleCacheOfAnyName asks Go itself, with a module cache in folders whose names mean something in
// a list of proxies or in a URL.
func TestGoFindsModulesInAModuleCacheOfAnyName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain", "with spaces", "a,b", "a|b", "Žofie’s", "100%25", "a?b#c", "[x]"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cache := filepath.Join(t.TempDir(), name)
			versions := filepath.Join(cache, "cache", "download", "example.org", "m", "@v")
			write(t, filepath.Join(versions, "list"), "v1.2.3\n")
			write(t, filepath.Join(versions, "v1.2.3.info"), `{"Version":"v1.2.3"}`)
			write(t, filepath.Join(versions, "v1.2.3.mod"), "module example.org/m\n")
			c := &Checkout{dir: t.TempDir(), goEnv: goConfig{goCaches: goCaches{GOMODCACHE: cache}, GOPROXY: "off"}}
			cmd := exec.Command("go", "list", "-m", "-json", "example.org/m@latest")
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "GOPROXY="+c.goProxy(), "GOSUMDB=off", "GOFLAGS=-modcacherw", "GOMODCACHE="+t.TempDir())
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("GOPROXY=%s: %v\n%s", c.goProxy(), err, out)
			}
			var module struct{ Version string }
			if err := json.Unmarshal(out, &module); err != nil || module.Version != "v1.2.3" {
				t.Errorf("found %q, %v; want v1.2.3", module.Version, err)
			}
		})
	}
}

func TestGoProxyKeepsTheUsersOwnAfterTheCache(t *testing.T) {
	t.Parallel()
	for own, want := range map[string]string{
		"":                              "file:///mod/cache/download",
		"off":                           "file:///mod/cache/download,off",
		"https://mirror.example|direct": "file:///mod/cache/download,https://mirror.example|direct",
	} {
		c := &Checkout{goEnv: goConfig{goCaches: goCaches{GOMODCACHE: "/mod"}, GOPROXY: own}}
		if got := c.goProxy(); got != want {
			t.Errorf("with GOPROXY=%q it is %q, want %q", own, got, want)
		}
	}
}

func TestKernelSpecNamesTheCheckoutAndItsOwnPrograms(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a b", "tutorial")
	sums := "example.org/b v1.0.0 h1:x=\nexample.org/b v1.0.0/go.mod h1:y=\nexample.org/a v2.0.0/go.mod h1:z=\n"
	write(t, filepath.Join(dir, "go.sum"), sums)
	c := &Checkout{dir: dir, goEnv: goConfig{GOROOT: "/go", goCaches: goCaches{GOMODCACHE: "/mod"}, GOPROXY: "direct", GONOSUMDB: "private.example"}}
	b, err := c.kernelSpecJSON("${PATH}")
	if err != nil {
		t.Fatal(err)
	}
	var spec kernelSpec
	if err := json.Unmarshal(b, &spec); err != nil {
		t.Fatal(err)
	}
	if got, want := spec.Argv[0], dir+"/.venv/tools/front"; got != want {
		t.Errorf("it starts %q, want %q", got, want)
	}
	if args := strings.Join(spec.Argv, "\n"); !strings.Contains(args, "\n-go_work="+dir+"/.venv/workspace\n") {
		t.Errorf("the arguments name no go_work:\n%s", args)
	}
	if got, want := spec.Env["PATH"], dir+"/.venv/bin:"+dir+"/.venv/tools:/go/bin:"+dir+"/.venv/tools/editor:${PATH}"; got != want {
		t.Errorf("PATH is %q, want %q", got, want)
	}
	if got, want := spec.Env["GONOSUMDB"], "example.org/a,example.org/b,private.example"; got != want {
		t.Errorf("GONOSUMDB is %q, want %q", got, want)
	}
}
