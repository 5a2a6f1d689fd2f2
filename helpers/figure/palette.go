package figure

// Color is a colour of the palette by its role; each has a light and a dark value, and the picture follows the reader's
// preference. Every colour but Grid, which carries no information, stands out from both backgrounds by 3:1 at least, and
// the two for text by 4.5:1 (WCAG 2.2, criteria 1.4.11 and 1.4.3).
//
// Two neighbouring states cannot all differ by 3:1 from each other as well; they are told apart by height or texture.
type Color string

// The palette. No Color is valid in a drawing but these.
const (
	Background Color = "bg"
	Foreground Color = "fg"    // text, axes, marks
	Muted      Color = "mute"  // secondary text
	Grid       Color = "grid"  // grid lines, decoration only
	Running    Color = "run"   // a goroutine on a processor
	Runnable   Color = "ready" // ready, but no processor is free
	Sleeping   Color = "sleep"
	Channel    Color = "chan" // channel send, receive, select
	Lock       Color = "lock" // mutex
	Wait       Color = "wait" // WaitGroup, condition
	Network    Color = "net"
	Syscall    Color = "sys"
	Go         Color = "go"
	Python     Color = "py"
)

// swatch is one colour in its two values, as sRGB hexadecimal.
type swatch struct {
	color       Color
	light, dark string
}

var palette = [...]swatch{
	{Background, "#ffffff", "#161b22"},
	{Foreground, "#1f2933", "#e6edf3"},
	{Muted, "#616e7c", "#9aa7b4"},
	{Grid, "#e4e7eb", "#2b333d"},
	{Running, "#0b7a75", "#3fc1b9"},
	{Runnable, "#bd8712", "#f0c75e"},
	{Sleeping, "#7f8b98", "#7a8696"},
	{Channel, "#2f6fbb", "#6ea8f0"},
	{Lock, "#c5472f", "#ff8a70"},
	{Wait, "#8a5cb8", "#c39bea"},
	{Network, "#b0407f", "#f08bc3"},
	{Syscall, "#66702a", "#b5c76a"},
	{Go, "#0b7a75", "#3fc1b9"},
	{Python, "#b8860b", "#e6b64c"},
}

// Type is a kind of text in a drawing.
type Type int

// The kinds of text. Sizes are in pixels.
const (
	Body    Type = iota // 13, labels
	Small               // 12, muted: axes, legends, subtitles
	Mono                // 12, numbers and names of functions
	Heading             // 14, semi-bold: the title
)

func (t Type) size() float64 {
	switch t {
	case Small, Mono:
		return 12
	case Heading:
		return 14
	}
	return 13
}

func (t Type) class() string {
	switch t {
	case Small:
		return "s"
	case Mono:
		return "m"
	case Heading:
		return "t"
	}
	return ""
}

const typeRules = `text{font:13px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--fg)}
.m{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}.s{fill:var(--mute);font-size:12px}.t{font-weight:600;font-size:14px}
.h{paint-order:stroke;stroke:var(--bg);stroke-width:4px;stroke-linejoin:round}`
