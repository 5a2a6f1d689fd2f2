package interleave

import "time"

// ExploreCounting runs all orders, and if plain each of them by itself. It says how many runs that took, and how many of them came to
// an end rather than to a state that was known.
func ExploreCounting(plain bool, program func(*Program)) (r *Result, runs, ended int, err error) {
	r, err = watched(Limits{Runs: 1 << 30}.orDefault(), program, func(s *search) (*Result, error) {
		s.plain, s.deadline = plain, time.Now().Add(24*time.Hour)
		if err := s.explore(); err != nil {
			return nil, err
		}
		runs = s.runs
		for _, n := range s.nodes {
			if n.end >= 0 {
				ended++
			}
		}
		return s.result()
	})
	return r, runs, ended, err
}
