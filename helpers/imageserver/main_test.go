package imageserver_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tutorial/helpers/imageserver"
	"tutorial/kernel-setup/environment"
)

// noPython is why there is no Python with requests, if there is none.
var noPython error

func TestMain(m *testing.M) {
	if scene := scenes[os.Getenv("IMAGESERVER_SCENE")]; scene != nil {
		scene()
		os.Exit(0)
	}
	if noPython = usePython(); noPython != nil {
		fmt.Fprintln(os.Stderr, noPython)
	}
	goleak.VerifyTestMain(m)
}

// usePython puts the tutorial's own Python, which has requests, first on PATH; that installs it if need be.
func usePython() error {
	checkout, err := environment.Find(".")
	if err != nil {
		return err
	}
	if err := checkout.Install(context.Background(), os.Stderr); err != nil {
		return err
	}
	return os.Setenv("PATH", filepath.Dir(checkout.Python())+string(os.PathListSeparator)+os.Getenv("PATH"))
}

func needPython(t *testing.T) {
	t.Helper()
	if noPython != nil {
		t.Fatal("no Python with requests:", noPython)
	}
}

// slack is what a busy machine may add to a time.
const slack = 3 * time.Second

// start starts a server that answers at once, unless options say otherwise, and closes it after the test.
func start(t testing.TB, options ...imageserver.Option) *imageserver.Server {
	t.Helper()
	s, err := imageserver.Start(append([]imageserver.Option{imageserver.Latency(0)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// newClient returns a client with connections of its own, which end with the test.
func newClient(t testing.TB) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 100
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: time.Minute}
}

// response is one that was read to its end.
type response struct {
	status int
	header http.Header
	body   []byte
}

func get(ctx context.Context, client *http.Client, url string) (response, error) {
	return do(ctx, client, http.MethodGet, url)
}

func do(ctx context.Context, client *http.Client, method, url string) (response, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return response{}, err
	}
	r, err := client.Do(request)
	if err != nil {
		return response{}, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	return response{r.StatusCode, r.Header, body}, err
}

func mustGet(t testing.TB, client *http.Client, url string) response {
	t.Helper()
	r, err := get(t.Context(), client, url)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// eventually waits for something that another goroutine is about to bring about.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatal("not within a minute:", what)
		}
		time.Sleep(time.Millisecond)
	}
}

func outcomes(l imageserver.Log) map[imageserver.Outcome]int {
	n := make(map[imageserver.Outcome]int)
	for _, r := range l {
		n[r.Outcome]++
	}
	return n
}

func isImage(body []byte) bool {
	png := bytes.HasPrefix(body, []byte("\x89PNG\r\n\x1a\n")) && bytes.HasSuffix(body, []byte("IEND\xaeB`\x82"))
	jpeg := bytes.HasPrefix(body, []byte("\xff\xd8\xff")) && bytes.HasSuffix(body, []byte("\xff\xd9"))
	return png || jpeg
}
