package figure

import (
	"strings"
	"unicode"
)

// The font that a reader's browser picks is not known here, so widths are estimates that err on the wide side: they follow
// the wide DejaVu faces, rounded up, in parts of the type size.
const (
	narrow, slim, digit, lower, upper, broad = 0.34, 0.47, 0.64, 0.65, 0.79, 1.0
	ideograph, emoji                         = 1.05, 1.4
	monospace                                = 0.605
	boldFactor                               = 1.12
)

// TextWidth estimates the width of s in the given type, in pixels, rather too wide than too narrow.
func TextWidth(t Type, s string) float64 {
	w := 0.0
	for _, r := range s {
		w += advance(t, r)
	}
	return w * t.size()
}

// Truncate returns s if it fits into width pixels in the given type, and otherwise as many of its first characters as fit with
// an ellipsis behind them. A width too small for the ellipsis itself gives the ellipsis.
func Truncate(t Type, s string, width float64) string {
	s = oneLine(s)
	if TextWidth(t, s) <= width {
		return s
	}
	const ellipsis = '…'
	left := width/t.size() - advance(t, ellipsis)
	end := 0
	for i, r := range s {
		left -= advance(t, r)
		if left < 0 {
			break
		}
		end = i + len(string(r))
	}
	return strings.TrimRight(s[:end], " ") + string(ellipsis)
}

func advance(t Type, r rune) float64 {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch {
	case r >= 0x1f000 && r <= 0x1ffff:
		return emoji
	case wide(r):
		return ideograph
	}
	if t == Mono {
		return monospace
	}
	w := upper
	switch {
	case strings.ContainsRune("iIjl|!.,:;'`’", r):
		w = narrow
	case strings.ContainsRune(`frt()[]{}/\-" `, r):
		w = slim
	case strings.ContainsRune("mwMW@%—…", r):
		w = broad
	case r >= '0' && r <= '9':
		w = digit
	case unicode.IsLower(r):
		w = lower
	case r > 0x2fff:
		w = broad
	}
	if t == Heading {
		w *= boldFactor
	}
	return w
}

// wide reports whether r takes two cells of a terminal: East Asian wide forms and emoji, in coarse blocks.
func wide(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 ||
		r >= 0x1f300 && r <= 0x1faff || r >= 0x20000 && r <= 0x3fffd
}

// cellWidth is the number of terminal cells that s takes.
func cellWidth(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}
