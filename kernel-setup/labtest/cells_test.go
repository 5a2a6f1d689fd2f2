package labtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tutorial/kernel-setup/browsertest"
	"tutorial/kernel-setup/labtest"
)

// colours has a cell in each language, with words that are keywords in one of them only.
const colours = `{"nbformat": 4, "nbformat_minor": 5, "metadata": {
  "kernelspec": {"name": "gonb", "display_name": "Go (gonb)", "language": "go"},
  "language_info": {"name": "go", "mimetype": "text/x-go", "file_extension": ".go", "pygments_lexer": "go", "codemirror_mode": "", "nbconvert_exporter": ""}}, "cells": [
  {"cell_type": "code", "id": "python", "metadata": {}, "outputs": [], "execution_count": null, "source": "%%script python3\ndef defer(done):\n    pass"},
  {"cell_type": "code", "id": "go", "metadata": {}, "outputs": [], "execution_count": null, "source": "%%\ndef, done := 1, 2\ndefer fmt.Println(def, done)"},
  {"cell_type": "code", "id": "shell", "metadata": {}, "outputs": [], "execution_count": null, "source": "%%bash\nfor def in defer; do echo $def; done"}]}`

// TestCellsAsTheyAreOpened opens a notebook and changes nothing: each cell has the colours of its language, and the notebook is not
// marked as unsaved after the kernel has said which language it speaks. Then a word is typed, and it is.
func TestCellsAsTheyAreOpened(t *testing.T) {
	root := t.TempDir()
	first := filepath.Join(root, "notebooks", "00_start_here.ipynb")
	if err := os.Mkdir(filepath.Dir(first), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(first, []byte(colours), 0o644); err != nil {
		t.Fatal(err)
	}
	lab := labtest.Open(t, root)
	page := browsertest.Open(t, 1200, 800)
	const unsaved = `!!document.querySelector(".lm-TabBar-tab.jp-mod-dirty")`
	// keyword is an expression for whether a word in a cell is shown as one.
	keyword := func(cell int, word string) string {
		return fmt.Sprintf(`(() => {
			const probe = document.body.appendChild(document.createElement("i"))
			probe.style.color = "var(--jp-mirror-editor-keyword-color)"
			const colour = getComputedStyle(probe).color
			probe.remove()
			return [...document.querySelectorAll(".jp-CodeCell")[%d].querySelectorAll(".cm-line span")].some(
				e => e.textContent.trim() == %q && getComputedStyle(e).color == colour)
		})()`, cell, word)
	}

	page.Do(chromedp.Navigate(lab.URL))
	browsertest.Await[chromedp.Void](page, "the cells", `document.querySelectorAll(".jp-CodeCell .cm-line").length >= 8`)
	// GoNB is "unknown" from when it has said what it is to the first cell.
	browsertest.Await[chromedp.Void](page, "the kernel", `["unknown", "idle"].includes(document.querySelector(".jp-Notebook-ExecutionIndicator")?.dataset.status)`)
	own := []string{"def", "defer", "done"}
	for cell, word := range own {
		browsertest.Await[chromedp.Void](page, "the colours of cell "+own[cell], keyword(cell, word))
		for _, other := range own {
			if shown := browsertest.Evaluate[bool](page, keyword(cell, other)); shown != (word == other) {
				t.Errorf("in cell %d, that %s is shown as a keyword is %v", cell, other, shown)
			}
		}
	}
	time.Sleep(2 * time.Second) // for what the kernel's answer may change
	if browsertest.Evaluate[bool](page, unsaved) {
		t.Error("a notebook that nobody has changed is marked as unsaved")
	}
	page.Do(chromedp.Focus(chromedp.CSS(".jp-CodeCell .cm-content")), chromedp.KeyEvent("x"))
	browsertest.Await[chromedp.Void](page, "the mark of a notebook that has changed", unsaved)
}
