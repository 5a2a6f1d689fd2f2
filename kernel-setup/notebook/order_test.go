package notebook_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tutorial/kernel-setup/notebook"
)

// cell is a notebook with one markdown cell.
func cell(text string) string {
	return `{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "` + text + `"}]}`
}

func TestNotebooksComeInTheOrderOfTheStartPage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"00_start_here.ipynb":                              cell(`Some day read [b](exercises/b.ipynb).\n| [two](threading/02.ipynb) | [one](threading/01.ipynb#part) |\n| [last](99.ipynb) | [gone](gone.ipynb) [again](threading/02.ipynb)`),
		"threading/01.ipynb":                               cell(""),
		"threading/02.ipynb":                               cell(""),
		"threading/.ipynb_checkpoints/01-checkpoint.ipynb": cell(""),
		"testdata/executed.ipynb":                          cell(""),
		"99.ipynb":                                         cell(""),
		"exercises/b.ipynb":                                cell(""),
		"exercises/a.ipynb":                                cell(""),
		"exercises/notes.md":                               "",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := notebook.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range got {
		if got[i], err = filepath.Rel(dir, name); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"00_start_here.ipynb", "threading/02.ipynb", "threading/01.ipynb", "99.ipynb", "exercises/a.ipynb", "exercises/b.ipynb"}
	if !slices.Equal(got, want) {
		t.Errorf("the order is %q, want %q", got, want)
	}
}
