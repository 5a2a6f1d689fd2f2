package stacks

import "testing"

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
