package imageserver

import (
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// serve answers one request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	a := &answer{server: s, w: w, r: r, entry: s.enter(r.Method, r.URL.RequestURI())}
	name, isImage := strings.CutPrefix(r.URL.Path, "/image/")
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		a.sentence(http.StatusMethodNotAllowed, "Images can only be fetched: use GET or HEAD.")
	case !isImage:
		a.sentence(http.StatusNotFound, fmt.Sprintf("There is nothing at %s: the images are at /image/0.png and so on.", shorten(r.URL.Path)))
	default:
		a.image(name)
	}
}

// answer is a response in the making.
type answer struct {
	server *Server
	w      http.ResponseWriter
	r      *http.Request
	entry  *entry
	status int // 0 until it is begun
	bytes  int
}

func (a *answer) image(name string) {
	number, format, err := parseImage(name)
	if err != nil {
		a.sentence(http.StatusNotFound, "Not found: "+err.Error()+".")
		return
	}
	c, err := parseConduct(a.r.URL.RawQuery, a.server.defaults)
	if err != nil {
		a.sentence(http.StatusBadRequest, "This URL cannot be served: "+err.Error()+".")
		return
	}
	if slots := a.server.slots; slots != nil {
		slot := await(a, slots)
		defer func() { slots <- slot }()
	}
	switch c.fault {
	case faultHang:
		a.wait(maxLatency)
		a.abort(CutOff)
	case faultRedirect:
		// A latency would only add up: clients follow 10 to 30 times before they give up.
		a.w.Header().Set("Location", a.r.URL.RequestURI())
		a.sentence(http.StatusFound, "The image is somewhere else, that is, here.")
		return
	}
	begin := time.Now()
	body := encoded(number, format)
	a.wait(c.latency - time.Since(begin)) // To draw a picture that has not been drawn yet adds nothing.
	switch c.fault {
	case faultMissing:
		a.sentence(http.StatusNotFound, "This image is missing, as the URL asks for.")
		return
	case faultBusy:
		if left := c.after - time.Since(a.server.attempt(a).first); left > 0 {
			seconds := int((left + time.Second - 1) / time.Second)
			a.w.Header().Set("Retry-After", strconv.Itoa(seconds))
			a.sentence(http.StatusTooManyRequests, fmt.Sprintf("Too many requests: try again in %d s.", seconds))
			return
		}
	case faultFailing:
		if a.server.attempt(a).attempts <= c.times {
			a.sentence(http.StatusInternalServerError, "The server failed, as the URL asks for: try again.")
			return
		}
	}
	promised, sent := len(body), len(body)
	switch c.fault {
	case faultCut:
		sent /= 2
	case faultNoImage:
		body = []byte(webPage)
		promised, sent = len(body), len(body)
	}
	header := a.w.Header()
	header.Set("Content-Type", mime.TypeByExtension("."+string(format)))
	header.Set("Cache-Control", "no-store") // A repeated lesson measures again.
	a.begin(http.StatusOK, promised)
	a.send(body[:sent], c.bandwidth, sent < promised)
}

// webPage is what often comes instead of a file: the page of a network that wants a log-in first.
const webPage = `<!doctype html>
<html lang="en">
<title>Welcome to the guest network</title>
<p>Please sign in to continue.</p>
</html>
`

// sentence answers with a line of text.
func (a *answer) sentence(status int, text string) {
	header := a.w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	body := []byte(text + "\n")
	a.begin(status, len(body))
	a.send(body, 0, false)
}

// begin writes the header.
func (a *answer) begin(status, length int) {
	a.w.Header().Set("Content-Length", strconv.Itoa(length))
	a.status = status
	a.w.WriteHeader(status)
}

// slice is how often a limited body is sent on.
const slice = 10 * time.Millisecond

// send writes the body, which is not empty. The request leaves the log before its last byte leaves the server: as soon as
// the client has that, it may send another request, and the two must not be counted together.
func (a *answer) send(body []byte, bandwidth int, cut bool) {
	start := time.Now()
	chunk := len(body)
	if bandwidth > 0 {
		chunk = max(1, int(int64(bandwidth)*int64(slice)/int64(time.Second)))
	}
	last := len(body) - 1
	for a.bytes < last {
		next := min(a.bytes+chunk, last)
		a.pace(start, bandwidth)
		a.write(body[a.bytes:next])
		if bandwidth > 0 || cut {
			a.flush()
		}
	}
	a.pace(start, bandwidth)
	if cut {
		a.write(body[last:])
		a.flush()
		a.abort(CutOff)
	}
	a.bytes++
	a.leave(Answered)
	a.w.Write(body[last:])
}

// pace waits until the bytes that were sent fit the bandwidth again. It goes by the time since the start, so delays of the
// machine do not add up.
func (a *answer) pace(start time.Time, bandwidth int) {
	if bandwidth > 0 {
		due := time.Duration(float64(a.bytes) / float64(bandwidth) * float64(time.Second))
		a.wait(time.Until(start.Add(due)))
	}
}

func (a *answer) write(b []byte) {
	n, err := a.w.Write(b)
	a.bytes += n
	if err != nil {
		a.abort(Cancelled)
	}
}

func (a *answer) flush() {
	if err := http.NewResponseController(a.w).Flush(); err != nil {
		a.abort(Cancelled)
	}
}

func (a *answer) wait(d time.Duration) {
	if d > 0 {
		await(a, time.After(d))
	}
}

// await receives what it waits for, or ends the request if the client or the server goes first.
func await[T any](a *answer, ready <-chan T) (v T) {
	select {
	case v = <-ready:
	case <-a.r.Context().Done():
		a.abort(Cancelled)
	case <-a.server.stopping:
		a.abort(Stopped)
	}
	return v
}

// abort closes the connection as it is and does not return.
func (a *answer) abort(outcome Outcome) {
	// Close cuts connections too, and the handler may hear of that first.
	select {
	case <-a.server.stopping:
		outcome = Stopped
	default:
	}
	a.leave(outcome)
	panic(http.ErrAbortHandler) // net/http's own way to do so
}

func (a *answer) leave(outcome Outcome) { a.entry.leave(a.status, a.bytes, outcome) }

// trial counts the attempts at a URL whose fault passes.
type trial struct {
	attempts int
	first    time.Time // when the first was refused
}

// attempt counts one more attempt and returns a copy of the count; X-Attempt tells the client.
func (s *Server) attempt(a *answer) trial {
	s.mu.Lock()
	defer s.mu.Unlock()
	url := a.r.URL.RequestURI()
	t := s.trials[url]
	if t == nil {
		t = &trial{first: time.Now()}
		s.trials[url] = t
	}
	t.attempts++
	a.w.Header().Set("X-Attempt", strconv.Itoa(t.attempts))
	return *t
}
