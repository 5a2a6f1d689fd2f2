package timing

import (
	"math"
	"slices"
	"testing"
	"time"

	"tutorial/helpers/stacks"
)

func TestMedianAndOutliers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		samples          []time.Duration
		median, min, max time.Duration
		outliers         []int
	}{
		"one":                      {[]time.Duration{5}, 5, 5, 5, nil},
		"two":                      {[]time.Duration{5, 8}, 6, 5, 8, nil},
		"even":                     {[]time.Duration{9, 1, 4, 2}, 3, 1, 9, nil},
		"odd":                      {[]time.Duration{3, 1, 2}, 2, 1, 3, nil},
		"all equal":                {[]time.Duration{7, 7, 7, 7, 7}, 7, 7, 7, nil},
		"no overflow":              {[]time.Duration{math.MaxInt64, math.MaxInt64 - 2}, math.MaxInt64 - 1, math.MaxInt64 - 2, math.MaxInt64, nil},
		"too few for outliers":     {[]time.Duration{1, 1, 1, 1000}, 1, 1, 1000, nil},
		"one high of seven":        {[]time.Duration{10, 11, 12, 90, 10, 11, 12}, 11, 10, 90, []int{3}},
		"one low, one high":        {[]time.Duration{100, 102, 101, 1, 103, 104, 500}, 102, 1, 500, []int{3, 6}},
		"at the fence is inside":   {[]time.Duration{0, 2, 4, 6, 12}, 4, 0, 12, nil},
		"beyond the fence":         {[]time.Duration{0, 2, 4, 6, 13}, 4, 0, 13, []int{4}},
		"even number with outlier": {[]time.Duration{1, 2, 3, 4, 5, 100}, 3, 1, 100, []int{5}},
	} {
		r := Result{Samples: slices.Clone(test.samples)}
		r.summarize()
		if r.Median != test.median || r.Min != test.min || r.Max != test.max || !slices.Equal(r.Outliers, test.outliers) {
			t.Errorf("%s: median %d [%d, %d] outliers %v, want %d [%d, %d] %v", name, r.Median, r.Min, r.Max, r.Outliers, test.median, test.min, test.max, test.outliers)
		}
		if !slices.Equal(r.Samples, test.samples) || r.N() != len(test.samples) {
			t.Errorf("%s: the samples were changed to %v", name, r.Samples)
		}
	}
}

func TestGivenDurationsLeaveZerosOut(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0 s", 1000: "1 µs", 12_345: "12.35 µs", 1_500_200_000: "1.5 s", 15_002 * time.Millisecond: "15 s",
		100 * time.Millisecond: "100 ms", 10 * time.Second: "10 s", time.Minute: "1 min 00 s", 65_300 * time.Millisecond: "1 min 05.3 s",
	} {
		if got := shortDuration(d); got != want {
			t.Errorf("shortDuration(%d) = %q, want %q", d, got, want)
		}
	}
}

func TestFactorsAreWrittenWithDigitsThatCount(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]string{
		1: "1.00×", 9.994: "9.99×", 10: "10.00×", 99.996: "100.0×", 322.72: "322.7×", 999.96: "1,000×", 1234567: "1,234,567×",
		0.5: "0.50×", 0.0951: "0.10×", 0.0123: "0.012×", 1e-9: "<0.0001×", 0: "–", -1: "–", math.Inf(1): "–",
	} {
		if got := formatTimes(x); got != want {
			t.Errorf("formatTimes(%v) = %q, want %q", x, got, want)
		}
	}
	for x, want := range map[float64]string{10: "10×", 9.5: "9.5×", 2.02: "2.02×", 100: "100×", 2000: "2,000×", 0: "–"} {
		if got := shortTimes(x); got != want {
			t.Errorf("shortTimes(%v) = %q, want %q", x, got, want)
		}
	}
	for x, want := range map[float64]string{1: "100.0 %", 0.09998: "10.0 %", 0.00123: "0.12 %", 0: "–"} {
		if got := formatPercent(x); got != want {
			t.Errorf("formatPercent(%v) = %q, want %q", x, got, want)
		}
	}
}

func TestLabelsAtLineEndsKeepTheirDistance(t *testing.T) {
	t.Parallel()
	for name, wanted := range map[string][]float64{
		"all at one place": {100, 100, 100, 100}, "all at the bottom": {300, 299, 300}, "all at the top": {0, 1, 2}, "apart": {10, 100, 200}, "none": {},
	} {
		got := spread(wanted, 17, 10, 300)
		order := make([]int, len(wanted))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return int(wanted[a] - wanted[b]) })
		for k, i := range order {
			if got[i] < 10-1e-9 || got[i] > 300+1e-9 {
				t.Errorf("%s: label %d is at %v", name, i, got[i])
			}
			if k > 0 && got[i]-got[order[k-1]] < 17-1e-9 {
				t.Errorf("%s: labels at %v are too close", name, got)
			}
		}
		if name == "apart" && !slices.Equal(got, wanted) {
			t.Errorf("labels that are apart were moved to %v", got)
		}
	}
}

func TestOnlyTheLanguageAsAWordCountsAsNamed(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Go, WaitGroup.Go": "Go, WaitGroup.Go", "in go": "in go", "goroutines": "goroutines (Go)", "Django": "Django (Go)",
	} {
		if got := label(name, "Go", true); got != want {
			t.Errorf("label(%q) = %q, want %q", name, got, want)
		}
		if got := label(name, "Go", false); got != name {
			t.Errorf("with one language, label(%q) = %q", name, got)
		}
	}
}

func TestOnlyWhatCannotGoOnByItselfIsCalledStill(t *testing.T) {
	t.Parallel()
	const stuck = "goroutine 1 [chan receive, 2 minutes]:\nmain.main()\n\t/no/such/main.go:7 +0x1d\n"
	for name, test := range map[string]struct{ more, want string }{
		"alone":         {"", "one goroutine waits to receive from a channel in `main.go:7`"},
		"two":           {stuck, "2 goroutines wait to receive from a channel in `main.go:7`"},
		"the kernel":    {"goroutine 5 [IO wait]:\ngithub.com/janpfeifer/gonb/gonbui.read()\n\t/x.go:1 +0x1\n", "one goroutine waits to receive from a channel in `main.go:7`"},
		"one sleeps":    {"goroutine 5 [sleep]:\ntime.Sleep()\n\t/x.go:1 +0x1\nmain.f()\n\t/x.go:2 +0x1\n", ""},
		"one runs":      {"goroutine 5 [runnable]:\nmain.f()\n\t/x.go:2 +0x1\n", ""},
		"a connection":  {"goroutine 5 [IO wait]:\nnet.(*conn).Read()\n\t/x.go:2 +0x1\n", ""},
		"of a library":  {"goroutine 5 [select]:\nnet/http.(*persistConn).writeLoop()\n\t/x.go:2 +0x1\n", "one goroutine waits to receive from a channel in `main.go:7`"},
		"a Python runs": {"goroutine 5 [syscall]:\nos.(*Process).Wait()\n\t/x.go:2 +0x1\n", ""},
	} {
		if got := waiting(stacks.Parse(stuck + "\n" + test.more)); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
