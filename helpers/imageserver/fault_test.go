package imageserver_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

func describe(r response, err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case err != nil && strings.Contains(err.Error(), "redirects"):
		return "too many redirects"
	case err != nil:
		return err.Error()
	}
	kind := "no image"
	if isImage(r.body) {
		kind = "image"
	}
	said := fmt.Sprintf("%d %s %s", r.status, r.header.Get("Content-Type"), kind)
	for _, name := range []string{"X-Attempt", "Retry-After"} {
		if v := r.header.Get(name); v != "" {
			said += " " + name + " " + v
		}
	}
	return said
}

// Each step is what a client fetches, and what it must say of it, from a server of its own. "URL 300ms" limits the time.
func TestClientsSeeTheFaults(t *testing.T) {
	t.Parallel()
	const png, jpg, text = " image/png image", " image/jpeg image", " text/plain; charset=utf-8 no image"
	tests := map[string][][2]string{
		"none":       {{"/image/0.png", "200" + png}, {"/image/0.jpg", "200" + jpg}, {"/image/499.png?bandwidth=1000000", "200" + png}},
		"missing":    {{"/image/0.png?fault=404", "404" + text}, {"/image/500.png", "404" + text}, {"/image/0.png", "200" + png}},
		"bad query":  {{"/image/0.png?latncy=1s", "400" + text}},
		"busy":       {{"/image/1.jpg?fault=429&after=60s", "429" + text + " X-Attempt 1 Retry-After 60"}, {"/image/2.jpg?fault=429", "429" + text + " X-Attempt 1 Retry-After 1"}},
		"busy, then": {{"/image/1.jpg?fault=429&after=1s", "429" + text + " X-Attempt 1 Retry-After 1"}, {"/image/1.jpg?latency=1s", "200" + jpg}, {"/image/1.jpg?fault=429&after=1s", "200" + jpg + " X-Attempt 2"}, {"/image/1.jpg?fault=429&after=1s", "200" + jpg + " X-Attempt 3"}},
		"failing": {
			{"/image/2.png?fault=500&times=2", "500" + text + " X-Attempt 1"}, {"/image/2.png?fault=500&times=2", "500" + text + " X-Attempt 2"},
			{"/image/2.png?fault=500&times=2", "200" + png + " X-Attempt 3"}, {"/image/2.png?fault=500&times=2", "200" + png + " X-Attempt 4"},
		},
		"hanging":     {{"/image/3.png?fault=hang 300ms", "timeout"}, {"/image/3.png", "200" + png}},
		"slow":        {{"/image/3.png?latency=1m 300ms", "timeout"}},
		"cut":         {{"/image/4.png?fault=cut", "cut"}, {"/image/5.jpg?fault=cut", "cut"}, {"/image/4.png?fault=cut&bandwidth=100000", "cut"}, {"/image/4.png", "200" + png}},
		"no image":    {{"/image/6.png?fault=noimage", "200 image/png no image"}, {"/image/6.jpg?fault=noimage", "200 image/jpeg no image"}},
		"redirecting": {{"/image/7.png?fault=redirect", "too many redirects"}},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, client := start(t), newClient(t)
			for _, step := range steps {
				path, limit, _ := strings.Cut(step[0], " ")
				timeout, err := time.ParseDuration(cmp.Or(limit, "1m"))
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				r, err := get(ctx, client, s.URL()+path)
				cancel()
				if got := describe(r, err); got != step[1] {
					t.Errorf("of %s the client says %q, want %q", step[0], got, step[1])
				}
			}
		})
	}
}

func TestResetForgetsAttempts(t *testing.T) {
	t.Parallel()
	s, client := start(t), newClient(t)
	url := s.URL() + "/image/0.png?fault=500"
	for round := range 2 {
		if got := []int{mustGet(t, client, url).status, mustGet(t, client, url).status}; got[0] != 500 || got[1] != 200 {
			t.Errorf("round %d: %v", round, got)
		}
		s.Reset()
		if len(s.Log()) != 0 || s.MostInFlight() != 0 {
			t.Errorf("after Reset: %d requests, %d in flight", len(s.Log()), s.MostInFlight())
		}
	}
}

func TestWrongURLsAreExplained(t *testing.T) {
	t.Parallel()
	s, client := start(t), newClient(t)
	for _, test := range []struct {
		method, path string
		status       int
		says         string
	}{
		{"GET", "/image/0.png?latency=300", 400, `This URL cannot be served: latency=300 is not a time from 0s to 1m0s: write it as in latency=300ms.`},
		{"GET", "/image/0.png?latency=61s", 400, "latency=61s is not a time from 0s to 1m0s"},
		{"GET", "/image/0.png?latency=-1s", 400, "latency=-1s is not a time"},
		{"GET", "/image/0.png?latency=1s&latency=2s", 400, "says latency more than once"},
		{"GET", "/image/0.png?bandwidth=999", 400, "bandwidth=999 is not a whole number from 1000 to 1000000000"},
		{"GET", "/image/0.png?bandwidth=99999999999999999999", 400, "is not a whole number"},
		{"GET", "/image/0.png?fault=503", 400, `there is no fault "503": choose 404, 429, 500, hang, cut, noimage or redirect`},
		{"GET", "/image/0.png?fault=500&times=0", 400, "times=0 is not a whole number from 1 to 100"},
		{"GET", "/image/0.png?fault=500&times=101", 400, "times=101 is not"},
		{"GET", "/image/0.png?times=2", 400, "times belongs to fault=500"},
		{"GET", "/image/0.png?fault=429&after=0s", 400, "after=0s is not a time from 1s to 1m0s"},
		{"GET", "/image/0.png?fault=500&after=1s", 400, "after belongs to fault=429"},
		{"GET", "/image/0.png?latncy=1s", 400, `there is no setting "latncy"`},
		{"GET", "/image/0.png?a;b", 400, "cannot be read"},
		{"GET", "/image/0.png?%0aSet-Cookie:x=1", 400, `there is no setting " Set-Cookie:x"`},
		{"GET", "/image/" + strings.Repeat("9", 2000) + ".png", 404, "9…\": they are 0.png to 499.png"},
		{"GET", "/image/-1.png", 404, `there is no image "-1.png"`},
		{"GET", "/image/01.png", 404, `there is no image "01.png"`},
		{"GET", "/image/1.gif", 404, `there is no image "1.gif"`},
		{"GET", "/image/1", 404, `there is no image "1"`},
		{"GET", "/image/../image/1.png", 404, `there is no image "../image/1.png"`},
		{"GET", "/", 404, "There is nothing at /: the images are at /image/0.png"},
		{"POST", "/image/0.png", 405, "use GET or HEAD"},
		{"DELETE", "/", 405, "use GET or HEAD"},
	} {
		r, err := do(t.Context(), client, test.method, s.URL()+test.path)
		if err != nil {
			t.Fatal(err)
		}
		text := string(r.body)
		if r.status != test.status || !strings.Contains(text, test.says) {
			t.Errorf("%s %s: %d, %q; want %d and %q", test.method, test.path, r.status, text, test.status, test.says)
		}
		if strings.Count(text, "\n") != 1 || !strings.HasSuffix(text, ".\n") || len(text) > 300 {
			t.Errorf("%s %s: %q is no short sentence", test.method, test.path, text)
		}
		if got := r.header.Get("Content-Type"); got != "text/plain; charset=utf-8" {
			t.Errorf("%s %s: content type %q", test.method, test.path, got)
		}
	}
}
