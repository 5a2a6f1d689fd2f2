package page_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"image"
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tutorial/kernel-setup/browsertest"
	"tutorial/kernel-setup/labtest"
	"tutorial/kernel-setup/notebook"
	"tutorial/kernel-setup/page"
	"tutorial/kernel-setup/page/pagetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// notebooks has one of everything. Its notebooks have been executed.
const notebooks = "testdata/notebooks"

// everything is the page that has it all.
const everything = "chapter/01_everything.html"

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "page-test-*")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		siteOfEverything = dir
		return m.Run()
	}())
}

var (
	siteOfEverything string
	exportOnce       sync.Once
	everythingAlone  string
	aloneOnce        sync.Once
)

// exported returns where the site of the notebooks in testdata is.
func exported(t *testing.T) string {
	t.Helper()
	exportOnce.Do(func() { export(t, notebooks, siteOfEverything) })
	if _, err := os.Stat(filepath.Join(siteOfEverything, page.Home)); err != nil {
		t.Fatal("there is no site; another test says why")
	}
	return siteOfEverything
}

// export makes a site of the executed notebooks in a folder, with more in the environment of nbconvert.
func export(t *testing.T, folder, target string, env ...string) {
	t.Helper()
	root, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	names, err := notebook.List(root)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := page.Pages(root, names)
	if err != nil {
		t.Fatal(err)
	}
	for i := range pages {
		pages[i].Executed = pages[i].Notebook
	}
	checkout := labtest.Installed(t)
	made, err := page.Render(t.Context(), pages, checkout.Python(), append(checkout.Environ(), env...))
	if err != nil {
		t.Fatal(err)
	}
	if err := page.Publish(target, made); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, elements ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// jupyter runs a program of the environment, and returns what it prints.
func jupyter(t *testing.T, args ...string) string {
	t.Helper()
	checkout := labtest.Installed(t)
	cmd := exec.Command(checkout.Python(), append([]string{"-m", "jupyter"}, args...)...)
	cmd.Env = checkout.Environ()
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("jupyter %s: %v", args[0], err)
	}
	return string(out)
}

// exportOfEverything returns the page that nbconvert by itself makes of the notebook that has it all.
func exportOfEverything(t *testing.T) string {
	t.Helper()
	aloneOnce.Do(func() {
		everythingAlone = jupyter(t, "nbconvert", "--to", "html", filepath.Join(notebooks, "chapter", "01_everything.ipynb"), "--stdout")
	})
	return everythingAlone
}

// TestPagesAreGoodToRead makes the pages and looks at them in a process that has no network but its own loopback: they need none.
func TestPagesAreGoodToRead(t *testing.T) {
	t.Parallel()
	checkout := labtest.Installed(t)
	const mark = "NETWORK_IS_CUT=1"
	axe := pagetest.Axe(t, checkout)
	flag := "-n"
	if exec.Command("unshare", flag, "true").Run() != nil {
		flag = "-rn"
	}
	inner := slices.Contains(os.Environ(), mark)
	if !inner && exec.Command("unshare", flag, "true").Run() == nil {
		cmd := exec.Command("unshare", flag, checkout.Python(), "../testdata/loopback.py", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), mark)
		if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	if c, err := net.DialTimeout("tcp", "192.0.2.1:80", 5*time.Second); inner && (err == nil || strings.Contains(err.Error(), "timeout")) {
		t.Fatalf("the network is not cut: %v, %v", c, err)
	}
	if !inner && os.Getenv("CI") == "true" {
		t.Fatal("unshare does not give a process a network of its own here, and with CI=true it has to")
	}
	for _, fault := range pagetest.New(t, axe).Audit(exported(t)) {
		t.Error(fault)
	}
}

func TestFaultsOfPagesAreFound(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	bad := `<!DOCTYPE html><title>Bad</title><link rel=icon href="data:,">
<h1>One</h1><h1>Two</h1><h3 id=twice>Three</h3><p id=twice style="color: #ccc">Too pale
<p><a href="gone.html">away</a> <a href="#nowhere">here</a> <a href="good.html#nowhere">there</a> <a href="good.html#">its top</a> <a href="/absolute.html">root</a> <a href="good.html#place">right</a>
<img src="http://picture.invalid/a.png"><pre tabindex=0>short</pre><div style="width: 2000px">wide</div>`
	good := `<!DOCTYPE html><html lang=en><title>Good</title><link rel=icon href="data:,"><header>Header</header><main><h1 id=place>One</h1></main>`
	for name, content := range map[string]string{"bad.html": bad, "good.html": good} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	faults := pagetest.New(t, pagetest.Axe(t, labtest.Installed(t))).Audit(folder)
	for _, want := range []string{
		"asks for http://picture.invalid/a.png", "a request failed: net::ERR_NAME_NOT_RESOLVED", "loads http://picture.invalid/a.png",
		"has 2 headings of level 1", `has the id "twice" twice`, "heading-order", "image-alt", "landmark-one-main",
		`"gone.html" leads to no page`, `"#nowhere" leads to no place`, `"good.html#nowhere" leads to no place`, `"good.html#" names no place`, `"/absolute.html" does not work`,
		"light, 1400 wide: color-contrast", "dark, 375 wide: color-contrast", "html-has-lang", "in a window 375 wide", "the Tab key stops at <pre",
	} {
		if !slices.ContainsFunc(faults, func(f string) bool { return strings.HasPrefix(f, "bad.html: ") && strings.Contains(f, want) }) {
			t.Errorf("%q is not among the faults:\n%s", want, strings.Join(faults, "\n"))
		}
	}
	for _, fault := range faults {
		if strings.HasPrefix(fault, "good.html") || strings.Contains(fault, `link to "good.html#place"`) {
			t.Errorf("what is right is called wrong: %s", fault)
		}
	}
}

// notGolden is what says nothing of the structure of a page: styles, scripts and pictures.
var notGolden = regexp.MustCompile(`(?s)(<style>).*?(</style>)|(<script>).*?(</script>)|(script-src 'sha256-)[^']*(')|(base64,)[A-Za-z0-9+/=]+("?)`)

func TestPageOfEverythingHasItsStructure(t *testing.T) {
	t.Parallel()
	got := notGolden.ReplaceAllString(exportOfEverything(t), "$1$3$5$7…$2$4$6$8")
	golden := filepath.Join("testdata", "everything.html")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := read(t, golden); got != want {
		other := filepath.Join(t.ArtifactDir(), "everything.html")
		os.WriteFile(other, []byte(got), 0o644)
		t.Errorf("the page differs from %s; compare it with what is in %s (go test -artifacts keeps that), and run go test -update if the new one is right", golden, other)
	}
}

func TestTheFirstPageSaysWhatChaptersPromise(t *testing.T) {
	t.Parallel()
	index := read(t, exported(t), page.Home)
	for _, want := range []string{"<p>After this chapter you can find <code>values</code>.</p>", "<p><em>All kinds of cells</em>, with <strong>each</strong> kind of output."} {
		if !strings.Contains(index, want) {
			t.Errorf("the first page lacks %s", want)
		}
	}
}

func TestSitePageDiffersFromAnExportOnlyInItsLinks(t *testing.T) {
	t.Parallel()
	alone := exportOfEverything(t)
	inSite := read(t, exported(t), everything)
	cell := regexp.MustCompile(`(?s)<div class="cell.*?\n</div>\n</div>`)
	if a, b := cell.FindAllString(alone, -1), cell.FindAllString(inSite, -1); len(a) < 10 || !slices.Equal(a, b) {
		t.Errorf("the %d cells of the export and the %d in the site should be at least ten, and the same", len(a), len(b))
	}
	for _, want := range []string{
		`<a href="02_other.html">the other page</a>`, `<a href="02_other.html#Values-&amp;-references">`, `and nothing else`,
		`<a class="brand" href="../index.html">`, `<a href="../00_start_here.html" rel="prev">`, `<a href="02_other.html" rel="next">`,
	} {
		if !strings.Contains(inSite, want) {
			t.Errorf("the page in the site lacks %s", want)
		}
	}
	if strings.Contains(inSite, ".ipynb") || strings.Contains(inSite, "Start page") {
		t.Error("the page in the site still has the notebook's own navigation")
	}
	if !strings.Contains(alone, `href="02_other.ipynb"`) || strings.Contains(alone, "index.html") {
		t.Error("the page alone should link to notebooks as its author does, and to no site")
	}
}

func TestSlidesKeepTheirOwnTemplate(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	jupyter(t, "nbconvert", "--to", "slides", filepath.Join(notebooks, "chapter", "02_other.ipynb"), "--output-dir", folder)
	if slides := read(t, folder, "02_other.slides.html"); !strings.Contains(slides, "Reveal") {
		t.Error("slides are exported with the template of pages")
	}
}

func TestPageIsSmall(t *testing.T) {
	t.Parallel()
	nb, err := notebook.Read(filepath.Join(notebooks, "chapter", "01_everything.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	if n := pagetest.Overhead(read(t, exported(t), everything), nb); n > pagetest.MaxBytes {
		t.Errorf("the page has %d bytes apart from its text and figures; %d are allowed", n, pagetest.MaxBytes)
	}
}

func TestOverheadIsWhatIsNeitherTextNorFigure(t *testing.T) {
	t.Parallel()
	nb := &notebook.Notebook{Cells: []notebook.Cell{{Source: "source", Outputs: []notebook.Output{
		{Text: "stream"}, {Data: map[string]notebook.Text{"text/html": `<b>html</b><img src="data:image/png;base64,AAAA">`, "text/plain": "plain"}},
	}}}}
	const content = `source<i></i>stream<b>html</b><img src="data:image/png;base64,AAAA">`
	if n := pagetest.Overhead(content, nb); n != len("<i></i>") {
		t.Errorf("it is %d bytes, want %d", n, len("<i></i>"))
	}
}

// TestPageHasNothingOfTheMachine executes nothing: it makes outputs that name what outputs may name.
func TestPageHasNothingOfTheMachine(t *testing.T) {
	t.Parallel()
	checkout := labtest.Installed(t)
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{
		"in " + checkout.Dir(), checkout.Dir() + "/helpers/timing/harness.py:3", checkout.Venv() + "/lib/python3.11/site-packages/requests/api.py",
		strings.TrimSpace(string(goroot)) + "/src/sync/waitgroup.go:206 +0x85", home + "/go/pkg/mod/golang.org/x/sync@v0.21.0/errgroup/errgroup.go:78",
		home + "/notes.txt", "\x1b[31m" + home + "/red\x1b[0m", `"dir\n` + home + `/quoted"`, "file://" + home + "/a", "PATH=" + home + "/bin:" + home + "/go/bin",
		filepath.Join(os.TempDir(), "run-ab12cd34/gonb_0123abcd/main.go:7"), filepath.Join(os.TempDir(), "run-ab12cd34/data"),
		"http://127.0.0.1:8888/lab?token=0123456789abcdef0123456789abcdef", "/usr/bin/env stays",
		"pkg: gonb_0123abcd",
	}
	text := strings.Join(lines, "\n")
	markup := `<figure><img alt="of ` + home + `/a.png" src="data:image/svg+xml;base64,AAAA"></figure><table><tr><td>` + checkout.Dir() + `/x.go</td></tr></table>` +
		`<!-- ` + checkout.Dir() + ` --><a href="file://` + checkout.Dir() + `/a.png" aria-label="` + home + `/a.png" data-by="` + home + `/a.png">a</a>`
	content, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5,
		"metadata": map[string]any{
			"kernelspec":     map[string]any{"name": "gonb", "display_name": "Go (gonb)", "language": "go"},
			"kernel_folders": map[string]any{"scratch": filepath.Join(os.TempDir(), "run-ab12cd34"), "programs": []string{"gonb_0123abcd"}},
		},
		"cells": []any{
			map[string]any{"cell_type": "markdown", "id": "title", "metadata": map[string]any{}, "source": "# Title"},
			map[string]any{"cell_type": "code", "id": "code", "metadata": map[string]any{}, "source": "f()", "execution_count": 1, "outputs": []any{
				map[string]any{"output_type": "stream", "name": "stdout", "text": text},
				map[string]any{"output_type": "stream", "name": "stderr", "text": text},
				map[string]any{"output_type": "display_data", "metadata": map[string]any{}, "data": map[string]any{"text/html": markup}},
				map[string]any{"output_type": "display_data", "metadata": map[string]any{}, "data": map[string]any{"text/plain": text}},
				map[string]any{"output_type": "display_data", "metadata": map[string]any{}, "data": map[string]any{"text/plain": text, "image/png": "AAAA"}},
				map[string]any{"output_type": "display_data", "metadata": map[string]any{}, "data": map[string]any{"image/svg+xml": "<svg><!-- " + text + " --></svg>"}},
				map[string]any{"output_type": "error", "ename": "ERROR", "evalue": "no", "traceback": []string{text}},
			}}}})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "machine.ipynb"), content, 0o644); err != nil {
		t.Fatal(err)
	}
	target := t.TempDir()
	export(t, folder, target, "JUPYTER_TOKEN=0123456789abcdef0123456789abcdef")
	got := read(t, target, "machine.html")
	inside := got
	for _, m := range regexp.MustCompile(`base64,([A-Za-z0-9+/=]+)`).FindAllStringSubmatch(got, -1) {
		picture, err := base64.StdEncoding.DecodeString(m[1])
		if err != nil {
			t.Fatal(err)
		}
		inside += string(picture)
	}
	if !strings.Contains(inside, "<svg>") {
		t.Error("the SVG is not in the page")
	}
	for _, secret := range []string{checkout.Dir(), strings.TrimSpace(string(goroot)), home + "/", "gonb_", "run-ab12cd34", "0123456789abcdef", folder} {
		if strings.Contains(inside, secret) {
			t.Errorf("the page has %q in it", secret)
		}
	}
	for _, kept := range []string{"helpers/timing/harness.py:3", "sync/waitgroup.go:206 +0x85", "errgroup.go:78", "~/notes.txt", "main.go:7", "/usr/bin/env stays"} {
		if strings.Count(got, kept) < 4 {
			t.Errorf("of %q, what is of interest to readers should be left in each of four outputs", kept)
		}
	}
}

// serve gives the pages a web address: only there a browser lets a test read the clipboard.
func serve(t *testing.T, folder string) string {
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func TestCopyButtonCopiesTheWholeCell(t *testing.T) {
	t.Parallel()
	auditor := pagetest.New(t, "")
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		if _, err := chromedp.CallBrowser(auditor.Context(), browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := chromedp.Call(auditor.Context(), emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	address := serve(t, exported(t)) + everything
	const want = "func double(n int) int { return 2 * n } // kept\n\n%%\nfmt.Println(\"double:\", double(21))"
	for name, prepare := range map[string]string{
		"with a clipboard":           `true`,
		"as a page on the plain web": `Object.defineProperty(Navigator.prototype, "clipboard", {value: undefined}); true`,
	} {
		auditor.Do(chromedp.Navigate(address))
		browsertest.Evaluate[bool](auditor.Page, `window.clipboard = navigator.clipboard; window.clipboard.writeText("nothing").then(() => true)`)
		browsertest.Evaluate[bool](auditor.Page, prepare)
		auditor.Do(chromedp.Click(chromedp.CSS("#cell-cell-1 button.copy")))
		status := browsertest.Evaluate[string](auditor.Page, `new Promise(done => {
			const said = document.getElementById("status")
			const look = () => said.textContent ? done(said.textContent) : setTimeout(look, 10)
			look()
		})`)
		if got := browsertest.Evaluate[string](auditor.Page, `window.clipboard.readText()`); got != want || status != "Copied" {
			t.Errorf("%s: the clipboard has %q, not %q; the page says %q", name, got, want, status)
		}
	}
}

// brightness is how bright a rectangle of the window is, from 0 to 255.
func brightness(t *testing.T, a *pagetest.Auditor, selector string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(a.Context(), time.Minute)
	defer cancel()
	b, err := chromedp.Run(ctx, chromedp.Screenshot(chromedp.CSS(selector)))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var sum, n int
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			sum += int(r+g+b) / 3 >> 8
			n++
		}
	}
	if (bounds == image.Rectangle{}) {
		t.Fatalf("%s has no size", selector)
	}
	return sum / n
}

func TestThemeFollowsTheSystemUntilTheReaderChooses(t *testing.T) {
	t.Parallel()
	auditor := pagetest.New(t, "")
	address := serve(t, exported(t))
	check := func(when string, dark bool) {
		t.Helper()
		for _, selector := range []string{".banner", "#cell-cell-8 figure img"} { // the drawing has colours of its own
			if b := brightness(t, auditor, selector); (b < 100) != dark {
				t.Errorf("%s: the brightness of %s is %d; dark is %v", when, selector, b, dark)
			}
		}
	}
	auditor.Emulate(1200, 800, "light")
	auditor.Do(chromedp.Navigate(address + everything))
	check("in a light system", false)
	auditor.Emulate(1200, 800, "dark")
	check("in a dark system", true)
	auditor.Do(chromedp.Click(chromedp.CSS("button.theme")))
	check("after a click", false)
	auditor.Do(chromedp.Reload())
	check("after coming back", false)
	auditor.Do(chromedp.Click(chromedp.CSS("button.theme")))
	check("after another click", true)
	auditor.Emulate(1200, 800, "light")
	check("with the system's theme chosen, when that changes", false)
}

func TestPageReadsWithoutScripts(t *testing.T) {
	t.Parallel()
	auditor := pagetest.New(t, "")
	if _, err := chromedp.Call(auditor.Context(), emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	auditor.Do(chromedp.Navigate("file://" + filepath.Join(exported(t), everything)))
	seen := browsertest.Evaluate[string](auditor.Page, `document.body.innerText`)
	for _, want := range []string{"On this page", "What fails", "double: 42", "ValueError: no", "undefined: undefined"} {
		if !strings.Contains(seen, want) {
			t.Errorf("without scripts %q is not seen", want)
		}
	}
	if shown := browsertest.Evaluate[int](auditor.Page, `[...document.querySelectorAll("button")].filter(b => b.offsetParent).length`); shown > 0 {
		t.Errorf("%d buttons are shown that can do nothing", shown)
	}
}

func TestKeyboardReachesTheTextAndEachButton(t *testing.T) {
	t.Parallel()
	auditor := pagetest.New(t, "")
	auditor.Do(chromedp.Navigate("file://" + filepath.Join(exported(t), everything)))
	focus := func() string {
		return browsertest.Evaluate[string](auditor.Page, `(document.activeElement.className || document.activeElement.id) + " " + document.activeElement.tagName`)
	}
	auditor.Do(chromedp.KeyEvent(kb.Tab))
	if got := focus(); got != "skip A" {
		t.Errorf("the first stop is %q, not the link past the navigation", got)
	}
	auditor.Do(chromedp.KeyEvent(kb.Enter))
	if got := focus(); got != "content MAIN" {
		t.Errorf("the link past the navigation leads to %q", got)
	}
	buttons := browsertest.Evaluate[int](auditor.Page, `document.querySelectorAll("button.copy").length`)
	var reached int
	for range 200 {
		auditor.Do(chromedp.KeyEvent(kb.Tab))
		got := focus()
		if got == "copy BUTTON" {
			reached++
		}
		if got == " BODY" || got == "skip A" {
			break
		}
	}
	if reached != buttons || buttons == 0 {
		t.Errorf("the Tab key reaches %d of %d buttons", reached, buttons)
	}
}

// TestWhatIsToBePredictedIsFolded holds that a reader can answer before the answer is seen, and that paper shows it.
func TestWhatIsToBePredictedIsFolded(t *testing.T) {
	t.Parallel()
	content := read(t, exported(t), everything)
	folded := regexp.MustCompile(`(?s)<details class="predicted"><summary>Show what happens</summary>.*?</details>`).FindAllString(content, -1)
	if len(folded) != 1 || !strings.Contains(folded[0], "It happens.") {
		t.Errorf("only the output below **Predict** should be folded, and folded are: %q", folded)
	}
	if !strings.Contains(content, `<span class="k">import</span> asyncio`) {
		t.Error("a Python program in a Go string should have Python's colours")
	}
	if !strings.Contains(content, "<span class=\"s\">`no\nprogram`</span>") {
		t.Error("another Go string should have the colour of a string")
	}
	auditor := pagetest.New(t, "")
	auditor.Do(chromedp.Navigate("file://" + filepath.Join(exported(t), everything)))
	visible := func() bool {
		return browsertest.Evaluate[bool](auditor.Page, `document.querySelector(".predicted pre").checkVisibility({contentVisibilityAuto: true})`)
	}
	if visible() {
		t.Error("the answer is on the screen before the reader has asked for it")
	}
	if _, err := chromedp.Call(auditor.Context(), emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	browsertest.Evaluate[bool](auditor.Page, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
	if !visible() {
		t.Error("the answer is not on paper")
	}
}
