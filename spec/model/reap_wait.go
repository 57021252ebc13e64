package model

// How a reap waits, and whom that suspends.

// reaperActs: while none of the considered children has ended the call waits. Only a signal ends that
// otherwise, in an open state.
func (s *State) reaperActs(r reaping, act Act, out []Act) []Act {
	r.citeWait(s)
	if s.open && int64(s.get(s.processOf(r.f), processInterrupted)) < int64(s.get(world, worldSignals)) {
		for _, act.Choice = range []uint16{reapInterrupted, reapCutShort} {
			out = append(out, act)
		}
	}
	return s.waitActs(stickyReapWait, act, out)
}

// citeWait cites what holds a call back.
func (r *reaping) citeWait(s *State) {
	if s.cited == nil {
		return
	}
	if s.unreapedBeside(r.pid) {
		r.cite(s, "REAP-SEL-5")
	}
	if s.considersStopped(r.pid) {
		r.cite(s, "REAP-STOP-1")
	}
	r.cite(s, "REAP-WAIT-1")
}

// waitActs begins the wait: the other processes run during it or are suspended until the
// call returns, a choice that only shows where there are others. In an open state they run until they are
// suspended: who judges needn't know of each wait whether they ever will be.
func (s *State) waitActs(c sticky, act Act, out []Act) []Act {
	if s.arg(act.Frame, notedSuspends) != 0 || s.isAlone(act.Process) {
		return out
	}
	act.Touches = everything
	if s.open {
		act.Choice = reapMaySuspend
		return append(out, act)
	}
	decided := s.decided(c)
	if decided == undecided {
		act.Choice = reapLetsRun
		out = append(out, act)
	}
	if decided != first {
		act.Choice = reapSuspends
		out = append(out, act)
	}
	return out
}

// mayWaitOn tells whether a call that an act would end, since nobody is left to be reported, may as well wait: for a child runs
// that another call waits for. So may an orphan that has ended, where it has yet to show whose child it is.
func (s *State) mayWaitOn(a Act) bool {
	if a.Kind == Obey && a.Choice == obeyTaken {
		return s.open && s.decided(stickyOrphans) == undecided
	}
	if a.Kind != Effect || a.Choice != reapNone || !s.isReaping(a.Frame) {
		return false
	}
	r := s.reaping(a.Frame)
	return r.waits && s.maybeRuns(r.pid)
}

// OnlySuspends tells whether an act does no more than suspend others, so that nothing depends on it but silence.
func (s *State) OnlySuspends(a Act) bool {
	return a.Choice == reapMaySuspend && a.Kind == Effect && (s.isReaping(a.Frame) || s.OpOf(a.Frame) == "run")
}

func (s *State) beginReapWait(r *reaping, way uint16) {
	r.cite(s, "REAP-WAIT-2")
	s.beginsToWait(stickyReapWait, r.f, way)
}

// isWaitWay tells whether a choice is a way to begin a wait.
func (s *State) isWaitWay(way uint16) bool {
	return way == reapLetsRun || way == reapSuspends || way == reapMaySuspend
}

func (s *State) beginsToWait(c sticky, f ID, way uint16) {
	switch way {
	case reapLetsRun:
		s.decide(c, first)
		return
	case reapSuspends:
		s.decide(c, second)
	}
	s.note(f, notedSuspends, 1)
	if s.get(f, frameScope)&scopeAlone == 0 { // else they are suspended as it is
		s.set(s.imageOf(s.processOf(f)), imageSuspender, uint64(f))
	}
}

// endReapWait lets the others go on.
func (s *State) endReapWait(f ID) {
	if image := s.imageOf(s.processOf(f)); s.arg(f, notedSuspends) != 0 && ID(s.get(image, imageSuspender)) == f {
		s.set(image, imageSuspender, 0)
	}
}

// suspended tells whether another process's wait for a child suspends p, or the scope of its code does.
func (s *State) suspended(p ID) bool {
	f := ID(s.get(s.imageOf(p), imageSuspender))
	return f != 0 && s.suspends(f, p)
}

// AnySuspended tells whether there is an image in which something may suspend processes.
func (s *State) AnySuspended() bool {
	for image := ID(world); ; {
		if s.get(image, imageSuspender) != 0 {
			return true
		}
		if image = s.nextImage(image); image == 0 {
			return false
		}
	}
}

func (s *State) suspends(f, p ID) bool {
	switch {
	case s.processOf(f) == p:
		return false
	case s.get(f, frameScope)&scopeAlone != 0:
		return !s.open // what becomes of the others no clause says
	case s.get(f, frameState) != frameOpen || s.arg(f, notedSuspends) == 0:
		return false
	}
	if s.isReaping(f) {
		s.cite("REAP-WAIT-2")
	} else {
		s.cite("EXT-RUN-3")
	}
	return true
}

// interrupt notes that a signal ends a wait.
func (r *reaping) interrupt(s *State) {
	r.cite(s, "REAP-WAIT-3")
	p := s.processOf(r.f)
	s.set(p, processInterrupted, s.get(p, processInterrupted)+1)
}

// disturbWaitOf notes that a process is interrupted: it may be by a signal, which ends its wait for a child.
func (s *State) disturbWaitOf(p ID) {
	if f := s.innermost(p); s.open && f != 0 && s.isReaping(f) {
		s.set(p, processInterrupted, s.get(p, processInterrupted)-1)
	}
}

// disturb has the system get the signal of a child that ends, stops or goes on. In an open state it may end a wait
// for a child, one of each process, and nothing says how soon it is noticed: also one that began after the child
// was reaped. In another state nobody minds.
func (s *State) disturb(c ID) {
	if !s.ofAdapter(c) {
		return
	}
	if s.open {
		s.set(world, worldSignals, s.get(world, worldSignals)+1)
	}
	if s.cited != nil {
		s.citeDisturbed(c)
	}
}

// citeDisturbed cites what is said of those who wait for another child.
func (s *State) citeDisturbed(c ID) {
	for p := range s.everybody {
		f := s.innermost(p)
		if f == 0 || !s.isReaping(f) || !s.law.reapWaits(s, f) {
			continue
		}
		if !s.isZombie(c) || !s.considers(c, s.law.reapPID(s, f)) { // it isn't what they wait for
			s.cite("REAP-WAIT-3")
		}
	}
}
