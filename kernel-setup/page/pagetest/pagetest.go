// Package pagetest holds exported pages to what they promise to readers, in a headless Chromium, for tests.
package pagetest

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"tutorial/kernel-setup/browsertest"
	"tutorial/kernel-setup/notebook"
)

// A view is how somebody looks at a page: the size of the window, and the scheme that the system is set to.
type view struct {
	width, height int64
	scheme        string
}

// The views in which pages are tried: with the window of a laptop, and of a small phone. The first two have each width and each scheme.
var views = []view{{1400, 900, "light"}, {375, 700, "dark"}, {1400, 900, "dark"}, {375, 700, "light"}}

// An Auditor looks for what is wrong with pages. Its methods may not be called concurrently.
type Auditor struct {
	*browsertest.Page
	tb  testing.TB
	axe string

	mu       sync.Mutex
	messages []string // what the console says of the page, and requests that failed
}

// note keeps what the browser tells.
func (a *Auditor) note(message string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.messages = append(a.messages, message)
}

// noted returns what was noted since it was called last.
func (a *Auditor) noted() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	messages := a.messages
	a.messages = nil
	return messages
}

// New opens a browser, which ends with the test. axe is the source of axe-core.
func New(tb testing.TB, axe string) *Auditor {
	tb.Helper()
	a := &Auditor{tb: tb, axe: axe, Page: browsertest.Open(tb, int(views[0].width), int(views[0].height))}
	if err := chromedp.Listen(a.Context(), func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			a.note(e.Entry.Text)
		case *network.EventLoadingFailed:
			a.note("a request failed: " + e.ErrorText)
		}
	}); err != nil {
		tb.Fatal(err)
	}
	if _, err := chromedp.Call(a.Context(), log.Enable, cdp.Empty{}); err != nil {
		tb.Fatal(err)
	}
	return a
}

// Emulate gives the page a size of window, and a reader whose system is set to "light" or "dark".
func (a *Auditor) Emulate(width, height int64, scheme string) {
	a.tb.Helper()
	a.Do(chromedp.EmulateViewport(width, height))
	_, err := chromedp.Call(a.Context(), emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		a.tb.Fatal(err)
	}
	// Two frames: one in which sizes are observed, and one that shows what came of it.
	browsertest.Evaluate[bool](a.Page, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
}

// facts are what a page says of itself.
type facts struct {
	Titles int // headings of level 1
	Links  []string
	IDs    []string
	Loads  []string // addresses that are not data
	Stops  []string // what the Tab key stops at although there is nothing to do
}

const inspect = `(() => {
	const all = selector => [...document.querySelectorAll(selector)]
	return {
		Titles: all("h1").length,
		Links: all("a[href]").map(a => a.getAttribute("href")),
		IDs: all("[id]").map(e => e.id),
		Loads: all("img, script, link, iframe, object, embed, video, audio, source").map(e => e.src || e.href || e.data || "").filter(a => a && !a.startsWith("data:")),
		Stops: all("[tabindex='0']").filter(e => e.scrollWidth <= e.clientWidth).map(e => e.outerHTML.slice(0, 60)),
	}
})()`

// accessible lists what axe-core finds against WCAG 2.1 AA, and against its own best practice.
const accessible = `axe.run({resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}).then(r =>
	r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + v.help + ": " + n.html.slice(0, 160) + " " + (n.any[0]?.message ?? ""))))`

// Audit returns what is wrong with the pages below a folder, each fault behind the name of its page. If they are many, a second
// browser takes its share of them, and they are tried in two of the four views, since they look alike.
func (a *Auditor) Audit(folder string) []string {
	a.tb.Helper()
	var names []string
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".html" {
			return err
		}
		name, err := filepath.Rel(folder, file)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		a.tb.Fatal(err)
	}
	todo := make(chan string, len(names))
	for _, name := range names {
		todo <- name
	}
	close(todo)
	var (
		mu     sync.Mutex // for both
		pages  = map[string]facts{}
		faults []string
	)
	tried, isLarge := views, len(names) > 10
	if isLarge {
		tried = views[:2]
	}
	work := func(a *Auditor) {
		for name := range todo {
			var found []string
			page := a.visit(filepath.Join(folder, filepath.FromSlash(name)), tried, func(format string, args ...any) {
				found = append(found, name+": "+fmt.Sprintf(format, args...))
			})
			mu.Lock()
			pages[name] = page
			faults = append(faults, found...)
			mu.Unlock()
		}
	}
	var second sync.WaitGroup
	if isLarge {
		other := New(a.tb, a.axe)
		second.Go(func() { work(other) })
	}
	work(a)
	second.Wait()
	for name, page := range pages {
		for _, target := range page.Links {
			if fault := broken(name, target, pages); fault != "" {
				faults = append(faults, fmt.Sprintf("%s: the link to %q %s", name, target, fault))
			}
		}
	}
	if len(pages) == 0 {
		faults = append(faults, folder+" has no pages")
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

// visit opens one page, and reports what is wrong with it alone, in each view.
func (a *Auditor) visit(file string, views []view, report func(string, ...any)) facts {
	a.tb.Helper()
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
	before := len(a.Addresses())
	a.noted()
	a.Emulate(views[0].width, views[0].height, views[0].scheme)
	a.Do(chromedp.Navigate(address))
	for _, other := range a.Addresses()[before:] {
		if other != address && !strings.HasPrefix(other, "data:") {
			report("asks for %s", other)
		}
	}
	page := browsertest.Evaluate[facts](a.Page, inspect)
	for _, m := range a.noted() {
		report("the console says: %s", m)
	}
	if page.Titles != 1 {
		report("has %d headings of level 1", page.Titles)
	}
	ids := map[string]bool{}
	for _, id := range page.IDs {
		if ids[id] {
			report("has the id %q twice", id)
		}
		ids[id] = true
	}
	for _, load := range page.Loads {
		report("loads %s", load)
	}

	browsertest.Evaluate[bool](a.Page, a.axe+"\n;true")
	for _, v := range views {
		a.Emulate(v.width, v.height, v.scheme)
		if os.Getenv("SCREENSHOTS") != "" {
			a.Screenshot(fmt.Sprintf("%s-%d-%s.png", strings.TrimSuffix(filepath.Base(file), ".html"), v.width, v.scheme))
		}
		for _, violation := range browsertest.Evaluate[[]string](a.Page, accessible) {
			report("%s, %d wide: %s", v.scheme, v.width, violation)
		}
		if wide := browsertest.Evaluate[int](a.Page, `document.documentElement.scrollWidth`); wide > int(v.width) {
			report("is %d wide in a window %d wide", wide, v.width)
		}
		for _, stop := range browsertest.Evaluate[facts](a.Page, inspect).Stops {
			report("%d wide: the Tab key stops at %s, where there is nothing to do", v.width, stop)
		}
	}
	return page
}

// broken returns why a link of a page leads nowhere, or nothing. It leaves the pages of others alone.
func broken(from, target string, pages map[string]facts) string {
	u, err := url.Parse(target)
	if err != nil {
		return "is no address"
	}
	if u.Scheme == "https" || u.Scheme == "http" {
		return ""
	}
	if u.IsAbs() || u.Host != "" || strings.HasPrefix(u.Path, "/") {
		return "does not work from everywhere"
	}
	name := from
	if u.Path != "" {
		name = path.Join(path.Dir(from), u.Path)
	}
	page, ok := pages[name]
	switch {
	case !ok:
		return "leads to no page"
	case strings.HasSuffix(target, "#"):
		return "names no place on its page"
	case u.Fragment != "" && !slices.Contains(page.IDs, u.Fragment):
		return "leads to no place on its page"
	}
	return ""
}

// MaxBytes is how much a page may have apart from the notebook's own text and figures.
const MaxBytes = 150 << 10

var data = regexp.MustCompile(`data:[a-z/+]+;base64,[A-Za-z0-9+/=]+`)

// Overhead returns how many bytes of a page are neither figures nor text of the executed notebook.
func Overhead(page string, nb *notebook.Notebook) int {
	n := len(data.ReplaceAllString(page, ""))
	for _, c := range nb.Cells {
		n -= len(c.Source)
		for _, o := range c.Outputs {
			n -= len(o.Text) + max(len(data.ReplaceAllString(string(o.Data["text/html"]), "")), len(o.Data["text/plain"]))
		}
	}
	return n
}
