package model

import "github.com/mpcheck/mpcheck/spec"

// The status of a program. It is that of its child, so it is current whenever it is asked for.

// A status is a number: what it is, and the code or signal.
const (
	statusRunning = iota + 1
	statusStopped
	statusExited
	statusSignaled

	statusShift = 8 // from which bit on
)

var statusNames = [...]string{"", "running", "stopped", "exited", "signaled"}

// currentStatus is how the child is.
func currentStatus(s *State, p ID) uint64 { return s.statusOf(ID(s.get(p, programChild))) }

func (s *State) statusOf(c ID) uint64 {
	switch phase := s.get(c, childPhase); {
	case phase == childStopped:
		return statusStopped | signalStop<<statusShift
	case phase < childZombie:
		return statusRunning
	}
	if signal := s.get(c, childStatus) >> 16; signal != 0 {
		return statusSignaled | signal<<statusShift
	}
	return statusExited | s.get(c, childStatus)&0xffff<<statusShift
}

func isFinal(status uint64) bool { return status&(1<<statusShift-1) >= statusExited }

// Ways to answer for the status: as it is; as it was, where news are late; after the hook was called for it; and what is
// said of a stop beside.
const (
	statusAsIs = iota
	statusHooks
	statusStopsPlain
	statusStopsZero
	statusAsksFirst // it is settled that whoever asks calls the hook
	statusLeaves    // or that it is called unasked
	statusFails     // with the error of the hook
	statusLost      // anything, since another call has taken its end,
	statusLostFails // or an error
	statusWhole     // with all bits of the argument of its exit (EXT-STAT-12)
	statusWasRunning
	statusWasStopped // and the two after it: with its signal, with nil, with 0
	statusWasPlain
	statusWasZero
)

// Where news are late each of the statuses that a program passed through may be told, one after the other, until the one that it has.
// It runs and is stopped by turns; so what is kept is how many there were, twice, and whether the first was stopped.

// passes notes that a program leaves a status.
func (s *State) passes(p ID) {
	if !s.open || !s.heard {
		return
	}
	passed := s.get(p, programPassed)
	if passed == 0 {
		passed = bit(currentStatus(s, p) != statusRunning)
	}
	s.set(p, programPassed, passed+2)
}

// lateActs lists the ways to tell of a status that a program has had.
func (s *State) lateActs(p ID, act Act, out []Act) []Act {
	passed := s.get(p, programPassed)
	many, stopped := passed > 3, passed&1 != 0
	if passed > 1 && (many || !stopped) {
		act.Choice = statusWasRunning
		out = append(out, act)
	}
	if passed > 1 && (many || stopped) {
		for _, act.Choice = range []uint16{statusWasStopped, statusWasPlain, statusWasZero} {
			out = append(out, act)
		}
	}
	return out
}

// tellLate tells of a status that a program has had: those before it are known then.
func (s *State) tellLate(f, p ID, way uint16) {
	status, stopped := uint64(statusRunning), uint64(0)
	if way != statusWasRunning {
		status, stopped = statusStopped|signalStop<<statusShift, 1
	}
	if passed := s.get(p, programPassed); passed&1 != stopped {
		s.set(p, programPassed, (passed-2)^1)
	}
	s.citeStatus(p, status)
	s.set(p, programShown, status)
	s.tellStop(f, status, way-statusWasStopped)
}

// tellStop tells a status, of one that is stopped with its signal, nil, or 0.
func (s *State) tellStop(f ID, status uint64, way uint16) {
	name := s.u.Intern(spec.Keyword("stopped"))
	switch way {
	case 1:
		s.returns(f, name, NilTerm)
	case 2:
		s.returns(f, name, s.u.Intern(spec.Int(0)))
	default:
		s.law.tellsStatus(s, f, status)
	}
}

func statusActs(s *State, act Act, out []Act) []Act {
	p := s.subject(act.Frame)
	act.Touches = everything
	if s.law.statusWaits && s.lives(s.childOf(act)) {
		return out
	}
	status := s.law.statusNow(s, p)
	if !s.open {
		return s.noticeWays(p, act, out)
	}
	out = append(out, act)
	out = s.lateActs(p, act, out)
	if act.Choice = statusHooks; s.mayCallHook(p) {
		out = append(out, act)
	}
	if act.Choice = statusFails; s.get(act.Frame, frameStage) == stageBody {
		out = append(out, act)
	}
	if act.Choice = statusWhole; isFinal(status) && s.get(s.childOf(act), childWhole) != 0 {
		out = append(out, act)
	}
	if s.isTaken(s.childOf(act)) {
		for _, act.Choice = range []uint16{statusLost, statusLostFails} {
			out = append(out, act)
		}
	}
	if status&(1<<statusShift-1) == statusStopped {
		for _, act.Choice = range []uint16{statusStopsPlain, statusStopsZero} {
			out = append(out, act)
		}
	}
	return out
}

// noticeWays: where a hook is to be told of a change, whoever asks first calls it, or it is called unasked.
func (s *State) noticeWays(p ID, act Act, out []Act) []Act {
	if !s.isUntold(p) || s.get(act.Frame, frameStage) != 0 { // it is called already
		return append(out, act)
	}
	switch s.decided(stickyWatch) {
	case first:
		return append(out, act)
	case second:
		act.Choice = statusHooks
		return append(out, act)
	}
	for _, act.Choice = range []uint16{statusAsksFirst, statusLeaves} {
		out = append(out, act)
	}
	return out
}

func processStatus(s *State, act Act) {
	f, p := act.Frame, s.subject(act.Frame)
	switch act.Choice {
	case statusAsksFirst:
		s.decide(stickyWatch, second)
		s.callHookHere(f, p)
		return
	case statusHooks:
		s.callHookHere(f, p)
		return
	case statusLeaves:
		s.decide(stickyWatch, first)
	case statusFails:
		s.cite("EXT-HOOK-7")
		s.signalPlain(f, "an error in the status hook")
		return
	case statusLost:
		s.citeTaken(s.childOf(act))
		s.returnsAnything(f)
		return
	case statusLostFails:
		s.citeTaken(s.childOf(act))
		s.signalPlain(f, "the program is no child any more")
		return
	case statusWasRunning, statusWasStopped, statusWasPlain, statusWasZero:
		s.tellLate(f, p, act.Choice)
		return
	}
	c := ID(s.get(p, programChild))
	if act.Choice == statusWhole {
		s.cite("EXT-STAT-12")
		s.set(c, childStatus, s.get(c, childWhole))
		if isFinal(s.get(p, programTold)) { // its hook was told of no other end
			s.set(p, programTold, s.statusOf(c))
		}
	}
	status := s.law.statusNow(s, p)
	if isFinal(status) { // what was told once stays
		s.set(c, childWhole, 0)
	}
	s.citeStatus(p, status)
	s.set(p, programShown, status)
	s.set(p, programPassed, 0)
	if isFinal(status) && s.get(c, childPhase) == childZombie {
		s.cite("EXT-STAT-11", "EXT-START-5")
		s.set(c, childPhase, childReaped)
	}
	switch {
	case s.open && s.get(p, programFlags)&programLost != 0 && isFinal(status):
		s.returns(f, s.u.Intern(spec.Keyword("exited")), unspecified)
	case act.Choice == statusStopsPlain, act.Choice == statusStopsZero:
		s.tellStop(f, status, act.Choice-statusStopsPlain+1)
	default:
		s.law.tellsStatus(s, f, status)
	}
}

// tellStatus: what it is, and the code or signal; of one that runs there is none.
func tellStatus(s *State, f ID, status uint64) {
	name := s.u.Intern(spec.Keyword(statusNames[status&(1<<statusShift-1)]))
	if status == statusRunning {
		s.returns(f, name, NilTerm)
		return
	}
	s.returns(f, name, s.u.Intern(spec.Int(status>>statusShift)))
}

// citeStatus cites what is said of a status that is told.
func (s *State) citeStatus(p ID, status uint64) {
	if s.cited == nil {
		return
	}
	switch status & (1<<statusShift - 1) {
	case statusRunning:
		if s.get(p, programChanges) > 0 {
			s.cite("EXT-STAT-7", "EXT-STAT-2")
		}
		s.cite("EXT-STAT-2", "EXT-STAT-9")
	case statusStopped:
		s.citeValue(1, "EXT-STAT-6")
		s.cite("EXT-STAT-5")
	case statusExited:
		s.cite("EXT-STAT-3")
	case statusSignaled:
		s.cite("EXT-STAT-4")
	}
	switch {
	case isFinal(status) && s.get(p, programShown) == status:
		s.cite("EXT-STAT-8")
	case isFinal(status):
		s.cite("EXT-STAT-10")
	}
	s.cite("EXT-STAT-1", "EXT-START-2")
}
