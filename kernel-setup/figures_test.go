//go:build !windows

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tutorial/kernel-setup/browsertest"
	"tutorial/kernel-setup/execute"
	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/notebook"
)

// mixed is a cell that shows texts and figures in turn. %d is its number, which is no part of the program: so that is built once.
const mixed = `%%env NUMBER %d
import (
	"tutorial/helpers/display"
	"tutorial/helpers/figure"
)

%%%%
for part := range 15 {
	display.Println("text", os.Getenv("NUMBER"), part)
	display.Show(figure.Figure{Title: fmt.Sprint("figure ", os.Getenv("NUMBER"), " ", part)})
}`

// run executes a notebook with these cells in the real kernel, and returns the executed copy.
func run(t *testing.T, cells ...string) (file string, executed *notebook.Notebook) {
	t.Helper()
	order := execute.In(labtest.Installed(t), filepath.Join(t.TempDir(), "source.ipynb"))
	order.Copy = filepath.Join(t.TempDir(), "figures.ipynb")
	if err := writeNotebook(order.Notebook, "====\n"+strings.Join(cells, "\n====\n")); err != nil {
		t.Fatal(err)
	}
	if err := execute.Run(t.Context(), order, nil); err != nil {
		t.Fatal(err)
	}
	nb, err := notebook.Read(order.Copy)
	if err != nil {
		t.Fatal(err)
	}
	return order.Copy, nb
}

func TestDisplaysOfManyCellsArriveWholeAndInOrder(t *testing.T) {
	t.Parallel()
	var cells []string
	for i := range 20 {
		cells = append(cells, fmt.Sprintf(mixed, i))
	}
	_, nb := run(t, cells...)
	for i, cell := range nb.Cells {
		var got, want []string
		for _, o := range cell.Outputs {
			if o.Type != "stream" { // in which GoNB says what the number is
				got = append(got, strings.TrimSpace(string(o.Data["text/plain"])))
			}
		}
		for part := range 15 {
			want = append(want, fmt.Sprintf("text %d %d", i, part), fmt.Sprintf("figure %d %d", i, part))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("cell %d shows %q, want %q", i, got, want)
		}
	}
}

const drawing = `import "tutorial/helpers/timeline"

%%
timeline.Show("A figure <b> & \"more\"", func() {
	var wg sync.WaitGroup
	wg.Go(func() { time.Sleep(10 * time.Millisecond) })
	wg.Wait()
})`

// seen is what a page shows of a figure.
type seen struct {
	Alt    string
	Width  int // of the picture as the browser drew it; 0 if it could not
	Detail string
	Rows   int
}

// look waits until the page at an address shows a figure, takes a picture of it, and returns what is seen.
func look(t *testing.T, address, picture string) seen {
	t.Helper()
	page := browsertest.Open(t, 1200, 900)
	page.Do(chromedp.Navigate(address))
	s := browsertest.Await[seen](page, "a figure", `(() => {
		const img = document.querySelector("figure img");
		if (!img || !img.complete) return null;
		const details = document.querySelector("details");
		return {Alt: img.alt, Width: img.naturalWidth,
			Detail: details ? details.querySelector("summary").textContent : "", Rows: document.querySelectorAll("details tr").length};
	})()`)
	page.Screenshot(picture)
	return s
}

// TestFiguresSurviveWhereverANotebookIsRead opens an executed notebook in each of the places in which people read one.
func TestFiguresSurviveWhereverANotebookIsRead(t *testing.T) {
	labtest.Long(t)
	t.Parallel()
	executed, _ := run(t, drawing)
	checkout := labtest.Installed(t)
	jupyter := func(args ...string) {
		t.Helper()
		cmd := exec.Command(checkout.Python(), append([]string{"-m", "jupyter"}, args...)...)
		cmd.Env = checkout.Environ()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("jupyter %s: %v\n%s", args[0], err, out)
		}
	}
	check := func(t *testing.T, s seen) {
		t.Helper()
		if want := `A figure <b> & "more". 2 goroutines in `; !strings.HasPrefix(s.Alt, want) {
			t.Errorf("the alt text is %q, want it to begin with %q", s.Alt, want)
		}
		if s.Width == 0 {
			t.Error("the picture could not be drawn")
		}
		if s.Detail != "The numbers" || s.Rows != 3 {
			t.Errorf("the details are %q with %d rows, want The numbers with a header and two lanes", s.Detail, s.Rows)
		}
	}
	lab := labtest.Open(t, filepath.Dir(executed))
	inLab := lab.Base + "lab/tree/" + filepath.Base(executed) + "?token=" + lab.Token
	t.Run("JupyterLab, not trusted", func(t *testing.T) { check(t, look(t, inLab, "figure-untrusted.png")) })
	jupyter("trust", executed)
	t.Run("JupyterLab, trusted", func(t *testing.T) { check(t, look(t, inLab, "figure-trusted.png")) })
	t.Run("exported HTML", func(t *testing.T) {
		jupyter("nbconvert", "--to", "html", executed)
		// What JupyterLab's menu Save and Export Notebook As > HTML asks for.
		fromLab := lab.Get("nbconvert/html/" + filepath.Base(executed) + "?download=true&token=" + lab.Token)
		if fromCommand, err := os.ReadFile(strings.TrimSuffix(executed, ".ipynb") + ".html"); err != nil || fromLab.Body != string(fromCommand) {
			t.Errorf("JupyterLab exports another page than nbconvert does: status %s, %d bytes and %d; %v", fromLab.Status, len(fromLab.Body), len(fromCommand), err)
		}
		check(t, look(t, "file://"+strings.TrimSuffix(executed, ".ipynb")+".html", "figure-exported.png"))
	})
}
