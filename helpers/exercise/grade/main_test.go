package grade

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tutorial/helpers/figure/figuretest"
)

// A wrong answer has to be refused with a text that matches; one whose name begins with "luck: " in one of five attempts, since it
// takes somebody else at the wrong moment, who may not come on a busy machine.
type refused[F any] struct {
	answer F
	text   string
}

// grades judges right and wrong answers to an exercise, all at the same time.
func grades[F any](t *testing.T, check func(F) Check, right map[string]F, wrong map[string]refused[F]) {
	t.Helper()
	t.Parallel()
	if os.Getenv(child) == "" && (len(right) < 2 || len(wrong) < 6) {
		t.Errorf("there are %d right and %d wrong answers; the solution and another right one, the starter and at least five wrong ones are needed", len(right), len(wrong))
	}
	for name, answer := range right {
		t.Run("right/"+name, func(t *testing.T) {
			v := judged(t, check(answer))
			if !v.OK {
				t.Errorf("it is right, and was refused in %q: %s", v.Scenario, v.Text)
			}
		})
	}
	for name, w := range wrong {
		t.Run("wrong/"+name, func(t *testing.T) {
			v := judged(t, check(w.answer))
			for attempt := 1; attempt < 5 && v.OK && strings.HasPrefix(name, "luck: "); attempt++ {
				v = check(w.answer).Judge(t)
			}
			if v.OK {
				t.Fatal("it is wrong, and has passed")
			}
			if !regexp.MustCompile(w.text).MatchString(v.Text) {
				t.Errorf("it was refused in %q for another reason than %q:\n%s", v.Scenario, w.text, v.Text)
			}
			t.Logf("%s: %s", v.Scenario, v.Text)
		})
	}
}

// processes limits how many answers are judged at the same time.
var processes = make(chan struct{}, 4)

func judged(t *testing.T, c Check) Verdict {
	t.Helper()
	if os.Getenv(child) == "" {
		t.Parallel()
		processes <- struct{}{}
		defer func() { <-processes }()
	}
	return c.Judge(t)
}

func TestPicturesAreDrawnAsBefore(t *testing.T) {
	var all strings.Builder
	for _, e := range Exercises() {
		f := e.Picture.Figure()
		figuretest.Check(t, f)
		all.WriteString(f.Text() + "\n")
	}
	figuretest.Golden(t, "pictures.txt", all.String())
	p := Picture{Title: "More than there is room for", Spans: []Span{cut("cut", 0, 100), {Name: "late", Start: 300 * time.Millisecond, End: 300 * time.Millisecond}}}
	for i := range 24 {
		p.Spans = append(p.Spans, span(fmt.Sprint("task ", i), 10*i, 30*i))
	}
	figuretest.Check(t, p.Figure())
	figuretest.Golden(t, "schedule.svg", p.Figure().SVG)
	figuretest.Golden(t, "schedule.txt", p.Figure().Text())
}

// TestMain builds the program that runs the answers, with the race detector.
func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if withRace || os.Getenv(child) != "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "grade")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "answers")
	executable = sync.OnceValues(func() (string, error) {
		out, err := exec.Command("go", "test", "-race", "-c", "-vet=off", "-o", program, ".").CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("%w\n%s", err, out)
		}
		return program, nil
	})
	return m.Run()
}
