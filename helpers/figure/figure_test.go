package figure_test

import (
	"encoding/base64"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tutorial/helpers/figure"
	"tutorial/helpers/figure/figuretest"
)

func sample() figure.Figure {
	c, _ := figure.NewCanvas("Title", "Subtitle")
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

const nasty = "a <script>&\" 'label' ]]> --> <!-- \x00\x1b[31m \u202egnp $x$ \\(y\\) \xff日本"

func TestLabelsComeOutAsText(t *testing.T) {
	t.Parallel()
	c, _ := figure.NewCanvas("", "")
	c.Text(1, 20, figure.Body, figure.Start, nasty)
	f := figure.Figure{Title: nasty, Subtitle: nasty, Alt: nasty, Caption: nasty, SVG: c.SVG(),
		Table: figure.Table{Header: []string{nasty, nasty}, Rows: [][]string{{nasty, nasty}}}}
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
		"wide runes": {figure.Table{Header: []string{"a", "n"}, Rows: [][]string{{"日本", "1"}, {"x", "2"}}}, "a     n\n----  -\n日本  1\nx     2\n"},
		"words":      {figure.Table{Header: []string{"a", "b"}, Rows: [][]string{{"x", "Go"}, {"y", "Python"}}}, "a  b\n-  ------\nx  Go\ny  Python\n"},
		"no number":  {figure.Table{Header: []string{"a", "b"}, Rows: [][]string{{"x", "–"}, {"y", "10"}}}, "a   b\n-  --\nx   –\ny  10\n"},
		"signs":      {figure.Table{Header: []string{"a", "change"}, Rows: [][]string{{"x", "+3 %"}, {"y", "-12 %"}, {"z", "[1 2]"}}}, "a  change\n-  ------\nx    +3 %\ny   -12 %\nz   [1 2]\n"},
		"marks":      {figure.Table{Header: []string{"a", "n"}, Rows: [][]string{{"e\u0301", "1"}}}, "a  n\n-  -\ne\u0301  1\n"},
		"options":    {figure.Table{Header: []string{"a", "of"}, Rows: [][]string{{"x", "-race"}}}, "a  of\n-  -----\nx  -race\n"},
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
	c, _ := figure.NewCanvas("All that a canvas draws", "states with their textures")
	states := []figure.Color{figure.Running, figure.Runnable, figure.Sleeping, figure.Channel, figure.Lock, figure.Wait, figure.Network, figure.Syscall}
	for i, state := range states {
		x := 20 + float64(i)*102
		c.Text(x, 80, figure.Small, figure.Start, string(state))
		for j, texture := range []figure.Texture{figure.Plain, figure.Hatch, figure.BackHatch, figure.Cross, figure.Dots} {
			c.Rect(x, 90+float64(j)*26, 101, 18, 2, figure.Paint{Color: state, Texture: texture})
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
	c.Image(20, 295, 40, 30, "image/png", []byte("not looked at"))
	c.Rect(220, 300, 4, 18, 6, figure.Solid(figure.Go)) // as round as they can be
	c.Rect(230, 300, 30, 4, 6, figure.Solid(figure.Go))
	c.Strips(6, figure.Solid(figure.Go), nil) // None: nothing.
	c.Strips(6, figure.Paint{Color: figure.Lock, Texture: figure.Hatch}, []figure.Strip{{X1: 100, X2: 140, Y: 310}, {X1: 150, X2: 170, Y: 320}})
	c.Strips(3, figure.Paint{}, []figure.Strip{{X1: 180, X2: 200, Y: 310}})
	y := c.Legend(350, figure.Key{Text: "a square", Paint: figure.Solid(figure.Go)}, figure.Key{Text: "a thin sample", Paint: figure.Solid(figure.Wait), Height: 5},
		figure.Key{Text: "drawn", Draw: func(c *figure.Canvas, x, y float64) { c.Line(x, y-6, x+20, y+6, figure.Stroke{Color: figure.Lock}) }},
		figure.Key{Text: strings.Repeat("so long that it needs a line of its own ", 3), Paint: figure.Solid(figure.Python)})
	figure.Times(3500*time.Microsecond, 60, 400).Below(c, y+10, y+60)
	figure.Counts(13, y+60, y+10).Beside(c, 480, 600)
	figure.Logarithmic(3, 700, 660, 820, func(v float64) string { return figure.Count(int(v)) }).Below(c, y+10, y+60)
	return c.SVG()
}

func TestCanvasDrawsAsBefore(t *testing.T) {
	t.Parallel()
	figuretest.Golden(t, "everything.svg", everything())
	if err := figuretest.HarmfulSVG(everything()); err != nil {
		t.Errorf("it holds %v", err)
	}
}

func TestWhatIsHarmfulIsNoticed(t *testing.T) { // The checkers' negative control.
	t.Parallel()
	for _, svg := range []string{
		`<svg><script/></svg>`, `<svg><image href="a.png"/></svg>`, `<svg style="x"/>`, `<svg onload="x"/>`,
		`<svg><rect fill="url(#nowhere)"/></svg>`, `<svg href="http://example.org"/>`, `<svg>`,
	} {
		if figuretest.HarmfulSVG(svg) == nil {
			t.Errorf("%s passes", svg)
		}
	}
	for _, html := range []string{
		`<figure><script>1</script></figure>`, `<figure style="x"></figure>`, `<img alt="" src="data:image/svg+xml;base64,">`,
		`<img alt="a" src="https://example.org/a.svg">`, `<img alt="a" onerror="x">`, `<figure><!-- c --></figure>`, `<figure`,
	} {
		if figuretest.Harmful(html) == nil {
			t.Errorf("%s passes", html)
		}
	}
}

func TestCoordinatesAreShortAndFinite(t *testing.T) {
	t.Parallel()
	c, _ := figure.NewCanvas("", "")
	c.Rect(1.0/3, -0.01, 2.55, 1e3, 0, figure.Solid(figure.Go))
	c.Rect(0, 0, -1, 5, 0, figure.Solid(figure.Lock))
	c.Line(math.NaN(), math.Inf(-1), 1, 2, figure.Stroke{Color: figure.Go})
	svg := c.SVG()
	for _, want := range []string{`viewBox="0 0 860 1014"`, `<rect x="0.3" y="0" width="2.6" height="1000" fill="var(--go)"/>`, `<line x1="0" y1="0" x2="1" y2="2"`} {
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
	values := map[string][2]string{} // as the drawing defines them, light and dark
	for _, m := range regexp.MustCompile(`--(\w+):(#\w+);`).FindAllStringSubmatch(everything(), -1) {
		v := values[m[1]]
		v[min(len(v[0]), 1)] = m[2]
		values[m[1]] = v
	}
	for color, least := range map[figure.Color]float64{
		figure.Foreground: 4.5, figure.Muted: 4.5,
		figure.Running: 3, figure.Runnable: 3, figure.Sleeping: 3, figure.Channel: 3, figure.Lock: 3, figure.Wait: 3,
		figure.Network: 3, figure.Syscall: 3, figure.Go: 3, figure.Python: 3,
	} {
		for i, page := range []string{"light", "dark"} {
			if c := contrast(t, values[string(color)][i], values[string(figure.Background)][i]); c < least {
				t.Errorf("%s on %s has contrast %.2f, needs %.1f", color, page, c, least)
			}
		}
	}
}

func TestAxesHaveRoundTicksAroundTheValues(t *testing.T) {
	t.Parallel()
	label := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	for name, test := range map[string]struct {
		axis   figure.Axis
		labels string
	}{
		"nothing":       {figure.Counts(0, 0, 100), "0 1"},
		"few":           {figure.Counts(4, 0, 100), "0 1 2 3 4"},
		"whole":         {figure.Counts(12, 0, 100), "0 5 10 15"},
		"many":          {figure.Counts(100_000, 0, 100), "0 20,000 40,000 60,000 80,000 100,000"},
		"no time":       {figure.Times(0, 0, 100), "0 1 ns"},
		"milliseconds":  {figure.Times(310*time.Millisecond, 0, 100), "0 50 100 150 200 250 300 350 ms"},
		"quarters":      {figure.Times(1700*time.Microsecond, 0, 100), "0 0.25 0.5 0.75 1 1.25 1.5 1.75 ms"},
		"to a second":   {figure.Times(960*time.Millisecond, 0, 100), "0 0.2 0.4 0.6 0.8 1 s"},
		"one decade":    {figure.Logarithmic(3, 9, 0, 100, label), "1 2 5 10"},
		"one value":     {figure.Logarithmic(10, 10, 0, 100, label), "10 20 50 100"},
		"three decades": {figure.Logarithmic(2, 999, 0, 100, label), "1 10 100 1000"},
		"twelve":        {figure.Logarithmic(1, 1e12, 0, 100, label), "1 100 10000 1e+06 1e+08 1e+10 1e+12"},
	} {
		var labels []string
		for _, tick := range test.axis.Ticks {
			labels = append(labels, tick.Label)
			if x := test.axis.At(tick.Value); x < -1e-9 || x > 100+1e-9 {
				t.Errorf("%s: %s is at %v", name, tick.Label, x)
			}
		}
		if got := strings.Join(labels, " "); got != test.labels {
			t.Errorf("%s has the ticks %q, want %q", name, got, test.labels)
		}
		if first := test.axis.Ticks[0]; test.axis.At(first.Value) != 0 {
			t.Errorf("%s begins at %v", name, test.axis.At(first.Value))
		}
	}
}

func TestWhatXMLForbidsIsReplaced(t *testing.T) {
	t.Parallel()
	if got, want := figure.EscapeHTML("\x1b[1m < \u0085\t\ue000"), "\uFFFD[1m &lt; \uFFFD\t\ue000"; got != want {
		t.Errorf("it becomes %q, want %q", got, want)
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
