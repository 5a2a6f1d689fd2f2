package environment

import "testing"

func TestOnlyTheGoNBThatIsKnownIsChanged(t *testing.T) {
	t.Parallel()
	c := sourceChange{"exec.go", "io.Copy(std", "letters.Copy(std", 2}
	const known, want = "io.Copy(stdout, a)\nio.Copy(stderr, b)\nio.Copy(c, d)\n", "letters.Copy(stdout, a)\nletters.Copy(stderr, b)\nio.Copy(c, d)\n"
	if got, err := c.apply(known); got != want || err != nil {
		t.Errorf("it became %q, %v", got, err)
	}
	for _, other := range []string{"", "io.Copy(stdout, a)\n", known + "io.Copy(stdlog, b)\n"} {
		if got, err := c.apply(other); err == nil {
			t.Errorf("%q became %q", other, got)
		}
	}
}
