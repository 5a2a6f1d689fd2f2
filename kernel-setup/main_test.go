//go:build !windows

package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/notebook"
	"tutorial/kernel-setup/processes"
)

func TestMain(m *testing.M) {
	flag.Set("test.parallel", "4") // most wait for kernels and browsers
	testscript.Main(m, map[string]func(){"kernel-setup": main})
}

// TestScripts runs the program as people run it. The scripts say what they expect; the commands and conditions that
// they use beside testscript's own are below.
func TestScripts(t *testing.T) {
	t.Parallel()
	checkout := labtest.Installed(t)
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		Setup:              func(env *testscript.Env) error { return setUp(env, checkout) },
		Condition:          condition,
		RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"checkout": copyCheckout,
			"waitfile": waitFile,
			"gone":     gone,
			"listen":   listen,
			"cutproxy": cutProxy,
		},
	})
}

// setUp gives a script a home of its own, and otherwise the machine's Go and package indexes:
//
//	ROOT  the real checkout, installed; scripts leave it as it is
//	VENV  its environment
//	PROGRAM  the program, for scripts that change the PATH
//
// A file x.cells of the script becomes the notebook x.ipynb.
func setUp(env *testscript.Env, checkout *environment.Checkout) error {
	home := filepath.Join(env.WorkDir, "home")
	if err := os.Mkdir(home, 0o755); err != nil {
		return err
	}
	outer := []string{env.Vars[0]} // it must stay first
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "XDG_") && !strings.HasPrefix(name, "JUPYTER_") {
			outer = append(outer, v)
		}
	}
	env.Vars = append(outer, env.Vars[1:]...)
	env.Setenv("HOME", home)
	env.Setenv("ROOT", checkout.Dir())
	env.Setenv("VENV", checkout.Venv())
	program, err := exec.LookPath("kernel-setup")
	if err != nil {
		return err
	}
	env.Setenv("PROGRAM", program)
	// What Go and pip would otherwise look for in the home.
	out, err := exec.Command("go", "env", "-json", "GOENV", "GOMODCACHE", "GOCACHE", "GOROOT").Output()
	if err != nil {
		return err
	}
	var settings map[string]string
	if err := json.Unmarshal(out, &settings); err != nil {
		return err
	}
	for name, value := range settings {
		env.Setenv(name, value)
	}
	if config, err := os.UserConfigDir(); err == nil && os.Getenv("PIP_CONFIG_FILE") == "" {
		if _, err := os.Stat(filepath.Join(config, "pip", "pip.conf")); err == nil {
			env.Setenv("PIP_CONFIG_FILE", filepath.Join(config, "pip", "pip.conf"))
		}
	}
	if os.Getenv("UV_CACHE_DIR") == "" { // so that no other checkout downloads the packages again
		env.Setenv("UV_CACHE_DIR", filepath.Join(checkout.Venv(), "uv-cache"))
	}
	env.Setenv("UNSHARE_MOUNTS", unshareFlag("m"))
	env.Setenv("UNSHARE_NETWORK", unshareFlag("n"))
	return filepath.WalkDir(env.WorkDir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".cells" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return writeNotebook(strings.TrimSuffix(path, ".cells")+".ipynb", string(text))
	})
}

// writeNotebook writes a notebook of cells that each begin with a line of ==== and, if it has any, the tags of the cell.
func writeNotebook(file, text string) error {
	var cells []notebook.Cell
	for _, part := range strings.Split("\n"+text, "\n====")[1:] {
		tags, source, _ := strings.Cut(part, "\n")
		cells = append(cells, notebook.CodeCell(strings.TrimSuffix(source, "\n"), strings.Fields(tags)...))
	}
	b, err := notebook.New(environment.KernelName, cells...)
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o644)
}

// unshareFlag returns the flags with which unshare(1) gives a process its own mounts (m) or network (n) here, empty if
// it cannot.
func unshareFlag(kind string) string {
	for _, flag := range []string{"-" + kind, "-r" + kind} {
		if exec.Command("unshare", flag, "true").Run() == nil {
			return flag
		}
	}
	return ""
}

// condition tells [own-mounts] and [own-network]: whether a process may have them. In CI not to have them is an error,
// because what needs them would go untested without anybody seeing.
func condition(name string) (bool, error) {
	var unshare string
	switch name {
	case "every":
		return labtest.Every(), nil
	case "own-mounts":
		unshare = unshareFlag("m")
	case "own-network":
		unshare = unshareFlag("n")
	default:
		return false, fmt.Errorf("there is no condition %q", name)
	}
	if unshare == "" && os.Getenv("CI") == "true" {
		return false, fmt.Errorf("unshare does not work here, and with CI=true it has to")
	}
	return unshare != "", nil
}

// exits runs a command that must end with a status:
//
//	exits 2 kernel-setup lba
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit status %d, not %d", got, want)
	}
}

// copyCheckout makes a checkout without an environment, at the path of its argument.
func copyCheckout(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: checkout FOLDER")
	}
	root, target := ts.Getenv("ROOT"), ts.MkAbs(args[0])
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	out, err := list.Output()
	ts.Check(err)
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		b, err := os.ReadFile(filepath.Join(root, name))
		if errors.Is(err, fs.ErrNotExist) { // removed, and not yet committed
			continue
		}
		ts.Check(err)
		ts.Check(os.MkdirAll(filepath.Join(target, filepath.Dir(name)), 0o755))
		ts.Check(os.WriteFile(filepath.Join(target, name), b, 0o644))
	}
}

// within polls until is true, and reports whether it became so in time.
func within(limit time.Duration, is func() bool) bool {
	for deadline := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		if is() {
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
	}
}

// waitFile waits until a file exists.
func waitFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: waitfile FILE")
	}
	if !within(8*time.Minute, func() bool {
		_, err := os.Stat(ts.MkAbs(args[0]))
		return err == nil
	}) {
		ts.Fatalf("there is no %s after eight minutes", args[0])
	}
}

// gone waits until no process is left that has NAME=VALUE in its environment. It needs /proc.
func gone(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] gone NAME=VALUE")
	}
	limit := time.Minute
	if neg {
		limit = 0
	}
	left, err := processes.Left(args[0], limit)
	ts.Check(err)
	if (len(left) == 0) == neg {
		ts.Fatalf("processes with %s: %v", args[0], left)
	}
}

// listen takes a loopback port until the end of the script, and sets the variable to it.
func listen(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: listen NAME")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], fmt.Sprint(l.Addr().(*net.TCPAddr).Port))
}

// cutProxy starts an HTTPS proxy that is lost midway: once the file exists it passes on so many bytes more, then breaks
// each connection at its next byte and refuses new ones. It sets HTTPS_PROXY.
func cutProxy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cutproxy FILE BYTES")
	}
	file := ts.MkAbs(args[0])
	bytes, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv("HTTPS_PROXY", "http://"+l.Addr().String())
	ts.Setenv("https_proxy", "http://"+l.Addr().String())
	var left atomic.Int64
	left.Store(bytes)
	server := &http.Server{}
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // CONNECT
		far, err := net.DialTimeout("tcp", r.Host, 10*time.Second)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer far.Close()
		near, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer near.Close()
		fmt.Fprint(near, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { io.Copy(far, near); far.Close() }()
		buf := make([]byte, 16<<10)
		for {
			n, err := far.Read(buf)
			if _, missing := os.Stat(file); missing == nil && left.Add(-int64(n)) < 0 {
				server.Close()
				return
			}
			if _, werr := near.Write(buf[:n]); err != nil || werr != nil {
				return
			}
		}
	})
	go server.Serve(l)
	ts.Defer(func() { server.Close() })
}
