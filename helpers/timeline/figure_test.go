package timeline_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"tutorial/helpers/figure/figuretest"
	"tutorial/helpers/timeline"
)

const ms = time.Millisecond

// life makes spans that follow each other from a time on. A duration that follows a state is how long that lasted.
func life(born time.Duration, spans ...any) (out []timeline.Span) {
	at := born
	for i := 0; i < len(spans); i += 2 {
		d := spans[i+1].(time.Duration)
		out = append(out, timeline.Span{State: spans[i].(timeline.State), From: at, To: at + d, WokenBy: -1})
		at += d
	}
	return out
}

func lane(label string, parent int, spans []timeline.Span) timeline.Lane {
	return timeline.Lane{Label: label, Parent: parent, Born: spans[0].From, Died: spans[len(spans)-1].To, Spans: spans}
}

// sharedMutex is the recording of the target look: five goroutines share one lock.
func sharedMutex() *timeline.Recording {
	r := &timeline.Recording{Duration: 116 * ms, Procs: 2}
	r.Lanes = append(r.Lanes, lane("main", -1, life(0, timeline.Running, ms, timeline.WaitGroup, 114*ms, timeline.Running, ms)))
	for i := range 5 {
		wait := time.Duration(i) * 18 * ms
		spans := life(ms+time.Duration(i)*1100*time.Microsecond, timeline.Running, ms, timeline.Sleeping, 18*ms)
		if i > 0 {
			spans = append(spans, life(spans[1].To, timeline.Mutex, wait)...)
			spans[2].WokenBy = i
		}
		spans = append(spans, life(spans[len(spans)-1].To, timeline.Running, 6*ms, timeline.NoCPU, 2*ms, timeline.Running, 10*ms)...)
		r.Lanes = append(r.Lanes, lane(fmt.Sprintf("worker(%d)", i), 0, spans))
	}
	return r.AtOnce(min(r.Procs, len(r.Lanes)))
}

// everyState has a lane for each state, a region, a goroutine that is left, and labels that nobody would choose.
func everyState() *timeline.Recording {
	r := &timeline.Recording{Duration: 2 * time.Second, Procs: 1}
	r.Lanes = append(r.Lanes, lane(`<script>&"`, -1, life(0, timeline.Running, 2*time.Second)))
	for _, s := range timeline.States()[1:] {
		l := lane(s.String()+" and then a name without an end", 0, life(100*ms, timeline.Running, 50*ms, s, 1500*ms, timeline.Running, 100*ms))
		r.Lanes = append(r.Lanes, l)
	}
	last := &r.Lanes[len(r.Lanes)-1]
	last.Alive = true
	last.Regions = []timeline.Region{{Name: "load <b>", From: 150 * ms, To: 700 * ms}, {Name: "parse", From: 700 * ms, To: 1600 * ms}}
	return r.AtOnce(min(r.Procs, len(r.Lanes)))
}

// crowd has many goroutines that sleep, wait for a lock, and run.
func crowd(n int) *timeline.Recording {
	r := &timeline.Recording{Duration: 100 * ms, Procs: 2}
	r.Lanes = append(r.Lanes, lane("main", -1, life(0, timeline.Running, 20*ms, timeline.WaitGroup, 80*ms)))
	for i := range n {
		born := time.Duration(i) * 20 * ms / time.Duration(n)
		lock := time.Duration(i%40) * ms
		r.Lanes = append(r.Lanes, lane("", 0, life(born, timeline.NoCPU, ms, timeline.Running, 10*time.Microsecond,
			timeline.Sleeping, 30*ms, timeline.Mutex, lock, timeline.Running, 10*time.Microsecond)))
	}
	return r.AtOnce(min(r.Procs, len(r.Lanes)))
}

// pingPong changes state far more often than there are pixels.
func pingPong(turns int) *timeline.Recording {
	r := &timeline.Recording{Duration: time.Duration(turns) * 20 * time.Microsecond, Procs: 2}
	for i := range 24 {
		var spans []any
		for range turns {
			spans = append(spans, timeline.Running, 5*time.Microsecond, timeline.ChanReceive, 15*time.Microsecond)
		}
		r.Lanes = append(r.Lanes, lane(fmt.Sprint("player ", i), -1, life(0, spans...)))
	}
	return r.AtOnce(min(r.Procs, len(r.Lanes)))
}

func recordings() map[string]*timeline.Recording {
	return map[string]*timeline.Recording{
		"target":   sharedMutex(),
		"states":   everyState(),
		"crowd":    crowd(1000),
		"pingpong": pingPong(2000),
		"python":   pythonTasks(),
		"empty":    {Lanes: []timeline.Lane{lane("main", -1, life(0, timeline.Running, time.Microsecond))}, Duration: time.Microsecond, Procs: 1},
	}
}

func TestFiguresAreDrawnAsBefore(t *testing.T) {
	t.Parallel()
	for name, rec := range recordings() {
		title := "The figure " + name
		if name == "target" { // README.md begins with it
			title = "Five workers share one lock"
		}
		f := rec.Figure(title)
		figuretest.Check(t, f)
		figuretest.Golden(t, name+".svg", f.SVG)
		if name != "pingpong" { // in which every row is the same
			figuretest.Golden(t, name+".txt", f.Text())
		}
	}
}

func TestFigureSaysWhatTheOthersWaitedFor(t *testing.T) {
	t.Parallel()
	// main waits for the WaitGroup longest of all, and that is not what the picture is about.
	const want = "The lanes below main mostly waited for a lock, 180 ms in all. At most 2 had a processor at a time."
	if got := sharedMutex().Summary(); got != want {
		t.Errorf("the summary is %q, want %q", got, want)
	}
}

// main never counts among those that a caption is about, and who did most of it is named.
func TestCaptionBeginsWithWhatMatters(t *testing.T) {
	t.Parallel()
	main := lane("main", -1, life(0, timeline.Running, ms, timeline.WaitGroup, 999*ms))
	nearlyRan := life(0, timeline.Running, 30*ms, timeline.NoCPU, 100*time.Microsecond)
	for want, lanes := range map[string][]timeline.Lane{
		"worker slept for 50.0 ms.":                                          {main, lane("worker", 0, life(0, timeline.Sleeping, 50*ms))},
		"main ran for 30.0 ms.":                                              {lane("main", -1, nearlyRan)},
		"The lanes below main mostly ran, 60.0 ms in all.":                   {main, lane("a", 0, nearlyRan), lane("b", 0, nearlyRan)},
		"produce waited to send on a channel for 1.20 s.":                    {main, lane("produce", 0, life(0, timeline.ChanSend, 1200*ms)), lane("consume", 0, life(0, timeline.Sleeping, 1300*ms))},
		"The lanes below main mostly waited for a processor, 140 ms in all.": {main, lane("a", 0, life(0, timeline.NoCPU, 70*ms)), lane("b", 0, life(0, timeline.NoCPU, 70*ms, timeline.Running, 70*ms))},
		"The goroutine waited in a system call for 20.0 ms.":                 {main, lane("goroutine", 0, life(0, timeline.Ready, 30*ms, timeline.Syscall, 20*ms))},
		"The lanes below main mostly waited for a lock, 300 ms in all.":      {main, lane("a", 0, life(0, timeline.Mutex, 100*ms, timeline.Sleeping, 155*ms)), lane("b", 0, life(0, timeline.Mutex, 200*ms, timeline.Sleeping, 155*ms))},
		"reader waited for a pipe or a file for 20.0 ms.":                    {main, lane("reader", 0, life(0, timeline.Pipe, 20*ms))},
	} {
		rec := timeline.Recording{Lanes: lanes, Duration: 1200 * ms, Procs: 2}
		if got := rec.Figure("").Caption; !strings.HasPrefix(got, want) {
			t.Errorf("the caption is %q, want %q", got, want)
		}
	}
}

func TestFigureLeavesTheRecordingAlone(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func() *timeline.Recording{"states": everyState, "python": pythonTasks, "library": withLibrary} {
		rec := make()
		first, second := rec.Figure(name), rec.Figure(name)
		if !reflect.DeepEqual(rec, make()) || !reflect.DeepEqual(first, second) {
			t.Errorf("%s: the figure has changed the recording", name)
		}
	}
}

// withLibrary has a goroutine of a library between two of the learner's, and waits that are too short to be seen.
func withLibrary() *timeline.Recording {
	r := sharedMutex()
	r.Lanes[2].Library = "net/http"
	r.Lanes[3].Spans[0].State = timeline.Network
	r.Python = "3.11"
	return r
}

// Of three that are woken at one moment each has an arrow of its own, and a ticker is seen to be where its wake-ups come from.
func TestWakesAreToldApart(t *testing.T) {
	t.Parallel()
	r := &timeline.Recording{Duration: 100 * ms, Procs: 2}
	r.Lanes = append(r.Lanes, lane("main", -1, life(0, timeline.Running, 100*ms)))
	for i := range 3 {
		r.Lanes = append(r.Lanes, lane(fmt.Sprint("runner ", i), 0, life(0, timeline.ChanReceive, 50*ms, timeline.Running, 50*ms)))
		r.Lanes[i+1].Spans[0].WokenBy = 0
	}
	svg := r.Figure("A gate").SVG
	from := regexp.MustCompile(`<circle cx="([0-9.]+)" cy="[0-9.]+" r="2"`).FindAllStringSubmatch(svg, -1)
	seen := map[string]bool{}
	for _, m := range from {
		seen[m[1]] = true
	}
	if len(seen) != 4 { // and one in the legend
		t.Errorf("arrows begin at %v, want four places\n%s", from, svg)
	}
	if strings.Contains(svg, "woken by a timer") {
		t.Error("there is a clock, and no timer")
	}
	r.Lanes[1].Spans[0].WokenBy = timeline.Timer
	if svg := r.Figure("A ticker").SVG; !strings.Contains(svg, "woken by a timer") {
		t.Error("nothing says that a timer was it")
	}
}

func TestFigureOfAnySizeIsSmall(t *testing.T) {
	t.Parallel()
	for name, rec := range map[string]*timeline.Recording{
		"24 lanes": crowd(23), "25 lanes": crowd(24), "100,000 lanes": crowd(100_000), "dense": pingPong(20_000), "regions": regions(23),
	} {
		figuretest.Check(t, rec.Figure(name))
	}
}

// regions returns a crowd in which everybody has many parts with long names.
func regions(n int) *timeline.Recording {
	rec := crowd(n)
	for i := range rec.Lanes {
		l := &rec.Lanes[i]
		for part := range 100 {
			from := l.Born + (l.Died-l.Born)*time.Duration(part)/100
			l.Regions = append(l.Regions, timeline.Region{Name: strings.Repeat("<", 1000), From: from, To: from + (l.Died-l.Born)/100})
		}
	}
	return rec
}

// TestFinePartsGetTheirShare counts the pixels that a lane gives to each state, of spans a hundredth of a pixel wide.
func TestFinePartsGetTheirShare(t *testing.T) {
	t.Parallel()
	rec := pingPong(20_000)
	running, all := timeline.PixelShares(rec, 0, timeline.Running)
	if share := running / all; share < 0.2 || share > 0.3 {
		t.Errorf("running has %.0f %% of the pixels and a quarter of the time", 100*share)
	}
}

func TestBandCountsGoroutines(t *testing.T) {
	t.Parallel()
	rec := &timeline.Recording{Duration: 100 * ms, Lanes: []timeline.Lane{
		lane("main", -1, life(0, timeline.Running, 100*ms)),
		lane("a", 0, life(25*ms, timeline.Sleeping, 50*ms)),
		lane("b", 0, life(30*ms, timeline.Sleeping, 5*ms)),
	}}
	got := timeline.CountByState(rec, 10, timeline.Sleeping)
	want := []float64{0, 0, 0.5, 1.5, 1, 1, 1, 0.5, 0, 0}
	if fmt.Sprintf("%.3f", got) != fmt.Sprintf("%.3f", want) {
		t.Errorf("sleeping goroutines by column are %.3f, want %.3f", got, want)
	}
}

// A short wait is hatched like a long one, so it needs a key too; what fills no pixel needs none.
func TestLegendExplainsWhatIsDrawn(t *testing.T) {
	t.Parallel()
	short := life(0, timeline.Running, 50*ms, timeline.Mutex, 300*time.Microsecond, timeline.Ready, 10*time.Microsecond, timeline.Running, 49*ms)
	for _, lanes := range []int{2, 30} { // one by one, and as a band
		r := &timeline.Recording{Duration: 100 * ms, Procs: 2}
		r.Lanes = append(r.Lanes, lane("main", -1, life(0, timeline.Running, 100*ms)), lane("worker", 0, short))
		for len(r.Lanes) < lanes {
			r.Lanes = append(r.Lanes, lane("", 0, life(0, timeline.Sleeping, 100*ms)))
		}
		svg := r.Figure("A short wait").SVG
		if !strings.Contains(svg, ">lock 300 µs<") {
			t.Errorf("%d lanes: no key explains the wait for the lock\n%s", lanes, svg)
		}
		if strings.Contains(svg, ">ready ") {
			t.Errorf("%d lanes: a key explains what cannot be seen\n%s", lanes, svg)
		}
	}
}
