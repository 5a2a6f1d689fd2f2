package display

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui"

	"tutorial/helpers/figure"
)

// A second holds at most ten updates of a notebook's output, the last one, which is never held back, included.
const interval = 125 * time.Millisecond

// Progress is a line that tells how far a long cell has come, in one place of the output. Use it so:
//
//	p := display.NewProgress()
//	defer p.Done("")
//	for i := range n {
//		p.Update(fmt.Sprintf("%d of %d", i, n))
//		...
//	}
//
// Nothing appears until the first [Progress.Update]. In a terminal the line is written to standard error, and if that is
// not a terminal it is left out. A Progress may be used from several goroutines at once.
type Progress struct {
	mu      sync.Mutex
	id      string
	shown   bool        // a display with this id is in the output
	last    time.Time   // when it was last sent
	pending string      // the newest text, if it is still to be sent
	timer   *time.Timer // sends pending
	done    bool
}

// NewProgress returns a Progress that has not appeared yet.
func NewProgress() *Progress { return &Progress{} }

// Update replaces the line. Calls that come faster than the notebook takes them are left out, but never the latest: it appears
// within an eighth of a second. After the end Update does nothing.
func (p *Progress) Update(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return
	}
	if p.timer != nil { // One is due already; it will take the newest text.
		p.pending = text
		return
	}
	if wait := interval - time.Since(p.last); wait > 0 && !p.last.IsZero() {
		p.pending = text
		p.timer = time.AfterFunc(wait, p.flush)
		return
	}
	p.draw(text)
}

func (p *Progress) flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done || p.timer == nil {
		return
	}
	p.timer = nil
	p.draw(p.pending)
}

// Done ends the progress and leaves text in its place; an empty text leaves nothing. Calls after the first do nothing, so it
// may be deferred as well as called.
func (p *Progress) Done(text string) {
	markup := ""
	if text != "" {
		markup = line(text)
	}
	p.end(markup, text)
}

// Show ends the progress and puts the figure in its place. After the end it does nothing.
func (p *Progress) Show(f figure.Figure) { p.end(f.HTML(), f.Text()) }

func (p *Progress) end(markup, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return
	}
	p.done = true
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	stdout.mu.Lock()
	defer stdout.mu.Unlock()
	if !InNotebook() {
		stdout.clearLine()
		stdout.print(text)
		return
	}
	if !p.shown { // Nothing to replace: an ordinary display.
		stdout.send("", markup, text)
		return
	}
	if markup == "" {
		markup = " " // A message without markup would leave the old one standing in some front ends.
	}
	stdout.send(p.id, markup, text)
}

// draw sends the line. The caller holds p.mu.
func (p *Progress) draw(text string) {
	stdout.mu.Lock()
	defer stdout.mu.Unlock()
	if InNotebook() && gonbui.Error() == nil {
		if p.id == "" {
			p.id = "progress_" + gonbui.UniqueId()
		}
		stdout.send(p.id, line(text), text)
		p.shown = true
	} else {
		stdout.drawLine(text)
	}
	p.last = time.Now()
}

func line(text string) string { return "<p><em>" + figure.EscapeHTML(text) + "</em></p>" }

// stderrIsTerminal is found out once: a progress line in a log file is of no use to anybody.
var stderrIsTerminal = sync.OnceValue(func() bool {
	info, err := os.Stderr.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
})

// drawLine overwrites the terminal's current line. The caller holds o.mu.
func (o *output) drawLine(text string) {
	if !stderrIsTerminal() {
		return
	}
	o.clearLine()
	text = strings.TrimSpace(text)
	fmt.Fprint(os.Stderr, text)
	o.drawn = len(text)
}

func (o *output) clearLine() {
	if o.drawn > 0 {
		io.WriteString(os.Stderr, "\r"+strings.Repeat(" ", o.drawn)+"\r")
		o.drawn = 0
	}
}
