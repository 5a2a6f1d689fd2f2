package grade

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tutorial/helpers/figure"
)

// A Verdict says whether an answer is right, and if not, why not.
type Verdict struct {
	OK       bool
	Scenario string         // in which it was found
	Text     string         // for the learner: what was expected, what happened, what helps
	Stuck    bool           // nothing moved any more
	Waits    string         // who waited for what then
	Spans    []Span         // the work that had begun by then
	Figure   *figure.Figure // what to show instead of the spans
	Printed  string         // what the learner's code printed
	Passed   []string       // the scenarios that went well
}

func panicText(message, line string) string {
	where := "Your code panicked"
	if line != "" {
		where += in(line)
	}
	text := where + ": " + message + "."
	for part, advice := range map[string]string{
		"send on closed channel":         "Close a channel only when nobody will send any more: usually after a Wait for all senders.",
		"close of closed channel":        "Let exactly one goroutine close a channel.",
		"close of nil channel":           "Make the channel with make before you use it.",
		"negative WaitGroup counter":     "Done was called more often than Add.",
		"index out of range":             "Make the slice long enough before the goroutines write to it.",
		"slice bounds out of range":      "A part of a slice ends where the slice ends, at the latest: min is a way to say so.",
		"range function continued":       "When yield has returned false, the loop has ended: don't call yield again.",
		"assignment to entry in nil map": "Make the map with make before you write to it.",
		"nil pointer dereference":        "Something that you use there is nil.",
		"unlock of unlocked":             "Each Unlock needs a Lock before it, in the same goroutine's order of things.",
		"WaitGroup is reused":            "Call Add before the goroutine starts, or use wg.Go.",
		"synctest":                       "It was made at the top of a cell, or for an earlier call: make it inside your function, anew for each call.",
		"concurrent map":                 "A map is not safe for several goroutines: guard it with a mutex.",
		"semaphore: released more than":  "Release a place only after you have acquired it, and once.",
	} {
		if strings.Contains(message, part) {
			return text + " " + advice
		}
	}
	return text
}

// learners are those who are in the learner's code, or were started there.
func learners(all []waiter) []waiter {
	return slices.DeleteFunc(slices.Clone(all), func(w waiter) bool { return w.line == "" && w.origin == "" })
}

// stuckText says that the call will never return, and who waits for what.
func stuckText(all []waiter) string {
	if slices.ContainsFunc(all, func(w waiter) bool { return w.state == "sleep" }) {
		return fmt.Sprintf("Your function hadn't returned after an hour of virtual time: %s. A loop that sleeps and looks again never ends if what it waits for never comes.", tell(learners(all)))
	}
	return fmt.Sprintf("Deadlock: your function never returns. Everybody waits, and nobody is left who could wake them: %s.", tell(learners(all)))
}

// blockedText is stuckText for goroutines that virtual time cannot wake, because a mutex or something outside stops it.
func blockedText(all []waiter) string {
	mutex, outside, holder := false, false, false
	for _, w := range all {
		switch {
		case strings.Contains(w.state, "Mutex"):
			mutex = true
		case !w.durable:
			outside = true
		case w.durable && (w.state == "sleep" || w.line != "" || w.origin != ""):
			holder = true
		}
	}
	switch {
	case mutex && holder:
		return fmt.Sprintf("Nothing moves any more: %s. Somebody waits for a mutex, and whoever holds it waits too. Don't hold a mutex while you wait: lock, change the variables, unlock.", tell(learners(all)))
	case mutex:
		return fmt.Sprintf("Deadlock: %s. Whoever holds the mutex is waiting for one as well. Did a path return without Unlock, does a function lock twice, or do two functions lock two mutexes in different orders?", tell(learners(all)))
	case outside:
		return fmt.Sprintf("Nothing moves any more: %s. Channels, WaitGroups and the like have to be made inside your function: one that is made at the top of a cell is outside of the check's virtual time. Files, networks and input are outside, too.", tell(learners(all)))
	}
	return fmt.Sprintf("Nothing moves any more: %s.", tell(learners(all)))
}

// busyText says that the code computes without an end.
func busyText(all []waiter) string {
	var who string
	for _, w := range learners(all) {
		if w.busy() || w.state == "sleep" {
			who = tell([]waiter{w})
			break
		}
	}
	if who == "" {
		who = tell(learners(all))
	}
	return fmt.Sprintf("Your function keeps the processor busy and never ends: %s. If it waits for something, let it wait on a channel, a WaitGroup or a context instead of looking again and again.", who)
}

var recovered = regexp.MustCompile(` \[recovered[^\]]*\]$`)

var accesses = regexp.MustCompile(`(?m)^(?:Previous )?(?i:(atomic )?(read|write)) at 0x[0-9a-f]+ by .*:$`)

// crash says why a program ended without a verdict, from what it wrote to standard error.
func crash(stderr string, status int) string {
	if _, report, ok := strings.Cut(stderr, "WARNING: DATA RACE\n"); ok {
		return raceText(report)
	}
	lines := strings.Split(stderr, "\n")
	for i, line := range lines {
		if message, ok := strings.CutPrefix(line, "panic: "); ok {
			return panicText(recovered.ReplaceAllString(message, ""), learnerLine(lines[i:]))
		}
		if message, ok := strings.CutPrefix(line, "fatal error: "); ok {
			return panicText(message, learnerLine(lines[i:])) + " No recover can catch this one."
		}
		if strings.HasPrefix(line, "race: limit on") {
			return "Your code had more than 8,000 goroutines at once, which is more than the race detector can follow. Start only as many as there are tasks."
		}
		if message, ok := strings.CutPrefix(line, "runtime: goroutine stack exceeds"); ok {
			return "A function calls itself without an end: its stack exceeds" + message + "."
		}
	}
	text := fmt.Sprintf("Your code ended the whole program, with status %d, as os.Exit and log.Fatal do. Return an error instead: then the caller decides.", status)
	if said := strings.TrimSpace(stderr); said != "" {
		last := said[strings.LastIndexByte(said, '\n')+1:]
		text += " Its last words were: " + last
	}
	return text
}

// raceText says which two lines race.
func raceText(report string) string {
	report, _, _ = strings.Cut(report, "\n==================")
	if i := strings.Index(report, "\nGoroutine "); i >= 0 {
		report = report[:i]
	}
	var did, where []string
	at := accesses.FindAllStringSubmatchIndex(report, -1)
	for i, m := range at {
		end := len(report)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		did = append(did, strings.ToLower(report[m[4]:m[5]])+"s")
		where = append(where, learnerLine(strings.Split(report[m[1]:end], "\n")))
	}
	if len(where) == 2 && strings.HasPrefix(where[0]+where[1], "close(") || len(where) == 2 && strings.HasPrefix(where[1], "close(") {
		closes, other := where[0], where[1]
		if !strings.HasPrefix(closes, "close(") {
			closes, other = other, closes
		}
		return fmt.Sprintf("Data race: one goroutine closes a channel in `%s` while another one may still send, in `%s`. Close it when all senders have ended, for instance after a Wait for them.", closes, other)
	}
	const advice = " Nothing says which comes first, so the result depends on luck. Give each goroutine a variable of its own, guard the shared one with a mutex, or send the values through a channel."
	switch {
	case len(did) != 2 || where[0] == "" && where[1] == "":
		return "Data race: two goroutines use the same variable at the same time, and at least one of them writes." + advice
	case where[0] == where[1]:
		return fmt.Sprintf("Data race: two goroutines are in `%s` at the same time, with the same variable.", where[0]) + advice
	case where[0] == "" || where[1] == "":
		return fmt.Sprintf("Data race: one goroutine uses a variable in `%s` while the caller of your function uses it, too.", where[0]+where[1]) + advice
	}
	return fmt.Sprintf("Data race: one goroutine %s a variable in `%s` while another one %s it in `%s`.", did[0], where[0], did[1], where[1]) + advice
}
