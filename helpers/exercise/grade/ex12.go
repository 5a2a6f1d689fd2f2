package grade

import (
	"reflect"
	"slices"
	"sync"
	"time"
)

var _ = register(Exercise{
	Name:  "12_bank_account",
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
	return Check{"12_bank_account", []Scenario{
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
				if n := a.Balance(); n > 100 {
					r.Failf("After a hundred deposits of 1 a new account's balance is %d: it shares it with another account. Keep the balance in a field.", n)
				}
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
				if n := countTrue(paid); n != 10 || a.Balance() != 0 {
					r.Failf("%d withdrawals were paid, and the balance is %d; it should be ten, and 0. Look at the balance and change it under one lock.", n, a.Balance())
				}
			})
		}},
		{Name: "three customers who deposit 1 and withdraw it, again and again, and one who asks for a million", Real: true, Do: func(r *Run) {
			a := answer()
			open := whileItPays()
			var refused [3]bool
			paid := false
			r.Call(func() {
				var wg sync.WaitGroup
				for i := range refused {
					wg.Go(func() {
						for open() {
							for range 100 {
								a.Deposit(1)
								if !a.Withdraw(1) {
									refused[i] = true
									return
								}
							}
						}
					})
				}
				wg.Go(func() {
					for open() {
						for range 100 {
							paid = paid || a.Withdraw(1_000_000)
						}
					}
				})
				wg.Wait()
			})
			const help = "Others come between two steps, even if each is atomic by itself. Look at the balance and change it in one step: under one lock, or with CompareAndSwap."
			switch {
			case paid:
				r.Failf("Nobody has ever deposited a million, and it was paid. " + help)
			case slices.Contains(refused[:], true):
				r.Failf("A customer deposited 1 and couldn't withdraw it a moment later. Either a deposit got lost, or somebody else took, for a moment, what wasn't there. " + help)
			case a.Balance() != 0:
				r.Failf("As much was withdrawn as was deposited, and the balance is %d; it should be 0. "+help, a.Balance())
			}
		}},
		{Name: "one coin, and eight withdrawals that wait for the same lock", Real: true, Do: func(r *Run) {
			paid := make([]bool, 8)
			for range 5 { // A thread that pauses at the wrong moment spoils an attempt.
				a := answer()
				mu := mutexOf(a)
				if mu == nil {
					return
				}
				a.Deposit(1)
				r.Call(func() {
					var wg sync.WaitGroup
					mu.Lock()
					for i := range paid {
						wg.Go(func() { paid[i] = a.Withdraw(1) })
					}
					// When somebody has waited for more than 1 ms and then comes too late once more, a mutex goes from one to
					// the next in turn: whoever unlocks between the look and the change goes to the end of the queue.
					for range 3 {
						time.Sleep(3 * time.Millisecond)
						mu.Unlock()
						mu.Lock()
					}
					mu.Unlock()
					wg.Wait()
				})
				if n := countTrue(paid); n != 1 {
					r.Failf("There was one coin, and %s paid; the balance is %d. All of them looked before the first one took it: look at the balance and change it under one lock, without an Unlock in between.", Plural(n, "withdrawal was", "withdrawals were"), a.Balance())
				}
			}
		}},
	}}
}

// mutexOf finds a mutex among the fields of an account, nil if there is none.
func mutexOf(a Bank) sync.Locker {
	v := reflect.Indirect(reflect.ValueOf(a))
	if v.Kind() != reflect.Struct {
		return nil
	}
	for i := range v.NumField() {
		if f := reflect.Indirect(v.Field(i)); f.IsValid() && f.CanAddr() {
			if mu, ok := reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Interface().(sync.Locker); ok {
				return mu
			}
		}
	}
	return nil
}
