package notebook_test

import (
	"strings"
	"testing"

	"tutorial/kernel-setup/notebook"
)

func TestWhatACellDidWrongIsSeen(t *testing.T) {
	t.Parallel()
	const head = `{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "id": "x", `
	for _, c := range []struct{ what, cell, want string }{
		{"it ran", `"execution_count": 1, "metadata": {}, "source": "%%", "outputs": []}`, ""},
		{"it did not run", `"execution_count": null, "metadata": {}, "source": "%%", "outputs": []}`, "did not run"},
		{"it failed", `"execution_count": 1, "metadata": {}, "source": "%%", "outputs": [{"output_type": "error", "ename": "E", "evalue": "exit status 2"}]}`, "failed"},
		{"it failed as it should", `"execution_count": 1, "metadata": {"tags": ["raises-exception"]}, "source": "%%", "outputs": [{"output_type": "error", "ename": "E", "evalue": "exit status 2"}]}`, ""},
		{"it should fail", `"execution_count": 1, "metadata": {"tags": ["raises-exception"]}, "source": "%%", "outputs": []}`, "should fail"},
		{"a command in it failed", `"execution_count": 1, "metadata": {}, "source": "!false", "outputs": [{"output_type": "stream", "name": "stderr", "text": "exit status 1\n"}]}`, "failed"},
		{"Go said so, and did not fail", `"execution_count": 1, "metadata": {}, "source": "%%", "outputs": [{"output_type": "stream", "name": "stderr", "text": "exit status 1\n"}]}`, ""},
	} {
		nb, err := notebook.Parse("x.ipynb", []byte(head+c.cell+"]}"))
		if err != nil {
			t.Fatal(err)
		}
		if err := nb.Cells[0].Fault(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the fault is %v, want %q", c.what, err, c.want)
		}
	}
}
