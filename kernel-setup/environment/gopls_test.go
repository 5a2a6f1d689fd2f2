package environment

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestGoplsIsStartedWithItsCacheItsLimitAndNoTelemetry(t *testing.T) {
	t.Parallel()
	venv := filepath.Join(t.TempDir(), "a folder", ".venv")
	editor := filepath.Join(venv, "tools", "editor")
	program := "#!/bin/sh\necho \"$GOPLSCACHE|$GOMEMLIMIT|$GO_TELEMETRY_CHILD|$*\"\n"
	for name, content := range map[string]string{"gopls": goplsScript, "program/gopls": program} {
		write(t, filepath.Join(editor, name), content)
		if err := os.Chmod(filepath.Join(editor, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(filepath.Join(editor, "gopls"), "-listen", "a b").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cache, rest, _ := strings.Cut(strings.TrimSpace(string(out)), "|")
	if got, want := filepath.Clean(cache), filepath.Join(venv, "gopls-cache"); got != want {
		t.Errorf("its cache is %q, want %q", got, want)
	}
	if want := "160MiB|2|-listen a b -listen.timeout=1m"; rest != want {
		t.Errorf("limit, telemetry and arguments are %q, want %q", rest, want)
	}
}
