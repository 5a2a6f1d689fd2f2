package imageserver_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tutorial/helpers/imageserver"
)

func TestOnlyThisMachineReachesTheServer(t *testing.T) {
	t.Parallel()
	s := start(t)
	address := strings.TrimPrefix(s.URL(), "http://")
	host, port, err := net.SplitHostPort(address)
	if err != nil || host != "127.0.0.1" {
		t.Fatalf("the address is %q", address)
	}
	connects := func(host string) bool {
		conn, err := net.DialTimeout("tcp", net.JoinHostPort(host, port), 10*time.Second)
		if err == nil {
			conn.Close()
		}
		return err == nil
	}
	if !connects("127.0.0.1") {
		t.Error("nothing answers on 127.0.0.1")
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if ip := a.(*net.IPNet).IP; !ip.IsLoopback() && !ip.IsLinkLocalUnicast() && connects(ip.String()) {
			t.Errorf("something answers on %s", ip)
		}
	}
}

func TestOptionsOutOfRangeAreRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		option imageserver.Option
		says   string
	}{
		{imageserver.Latency(-1), "option Latency(-1ns): the latency must be from 0 to 1m0s"},
		{imageserver.Latency(time.Minute + 1), "option Latency(1m0.000000001s)"},
		{imageserver.Bandwidth(0), "option Bandwidth(0): the bandwidth must be from 1000 to 1000000000 bytes a second"},
		{imageserver.Bandwidth(1e9 + 1), "option Bandwidth(1000000001)"},
		{imageserver.AtOnce(0), "option AtOnce(0): the server must work on at least 1 request at a time"},
		{nil, "an option of the image server is nil"},
	} {
		s, err := imageserver.Start(test.option)
		if err == nil {
			s.Close()
		}
		if !strings.HasPrefix(fmt.Sprint(err), test.says) {
			t.Errorf("the error is %v, want %q", err, test.says)
		}
	}
}

func TestURLsAreImagesOfBothFormats(t *testing.T) {
	t.Parallel()
	s := start(t)
	want := []string{s.URL() + "/image/0.png", s.URL() + "/image/1.jpg", s.URL() + "/image/2.png"}
	if got := s.URLs(3); !slices.Equal(got, want) {
		t.Errorf("the URLs are %v", got)
	}
	if len(s.URLs(0)) != 0 || len(s.URLs(imageserver.Images)) != imageserver.Images {
		t.Error("no URLs, or all of them, cannot be had")
	}
	for _, n := range []int{-1, imageserver.Images + 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("URLs(%d) does not panic", n)
				}
			}()
			s.URLs(n)
		}()
	}
}

// firstByte returns when the first byte of the body was there, and when the last.
func firstByte(t *testing.T, client *http.Client, url string) (first, last time.Duration) {
	t.Helper()
	begin := time.Now()
	r, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if _, err := io.ReadFull(r.Body, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	first = time.Since(begin)
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		t.Fatal(err)
	}
	return first, time.Since(begin)
}

func TestLatencyAndBandwidthAreAsAskedFor(t *testing.T) {
	t.Parallel()
	length := len(imageserver.Encoded(0, "png"))
	bandwidth := length / 2 // so the body takes two seconds, and three times that would be seen
	for name, test := range map[string]struct {
		options     []imageserver.Option
		query       string
		first, last time.Duration
	}{
		"at once":               {nil, "", 0, 0},
		"latency of the server": {[]imageserver.Option{imageserver.Latency(400 * time.Millisecond)}, "", 400 * time.Millisecond, 400 * time.Millisecond},
		"latency of the URL":    {[]imageserver.Option{imageserver.Latency(time.Minute)}, "?latency=0.2s", 200 * time.Millisecond, 200 * time.Millisecond},
		"bandwidth of the server": {[]imageserver.Option{imageserver.Bandwidth(bandwidth)}, "", 0,
			2 * time.Second},
		"both of the URL": {[]imageserver.Option{imageserver.Bandwidth(1000)}, fmt.Sprintf("?latency=200ms&bandwidth=%d", bandwidth),
			200 * time.Millisecond, 2200 * time.Millisecond},
		"latency of a fault": {nil, "?fault=noimage&latency=200ms", 200 * time.Millisecond, 200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, client := start(t, test.options...), newClient(t)
			first, last := firstByte(t, client, s.URLs(1)[0]+test.query)
			// One byte less than the whole is limited, and the clock of both sides is one: the lower bounds are exact.
			const byteTime = time.Millisecond
			if first < test.first || first > test.first+slack {
				t.Errorf("the first byte came after %v, want %v", first, test.first)
			}
			if last < test.last-byteTime || last > test.last+slack {
				t.Errorf("the last byte came after %v, want %v", last, test.last)
			}
		})
	}
}

// A lock around the waiting, or waiting in turns, would take 50 seconds.
func TestLatencyDoesNotAddUp(t *testing.T) {
	t.Parallel()
	s, client := start(t, imageserver.Latency(time.Second)), newClient(t)
	begin := time.Now()
	var wg sync.WaitGroup
	url := s.URLs(1)[0]
	for range 50 {
		wg.Go(func() {
			if r, err := get(t.Context(), client, url); err != nil || r.status != http.StatusOK {
				t.Errorf("%d, %v", r.status, err)
			}
		})
	}
	wg.Wait()
	if took := time.Since(begin); took < time.Second || took > 25*time.Second { // one after another they take twice that
		t.Errorf("50 images of 1 s each took %v", took)
	}
	if s.MostInFlight() != 50 {
		t.Errorf("at most %d were in flight", s.MostInFlight())
	}
}

func TestTheServerWorksOnAsManyAtOnceAsItMay(t *testing.T) {
	t.Parallel()
	s, client := start(t, imageserver.AtOnce(2), imageserver.Latency(200*time.Millisecond)), newClient(t)
	begin := time.Now()
	var wg sync.WaitGroup
	for _, url := range s.URLs(6) {
		wg.Go(func() {
			if r, err := get(t.Context(), client, url); err != nil || r.status != http.StatusOK {
				t.Errorf("%s: %d, %v", url, r.status, err)
			}
		})
	}
	wg.Wait()
	if took, want := time.Since(begin), 600*time.Millisecond; took < want || took > want+4*slack {
		t.Errorf("6 images of 200 ms each, 2 at once, took %v", took)
	}
}

func TestARequestInTheQueueEndsWithItsClientOrTheServer(t *testing.T) {
	t.Parallel()
	s, client := start(t, imageserver.AtOnce(1)), newClient(t)
	var wg sync.WaitGroup
	send := func(ctx context.Context, query string) {
		before := len(s.Log())
		wg.Go(func() { get(ctx, client, s.URL()+"/image/0.png"+query) })
		eventually(t, "the request arrives", func() bool { return len(s.Log()) == before+1 })
	}
	outcome := func(i int) imageserver.Outcome { return s.Log()[i].Outcome }
	send(t.Context(), "?fault=hang")
	eventually(t, "it is worked on", func() bool { return imageserver.Working(s) == 1 })
	ctx, leave := context.WithCancel(t.Context())
	send(ctx, "")
	send(t.Context(), "")
	leave()
	eventually(t, "the server notices", func() bool { return outcome(1) == imageserver.Cancelled })
	if outcome(2) != imageserver.InFlight {
		t.Errorf("the last in the queue is %q", outcome(2))
	}
	wg.Go(func() { s.Close() })
	s.Wait()
	if outcome(0) != imageserver.Stopped || outcome(2) != imageserver.Stopped {
		t.Errorf("after Close: %q and %q", outcome(0), outcome(2))
	}
	wg.Wait()
}

func TestMostInFlightIsExact(t *testing.T) {
	t.Parallel()
	s, client := start(t), newClient(t)
	if s.MostInFlight() != 0 {
		t.Error("something was in flight before the first request")
	}
	// Three, of which two leave; then five more: 1 + 5.
	hang := func(n int) (leave func()) {
		ctx, cancel := context.WithCancel(t.Context())
		before := outcomes(s.Log())[imageserver.InFlight]
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() { get(ctx, client, s.URL()+"/image/0.png?fault=hang") })
		}
		eventually(t, "the requests arrive", func() bool { return outcomes(s.Log())[imageserver.InFlight] == before+n })
		return func() {
			cancel()
			wg.Wait()
			eventually(t, "the server notices", func() bool { return outcomes(s.Log())[imageserver.InFlight] == before })
		}
	}
	leaveOne := hang(1)
	leaveTwo := hang(2)
	if s.MostInFlight() != 3 {
		t.Errorf("3 are in flight, it says %d", s.MostInFlight())
	}
	leaveTwo()
	leaveFive := hang(5)
	leaveFive()
	if got, inLog := s.MostInFlight(), s.Log().MostInFlight(); got != 6 || inLog != 6 {
		t.Errorf("at most 6 were in flight, it says %d, and the log %d", got, inLog)
	}
	s.Reset()
	if got := s.MostInFlight(); got != 1 {
		t.Errorf("one goes on after Reset, it says %d", got)
	}
	leaveOne()
}

// The client may send its next request as soon as it has the last byte, on another connection too. Those two never overlap.
func TestAClientIsNeverCountedAboveItsLimit(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{1, 3} {
		for name, keepAlive := range map[string]bool{"one connection": true, "a connection each": false} {
			t.Run(fmt.Sprint(workers, " and ", name), func(t *testing.T) {
				t.Parallel()
				s, client := start(t), newClient(t)
				client.Transport.(*http.Transport).DisableKeepAlives = !keepAlive
				queries := []string{"", "?fault=404", "?fault=noimage", "?bandwidth=100000000", "?times=7", "?fault=cut"}
				var wg sync.WaitGroup
				for range workers {
					wg.Go(func() {
						for i := range 120 {
							get(t.Context(), client, s.URL()+"/image/0.png"+queries[i%len(queries)])
						}
					})
				}
				wg.Wait()
				if got := s.MostInFlight(); got < 1 || got > workers {
					t.Errorf("%d clients were seen as %d at once", workers, got)
				}
			})
		}
	}
}

func TestTheLogTellsWhatHappenedInOrder(t *testing.T) {
	t.Parallel()
	s, client := start(t), newClient(t)
	begin := time.Now()
	image := len(imageserver.Encoded(1, "jpg"))
	want := []imageserver.Request{
		{Method: "GET", URL: "/image/1.jpg", Status: 200, Bytes: image, Outcome: imageserver.Answered},
		{Method: "GET", URL: "/image/1.jpg?fault=404&latency=0s", Status: 404, Outcome: imageserver.Answered},
		{Method: "GET", URL: "/image/1.jpg?fault=cut", Status: 200, Bytes: image / 2, Outcome: imageserver.CutOff},
		{Method: "GET", URL: "/nothing", Status: 404, Outcome: imageserver.Answered},
		{Method: "POST", URL: "/image/1.jpg", Status: 405, Outcome: imageserver.Answered},
	}
	for i := range want {
		r, _ := do(t.Context(), client, want[i].Method, s.URL()+want[i].URL)
		if want[i].Status >= 400 {
			want[i].Bytes = len(r.body)
		}
	}
	// A client that gives up.
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		get(ctx, client, s.URL()+"/image/2.png?latency=50s")
	}()
	eventually(t, "the request arrives", func() bool { return len(s.Log()) == len(want)+1 })
	if last := s.Log()[len(want)]; last.Outcome != imageserver.InFlight || last.Left != 0 {
		t.Errorf("the request under way is logged as %+v", last)
	}
	cancel()
	<-gone
	want = append(want, imageserver.Request{Method: "GET", URL: "/image/2.png?latency=50s", Outcome: imageserver.Cancelled})
	eventually(t, "the server notices", func() bool { return s.Log()[len(want)-1].Outcome != imageserver.InFlight })

	log := s.Log()
	if len(log) != len(want) {
		t.Fatalf("the log has %d requests:\n%v", len(log), log)
	}
	last := time.Duration(0)
	for i, got := range log {
		if got.Arrived < last || got.Left < got.Arrived || got.Left > time.Since(begin)+slack || got.InFlight != 1 {
			t.Errorf("times or count are wrong in %+v", got)
		}
		last = got.Arrived
		got.Arrived, got.Left, got.InFlight = 0, 0, 0
		if got != want[i] {
			t.Errorf("the log has %+v, want %+v", got, want[i])
		}
	}
	text := log.String()
	for _, row := range []string{
		"request ", "GET /image/1.jpg?fault=404&latency=0s ", "client cancelled\n", "cut off\n", "6 requests, at most 1 in flight at once\n",
	} {
		if !strings.Contains(text, row) {
			t.Errorf("no %q in\n%s", row, text)
		}
	}
	log[0].URL = "changed"
	if s.Log()[0].URL == "changed" {
		t.Error("the log is not a copy")
	}
}

func TestAClientThatLeavesMidwayIsNoticed(t *testing.T) {
	t.Parallel()
	s, client := start(t), newClient(t)
	r, err := client.Get(s.URL() + "/image/2.png?bandwidth=1000") // the body takes many seconds
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(r.Body, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	eventually(t, "the server notices", func() bool { return s.Log()[0].Outcome == imageserver.Cancelled })
	if got := s.Log()[0]; got.Bytes < 1 || got.Bytes > 30_000 || got.Status != http.StatusOK {
		t.Errorf("logged as %+v", got)
	}
}

func TestCloseEndsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	s, client := start(t), newClient(t)
	mustGet(t, client, s.URLs(1)[0]) // leaves an idle connection
	paths := []string{"/image/0.png?fault=hang", "/image/0.png?latency=1m", "/image/2.png?bandwidth=1000"}
	errs := make(chan error)
	for _, path := range paths {
		go func() {
			_, err := get(t.Context(), client, s.URL()+path)
			errs <- err
		}()
	}
	// One that has connected and says nothing.
	silent, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	eventually(t, "the requests arrive", func() bool { return outcomes(s.Log())[imageserver.InFlight] == len(paths) })

	begin := time.Now()
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			s.Close()
		})
	}
	wg.Wait()
	if took := time.Since(begin); took > time.Second+slack {
		t.Errorf("Close took %v", took)
	}
	// All is over when Close returns, and the log says so.
	if got := outcomes(s.Log()); got[imageserver.Stopped] != len(paths) || got[imageserver.Answered] != 1 || got[imageserver.InFlight] != 0 {
		t.Errorf("the outcomes are %v", got)
	}
	for range paths {
		if err := <-errs; err == nil {
			t.Error("a request that was under way got a response")
		}
	}
	silent.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := silent.Read(make([]byte, 1)); err == nil || strings.Contains(err.Error(), "timeout") {
		t.Errorf("the silent connection gives %v", err)
	}
	if _, err := get(t.Context(), client, s.URLs(1)[0]); err == nil {
		t.Error("the server answers after Close")
	}
}
