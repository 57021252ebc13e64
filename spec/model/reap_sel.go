package model

// Who is considered by a reap.

// considers tells whether a child is selected by a pid argument. The child of a command that its starter
// waits for is nobody else's.
func (s *State) considers(c ID, pid int64) bool {
	switch {
	case s.law.shellReaps && s.waitedFor(c):
		return false
	case s.isOfProgram(c) && (s.waitedFor(c) || s.decided(stickyScope) != first):
		return false
	}
	return s.law.selects(s, c, pid)
}

// mayConsider tells whether a call may also consider a child that the documents leave to its starter: one that run waits for, where
// programs are considered. It is the system's own matter how it keeps others from it.
func (s *State) mayConsider(c ID, pid int64) bool {
	return s.open && s.isOfProgram(c) && s.waitedFor(c) && s.decided(stickyScope) == first && s.law.selects(s, c, pid)
}

// mayRun tells whether a call may count a child among those that run though it will never report it: waitpid knows all children,
// also those of which another call waits for the end.
func (s *State) mayRun(c ID, pid int64) bool {
	left := s.isOfProgram(c) && s.decided(stickyScope) == second
	return s.open && s.lives(c) && s.waitedFor(c) && !left && s.law.selects(s, c, pid)
}

// selects: a pid selects children of the adapter, all or those of its own group, the one of that number, or
// those of a group.
func (s *State) selects(c ID, pid int64) bool {
	switch {
	case !s.ofAdapter(c):
		return false
	case pid == -1:
		return true
	case pid == 0:
		return s.get(c, childGroup) == AdapterPID
	case pid > 0:
		return int64(s.get(c, childPID)) == pid
	}
	return int64(s.get(c, childGroup)) == -pid
}

// maybeRuns tells whether there is such a child.
func (s *State) maybeRuns(pid int64) bool {
	return s.anyChild(func(c ID) bool { return s.mayRun(c, pid) })
}

// isTaken tells whether whoever has started a program may not learn how it ended: its end was reported to who reaps
// (REAP-SCOPE-1), or the system tells of none (REAP-SIG-4).
func (s *State) isTaken(c ID) bool {
	return s.get(c, childKind)&childTaken != 0 || s.open && s.get(world, worldIgnores) != 0 && s.get(c, childPhase) >= childZombie
}

// consideredWere tells whether a pid would select an orphan if it were the adapter's child, which has yet to show.
func (s *State) consideredWere(pid int64) bool {
	return s.anyChild(func(c ID) bool {
		if !s.mayBeOfAdapter(c) {
			return false
		}
		switch {
		case pid > 0:
			return int64(s.get(c, childPID)) == pid
		case pid == 0:
			return s.get(c, childGroup) == AdapterPID
		}
		return pid == -1 || int64(s.get(c, childGroup)) == -pid
	})
}

// citeTaken cites why.
func (s *State) citeTaken(c ID) {
	if s.get(c, childKind)&childTaken != 0 {
		s.cite("REAP-SCOPE-1")
	} else {
		s.cite("REAP-SIG-4")
	}
}

// citeSelection cites what a pid selects by.
func (r *reaping) citeSelection(s *State) {
	switch {
	case r.pid == -1:
		r.cite(s, "REAP-SEL-1")
	case r.pid == 0:
		r.cite(s, "REAP-SEL-2")
	case r.pid > 0:
		r.cite(s, "REAP-SEL-3")
	default:
		r.cite(s, "REAP-SEL-4")
	}
}

// isZombie: those that have ended and are still there are to be reported.
func (s *State) isZombie(c ID) bool { return s.get(c, childPhase) == childZombie }

// considered returns those to report and one running child among those that pid selects; a stopped child
// counts as running.
func (s *State) considered(pid int64) (zombies []ID, running ID) {
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if !s.considers(c, pid) {
			continue
		}
		switch phase := s.get(c, childPhase); {
		case s.law.unreaped(s, c):
			zombies = append(zombies, c)
		case phase == childRunning || phase == childStopped:
			running = c
		}
	}
	return zombies, running
}

// consideredIf tells whether a pid selects a child of which something holds.
func (s *State) consideredIf(pid int64, holds func(c ID) bool) bool {
	return s.anyChild(func(c ID) bool { return holds(c) && s.law.selects(s, c, pid) })
}

func (s *State) considersStopped(pid int64) bool {
	return s.anyChild(func(c ID) bool { return s.get(c, childPhase) == childStopped && s.considers(c, pid) })
}

// unreapedBeside tells whether a child waits to be reaped that pid doesn't select.
func (s *State) unreapedBeside(pid int64) bool {
	return s.anyChild(func(c ID) bool { return s.isZombie(c) && s.considers(c, -1) && !s.considers(c, pid) })
}

// splits tells whether it makes a difference which pid is given: it leaves out a child that another
// would select, or takes in one that the adapter's group hasn't beside one that it has.
func (s *State) splits(pid int64) bool {
	there := func(selected bool, pid int64) bool {
		return s.anyChild(func(c ID) bool { return s.present(c) && s.considers(c, -1) && s.considers(c, pid) == selected })
	}
	if pid == -1 {
		return there(true, 0) && there(false, 0)
	}
	return there(false, pid)
}

// reportedBefore tells whether a child has been reported.
func (s *State) reportedBefore() bool {
	return s.anyChild(func(c ID) bool { return s.get(c, childPhase) == childReaped && s.ofAdapter(c) })
}

// isStranger tells whether a pid never was that of a child, or of a group with one.
func (s *State) isStranger(pid int64) bool {
	return pid != -1 && pid != 0 && !s.consideredIf(pid, func(ID) bool { return true })
}
