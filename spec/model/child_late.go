package model

// What a child was told, and the harness no longer waited for: in real time it waits for a child as long as a limit says. The
// child may obey all the same, once it is ready. Of what it answers then nobody hears.

// MostToldLate bounds how many of them a child may have left; what is more is taken for lost.
const MostToldLate = obeyWatch - obeyLate

// GiveUp closes the open operation of a frame that the harness gave up on. Where a child was told something that stays to be done.
func (s *State) GiveUp(f ID, log *UndoLog) {
	s.begin(log)
	if rules[s.get(f, frameRule)].op == "child-tell" && s.get(f, frameState) == frameOpen && s.get(f, frameFault) == 0 {
		s.leavesTold(f)
	}
	s.clearCall(f)
}

// leavesTold keeps an operation in a frame that is no thread's: the last of those of its child.
func (s *State) leavesTold(f ID) {
	c := s.subject(f)
	g := s.u.Name(f, uint32(s.callOf(f)), KindFrame)
	if s.exists(g) {
		return
	}
	s.create(g, KindFrame)
	for cell := uint8(frameState); cell < frameMore; cell++ {
		s.set(g, cell, s.get(f, cell))
	}
	s.set(g, frameThread, s.get(f, frameThread)) // by which what it makes is named
	s.set(g, frameCall, s.callOf(f))
	if s.get(c, childLate) == 0 {
		s.set(c, childLate, uint64(g))
		return
	}
	last := ID(s.get(c, childLate))
	for n := 1; s.get(last, frameParent) != 0; n++ {
		if last = ID(s.get(last, frameParent)); n == MostToldLate-1 {
			return
		}
	}
	s.set(last, frameParent, uint64(g))
}

// lateTellActs lists what a child may do of that.
func (s *State) lateTellActs(c ID, out []Act) []Act {
	nth := uint16(0)
	for g := ID(s.get(c, childLate)); g != 0; g = ID(s.get(g, frameParent)) {
		from := len(out)
		out = tellActs(s, Act{Process: c, Frame: g}, out)
		for i := range out[from:] {
			out[from+i].Kind, out[from+i].Frame, out[from+i].Choice = Obey, c, obeyLate+nth
		}
		nth++
	}
	return out
}

// obeysLate has a child do the nth of it.
func (s *State) obeysLate(c ID, nth uint16) {
	before, g := ID(0), ID(s.get(c, childLate))
	for range nth {
		before, g = g, ID(s.get(g, frameParent))
	}
	if next := s.get(g, frameParent); before == 0 {
		s.set(c, childLate, next)
	} else {
		s.set(before, frameParent, next)
	}
	tell(s, Act{Kind: Effect, Process: c, Frame: g})
	s.clear(g, frameThread, frameMore)
}
