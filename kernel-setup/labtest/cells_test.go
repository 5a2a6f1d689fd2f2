package labtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tutorial/kernel-setup/browsertest"
	"tutorial/kernel-setup/environment"
	"tutorial/kernel-setup/labtest"
)

// open writes a notebook and opens it in JupyterLab.
func open(t *testing.T, notebook string) *browsertest.Page {
	t.Helper()
	root := t.TempDir()
	first := filepath.Join(root, filepath.FromSlash(environment.FirstNotebook))
	if err := os.Mkdir(filepath.Dir(first), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(first, []byte(notebook), 0o644); err != nil {
		t.Fatal(err)
	}
	lab := labtest.Open(t, root)
	page := browsertest.Open(t, 1200, 800)
	page.Do(chromedp.Navigate(lab.URL))
	return page
}

// ready says that the kernel has answered: GoNB is "unknown" from when it has said what it is to the first cell.
const ready = `["unknown", "idle"].includes(document.querySelector(".jp-Notebook-ExecutionIndicator")?.dataset.status)`

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
	page := open(t, colours)
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

	browsertest.Await[chromedp.Void](page, "the cells", `document.querySelectorAll(".jp-CodeCell .cm-line").length >= 8`)
	browsertest.Await[chromedp.Void](page, "the kernel", ready)
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

const button = `{"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "gonb", "display_name": "Go (gonb)", "language": "go"}}, "cells": [
  {"cell_type": "code", "id": "button", "metadata": {}, "outputs": [], "execution_count": null,
   "source": "import \"github.com/janpfeifer/gonb/gonbui/widgets\"\n%%\nclicks := widgets.Button(\"Click here\").Done().Listen()\nfor range 2 {\n\tfmt.Println(\"click\", <-clicks.C)\n}"}]}`

// TestAButtonOfGoNBIsClicked follows a click from the page through the kernel into the program of a cell, and the next one, too.
func TestAButtonOfGoNBIsClicked(t *testing.T) {
	labtest.Long(t)
	page := open(t, button)
	browsertest.Await[chromedp.Void](page, "the kernel", ready)
	const begun = `/\[[*\d]+\]/.test(document.querySelector(".jp-InputPrompt").textContent)`
	for range 20 { // until it has connected, JupyterLab runs nothing and says nothing
		page.Click(`document.querySelector(".jp-InputPrompt")`)
		page.Click(`document.querySelector("[data-command='notebook:run-cell-and-select-next'], [data-command='runmenu:run']")`)
		if time.Sleep(2 * time.Second); browsertest.Evaluate[bool](page, begun) {
			break
		}
	}
	const made = `[...document.querySelectorAll(".jp-OutputArea-output button")].find(b => b.textContent.includes("Click here"))`
	for n := range 2 {
		page.Click(made)
		browsertest.Await[chromedp.Void](page, "the program's word", fmt.Sprintf(`document.querySelector(".jp-OutputArea").textContent.includes("click %d")`, n+1))
	}
}
