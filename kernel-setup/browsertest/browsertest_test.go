package browsertest_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tutorial/kernel-setup/browsertest"
)

func serve(t *testing.T, page string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte("<!doctype html><link rel=icon href='data:,'>" + page))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func show(t *testing.T, address, until string) *browsertest.Page {
	t.Helper()
	page := browsertest.Open(t, 400, 300)
	page.Do(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS(until)))
	return page
}

func TestPageThatStaysOnThisMachineHasNoForeignAddress(t *testing.T) {
	t.Parallel()
	address := serve(t, `<p>text</p><img alt="" src="/a.png"><img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`)
	page := show(t, address, "p")
	if foreign := page.Foreign(); len(foreign) > 0 {
		t.Errorf("foreign addresses %q", foreign)
	}
	if all := page.Addresses(); !slices.Contains(all, address+"/a.png") {
		t.Errorf("the picture is not among the addresses %q", all)
	}
}

func TestRequestsToOtherMachinesAreNoticed(t *testing.T) {
	t.Parallel()
	page := show(t, serve(t, `<img alt="" src="http://picture.invalid/a.png">
		<script>
			const gone = [
				new Promise(done => { new WebSocket("ws://socket.invalid/").onerror = done }),
				fetch("http://192.0.2.1:9/fetched", {signal: AbortSignal.timeout(100)}).catch(() => {}),
			]
			Promise.all(gone).then(() => document.body.append(document.createElement("hr")))
		</script>`), "hr")
	foreign := strings.Join(page.Foreign(), "\n")
	for _, want := range []string{"http://picture.invalid/a.png", "ws://socket.invalid/", "http://192.0.2.1:9/fetched"} {
		if !strings.Contains(foreign, want) {
			t.Errorf("the request to %s is not among the foreign ones:\n%s", want, foreign)
		}
	}
}

// fakeTest records what Open does to a test.
type fakeTest struct {
	testing.TB
	skipped, failed bool
}

func (f *fakeTest) Helper()      {}
func (f *fakeTest) Skip(...any)  { f.skipped = true; panic(f) }
func (f *fakeTest) Fatal(...any) { f.failed = true; panic(f) }

func TestWithoutABrowserATestIsSkippedAndFailsInCI(t *testing.T) {
	for _, c := range []struct {
		ci              string
		skipped, failed bool
	}{{"", true, false}, {"true", false, true}} {
		t.Run("CI="+c.ci, func(t *testing.T) {
			t.Setenv("PATH", t.TempDir())
			t.Setenv("CI", c.ci)
			f := &fakeTest{TB: t}
			func() {
				defer func() { recover() }()
				browsertest.Open(f, 100, 100)
				t.Skip("a browser is found without the PATH")
			}()
			if f.skipped != c.skipped || f.failed != c.failed {
				t.Errorf("skipped %v, failed %v", f.skipped, f.failed)
			}
		})
	}
}
