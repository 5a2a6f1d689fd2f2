package figure_test

import (
	"math"
	"testing"
	"time"

	"tutorial/helpers/figure"
)

func TestCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0: "0", 999: "999", 1000: "1,000", 1_234_567: "1,234,567", -1: "-1", -999: "-999", -1000: "-1,000", -123_456: "-123,456",
		math.MinInt64: "-9,223,372,036,854,775,808",
	} {
		if got := figure.Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestBytes(t *testing.T) {
	t.Parallel()
	for size, want := range map[float64]string{
		0: "0", 1: "1 B", 999.4: "999 B", 999.6: "1.0 KB", 1024: "1.0 KB", 2700: "2.6 KB", 102_000: "99.6 KB", 102_400: "100 KB",
		1_023_000: "999 KB", 1_023_900: "1.0 MB", 8 << 20: "8.0 MB", 3 << 40: "3072 GB",
	} {
		if got := figure.Bytes(size); got != want {
			t.Errorf("Bytes(%v) = %q, want %q", size, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		d           time.Duration
		four, three string
	}{
		{0, "0 s", "0 s"}, {7, "7 ns", "7 ns"}, {999, "999 ns", "999 ns"}, {12_345, "12.35 µs", "12.3 µs"}, {999_960, "1.000 ms", "1.00 ms"},
		{999_400_000, "999.4 ms", "999 ms"}, {999_600_000, "999.6 ms", "1.00 s"}, {1_500_200_000, "1.500 s", "1.50 s"}, {100 * time.Millisecond, "100.0 ms", "100 ms"},
		{59_999_600 * time.Microsecond, "1 min 00.0 s", "1 min 00.0 s"}, {59*time.Minute + 59_990*time.Millisecond, "1 h 00 min", "1 h 00 min"}, {2*time.Hour + 5*time.Minute, "2 h 05 min", "2 h 05 min"},
		{-1500 * time.Millisecond, "-1.500 s", "-1.50 s"},
	} {
		if four, three := figure.Duration(test.d, 4), figure.Duration(test.d, 3); four != test.four || three != test.three {
			t.Errorf("%d is %q and %q, want %q and %q", test.d, four, three, test.four, test.three)
		}
	}
}
