package grade

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A gate of functions, for the answers below.
type gate struct {
	wait func(context.Context) error
	open func()
}

func (g gate) Wait(ctx context.Context) error { return g.wait(ctx) }
func (g gate) Open()                          { g.open() }

func TestStartGate(t *testing.T) {
	until := func(c <-chan struct{}) func(context.Context) error {
		return func(ctx context.Context) error {
			select {
			case <-c:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	shared := sync.OnceValue(func() chan struct{} { return make(chan struct{}) })
	grades(t, StartGate,
		map[string]func() Gate{
			"solution": func() Gate {
				var once sync.Once
				opened := make(chan struct{})
				return gate{until(opened), func() { once.Do(func() { close(opened) }) }}
			},
			"a token that is handed on": func() Gate {
				token := make(chan struct{}, 1)
				pass := func() {
					select {
					case token <- struct{}{}:
					default:
					}
				}
				return gate{func(ctx context.Context) error {
					select {
					case <-token:
						pass()
						return nil
					case <-ctx.Done():
						return ctx.Err()
					}
				}, pass}
			},
			"context": func() Gate { // cancelling twice is harmless
				opened, open := context.WithCancel(context.Background())
				return gate{until(opened.Done()), open}
			},
			"mutex and flag": func() Gate {
				var mu sync.Mutex
				isOpen := false
				opened := make(chan struct{})
				return gate{until(opened), func() {
					mu.Lock()
					defer mu.Unlock()
					if !isOpen {
						isOpen = true
						close(opened)
					}
				}}
			},
		},
		map[string]refused[func() Gate]{
			"starter": {func() Gate {
				opened := make(chan struct{})
				return gate{until(opened), func() { opened <- struct{}{} }}
			}, `somebody still waits. A value that is sent to a channel wakes one goroutine; close wakes all`},
			"closes twice": {func() Gate {
				opened := make(chan struct{})
				return gate{until(opened), func() { close(opened) }}
			}, `The second Open panicked: close of closed channel`},
			"checks, then acts": {func() Gate {
				isOpen := false
				opened := make(chan struct{})
				return gate{until(opened), func() {
					if !isOpen {
						isOpen = true
						close(opened)
					}
				}}
			}, `^Data race`},
			"for those who wait": {func() Gate {
				var waiting atomic.Int64
				opened := make(chan struct{})
				return gate{func(ctx context.Context) error {
					waiting.Add(1)
					return until(opened)(ctx)
				}, func() {
					for range waiting.Swap(0) {
						opened <- struct{}{}
					}
				}}
			}, `the gate stays open: those who come later pass`},
			"polling": {func() Gate {
				var isOpen atomic.Bool
				return gate{func(ctx context.Context) error {
					for !isOpen.Load() {
						time.Sleep(time.Millisecond)
						if ctx.Err() != nil {
							return ctx.Err()
						}
					}
					return nil
				}, func() { isOpen.Store(true) }}
			}, `after the gate had opened.*not look again now and then`},
			"busy": {func() Gate {
				var isOpen atomic.Bool
				return gate{func(ctx context.Context) error {
					for !isOpen.Load() && ctx.Err() == nil {
					}
					return ctx.Err()
				}, func() { isOpen.Store(true) }}
			}, `keeps the processor busy`},
			"no context": {func() Gate {
				var once sync.Once
				opened := make(chan struct{})
				return gate{func(context.Context) error { <-opened; return nil }, func() { once.Do(func() { close(opened) }) }}
			}, `context ended after 100 ms, and Wait returned after 200 ms`},
			"no wait": {func() Gate {
				return gate{func(context.Context) error { return nil }, func() {}}
			}, `passed after 0 ms, and the gate opened at 200 ms`},
			"shared": {func() Gate {
				return gate{until(shared()), func() {
					defer func() { _ = recover() }()
					close(shared())
				}}
			}, `make it inside your function, anew for each call`},
			"a bag of tokens": {func() Gate { return tokens(make(chan struct{}, 100)) }, `gate is open, and still somebody waits`},
		})
}

// tokens is a gate that has one for each of those who may come.
type tokens chan struct{}

func (g tokens) Wait(ctx context.Context) error {
	select {
	case <-g:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g tokens) Open() {
	for range cap(g) {
		select {
		case g <- struct{}{}:
		default:
		}
	}
}
