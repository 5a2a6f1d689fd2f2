package notebook_test

import (
	"path/filepath"
	"strings"
	"testing"

	"tutorial/kernel-setup/notebook"
)

func TestParseSaysWhatIsTheMatter(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, content, want string }{
		{"empty", "", "x.ipynb is not a notebook, for it is not JSON; if it was one, restore it with git checkout"},
		{"text", "Dear reader", "for it is not JSON"},
		{"cut short", `{"nbformat": 4, "cells": [`, "for it is not JSON"},
		{"conflict", "<<<<<<< HEAD\n{}", "for it is not JSON"},
		{"null", "null", "x.ipynb is JSON, but not a notebook; give the name of an .ipynb file"},
		{"list", "[]", "JSON, but not a notebook"},
		{"number", "4", "JSON, but not a notebook"},
		{"object", "{}", "JSON, but not a notebook"},
		{"no cells", `{"nbformat": 4}`, "JSON, but not a notebook"},
		{"cells of no list", `{"nbformat": 4, "cells": {}}`, "JSON, but not a notebook"},
		{"format of no number", `{"nbformat": "4", "cells": []}`, "JSON, but not a notebook"},
		{"old", `{"nbformat": 3, "cells": []}`, "x.ipynb is in notebook format 3, and format 4 is needed; open and save it in JupyterLab"},
		{"old, with sheets", `{"nbformat": 3, "worksheets": [{"cells": []}]}`, "x.ipynb is in notebook format 3, and"},
		{"older, with other cells", `{"nbformat": 2, "cells": {}, "metadata": 1}`, "x.ipynb is in notebook format 2, and"},
		{"new", `{"nbformat": 5, "cells": []}`, "x.ipynb is in notebook format 5, and this program reads format 4; look for a newer version of the tutorial"},
		{"new, with other cells", `{"nbformat": 5, "cells": 1}`, "is in notebook format 5"},
		{"in UTF-16", "\xff\xfe{\x00}\x00", "x.ipynb is in UTF-16, and a notebook is in UTF-8; save it as UTF-8 in an editor"},
		{"a mark alone", "\xef\xbb\xbf", "for it is not JSON"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := notebook.Parse("x.ipynb", []byte(test.content))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
		})
	}
}

func TestParseReadsTextAsStringOrLines(t *testing.T) {
	t.Parallel()
	nb, err := notebook.Parse("x.ipynb", []byte(`{"nbformat": 4, "cells": [
		{"cell_type": "code", "source": "a\nb", "metadata": {"tags": ["raises-exception"]}},
		{"cell_type": "code", "source": ["a\n", "b"], "outputs": [
			{"output_type": "stream", "name": "stdout", "text": ["1\n", "2"]},
			{"output_type": "stream", "name": "stderr", "text": "wrong"},
			{"output_type": "stream", "name": "stdout", "text": "3"},
			{"output_type": "display_data", "data": {"application/json": {"a": 1}, "text/plain": ["x"]}}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := nb.Cells[0].Source, nb.Cells[1].Source; a != "a\nb" || b != a {
		t.Errorf("the sources are %q and %q", a, b)
	}
	if !nb.Cells[0].MustFail() || nb.Cells[1].MustFail() {
		t.Error("the first cell must fail and the second not")
	}
	if got := nb.Cells[1].Stream("stdout"); got != "1\n23" {
		t.Errorf("standard output is %q", got)
	}
	if got := nb.Cells[1].Outputs[3].Data["application/json"]; got != `{"a": 1}` {
		t.Errorf("the JSON output is %q", got)
	}
}

func TestParseReadsPastAByteOrderMark(t *testing.T) {
	t.Parallel()
	if _, err := notebook.Parse("x.ipynb", []byte("\xef\xbb\xbf"+`{"nbformat": 4, "cells": []}`)); err != nil {
		t.Error(err)
	}
}

func TestReadNamesTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, want := range map[string]string{
		filepath.Join(dir, "none.ipynb"): "there is no notebook " + filepath.Join(dir, "none.ipynb") + "; check the name",
		dir:                              dir + " is a folder; name the notebooks in it, as in " + filepath.Join(dir, "*.ipynb"),
	} {
		if _, err := notebook.Read(name); err == nil || err.Error() != want {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
}

func TestForKernel(t *testing.T) {
	t.Parallel()
	for kernel, want := range map[string]string{
		"gonb":    "",
		"":        "x.ipynb names no kernel",
		"python3": `x.ipynb is for the kernel "python3"`,
	} {
		content, err := notebook.New(kernel)
		if err != nil {
			t.Fatal(err)
		}
		nb, err := notebook.Parse("x.ipynb", content)
		if err != nil {
			t.Fatal(err)
		}
		err = nb.ForKernel("x.ipynb", "gonb")
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("for kernel %q the error is %v, want %q", kernel, err, want)
		}
	}
}
