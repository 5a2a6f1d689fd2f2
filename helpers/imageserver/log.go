package imageserver

import (
	"fmt"
	"strconv"
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

// String returns the log as a table with aligned columns, times in milliseconds, and a line of the most in flight. It ends in
// a newline.
func (l Log) String() string {
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
	return fmt.Sprintf("%s%d requests, at most %d in flight at once\n", figure.Figure{Table: t}.Text(), len(l), l.MostInFlight())
}

// entry is a request of the server's log while that is written; the server's lock guards it.
type entry struct {
	server *Server
	Request
}

func (s *Server) enter(method, url string) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight++
	s.most = max(s.most, s.inFlight)
	e := &entry{s, Request{Method: method, URL: url, Arrived: time.Since(s.started), InFlight: s.inFlight, Outcome: InFlight}}
	s.entries = append(s.entries, e)
	return e
}

// leave ends the request; only the first call counts.
func (e *entry) leave(status, bytes int, outcome Outcome) {
	e.server.mu.Lock()
	defer e.server.mu.Unlock()
	if e.Outcome != InFlight {
		return
	}
	e.Left, e.Status, e.Bytes, e.Outcome = time.Since(e.server.started), status, bytes, outcome
	if e.server.inFlight--; e.server.inFlight == 0 {
		e.server.idle.Broadcast()
	}
}
