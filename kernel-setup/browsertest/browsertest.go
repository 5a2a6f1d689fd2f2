// Package browsertest looks at pages in a headless Chromium, for tests.
package browsertest

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// A Page is a tab in a browser of its own, with a profile of its own. It notes every address that the page asks for.
type Page struct {
	tb  testing.TB
	ctx context.Context

	mu        sync.Mutex
	addresses []string
}

// Open starts a browser with a window of width by height CSS pixels. The browser ends with the test. Where there is no
// Chromium it skips the test, unless the environment variable CI is true: then it fails it.
func Open(tb testing.TB, width, height int) *Page {
	tb.Helper()
	// chromedp itself finds the browser, makes a fresh profile, and leaves the sandbox out for root, with whom Chromium does not start in one.
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.WindowSize(width, height),
		// The page is to make all requests that are made; these are Chromium's own.
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		// A page that asks another machine for something is found out, and not served.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
	)
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	tb.Cleanup(end)
	ctx, closeTab := chromedp.NewContext(allocator)
	tb.Cleanup(closeTab)
	p := &Page{tb: tb, ctx: ctx}
	if err := chromedp.Listen(ctx, p.note); err != nil {
		if errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") != "true" {
			tb.Skip("there is no Chromium here; install one (Debian: sudo apt install chromium)")
		}
		tb.Fatal("starting Chromium: ", err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		tb.Fatal(err)
	}
	return p
}

func (p *Page) note(event any) {
	var address string
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		address = e.Request.URL
	case *network.EventWebSocketCreated:
		address = e.URL
	case *network.EventWebTransportCreated:
		address = e.URL
	default:
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.addresses = append(p.addresses, address)
}

// Context is the page for the actions of chromedp. It lasts as long as the test.
func (p *Page) Context() context.Context { return p.ctx }

// patience is how long anything may take. On a machine that has nothing else to do, a click takes less than a second, and the longest
// chapter two minutes.
const patience = 8 * time.Minute

// Do takes actions on the page. If they do not succeed the test fails, as it does with all that follows here.
func (p *Page) Do(actions ...chromedp.Action[chromedp.Void]) {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.tb.Fatal(err)
	}
}

// Evaluate returns the value of a JavaScript expression on the page, or of the promise that it is.
func Evaluate[T any](p *Page, expression string) T {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.tb.Fatalf("%.200s: %v", expression, err)
	}
	return value
}

// Await waits until the JavaScript expression has a value that is not false or null, and returns it.
func Await[T any](p *Page, what, expression string) T {
	p.tb.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Poll[T](expression,
		chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(patience)))
	if err != nil {
		p.tb.Fatalf("waiting for %s: %v; the page says:\n%.2000s", what, err, Evaluate[string](p, `document.body.innerText`))
	}
	return value
}

// Addresses returns the URLs that the page has asked for so far, in order.
func (p *Page) Addresses() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.addresses)
}

// Foreign returns those of Addresses that lead to another machine.
func (p *Page) Foreign() []string {
	return slices.DeleteFunc(p.Addresses(), local)
}

// local reports whether address asks this machine, or nobody, as data: does.
func local(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "data", "blob", "about", "chrome", "file":
		return true
	}
	if u.Hostname() == "localhost" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}

// Screenshot writes what the window shows to the PNG file name in the folder of the environment variable SCREENSHOTS,
// for people to look at. Without the variable it still takes the picture, in a folder that goes with the test.
func (p *Page) Screenshot(name string) {
	p.tb.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		dir = p.tb.TempDir()
	}
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name), picture, 0o644)
	}
	if err != nil {
		p.tb.Errorf("taking the screenshot %s: %v", name, err)
	}
}
