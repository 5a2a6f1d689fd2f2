package display_test

import (
	"tutorial/helpers/display"
	"tutorial/helpers/figure"
)

// Outside a notebook, as here, the text forms are printed.
func Example() {
	display.Println("Before the figure.")
	display.Show(figure.Figure{
		Title:   "Two tasks",
		Caption: "b takes half as long as a.",
		Table:   figure.Table{Header: []string{"task", "seconds"}, Rows: [][]string{{"a", "2"}, {"b", "1"}}},
	})
	// Output:
	// Before the figure.
	// Two tasks
	// b takes half as long as a.
	//
	// task  seconds
	// ----  -------
	// a           2
	// b           1
}

func ExampleProgress() {
	p := display.NewProgress()
	defer p.Done("")
	for _, step := range []string{"boiling", "frying"} {
		p.Update(step)
	}
	p.Done("Breakfast is ready.")
	// Output: Breakfast is ready.
}
