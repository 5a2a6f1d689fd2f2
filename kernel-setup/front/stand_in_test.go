package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCompletionBeginsWhenSetUpHasMadeGopls opens a notebook in an environment that has all but gopls, which comes later.
func TestCompletionBeginsWhenSetUpHasMadeGopls(t *testing.T) {
	t.Parallel()
	editor := filepath.Join(t.TempDir(), "tools", "editor")
	if err := os.MkdirAll(editor, 0o755); err != nil {
		t.Fatal(err)
	}
	var made string
	k := startKernelWith(t, "ipc", func(spec *kernelSpec, venv string) {
		made = filepath.Join(venv, "tools", "editor")
		for name, target := range map[string]string{"../front": "tools/front", "../../gopls-cache": "gopls-cache"} {
			if err := os.Symlink(filepath.Join(venv, target), filepath.Join(editor, name)); err != nil {
				t.Fatal(err)
			}
		}
		script, err := os.ReadFile(filepath.Join(made, "gopls"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(editor, "gopls"), script, 0o755); err != nil {
			t.Fatal(err)
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
