package figure

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
)

// Width is the width of every figure and Margin the room at its left and right edge, in pixels.
const (
	Width  = 860.0
	Margin = 20.0

	bottomMargin = 14.0
)

// Canvas collects shapes and writes them as an SVG, in the order in which they were drawn. Coordinates are pixels from the
// top left corner, written with one decimal; what is not finite is drawn at 0. It is as high as what was drawn on it. A
// Canvas is not safe for concurrent use.
type Canvas struct {
	bottom   float64 // of what was drawn
	shapes   strings.Builder
	patterns []Paint
}

// NewCanvas returns a canvas with the title and the subtitle at its top, shortened to its width, and the y below which there
// is room for the drawing. Its background is a rounded rectangle in the [Background] colour, so that the picture looks the
// same whatever page it lies on.
func NewCanvas(title, subtitle string) (c *Canvas, top float64) {
	c = &Canvas{}
	c.Text(Margin, 28, Heading, Start, Truncate(Heading, title, Width-2*Margin))
	c.Text(Margin, 47, Small, Start, Truncate(Small, subtitle, Width-2*Margin))
	return c, 64
}

// reach sees to it that the canvas is high enough.
func (c *Canvas) reach(y float64) { c.bottom = max(c.bottom, min(finite(y), 1e6)) }

// Texture distinguishes areas by more than their colour.
type Texture int

// The textures.
const (
	Plain     Texture = iota
	Hatch             // stripes that rise to the right
	BackHatch         // stripes that fall to the right
	Cross             // both
	Dots
)

// Paint fills an area: a colour with a texture. The zero value fills nothing.
type Paint struct {
	Color   Color
	Texture Texture
}

// Solid fills with the colour alone.
func Solid(c Color) Paint { return Paint{Color: c} }

// Stroke draws a line. The zero value draws none. Width is in pixels, 0 means 1; Dash is a list of lengths as in SVG's
// stroke-dasharray, "" means unbroken.
type Stroke struct {
	Color Color
	Width float64
	Dash  string
}

// Anchor says which point of a text its coordinate is.
type Anchor int

// The anchors.
const (
	Start Anchor = iota
	Middle
	End
)

// Rect draws a rectangle with corners of the given radius. A negative width or height draws nothing.
func (c *Canvas) Rect(x, y, width, height, radius float64, fill Paint) {
	if width < 0 || height < 0 {
		return
	}
	c.box("rect", x, y, width, height)
	if radius = min(radius, width/2, height/2); radius >= 0.1 {
		c.number("rx", radius)
	}
	c.fill(fill)
	c.close()
}

// Line draws a straight line.
func (c *Canvas) Line(x1, y1, x2, y2 float64, s Stroke) {
	c.open("line")
	c.number("x1", x1)
	c.number("y1", y1)
	c.number("x2", x2)
	c.number("y2", y2)
	c.reach(max(y1, y2))
	c.stroke(s)
	c.close()
}

// Circle draws a circle around x, y.
func (c *Canvas) Circle(x, y, radius float64, fill Paint, s Stroke) {
	c.open("circle")
	c.number("cx", x)
	c.number("cy", y)
	c.number("r", max(0, radius))
	c.reach(y + radius)
	c.fill(fill)
	c.stroke(s)
	c.close()
}

// Path is an outline of straight lines. The zero value is empty and ready to use.
type Path struct {
	d      []byte
	bottom float64
}

// MoveTo starts a new piece at x, y.
func (p *Path) MoveTo(x, y float64) *Path { return p.add('M', x, y) }

// LineTo draws a line to x, y.
func (p *Path) LineTo(x, y float64) *Path { return p.add('L', x, y) }

// Close draws a line back to where the piece started.
func (p *Path) Close() *Path { p.d = append(p.d, 'Z'); return p }

func (p *Path) add(verb byte, x, y float64) *Path {
	p.d = append(p.d, verb)
	p.d = appendNumber(p.d, x)
	p.d = append(p.d, ' ')
	p.d = appendNumber(p.d, y)
	p.bottom = max(p.bottom, y)
	return p
}

// Path draws an outline. The zero Paint leaves it unfilled.
func (c *Canvas) Path(p *Path, fill Paint, s Stroke) {
	if len(p.d) == 0 {
		return
	}
	c.open("path")
	c.attribute("d", string(p.d))
	c.reach(p.bottom)
	c.fill(fill)
	c.stroke(s)
	c.close()
}

// Text draws one line of text with its baseline at y. It is escaped; line breaks become blanks. Nothing is cut off: see
// [Truncate] and [TextWidth].
func (c *Canvas) Text(x, y float64, t Type, a Anchor, s string) { c.text(x, y, t.class(), a, s) }

// TextOver is Text with a rim in the background's colour, for a label that may lie on lines.
func (c *Canvas) TextOver(x, y float64, t Type, a Anchor, s string) {
	c.text(x, y, strings.TrimSpace(t.class()+" h"), a, s)
}

func (c *Canvas) text(x, y float64, class string, a Anchor, s string) {
	if s = oneLine(s); s == "" {
		return
	}
	c.open("text")
	if class != "" {
		c.attribute("class", class)
	}
	c.number("x", x)
	c.number("y", y)
	c.reach(y + 4)
	switch a {
	case Middle:
		c.attribute("text-anchor", "middle")
	case End:
		c.attribute("text-anchor", "end")
	}
	c.shapes.WriteString(">" + escape(s) + "</text>")
}

// Image draws a picture, stretched to the given size. It travels inside the drawing; mime is its type, such as "image/jpeg".
func (c *Canvas) Image(x, y, width, height float64, mime string, data []byte) {
	c.box("image", x, y, width, height)
	c.attribute("preserveAspectRatio", "none")
	c.attribute("href", "data:"+mime+";base64,"+base64.StdEncoding.EncodeToString(data))
	c.close()
}

// A Key is an entry of a legend: a sample and what it stands for. The sample is of a paint, and as high as its text is unless
// Height says otherwise; or it is what Draw draws, from x on and around y.
type Key struct {
	Text   string
	Paint  Paint
	Height float64
	Draw   func(c *Canvas, x, y float64)
}

// Legend draws the keys beside each other, in as many lines as it takes, the first around y, and returns the y of the line
// after the last.
func (c *Canvas) Legend(y float64, keys ...Key) float64 {
	const square, sample, gap, line = 14.0, 22.0, 20.0, 24.0
	x := Margin
	for _, k := range keys {
		width, height := sample, k.Height
		if height == 0 && k.Draw == nil {
			width, height = square, square
		}
		text := TextWidth(Small, k.Text)
		if x+width+6+text > Width-Margin && x > Margin {
			x, y = Margin, y+line
		}
		if k.Draw != nil {
			k.Draw(c, x, y)
		} else {
			c.Rect(x, y-height/2, width, height, min(3, height/4), k.Paint)
		}
		c.Text(x+width+6, y+4, Small, Start, k.Text)
		x += width + 6 + text + gap
	}
	return y + line
}

// SVG returns the drawing as a document of its own, with the palette for light and dark. The canvas may be drawn on after.
func (c *Canvas) SVG() string {
	var b strings.Builder
	b.Grow(c.shapes.Len() + 2048)
	height := c.bottom + bottomMargin
	w, h := number(Width), number(height)
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` + w + ` ` + h + `" width="` + w + `" height="` + h + `"><style>` + "\n:root{")
	for _, s := range palette {
		b.WriteString("--" + string(s.color) + ":" + s.light + ";")
	}
	b.WriteString("}\n@media(prefers-color-scheme:dark){:root{")
	for _, s := range palette {
		b.WriteString("--" + string(s.color) + ":" + s.dark + ";")
	}
	b.WriteString("}}\n" + typeRules + "\n</style>")
	if len(c.patterns) > 0 {
		b.WriteString("<defs>")
		for _, p := range c.patterns {
			b.WriteString(p.pattern())
		}
		b.WriteString("</defs>")
	}
	b.WriteString(`<rect x="0" y="0" width="` + w + `" height="` + h + `" rx="8" fill="` + Background.css() + `"/>`)
	b.WriteString(c.shapes.String())
	b.WriteString("</svg>")
	return b.String()
}

// box opens an element with a place and a size.
func (c *Canvas) box(name string, x, y, width, height float64) {
	c.open(name)
	c.number("x", x)
	c.number("y", y)
	c.number("width", width)
	c.number("height", height)
	c.reach(y + height)
}

func (c *Canvas) open(name string) { c.shapes.WriteString("<" + name) }
func (c *Canvas) close()           { c.shapes.WriteString("/>") }

func (c *Canvas) attribute(name, value string) {
	c.shapes.WriteString(" " + name + `="` + escape(value) + `"`)
}

func (c *Canvas) number(name string, v float64) {
	c.shapes.WriteString(" " + name + `="` + number(v) + `"`)
}

// paint returns the CSS of a paint, and sees to it that its pattern is defined.
func (c *Canvas) paint(p Paint) string {
	switch {
	case p.Color == "":
		return "none"
	case p.Texture == Plain:
		return p.Color.css()
	}
	for _, have := range c.patterns {
		if have == p {
			return "url(#" + p.id() + ")"
		}
	}
	c.patterns = append(c.patterns, p)
	return "url(#" + p.id() + ")"
}

func (c *Canvas) fill(p Paint) { c.attribute("fill", c.paint(p)) }

func (c *Canvas) stroke(s Stroke) {
	if s.Color == "" {
		return
	}
	c.attribute("stroke", s.Color.css())
	if s.Width != 0 && s.Width != 1 {
		c.number("stroke-width", s.Width)
	}
	if s.Dash != "" {
		c.attribute("stroke-dasharray", s.Dash)
	}
}

func (c Color) css() string { return "var(--" + string(c) + ")" }

func (p Paint) id() string { return string(p.Color) + strconv.Itoa(int(p.Texture)) }

// pattern returns the definition of a textured paint: a light ground of the colour with marks at full strength.
func (p Paint) pattern() string {
	size, turn, marks := "6", "", ""
	ink := escape(p.Color.css())
	stripe := `<path d="M0 0V6" stroke="` + ink + `" stroke-width="3"/>`
	switch p.Texture {
	case Hatch:
		turn, marks = "45", stripe
	case BackHatch:
		turn, marks = "-45", stripe
	case Cross:
		turn, marks = "45", `<path d="M0 0V6M0 0H6" stroke="`+ink+`" stroke-width="2.4"/>`
	default:
		size, marks = "5", `<circle cx="2.5" cy="2.5" r="1.5" fill="`+ink+`"/>`
	}
	if turn != "" {
		turn = ` patternTransform="rotate(` + turn + `)"`
	}
	return `<pattern id="` + escape(p.id()) + `" width="` + size + `" height="` + size + `" patternUnits="userSpaceOnUse"` + turn +
		`><rect width="` + size + `" height="` + size + `" fill="` + ink + `" opacity=".25"/>` + marks + `</pattern>`
}

func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

func number(v float64) string { return string(appendNumber(nil, v)) }

// appendNumber writes v with at most one decimal: a tenth of a pixel cannot be seen, and the picture must stay small.
func appendNumber(b []byte, v float64) []byte {
	v = math.Round(finite(v)*10) / 10
	if v == 0 {
		v = 0 // Never "-0".
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}
