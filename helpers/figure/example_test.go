package figure_test

import (
	"fmt"

	"tutorial/helpers/figure"
)

func Example() {
	c, top := figure.NewCanvas("Boiling and frying", "minutes, bars start at 0")
	c.Text(90, top+24, figure.Body, figure.End, "egg")
	c.Rect(100, top+10, 70*5, 20, 3, figure.Solid(figure.Go))

	f := figure.Figure{
		Title:    "Boiling and frying",
		Subtitle: "minutes, bars start at 0",
		Alt:      "One bar: an egg takes 5 minutes.",
		Caption:  "An egg takes 5 minutes.",
		SVG:      c.SVG(),
		Table:    figure.Table{Header: []string{"what", "minutes"}, Rows: [][]string{{"egg", "5"}}},
	}
	fmt.Print(f.Text())
	fmt.Println(f.HTML()[:48])
	// Output:
	// Boiling and frying
	// minutes, bars start at 0
	// An egg takes 5 minutes.
	//
	// what  minutes
	// ----  -------
	// egg         5
	// <figure><img alt="One bar: an egg takes 5 minute
}
