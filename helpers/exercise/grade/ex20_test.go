package grade

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

func TestDownloader(t *testing.T) {
	type answer = func(ctx context.Context, limit int, urls []string, get Get) ([]string, error)
	// What most wrong answers share: workers, and what they do with one page.
	pool := func(limit int, urls []string, one func(i int)) {
		next := make(chan int)
		var wg sync.WaitGroup
		for range limit {
			wg.Go(func() {
				for i := range next {
					one(i)
				}
			})
		}
		for i := range urls {
			next <- i
		}
		close(next)
		wg.Wait()
	}
	// collect is the pool for a function that returns the text of a page.
	collect := func(limit int, urls []string, one func(url string) (string, error)) ([]string, error) {
		texts := make([]string, len(urls))
		errs := make([]error, len(urls))
		pool(limit, urls, func(i int) { texts[i], errs[i] = one(urls[i]) })
		return texts, errors.Join(errs...)
	}
	grades(t, Downloader,
		map[string]answer{
			"solution": func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				texts := make([]string, len(urls))
				errs := make([]error, len(urls))
				var g errgroup.Group
				g.SetLimit(limit)
				for i, url := range urls {
					g.Go(func() error {
						if errs[i] = ctx.Err(); errs[i] == nil {
							texts[i], errs[i] = get(ctx, url)
						}
						return nil
					})
				}
				return texts, errors.Join(g.Wait(), errors.Join(errs...))
			},
			"workers": func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				texts := make([]string, len(urls))
				errs := make([]error, len(urls)+1)
				pool(limit, urls, func(i int) {
					if ctx.Err() == nil {
						texts[i], errs[i] = get(ctx, urls[i])
					}
				})
				errs[len(urls)] = ctx.Err()
				return texts, errors.Join(errs...)
			},
		},
		map[string]refused[answer]{
			"starter": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				texts := make([]string, len(urls))
				g, ctx := errgroup.WithContext(ctx)
				g.SetLimit(limit)
				for i, url := range urls {
					g.Go(func() (err error) {
						texts[i], err = get(ctx, url)
						return err
					})
				}
				return texts, g.Wait()
			}, `A page failed, and page \d was cancelled because of it`},
			"sequential": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				texts := make([]string, len(urls))
				errs := make([]error, len(urls))
				for i, url := range urls {
					texts[i], errs[i] = get(ctx, url)
				}
				return texts, errors.Join(errs...)
			}, `one after another`},
			"unbounded": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				return collect(len(urls), urls, func(url string) (string, error) { return get(ctx, url) })
			}, `at most three are allowed`},
			"in batches": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				texts := make([]string, len(urls))
				errs := make([]error, len(urls))
				for from := 0; from < len(urls); from += limit {
					var wg sync.WaitGroup
					for i := from; i < min(from+limit, len(urls)); i++ {
						wg.Go(func() { texts[i], errs[i] = get(ctx, urls[i]) })
					}
					wg.Wait()
				}
				return texts, errors.Join(errs...)
			}, `took 500 ms; it should take 400 ms`},
			"as they come": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				var mu sync.Mutex
				var texts []string
				pool(limit, urls, func(i int) {
					text, _ := get(ctx, urls[i])
					mu.Lock()
					defer mu.Unlock()
					texts = append(texts, text)
				})
				return texts, ctx.Err()
			}, `belongs at the index of its url`},
			"racing append": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				texts := make([]string, len(urls))
				var errs []error
				pool(limit, urls, func(i int) {
					var err error
					texts[i], err = get(ctx, urls[i])
					errs = append(errs, err)
				})
				return texts, errors.Join(errs...)
			}, `^Data race`},
			"first error only": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				texts := make([]string, len(urls))
				var g errgroup.Group
				g.SetLimit(limit)
				for i, url := range urls {
					g.Go(func() (err error) {
						texts[i], err = get(ctx, url)
						return err
					})
				}
				return texts, g.Wait()
			}, `The error "page 5 not found" got lost`},
			"errors swallowed": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				texts, _ := collect(limit, urls, func(url string) (string, error) { return get(ctx, url) })
				return texts, ctx.Err()
			}, `The error "page 2 not found" got lost`},
			"nothing on error": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				texts, err := collect(limit, urls, func(url string) (string, error) { return get(ctx, url) })
				if err != nil {
					return nil, err
				}
				return texts, nil
			}, `returned no texts. Return one text for each url`},
			"ignores the context": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				return collect(limit, urls, func(url string) (string, error) { return get(context.Background(), url) })
			}, `cancelled after 250 ms, and your function returned after 400 ms`},
			"goes on after the end": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				return collect(limit, urls, func(url string) (string, error) { return get(ctx, url) })
			}, `The caller had cancelled, and page \d was begun all the same`},
			"says nothing of what is missing": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				return collect(limit, urls, func(url string) (string, error) {
					if ctx.Err() != nil {
						return "", nil
					}
					return get(ctx, url)
				})
			}, `Somebody has to learn that pages are missing`},
			"does not wait": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				texts := make([]string, len(urls))
				errs := make([]error, len(urls))
				done := make(chan struct{})
				go func() {
					defer close(done)
					pool(limit, urls, func(i int) {
						if ctx.Err() == nil {
							texts[i], errs[i] = get(ctx, urls[i])
						}
					})
				}()
				select {
				case <-done:
					return texts, errors.Join(errs...)
				case <-ctx.Done():
					return slices.Clone(texts), ctx.Err()
				}
			}, `^Data race`},
			"always three": {func(ctx context.Context, _ int, urls []string, get Get) ([]string, error) {
				return collect(3, urls, func(url string) (string, error) {
					if ctx.Err() != nil {
						return "", ctx.Err()
					}
					return get(ctx, url)
				})
			}, `Three tasks were in progress at the same time; at most one is allowed`},
			"forgets the page that failed": {func(ctx context.Context, limit int, urls []string, get Get) ([]string, error) {
				texts, err := collect(limit, urls, func(url string) (string, error) {
					if ctx.Err() != nil {
						return "", nil
					}
					return get(ctx, url)
				})
				if ctx.Err() != nil {
					return texts, ctx.Err()
				}
				return texts, err
			}, `Page 2 failed before the caller cancelled`},
		})
}
