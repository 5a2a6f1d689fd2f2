//go:build race

package grade

import "runtime"

// withRace says whether the program was built with the race detector.
const withRace = true

// Between hide and show, this goroutine's synchronisation is unknown to the race detector.
func hide() { runtime.RaceDisable() }
func show() { runtime.RaceEnable() }
