package interleave

import "time"

var never = time.Now().Add(24 * time.Hour)

// ExploreEach runs every order by itself. It returns how many runs it took besides.
func ExploreEach(program func(*Program)) (r *Result, runs int, err error) {
	l := Limits{Runs: 1 << 30}.orDefault()
	r, err = watched(l, program, func(s *search) (*Result, error) {
		s.plain, s.deadline = true, never
		if _, err := s.explore(-1); err != nil {
			return nil, err
		}
		runs = s.runs
		return s.result(-1)
	})
	return r, runs, err
}

// ExploreUpTo runs the orders with at most so many switches.
func ExploreUpTo(switches int, program func(*Program)) (r *Result, err error) {
	return watched(Limits{Runs: 1 << 30}.orDefault(), program, func(s *search) (*Result, error) {
		s.deadline = never
		if _, err := s.explore(switches); err != nil {
			return nil, err
		}
		return s.result(switches)
	})
}
