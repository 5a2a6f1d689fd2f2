package timing_test

import (
	"strings"
	"testing"
	"time"

	"tutorial/helpers/timing"
)

// The golden files hold the rest of what the figures say.
func TestTheFigureSaysWhatACarefulReaderMustKnow(t *testing.T) {
	t.Parallel()
	level := timing.NewComparison("Level", 0, 2, goCase("one", 10*time.Millisecond, 12*time.Millisecond), goCase("other", 11*time.Millisecond, 13*time.Millisecond))
	if text := level.Figure().Text(); strings.Contains(text, "Nothing is faster") || !strings.Contains(text, "The smallest median is that of the baseline, “one”") {
		t.Errorf("of two that may be equal it says:\n%s", text)
	}
	if caption := figures()["scaling-twelve"].Caption; !strings.HasSuffix(caption, "; and 6 more. Outliers, kept: 72 of all runs; the table says where.") {
		t.Errorf("of twelve it says %q", caption)
	}
	if alt := figures()["target"].Alt; !strings.HasPrefix(alt, "Bar chart, 10 tasks of 1.5 s each. “Go, WaitGroup.Go” is the fastest") {
		t.Errorf("the alternative text is %q", alt)
	}
}
