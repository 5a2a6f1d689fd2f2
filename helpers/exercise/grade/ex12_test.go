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
			"fields":   func() Bank { return new(careful) },
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
			"luck: an atomic look and an atomic change": {func() Bank {
				var n atomic.Int64
				return bank{func(d int) { n.Store(n.Load() + int64(d)) }, func(d int) bool {
					old := n.Load()
					if old < int64(d) {
						return false
					}
					n.Store(old - int64(d))
					return true
				}, func() int { return int(n.Load()) }}
			}, "Others come between two steps, even if each is atomic by itself|some got lost"},
			"luck: takes, then gives back": {func() Bank {
				var n atomic.Int64
				return bank{func(d int) { n.Add(int64(d)) }, func(d int) bool {
					if n.Add(-int64(d)) >= 0 {
						return true
					}
					n.Add(int64(d))
					return false
				}, func() int { return int(n.Load()) }}
			}, "couldn't withdraw it a moment later.*somebody else took, for a moment, what wasn't there"},
			"one balance for all": {func() Bank { return shared }, "it shares it with another account"},
			"looks, then takes": {func() Bank { return new(hasty) },
				`withdrawals were paid.*(?i:look at the balance and change it under one lock)`},
		})
}

// hasty holds the lock at each look and at each change, but not from the one to the other.
type hasty struct {
	mu sync.Mutex
	n  int
}

func (h *hasty) Deposit(d int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n += d
}

func (h *hasty) Withdraw(d int) bool {
	if h.Balance() < d {
		return false
	}
	h.Deposit(-d)
	return true
}

func (h *hasty) Balance() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n
}

// careful is an account as most learners write it.
type careful struct{ hasty }

func (c *careful) Withdraw(d int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n < d {
		return false
	}
	c.n -= d
	return true
}

var shared = new(careful)
