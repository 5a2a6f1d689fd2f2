// Package figuretest holds figures to what they promise, in the tests of all packages that draw.
package figuretest

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tutorial/helpers/figure"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Golden compares got with the named file in testdata, or writes it if the test runs with -update.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (write it with go test -update)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs from what is drawn now; look at both and run go test -update if the new one is right", path)
	}
}

// MaxSVG is the size in bytes that no drawing may exceed, so that a notebook full of figures stays light.
const MaxSVG = 40 << 10

// Check fails the test if a figure is not valid and harmless, has no alternative text, or is too large.
func Check(t *testing.T, f figure.Figure) {
	t.Helper()
	if err := Harmful(f.HTML()); err != nil {
		t.Errorf("the HTML of %q holds %v", f.Title, err)
	}
	if err := HarmfulSVG(f.SVG); err != nil {
		t.Errorf("the SVG of %q holds %v", f.Title, err)
	}
	if f.Alt == "" {
		t.Errorf("%q has no alternative text", f.Title)
	}
	if len(f.SVG) > MaxSVG {
		t.Errorf("the SVG of %q has %d bytes, more than %d", f.Title, len(f.SVG), MaxSVG)
	}
}

// A Document is what a parser finds in markup: the names of elements, "name=value" of attributes, and all text.
type Document struct {
	Elements, Attributes []string
	Text                 string
}

// Parse reads XML, or the HTML of figures.
func Parse(markup string, html bool) (Document, error) {
	var doc Document
	d := xml.NewDecoder(strings.NewReader(markup))
	if html { // <img> needs no end.
		d.Strict = false
		d.AutoClose = xml.HTMLAutoClose
		d.Entity = xml.HTMLEntity
	}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return doc, nil
		}
		if err != nil {
			return doc, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			doc.Elements = append(doc.Elements, token.Name.Local)
			for _, a := range token.Attr {
				doc.Attributes = append(doc.Attributes, a.Name.Local+"="+a.Value)
			}
		case xml.CharData:
			doc.Text += string(token)
		case xml.Comment, xml.ProcInst, xml.Directive:
			return doc, fmt.Errorf("unexpected %T", token)
		}
	}
}

// Harmful returns what must not be in a figure's HTML.
func Harmful(html string) error {
	doc, err := Parse(html, true)
	if err != nil {
		return err
	}
	allowed := " figure img figcaption details summary table thead tbody tr th td span "
	for _, e := range doc.Elements {
		if !strings.Contains(allowed, " "+e+" ") {
			return fmt.Errorf("element <%s>", e)
		}
	}
	for _, a := range doc.Attributes {
		name, value, _ := strings.Cut(a, "=")
		switch {
		case name == "alt" && value != "", name == "scope" && (value == "row" || value == "col"):
		case name == "src" && strings.HasPrefix(value, "data:image/svg+xml;base64,"):
		default:
			return fmt.Errorf("attribute %s=%q", name, value)
		}
	}
	return nil
}

// HarmfulSVG returns what must not be in a drawing.
func HarmfulSVG(svg string) error {
	doc, err := Parse(svg, false)
	if err != nil {
		return err
	}
	for _, e := range doc.Elements {
		if e == "script" || e == "use" || e == "foreignObject" || e == "a" {
			return fmt.Errorf("element <%s>", e)
		}
	}
	for _, a := range doc.Attributes {
		if strings.HasPrefix(a, "href=") && !strings.HasPrefix(a, "href=data:image/") {
			return fmt.Errorf("attribute %s", a)
		}
		if strings.Contains(a, "://") && a != "xmlns=http://www.w3.org/2000/svg" || strings.HasPrefix(a, "style=") || strings.HasPrefix(a, "on") {
			return fmt.Errorf("attribute %s", a)
		}
		for _, use := range []string{"fill=url(#", "stroke=url(#"} {
			if id, ok := strings.CutPrefix(a, use); ok && !strings.Contains(svg, `id="`+strings.TrimSuffix(id, ")")+`"`) {
				return fmt.Errorf("%s without its definition", a)
			}
		}
	}
	return nil
}
