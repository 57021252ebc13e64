package model

// A timer rings at a time that it is set to, whatever has become of who set it: a deadline that outlives its
// call. It belongs to an object, whose acts it makes possible.

const (
	timerOwner = iota
	timerDue   // when it rings, and 1 more so that 0 is never
	timerNext  // layout: the chain of all timers, the latest first
	timerCells
)

// timer returns the timer of that name, which it makes where there is none.
func (s *State) timer(t, owner ID) ID {
	if s.exists(t) {
		return t
	}
	s.create(t, KindTimer)
	s.set(t, timerOwner, uint64(owner))
	s.setLayout(t, timerNext, s.get(world, worldTimers))
	s.setLayout(world, worldTimers, uint64(t))
	return t
}

// setTimer has a timer ring so many microseconds from now.
func (s *State) setTimer(t ID, after uint64) { s.set(t, timerDue, s.Now()+after+1) }

// stopTimer has a timer never ring. It may be no timer.
func (s *State) stopTimer(t ID) {
	if t != 0 {
		s.set(t, timerDue, 0)
	}
}

// rings tells whether a timer has rung, and has not been stopped since. It may be no timer.
func (s *State) rings(t ID) bool {
	if t == 0 {
		return false
	}
	due := s.get(t, timerDue)
	return due != 0 && (s.untimed || due <= s.Now()+1)
}

// nextRing is the earliest time to come at which a timer rings, or never.
func (s *State) nextRing() uint64 {
	next := uint64(never)
	for t := ID(s.get(world, worldTimers)); t != 0; t = ID(s.get(t, timerNext)) {
		if due := s.get(t, timerDue); due > s.Now()+1 {
			next = min(next, due-1)
		}
	}
	return next
}
