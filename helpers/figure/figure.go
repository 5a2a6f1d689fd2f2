// Package figure turns a drawing into the one HTML form that shows everywhere a notebook is read: in JupyterLab (trusted
// or not), in exported pages and on code hosts. It knows nothing of notebooks and of what is drawn.
//
// A [Figure] carries the drawing (from a [Canvas]) together with what a reader needs who cannot see it: alternative text
// that states the message, and the numbers as a [Table]. [Figure.HTML] and [Figure.Text] are its two forms.
//
// Everything here is deterministic: the same value gives the same bytes.
package figure

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"
)

// Figure is one picture and all that goes with it. The zero value is valid and empty. A Figure may be read from several
// goroutines at once.
type Figure struct {
	// Title names the figure, a few words without a full stop.
	Title string
	// Subtitle says how to read it (what was measured, how often, where scales start).
	Subtitle string
	// Alt states the message to somebody who cannot see the picture. If it is empty, Caption or else Title stands in,
	// so that no figure is ever without.
	Alt string
	// Caption is the sentence below the picture.
	Caption string
	// SVG is the drawing, as [Canvas.SVG] returns it. It travels encoded, inside an <img>, where browsers run no
	// script and load nothing; it is not checked.
	SVG string
	// Table holds the numbers that the picture shows.
	Table Table
}

// Table is a header row and rows of as many cells, all plain text. Without a header there is no table.
type Table struct {
	Header []string
	Rows   [][]string
}

// HTML returns the figure as
//
//	<figure><img alt src><figcaption></figcaption></figure><details><summary>The numbers</summary><table></table></details>
//
// with the drawing as a data URI. It holds no style attribute, no script and no address, since one or the other is
// stripped in an untrusted notebook. The picture's size is the one in the SVG. An empty Table leaves the details out.
//
// All texts are escaped. Dollar signs and backslashes are put in a <span> of their own, for JupyterLab takes a pair of
// them for mathematics and typesets what lies between.
func (f Figure) HTML() string {
	var b strings.Builder
	b.Grow(len(f.SVG)*4/3 + 1024)
	b.WriteString(`<figure><img alt="`)
	b.WriteString(escape(f.alt()))
	b.WriteString(`" src="data:image/svg+xml;base64,`)
	b.WriteString(base64.StdEncoding.EncodeToString([]byte(f.SVG)))
	b.WriteString(`"><figcaption>`)
	b.WriteString(EscapeHTML(f.caption()))
	b.WriteString(`</figcaption></figure>`)
	if len(f.Table.Header) > 0 {
		b.WriteString(`<details><summary>The numbers</summary>`)
		f.Table.html(&b)
		b.WriteString(`</details>`)
	}
	return b.String()
}

// Text returns the form for a terminal: the title, the subtitle, the sentence and the table with aligned columns. It ends in a
// newline unless the figure is empty, and holds no control characters but newlines.
func (f Figure) Text() string {
	var b strings.Builder
	for _, line := range []string{f.Title, f.Subtitle, f.caption()} {
		if line = oneLine(line); line != "" {
			b.WriteString(line)
			b.WriteByte('\n')
		}
	}
	if len(f.Table.Header) > 0 {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		f.Table.text(&b)
	}
	return b.String()
}

func (f Figure) alt() string {
	return cmp.Or(oneLine(f.Alt), oneLine(f.Caption), oneLine(f.Title), "Figure without a description")
}

func (f Figure) caption() string { return cmp.Or(oneLine(f.Caption), oneLine(f.Alt)) }

func (t Table) html(b *strings.Builder) {
	b.WriteString("<table><thead><tr>")
	for _, cell := range t.Header {
		b.WriteString(`<th scope="col">` + EscapeHTML(oneLine(cell)) + "</th>")
	}
	b.WriteString("</tr></thead><tbody>")
	for _, row := range t.Rows {
		b.WriteString("<tr>")
		for i, cell := range row {
			open, end := "<td>", "</td>"
			if i == 0 {
				open, end = `<th scope="row">`, "</th>"
			}
			b.WriteString(open + EscapeHTML(oneLine(cell)) + end)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
}

// text writes the table with two blanks between columns. A column of which every cell starts like a number is set to the right.
func (t Table) text(b *strings.Builder) {
	width := make([]int, len(t.Header))
	right := make([]bool, len(t.Header))
	rule := make([]string, len(t.Header))
	for i, heading := range t.Header {
		width[i] = cellWidth(oneLine(heading))
		right[i] = i > 0 && len(t.Rows) > 0
		for _, row := range t.Rows {
			cell := oneLine(row[i])
			width[i] = max(width[i], cellWidth(cell))
			right[i] = right[i] && numeric(cell)
		}
		rule[i] = strings.Repeat("-", width[i])
	}
	for _, row := range slices.Concat([][]string{t.Header, rule}, t.Rows) {
		line := ""
		for i, cell := range row {
			cell = oneLine(cell)
			pad := strings.Repeat(" ", width[i]-cellWidth(cell))
			if right[i] {
				line += pad + cell + "  "
			} else {
				line += cell + pad + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// numeric reports whether a cell reads as a number, a range of them, or "no number" (empty or a dash).
func numeric(s string) bool {
	switch {
	case s == "" || s == "–" || s == "-":
		return true
	case s[0] == '[' || s[0] == '+' || s[0] == '-':
		return len(s) > 1 && s[1] >= '0' && s[1] <= '9'
	}
	return s[0] >= '0' && s[0] <= '9'
}
