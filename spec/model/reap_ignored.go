package model

// A Lisp that ignores the signal of a child's end (REAP-SIG-4): the system then keeps no zombie for it. In an open state it may
// still, since the Lisp may have its own way of ignoring.

var ignoringRules = []rule{
	{
		op:      "ignore-child-signals",
		touches: func(*State, ID) Footprint { return onlyWrites(allChildren) },
		effect: func(s *State, act Act) {
			s.cite("REAP-SIG-4")
			s.set(world, worldIgnores, 1)
			s.returns(act.Frame, unspecified)
		},
	},
}

// ignoresEnd tells whether a child that has ended may be gone without having been reaped: the Lisp ignores its signal. Of one whose
// starter waits for it, and of programs, other clauses speak.
func (s *State) ignoresEnd(c ID) bool {
	return s.get(world, worldIgnores) != 0 && s.ofAdapter(c) && !s.waitedFor(c) && !s.isOfProgram(c)
}

// vanish takes such a child out of the system.
func (s *State) vanish(c ID) {
	s.cite("REAP-SIG-4")
	s.set(c, childPhase, childReaped)
}
