// Package grade holds the graders of the exercises. A grader calls the learner's function in scenarios, under virtual time
// (see testing/synctest) and the race detector, and says in a sentence or two what is not as it should be.
//
// An answer may panic, deadlock, race, loop without end or call os.Exit, so it runs in a process of its own: [Check.Judge]
// starts the test's program a second time, for the same test, and there the same call of Judge runs the scenarios.
package grade

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A Check is an exercise with a learner's answer to it.
type Check struct {
	Exercise  string // its name, as in [Exercises]
	Scenarios []Scenario
}

// A Scenario is one situation in which the learner's code has to do well.
type Scenario struct {
	Name string // what it is about, as in "three tasks of 300, 100 and 200 ms"
	Do   func(*Run)
	// Real says that it runs in real time: where a right answer may wait for a mutex, which virtual time does not know. Nothing
	// may be said about times then, and what is left behind is not looked for.
	Real bool
}

// Limits of an answer, in real time. A right one takes a few milliseconds in each scenario.
const (
	maxCPU  = time.Second
	maxReal = 20 * time.Second
	glance  = 100 * time.Millisecond // how often somebody looks whether anything moves
	still   = 4                      // so many times in a row nothing moved: it never will
)

// child marks the environment of the process that runs the answer.
const child = "TUTORIAL_EXERCISE_ANSWER"

// executable is the program that holds the answer, with the race detector. The graders' own tests change it.
var executable = os.Executable

// A message is what the process of the answer tells the one that judges.
type message struct {
	Begin   string   `json:",omitempty"` // the scenario that begins now
	Verdict *Verdict `json:",omitempty"`
}

// Judge runs the answer in a process of its own, and returns the verdict. In that process it does not return.
func (c Check) Judge(t *testing.T) Verdict {
	t.Helper()
	if os.Getenv(child) != "" {
		c.answer(t)
	}
	v, err := c.judge(t)
	if err != nil {
		return Verdict{Text: fmt.Sprintf("The check could not be made: %v.", err)}
	}
	return v
}

func (c Check) judge(t *testing.T) (Verdict, error) {
	program, err := executable()
	if err != nil {
		return Verdict{}, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return Verdict{}, err
	}
	defer read.Close()
	var stdout, stderr limited
	cmd := exec.CommandContext(t.Context(), program, "-test.run="+exactly(t.Name()), "-test.timeout=60s")
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "GONB_PIPE") || strings.HasPrefix(v, "GORACE=") || strings.HasPrefix(v, "GOTRACEBACK=")
	}), child+"=1", "GORACE=halt_on_error=1 exitcode=66 atexit_sleep_ms=0", "GOTRACEBACK=single")
	cmd.ExtraFiles = []*os.File{write}
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second
	err = cmd.Start()
	write.Close()
	if err != nil {
		return Verdict{}, err
	}
	kill := time.AfterFunc(50*time.Second, func() { cmd.Process.Kill() })
	defer kill.Stop()

	var v Verdict
	var done []string
	scenario, decided := "", false
	messages := json.NewDecoder(read)
	for {
		var m message
		if err := messages.Decode(&m); err != nil {
			break // the process has ended
		}
		switch {
		case m.Verdict != nil:
			v, decided = *m.Verdict, true
		case scenario != "":
			done = append(done, scenario)
			fallthrough
		default:
			scenario = m.Begin
		}
	}
	err = cmd.Wait()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended && !errors.Is(err, exec.ErrWaitDelay) {
		return Verdict{}, err
	}
	if !decided {
		if scenario == "" {
			return Verdict{}, fmt.Errorf("the answer did not begin: %s", strings.TrimSpace(stdout.String()+"\n"+stderr.String()))
		}
		v = Verdict{Scenario: scenario}
		if killed := !kill.Stop(); killed {
			if used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(); used < maxCPU {
				return Verdict{}, fmt.Errorf("this computer is too busy, and let it compute for %s only; try again when less is going on", Time(used))
			}
			v.Text = "Your function keeps the processor busy and never ends, so the check had to stop it. Does it look again and again in a loop, or start goroutines without an end? Let it wait on a channel, a WaitGroup or a context instead."
			return v, nil
		}
		v.Text = crash(stderr.String(), cmd.ProcessState.ExitCode())
	}
	v.Printed = stdout.String()
	v.Passed = done
	if v.OK {
		v.Passed = append(done, scenario)
	}
	return v, nil
}

// exactly is the pattern for one test, or one of its subtests.
func exactly(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

// answer runs the scenarios, tells the judge how they went, and ends the program.
func (c Check) answer(t *testing.T) {
	judge := os.NewFile(3, "judge")
	var mu sync.Mutex
	out := json.NewEncoder(judge)
	var advice atomic.Pointer[string]
	report := func(v Verdict) {
		mu.Lock() // for ever: the first verdict counts
		if text := advice.Load(); text != nil && v.Stuck {
			v.Text = *text + " Now " + v.Waits + "."
		}
		out.Encode(message{Verdict: &v})
		os.Exit(3)
	}
	if !withRace {
		report(Verdict{Text: "The check needs the race detector. Run it with the line %goflags -race in its cell."})
	}
	for _, s := range c.Scenarios {
		mu.Lock()
		out.Encode(message{Begin: s.Name})
		mu.Unlock()
		stop := watch(s.Name, report)
		advice.Store(nil)
		s.run(t, &advice, report)
		stop()
	}
	report(Verdict{OK: true, Text: "Everything is as it should be."})
}

// watch looks at the answer from outside of its bubble, and reports if it loops, or waits for what virtual time cannot bring.
func watch(scenario string, report func(Verdict)) (stop func()) {
	stopped := make(chan struct{})
	go func() {
		used := cpu()
		quiet, glances, before := 0, 0, ""
		ticker := time.NewTicker(glance)
		defer ticker.Stop()
		for {
			select {
			case <-stopped:
				return
			case <-ticker.C:
			}
			glances++
			tooLong := cpu()-used > maxCPU || glances > int(maxReal/glance)
			all := goroutines(false)
			now := fmt.Sprint(all)
			if blocked(all) && now == before {
				quiet++
			} else {
				quiet = 0
			}
			before = now
			switch {
			case quiet >= still:
				report(Verdict{Stuck: true, Scenario: scenario, Text: blockedText(all), Waits: tell(learners(all))})
			case tooLong:
				report(Verdict{Scenario: scenario, Text: busyText(all)})
			}
		}
	}()
	return func() { close(stopped) }
}

// blocked reports whether all goroutines wait, and at least one of them for something that virtual time does not bring.
func blocked(all []waiter) bool {
	outside := false
	for _, w := range all {
		if w.busy() {
			return false
		}
		outside = outside || !w.durable
	}
	return outside
}

// limited keeps the beginning of what is written to it.
type limited struct {
	mu sync.Mutex
	b  bytes.Buffer
}

const maxPrinted = 16 << 10

func (l *limited) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if room := maxPrinted - l.b.Len(); room > 0 {
		l.b.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (l *limited) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
