package stacks

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestAnEmptyLoopIsNamedByItsFunction(t *testing.T) {
	for function, want := range map[string]string{
		"main.waitForAll({0xc000012345, 0x3, 0x3})": "waitForAll",
		"main.(*account).Withdraw(...)":             "Withdraw",
		"strange":                                   "",
	} {
		if got := (Frame{Function: function, File: "stacks_test.go", Line: 1}).Source(); got != want {
			t.Errorf("%s: %q, want %q", function, got, want)
		}
	}
}

func TestALineThatCannotBeReadIsNamed(t *testing.T) {
	for _, f := range []Frame{{File: "/none/gone.go", Line: 7}, {File: "stacks_test.go", Line: 7777}} {
		if got, want := f.Source(), fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := Frames([]string{"main.f()", "...12 frames elided...", "main.g()", "\t/a/b.go:3 +0x1d"}); len(got) != 1 || got[0] != (Frame{Function: "main.g()", File: "/a/b.go", Line: 3}) {
		t.Errorf("the frames are %v", got)
	}
}

func TestAllFindsAGoroutineWhereItWaitsAndWhereItBegan(t *testing.T) {
	wait := make(chan int)
	defer close(wait)
	go func() { <-wait }()
	const line = "go func() { <-wait }()"
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if slices.ContainsFunc(All(), func(g Goroutine) bool {
			last := g.Frames[len(g.Frames)-1]
			return g.State == "chan receive" && g.Frames[0].Source() == line && !g.Frames[0].Created && last.Source() == line && last.Created
		}) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody waits in `%s`: %v", line, All())
		}
	}
}
