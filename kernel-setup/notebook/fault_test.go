package notebook_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tutorial/kernel-setup/notebook"
)

func TestWhatACellDidWrongIsSeen(t *testing.T) {
	t.Parallel()
	const (
		failed = `{"output_type": "error", "ename": "ERROR", "evalue": "exit status 2"}`
		built  = `{"output_type": "error", "ename": "ERROR", "evalue": "failed to run go"}`
		said   = `{"output_type": "stream", "name": "stderr", "text": "\u001b[31mpanic\u001b[0m: no\nexit status 2\n"}`
	)
	for _, c := range []struct{ what, source, tags, outputs, want string }{
		{"it ran", "%%", "", "", ""},
		{"it failed", "%%", "", failed, "exit status 2"},
		{"it failed and said why", "%%", "", said + "," + failed, "panic: no\nexit status 2"},
		{"it was not built", "%%", "", built, "failed to run go"},
		{"it failed as it should", "%%", `"raises-exception"`, failed, ""},
		{"it should fail", "%%", `"raises-exception"`, "", "the cell is tagged raises-exception, so it should fail, and it succeeded"},
		{"it mentions a failure", "!cat log", "", said, ""},
		{"a file is embedded", "import _ \"embed\"\n\n//go:embed a.txt\nvar a string", "", "", "The kernel drops comments, and with them //go:embed"},
		{"one of a group is embedded", "var (\n\t//go:embed a.txt\n\ta string\n)", "", "", "The kernel drops comments, and with them //go:embed"},
		{"text mentions embedding", "%%\nfmt.Println(`\n//go:embed a.txt\n`)", "", "", ""},
		{"a script mentions embedding", "%%bash\n//go:embed a.txt", "", "", ""},
		{"it has C", "// int a;\nimport \"C\"", "", built, "cells have no cgo.\nfailed to run go"},
		{"it has C among others", "import (\n\t\"fmt\"\n\t\"C\"\n)", "", built, "cells have no cgo."},
		{"it only prints C", "import \"fmt\"\n\nvar a = fmt.Sprint(\"C\")", "", "", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			source, err := json.Marshal(c.source)
			if err != nil {
				t.Fatal(err)
			}
			for _, count := range []string{"1", "null"} {
				nb, err := notebook.Parse("x.ipynb", []byte(`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code",
					"id": "x", "execution_count": `+count+`, "metadata": {"tags": [`+c.tags+`]}, "source": `+string(source)+`, "outputs": [`+c.outputs+`]}]}`))
				if err != nil {
					t.Fatal(err)
				}
				got, want := "", c.want
				if count == "null" {
					want = "the cell has no number, so it did not run"
				}
				if err := nb.Cells[0].Fault(); err != nil {
					got = err.Error()
				}
				if (got == "") != (want == "") || !strings.Contains(got, want) {
					t.Errorf("with number %s the fault is %q, want %q", count, got, want)
				}
			}
		})
	}
}

func TestCellsThatAreNotToRunHaveNoFault(t *testing.T) {
	t.Parallel()
	skipped := notebook.Cell{Type: "code", Source: "%%"}
	skipped.Metadata.Tags = []string{"skip-execution"}
	for _, c := range []notebook.Cell{skipped, {Type: "code", Source: " \n"}} {
		if err := c.Fault(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestAnEndlessReportIsCutInTheMiddle(t *testing.T) {
	t.Parallel()
	c := notebook.Cell{Type: "code", Source: "%%", ExecutionCount: new(int), Outputs: []notebook.Output{
		{Type: "stream", Name: "stderr", Text: notebook.Text("first" + strings.Repeat("日", 1_000_000) + "last")},
		{Type: "error", Error: "last"},
	}}
	got := c.Fault().Error()
	if len(got) > 20_000 || !strings.HasPrefix(got, "first") || !strings.HasSuffix(got, "last") || strings.Contains(got, "\ufffd") {
		t.Errorf("%d bytes: %.20s ... %s", len(got), got, got[len(got)-20:])
	}
}
