package exercise

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tutorial/helpers/exercise/grade"
)

var two = []grade.Exercise{{Name: "01_a", Title: "A & B"}, {Name: "02_b", Title: "C"}}

func shown(t *testing.T) (markup, text string) {
	t.Helper()
	passed, err := hasPassed()
	if err != nil {
		t.Fatal(err)
	}
	return table(two, passed)
}

func TestProgressIsKept(t *testing.T) {
	t.Setenv("TUTORIAL_PROGRESS", filepath.Join(t.TempDir(), "a", "b"))
	if _, text := shown(t); !strings.Contains(text, "passed 0 of 2") {
		t.Errorf("nothing was passed, and it shows\n%s", text)
	}
	var wg sync.WaitGroup
	for range 20 { // notebooks at once
		wg.Go(func() {
			if err := note("02_b"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	markup, text := shown(t)
	if !strings.Contains(text, "passed 1 of 2") || !strings.Contains(text, "01  not yet  A & B\n02  passed   C\n") {
		t.Errorf("02_b was passed, and it shows\n%s", text)
	}
	if !strings.Contains(markup, "<td>A &amp; B</td><td>not yet</td>") {
		t.Errorf("it shows %s", markup)
	}
}

func TestADamagedFolderLosesNothingElse(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TUTORIAL_PROGRESS", dir)
	for name, content := range map[string]string{"01_a": "\x00\xff rubbish", "unknown": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, text := shown(t); !strings.Contains(text, "passed 1 of 2") {
		t.Errorf("it shows\n%s", text)
	}
	t.Setenv("TUTORIAL_PROGRESS", filepath.Join(dir, "unknown"))
	if err := note("01_a"); err == nil {
		t.Error("its folder is a file, and there is no error")
	}
	if _, err := hasPassed(); err == nil {
		t.Error("its folder is a file, and there is no error")
	}
}
