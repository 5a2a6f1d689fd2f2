package grade

import "time"

var _ = register(Exercise{
	Name:  "11_two_chains",
	Title: "As much at once as possible",
	Picture: Picture{
		Title:   "Two chains, and a page at the end",
		Caption: "The orders begin as soon as the user is known, although the place isn't known yet.",
		Spans:   []Span{span("user", 0, 100), span("orders", 100, 400), span("place", 0, 250), span("forecast", 250, 350), span("page", 400, 450)},
	},
})

// TwoChains grades a function that lets each step wait for what it needs, and for nothing else.
func TwoChains(answer func(user func() string, orders func(user string) string, place func() string, forecast func(place string) string,
	page func(orders, forecast string) string) string) Check {
	run := func(user, orders, place, forecast, page int) func(*Run) {
		return func(r *Run) {
			step := func(name string, takes int) string {
				r.Do(name, MS(takes))
				return "the " + name
			}
			needs := func(name, what, got string) {
				if want := "the " + what; got != want {
					r.Failf("%s was called with %q; it needs what %s returned, %q. Wait for that first.", upper(name), got, what, want)
				}
			}
			var got string
			r.Call(func() {
				got = answer(
					func() string { return step("user", user) },
					func(u string) string { needs("orders", "user", u); return step("orders", orders) },
					func() string { return step("place", place) },
					func(p string) string { needs("forecast", "place", p); return step("forecast", forecast) },
					func(o, f string) string {
						needs("page", "orders", o)
						needs("page", "forecast", f)
						return step("page", page)
					})
			})
			r.WantEach("user", "orders", "place", "forecast", "page")
			starts := map[string]time.Duration{}
			for _, s := range r.Spans() {
				starts[s.Name] = s.Start
			}
			for _, name := range []string{"user", "place"} {
				if at := starts[name]; at > 0 {
					r.Failf("%s needs nothing, and began only after %s. Start both chains before you wait for anything.", upper(name), Time(at))
				}
			}
			for _, s := range []struct {
				name, after string
				known       int
			}{{"orders", "user", user}, {"forecast", "place", place}} {
				if at := starts[s.name]; at > MS(s.known) {
					r.Failf("The %s was known after %s, and %s began only after %s. It waited for something that it doesn't need. Let one goroutine go through a whole chain, one step after the other.", s.after, Time(MS(s.known)), s.name, Time(at))
				}
			}
			both := max(MS(user+orders), MS(place+forecast))
			if at := starts["page"]; at > both {
				r.Failf("Both chains had ended after %s, and page began only after %s. Wait for exactly the two of them, without a sleep.", Time(both), Time(at))
			}
			if got != "the page" {
				r.Failf("Your function should return what page returns, %q; it returned %q.", "the page", got)
			}
			r.WantTook(both+MS(page), "the longer chain, and the page")
		}
	}
	return Check{"11_two_chains", []Scenario{
		{Name: "a user after 100 ms and a place after 250 ms", Do: run(100, 300, 250, 100, 50)},
		{Name: "a user after 300 ms and a place after 50 ms", Do: run(300, 100, 50, 400, 50)},
		{Name: "chains that take equally long", Do: run(100, 100, 100, 100, 100)},
	}}
}
