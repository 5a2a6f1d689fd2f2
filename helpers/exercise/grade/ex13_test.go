package grade

import (
	"sync"
	"testing"
	"time"
)

func TestTwoLocks(t *testing.T) {
	type answer = func(a, b Account, f func())
	var global sync.Mutex
	inOrder := func(a, b Account) (Account, Account) {
		if a.Number > b.Number {
			return b, a
		}
		return a, b
	}
	// locked calls f with both accounts locked, a first.
	locked := func(a, b Account, f func()) {
		a.Lock()
		defer a.Unlock()
		if a.Number != b.Number {
			b.Lock()
			defer b.Unlock()
		}
		f()
	}
	solution := func(a, b Account, f func()) {
		a, b = inOrder(a, b)
		locked(a, b, f)
	}
	grades(t, TwoLocks,
		map[string]answer{
			"solution": solution,
			"sorted list": func(a, b Account, f func()) {
				order := []Account{a}
				switch {
				case b.Number > a.Number:
					order = []Account{a, b}
				case b.Number < a.Number:
					order = []Account{b, a}
				}
				for _, account := range order {
					account.Lock()
				}
				defer func() {
					for _, account := range order {
						account.Unlock()
					}
				}()
				f()
			},
		},
		map[string]refused[answer]{
			"f twice": {func(a, b Account, f func()) {
				solution(a, b, func() { f(); f() })
			}, "f was called two times; a transfer is made once"},
			"starter": {func(a, b Account, f func()) {
				a.Lock()
				defer a.Unlock()
				b.Lock()
				defer b.Unlock()
				f()
			}, `(?i)orders? .*deadlock`},
			"one lock": {func(a, b Account, f func()) {
				a.Lock()
				defer a.Unlock()
				f()
			}, `one lock was held; both should be`},
			"no lock": {func(a, b Account, f func()) { f() }, `no locks were held`},
			"never unlocked": {func(a, b Account, f func()) {
				a, b = inOrder(a, b)
				a.Lock()
				b.Lock()
				f()
				a.Unlock()
			}, `with one lock still held`},
			"one lock for all": {func(a, b Account, f func()) {
				if a.Locker == b.Locker {
					f()
					return
				}
				if _, ok := a.Locker.(slot); ok {
					global.Lock()
					defer global.Unlock()
				}
				a, b = inOrder(a, b)
				a.Lock()
				defer a.Unlock()
				b.Lock()
				defer b.Unlock()
				f()
			}, `One transfer waits for the other, although they have no account in common`},
			"itself": {func(a, b Account, f func()) {
				a, b = inOrder(a, b)
				a.Lock()
				defer a.Unlock()
				b.Lock()
				defer b.Unlock()
				f()
			}, "the same one here, so its lock is locked twice.*your function is waiting for a lock in `b.Lock\\(\\)`"},
			"not during a panic": {func(a, b Account, f func()) {
				a, b = inOrder(a, b)
				a.Lock()
				if a.Number != b.Number {
					b.Lock()
				}
				f()
				if a.Number != b.Number {
					b.Unlock()
				}
				a.Unlock()
			}, `two locks are still held afterwards`},
			"recovers": {func(a, b Account, f func()) {
				defer func() { _ = recover() }()
				solution(a, b, f)
			}, `the panic was lost`},
			"tries again": {func(a, b Account, f func()) {
				for {
					a.Lock()
					got := make(chan struct{}, 1)
					go func() { b.Lock(); got <- struct{}{} }()
					select {
					case <-got:
						f()
						b.Unlock()
						a.Unlock()
						return
					case <-time.After(time.Second):
						a.Unlock()
					}
				}
			}, `starts a goroutine. It needs none`},
			"one lock while locking": {func(a, b Account, f func()) {
				global.Lock()
				a.Lock()
				if a.Number != b.Number {
					b.Lock()
				}
				global.Unlock()
				defer func() {
					a.Unlock()
					if a.Number != b.Number {
						b.Unlock()
					}
				}()
				f()
			}, `waits for something else than the locks of its two accounts`},
			"by parity": {func(a, b Account, f func()) {
				if a.Number%2 == 0 {
					a, b = b, a
				}
				locked(a, b, f)
			}, `Deadlock: transfer 1 to 3 waits`},
		})
}
