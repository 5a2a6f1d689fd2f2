package grade

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

var _ = register(Exercise{
	Name:  "20_downloader",
	Title: "A downloader that loses nothing",
	Picture: Picture{
		Title:   "Six pages, at most three at once",
		Caption: "As soon as one page is there, the next one begins. Page 2 fails, and the others go on.",
		Spans: []Span{
			span("page 1", 0, 300), span("page 2 fails", 0, 100), span("page 3", 0, 200),
			span("page 4", 100, 300), span("page 5", 200, 300), span("page 6", 300, 400),
		},
	},
})

// Get fetches one page.
type Get = func(ctx context.Context, url string) (string, error)

// Downloader grades a function that fetches pages: a few at once, in order, until its context ends, with every error kept.
func Downloader(answer func(ctx context.Context, limit int, urls []string, get Get) ([]string, error)) Check {
	times := []int{300, 100, 200, 200, 100, 100}
	urls := make([]string, len(times))
	want := make([]string, len(times))
	for i := range urls {
		urls[i] = fmt.Sprint("page ", i+1)
		want[i] = fmt.Sprint("text of page ", i+1)
	}
	get := func(r *Run, failing map[string]error) Get {
		return func(ctx context.Context, url string) (string, error) {
			i := slices.Index(urls, url)
			if i < 0 {
				r.Failf("get was called for %q, which is none of the urls.", url)
			}
			if err := r.DoUntil(ctx, url, MS(times[i])); err != nil {
				return "", err
			}
			if err := failing[url]; err != nil {
				return "", err
			}
			return want[i], nil
		}
	}
	same := func(r *Run, got, want []string) {
		if len(got) != len(want) {
			r.Failf("There are %d urls, and your function returned %s. Return one text for each url, the empty string if there is none.", len(want), Plural(len(got), "text", "texts"))
		}
		for i, text := range got {
			if text != want[i] {
				r.Failf("The text at index %d should be %q; it is %q. Each text belongs at the index of its url, whichever is ready first and whichever fails.", i, want[i], text)
			}
		}
	}
	return Check{"20_downloader", []Scenario{
		{Name: "six pages, three at once", Do: func(r *Run) {
			var got []string
			var err error
			r.Call(func() { got, err = answer(context.Background(), 3, urls, get(r, nil)) })
			r.WantEach(urls...)
			r.WantAtMost(3)
			if err != nil {
				r.Failf("Nothing failed, and your function returned the error %q.", err)
			}
			same(r, got, want)
			r.WantTook(MS(400), "with three at once, the next one beginning as soon as one ends")
		}},
		{Name: "six pages, of which the second and the fifth fail", Do: func(r *Run) {
			failing := map[string]error{"page 2": errors.New("page 2 not found"), "page 5": errors.New("page 5 not found")}
			var got []string
			var err error
			r.Call(func() { got, err = answer(context.Background(), 3, urls, get(r, failing)) })
			for _, s := range r.Spans() {
				if s.Cancelled {
					r.Failf("A page failed, and %s was cancelled because of it. One page that fails is no reason to give up the others.", s.Name)
				}
			}
			for _, url := range urls {
				if !slices.ContainsFunc(r.Spans(), func(s Span) bool { return s.Name == url }) {
					r.Failf("%s was never fetched. One page that fails is no reason to give up the others.", url)
				}
			}
			r.WantEach(urls...)
			for _, url := range []string{"page 2", "page 5"} {
				if !errors.Is(err, failing[url]) {
					r.Failf("The error %q got lost: your function returned %s. Keep every error, and join them with errors.Join.", failing[url], returned(err))
				}
			}
			partly := slices.Clone(want)
			partly[1], partly[4] = "", ""
			same(r, got, partly)
			r.WantTook(MS(400), "with three at once, the next one beginning as soon as one ends")
		}},
		{Name: "six pages, one at a time", Do: func(r *Run) {
			var got []string
			var err error
			r.Call(func() { got, err = answer(context.Background(), 1, urls, get(r, nil)) })
			r.WantAtMost(1)
			if err != nil {
				r.Failf("Nothing failed, and your function returned the error %q.", err)
			}
			same(r, got, want)
			r.WantTook(MS(1000), "one after another")
		}},
		{Name: "a caller who cancels after 250 ms, when page 2 has failed", Do: func(r *Run) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			time.AfterFunc(MS(250), cancel)
			notFound := errors.New("page 2 not found")
			var got []string
			var err error
			r.CallLeaving(func() { got, err = answer(ctx, 3, urls, get(r, map[string]error{"page 2": notFound})) })
			if r.Running() > 0 {
				r.Failf("Your function returned after %s, and %s still being fetched. Wait until every call of get has returned.", Time(r.took), Plural(r.Running(), "page was", "pages were"))
			}
			r.Left()
			r.WantBy(MS(250), "The caller cancelled after 250 ms, and your function returned after %s. Pass the context on to get.", Time(r.took))
			for _, s := range r.Spans() {
				if s.Start >= MS(250) {
					r.Failf("The caller had cancelled, and %s was begun all the same. Look at ctx.Err() before you begin with the next one.", s.Name)
				}
			}
			if !errors.Is(err, context.Canceled) {
				r.Failf("The caller cancelled, so the error should be or contain ctx.Err(), %q; your function returned %s.", context.Canceled, returned(err))
			}
			if !errors.Is(err, notFound) {
				r.Failf("Page 2 failed before the caller cancelled, and its error %q got lost: your function returned %s. Keep it beside ctx.Err(), with errors.Join.", notFound, returned(err))
			}
			same(r, got, []string{"", "", want[2], "", "", ""})
		}},
		{Name: "a caller who has cancelled before the call", Do: func(r *Run) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			var err error
			r.Call(func() { _, err = answer(ctx, 3, urls, get(r, nil)) })
			if n := len(r.Spans()); n > 0 {
				r.Failf("The caller had cancelled before the call, and %s begun all the same. Look at ctx.Err() first.", Plural(n, "page was", "pages were"))
			}
			if !errors.Is(err, context.Canceled) {
				r.Failf("Nothing was fetched, since the caller had cancelled, and your function returned %s. Somebody has to learn that pages are missing: return ctx.Err().", returned(err))
			}
		}},
		{Name: "two pages, and room for ten", Do: func(r *Run) {
			var got []string
			var err error
			r.Call(func() { got, err = answer(context.Background(), 10, urls[:2], get(r, nil)) })
			if err != nil {
				r.Failf("Nothing failed, and your function returned the error %q.", err)
			}
			same(r, got, want[:2])
			r.WantTook(MS(300), "the time of the slower page")
		}},
		{Name: "no pages", Do: func(r *Run) {
			var got []string
			var err error
			r.Call(func() { got, err = answer(context.Background(), 3, nil, get(r, nil)) })
			if len(got) > 0 || err != nil {
				r.Failf("There is nothing to fetch, and your function returned %q and %s.", got, returned(err))
			}
		}},
	}}
}
