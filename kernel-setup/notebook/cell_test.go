package notebook_test

import (
	"reflect"
	"testing"

	"tutorial/kernel-setup/notebook"
)

func TestGoPartsAreWhatTheKernelCompiles(t *testing.T) {
	t.Parallel()
	type parts = []notebook.GoPart
	for _, c := range []struct {
		source string
		want   parts
	}{
		{"", nil},
		{"%%script python3\nprint()", nil},
		{"%%writefile x.go\npackage x", nil},
		{"f := 1", parts{{1, false, "f := 1"}}},
		{"%%\nf()", parts{{2, true, "f()"}}},
		{"%% -a -b\nf()", parts{{2, true, "f()"}}},
		{"%main\n\nf()\n", parts{{3, true, "f()"}}},
		{"//gonb:%%\nf()", parts{{2, true, "f()"}}},
		{"%test\nfunc TestX() {}", parts{{2, false, "func TestX() {}"}}},
		{"import \"fmt\"\n\n!ls\nvar a int\n\n%%\nf(\n\ta)", parts{{1, false, "import \"fmt\""}, {4, false, "var a int"}, {7, true, "f(\n\ta)"}}},
		{"!ls \\\n  -l\nvar a int", parts{{3, false, "var a int"}}},
	} {
		cell := notebook.Cell{Type: "code", Source: notebook.Text(c.source)}
		if got := cell.GoParts(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("the parts of %q are %+v; want %+v", c.source, got, c.want)
		}
	}
}
