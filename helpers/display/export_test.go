package display

import "time"

// SetPatience sets how long a display waits for the kernel.
func SetPatience(d time.Duration) { patience = d }
