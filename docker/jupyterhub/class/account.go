package main

import (
	"context"
	"slices"
	"sync"
	"time"
)

// use is what one learner, or the hub, takes at one moment.
type use struct {
	memory  map[kind]int64 // bytes
	seconds float64        // of processor time since the start
}

func (u use) total() int64 {
	var sum int64
	for _, bytes := range u.memory {
		sum += bytes
	}
	return sum
}

// sample returns the use by learner; the hub's own is under the empty name.
func sample(mark string) (map[string]use, error) {
	all, err := family(mark)
	if err != nil {
		return nil, err
	}
	by := map[string]use{}
	for _, p := range all {
		u, ok := by[p.learner]
		if !ok {
			u.memory = map[kind]int64{}
		}
		u.memory[p.kind] += p.pss
		// A server's own count has that of the children that ended and were waited for; those that run have theirs.
		u.seconds += p.seconds
		by[p.learner] = u
	}
	return by, nil
}

// An account watches memory over time. Its methods may be called concurrently.
type account struct {
	mark string
	stop context.CancelFunc
	done chan struct{}

	mu     sync.Mutex
	peak   map[string]map[kind]int64 // by learner, of each kind by itself
	totals map[string]int64          // by learner, of all kinds at one moment
	class  int64                     // of all learners and the hub at one moment
	err    error
}

// watch starts an account that takes a sample every second until it is closed.
func watch(ctx context.Context, mark string) *account {
	ctx, stop := context.WithCancel(ctx)
	a := &account{mark: mark, stop: stop, done: make(chan struct{}), peak: map[string]map[kind]int64{}, totals: map[string]int64{}}
	go func() {
		defer close(a.done)
		for ticker := time.NewTicker(time.Second); ; {
			by, err := sample(mark)
			a.add(by, err)
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	}()
	return a
}

func (a *account) add(by map[string]use, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		a.err = err
		return
	}
	var class int64
	for learner, u := range by {
		class += u.total()
		a.totals[learner] = max(a.totals[learner], u.total())
		if a.peak[learner] == nil {
			a.peak[learner] = map[kind]int64{}
		}
		for k, bytes := range u.memory {
			a.peak[learner][k] = max(a.peak[learner][k], bytes)
		}
	}
	a.class = max(a.class, class)
}

// close ends the account.
func (a *account) close() error {
	a.stop()
	<-a.done
	return a.err
}

// median is the middle one, the larger of the two if there is no middle. There has to be one.
func median[T int64 | float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// medians returns the median over the learners for each kind.
func medians(by map[string]map[kind]int64) map[kind]int64 {
	result := map[kind]int64{}
	for _, k := range kinds {
		var values []int64
		for learner, memory := range by {
			if learner != "" {
				values = append(values, memory[k])
			}
		}
		if len(values) > 0 {
			result[k] = median(values)
		}
	}
	return result
}
