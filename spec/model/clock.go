package model

// The clock stands still but for its own act: to the next deadline of a waiting operation, or the next time at
// which a timer rings.

func (s *State) overdue(f ID) bool {
	if s.untimed {
		return s.get(f, frameDeadline) != never
	}
	return s.get(f, frameDeadline) <= s.Now()
}

// nextDeadline returns the earliest deadline that is still to come.
func (s *State) nextDeadline() (uint64, bool) {
	if s.parked != nil {
		next := min(s.nextRing(), s.parked.nextDeadline(s))
		return next, next != never
	}
	next := s.nextRing()
	for p := range s.everybody {
		f := s.innermost(p)
		if f == 0 || s.get(f, frameState) != frameOpen {
			continue
		}
		if d := s.get(f, frameDeadline); d > s.Now() && d < next {
			next = d
		}
	}
	return next, next != never
}

func (s *State) tick(out []Act) []Act {
	if s.untimed {
		return out
	}
	if _, ok := s.nextDeadline(); ok {
		out = append(out, Act{Kind: Tick})
	}
	return out
}

func (s *State) advance() {
	if next, ok := s.nextDeadline(); ok {
		s.set(world, worldNow, next)
	}
}
