package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/processes"
)

// TestGoplsStartsWhenSomebodyAsks reads and runs first, as half a class does, and then asks for completion.
func TestGoplsStartsWhenSomebodyAsks(t *testing.T) {
	t.Parallel()
	if _, err := processes.Marked("A=b"); err != nil {
		t.Skip(err)
	}
	var venv string
	k := startKernelWith(t, "ipc", func(spec *kernelSpec, c string) {
		venv = c
		spec.Env["PATH"] = c + "/tools/editor:" + spec.Env["PATH"]
	})
	gopls := func() (found []processes.Process) {
		running, _ := processes.Marked(k.mark)
		for _, p := range running {
			if len(p.Args) > 0 && strings.HasSuffix(p.Args[0], "/program/gopls") {
				found = append(found, p)
			}
		}
		return found
	}
	if r := k.execute(t, "%%\nfmt.Println(6 * 7)"); r.Stdout != "42\n" {
		t.Errorf("the cell prints %q", r.Stdout)
	}
	if running := gopls(); len(running) > 0 {
		t.Errorf("nobody has asked, and this runs: %v", running)
	}
	if got := k.complete(t, "%%\nvar wg sync.WaitGroup\nwg.W|"); got != "Wait" {
		t.Errorf("asked for the first time, it completes %q", got)
	}
	running := gopls()
	if len(running) != 1 {
		t.Fatalf("somebody has asked, and these run: %v", running)
	}
	for _, want := range []string{"GOPLSCACHE=" + filepath.Join(venv, "gopls-cache"), "GOMEMLIMIT=160MiB", "GO_TELEMETRY_CHILD=2"} {
		if !slices.Contains(running[0].Env, want) {
			t.Errorf("gopls runs without %s", want)
		}
	}
	syscall.Kill(k.gonb(t), syscall.SIGKILL) // so that it can end nothing itself
	k.leavesNothing(t)
}

// TestCompletionBeginsWhenSetUpHasMadeGopls opens a notebook in an environment that has all but gopls, which comes later.
func TestCompletionBeginsWhenSetUpHasMadeGopls(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	editor := filepath.Join(t.TempDir(), "tools", "editor")
	if err := os.MkdirAll(editor, 0o755); err != nil {
		t.Fatal(err)
	}
	var made string
	k := startKernelWith(t, "ipc", func(spec *kernelSpec, venv string) {
		made = filepath.Join(venv, "tools", "editor")
		for name, target := range map[string]string{"gopls": "tools/front", "../../gopls-cache": "gopls-cache"} {
			if err := os.Symlink(filepath.Join(venv, target), filepath.Join(editor, name)); err != nil {
				t.Fatal(err)
			}
		}
		spec.Env["PATH"] = editor + ":" + spec.Env["PATH"]
	})
	const code = "%%\nvar wg sync.WaitGroup\nwg.W|"
	if got := k.complete(t, code); got != "" {
		t.Errorf("without gopls, %q is completed by %q", code, got)
	}
	if got, want := k.help(t, "%%\nfmt.Print|ln()"), "still being set up"; !strings.Contains(got, want) {
		t.Errorf("without gopls, the help is %q, want that it is %s", got, want)
	}
	time.Sleep(5 * time.Second) // somebody reads. (GoNB gives up a gopls that does not answer; this one has.)
	if err := os.Symlink(filepath.Join(made, "program"), filepath.Join(editor, "program")); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); k.complete(t, code) != "Wait"; time.Sleep(time.Second) {
		if time.Now().After(deadline) {
			t.Fatal("gopls is there, and completes nothing")
		}
	}
	if got, want := k.help(t, "%%\nfmt.Print|ln()"), "Println formats using the default formats"; !strings.Contains(got, want) {
		t.Errorf("with gopls, the help is %q, want %q", got, want)
	}
	k.shutDown(t, false)
	k.leavesNothing(t)
}
