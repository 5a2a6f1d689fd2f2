package environment

import (
	"strings"
	"testing"
)

func TestOnlyTheGoNBThatIsKnownIsChanged(t *testing.T) {
	t.Parallel()
	const known = "import (\n\t\"io\"\n)\nio.Copy(exec.stdoutWriter, a)\nio.Copy(exec.stderrWriter, b)\nio.Copy(c, d)\n"
	const want = "import (\n\t\"io\"\n\t\"tutorial/kernel-setup/letters\"\n)\nletters.Copy(exec.stdoutWriter, a)\nletters.Copy(exec.stderrWriter, b)\nio.Copy(c, d)\n"
	if got, err := withLetters(known); got != want || err != nil {
		t.Errorf("it became %q, %v", got, err)
	}
	for _, other := range []string{"", strings.Replace(known, "stderrWriter", "other", 1)[:60], strings.Replace(known, "\"io\"", "io \"io\"", 1)} {
		if got, err := withLetters(other); err == nil {
			t.Errorf("%q became %q", other, got)
		}
	}
}
