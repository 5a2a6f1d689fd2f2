package imageserver_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tutorial/helpers/imageserver"
)

// Whatever a URL says, it is either within the limits or refused with one readable line.
func FuzzConduct(f *testing.F) {
	for _, query := range []string{
		"", "latency=300ms", "latency=1m&bandwidth=1000&fault=cut", "fault=429&after=60s", "fault=500&times=100&key=a", "latency=%00", "latency=1e9h",
		"latency=NaNs", "bandwidth=-0", "fault=404;fault=500", "=&=", "%zz", "key=\xff", "latency=+1s", "times=1", "latency=9223372036854775807ns",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		latency, bandwidth, fault, times, after, err := imageserver.ParseConduct(query)
		if err != nil {
			if s := err.Error(); s == "" || strings.ContainsAny(s, "\n\r\x00") || !utf8.ValidString(s) || len(query) < 50 && len(s) > 500 {
				t.Errorf("the error is %q", s)
			}
			return
		}
		if latency < 0 || latency > time.Minute {
			t.Errorf("latency %v", latency)
		}
		if bandwidth != 0 && (bandwidth < 1000 || bandwidth > 1e9) {
			t.Errorf("bandwidth %d", bandwidth)
		}
		if times < 1 || times > 100 || after < time.Second || after > time.Minute || after%time.Second != 0 {
			t.Errorf("times %d, after %v", times, after)
		}
		if fault != "" && !strings.Contains(query, "fault=") && !strings.Contains(query, "%") {
			t.Errorf("fault %q", fault)
		}
	})
}
