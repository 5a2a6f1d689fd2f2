package grade

import (
	"sync"
	"testing"
)

func TestCheckThenAct(t *testing.T) {
	type answer = func(Tickets) bool
	solution := func(t Tickets) bool {
		t.Lock()
		defer t.Unlock()
		if t.Left() == 0 {
			return false
		}
		t.SetLeft(t.Left() - 1)
		return true
	}
	grades(t, CheckThenAct,
		map[string]answer{
			"solution": solution,
			"without defer": func(t Tickets) bool {
				t.Lock()
				left := t.Left()
				sold := left > 0
				if sold {
					t.SetLeft(left - 1)
				}
				t.Unlock()
				return sold
			},
			"looks twice": func(t Tickets) bool { // the first look may be out of date, the second one counts
				t.Lock()
				left := t.Left()
				t.Unlock()
				return left > 0 && solution(t)
			},
		},
		map[string]refused[answer]{
			"starter": {func(t Tickets) bool {
				t.Lock()
				left := t.Left()
				t.Unlock()
				if left == 0 {
					return false
				}
				t.Lock()
				t.SetLeft(left - 1)
				t.Unlock()
				return true
			}, `orders end wrong.*two buyers got a ticket, and there was only one ticket`},
			"looks again only to count": {func(t Tickets) bool {
				t.Lock()
				left := t.Left()
				t.Unlock()
				if left == 0 {
					return false
				}
				t.Lock()
				defer t.Unlock()
				t.SetLeft(t.Left() - 1)
				return true
			}, `two buyers got a ticket, and there was only one ticket`},
			"looks without the lock": {func(t Tickets) bool {
				return t.Left() > 0 && solution(t)
			}, `without the lock`},
			"a lock of its own": {func(t Tickets) bool {
				return solution(Tickets{new(sync.Mutex), t.Left, t.SetLeft})
			}, `without the lock`},
			"not unlocked when sold out": {func(t Tickets) bool {
				t.Lock()
				if t.Left() == 0 {
					return false
				}
				t.SetLeft(t.Left() - 1)
				t.Unlock()
				return true
			}, `with the lock still held`},
			"locks twice": {func(t Tickets) bool {
				t.Lock()
				defer t.Unlock()
				if t.Left() == 0 {
					return false
				}
				t.Lock()
				defer t.Unlock()
				t.SetLeft(t.Left() - 1)
				return true
			}, `waits for a lock that nobody gives back`},
			"never sells": {func(t Tickets) bool { return false }, `the buyer got none`},
			"always sells": {func(t Tickets) bool {
				t.Lock()
				defer t.Unlock()
				t.SetLeft(t.Left() - 1)
				return true
			}, `No ticket was left, and the buyer was sold one`},
			"only says so": {func(t Tickets) bool {
				t.Lock()
				defer t.Unlock()
				return t.Left() > 0
			}, `from 3 to 3; it should be 2`},
			"tries once more": {func(t Tickets) bool {
				for range 2 {
					t.Lock()
					left := t.Left()
					t.Unlock()
					if left == 0 {
						return false
					}
					t.Lock()
					same := t.Left() == left
					if same {
						t.SetLeft(left - 1)
					}
					t.Unlock()
					if same {
						return true
					}
				}
				return false
			}, `two buyers got a ticket, and there were enough for 3`},
		})
}
