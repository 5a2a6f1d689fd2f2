// Package imageserver serves pleasant images over real HTTP from the reader's own machine, as slowly and as badly as a
// lesson needs: with latency, at a given bandwidth, and with faults. So a chapter about downloads runs anywhere, offline.
//
//	imageserver.With(func(server *imageserver.Server, folder string) { // each response begins after 300 ms
//		urls := server.URLs(10)   // http://127.0.0.1:41573/image/0.png and so on
//		urls[3] += "?fault=404"   // one of them is missing
//		// download them into folder
//		fmt.Println(server.MostInFlight())
//		fmt.Print(server.Log())
//	})
//
// # URLs
//
// /image/0.png to /image/499.png, and the same pictures as /image/0.jpg and so on. What goes wrong is in the query, so that
// a reader sees it and any client in any language gets it:
//
//	latency=2s             the response begins that much later; 0s to 1m
//	bandwidth=20000        the body comes at so many bytes a second; 1000 to 1000000000
//	fault=404              the image is missing
//	fault=429&after=2s     too many requests, with Retry-After; once that long has passed, the image; 1s to 60s, or 1s
//	fault=500&times=3      the server fails so many times, then sends the image; 1 to 100, or 1
//	fault=hang             no response at all; the connection is cut after a minute
//	fault=cut              Content-Length promises the whole image, and after half of it the connection is cut
//	fault=noimage          status 200 and an image's Content-Type, but the body is a web page
//	fault=redirect         redirected to the same URL, for ever and without latency
//
// The faults 429 and 500 are counted for each URL as it was written, and the header X-Attempt says which attempt a
// response answers. Anything else in the query is answered by status 400 and a sentence that says what is wrong.
//
// # Python
//
// [Python] runs a Python program with a server of its own. Helpers that measure or draw Python programs take [Server.Env].
// Either way a program finds ten URLs in IMAGE_URLS:
//
//	urls = os.environ["IMAGE_URLS"].split()
package imageserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tutorial/helpers/display"
	"tutorial/helpers/python"
)

// A Server answers on the loopback interface until it is closed. All methods may be called from several goroutines at once,
// those that read the log also after Close.
type Server struct {
	defaults conduct
	http     *httptest.Server
	slots    chan struct{} // holds an element for each request that may be worked on besides; nil if there is no limit
	stopping chan struct{} // closed by Close
	close    func()
	started  time.Time

	mu       sync.Mutex
	trials   map[string]*trial // by URL
	entries  []*entry          // the log
	inFlight int
	most     int
	idle     sync.Cond // there is nothing in flight any more; its lock is mu
}

// An Option sets what holds for the requests that do not say otherwise in their URL.
type Option func(*Server) error

// Latency sets how long after the request a response begins: 0 to a minute, and 300 ms without this option.
func Latency(d time.Duration) Option {
	return func(s *Server) error {
		if d < 0 || d > maxLatency {
			return fmt.Errorf("option Latency(%v): the latency must be from 0 to %v", d, maxLatency)
		}
		s.defaults.latency = d
		return nil
	}
}

// Bandwidth sets how many bytes of a body come in a second, for each response by itself: 1000 to 1e9. Without this option
// a body comes at once.
func Bandwidth(bytesPerSecond int) Option {
	return func(s *Server) error {
		if bytesPerSecond < minBandwidth || bytesPerSecond > maxBandwidth {
			return fmt.Errorf("option Bandwidth(%d): the bandwidth must be from %d to %d bytes a second", bytesPerSecond, minBandwidth, maxBandwidth)
		}
		s.defaults.bandwidth = bytesPerSecond
		return nil
	}
}

// AtOnce sets how many requests the server works on at the same time, at least 1; the others wait in the order of their
// arrival, and their latency begins when it is their turn. They are in flight meanwhile. Without this option none waits.
func AtOnce(n int) Option {
	return func(s *Server) error {
		if n < 1 {
			return fmt.Errorf("option AtOnce(%d): the server must work on at least 1 request at a time", n)
		}
		s.slots = make(chan struct{}, n)
		for range n {
			s.slots <- struct{}{}
		}
		return nil
	}
}

const defaultLatency = 300 * time.Millisecond

// Start starts a server on a free port of 127.0.0.1, where no other machine can reach it. It fails if an option is out of its
// range or if the system gives it no port. Close it after use.
func Start(options ...Option) (*Server, error) {
	s := &Server{
		defaults: conduct{latency: defaultLatency},
		stopping: make(chan struct{}),
		trials:   make(map[string]*trial),
	}
	for _, option := range options {
		if option == nil {
			return nil, errors.New("an option of the image server is nil: leave it out or make it with Latency, Bandwidth or AtOnce")
		}
		if err := option(s); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the image server got no port of this machine: %w", err)
	}
	s.started = time.Now()
	s.idle.L = &s.mu
	s.close = sync.OnceFunc(s.shutDown)
	s.http = &httptest.Server{Listener: listener, Config: &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      3 * time.Minute, // Above the longest latency and the slowest body together.
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // What clients do wrong is in the log of requests.
	}}
	s.http.Start()
	return s, nil
}

// Close ends the server at once: it cuts connections that are in use, gives up the port and waits until everything has ended,
// which takes milliseconds. Further calls do nothing. The log can still be read.
func (s *Server) Close() { s.close() }

func (s *Server) shutDown() {
	s.http.Listener.Close() // first: a client whose connection is cut may ask again
	close(s.stopping)
	s.http.CloseClientConnections()
	s.http.Close()
}

// With starts a server, calls use with it and an empty folder, and afterwards closes the server and removes the folder, as a
// with block does in Python. If there can be no server or no folder, it ends the program, see [display.Fail].
func With(use func(server *Server, folder string), options ...Option) {
	server, err := Start(options...)
	if err != nil {
		display.Fail(err)
	}
	defer server.Close()
	folder, err := os.MkdirTemp("", "images-")
	if err != nil {
		display.Fail(fmt.Errorf("there is no folder for images: %w", err))
	}
	defer os.RemoveAll(folder)
	use(server, folder)
}

// URL is the server's address, such as http://127.0.0.1:41573, without a slash at its end.
func (s *Server) URL() string { return s.http.URL }

// URLs returns the addresses of the first n images, PNG and JPEG in turn. A query may be appended to each, see the package
// comment. It panics if n is negative or greater than [Images].
//
// The first call in a program draws the images, and only then returns: drawn in the middle of ten downloads, they would keep
// the processors from what is to be measured.
func (s *Server) URLs(n int) []string {
	if n < 0 || n > Images {
		panic(fmt.Sprintf("imageserver: URLs(%d): there are only %d different images", n, Images))
	}
	draw(n)
	urls := make([]string, n)
	for i := range urls {
		urls[i] = s.http.URL + "/image/" + strconv.Itoa(i) + "." + string(naturalFormat(i))
	}
	return urls
}

// MostInFlight returns how many requests the server was answering at once, at most, since it started or since Reset.
//
// A request is in flight from when its header has been read until just before the last byte of its response is sent, so a
// client that keeps to a limit is never seen above it. One that gives up a request and makes another can be: the server hears
// of the first a moment later.
func (s *Server) MostInFlight() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most
}

// Log returns a copy of the log of requests, in the order of their arrival; those under way have the outcome [InFlight].
func (s *Server) Log() Log {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := make(Log, len(s.entries))
	for i, e := range s.entries {
		l[i] = e.Request
	}
	return l
}

// Wait returns when nothing is in flight. A client that gives up a request does not wait for the server to hear of it; call
// Wait before reading a log that is to tell of that. Close ends what is in flight, and so Wait too.
func (s *Server) Wait() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.inFlight > 0 {
		s.idle.Wait()
	}
}

// Reset forgets the log, the most in flight, and the attempts that were counted for faults. What is in flight at the moment is
// not in the new log, yet it goes on counting as in flight.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries, s.most = nil, s.inFlight
	clear(s.trials)
}

// Env returns the variables by which a Python program finds the images: IMAGE_URLS holds the first ten URLs,
// separated by blanks, and NO_PROXY keeps Python from asking a proxy for them. Give them to [tutorial/helpers/timing.Env] or
// [tutorial/helpers/timeline.Env].
func (s *Server) Env() []string {
	env := []string{"IMAGE_URLS=" + strings.Join(s.URLs(10), " ")}
	const loopback = "127.0.0.1"
	for _, name := range []string{"NO_PROXY", "no_proxy"} { // Python prefers one or the other, by the library.
		hosts := strings.Split(os.Getenv(name), ",")
		if !slices.Contains(hosts, loopback) {
			hosts = append(hosts, loopback)
		}
		env = append(env, name+"="+strings.TrimPrefix(strings.Join(hosts, ","), ","))
	}
	return env
}

// Python starts a server, runs a Python program that finds the server's URLs in IMAGE_URLS, closes the server and returns its
// log. It is for a cell that shows a download in Python:
//
//	imageserver.Python(`
//	import os
//	import requests
//	from concurrent.futures import ThreadPoolExecutor
//
//	def download(url):
//	    return len(requests.get(url, timeout=5).content)
//
//	urls = os.environ["IMAGE_URLS"].split()
//	with ThreadPoolExecutor(max_workers=10) as pool:
//	    print(sum(pool.map(download, urls)), "bytes")
//	`)
//
// If the program fails, so does the cell: Python ends it with status 1 (see [display.Fail]) below Python's own traceback. An
// interrupt ends both.
func Python(source string, options ...Option) Log {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s, err := Start(options...)
	if err == nil {
		err = python.Run(ctx, source, s.Env()...)
		s.Close() // What the program left unread is closed now, so the log has no request that is still under way.
	}
	if err != nil {
		display.Fail(err)
	}
	return s.Log()
}
