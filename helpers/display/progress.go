package display

import (
	"sync"

	"github.com/janpfeifer/gonb/gonbui"

	"tutorial/helpers/figure"
)

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
	mu   sync.Mutex
	id   string // of the display; "" until there is one
	done bool
}

// NewProgress returns a Progress that has not appeared yet.
func NewProgress() *Progress { return &Progress{} }

// Update replaces the line, at once: call it some times a second at most. After the end it does nothing, nor does it outside a
// notebook.
func (p *Progress) Update(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done || !InNotebook() || gonbui.Error() != nil {
		return
	}
	if p.id == "" {
		p.id = "progress_" + gonbui.UniqueId()
	}
	send(p.id, line(text), text)
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
	if p.id != "" && markup == "" {
		markup = " " // A message without markup would leave the old one standing in some front ends.
	}
	send(p.id, markup, text)
}

func line(text string) string { return "<p><em>" + figure.EscapeHTML(text) + "</em></p>" }
