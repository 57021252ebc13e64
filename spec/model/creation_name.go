package model

// Names that other processes have, which the documents say nothing of (PROC-CREATE-6).

// The ways of making a process whose name is taken are those of the system.
var sameNameWays = map[uint16]uint64{createPlainly: first, createNot: second, createRenames: third}

// isNamed tells whether a process of an image that isn't dead has a name; one that may be any is nobody's.
func (s *State) isNamed(caller ID, name Term) bool {
	if name == NoTerm {
		return false
	}
	for p := range s.processesOf(s.imageOf(caller)) {
		if Term(s.get(p, processName)) == name && s.get(p, processPhase) != phaseDead {
			return true
		}
	}
	return false
}

// Namesakes appends the processes whose name the open operation of a frame gives to one that it makes: it minds how they end.
func (s *State) Namesakes(f ID, out []ID) []ID {
	if !s.IsOpen(f) || s.OpOf(f) != "process-run-function" || s.decided(stickySameName) == first {
		return out
	}
	name := Term(s.arg(f, createdName))
	for p := range s.processesOf(s.imageOf(s.processOf(f))) {
		if name != NoTerm && Term(s.get(p, processName)) == name {
			out = append(out, p)
		}
	}
	return out
}

// isSurelyNamed tells whether a process has it that has begun and doesn't end: whether others count is open, as it is whether they are
// listed (PROC-LIST-4).
func (s *State) isSurelyNamed(caller ID, name Term) bool {
	for p := range s.processesOf(s.imageOf(caller)) {
		if Term(s.get(p, processName)) == name && s.get(p, processPhase) == phaseRunning && !s.ending(p) {
			return true
		}
	}
	return false
}

func (s *State) citeTakenName(act Act) {
	f := act.Frame
	if name := Term(s.arg(f, createdName)); s.cited != nil && s.isNamed(act.Process, name) {
		s.cite("PROC-CREATE-6")
	}
}
