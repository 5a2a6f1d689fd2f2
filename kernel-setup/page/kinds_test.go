package page_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tutorial/kernel-setup/browsertest"
	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/page"
	"tutorial/kernel-setup/page/pagetest"
)

// object is one in JSON.
type object = map[string]any

const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

func text(source string) object {
	return object{"cell_type": "markdown", "metadata": object{}, "source": source}
}

// attached is a cell of text with a picture in it.
func attached(source, name string) object {
	cell := text(source)
	cell["attachments"] = object{name: object{"image/png": dot}}
	return cell
}

func code(outputs ...any) object {
	return object{"cell_type": "code", "metadata": object{}, "source": "f()", "execution_count": 1, "outputs": append([]any{}, outputs...)}
}

func stream(name, text string) object {
	return object{"output_type": "stream", "name": name, "text": text}
}

// display is a display with forms, as pairs of a MIME type and its content.
func display(forms ...any) object {
	data := object{}
	for i := 0; i < len(forms); i += 2 {
		data[forms[i].(string)] = forms[i+1]
	}
	return object{"output_type": "display_data", "metadata": object{}, "data": data}
}

// site makes pages of notebooks, by name, and of files that are no notebooks. It returns the folders of both, and the error.
func siteOf(t *testing.T, notebooks map[string][]any, files map[string]string, env ...string) (source, target string, err error) {
	t.Helper()
	source, target = t.TempDir(), t.TempDir()
	for name, cells := range notebooks {
		for i, cell := range cells {
			cell.(object)["id"] = fmt.Sprint("cell-", i)
		}
		b, err := json.Marshal(object{"nbformat": 4, "nbformat_minor": 5, "cells": cells,
			"metadata": object{"kernelspec": object{"name": "gonb", "display_name": "Go (gonb)", "language": "go"}}})
		if err != nil {
			t.Fatal(err)
		}
		files[name+".ipynb"] = strings.ReplaceAll(string(b), "HALF", `\ud800`) // which Go does not write
	}
	var pages []page.Source
	put(t, source, files)
	for name := range files {
		if base, ok := strings.CutSuffix(name, ".ipynb"); ok {
			file := filepath.Join(source, name)
			var run []page.Link
			if base == "words" {
				run = []page.Link{{Name: "Binder", Href: "https://example.org/run?a=1&b=2"}}
			}
			pages = append(pages, page.Source{Given: name, Notebook: file, Executed: file, Name: base + ".html", Run: run})
		}
	}
	checkout := labtest.Installed(t)
	made, err := page.Render(t.Context(), pages, checkout.Python(), append(checkout.Environ(), env...))
	if err := page.Publish(target, made); err != nil {
		t.Error(err)
	}
	return source, target, err
}

var tag = regexp.MustCompile(`(?s)<[^>]*>`)

// TestPagesKeepWhatNotebooksSay has a page for each kind of content that once came out wrong.
func TestPagesKeepWhatNotebooksSay(t *testing.T) {
	t.Parallel()
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	words := []string{
		"DELETE /home/cart 204", "http://localhost:9000/home?next=/Users/7", "/var/run-abcd1234/socket", "see https://example.org/lab-notebook1/a",
		"token=" + strings.Repeat("b", 24), "/gonb_cafebabe/x", "gonb_cafebabe", home + "-old/kept", home + ".bak", "http://example.org" + home + "/kept", "./mine" + home, "the user, the host and root",
		"C:" + `\Users\x`, "100%",
	}
	_, target, err := siteOf(t, map[string][]any{
		"words": {code(stream("stdout", strings.Join(words, "\n")))},
		"signs": {code(stream("stdout", strings.Join([]string{
			"plain \x1b[31mred\x1b[0m \x1b[1;38;5;208morange\x1b[0m \x1b[38:2::10:200:30mgreen\x1b[m", "\x1b]8;id=a;https://example.org/\x1b\\linked\x1b]8;;\x1b\\ on",
			"\x1b]2;title\x07shown", "\x1b]0;never ended", "\x1b[?25lhidden\x1b[2Acursor\x1b7\x1b(B", "\x1bP1$q\x1b\\asked", "nul\x00 bell\x07 del\x7f c1\u0085 \u009b32mgrass\u009b0m", "ends \x1b[3",
			"10 %\r20 %\r\x1b[2K99 % done", "teh\b\bhe word", "windows\r\n"}, "\n")),
			stream("stderr", "warned \x1b[4:3mtwice\x1b[0m \x00\r"), display("text/plain", "form\x1b[1mbold\x1b[0m\x00"), display("text/plain", "pale\x1b[38m"), display("text/html", "<p>mark\x00up\x1b[2J</p>")),
			text("half HALF of a letter, and a \x00")},
		"order": {code(stream("stdout", "one "), stream("stdout", "line\n"), display("text/html", "<p>first figure</p>"), stream("stdout", "between\n"), stream("stderr", "grumble\n"), display("text/html", "<p>second figure</p>"), stream("stdout", "after\n"))},
		"forms": {code(
			display("text/latex", "$a$", "text/plain", "form of latex"), display("text/latex", "$only$"),
			display("application/javascript", "1", "text/plain", "form of javascript"), display("application/javascript", "1"),
			display("text/html", "<iframe src='https://example.org/'></iframe>", "text/plain", "form of iframe"), display("text/html", "<div id=p></div><script>1</script>", "text/plain", "form of script"),
			display("text/html", "<b>seen</b><canvas></canvas>", "text/plain", "form beside canvas"), display("text/html", "<p hidden>no</p>", "text/plain", "form of hidden"),
			display("application/vnd.jupyter.widget-view+json", object{"model_id": "x"}, "text/plain", "form of widget"), display("application/vnd.jupyter.widget-view+json", object{"model_id": "x"}),
			display("application/json", object{"key": "<value>"}), display("image/png", "no picture", "text/plain", "form of png"), display("application/pdf", "JVBE", "text/plain", "form of pdf"),
			display("text/html", "</div></main><plaintext>stays inside"), display("text/html", "<table><tr><td>not <b>closed"), display("text/html", ""),
			display("text/markdown", "**strong**", "text/plain", "form of markdown"), display("image/gif", "R0lGODlhAQABAAAAACw=", "text/plain", "form of gif"),
		)},
		"pictures": {attached("![a](attachment:a.png)", "a.png"), attached("![b](attachment:%D1%8F%20b.png) <img alt=c src='attachment:%D1%8F%20b.png'>", "я b.png"), attached("![d](attachment:50%25.png)", "50%25.png"), attached("Read [the paper](attachment:x.pdf).", "x.pdf"),
			text("![e](sub/one%20two.png) <img alt=f src='sub/one two.png'> ![g](sub/100%25.png) ![a lost one](none.png) ![on the web](https://example.org/x.png) ![not ours](../../../../etc/hostname.png)")},
		"headings": {text("# Title\n\n## Usage"), text("## Usage\n\n## Usage-2"), text("## \n\n## content\n\n## 50% `x` \"y\" & <z>\n\n<h2>Raw</h2>\n\n## a<br>b\n\n# Second\n\n### Usage\n\n## 🚀"), code(display("text/html", "<h2 id=Usage>output</h2><a href='#Usage'>to it</a>"))},
	}, map[string]string{"sub/one two.png": "x", "sub/100%.png": "x",
		"python.ipynb": `{"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
			"cells": [{"cell_type": "code", "id": "a b", "metadata": {}, "outputs": [], "execution_count": null, "source": "def f(): pass"}]}`})
	if err != nil {
		t.Fatal(err)
	}
	const has, lacks = true, false
	checks := map[string]map[string]bool{
		"signs": {"plain red orange green\nlinked on\nshown\n\nhiddencursor\nasked\nnul bell del c1 grass\nends \n99 % done\nthe word\nwindows": has, `<span class="ansi-red-fg">red</span>`: has, `<span class="ansi-green-fg">grass</span>`: has,
			"rgb(255,135,0)": has, "pale": has, "warned twice": has, `form<span class="ansi-bold">bold</span>`: has, "<p>markup</p>": has, "half \ufffd of a letter, and a": has,
			"\x1b": lacks, "\x00": lacks, "\r": lacks, "example.org": lacks, "title\x07": lacks},
		"order": {"Run it": lacks, "one line\nfirst figure\nbetween\ngrumble\nsecond figure\nafter": has},
		"forms": {"form of latex": has, "$only$": has, "$a$": lacks, "form of javascript": has, "(application/javascript) shows only in JupyterLab": has, "form of iframe": has, `<a href="https://example.org/">`: has,
			"form of script": has, "form beside canvas": has, "form of hidden": has, "form of widget": has, "(application/vnd.jupyter.widget-view+json) shows only": has, `"key": "&lt;value&gt;"`: has, "form of png": has,
			"form of pdf": has, "stays inside": has, "<td>not <b>closed</b></td>": has, "<strong>strong</strong>": has, "form of markdown": lacks, `alt="form of gif" src="data:image/gif`: has, "<iframe": lacks, "<plaintext": lacks, "(text/html)": lacks},
		"pictures": {`alt="a" src="data:image/png;base64,iV`: has, `alt="b" src="data:`: has, `alt="c" src="data:`: has, `alt="d" src="data:`: has, `alt="e" src="data:`: has, `alt="f" src="data:`: has, `alt="g" src="data:`: has,
			"a lost one": has, `<a href="https://example.org/x.png">on the web</a>`: has, "not ours": has, "Read the paper (attached to the notebook).": has, "attachment:": lacks, "none.png": lacks, "hostname.png": lacks},
		"headings": {`href="#Usage">Usage<`: has, `href="#Usage-3">Usage<`: has, `href="#Usage-2">Usage-2<`: has, `href="#Usage-4">Usage<`: has, `href="#content-2"`: has, `href="#50%25-x-%22y%22-&amp;-"`: lacks, `href="#Raw">Raw<`: has, `href="#Second">Second<`: has, `href="#%F0%9F%9A%80">🚀<`: has},
	}
	checks["python"] = map[string]bool{`"cell-a-b"`: has, `<span class="language">Python</span>`: has, `<span class="k">def</span> <span class="nf">f</span>`: has}
	checks["words"] = map[string]bool{`Run it: <a href="https://example.org/run?a=1&amp;b=2">Binder</a>`: has}
	for _, w := range words {
		checks["words"][w] = has
	}
	for name, wants := range checks {
		content := read(t, target, name+".html")
		content = content[strings.Index(content, "<body>"):]
		plain := regexp.MustCompile(`\n{2,}`).ReplaceAllString(tag.ReplaceAllString(content[strings.Index(content, "<main"):], ""), "\n")
		if name == "signs" { // an empty line counts there
			plain = tag.ReplaceAllString(content, "")
		}
		for want, there := range wants {
			if (strings.Contains(content, want) || strings.Contains(plain, want)) != there {
				t.Errorf("%s: that %q is there should be %v:\n%s", name, want, there, notGolden.ReplaceAllString(content, "…"))
			}
		}
		ids := map[string]bool{}
		for _, m := range regexp.MustCompile(` id=(?:"([^"]*)"|'([^']*)')`).FindAllStringSubmatch(content, -1) {
			if id := m[1] + m[2]; ids[id] || id == "" {
				t.Errorf("%s has the id %q twice, or it is empty", name, id)
			} else {
				ids[id] = true
			}
		}
	}
}

func TestTheIndexFindsWhatPagesTeach(t *testing.T) {
	t.Parallel()
	python := code()
	python["source"] = "%%script python3\nimport asyncio\nfrom queue import Queue\nasyncio.run(asyncio.gather())"
	goCell := code()
	goCell["metadata"] = object{"introduces": []string{"WaitGroup.Go"}}
	_, target, err := siteOf(t, map[string][]any{
		"first":  {text("# First things\n\n## Waiting for </script> all"), python},
		"second": {text("# Second things"), goCell},
	}, map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	auditor := pagetest.New(t, "")
	auditor.Do(chromedp.Navigate("file://" + filepath.Join(target, page.Home)))
	for typed, want := range map[string]string{
		"waitgroup":      "WaitGroup.Go in Second things > second.html#cell-cell-1",
		"asyncio gather": "asyncio.gather in First things > first.html#cell-cell-1",
		"queue":          "queue.Queue in First things > first.html#cell-cell-1",
		"waiting":        "Waiting for  all in First things > first.html#Waiting-for--all",
		"second things":  "Second things > second.html",
		"nonsense":       "Nothing has this in its name.",
		"":               "",
	} {
		got := browsertest.Evaluate[string](auditor.Page, fmt.Sprintf(`(() => {
			const field = document.querySelector(".search input")
			field.value = %q
			field.dispatchEvent(new Event("input"))
			return [...document.querySelectorAll(".found li")].map(li => li.textContent + (li.querySelector("a") ? " > " + li.querySelector("a").getAttribute("href") : "")).join("; ")
		})()`, typed))
		if got != want {
			t.Errorf("for %q the index finds %q, want %q", typed, got, want)
		}
	}
}

func TestAnExportLinksToPagesThatLieBesideTheNotebooks(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join(notebooks, "chapter"))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "02_other.html"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	jupyter(t, "nbconvert", "--to", "html", filepath.Join(folder, "01_everything.ipynb"))
	got := read(t, folder, "01_everything.html")
	for _, want := range []string{`href="02_other.html"`, `href="02_other.html#Values-&amp;-references"`, `href="../00_start_here.ipynb"`} {
		if !strings.Contains(got, want) {
			t.Errorf("the export lacks %s", want)
		}
	}
}

func TestABadPageIsNamedAndTheOthersAreMade(t *testing.T) {
	t.Parallel()
	broken, paper := text("![x](attachment:x.png)"), text("![x](attachment:x.pdf)")
	broken["attachments"] = object{"x.png": object{"image/png": "no base64!"}}
	paper["attachments"] = object{"x.pdf": object{"application/pdf": dot}}
	_, target, err := siteOf(t, map[string][]any{
		"good": {text("# Good\n\nTo [bad](lost.ipynb) and [better](better.ipynb).")}, "better": {text("# Better")},
		"lost": {text("# Lost\n\n![x](attachment:gone.png)")}, "broken": {broken}, "paper": {paper}, "shape": {object{"cell_type": "code", "metadata": object{}, "source": 7}},
	}, map[string]string{"cut.ipynb": `{"cells": [`})
	if err == nil {
		t.Fatal("there is no error")
	}
	for _, want := range []string{"lost.ipynb gets no page: its cell has no picture gone.png; attach it again",
		"broken.ipynb gets no page: the picture x.png in its cell is damaged; attach it again", "paper.ipynb gets no page: x.pdf is shown as a picture, and is of the kind application/pdf", "shape.ipynb gets no page: its executed copy does not follow the format", "cut.ipynb gets no page: "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %q, without %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "Traceback") || strings.Count(err.Error(), "\n") != 4 {
		t.Errorf("the error should have a line for each page: %s", err)
	}
	if good := read(t, target, "good.html"); strings.Contains(good, "lost.html") || !strings.Contains(good, `<a href="better.html">better</a>`) {
		t.Error("the good page should lead to the other good one, and to no bad one")
	}
	if strings.Contains(read(t, target, page.Home), "Lost") {
		t.Error("the index leads to a page that is not there")
	}
}
