package notebook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	shell      = regexp.MustCompile(`(?m)^\s*(!|%%(script|bash|sh)\b)`)
	exitStatus = regexp.MustCompile(`(?m)^exit status \d+\s*$|^signal: \w+`)
	ansi       = regexp.MustCompile(`\x1b\[[0-9;]*m`)
)

// Fault returns how a code cell that was to be run did not do what it should: it did not run, it failed although nothing says
// that it must, or it succeeded although it must fail. It is nil if all is well.
func (c Cell) Fault() error {
	stderr := strings.TrimSpace(ansi.ReplaceAllString(c.Stream("stderr"), ""))
	failed := slices.ContainsFunc(c.Outputs, func(o Output) bool { return o.Type == "error" }) ||
		shell.MatchString(string(c.Source)) && exitStatus.MatchString(stderr) // the kernel replies ok to those
	switch {
	case c.ExecutionCount == nil:
		return fmt.Errorf("cell %s has no number, so it did not run:\n%s", c.ID, c.Source)
	case failed && !c.MustFail():
		return fmt.Errorf("cell %s failed:\n%s\n%s", c.ID, c.Source, stderr)
	case !failed && c.MustFail():
		return fmt.Errorf("cell %s should fail, and did not:\n%s", c.ID, c.Source)
	}
	return nil
}
