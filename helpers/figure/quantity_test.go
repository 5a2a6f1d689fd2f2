package figure_test

import (
	"math"
	"testing"

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
		1_023_000: "999 KB", 1_023_900: "1.0 MB", 8 << 20: "8.0 MB", 3 << 40: "3072 GB", -5: "-5 B",
	} {
		if got := figure.Bytes(size); got != want {
			t.Errorf("Bytes(%v) = %q, want %q", size, got, want)
		}
	}
}
