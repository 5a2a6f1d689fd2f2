package timing_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"tutorial/helpers/figure"
	"tutorial/helpers/timing"
)

// misplaced returns an error if an SVG is not valid, or if something in it reaches beyond its edges: a shape, or a text at its
// estimated width.
func misplaced(svg string) error {
	d := xml.NewDecoder(strings.NewReader(svg))
	var width, height float64
	var text *struct {
		x      float64
		kind   figure.Type
		anchor string
	}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			at := func(name string) float64 {
				for _, a := range token.Attr {
					if a.Name.Local == name {
						v, _ := strconv.ParseFloat(a.Value, 64)
						return v
					}
				}
				return 0
			}
			var right, bottom float64
			switch token.Name.Local {
			case "svg":
				width, height = at("width"), at("height")
			case "rect":
				right, bottom = at("x")+at("width"), at("y")+at("height")
			case "line":
				right, bottom = max(at("x1"), at("x2")), max(at("y1"), at("y2"))
			case "circle":
				right, bottom = at("cx")+at("r"), at("cy")+at("r")
			case "text":
				text = &struct {
					x      float64
					kind   figure.Type
					anchor string
				}{x: at("x")}
				bottom = at("y") + 4
				for _, a := range token.Attr {
					switch a.Name.Local + "=" + a.Value {
					case "class=s":
						text.kind = figure.Small
					case "class=m":
						text.kind = figure.Mono
					case "class=t":
						text.kind = figure.Heading
					}
					if a.Name.Local == "text-anchor" {
						text.anchor = a.Value
					}
				}
			}
			if right > width || bottom > height || min(right, bottom) < 0 {
				return fmt.Errorf("<%s> %v reaches %.1f, %.1f of %.1f, %.1f", token.Name.Local, token.Attr, right, bottom, width, height)
			}
		case xml.CharData:
			if text == nil {
				continue
			}
			w := figure.TextWidth(text.kind, string(token))
			left := text.x
			switch text.anchor {
			case "middle":
				left -= w / 2
			case "end":
				left -= w
			}
			if left < 0 || left+w > width {
				return fmt.Errorf("text %q reaches from %.1f to %.1f of %.1f", token, left, left+w, width)
			}
		case xml.EndElement:
			text = nil
		}
	}
}

func TestFiguresStayWithinTheirEdges(t *testing.T) {
	t.Parallel()
	for name, f := range figures() {
		if err := misplaced(f.SVG); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(f.SVG) > 40<<10 {
			t.Errorf("%s: the SVG has %d bytes", name, len(f.SVG))
		}
		for _, form := range []string{f.SVG, f.HTML(), f.Text()} {
			if strings.Contains(form, "NaN") || strings.Contains(form, "Inf") {
				t.Errorf("%s holds a number that is none: %s", name, form)
			}
		}
	}
}

func TestWhatIsMisplacedIsNoticed(t *testing.T) { // The checker's negative control.
	t.Parallel()
	for _, svg := range []string{
		`<svg width="10" height="10"><rect x="5" y="0" width="6" height="1"/></svg>`,
		`<svg width="10" height="10"><line x1="0" y1="0" x2="1" y2="11"/></svg>`,
		`<svg width="10" height="10"><circle cx="-9" cy="1" r="1"/></svg>`,
		`<svg width="50" height="20"><text x="5" y="10">too long for it</text></svg>`,
		`<svg width="50" height="20"><text x="5" y="10" text-anchor="middle">abc</text></svg>`,
		`<svg width="50" height="20"><text></svg>`,
	} {
		if misplaced(svg) == nil {
			t.Errorf("%s passes", svg)
		}
	}
}

func TestTheFigureSaysWhatACarefulReaderMustKnow(t *testing.T) {
	t.Parallel()
	all := figures()
	for name, wants := range map[string][]string{
		"target": {"“Go, WaitGroup.Go” is the fastest with 1.500 s, 10.00× the speed of “Python, one after another” (ideal 10×, efficiency 100.0 %)",
			"overlap, so their order may be chance", "Outliers, kept: ", "one run where it takes 10 s or more", "[1.500 s – 1.509 s]", "bars start at 0"},
		"spread":  {"line: min to max", "[90.00 ms – 160.0 ms]", "79.2 %"},
		"single":  {"“ping-pong over a channel” took 20.00 ms"},
		"clock":   {"Below 10 µs the clock itself is part of the number"},
		"twelve":  {"Nothing is faster than the baseline", "<0.0001×", "1 min 12.2 s"},
		"labels":  {"quicker than the ideal"},
		"empty":   {"Nothing was measured."},
		"scaling": {"At n = 100,000: “goroutines” 22.00 ms; ", "“threads” 7.100 s (322.7× as long)"},
	} {
		for _, want := range wants {
			if text := all[name].Text(); !strings.Contains(text, want) {
				t.Errorf("%s does not say %q:\n%s", name, want, text)
			}
		}
	}
	level := timing.NewComparison("Level", 0, 2, goCase("one", 10*time.Millisecond, 12*time.Millisecond), goCase("other", 11*time.Millisecond, 13*time.Millisecond))
	if text := level.Figure().Text(); strings.Contains(text, "Nothing is faster") || !strings.Contains(text, "The smallest median is that of the baseline, “one”") {
		t.Errorf("of two that may be equal it says:\n%s", text)
	}
	// What has one run only is labelled at its bar.
	if n := strings.Count(all["target"].SVG, ">one run<"); n != 2 {
		t.Errorf("%d bars are labelled as one run, want 2", n)
	}
	if strings.Contains(all["target"].Subtitle, "min to max") {
		t.Error("a line is explained that nobody can see")
	}
	if !strings.HasPrefix(all["target"].Alt, "Bar chart, 10 tasks of 1.5 s each. “Go, WaitGroup.Go” is the fastest") {
		t.Errorf("the alternative text is %q", all["target"].Alt)
	}
}
