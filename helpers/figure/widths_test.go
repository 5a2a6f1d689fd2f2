package figure_test

import "tutorial/helpers/figure"

// measuredWidths are widths that Chromium gave for the DejaVu faces.
var measuredWidths = []struct {
	kind   figure.Type
	text   string
	pixels float64
}{
	{figure.Body, "Python, one after another", 167.4},
	{figure.Body, "MMMMWWWW", 96.3},
	{figure.Body, "illicit jiffy", 58.3},
	{figure.Body, "[]{}()/\\-+=<>#&%@", 140.2},
	{figure.Body, "ÄÖÜ äöü ß éèê", 97.2},
	{figure.Body, "Привет, мир", 84.5},
	{figure.Mono, "Python, one after another", 180.6},
	{figure.Mono, "MMMMWWWW", 57.8},
	{figure.Mono, "illicit jiffy", 93.9},
	{figure.Mono, "[]{}()/\\-+=<>#&%@", 122.8},
	{figure.Mono, "ÄÖÜ äöü ß éèê", 93.9},
	{figure.Mono, "Привет, мир", 79.5},
	{figure.Heading, "Python, one after another", 205.6},
	{figure.Heading, "MMMMWWWW", 117.5},
	{figure.Heading, "illicit jiffy", 73.9},
	{figure.Heading, "[]{}()/\\-+=<>#&%@", 160.5},
	{figure.Heading, "ÄÖÜ äöü ß éèê", 116.3},
	{figure.Heading, "Привет, мир", 99.5},
}
