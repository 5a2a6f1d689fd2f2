package interleave

import "time"

// ExploreUpTo runs the orders with at most so many switches, -1 for all, and if plain each of them by itself. It says how many runs
// that took, and how many of them came to an end rather than to a state that was known.
func ExploreUpTo(switches int, plain bool, program func(*Program)) (r *Result, runs, ended int, err error) {
	r, err = watched(Limits{Runs: 1 << 30}.orDefault(), program, func(s *search) (*Result, error) {
		s.plain, s.deadline = plain, time.Now().Add(24*time.Hour)
		if _, err := s.explore(switches); err != nil {
			return nil, err
		}
		runs = s.runs
		for _, n := range s.nodes {
			if n.end >= 0 {
				ended++
			}
		}
		return s.result(switches)
	})
	return r, runs, ended, err
}
