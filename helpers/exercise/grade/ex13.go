package grade

import (
	"fmt"
	"sync"
	"time"

	"tutorial/helpers/interleave"
)

var _ = register(Exercise{
	Name:  "13_two_locks",
	Title: "Two locks, no deadlock",
	Picture: Picture{
		Title:   "Three transfers",
		Caption: "The first two share an account, so they take turns. The third has two accounts of its own and waits for nobody.",
		Spans:   []Span{span("1 to 2", 0, 100), span("2 to 1", 100, 200), span("3 to 4", 0, 100)},
	},
})

// An Account has a number of its own, and a lock.
type Account struct {
	Number int
	sync.Locker
}

// A slot is a lock that waits in virtual time.
type slot chan struct{}

func (s slot) Lock() {
	s <- struct{}{}
	time.Sleep(time.Millisecond) // somebody else may try now
}
func (s slot) Unlock() {
	select {
	case <-s:
	default:
		panic("sync: unlock of unlocked mutex")
	}
}

// TwoLocks grades a function that calls f while it holds the locks of two accounts, without ever ending in a deadlock.
func TwoLocks(answer func(a, b Account, f func())) Check {
	accounts := func(n int) []Account {
		all := make([]Account, n)
		for i := range all {
			all[i] = Account{i + 1, make(slot, 1)}
		}
		return all
	}
	return Check{"13_two_locks", []Scenario{
		{Name: "one transfer", Do: func(r *Run) {
			a := accounts(2)
			held, calls := 0, 0
			r.Call(func() {
				answer(a[0], a[1], func() { calls++; held = len(a[0].Locker.(slot)) + len(a[1].Locker.(slot)) })
			})
			if calls != 1 {
				r.Failf("f was called %s; a transfer is made once.", Plural(calls, "time", "times"))
			}
			if held < 2 {
				r.Failf("While f ran, %s held; both should be. Lock both accounts, then call f.", Plural(held, "lock was", "locks were"))
			}
			if n := len(a[0].Locker.(slot)) + len(a[1].Locker.(slot)); n > 0 {
				r.Failf("Your function returned with %s still held: the next transfer would wait for ever. Unlock what you lock, with defer.", Plural(n, "lock", "locks"))
			}
		}},
		{Name: "one transfer, in every order that the scheduler could choose, beside one that goes the other way", Do: func(r *Run) {
			r.IfStuck("In some orders, a transfer waits for something else than the locks of its two accounts while it holds one of them. Lock just these two, one after the other.")
			for _, numbers := range [][2]int{{1, 2}, {1, 3}, {4, 2}} {
				r.Explore("Two transfers in opposite directions", "Each holds a lock that the other one waits for. That can't happen if everybody locks in the same order, whoever sends and whoever receives.", func(p *interleave.Program) {
					account := func(n int) Account { return Account{n, interleave.NewMutex(p, fmt.Sprint("account ", n))} }
					a, b := account(numbers[0]), account(numbers[1])
					done := interleave.NewVar(p, "transfers", 0)
					count := func() { done.Store(done.Load() + 1) }
					p.GoNamed(fmt.Sprintf("transfer %d to %d", a.Number, b.Number), func() { answer(a, b, count) })
					p.GoNamed(fmt.Sprintf("transfer %d to %d", b.Number, a.Number), func() { answer(b, a, count) })
					p.Check(func() error {
						if n := done.Load(); n != 2 {
							return fmt.Errorf("%d of 2 transfers were counted", n)
						}
						return nil
					})
				})
			}
		}},
		{Name: "two transfers that have no account in common", Do: func(r *Run) {
			a := accounts(4)
			r.IfStuck("One transfer waits for the other, although they have no account in common. Lock just the two accounts that are needed, and not something that all transfers share.")
			r.Call(func() {
				var wg sync.WaitGroup
				wg.Go(func() { answer(a[0], a[1], r.Work("1 to 2", MS(100))) })
				wg.Go(func() { answer(a[3], a[2], r.Work("4 to 3", MS(100))) })
				wg.Wait()
			})
			if r.MostAtOnce() < 2 {
				r.Failf("The two transfers have nothing in common, but one waited for the other. Lock just the two accounts that are needed, and not something that all transfers share.")
			}
		}},
		{Name: "a transfer from an account to itself", Do: func(r *Run) {
			a := accounts(1)
			r.IfStuck("Both accounts are the same one here, so its lock is locked twice, and waits for itself. Compare the numbers, and lock it once.")
			ran := false
			r.Call(func() { answer(a[0], a[0], func() { ran = true }) })
			if !ran {
				r.Failf("f was not called. A transfer from an account to itself is strange, but allowed: lock the one account once, and call f.")
			}
		}},
		{Name: "three transfers in a ring, 1 to 2, 2 to 3, 3 to 1", Do: func(r *Run) {
			a := accounts(3)
			r.Call(func() {
				var wg sync.WaitGroup
				for i := range a {
					wg.Go(func() { answer(a[i], a[(i+1)%3], r.Work(fmt.Sprint("transfer ", i+1), MS(10))) })
				}
				wg.Wait()
			})
			r.WantEach("transfer 1", "transfer 2", "transfer 3")
			r.WantAtMost(1)
		}},
		{Name: "f panicking, and a caller that recovers", Do: func(r *Run) {
			a := accounts(2)
			r.Call(func() {
				defer func() {
					if p := recover(); p == nil {
						r.Failf("f panicked, and the panic was lost in your function. It is not yours to recover: the caller has to learn of it.")
					}
				}()
				answer(a[1], a[0], func() { panic("no such account") })
			})
			if n := len(a[0].Locker.(slot)) + len(a[1].Locker.(slot)); n > 0 {
				r.Failf("f panicked, and %s still held afterwards. Unlock with defer: deferred calls run during a panic, too.", Plural(n, "lock is", "locks are"))
			}
		}},
	}}
}
