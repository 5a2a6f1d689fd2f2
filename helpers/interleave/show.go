package interleave

import (
	"fmt"

	"tutorial/helpers/display"
)

// Show runs the program in all orders, as [Explore] does, and shows what was found: a figure in a notebook, a table in a terminal. A
// program that cannot be explored ends with a message and status 1, see [display.Fail].
func Show(title string, program func(*Program)) *Result {
	defer display.Expect(fmt.Sprintf("interleave.Show(%q)", title))()
	r, err := Explore(program)
	if err != nil {
		display.Fail(fmt.Errorf("interleave.Show(%q): %w", title, err))
	}
	display.Show(r.Figure(title))
	return r
}
