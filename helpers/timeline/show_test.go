package timeline_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tutorial/helpers/timeline"
)

// TestShowPanicsAsTheFunctionDid exchanges the standard error of the process, so it does not run beside other tests.
func TestShowPanicsAsTheFunctionDid(t *testing.T) {
	stderr := os.Stderr
	defer func() { os.Stderr = stderr }()
	said, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	os.Stderr = said

	cause := errors.New("on purpose")
	defer func() {
		if got := recover(); got != cause {
			t.Errorf("Show panicked with %#v, want %#v", got, cause)
		}
		text, err := os.ReadFile(said.Name())
		if err != nil || !strings.Contains(string(text), "timeline_test.goesWrong") {
			t.Errorf("the stack of the function is not in %q, %v", text, err)
		}
	}()
	timeline.Show("A panic", func() { goesWrong(cause) })
	t.Error("Show returned")
}

func goesWrong(cause error) { panic(cause) }
