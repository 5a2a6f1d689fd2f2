//go:build !unix

package grade

import "time"

// cpu is unknown here, so that only the limit on real time ends a loop.
func cpu() time.Duration { return 0 }
