package imageserver

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"tutorial/helpers/figure"
)

// Outcome says how a request ended.
type Outcome string

// The outcomes.
const (
	InFlight  Outcome = "in flight"        // not ended yet
	Answered  Outcome = "answered"         // a whole response was sent, be it an image or an error
	CutOff    Outcome = "cut off"          // the fault of the URL: the connection was closed before the response was whole
	Cancelled Outcome = "client cancelled" // the client closed the connection first
	Stopped   Outcome = "server closed"    // Close came first
)

// A Request is one line of the log.
type Request struct {
	Method   string
	URL      string        // path and query
	Arrived  time.Duration // since the server was started
	Left     time.Duration // since the server was started; 0 while it is in flight
	InFlight int           // how many requests were in flight when it had arrived, itself included: at least 1
	Status   int           // 0 if no response was begun
	Bytes    int           // of the body, as many as were sent
	Outcome  Outcome
}

// A Log holds requests in the order of their arrival.
type Log []Request

// MostInFlight returns the largest InFlight of the log, 0 for an empty one.
func (l Log) MostInFlight() int {
	most := 0
	for _, r := range l {
		most = max(most, r.InFlight)
	}
	return most
}

// Table returns the log with a row for each request; times are in milliseconds.
func (l Log) Table() figure.Table {
	t := figure.Table{Header: []string{"request", "arrived, ms", "took, ms", "in flight", "status", "bytes", "outcome"}}
	ms := func(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
	for _, r := range l {
		took, status := "–", "–"
		if r.Outcome != InFlight {
			took = ms(r.Left - r.Arrived)
		}
		if r.Status != 0 {
			status = strconv.Itoa(r.Status)
		}
		t.Rows = append(t.Rows, []string{
			shorten(r.Method + " " + r.URL), ms(r.Arrived), took, strconv.Itoa(r.InFlight), status, strconv.Itoa(r.Bytes), string(r.Outcome),
		})
	}
	return t
}

// String returns the log as a table with aligned columns, and a line of the most in flight. It ends in a newline.
func (l Log) String() string {
	var b strings.Builder
	b.WriteString(figure.Figure{Table: l.Table()}.Text())
	fmt.Fprintf(&b, "%d requests, at most %d in flight at once\n", len(l), l.MostInFlight())
	return b.String()
}

// journal is the log while it is written. Its lock is held for as long as it takes to write an entry.
type journal struct {
	started time.Time

	mu       sync.Mutex
	entries  []*entry
	inFlight int
	most     int
	idle     sync.Cond // there is nothing in flight any more; its lock is mu
}

// entry is a request in the journal; the journal's lock guards it.
type entry struct {
	journal *journal
	Request
}

func (j *journal) enter(method, url string) *entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.inFlight++
	j.most = max(j.most, j.inFlight)
	e := &entry{j, Request{Method: method, URL: url, Arrived: time.Since(j.started), InFlight: j.inFlight, Outcome: InFlight}}
	j.entries = append(j.entries, e)
	return e
}

// leave ends the request; only the first call counts.
func (e *entry) leave(status, bytes int, outcome Outcome) {
	e.journal.mu.Lock()
	defer e.journal.mu.Unlock()
	if e.Outcome != InFlight {
		return
	}
	e.Left, e.Status, e.Bytes, e.Outcome = time.Since(e.journal.started), status, bytes, outcome
	if e.journal.inFlight--; e.journal.inFlight == 0 {
		e.journal.idle.Broadcast()
	}
}

func (j *journal) wait() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for j.inFlight > 0 {
		j.idle.Wait()
	}
}

func (j *journal) mostInFlight() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.most
}

func (j *journal) copy() Log {
	j.mu.Lock()
	defer j.mu.Unlock()
	l := make(Log, len(j.entries))
	for i, e := range j.entries {
		l[i] = e.Request
	}
	return l
}

func (j *journal) reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries, j.most = nil, j.inFlight
}
