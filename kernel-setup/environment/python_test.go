package environment

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRequirementIsTheLinesOfOnePackage(t *testing.T) {
	t.Parallel()
	const lock = `# This file was written by uv
tornado==6.5 \
    --hash=sha256:01 \
    --hash=sha256:02
    # via jupyterlab
uv==0.11.7 \
    --hash=sha256:03 \
    --hash=sha256:04
    # via -r kernel-setup/requirements.in
uvicorn==1.0 \
    --hash=sha256:05
`
	const want = `uv==0.11.7 \
    --hash=sha256:03 \
    --hash=sha256:04
    # via -r kernel-setup/requirements.in
`
	if got := string(requirement([]byte(lock), "uv")); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := requirement([]byte(lock), "pip"); len(got) != 0 {
		t.Errorf("got %q of a package that is not there", got)
	}
}

func TestTheLockNamesUvWithHashes(t *testing.T) {
	t.Parallel()
	lock, err := os.ReadFile("../requirements.txt")
	if err != nil {
		t.Fatal(err)
	}
	got := string(requirement(lock, "uv"))
	if strings.Count(got, "\n") < 2 || !strings.Contains(got, "--hash=sha256:") {
		t.Errorf("the lock says of uv\n%s", got)
	}
}

func TestGlobTakesTheNameOfTheFolderAsItIs(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "[x]*?")
	want := filepath.Join(dir, "cache", "a.zip")
	write(t, want, "")
	write(t, filepath.Join(dir, "cache", "a.mod"), "")
	if got, err := glob(dir, "cache/*.zip"); err != nil || !slices.Equal(got, []string{want}) {
		t.Errorf("found %q, %v; want %q", got, err, want)
	}
}

// TestFindPython is not parallel, for it sets PATH.
func TestFindPython(t *testing.T) {
	tests := []struct {
		name    string
		pythons map[string]string // what each prints of itself
		chosen  string            // PYTHON
		want    string            // the name of the one that is found, or the start of the error
	}{
		{"python3 fits", map[string]string{"python3": "3 12 venv", "python3.14": "3 14 venv"}, "", "python3"},
		{"a newer one by name", map[string]string{"python3": "3 9 venv", "python3.11": "3 11 venv", "python3.13": "3 13 venv"}, "", "python3.13"},
		{"one that does not run", map[string]string{"python3": "", "python3.12": "3 12 venv"}, "", "python3.12"},
		{"one with and one without venv", map[string]string{"python3": "3 13 no-venv", "python3.12": "3 12 venv"}, "", "python3.12"},
		{"the chosen one", map[string]string{"python3": "3 12 venv", "mine": "3 11 venv"}, "mine", "mine"},
		{"none", nil, "", "there is no Python 3 on the PATH; install Python 3.11 to 3.14"},
		{"too old", map[string]string{"python3": "3 10 venv"}, "", "Python 3.10 does not fit, the tutorial needs 3.11 to 3.14; install"},
		{"too new", map[string]string{"python3": "3 15 venv"}, "", "Python 3.15 does not fit"},
		{"of the far future", map[string]string{"python3": "4 11 venv"}, "", "Python 4.11 does not fit"},
		{"two that are too old", map[string]string{"python3": "3 8 venv", "python3.12": "3 9 venv"}, "", "Python 3.8 and 3.9 does not fit"},
		{"without venv", map[string]string{"python3": "3 12 no-venv"}, "", "Python 3.12 is here without its venv module; install that (Debian and Ubuntu: sudo apt install python3.12-venv)"},
		{"the chosen one is not there", map[string]string{"python3": "3 12 venv"}, "none", `PYTHON is set to "none", and that does not run`},
		{"the chosen one is too old", map[string]string{"python3": "3 12 venv", "mine": "3 7 venv"}, "mine", "Python 3.7 does not fit"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, says := range test.pythons {
				script := fmt.Sprintf("#!/bin/sh\necho %s\n", says)
				if says == "" {
					script = "#!/bin/sh\nexit 127\n"
				}
				path := filepath.Join(dir, name)
				write(t, path, script)
				if err := os.Chmod(path, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", dir)
			t.Setenv("PYTHON", test.chosen)
			got, err := findPython(t.Context())
			if err != nil {
				got = err.Error()
			} else {
				got = filepath.Base(got)
			}
			if !strings.HasPrefix(got, test.want) || err == nil && got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
