package display

import (
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
// Nothing appears until the first [Progress.Update], and outside a notebook only what is left in the end does. A Progress may
// be used from several goroutines at once.
type Progress struct {
	mu      sync.Mutex
	shown   bool        // a display is in the output
	id      string      // of that
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
	if p.shown && markup == "" {
		markup = " " // A message without markup would leave the old one standing in some front ends.
	}
	send(p.id, markup, text)
}

// draw sends the line. The caller holds p.mu.
func (p *Progress) draw(text string) {
	if !InNotebook() || gonbui.Error() != nil {
		return
	}
	if !p.shown {
		p.shown, p.id = true, "progress_"+gonbui.UniqueId()
	}
	send(p.id, line(text), text)
	p.last = time.Now()
}

func line(text string) string { return "<p><em>" + figure.EscapeHTML(text) + "</em></p>" }
