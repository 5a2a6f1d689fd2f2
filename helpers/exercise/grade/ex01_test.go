package grade

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

func TestWaitForAll(t *testing.T) {
	type answer = func(tasks []func())
	grades(t, WaitForAll,
		map[string]answer{
			"solution": func(tasks []func()) {
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(task)
				}
				wg.Wait()
			},
			"by channel": func(tasks []func()) {
				done := make(chan struct{})
				for _, task := range tasks {
					go func() {
						task()
						done <- struct{}{}
					}()
				}
				for range tasks {
					<-done
				}
			},
			"errgroup": func(tasks []func()) {
				var g errgroup.Group
				for _, task := range tasks {
					g.Go(func() error { task(); return nil })
				}
				if err := g.Wait(); err != nil {
					fmt.Println(err)
				}
			},
		},
		map[string]refused[answer]{
			"starter": {func(tasks []func()) {
				for _, task := range tasks {
					task()
				}
			}, `took 600 ms; it should take 300 ms.*one after another`},
			"no wait": {func(tasks []func()) {
				for _, task := range tasks {
					go task()
				}
			}, `returned after 0 ms, while three tasks were still running`},
			"sleep": {func(tasks []func()) {
				for _, task := range tasks {
					go task()
				}
				time.Sleep(301 * time.Millisecond)
			}, `later than it could.*guessed time`},
			"busy": {func(tasks []func()) {
				var left atomic.Int64
				left.Store(int64(len(tasks)))
				for _, task := range tasks {
					go func() { task(); left.Add(-1) }()
				}
				for left.Load() > 0 {
				}
			}, "keeps the processor busy.*(`for left.Load|had to stop it)"},
			"deadlock": {func(tasks []func()) {
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Add(1)
					go task()
				}
				wg.Wait()
			}, "^Deadlock: .*your function is waiting for a WaitGroup in `wg.Wait\\(\\)`"},
			"race": {func(tasks []func()) {
				n := 0
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(func() { task(); n++ })
				}
				wg.Wait()
			}, "^Data race: two goroutines are in `wg.Go\\(func\\(\\) { task\\(\\); n\\+\\+ }\\)`"},
			"first only": {func(tasks []func()) {
				done := make(chan struct{})
				for _, task := range tasks {
					go func() { task(); done <- struct{}{} }()
				}
				<-done
			}, `returned after 100 ms, while two tasks were still running`},
			"leak": {func(tasks []func()) {
				var wg sync.WaitGroup
				results := make(chan int)
				for _, task := range tasks {
					wg.Go(task)
				}
				go func() { wg.Wait(); results <- 1 }()
				wg.Wait()
			}, "left one goroutine behind, waiting to send to a channel in `go func\\(\\) { wg.Wait\\(\\); results <- 1 }\\(\\)`"},
			"panic": {func(tasks []func()) {
				panic("not implemented")
			}, "panicked in `panic\\(\"not implemented\"\\)`: not implemented"},
			"panic in goroutine": {func(tasks []func()) {
				var wg sync.WaitGroup
				for i := range tasks {
					wg.Go(func() { tasks[i+1]() })
				}
				wg.Wait()
			}, "panicked in `wg.Go.*index out of range.*long enough"},
			"exit": {func(tasks []func()) {
				os.Exit(0)
			}, `ended the whole program, with status 0`},
			"exit 3": {func(tasks []func()) {
				fmt.Fprintln(os.Stderr, "I give up")
				os.Exit(3)
			}, `status 3.*last words were: I give up`},
			"mutex deadlock": {func(tasks []func()) {
				var mu sync.Mutex
				mu.Lock()
				mu.Lock()
			}, "^Deadlock: your function is waiting for a mutex in `mu.Lock"},
			"lock held": {func(tasks []func()) {
				var mu sync.Mutex
				var wg sync.WaitGroup
				for _, task := range tasks {
					wg.Go(func() { mu.Lock(); defer mu.Unlock(); task() })
				}
				wg.Wait()
			}, "Don't hold a mutex while you wait"},
			"package level": {func(tasks []func()) {
				<-global
			}, "have to be made inside your function"},
			"endless in virtual time": {func(tasks []func()) {
				for {
					time.Sleep(time.Second)
				}
			}, "hadn't returned after an hour of virtual time: your function is sleeping in `time.Sleep"},
			"twice": {func(tasks []func()) {
				var wg sync.WaitGroup
				for _, task := range append(tasks, tasks...) {
					wg.Go(task)
				}
				wg.Wait()
			}, `Task 1 ran twice`},
			"too many": {func(tasks []func()) {
				for {
					go func() { select {} }()
				}
			}, `more than 8,000 goroutines|keeps the processor busy`},
		})
}

var global = make(chan int)
