package figure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// EscapeHTML returns s as text for an HTML element: markup characters become entities, what XML forbids becomes U+FFFD,
// and characters that a notebook takes for mathematics ($ and \) are put in a <span> each. It is meant for the content of
// an element, not for an attribute.
func EscapeHTML(s string) string { return escapeWith(s, true) }

// escape returns s as text for an SVG element or for a double-quoted attribute of either language.
func escape(s string) string { return escapeWith(s, false) }

func escapeWith(s string, math bool) string {
	var b strings.Builder
	b.Grow(len(s) + 16)
	for _, r := range s { // Invalid UTF-8 arrives as U+FFFD.
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&#34;")
		case r == '\'':
			b.WriteString("&#39;")
		case math && (r == '$' || r == '\\'):
			b.WriteString("<span>" + string(r) + "</span>")
		case !validXML(r):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
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
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			blank = b.Len() > 0
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		if !validXML(r) || unicode.Is(unicode.Bidi_Control, r) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}
