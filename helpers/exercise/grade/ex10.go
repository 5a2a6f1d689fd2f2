package grade

import (
	"sync"
	"time"
)

var _ = register(Exercise{
	Name:  "10_bank_account",
	Title: "A bank account without a race",
	Picture: Picture{
		Title:   "Three deposits take turns",
		Caption: "Each deposit reads the balance and writes it back, and no other one comes in between.",
		Spans:   []Span{span("deposit 1", 0, 10), span("deposit 2", 10, 20), span("deposit 3", 20, 30)},
	},
})

// A Bank is an account that many goroutines use.
type Bank interface {
	Deposit(n int)
	Withdraw(n int) bool
	Balance() int
}

// BankAccount grades an account.
func BankAccount(answer func() Bank) Check {
	return Check{"10_bank_account", []Scenario{
		{Name: "a deposit of 10 and withdrawals of 4, 4 and 4", Do: func(r *Run) {
			r.Call(func() {
				a := answer()
				a.Deposit(10)
				first, second, third := a.Withdraw(4), a.Withdraw(4), a.Withdraw(4)
				if !first || !second {
					r.Failf("The first two withdrawals are covered, and should return true.")
				}
				if third {
					r.Failf("The third withdrawal isn't covered: Withdraw should return false, and take nothing.")
				}
				if n := a.Balance(); n != 2 {
					r.Failf("The balance should be 2; it is %d.", n)
				}
			})
		}},
		{Name: "a hundred deposits at the same time", Do: func(r *Run) {
			r.Call(func() {
				a := answer()
				var wg sync.WaitGroup
				for range 100 {
					wg.Go(func() { a.Deposit(1) })
					wg.Go(func() { a.Balance() })
				}
				wg.Wait()
				if n := a.Balance(); n != 100 {
					r.Failf("After a hundred deposits of 1 the balance is %d: some got lost.", n)
				}
			})
		}},
		{Name: "a hundred withdrawals at the same time, ten of which are covered", Do: func(r *Run) {
			r.Call(func() {
				a := answer()
				a.Deposit(10)
				paid := make([]bool, 100)
				var wg sync.WaitGroup
				for i := range paid {
					wg.Go(func() { paid[i] = a.Withdraw(1) })
				}
				wg.Wait()
				n := 0
				for _, p := range paid {
					if p {
						n++
					}
				}
				if n != 10 || a.Balance() != 0 {
					r.Failf("%d withdrawals were paid, and the balance is %d; it should be ten, and 0. Look at the balance and change it under one lock.", n, a.Balance())
				}
			})
		}},
		{Name: "several goroutines that take the same last coin again and again", Real: true, Do: func(r *Run) {
			// Whoever gets the coin puts it back. If two get it, the balance is below 0 until one of them does.
			lowest := make([]int, 8)
			r.Call(func() {
				a := answer()
				a.Deposit(1)
				until := time.Now().Add(200 * time.Millisecond)
				var wg sync.WaitGroup
				for i := range lowest {
					wg.Go(func() {
						for n := 0; lowest[i] == 0 && (n%64 > 0 || time.Now().Before(until)); n++ {
							if a.Withdraw(1) {
								lowest[i] = min(lowest[i], a.Balance())
								a.Deposit(1)
							}
						}
					})
				}
				wg.Wait()
			})
			for _, n := range lowest {
				if n < 0 {
					r.Failf("There was one coin, two withdrawals were paid at the same time, and the balance was %d. Between the look at the balance and the change, somebody else came in: do both under one lock, without an Unlock in between.", n)
				}
			}
		}},
	}}
}
