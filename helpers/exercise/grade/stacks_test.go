package grade

import "testing"

func TestAnEmptyLoopIsNamedByItsFunction(t *testing.T) {
	for function, want := range map[string]string{
		"main.waitForAll({0xc000012345, 0x3, 0x3})": "waitForAll",
		"main.(*account).Withdraw(...)":             "Withdraw",
		"strange":                                   "",
	} {
		if got := (frame{function: function, file: "stacks_test.go", line: 1}).source(); got != want {
			t.Errorf("%s: %q, want %q", function, got, want)
		}
	}
}
