package timeline_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tutorial/helpers/timeline"
)

// These programs run in a process of their own: this test binary, asked by a variable.
const programVariable = "TIMELINE_TEST_PROGRAM"

var programs = map[string]func(){
	"panic in a goroutine": func() {
		timeline.Record(func() {
			go func() { panic("boom") }()
			select {}
		})
	},
	"nap": func() { time.Sleep(2 * pause) },
	"interrupted": func() {
		timeline.Show("An endless loop", func() {
			go fmt.Println("started")
			for {
				time.Sleep(time.Millisecond)
			}
		})
	},
}

func TestMain(m *testing.M) {
	if run, ok := programs[os.Getenv(programVariable)]; ok {
		run()
		return
	}
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("tutorial/helpers/timeline_test.forEver"))
}

// inChild returns the command that runs one of the programs.
func inChild(ctx context.Context, program string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), programVariable+"="+program)
	return cmd
}

// broken says what is wrong with the lanes of a recording, whatever was recorded.
func broken(rec *timeline.Recording) string {
	var b strings.Builder
	for i := range rec.Lanes {
		l := &rec.Lanes[i]
		at := l.Born
		for _, s := range l.Spans {
			if s.From != at || s.To <= s.From {
				fmt.Fprintf(&b, "lane %d: a span from %v to %v follows one that ended at %v\n", i, s.From, s.To, at)
			}
			at = s.To
		}
		if at != l.Died {
			fmt.Fprintf(&b, "lane %d: its spans end at %v, it at %v\n", i, at, l.Died)
		}
		if l.Parent >= i || i == 0 && l.Parent != -1 {
			fmt.Fprintf(&b, "lane %d has the parent %d\n", i, l.Parent)
		}
		if l.Born < 0 || l.Died > rec.Duration {
			fmt.Fprintf(&b, "lane %d lives from %v to %v in a recording of %v\n", i, l.Born, l.Died, rec.Duration)
		}
	}
	return b.String()
}

func TestBrokenRecordingsAreRejected(t *testing.T) {
	t.Parallel()
	good := func() *timeline.Recording {
		return &timeline.Recording{Duration: 10, Lanes: []timeline.Lane{
			{Parent: -1, Died: 10, Spans: []timeline.Span{{From: 0, To: 4}, {From: 4, To: 10}}},
			{Parent: 0, Born: 2, Died: 3, Spans: []timeline.Span{{From: 2, To: 3}}},
		}}
	}
	if b := broken(good()); b != "" {
		t.Fatalf("a good one: %s", b)
	}
	for name, harm := range map[string]func(rec *timeline.Recording){
		"gap":          func(rec *timeline.Recording) { rec.Lanes[0].Spans[1].From = 5 },
		"overlap":      func(rec *timeline.Recording) { rec.Lanes[0].Spans[1].From = 3 },
		"late start":   func(rec *timeline.Recording) { rec.Lanes[1].Spans[0].From, rec.Lanes[1].Spans[0].To = 3, 3 },
		"early end":    func(rec *timeline.Recording) { rec.Lanes[0].Spans = rec.Lanes[0].Spans[:1] },
		"empty span":   func(rec *timeline.Recording) { rec.Lanes[1].Died, rec.Lanes[1].Spans[0].To = 2, 2 },
		"late parent":  func(rec *timeline.Recording) { rec.Lanes[1].Parent = 1 },
		"outlives all": func(rec *timeline.Recording) { rec.Duration = 9 },
	} {
		rec := good()
		harm(rec)
		if broken(rec) == "" {
			t.Errorf("%s: not found", name)
		}
	}
}
