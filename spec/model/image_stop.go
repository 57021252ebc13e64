package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// How multiprocessing stops where somebody quits, or saves an image that has to be without: the processes that are left are
// terminated, each by its terminate method, and killed a while later, so that both the methods and the cleanups get a chance
// (INIT-STOP-1).

// stopLeft is the slot of those whose terminators have yet to be called: a list, 0 for none.
const stopLeft slot = 4

// stopGrace is how long the simulator gives the methods, in microseconds.
const stopGrace = 1_000_000

// How the others are being ended, of an open state: bits of imageQuits.
const (
	quitsCaller  = 1 << iota // whoever quits is left too: nothing but what is left of the image keeps its program from ending
	quitsMethods             // some were terminated by their methods, and may be killed at any time
	quitsItself              // multiprocessing has ended: no page says how long the program goes on
)

// Ways of calling a terminator, times as much as its place in the list.
const (
	stopCalls = iota
	stopTells // a local one with the process
	stopAway  // a remote one on the initial thread, which may be who terminates
	stopSkips // its process ends already
	stopHere  // a local one that its process can't call yet; or
	stopNames // with the process
	stopWays
	stopSteps = 1 << 15 // is added
)

// quitByTerminating: the processes that are left are terminated, and then killed.
func quitByTerminating(s *State, act Act) {
	s.cite("INIT-STOP-1", "CLEAN-RUN-4", "INIT-STOP-3")
	s.stopOthers(act)
}

// stopOthers begins to end the other processes of an image.
func (s *State) stopOthers(act Act) {
	var left []spec.Value
	methods := false
	for p := range s.processesOf(s.imageOf(act.Process)) {
		if p == act.Process || s.endsOthers(p) {
			continue
		}
		method := s.methodOf(p)
		switch {
		case method.isNone() || s.MayEnd(p) || !s.callsTerminators(act.Process, method):
			s.kill(p)
			continue
		case method.remote != 0 || method.local != 0:
			left = append(left, s.u.Ref(p))
		default:
			s.sendEnd(p)
		}
		methods = true
	}
	if !methods {
		return
	}
	s.setStopLeft(act.Frame, left)
	if image := s.imageOf(act.Process); s.open {
		s.set(image, imageQuits, s.get(image, imageQuits)|quitsMethods)
	}
}

// setStopLeft notes whose terminators are left. Once there are none the others have some time to end by themselves.
func (s *State) setStopLeft(f ID, left []spec.Value) {
	if len(left) > 0 {
		s.note(f, stopLeft, uint64(s.u.Intern(spec.NewList(left...))))
		return
	}
	s.note(f, stopLeft, 0)
	if !s.open {
		s.set(f, frameDeadline, s.Now()+stopGrace)
	}
}

func (s *State) stopsLeft(f ID) []spec.Value {
	items, _ := spec.Items(s.u.Value(Term(s.arg(f, stopLeft))))
	return items
}

// stopActs lists the calls of terminators that are next, and tells whether there are any.
func (s *State) stopActs(act Act, out []Act) ([]Act, bool) {
	if s.arg(act.Frame, stopLeft) == 0 {
		return out, false
	}
	add := func(i int, ways ...int) {
		for _, way := range ways {
			act.Choice = stopSteps | uint16(i*stopWays+way)
			out = append(out, act)
		}
	}
	for i, v := range s.stopsLeft(act.Frame) {
		if (i+1)*stopWays > stopSteps {
			break // thousands are before it, whose turn may be first
		}
		p, _ := s.u.Object(v, KindProcess)
		switch remote := s.get(p, processRemote) != 0; {
		case s.get(p, processPhase) == phaseDead:
			add(i, stopSkips)
		case !s.open:
			add(i, stopCalls)
		case !remote && s.get(p, processPhase) == phaseCreated:
			add(i, stopCalls, stopTells, stopHere, stopNames)
			continue
		case !remote:
			add(i, stopCalls, stopTells)
		default:
			if s.MayEnd(p) {
				add(i, stopSkips)
			}
			if add(i, stopCalls); s.exists(s.u.InitialThread(s.imageOf(p))) { // of the first image nobody knows it
				add(i, stopAway)
			}
			continue // in which order they are called no page says
		}
		return out, true
	}
	return out, true
}

// stopsOne terminates one of those that are left.
func (s *State) stopsOne(act Act) {
	f, left := act.Frame, s.stopsLeft(act.Frame)
	i, way := int(act.Choice&^stopSteps)/stopWays, int(act.Choice&^stopSteps)%stopWays
	p, _ := s.u.Object(left[i], KindProcess)
	s.setStopLeft(f, slices.Delete(slices.Clone(left), i, i+1))
	s.set(f, frameInner, 0)
	remote := Term(s.get(p, processRemote))
	s.cite("INIT-STOP-1")
	switch {
	case way == stopSkips:
		s.kill(p)
	case way == stopHere, way == stopNames:
		code, _ := s.code(act.Process, Term(s.get(p, processLocal)))
		s.enter(f, stageBody, code, s.u.Intern(spec.NewList(s.toldOf(p, way == stopNames)...)))
	case remote == NoTerm:
		s.queueLocal(act, p, way == stopTells)
	case way == stopAway:
		called := spec.NewList(localTerminator, s.u.Value(remote), s.law.terminatorGets(s, act.Process, p))
		queueInterrupt(s, act, s.u.InitialThread(s.imageOf(p)), s.u.Intern(called))
	default:
		code, _ := s.code(act.Process, remote)
		s.enter(f, stageBody, code, s.u.Intern(spec.NewList(s.law.terminatorGets(s, act.Process, p))))
	}
}

// timeUpToStop: the others have had some time to end by themselves.
func timeUpToStop(s *State, act Act) { s.law.stopsInVain(s, act) }

// stopInVain: those that have not come to their end are killed.
func stopInVain(s *State, act Act) {
	s.cite("INIT-STOP-1")
	s.set(act.Frame, frameDeadline, never)
	s.killOthers(s.imageOf(act.Process), act.Process)
}

// killOthers kills all processes of an image but one, and but those that end the others themselves.
func (s *State) killOthers(image, but ID) {
	for p := range s.processesOf(image) {
		if p != but && !s.endsOthers(p) {
			s.kill(p)
		}
	}
}

// stoppingOps are the operations that may end the other processes.
var stoppingOps = []string{"quit", "save-image", "deliver", "build-library"}

// stopping is the frame in which a process has begun to end the others, 0 for none: code that it calls for that may run
// meanwhile.
func (s *State) stopping(p ID) ID {
	for f := s.innermost(p); f != 0; f = ID(s.get(f, frameParent)) {
		if s.get(f, frameState) == frameOpen && s.get(f, frameStage) == stageBody && slices.Contains(stoppingOps, s.OpOf(f)) {
			return f
		}
	}
	return 0
}

// endsOthers tells whether a process has itself begun to end the others, for the program to end.
func (s *State) endsOthers(p ID) bool { return s.stopping(p) != 0 }

// citeQuit cites what holds back the end of a program that quits.
func (s *State) citeQuit(image ID) {
	if s.cited == nil {
		return
	}
	quits := s.get(image, imageQuits)&quitsCaller != 0
	for p := range s.processesOf(image) {
		f := s.stopping(p)
		quits = quits || f != 0 && s.OpOf(f) == "quit"
	}
	if quits {
		s.cite("INIT-STOP-1")
	}
}

// areOver tells whether the others have ended.
func (s *State) areOver(caller ID) bool {
	for p := range s.processesOf(s.imageOf(caller)) {
		if p != caller && !s.endsOthers(p) && s.get(p, processPhase) != phaseDead {
			return false
		}
	}
	return true
}

// hadTheirChance tells whether a program that quits may end, as a judge has it: all remote terminators were called, and of no
// process cleanups are left that have not begun. Where nobody judges that it may at any time.
func (s *State) hadTheirChance(image, caller ID) bool {
	if s.loose.exits {
		return true
	}
	if s.callsAway(image) {
		return false
	}
	for p := range s.processesOf(image) {
		if p == caller || s.endsOthers(p) {
			continue
		}
		if s.get(p, processCleanups) > 0 && s.get(p, processPhase) != phaseCreated && !s.keepsItself(p) {
			return false
		}
	}
	return true
}

// keepsItself tells whether it is code of a process that keeps it from its next cleanup, and no kill ends that: a form, one of
// unwind-protect, or what no interrupt reaches. How long somebody who quits waits for it no page says.
func (s *State) keepsItself(p ID) bool {
	f := s.innermost(p)
	if f == 0 || s.get(f, frameUnwound) != 0 {
		return false
	}
	dying := s.get(p, processDying) != 0 && (s.get(p, processKilled) == 0 || s.inScope(p, scopeUninterrupted))
	return (dying || s.get(p, processPhase) == phaseEnding) && (s.heard || s.get(f, frameState) == frameOpen && s.isHeldBack(p, f))
}

// terminated lists the processes of an image that were terminated, by each of those that end the others, and do not end yet.
func (s *State) terminated(image ID) (out []ID) {
	if s.callsAway(image) {
		return nil
	}
	var left []spec.Value
	for p := range s.processesOf(image) {
		if f := s.stopping(p); f != 0 {
			left = append(left, s.stopsLeft(f)...)
		}
	}
	for p := range s.processesOf(image) {
		if s.get(p, processDying) == 0 && s.get(p, processPhase) < phaseEnding && !s.endsOthers(p) && !slices.Contains(left, spec.Value(s.u.Ref(p))) {
			out = append(out, p)
		}
	}
	return out
}

// killTerminated kills them.
func (s *State) killTerminated(image ID) {
	for _, p := range s.terminated(image) {
		s.cite("INIT-STOP-1")
		s.kill(p)
	}
}

// HoldingBack lists the open operations that end other processes, of an open state, where some of these were terminated by their
// methods and have yet to be killed: how long that may take no page says, only that it comes.
func (s *State) HoldingBack(out []ID) []ID {
	if !s.several {
		return out
	}
	for image := s.nextImage(world); image != 0; image = s.nextImage(image) {
		if s.get(image, imageQuits)&quitsMethods == 0 || s.isGone(image) || len(s.terminated(image)) == 0 {
			continue
		}
		for p := range s.processesOf(image) {
			if f := s.stopping(p); f != 0 && f == s.innermost(p) { // else a terminator runs there yet
				out = append(out, f)
			}
		}
	}
	return out
}

// callsAway tells whether a remote terminator has yet to be called on the initial thread.
func (s *State) callsAway(image ID) bool {
	t := s.u.InitialThread(image)
	return s.exists(t) && s.get(t, processInterrupts) != 0
}

// quitActs lists what comes, in an open state, of a program that quits or saves itself without being the act of whoever does: those
// that were terminated by their methods are killed; the program ends, though its caller has been left or a terminator runs, or
// since multiprocessing has ended.
func (s *State) quitActs(out []Act) []Act {
	for image := s.nextImage(world); image != 0; image = s.nextImage(image) {
		how := s.get(image, imageQuits)
		if how == 0 || s.isGone(image) {
			continue
		}
		act := Act{Kind: Begin, Process: s.u.InitialThread(image), Touches: everything}
		exits := how&quitsItself != 0 || how&quitsCaller != 0 && s.hadTheirChance(image, 0)
		kills := how&quitsMethods != 0 && len(s.terminated(image)) > 0
		for p := range s.processesOf(image) {
			switch f := s.stopping(p); {
			case f == 0:
			case f != s.innermost(p) && s.OpOf(f) == "quit" && s.arg(f, stopLeft) == 0:
				exits = exits || s.hadTheirChance(image, p)
			}
		}
		if exits {
			act.Choice = beginExits
			out = append(out, act)
		}
		if kills {
			act.Choice = beginKills
			out = append(out, act)
		}
	}
	return out
}
