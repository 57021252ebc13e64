package model

import "github.com/mpcheck/mpcheck/spec"

// The life of a process: made, begun, its frames, dead.

// newProcess makes a process in an image.
func (s *State) newProcess(p, image ID) ID {
	s.create(p, KindProcess)
	s.set(p, processImage, uint64(image))
	s.set(p, threadProcess, uint64(p))
	s.set(p, processThread, uint64(p))
	s.enlist(p)
	return p
}

// enlist puts a process at the end of those of its image that can act, and are listed.
func (s *State) enlist(p ID) {
	image := s.imageOf(p)
	s.setLayout(p, processNext, 0)
	s.setLayout(p, processPrevious, 0)
	if last := ID(s.get(image, imageYoungest)); last != 0 {
		s.setLayout(last, processNext, uint64(p))
		s.setLayout(p, processPrevious, uint64(last))
	} else {
		s.setLayout(image, imageOldest, uint64(p))
	}
	s.setLayout(image, imageYoungest, uint64(p))
	if s.parked != nil {
		s.parked.add(p)
	}
}

// dying is the act by which a process dies. Its name is free then, which a judge minds as long as it isn't known that several
// processes may have one name (PROC-CREATE-6).
func (s *State) dying(p ID) Act {
	act := Act{Kind: Die, Process: p}
	if s.open && Term(s.get(p, processName)) != NoTerm && s.decided(stickySameName) != sameNameWays[createPlainly] {
		act.Touches = onlyWrites(allNames)
	}
	return act
}

// die ends the life of a process.
func (s *State) die(p ID) {
	if s.get(p, processDying) == 0 {
		s.cite("PROC-EXIT-1")
	}
	s.set(p, processPhase, phaseDead)
	s.set(p, processFirst, 0)
	s.set(p, processInterrupts, 0)
	if t := ID(s.get(p, processForce)); t != 0 {
		s.stopTimer(t)
	}
	s.law.unlists(s, p)
}

// unlist takes a process out of the chain of those that can act, and are listed.
func (s *State) unlist(p ID) {
	image := s.imageOf(p)
	next, previous := ID(s.get(p, processNext)), ID(s.get(p, processPrevious))
	if previous != 0 {
		s.setLayout(previous, processNext, uint64(next))
	} else {
		s.setLayout(image, imageOldest, uint64(next))
	}
	if next != 0 {
		s.setLayout(next, processPrevious, uint64(previous))
	} else {
		s.setLayout(image, imageYoungest, uint64(previous))
	}
}

// Whether a process that is killed before it begins runs its function.
const (
	beginRuns = iota
	beginNever
	beginDrops  // and the cleanups that it has don't run either
	beginFails  // its call signals an error, nobody handles it, and it ends
	beginStands // or it waits in a debugger
	beginReads  // what runs is code that was typed in
	beginCalls  // it is the function with which a Lisp begins
	beginExits  // the program ends, whose function has returned
	beginKills  // those that are being terminated are killed
	beginNames  // its function is what the symbol names by now
)

func (s *State) beginActs(p ID, out []Act) []Act {
	from := len(out)
	add := func(way uint16) { out = append(out, Act{Kind: Begin, Process: p, Choice: way}) }
	image := s.imageOf(p)
	if !s.runsProcesses(image) || !s.open && s.get(image, imageState) == imageStarts { // the simulator makes all of them first
		return out
	}
	killed := s.get(p, processKilled) != 0
	if _, named := s.namedByNow(p); named {
		add(beginNames)
	}
	switch {
	case s.get(p, processFunction) != 0:
		add(beginRuns)
		out = s.foreignBeginActs(p, out, from)
	case s.get(p, processPhase) == phaseCreated:
		add(beginFails)
		add(beginStands)
	}
	if killed {
		add(beginNever)
	}
	if killed && s.open && s.get(p, processPhase) == phaseCreated && s.get(p, processCleanups) > 0 {
		add(beginDrops)
	}
	return out
}

// namedByNow is the function that the symbol names which a process was made with, where that is another than it was then: when it is
// looked up no page says.
func (s *State) namedByNow(p ID) (code uint64, is bool) {
	designator := Term(s.get(p, processDesignator))
	if _, symbol := s.u.Value(designator).(spec.Symbol); !symbol || !s.open || s.get(p, processPhase) != phaseCreated || s.get(p, processForeign) != 0 {
		return 0, false
	}
	code, ok := s.code(p, designator)
	return code, ok && code != s.get(p, processFunction)
}

// killIfDying has a process that has yet to begin count as killed, where what ran before its function has ended it.
func (s *State) killIfDying(p ID) {
	if s.get(p, processPhase) == phaseCreated && s.get(p, processDying) != 0 {
		s.set(p, processKilled, 1)
	}
}

func (s *State) beginProcess(a Act) Label {
	way := a.Choice
	a.Choice &= createWays
	s.citeBegin(a)
	s.runsAgain(a.Process)
	switch a.Choice {
	case beginStands:
		s.set(a.Process, processPhase, phaseRunning)
		return Label{}
	case beginReads:
		return s.read(a.Process)
	case beginCalls:
		return s.callsFirst(a.Process)
	case beginExits:
		s.endImage(s.imageOf(a.Process))
		return Label{}
	case beginKills:
		s.killTerminated(s.imageOf(a.Process))
		return Label{}
	case beginDrops:
		s.dropCleanups(a.Process)
	case beginFails:
		s.law.endsInError(s, a.Process)
	}
	switch a.Choice {
	case beginRuns:
	case beginNames:
		code, _ := s.namedByNow(a.Process)
		s.set(a.Process, processFunction, code)
	default:
		s.beginEnding(a.Process)
		return Label{}
	}
	if s.get(a.Process, processForeign) != 0 {
		if form := s.bindInside(a.Process, way); form != 0 {
			return Label{Kind: Entered, Frame: form}
		}
	}
	s.set(a.Process, processPhase, phaseRunning)
	s.law.bindsAtBegin(s, a.Process)
	f := s.pushFrame(s.threadOf(a.Process), newFrame{code: s.get(a.Process, processFunction), arguments: Term(s.get(a.Process, processArguments))})
	return Label{Kind: Entered, Frame: f}
}

// citeBegin cites what is said of a process that begins, or never does.
func (s *State) citeBegin(a Act) {
	s.citeStartup(a.Process)
	if s.get(a.Process, processKilled) != 0 {
		if s.get(a.Process, processPhase) == phaseCreated && Term(s.get(a.Process, processFound)) != NilTerm {
			s.cite("PROC-KILL-8")
		} else { // it stood in a debugger, or was in a form of its bindings
			s.cite("PROC-KILL-1")
		}
	}
	switch a.Choice {
	case beginFails, beginStands:
		s.cite("PROC-CREATE-9", "PROC-EXIT-4")
	case beginRuns, beginNames:
		if a.Choice == beginNames {
			s.cite("PROC-CREATE-2")
		}
		if s.get(a.Process, processForeign) != 0 {
			return
		}
		if Term(s.get(a.Process, processArguments)) != NoTerm {
			s.cite("PROC-CREATE-12")
		}
		s.cite("PROC-CREATE-1", "PROC-CREATE-7")
	}
}
