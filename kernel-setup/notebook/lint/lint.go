// Package lint holds notebooks to the rules that make them pleasant to read, to review and to run.
package lint

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/format"
	"io/fs"
	"net/url"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"tutorial/kernel-setup/notebook"
)

// A Problem is something that is to be mended before a notebook is committed.
type Problem struct {
	Notebook string
	Cell     string // which one; empty if it is not about one cell
	Text     string // what is wrong, and what to do
}

func (p Problem) String() string {
	if p.Cell == "" {
		return fmt.Sprintf("%s: %s", p.Notebook, p.Text)
	}
	return fmt.Sprintf("%s, cell %s: %s", p.Notebook, p.Cell, p.Text)
}

// maxCodeLines is the most lines a code cell may have: what fits on a screen with its output.
const maxCodeLines = 40

// Check returns what is wrong with the notebook in the file name of the repository. Links are followed in repo. It only
// fails if the file cannot be read as a notebook.
func Check(repo fs.FS, name string) ([]Problem, error) {
	content, err := fs.ReadFile(repo, name)
	if err != nil {
		return nil, err
	}
	nb, err := notebook.Parse(name, content)
	if err != nil {
		return nil, err
	}
	l := &linter{repo: repo, name: name, content: content, nb: nb}
	for _, rule := range []func(*linter){
		(*linter).format,
		(*linter).kernel,
		(*linter).ids,
		(*linter).outputs,
		(*linter).machinePaths,
		(*linter).trailingSpace,
		(*linter).length,
		(*linter).gofmt,
		(*linter).title,
		(*linter).headingLevels,
		(*linter).anchors,
		(*linter).links,
		(*linter).altTexts,
	} {
		rule(l)
	}
	return l.problems, nil
}

// A linter is a notebook under examination. Each of its rules is a method.
type linter struct {
	repo     fs.FS
	name     string
	content  []byte
	nb       *notebook.Notebook
	problems []Problem
}

// report notes a problem of the cell with the index, or of the notebook if that is negative.
func (l *linter) report(cell int, text string, args ...any) {
	p := Problem{Notebook: l.name, Text: fmt.Sprintf(text, args...)}
	if cell >= 0 {
		p.Cell = fmt.Sprint(cell + 1)
		if id := l.nb.Cells[cell].ID; id != "" {
			p.Cell += " (" + id + ")"
		}
	}
	l.problems = append(l.problems, p)
}

func (l *linter) format() {
	if l.nb.FormatMinor != 5 {
		l.report(-1, "it is in notebook format %d.%d, and should be in 4.5; save it in JupyterLab", l.nb.Format, l.nb.FormatMinor)
	}
}

func (l *linter) kernel() {
	spec := l.nb.Metadata.Kernelspec
	if spec.Name != "gonb" || spec.DisplayName != "Go (gonb)" || spec.Language != "go" {
		l.report(-1, "its kernel is named %q, shown as %q, for the language %q; choose the kernel Go (gonb) in JupyterLab and save", spec.Name, spec.DisplayName, spec.Language)
	}
	if !reflect.DeepEqual(l.nb.Metadata.LanguageInfo, languageInfo) {
		l.report(-1, "its language_info is %v, and should be %v, or JupyterLab calls it changed when it is opened; choose the kernel Go (gonb) in JupyterLab and save", l.nb.Metadata.LanguageInfo, languageInfo)
	}
}

// languageInfo is what the kernel answers, and JupyterLab writes.
var languageInfo = map[string]any{"name": "go", "mimetype": "text/x-go", "file_extension": ".go", "pygments_lexer": "go", "codemirror_mode": "", "nbconvert_exporter": ""}

var validID = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

func (l *linter) ids() {
	seen := map[string]int{}
	for i, c := range l.nb.Cells {
		if !validID.MatchString(c.ID) {
			l.report(i, "its id is %q; give it one of up to 64 letters, digits, - and _", c.ID)
		} else if first, ok := seen[c.ID]; ok {
			l.report(i, "cell %d has the same id; give this one another", first+1)
		} else {
			seen[c.ID] = i
		}
	}
}

func (l *linter) outputs() {
	for i, c := range l.nb.Cells {
		if len(c.Outputs) > 0 {
			l.report(i, "it has outputs; clear them (Edit > Clear Outputs of All Cells) and save")
		}
		if c.ExecutionCount != nil {
			l.report(i, "it has an execution count; clear it (Edit > Clear Outputs of All Cells) and save")
		}
	}
}

var machinePath = regexp.MustCompile(`(?:/home/|/Users/|/root/|\b[A-Z]:\\{1,2})\w+`)

// machinePaths finds paths of somebody's own machine in sources and metadata.
func (l *linter) machinePaths() {
	var raw struct {
		Metadata json.RawMessage
		Cells    []struct{ Metadata json.RawMessage }
	}
	if err := json.Unmarshal(l.content, &raw); err != nil {
		l.report(-1, "it cannot be read: %v", err)
		return
	}
	if found := machinePath.Find(raw.Metadata); found != nil {
		l.report(-1, "its metadata names %s, a path of one machine; take it out", found)
	}
	for i, c := range l.nb.Cells {
		if found := machinePath.FindString(string(c.Source) + "\n" + string(raw.Cells[i].Metadata)); found != "" {
			l.report(i, "it names %s, a path of one machine; use a relative one", found)
		}
	}
}

func (l *linter) trailingSpace() {
	for i, c := range l.nb.Cells {
		for n, line := range strings.Split(string(c.Source), "\n") {
			if strings.TrimRight(line, " \t\r") != line {
				l.report(i, "line %d ends with white space; take it away", n+1)
			}
		}
	}
}

func (l *linter) length() {
	for i, c := range l.nb.Cells {
		if n := 1 + strings.Count(string(c.Source), "\n"); c.Type == "code" && n > maxCodeLines {
			l.report(i, "it has %d lines, and at most %d fit on a screen; split it", n, maxCodeLines)
		}
	}
}

// gofmt compares Go as the author sees it, declarations and the body of main alike at the left margin, with what gofmt
// makes of it. A cell that shows a syntax error is excused.
func (l *linter) gofmt() {
	for i, c := range l.nb.Cells {
		for _, part := range c.GoParts() {
			formatted, err := format.Source([]byte(part.Source))
			switch {
			case err != nil && c.MustFail():
			case err != nil:
				l.report(i, "the Go from line %d is not valid: %v; mend it, or tag the cell raises-exception", part.Line, err)
			case part.Source != strings.TrimLeft(part.Source, " \t"):
				l.report(i, "line %d is indented; begin at the left margin", part.Line)
			case part.Source != strings.TrimRight(string(formatted), "\n"): // a whole program ends with a line's end
				l.report(i, "gofmt would write the Go from line %d thus:\n%s", part.Line, formatted)
			}
		}
	}
}

// A heading is one of a markdown cell.
type heading struct {
	cell, level int
	text        string
}

var (
	headingLine = regexp.MustCompile(`(?m)^ {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$`)
	codeFence   = regexp.MustCompile("(?ms)^ {0,3}```.*?^ {0,3}```[ \\t]*$|^ {0,3}~~~.*?^ {0,3}~~~[ \\t]*$")
	codeSpan    = regexp.MustCompile("(?s)``.+?``|`[^`]+`")
	mdLink      = regexp.MustCompile(`!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^\s<>()]*(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+["'(][^)]*)?\s*\)`)
	mdReference = regexp.MustCompile(`(?m)^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)`)
	htmlLink    = regexp.MustCompile(`(?i)<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*["']([^"']*)["']`)
	mdImage     = regexp.MustCompile(`!\[([^\]]*)\]\(([^)\s]*)`)
	htmlImage   = regexp.MustCompile(`(?is)<img\b[^>]*>`)
	htmlAlt     = regexp.MustCompile(`(?i)\balt\s*=\s*["']\s*[^"'\s]`)
	markup      = regexp.MustCompile("[*`]|\\b_|_\\b")
)

// headings returns the headings of a notebook, in order.
func headings(nb *notebook.Notebook) []heading {
	var all []heading
	for i, c := range nb.Cells {
		if c.Type != "markdown" {
			continue
		}
		for _, m := range headingLine.FindAllStringSubmatch(codeFence.ReplaceAllString(string(c.Source), ""), -1) {
			text := mdLink.ReplaceAllString(m[2], "$1")
			all = append(all, heading{i, len(m[1]), markup.ReplaceAllString(text, "")})
		}
	}
	return all
}

// anchor is what comes after # in a link to the heading, as JupyterLab makes it.
func (h heading) anchor() string { return strings.ReplaceAll(h.text, " ", "-") }

func (l *linter) title() {
	titles := slices.DeleteFunc(headings(l.nb), func(h heading) bool { return h.level != 1 })
	if len(titles) == 0 || titles[0].cell != 0 {
		l.report(-1, "its first cell has no title; begin it with a line # Title")
	}
	for i, h := range titles {
		if i > 0 {
			l.report(h.cell, "%q is a second title; make it ## or less", h.text)
		}
	}
}

func (l *linter) headingLevels() {
	before := 1 // that there is a title is another rule
	for _, h := range headings(l.nb) {
		if h.level > before+1 {
			l.report(h.cell, "the heading %q is at level %d, below one at level %d; use level %d", h.text, h.level, before, before+1)
		}
		before = h.level
	}
}

func (l *linter) anchors() {
	seen := map[string]heading{}
	for _, h := range headings(l.nb) {
		if first, ok := seen[h.anchor()]; ok {
			l.report(h.cell, "cell %d has the heading %q too, and a link leads only to the first; word one of them differently", first.cell+1, h.text)
		} else {
			seen[h.anchor()] = h
		}
	}
}

// proseOf is the text of a markdown cell without its code; it is empty for other cells.
func proseOf(c notebook.Cell) string {
	if c.Type != "markdown" {
		return ""
	}
	return codeSpan.ReplaceAllString(codeFence.ReplaceAllString(string(c.Source), ""), "")
}

func (l *linter) links() {
	for i, c := range l.nb.Cells {
		prose := proseOf(c)
		var targets []string
		for _, m := range mdLink.FindAllStringSubmatch(prose, -1) {
			targets = append(targets, m[2])
		}
		for _, re := range []*regexp.Regexp{mdReference, htmlLink} {
			for _, m := range re.FindAllStringSubmatch(prose, -1) {
				targets = append(targets, m[1])
			}
		}
		for _, target := range targets {
			if fault := l.linkFault(target); fault != "" {
				l.report(i, "the link to %q %s", target, fault)
			}
		}
	}
}

// linkFault returns what is wrong with the target of a link, or nothing. It leaves the pages of others alone.
func (l *linter) linkFault(target string) string {
	u, err := url.Parse(target)
	switch {
	case err != nil:
		return "is not a valid address; mend it"
	case target == "":
		return "is empty; say where it leads"
	case u.Scheme == "file" || u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1":
		return "leads to one machine only; make it relative to the notebook"
	case u.Scheme != "" || u.Host != "":
		return ""
	case strings.HasPrefix(u.Path, "/"):
		return "does not work from everywhere; make it relative to the notebook"
	}
	file := l.name
	if u.Path != "" {
		file = path.Join(path.Dir(l.name), u.Path)
	}
	if _, err := fs.Stat(l.repo, file); err != nil {
		return fmt.Sprintf("is broken: there is no file %s; mend the link", file)
	}
	if u.Fragment == "" || path.Ext(file) != ".ipynb" {
		return ""
	}
	content, err := fs.ReadFile(l.repo, file)
	if err != nil {
		return fmt.Sprintf("cannot be followed: %v", err)
	}
	nb, err := notebook.Parse(file, content)
	if err != nil {
		return fmt.Sprintf("cannot be followed: %v", err)
	}
	var there []string
	for _, h := range headings(nb) {
		if h.anchor() == u.Fragment {
			return ""
		}
		there = append(there, "#"+h.anchor())
	}
	slices.SortFunc(there, cmp.Compare)
	return fmt.Sprintf("is broken: %s has no such heading; it has %s", file, strings.Join(there, " "))
}

func (l *linter) altTexts() {
	for i, c := range l.nb.Cells {
		for _, m := range mdImage.FindAllStringSubmatch(proseOf(c), -1) {
			if strings.TrimSpace(m[1]) == "" {
				l.report(i, "the image %.60s has no alt text; say in ![...] what it shows", m[2])
			}
		}
		for _, tag := range htmlImage.FindAllString(proseOf(c), -1) {
			if !htmlAlt.MatchString(tag) {
				l.report(i, `the image %.60s has no alt text; say in alt="..." what it shows`, tag)
			}
		}
	}
}
