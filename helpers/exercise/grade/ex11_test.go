package grade

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

func TestTwoChains(t *testing.T) {
	type answer = func(user func() string, orders func(user string) string, place func() string, forecast func(place string) string,
		page func(orders, forecast string) string) string
	type get = func() string
	type from = func(string) string
	type two = func(string, string) string
	grades(t, TwoChains,
		map[string]answer{
			"solution": func(user get, orders from, place get, forecast from, page two) string {
				var bought, weather string
				var wg sync.WaitGroup
				wg.Go(func() { bought = orders(user()) })
				wg.Go(func() { weather = forecast(place()) })
				wg.Wait()
				return page(bought, weather)
			},
			"one goroutine": func(user get, orders from, place get, forecast from, page two) string {
				weather := make(chan string)
				go func() { weather <- forecast(place()) }()
				return page(orders(user()), <-weather)
			},
			"a goroutine for each step": func(user get, orders from, place get, forecast from, page two) string {
				start := func(f func() string) <-chan string {
					c := make(chan string, 1)
					go func() { c <- f() }()
					return c
				}
				u, p := start(user), start(place)
				o := start(func() string { return orders(<-u) })
				f := start(func() string { return forecast(<-p) })
				return page(<-o, <-f)
			},
			"futures that start by themselves": func(user get, orders from, place get, forecast from, page two) string {
				weather := sync.OnceValue(func() string { return forecast(place()) })
				var g errgroup.Group
				g.Go(func() error { weather(); return nil })
				bought := orders(user())
				if err := g.Wait(); err != nil {
					return ""
				}
				return page(bought, weather())
			},
		},
		map[string]refused[answer]{
			"starter": {func(user get, orders from, place get, forecast from, page two) string {
				return page(orders(user()), forecast(place()))
			}, "Place needs nothing, and began only after 400 ms. Start both chains"},
			"in two stages": {func(user get, orders from, place get, forecast from, page two) string {
				var u, p, o, f string
				var wg sync.WaitGroup
				wg.Go(func() { u = user() })
				wg.Go(func() { p = place() })
				wg.Wait()
				wg.Go(func() { o = orders(u) })
				wg.Go(func() { f = forecast(p) })
				wg.Wait()
				return page(o, f)
			}, "The user was known after 100 ms, and orders began only after 250 ms"},
			"the user first": {func(user get, orders from, place get, forecast from, page two) string {
				u := user()
				o := make(chan string)
				go func() { o <- orders(u) }()
				f := forecast(place())
				return page(<-o, f)
			}, "Place needs nothing, and began only after 100 ms"},
			"no wait": {func(user get, orders from, place get, forecast from, page two) string {
				var o, f string
				go func() { o = orders(user()) }()
				go func() { f = forecast(place()) }()
				return page(o, f)
			}, `Page was called with ""; it needs what orders returned, "the orders"`},
			"waits for one": {func(user get, orders from, place get, forecast from, page two) string {
				var f string
				go func() { f = forecast(place()) }()
				return page(orders(user()), f)
			}, "^Data race: one goroutine (writes|reads) a variable in `.*`"},
			"guesses": {func(user get, orders from, place get, forecast from, page two) string {
				var o, f atomic.Value
				go func() { o.Store(orders(user())) }()
				go func() { f.Store(forecast(place())) }()
				time.Sleep(time.Second)
				return page(o.Load().(string), f.Load().(string))
			}, "Both chains had ended after 400 ms, and page began only after 1 s"},
			"whichever is first": {func(user get, orders from, place get, forecast from, page two) string {
				c := make(chan string)
				go func() { c <- orders(user()) }()
				go func() { c <- forecast(place()) }()
				return page(<-c, <-c)
			}, `Page was called with "the forecast"; it needs what orders returned`},
			"all over again": {func(user get, orders from, place get, forecast from, page two) string {
				var wg sync.WaitGroup
				wg.Go(func() { orders(user()) })
				wg.Go(func() { forecast(place()) })
				wg.Wait()
				return page(orders(user()), forecast(place()))
			}, "User ran twice. Each one has to run once"},
			"everything at once": {func(user get, orders from, place get, forecast from, page two) string {
				u, o, p, f := "", "", "", ""
				var wg sync.WaitGroup
				wg.Go(func() { u = user() })
				wg.Go(func() { o = orders(u) })
				wg.Go(func() { p = place() })
				wg.Go(func() { f = forecast(p) })
				wg.Wait()
				return page(o, f)
			}, `(Orders|Forecast) was called with ""|^Data race`},
			"forgets the page": {func(user get, orders from, place get, forecast from, page two) string {
				weather := make(chan string)
				go func() { weather <- forecast(place()) }()
				return orders(user()) + <-weather
			}, "Page was never started"},
			"waits for a third": {func(user get, orders from, place get, forecast from, page two) string {
				c := make(chan string)
				go func() { c <- orders(user()) }()
				weather := make(chan string)
				go func() { weather <- forecast(place()) }()
				o, f := <-c, <-weather
				<-c
				return page(o, f)
			}, "^Deadlock: .*your function is waiting to receive from a channel in `<-c`"},
		})
}
