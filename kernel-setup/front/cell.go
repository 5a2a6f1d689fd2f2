package main

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"tutorial/kernel-setup/front/explain"
)

// What a cell may show. A notebook with more is slow to open, and stops a browser.
const (
	maxLines    = 5_000
	maxBytes    = 1 << 20 // of text
	maxDisplays = 1_000
	maxShown    = 64 << 20 // of what is displayed
	tailBytes   = 1 << 10  // the end of what is left out
	// A program that has printed so much more, which nobody will see, is ended.
	endlessBytes = 16 << 20
	// The same of displays, which may be a progress bar's.
	endlessDisplays = 100 * maxDisplays
	endlessShown    = 10 * maxShown
)

// A cell is one that runs, or waits for its turn.
type cell struct {
	source      string
	refused     string // why GoNB has not been asked to run it
	turn        int    // which of those that were begun it is
	number      int
	interrupted bool

	lines, bytes       int // of text that was shown
	displays, shown    int
	leftOut            int // lines
	leftBytes          int
	tail               [2]*message // the last that were left out
	stopped            bool        // for the reason that it prints without end
	redText            bool        // it has printed on standard error
	midLine            bool        // and not ended the line
	held               string      // the beginning of a line on standard error, for its end
	trace              strings.Builder
	status             *message // "exit status 2", until it is known whether an error follows
	report             *explain.Report
	idle, answered     bool          // GoNB has said that it ended, and has replied, in whatever order
	reported, finished chan struct{} // closed
}

// A book has the cells that have not ended, and the sources of all.
type book struct {
	mu       sync.Mutex
	cells    map[string]*cell // by the ID of the request
	sources  explain.Sources
	begun    int
	expected string // the file that a program leaves which has ended before it could show something
}

type stream struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type failure struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// begin notes a cell that is to run, and returns the request for GoNB. What GoNB must not see is replaced by an empty cell, so that
// the cell keeps its turn and gets its number.
func (b *book) begin(m *message) *message {
	request := content[map[string]any](m)
	source, ok := request["code"].(string)
	if !ok {
		return m
	}
	c := &cell{source: source, refused: explain.Refusal(source), reported: make(chan struct{}), finished: make(chan struct{})}
	b.mu.Lock()
	b.begun++
	c.turn = b.begun
	b.cells[m.header.ID] = c
	b.mu.Unlock()
	if request["code"] = explain.FullPaths(source); c.refused != "" {
		request["code"] = ""
	}
	if request["code"] == source {
		return m
	}
	return m.with(request)
}

// interrupt marks the cell that runs or is to run next, and returns it. There is none if nothing is to run, or if the cell is being
// ended already.
func (b *book) interrupt() (c *cell) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, other := range b.cells {
		if !other.idle && !other.answered && (c == nil || other.turn < c.turn) {
			c = other
		}
	}
	if c == nil || c.interrupted || c.stopped {
		return nil
	}
	c.interrupted = true
	return c
}

// over reports whether a cell has ended, in whichever way that was heard first.
func (b *book) over(c *cell) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return c.idle || c.answered
}

// publish returns what becomes of a message about a cell that GoNB publishes. Stop is to be called if the cell has to be ended.
func (b *book) publish(m *message, stop func(*cell)) []*message {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.cells[m.parent.ID]
	if c == nil {
		return []*message{m}
	}
	switch m.header.Type {
	case "status":
		return b.changeState(c, m)
	case "execute_input":
		input := content[map[string]any](m)
		number, _ := input["execution_count"].(float64)
		c.number = int(number)
		b.sources[c.number] = c.source
		if input["code"] != c.source {
			input["code"] = c.source
			m = m.with(input)
		}
		return []*message{m}
	case "stream":
		return b.text(c, m, stop)
	case "error":
		return b.fail(c, m)
	case "display_data", "execute_result", "update_display_data":
		return c.display(m, stop)
	}
	return []*message{m}
}

func (b *book) changeState(c *cell, m *message) []*message {
	if content[struct {
		State string `json:"execution_state"`
	}](m).State != "idle" {
		return []*message{m}
	}
	out := c.end(m, b.sources)
	why := c.refused
	if c.stopped {
		why = stopped
	}
	if why != "" && c.report == nil { // GoNB knows nothing of it
		c.settle(explain.Report{Value: why, Traceback: []string{why}})
		out = append(out, m.also("error", c.failure()))
	}
	missing, err := os.ReadFile(b.expected)
	os.Remove(b.expected)
	if err == nil && c.report == nil {
		out = append(out, m.also("stream", stream{"stderr", string(missing) + "\n"}))
	}
	c.idle = true
	b.forget(m.parent.ID, c)
	close(c.finished)
	return append(out, m)
}

// end returns what is still to be said when a cell has ended.
func (c *cell) end(m *message, sources explain.Sources) (out []*message) {
	say := func(name, text string) {
		if text != "" {
			out = append(out, m.also("stream", stream{name, text}))
		}
	}
	if c.leftOut > 0 || c.leftBytes > 0 {
		ended := ""
		if c.stopped {
			ended = "It went on without end, and was stopped. "
		}
		say("stderr", fmt.Sprintf("\n%s%s lines, %s KB, were left out. Their end:\n", ended, thousands(c.leftOut), thousands(c.leftBytes>>10)))
		say("stdout", c.lastLines())
	}
	say("stderr", explain.Trace(c.held))
	if c.report == nil { // it has not failed, whatever it says
		say("stderr", explain.Trace(c.trace.String()))
		if c.redText {
			say("stderr", explain.Printed(c.source))
		}
	}
	if c.status != nil {
		out = append(out, c.status)
	}
	if c.report == nil {
		say("stderr", sources.Surprises(c.number))
	}
	return out
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// lastLines are the last of those that were left out.
func (c *cell) lastLines() string {
	text := ""
	for _, m := range c.tail {
		if m != nil {
			text += content[stream](m).Text
		}
	}
	if over := len(text) - tailBytes; over > 0 {
		text = text[over:]
		if _, whole, ok := strings.Cut(text, "\n"); ok && whole != "" { // there may be but one line
			text = whole
		}
	}
	return strings.ToValidUTF8(text, "")
}

// GoNB repeats the flags that a cell sets.
var (
	flagsEcho = regexp.MustCompile(`^%goflags=\[.*\]\n$`)
	runs      = regexp.MustCompile(`(?m)^%(%|test|main)`)
)

var exitStatus = regexp.MustCompile(`^(\^C\n)?(exit status \d+|signal: [\w ]+)\n$`)

// text passes what a cell has printed, up to a limit. The report of a crash waits for the end of the cell.
func (b *book) text(c *cell, m *message, stop func(*cell)) []*message {
	if c.leftBytes > 0 || c.leftOut > 0 {
		raw := m.parts[contentPart] // there is much of it, so it is not decoded
		c.leftOut += bytes.Count(raw, []byte(`\n`))
		c.leftBytes += len(raw)
		c.tail[0], c.tail[1] = c.tail[1], m
		if c.leftBytes > endlessBytes && !c.stopped {
			c.stopped = true
			stop(c)
		}
		return nil
	}
	s := content[stream](m)
	if c.lines+c.displays == 0 && flagsEcho.MatchString(s.Text) && runs.MatchString(c.source) {
		return nil // what the cell is there to show comes first
	}
	if s.Name == "stderr" {
		if exitStatus.MatchString(s.Text) && explain.IsGo(c.source) {
			c.status = m
			return nil
		}
		if s.Text = c.red(s.Text); s.Text == "" {
			return nil
		}
	} else if unplaced.MatchString(s.Text) {
		s.Text = explain.Trace(b.placed(s.Text, c.number))
	}
	shown, rest := c.limit(s.Text)
	out := []*message{}
	if shown != "" {
		out = append(out, m.with(stream{s.Name, shown}))
	}
	if rest != "" {
		c.leftOut, c.leftBytes = strings.Count(rest, "\n"), len(rest)
		c.tail[1] = m.with(stream{s.Name, rest})
		out = append(out, m.also("stream", stream{"stderr", fmt.Sprintf(
			"\nThis cell prints more than %s lines or %d MB. What follows is not shown, except for the end. A cell that goes on without end is stopped.\n",
			thousands(maxLines), maxBytes>>20)}))
	}
	return out
}

// limit cuts text where the cell has printed as much as it may.
func (c *cell) limit(text string) (shown, rest string) {
	at := len(text)
	if lines := strings.Count(text, "\n"); c.lines+lines > maxLines {
		at = 0
		for range maxLines - c.lines {
			at += strings.IndexByte(text[at:], '\n') + 1
		}
	}
	if c.bytes+at > maxBytes {
		at = max(0, maxBytes-c.bytes)
	}
	shown, rest = strings.ToValidUTF8(text[:at], ""), text[at:]
	c.lines += strings.Count(shown, "\n")
	c.bytes += at
	return shown, rest
}

// red returns what is to be shown of text on standard error.
func (c *cell) red(text string) string {
	c.redText = true
	if c.trace.Len() > 0 {
		c.trace.WriteString(text)
		return ""
	}
	text, c.held = c.held+text, ""
	at := explain.Crash(text)
	if at == 0 && c.midLine {
		at = -1 // it is within a line
	}
	if at >= 0 {
		c.trace.WriteString(text[at:])
		text = text[:at]
	} else if end := strings.LastIndexByte(text, '\n') + 1; strings.Contains(text[end:], "gonb_") || strings.Contains(text[end:], "[[ Cell") {
		text, c.held = text[:end], text[end:] // a place may be cut in two
	}
	if text != "" {
		c.midLine = !strings.HasSuffix(text, "\n")
	}
	return explain.Trace(text)
}

// display passes what a cell displays, up to a limit. One that goes on long after that is ended.
func (c *cell) display(m *message, stop func(*cell)) []*message {
	full := c.displays > maxDisplays || c.shown > maxShown
	c.displays++
	c.shown += len(m.parts[contentPart])
	switch {
	case full:
		if (c.displays > endlessDisplays || c.shown > endlessShown) && !c.stopped {
			c.stopped = true
			stop(c)
		}
		return nil
	case c.displays > maxDisplays || c.shown > maxShown:
		return []*message{m.also("stream", stream{"stderr", fmt.Sprintf("\nThis cell displays more than %s things or %d MB. What follows is not shown.\n", thousands(maxDisplays), maxShown>>20)})}
	}
	return []*message{m}
}

// fail replaces GoNB's report of an error.
func (b *book) fail(c *cell, m *message) []*message {
	e := content[failure](m)
	switch {
	case c.interrupted || c.stopped:
		c.settle(explain.Report{Value: stopped, Traceback: []string{stopped}})
	case exitStatus.MatchString(e.Value + "\n"):
		c.settle(b.sources.Failed(c.number, e.Value, explain.Trace(b.placed(c.trace.String(), c.number))))
	default:
		c.settle(b.sources.NotBuilt(c.number, e.Value, e.Traceback))
	}
	c.status = nil // the report says it
	if c.interrupted || c.stopped {
		c.trace.Reset()
	}
	out := []*message{}
	if c.held != "" {
		out = append(out, m.also("stream", stream{"stderr", explain.Trace(c.held)}))
		c.held = ""
	}
	return append(out, m.with(c.failure()))
}

var unplaced = regexp.MustCompile(`(?m)^(\t| +)(/\S*/gonb_[0-9a-f]{8}/[\w.-]+\.go):(\d+)`)

// placed puts the cell's line, as GoNB does, before places where it has not: it looks for none in standard output, and sees none in a
// line that reaches it in two pieces.
func (b *book) placed(text string, number int) string {
	return unplaced.ReplaceAllStringFunc(text, func(place string) string {
		found := unplaced.FindStringSubmatch(place)
		content, err := os.ReadFile(found[2])
		built := strings.Split(string(content), "\n")
		at, _ := strconv.Atoi(found[3])
		if err != nil || at < 1 || at > len(built) {
			return place
		}
		for cell := number; cell > 0; cell-- {
			if line := lineOf(strings.Split(b.sources[cell], "\n"), built[:at]); line > 0 {
				return fmt.Sprintf("%s \x1b[7m[[ Cell [%d] Line %d ]]\x1b[0m %s", found[1], cell, line, place[len(found[1]):])
			}
		}
		return place
	})
}

// lineOf is the line of a cell, from 1, that has the text of the last of these. If several have, it is the one with the most lines
// before it that are the same too; it is 0 if there is none.
func lineOf(cell, built []string) (line int) {
	most := 0
	for i := range cell {
		same := 0
		for same <= i && same < len(built) && strings.TrimSpace(cell[i-same]) == strings.TrimSpace(built[len(built)-1-same]) {
			same++
		}
		if same > most {
			line, most = i+1, same
		} else if same == most && same > 0 {
			line = 0
		}
	}
	return line
}

// stopped is the report of a cell that somebody has stopped.
const stopped = "The cell was stopped."

// settle says what the report of the cell is.
func (c *cell) settle(r explain.Report) {
	if c.report == nil {
		c.report = &r
		close(c.reported)
	}
}

func (c *cell) failure() failure { return failure{"Error", c.report.Value, c.report.Traceback} }

// forget drops a cell of which GoNB will say no more. The caller holds the lock.
func (b *book) forget(id string, c *cell) {
	if c.idle && c.answered {
		delete(b.cells, id)
	}
}

// replied returns what becomes of GoNB's reply to the request for a cell: the report in it is that which was published.
func (b *book) replied(m *message) *message {
	b.mu.Lock()
	c := b.cells[m.parent.ID]
	differs := false
	if c != nil {
		differs = c.refused != "" || c.stopped
		c.answered = true
		b.forget(m.parent.ID, c)
	}
	b.mu.Unlock()
	reply := content[map[string]any](m)
	if c == nil || reply["status"] != "error" && !differs {
		return m
	}
	select { // the publication is another connection, on which much may wait before it
	case <-c.reported:
	case <-c.finished:
		b.mu.Lock()
		defer b.mu.Unlock()
		if c.report == nil {
			return m
		}
	}
	f := c.failure()
	reply["status"], reply["ename"], reply["evalue"], reply["traceback"] = "error", f.Name, f.Value, f.Traceback
	return m.with(reply)
}
