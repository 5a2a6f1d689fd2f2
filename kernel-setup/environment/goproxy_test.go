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
			c := &Checkout{dir: t.TempDir(), goo: goConfig{GOMODCACHE: cache, GOPROXY: "off"}}
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
		c := &Checkout{goo: goConfig{GOMODCACHE: "/mod", GOPROXY: own}}
		if got := c.goProxy(); got != want {
			t.Errorf("with GOPROXY=%q it is %q, want %q", own, got, want)
		}
	}
}

func TestKernelSpecNamesTheCheckoutAndItsOwnPrograms(t *testing.T) {
	t.Parallel()
	c := &Checkout{dir: "/home/a b/tutorial", goo: goConfig{GOROOT: "/go", GOMODCACHE: "/mod", GOPROXY: "direct"}}
	b, err := c.kernelSpecJSON("${PATH}")
	if err != nil {
		t.Fatal(err)
	}
	var spec kernelSpec
	if err := json.Unmarshal(b, &spec); err != nil {
		t.Fatal(err)
	}
	if got, want := spec.Argv[0], "/home/a b/tutorial/.venv/tools/gonb"; got != want {
		t.Errorf("it starts %q, want %q", got, want)
	}
	if args := strings.Join(spec.Argv, "\n"); !strings.Contains(args, "\n-go_work=/home/a b/tutorial\n") {
		t.Errorf("the arguments name no go_work:\n%s", args)
	}
	if got, want := spec.Env["PATH"], "/home/a b/tutorial/.venv/bin:/home/a b/tutorial/.venv/tools:/go/bin:/home/a b/tutorial/.venv/tools/editor:${PATH}"; got != want {
		t.Errorf("PATH is %q, want %q", got, want)
	}
}
