package model

import "github.com/mpcheck/mpcheck/spec"

// The life of a process: made, begun, its frames, dead.

func (s *State) newProcess(p ID) ID {
	s.create(p, KindProcess)
	if last := ID(s.get(world, worldYoungest)); last != 0 {
		s.setLayout(last, processNext, uint64(p))
		s.setLayout(p, processPrevious, uint64(last))
	} else {
		s.setLayout(world, worldOldest, uint64(p))
	}
	s.setLayout(world, worldYoungest, uint64(p))
	if s.parked != nil {
		s.parked.add(p)
	}
	return p
}

// die ends the life of a process.
func (s *State) die(p ID) {
	if s.get(p, processDying) == 0 {
		s.cite("PROC-EXIT-1")
	}
	s.set(p, processPhase, phaseDead)
	s.set(p, processFirst, 0)
	s.law.unlists(s, p)
}

// unlist takes a process out of the chain of those that can act, and are listed.
func (s *State) unlist(p ID) {
	next, previous := ID(s.get(p, processNext)), ID(s.get(p, processPrevious))
	if previous != 0 {
		s.setLayout(previous, processNext, uint64(next))
	} else {
		s.setLayout(world, worldOldest, uint64(next))
	}
	if next != 0 {
		s.setLayout(next, processPrevious, uint64(previous))
	} else {
		s.setLayout(world, worldYoungest, uint64(previous))
	}
}

// Whether a process that is killed before it begins runs its function.
const (
	beginRuns = iota
	beginNever
	beginDrops  // and the cleanups that it has don't run either
	beginFails  // its call signals an error, nobody handles it, and it ends
	beginStands // or it waits in a debugger
)

func (s *State) beginActs(p ID, out []Act) []Act {
	add := func(way uint16) { out = append(out, Act{Kind: Begin, Process: p, Choice: way}) }
	killed := s.get(p, processKilled) != 0
	switch {
	case s.get(p, processFunction) != 0:
		add(beginRuns)
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

func (s *State) beginProcess(a Act) Label {
	s.citeBegin(a)
	switch a.Choice {
	case beginStands:
		s.set(a.Process, processPhase, phaseRunning)
		return Label{}
	case beginDrops:
		s.dropCleanups(a.Process)
	case beginFails:
		s.law.endsInError(s, a.Process)
	}
	if a.Choice != beginRuns {
		s.beginEnding(a.Process)
		return Label{}
	}
	s.set(a.Process, processPhase, phaseRunning)
	f := s.pushFrame(a.Process, s.get(a.Process, processFunction), Term(s.get(a.Process, processArguments)))
	return Label{Kind: Entered, Frame: f}
}

// citeBegin cites what is said of a process that begins, or never does.
func (s *State) citeBegin(a Act) {
	if s.get(a.Process, processKilled) != 0 {
		if s.get(a.Process, processPhase) == phaseCreated {
			s.cite("PROC-KILL-8")
		} else { // it stood in a debugger
			s.cite("PROC-KILL-1")
		}
	}
	switch a.Choice {
	case beginFails, beginStands:
		s.cite("PROC-CREATE-9", "PROC-EXIT-4")
	case beginRuns:
		if Term(s.get(a.Process, processArguments)) != NoTerm {
			s.cite("PROC-CREATE-12")
		}
		s.cite("PROC-CREATE-1", "PROC-CREATE-7")
	}
}

// pushFrame begins code on a process, nested in the frame that it runs.
func (s *State) pushFrame(p ID, code uint64, arguments Term) ID {
	f := s.nameFrame(p)
	s.create(f, KindFrame)
	s.set(f, frameProcess, uint64(p))
	s.set(f, frameParent, s.get(p, processFrame))
	s.set(f, frameCode, code)
	s.set(f, frameArguments, uint64(arguments))
	s.set(p, processFrame, uint64(f))
	return f
}

// nameFrame names the next frame that a process enters: by its number, or as [State.EnterAs] has it.
func (s *State) nameFrame(p ID) ID {
	nth := s.get(p, processEntered)
	f := s.u.Name(p, uint32(nth), KindFrame)
	if as := s.enters; as != 0 {
		s.enters = 0
		return as
	}
	nth++
	for s.heard && s.exists(s.u.Name(p, uint32(nth), KindFrame)) {
		nth++
	}
	s.set(p, processEntered, nth)
	return f
}

// EnterAs has the next act, which begins code, do so in the frame of that name instead of the first
// of its process that is free: in what is told from outside, frames of one process may be told of in
// another order than that in which they began. It needs [Config.Heard].
func (s *State) EnterAs(f ID) { s.enters = f }

// Entry is what a frame begins with.
type Entry struct {
	Process   spec.Value
	Callback  spec.Callback
	Arguments []spec.Value
}

// Entry returns what the frame runs. The outermost frame has callback 0.
func (s *State) Entry(f ID) Entry {
	e := Entry{Process: s.u.Ref(ID(s.get(f, frameProcess)))}
	if code := s.get(f, frameCode); code != 0 {
		e.Callback = spec.Callback(code - 1)
	}
	e.Arguments, _ = spec.Items(s.u.Value(Term(s.get(f, frameArguments))))
	return e
}

// Leave ends the code of a frame, whose operations are all closed, with what it returned.
// The innermost frame of a process that is not ending yet is its function: the process
// begins to end.
func (s *State) Leave(f ID, values []spec.Value, log *UndoLog) {
	s.begin(log)
	s.leave(f, values)
}

// LeaveUnheard is [State.Leave] where nobody has heard with what: of those values nothing is known.
func (s *State) LeaveUnheard(f ID, log *UndoLog) {
	parent := ID(s.get(f, frameParent))
	s.Leave(f, nil, log)
	if parent != 0 {
		s.set(parent, frameInner, uint64(unspecified))
	}
}

func (s *State) leave(f ID, values []spec.Value) {
	p, parent := ID(s.get(f, frameProcess)), ID(s.get(f, frameParent))
	s.set(p, processFrame, uint64(parent))
	switch {
	case parent != 0:
		s.set(parent, frameInner, uint64(s.u.Intern(spec.NewList(values...))))
	case s.get(p, processPhase) != phaseEnding: // else it was a cleanup form
		s.beginEnding(p)
	}
	s.clearCall(f)
	s.clear(f, frameProcess, frameState)
}
