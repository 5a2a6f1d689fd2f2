package figure

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// EscapeHTML returns s as text for an HTML element: markup characters become entities, what XML forbids becomes U+FFFD,
// and characters that a notebook takes for mathematics ($ and \) are put in a <span> each. It is meant for the content of
// an element, not for an attribute.
func EscapeHTML(s string) string { return mathematics.Replace(escape(s)) }

var mathematics = strings.NewReplacer("$", "<span>$</span>", `\`, `<span>\</span>`)

// escape returns s as text for an SVG element or for a double-quoted attribute of either language.
func escape(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune { // Invalid UTF-8 arrives as U+FFFD.
		if !validXML(r) {
			return utf8.RuneError
		}
		return r
	}, s))
}

// validXML reports whether r may stand in an XML 1.0 document (section 2.2). The C1 controls may, yet they are of no use
// in a label and drive some terminals, so they are left out.
func validXML(r rune) bool {
	return r == '\t' || r == '\n' || r >= 0x20 && r < 0x7f || r >= 0xa0 && r <= 0xd7ff ||
		r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= 0x10ffff
}

// oneLine folds every run of white space into one blank and replaces what cannot be shown, so that a label from anywhere
// neither breaks a line nor reaches the terminal as an escape sequence. Characters that turn the direction of writing
// around go too, since they would carry on into the text beside the label.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if !validXML(r) || unicode.Is(unicode.Bidi_Control, r) {
			return utf8.RuneError
		}
		return r
	}, strings.Join(strings.Fields(s), " "))
}
