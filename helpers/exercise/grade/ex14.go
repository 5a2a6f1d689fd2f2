package grade

import (
	"fmt"
	"sync"

	"tutorial/helpers/interleave"
)

var _ = register(Exercise{
	Name:  "14_check_then_act",
	Title: "Look and act as one step",
	Picture: Picture{
		Title:   "Two buyers and one ticket",
		Caption: "The first buyer looks and takes the ticket while the lock is held. The second one looks only then, and finds none.",
		Spans:   []Span{span("buyer 1 looks", 0, 50), span("buyer 1 takes it", 50, 100), span("buyer 2 looks", 100, 150)},
	},
})

// Tickets are what is left to sell, and a lock.
type Tickets struct {
	sync.Locker
	Left    func() int
	SetLeft func(int)
}

// CheckThenAct grades a function that sells a ticket if there is one left, and says whether it did.
func CheckThenAct(answer func(Tickets) bool) Check {
	alone := func(left int, want bool) func(*Run) {
		return func(r *Run) {
			lock := make(slot, 1)
			now := left
			unlocked := false
			look := func() {
				if len(lock) == 0 {
					unlocked = true
				}
			}
			sold := false
			r.IfStuck("A buyer waits for a lock that nobody gives back. Unlock what you lock, once, whichever way the function ends.")
			r.Call(func() {
				sold = answer(Tickets{lock, func() int { look(); return now }, func(n int) { look(); now = n }})
			})
			switch {
			case sold != want && want:
				r.Failf("There was a ticket left, and the buyer got none.")
			case sold != want:
				r.Failf("No ticket was left, and the buyer was sold one. Look at what is left before you sell.")
			case want && now != left-1:
				r.Failf("A ticket was sold, and the number that is left went from %d to %d; it should be %d.", left, now, left-1)
			case !want && now != left:
				r.Failf("Nothing was sold, and the number that is left went from %d to %d.", left, now)
			case unlocked:
				r.Failf("Your function called Left or SetLeft without the lock. Both are for those who hold it.")
			case len(lock) > 0:
				r.Failf("Your function returned with the lock still held: the next buyer would wait for ever. Unlock with defer.")
			}
		}
	}
	together := func(title string, buyers, left int) func(*Run) {
		return func(r *Run) {
			r.Explore(title, "What a buyer has seen may be out of date as soon as the lock is free. Look and act under the same lock, without an Unlock in between.", func(p *interleave.Program) {
				number := interleave.NewVar(p, "left", left)
				t := Tickets{interleave.NewMutex(p, "the lock"), number.Load, number.Store}
				sold := make([]bool, buyers)
				for i := range sold {
					p.GoNamed(fmt.Sprint("buyer ", i+1), func() { sold[i] = answer(t) })
				}
				p.Check(func() error {
					n := countTrue(sold)
					switch want := min(buyers, left); {
					case n > left:
						return fmt.Errorf("%s got a ticket, and there was only %s", Plural(n, "buyer", "buyers"), Plural(left, "ticket", "tickets"))
					case n < want:
						return fmt.Errorf("%s got a ticket, and there were enough for %d", Plural(n, "buyer", "buyers"), want)
					case number.Load() != left-n:
						return fmt.Errorf("%s sold, and what is left went from %d to %d", Plural(n, "ticket was", "tickets were"), left, number.Load())
					}
					return nil
				})
			})
		}
	}
	return Check{"14_check_then_act", []Scenario{
		{Name: "one buyer, and three tickets", Do: alone(3, true)},
		{Name: "one buyer, and one ticket", Do: alone(1, true)},
		{Name: "one buyer, and no ticket", Do: alone(0, false)},
		{Name: "two buyers and one ticket, in every order that the scheduler could choose", Do: together("Two buyers and one ticket", 2, 1)},
		{Name: "two buyers and two tickets, in every order that the scheduler could choose", Do: together("Two buyers and two tickets", 2, 2)},
		{Name: "three buyers and three tickets, in every order that the scheduler could choose", Do: together("Three buyers and three tickets", 3, 3)},
	}}
}
