package grade

import (
	"sync"
	"sync/atomic"
	"testing"
)

type bank struct {
	deposit  func(int)
	withdraw func(int) bool
	balance  func() int
}

func (b bank) Deposit(n int)       { b.deposit(n) }
func (b bank) Withdraw(n int) bool { return b.withdraw(n) }
func (b bank) Balance() int        { return b.balance() }

// guarded is an account with locks around each of its three methods, which may be missing.
func guarded(deposit, withdraw, balance sync.Locker) Bank {
	n := 0
	return bank{func(d int) {
		deposit.Lock()
		defer deposit.Unlock()
		n += d
	}, func(d int) bool {
		withdraw.Lock()
		defer withdraw.Unlock()
		if n < d {
			return false
		}
		n -= d
		return true
	}, func() int {
		balance.Lock()
		defer balance.Unlock()
		return n
	}}
}

type none struct{}

func (none) Lock()   {}
func (none) Unlock() {}

func TestBankAccount(t *testing.T) {
	grades(t, BankAccount,
		map[string]func() Bank{
			"solution": func() Bank { var mu sync.Mutex; return guarded(&mu, &mu, &mu) },
			"compare and swap": func() Bank {
				var n atomic.Int64
				return bank{func(d int) { n.Add(int64(d)) }, func(d int) bool {
					for {
						old := n.Load()
						if old < int64(d) {
							return false
						}
						if n.CompareAndSwap(old, old-int64(d)) {
							return true
						}
					}
				}, func() int { return int(n.Load()) }}
			},
		},
		map[string]refused[func() Bank]{
			"starter":              {func() Bank { return guarded(none{}, none{}, none{}) }, `^Data race`},
			"balance unguarded":    {func() Bank { var mu sync.Mutex; return guarded(&mu, &mu, none{}) }, "^Data race"},
			"withdrawal unguarded": {func() Bank { var mu sync.Mutex; return guarded(&mu, none{}, &mu) }, "^Data race"},
			"a lock each":          {func() Bank { return guarded(new(sync.Mutex), new(sync.Mutex), new(sync.Mutex)) }, "^Data race"},
			"never unlocked": {func() Bank {
				var mu sync.Mutex
				return bank{func(int) { mu.Lock() }, func(int) bool { mu.Lock(); return true }, func() int { return 0 }}
			}, "^Deadlock: .*waiting for a mutex"},
			"overdrawn": {func() Bank {
				var n atomic.Int64
				return bank{func(d int) { n.Add(int64(d)) }, func(d int) bool { n.Add(-int64(d)); return true }, func() int { return int(n.Load()) }}
			}, `third withdrawal isn't covered`},
			"looks, then takes": {func() Bank {
				var mu sync.Mutex
				b := guarded(&mu, &mu, &mu).(bank)
				b.withdraw = func(d int) bool {
					if b.balance() < d {
						return false
					}
					b.deposit(-d)
					return true
				}
				return b
			}, `There was one coin.*do both under one lock`},
			"takes, looks, gives back": {func() Bank {
				var n atomic.Int64
				return bank{func(d int) { n.Add(int64(d)) }, func(d int) bool {
					if n.Add(-int64(d)) < 0 {
						n.Add(int64(d))
						return false
					}
					return true
				}, func() int { return int(n.Load()) }}
			}, `There was one coin`},
		})
}
