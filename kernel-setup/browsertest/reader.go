package browsertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"tutorial/kernel-setup/notebook"
)

// Read does what a reader does in JupyterLab: opens its address, runs all of the first notebook from the menu, follows the
// link there to the second, runs that, and so on. The notebooks are files in the folder that JupyterLab shows, and the names
// of the screenshots begin with shots. JupyterLab must ask no other machine for anything.
func (p *Page) Read(address, shots string, notebooks ...string) {
	p.tb.Helper()
	p.Do(chromedp.Navigate(address))
	for i, file := range notebooks {
		if i > 0 {
			p.followLink(filepath.Base(file))
		}
		p.runAll(file)
		p.Screenshot(fmt.Sprintf("%s-%d.png", shots, i))
	}
	if foreign := p.Foreign(); len(foreign) > 0 {
		p.tb.Errorf("JupyterLab asked other machines: %q", foreign)
	}
	if all := p.Addresses(); !slices.ContainsFunc(all, func(a string) bool { return strings.HasPrefix(a, "ws://") }) {
		p.tb.Errorf("no web socket among the addresses, so not all requests were noted: %q", all)
	}
}

// followLink clicks the link in the notebook in front whose path ends so.
func (p *Page) followLink(path string) {
	p.tb.Helper()
	p.Click(fmt.Sprintf(`[...document.querySelectorAll("%s a")].find(a => a.pathname.endsWith(%q))`, activeNotebook, path))
}

// activeNotebook is the CSS selector of the notebook in front.
const activeNotebook = ".jp-NotebookPanel:not(.lm-mod-hidden)"

// Click moves the mouse to the element that the JavaScript expression gives, and clicks it. The movement matters:
// JupyterLab's menus react to it. Scrolling may bring in cells that push the element away again, so it waits until the
// element stays where it is, and nothing lies over it.
func (p *Page) Click(element string) {
	p.tb.Helper()
	Await[chromedp.Void](p, "something to click", "!!"+element)
	type place struct {
		X, Y float64
		On   bool // the element is what a click there meets
	}
	var at, before place
	for deadline := time.Now().Add(patience); !at.On || at != before; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.tb.Fatalf("%s does not come to rest where it can be clicked", element)
		}
		before, at = at, Evaluate[place](p, `(e => {
			if (!e) return {}
			e.scrollIntoView({block: "nearest"})
			const box = e.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2
			return {X: x, Y: y, On: e.contains(document.elementFromPoint(x, y))}
		})(`+element+`)`)
	}
	p.Do(
		chromedp.MouseEvent(chromedp.MouseMoved, at.X, at.Y),
		chromedp.MouseClickXY(at.X, at.Y),
	)
}

// choose opens a menu and takes an item from it.
func (p *Page) choose(menu, item string) {
	p.tb.Helper()
	p.Click(labelled(".lm-MenuBar-itemLabel", menu))
	p.Click(labelled(".lm-Menu-itemLabel", item))
}

func labelled(class, label string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].find(e => e.textContent === %q)`, class, label)
}

// runAll waits until the notebook file is open in front, runs all its cells, sees their outputs, and saves them.
func (p *Page) runAll(file string) {
	p.tb.Helper()
	before, err := notebook.Read(file)
	if err != nil {
		p.tb.Fatal(err)
	}
	code := before.Code()
	cells := activeNotebook + " .jp-Notebook .jp-CodeCell"
	Await[chromedp.Void](p, "the code cells of "+file, fmt.Sprintf(`document.querySelector(%q)?.textContent == %q && document.querySelectorAll(%q).length == %d`,
		`[data-type="document-title"].lm-mod-current .lm-TabBar-tabLabel`, filepath.Base(file), cells, len(code)))
	// Until it has connected, JupyterLab runs nothing and says nothing. GoNB is "unknown" from then to the first cell.
	Await[chromedp.Void](p, "the kernel", fmt.Sprintf(`document.querySelector("%[1]s .jp-KernelName")?.textContent == "Go (gonb)" &&
		["unknown", "idle", "busy"].includes(document.querySelector("%[1]s .jp-Notebook-ExecutionIndicator")?.dataset.status)`, activeNotebook))

	p.choose("Run", "Run All Cells")
	Await[chromedp.Void](p, "the last cell", fmt.Sprintf(`[...document.querySelectorAll("%s .jp-InputPrompt")].every(p => /^\[\d+\]:$/.test(p.textContent))`, cells))
	if cover := Evaluate[[]string](p, `[...document.querySelectorAll(".jp-Dialog, .Toastify__toast")].map(e => e.innerText)`); len(cover) > 0 {
		p.tb.Errorf("something covers the page: %q", cover)
	}
	// textContent, for innerText is empty where the page is not scrolled to.
	shown := Evaluate[[]string](p, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(c =>
		[...c.querySelectorAll(".jp-OutputArea-output")].map(e => e.textContent).join("\n"))`, cells))

	p.choose("File", "Save Notebook")
	after := p.saved(file, code)
	for i, c := range after {
		if c.Source != code[i].Source {
			p.tb.Errorf("JupyterLab changed the source of cell %s to\n%s", c.ID, c.Source)
		}
		if status := exitStatus.FindString(c.Stream("stderr")); status != "" && strings.HasPrefix(string(c.Source), "%%script") { // the kernel sends no error for a script
			c.Outputs = append(c.Outputs, notebook.Output{Type: "error", Error: status})
		}
		if err := c.Fault(); err != nil {
			p.tb.Errorf("cell %s: %v\nthe page shows\n%s", c.ID, err, shown[i])
		}
		printed := c.Stream("stdout")
		if line, _, _ := strings.Cut(strings.TrimSpace(printed), "\n"); !strings.Contains(shown[i], line) {
			p.tb.Errorf("cell %s printed %q, and the page shows %q", c.ID, printed, shown[i])
		}
		if len(c.Outputs) > 0 && strings.TrimSpace(shown[i]) == "" {
			p.tb.Errorf("cell %s has outputs, and the page shows none of them", c.ID)
		}
	}
}

var exitStatus = regexp.MustCompile(`(?m)^exit status \d+\n*\z`)

// saved waits until the file is the notebook with each code cell run, and returns those cells.
func (p *Page) saved(file string, want []notebook.Cell) []notebook.Cell {
	p.tb.Helper()
	var reason error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		nb, err := notebook.Read(file)
		if reason = err; err != nil {
			continue
		}
		code := nb.Code()
		switch {
		case len(code) != len(want):
			reason = fmt.Errorf("it has %d code cells, not %d", len(code), len(want))
		case slices.ContainsFunc(code, func(c notebook.Cell) bool { return c.ExecutionCount == nil }):
			reason = errors.New("a cell has no number in it")
		default:
			return code
		}
	}
	b, _ := json.Marshal(want)
	p.tb.Fatalf("%s was not saved as it should be: %v; wanted the cells\n%.500s", file, reason, b)
	return nil
}
