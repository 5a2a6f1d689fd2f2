package figure_test

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
	"testing"

	"tutorial/helpers/figure"
	"tutorial/helpers/figure/figuretest"
)

func sample() figure.Figure {
	c := figure.NewCanvas(figure.Width, 100)
	c.Header("Title", "Subtitle")
	c.Rect(20, 60, 100, 20, 3, figure.Solid(figure.Go))
	return figure.Figure{
		Title: "Two tasks", Subtitle: "one run each", Alt: "Two bars; b is half as long as a.", Caption: "b takes half as long as a.",
		SVG:   c.SVG(),
		Table: figure.Table{Header: []string{"case", "median", "runs"}, Rows: [][]string{{"a", "2.000 s", "1"}, {"b, longer", "10.000 s", "12"}}},
	}
}

func TestHTMLHasTheOneForm(t *testing.T) {
	t.Parallel()
	f := sample()
	want := `<figure><img alt="Two bars; b is half as long as a." src="data:image/svg+xml;base64,` +
		base64.StdEncoding.EncodeToString([]byte(f.SVG)) +
		`"><figcaption>b takes half as long as a.</figcaption></figure><details><summary>The numbers</summary>` +
		`<table><thead><tr><th scope="col">case</th><th scope="col">median</th><th scope="col">runs</th></tr></thead>` +
		`<tbody><tr><th scope="row">a</th><td>2.000 s</td><td>1</td></tr><tr><th scope="row">b, longer</th><td>10.000 s</td><td>12</td></tr></tbody></table></details>`
	if got := f.HTML(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTextIsAligned(t *testing.T) {
	t.Parallel()
	want := `Two tasks
one run each
b takes half as long as a.

case         median  runs
---------  --------  ----
a           2.000 s     1
b, longer  10.000 s    12
`
	if got := sample().Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

const nasty = "a <script>&\" 'label' ]]> --> <!-- \x00\x1b[31m \u202egnp $x$ \\(y\\) \xff日本"

func TestLabelsComeOutAsText(t *testing.T) {
	t.Parallel()
	c := figure.NewCanvas(200, 100)
	c.Text(1, 20, figure.Body, figure.Start, nasty)
	f := figure.Figure{Title: nasty, Subtitle: nasty, Alt: nasty, Caption: nasty, SVG: c.SVG(),
		Table: figure.Table{Header: []string{nasty}, Rows: [][]string{{nasty}, {nasty, nasty}}}}
	if err := figuretest.Harmful(f.HTML()); err != nil {
		t.Errorf("the HTML holds %v", err)
	}
	if strings.Contains(strings.ToLower(f.HTML()), "<script") {
		t.Error("the HTML holds <script as markup")
	}
	const shown = `a <script>&" 'label' ]]> --> <!-- ` + "\uFFFD\uFFFD[31m \uFFFDgnp $x$ \\(y\\) \uFFFD日本"
	for name, markup := range map[string]string{"SVG": f.SVG, "HTML": f.HTML()} {
		doc, err := figuretest.Parse(markup, name == "HTML")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !strings.Contains(doc.Text, shown) {
			t.Errorf("%s does not show %q but %q", name, shown, doc.Text)
		}
	}
	for _, r := range f.Text() {
		if r != '\n' && (r < 0x20 || r == 0x202e) {
			t.Errorf("the text form holds the control character %U", r)
		}
	}
}

func TestHarmfulMarkupIsNoticed(t *testing.T) { // The checker's negative control.
	t.Parallel()
	for _, html := range []string{
		`<figure><script>1</script></figure>`, `<figure style="x"></figure>`, `<img alt="" src="data:image/svg+xml;base64,">`,
		`<img alt="a" src="https://example.org/a.svg">`, `<img alt="a" onerror="x">`, `<figure><!-- c --></figure>`, `<figure`,
	} {
		if figuretest.Harmful(html) == nil {
			t.Errorf("%s passes", html)
		}
	}
}

func TestMathematicsIsNotTypeset(t *testing.T) {
	t.Parallel()
	got := figure.Figure{Caption: `$x$ and \(y\)`}.HTML()
	if want := `<span>$</span>x<span>$</span> and <span>\</span>(y<span>\</span>)`; !strings.Contains(got, want) {
		t.Errorf("no %s in %s", want, got)
	}
}

func TestEveryFigureHasAnAlternativeText(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]figure.Figure{
		"alt":                          {Alt: "alt", Caption: "caption", Title: "title"},
		"caption":                      {Alt: " \n", Caption: "caption", Title: "title"},
		"title":                        {Title: "title"},
		"Figure without a description": {},
	} {
		if !strings.Contains(f.HTML(), `alt="`+want+`"`) {
			t.Errorf("alt is not %q in %s", want, f.HTML())
		}
	}
}

func TestTableForms(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		table figure.Table
		text  string
	}{
		"empty":      {figure.Table{}, ""},
		"no rows":    {figure.Table{Header: []string{"a", "b"}}, "a  b\n-  -\n"},
		"no header":  {figure.Table{Rows: [][]string{{"a", "1"}, {"bb", "22"}}}, "a    1\nbb  22\n"},
		"short row":  {figure.Table{Header: []string{"a", "b"}, Rows: [][]string{{"x"}}}, "a  b\n-  -\nx\n"},
		"long row":   {figure.Table{Header: []string{"a"}, Rows: [][]string{{"x", "2"}}}, "a\n-  -\nx  2\n"},
		"wide runes": {figure.Table{Header: []string{"a", "n"}, Rows: [][]string{{"日本", "1"}, {"x", "2"}}}, "a     n\n----  -\n日本  1\nx     2\n"},
		"words":      {figure.Table{Header: []string{"a", "b"}, Rows: [][]string{{"x", "Go"}, {"y", "Python"}}}, "a  b\n-  ------\nx  Go\ny  Python\n"},
		"no number":  {figure.Table{Header: []string{"a", "b"}, Rows: [][]string{{"x", "–"}, {"y", "10"}}}, "a   b\n-  --\nx   –\ny  10\n"},
		"line break": {figure.Table{Header: []string{"a\nb"}}, "a b\n---\n"},
	} {
		if got := (figure.Figure{Table: test.table}).Text(); got != test.text {
			t.Errorf("%s: got\n%q\nwant\n%q", name, got, test.text)
		}
		if err := figuretest.Harmful(figure.Figure{Table: test.table}.HTML()); err != nil {
			t.Errorf("%s: the HTML holds %v", name, err)
		}
	}
}

// everything draws each shape, texture and kind of text.
func everything() string {
	c := figure.NewCanvas(figure.Width, 330)
	c.Header("All that a canvas draws", "states with their textures; neighbours are told apart by the line between them")
	states := []figure.Color{figure.Running, figure.Runnable, figure.Sleeping, figure.Channel, figure.Lock, figure.Wait, figure.Network, figure.Syscall}
	for i, state := range states {
		x := 20 + float64(i)*102
		c.Text(x, 80, figure.Small, figure.Start, string(state))
		for j, texture := range []figure.Texture{figure.Plain, figure.Hatch, figure.BackHatch, figure.Cross, figure.Dots} {
			c.Span(x, 90+float64(j)*26, 102, 18, 2, figure.Paint{Color: state, Texture: texture})
		}
	}
	c.Line(20, 240, 840, 240, figure.Stroke{Color: figure.Grid})
	c.Line(20, 250, 840, 250, figure.Stroke{Color: figure.Foreground, Dash: "3 3"})
	c.Circle(30, 275, 6, figure.Solid(figure.Go), figure.Stroke{Color: figure.Foreground, Width: 1.5})
	var p figure.Path
	c.Path(&p, figure.Solid(figure.Go), figure.Stroke{}) // Empty: nothing.
	p.MoveTo(50, 282).LineTo(57, 268).LineTo(64, 282).Close()
	c.Path(&p, figure.Solid(figure.Python), figure.Stroke{})
	c.Text(90, 280, figure.Body, figure.Start, "body")
	c.Text(140, 280, figure.Mono, figure.Start, "mono 12.3")
	c.Text(240, 280, figure.Small, figure.Start, "small")
	c.Text(300, 280, figure.Heading, figure.Start, "heading")
	c.Text(500, 280, figure.Body, figure.Middle, "in the middle")
	c.Text(840, 280, figure.Body, figure.End, "at the end")
	c.Line(380, 305, 700, 305, figure.Stroke{Color: figure.Lock, Width: 2})
	c.TextOver(500, 309, figure.Body, figure.Middle, "over a line")
	return c.SVG()
}

func TestCanvasDrawsAsBefore(t *testing.T) {
	t.Parallel()
	figuretest.Golden(t, "everything.svg", everything())
	if again := everything(); again != everything() {
		t.Error("the same drawing gives different bytes")
	}
}

func TestSVGIsValidAndLoadsNothing(t *testing.T) {
	t.Parallel()
	if err := figuretest.HarmfulSVG(everything()); err != nil {
		t.Errorf("it holds %v", err)
	}
}

func TestHarmfulDrawingIsNoticed(t *testing.T) { // The checker's negative control.
	t.Parallel()
	for _, svg := range []string{
		`<svg><script/></svg>`, `<svg><image href="a.png"/></svg>`, `<svg style="x"/>`, `<svg onload="x"/>`,
		`<svg><rect fill="url(#nowhere)"/></svg>`, `<svg href="http://example.org"/>`, `<svg>`,
	} {
		if figuretest.HarmfulSVG(svg) == nil {
			t.Errorf("%s passes", svg)
		}
	}
}

func TestCoordinatesAreShortAndFinite(t *testing.T) {
	t.Parallel()
	c := figure.NewCanvas(math.NaN(), math.Inf(1))
	c.Rect(1.0/3, -0.01, 2.55, 1e3, 0, figure.Solid(figure.Go))
	c.Rect(0, 0, -1, 5, 0, figure.Solid(figure.Lock))
	c.Line(math.NaN(), math.Inf(-1), 1, 2, figure.Stroke{Color: figure.Go})
	svg := c.SVG()
	for _, want := range []string{`viewBox="0 0 1 1"`, `<rect x="0.3" y="0" width="2.6" height="1000" fill="var(--go)"/>`, `<line x1="0" y1="0" x2="1" y2="2"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in %s", want, svg)
		}
	}
	if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") || strings.Contains(svg, `fill="var(--lock)"`) {
		t.Errorf("what cannot be drawn was drawn: %s", svg)
	}
}

// contrast is the ratio of WCAG 2.2 between two colours "#rrggbb", from 1 to 21.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	v, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil || len(hex) != 7 {
		t.Fatalf("%q is no colour", hex)
	}
	linear := func(c uint64) float64 {
		s := float64(c&0xff) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(v>>16) + 0.7152*linear(v>>8) + 0.0722*linear(v)
}

func TestPaletteStandsOutFromBothBackgrounds(t *testing.T) {
	t.Parallel()
	if c := contrast(t, "#000000", "#ffffff"); math.Abs(c-21) > 1e-9 {
		t.Fatalf("black on white is %v, not 21", c)
	}
	if c := contrast(t, "#e9b949", "#ffffff"); c >= 3 {
		t.Fatalf("a pale yellow on white passes with %.2f", c)
	}
	bgLight, bgDark, _ := figure.Background.Values()
	for color, least := range map[figure.Color]float64{
		figure.Foreground: 4.5, figure.Muted: 4.5,
		figure.Running: 3, figure.Runnable: 3, figure.Sleeping: 3, figure.Channel: 3, figure.Lock: 3, figure.Wait: 3,
		figure.Network: 3, figure.Syscall: 3, figure.Go: 3, figure.Python: 3,
	} {
		light, dark, ok := color.Values()
		if !ok {
			t.Errorf("%s is not in the palette", color)
			continue
		}
		if c := contrast(t, light, bgLight); c < least {
			t.Errorf("%s on light has contrast %.2f, needs %.1f", color, c, least)
		}
		if c := contrast(t, dark, bgDark); c < least {
			t.Errorf("%s on dark has contrast %.2f, needs %.1f", color, c, least)
		}
	}
	if _, _, ok := figure.Color("pink").Values(); ok {
		t.Error("pink is in the palette")
	}
}

func TestNeighboursHaveBackgroundBetweenThem(t *testing.T) {
	t.Parallel()
	c := figure.NewCanvas(100, 20)
	c.Span(10, 0, 20, 5, 0, figure.Solid(figure.Running))
	c.Span(30, 0, 20, 5, 0, figure.Solid(figure.Runnable))
	c.Span(50, 0, 0.2, 5, 0, figure.Solid(figure.Lock))
	for _, want := range []string{`x="10.5" y="0" width="19"`, `x="30.5" y="0" width="19"`, `x="50" y="0" width="1"`} {
		if !strings.Contains(c.SVG(), want) {
			t.Errorf("no %s in %s", want, c.SVG())
		}
	}
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		width float64
		want  string
	}{
		{"short", 100, "short"}, {"", 0, ""}, {"does not fit at all", 0, "…"}, {"does not fit at all", -5, "…"},
		{"日本語日本語", 60, "日本語…"}, {"two\nlines", 100, "two lines"},
	} {
		if got := figure.Truncate(figure.Body, test.text, test.width); got != test.want {
			t.Errorf("Truncate(%q, %v) = %q, want %q", test.text, test.width, got, test.want)
		}
	}
	long := strings.Repeat("a label that goes on ", 20)
	for _, kind := range []figure.Type{figure.Body, figure.Small, figure.Mono, figure.Heading} {
		got := figure.Truncate(kind, long, 200)
		if w := figure.TextWidth(kind, got); w > 200 || w < 170 || !strings.HasSuffix(got, "…") {
			t.Errorf("Truncate(%v) to 200 pixels = %q of %.0f", kind, got, w)
		}
	}
}

// TestTextWidthIsNotTooNarrow compares with widths measured in Chromium with DejaVu Sans, among the widest of the common faces.
func TestTextWidthIsNotTooNarrow(t *testing.T) {
	t.Parallel()
	for _, m := range measuredWidths {
		got := figure.TextWidth(m.kind, m.text)
		if got < m.pixels || got > m.pixels*1.35+6 {
			t.Errorf("TextWidth(%q) = %.1f, but it takes %.1f", m.text, got, m.pixels)
		}
	}
}

func FuzzFigureIsAlwaysValid(f *testing.F) {
	f.Add("title", "sub", "alt", "label", "cell")
	f.Add(nasty, nasty, nasty, nasty, nasty)
	f.Add("</text><script>", "\"><script>", `" onload="x`, "]]>", "\u2028\ufffe\U0010ffff\xed\xa0\x80")
	f.Fuzz(func(t *testing.T, title, subtitle, alt, label, cell string) {
		c := figure.NewCanvas(figure.Width, 100)
		c.Header(title, subtitle)
		c.Text(0, 0, figure.Mono, figure.End, label)
		c.Rect(0, 0, 9, 9, 1, figure.Paint{Color: figure.Color(label), Texture: figure.Hatch})
		c.Line(0, 0, 1, 1, figure.Stroke{Color: figure.Color(label), Dash: cell})
		fig := figure.Figure{Title: title, Subtitle: subtitle, Alt: alt, Caption: label, SVG: c.SVG(),
			Table: figure.Table{Header: []string{label, title}, Rows: [][]string{{cell, alt}, {}}}}
		html := fig.HTML()
		if err := figuretest.Harmful(html); err != nil {
			t.Errorf("the HTML holds %v: %s", err, html)
		}
		if strings.Contains(strings.ToLower(html), "<script") || strings.Contains(strings.ToLower(fig.SVG), "<script") {
			t.Errorf("a script is in %s", html)
		}
		if _, err := figuretest.Parse(fig.SVG, false); err != nil {
			t.Errorf("the SVG is not valid: %v: %s", err, fig.SVG)
		}
		for _, r := range fig.Text() {
			if r != '\n' && (r < 0x20 || r >= 0x7f && r < 0xa0) {
				t.Errorf("the text form holds %U", r)
			}
		}
		if w := figure.TextWidth(figure.Small, figure.Truncate(figure.Small, label, 50)); w > 50 {
			t.Errorf("%q is truncated to %.1f pixels", label, w)
		}
	})
}

func BenchmarkHTML(b *testing.B) {
	f := sample()
	b.ReportAllocs()
	for b.Loop() {
		f.HTML()
	}
}
