package model

// How control comes back to foreign code: once the outermost callable has returned and its cleanups have run (CLEAN-FOR-1).

// backActs lists the ways in which control comes back to the foreign code, once all cleanups have run.
func (s *State) backActs(p ID, out []Act) []Act {
	t := ID(s.get(p, processForeign))
	act := s.dying(p)
	if t == 0 || s.get(p, processPhase) != phaseEnding {
		return append(out, act)
	}
	act.Touches = act.Touches.writing(t)
	if f := ID(s.get(p, processServes)); f != 0 && !s.HasLeft(f) {
		act.Touches = act.Touches.writing(s.processOf(f))
	}
	if s.open || s.get(p, processDying) != 0 {
		return append(out, act)
	}
	return s.either(stickyForeign, act, out)
}

// mayGoBack tells whether, in an open state, control may come back to the foreign code though cleanups are left: those that
// other processes have registered, or all where nobody judges that.
func (s *State) mayGoBack(p ID) bool {
	if !s.open || s.get(p, processForeign) == 0 || s.get(p, processPhase) != phaseEnding || s.innermost(p) != 0 {
		return false
	}
	for at := uint32(s.get(p, processCleanupHead)); at != 0 && !s.loose.cleanups; at = uint32(s.cells[at+nodeNext]) {
		if s.cells[at+nodeWay]&wayOfOther == 0 {
			return false
		}
	}
	return true
}

// endOrRest has the process of a foreign thread be over with its call: it ends, or rests until the next. In an open state it
// may do either.
func (s *State) endOrRest(a Act) {
	p := a.Process
	if s.get(p, processForeign) == 0 || s.get(p, processPhase) != phaseEnding {
		s.die(p)
		return
	}
	rests := s.open
	if !rests && s.get(p, processDying) == 0 {
		rests = s.way(stickyForeign, a) == second
	}
	s.law.goesBack(s, p, rests)
}

// goBack gives control back to the foreign code.
func (s *State) goBack(p ID, rests bool) {
	s.tellBack(p)
	if !rests {
		s.die(p)
		return
	}
	if !s.open {
		s.unbindTo(p, 0)
	}
	s.set(p, processOutside, 0)
	s.set(p, processForm, 0)
	s.set(p, processFirst, 0)
	s.set(p, processPhase, phaseResting)
}

// tellBack tells the caller that a call of a foreign thread is over.
func (s *State) tellBack(p ID) {
	t, f := ID(s.get(p, processForeign)), ID(s.get(p, processServes))
	s.push(t, foreignLog, s.u.Intern(foreignBack))
	s.set(t, foreignBusy, 0)
	value := Term(s.get(p, processReturned))
	switch value {
	case NoTerm:
		value = NilTerm
	case s.anyValue():
		value = unspecified
	}
	if s.open && s.get(p, processDying) != 0 { // of what becomes of a call that was not left by a return no page says anything
		value = unspecified
	}
	if s.awaits(f, t) {
		s.note(f, foreignLeft, bit(s.open && s.get(p, processDying) != 0))
		s.set(f, frameInner, uint64(value))
		s.set(f, frameStage, stageBack)
	}
	s.set(p, processServes, 0)
	s.set(p, processReturned, 0)
	s.set(p, processFunction, 0)
}

// noReturn notes, in an open state, of the process of a foreign thread that ends, what its call may be left by though the callable
// has returned: a kill that comes while it does its cleanups, or just before that and is heard of later; an error in a form.
func (s *State) noReturn(p ID) {
	if s.open && s.get(p, processForeign) != 0 && s.get(p, processPhase) == phaseEnding {
		s.set(p, processDying, 1)
	}
}

// awaits tells whether the operation of a frame waits for a foreign thread to have control back.
func (s *State) awaits(f, t ID) bool {
	return f != 0 && s.exists(f) && s.get(f, frameState) == frameOpen && s.OpOf(f) == "call-on-foreign-thread" &&
		s.subject(f) == t && s.get(f, frameStage) == stageBody
}

// returnsOutside notes what an outermost callable has returned.
func (s *State) returnsOutside(p ID, values Term) {
	if s.get(p, processForeign) == 0 {
		return
	}
	if values == unspecified { // nobody has heard it
		values = s.anyValue()
	}
	s.set(p, processReturned, uint64(values))
}
