//go:build !race

package grade

// withRace says whether the program was built with the race detector.
const withRace = false

func hide() {}
func show() {}
