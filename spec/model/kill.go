package model

// Kills: those of oneself, which leave at once, and those of others, which reach a process where it
// stands. Either way it unwinds.

var killRules = []rule{
	{
		op: "current-process-kill",
		enabled: func(s *State, act Act, out []Act) []Act {
			out = s.leaveActs(act, out)
			// In a form of unwind-protect it throws once more, or is taken for one in a cleanup; in a form that is run at once it may be, too.
			if s.open && s.runsYet(act.Process) && (s.get(act.Process, processDying) != 0 || s.formRunsHere(act.Process)) {
				act.Choice = killReturns
				out = append(out, act)
			}
			if s.late(act.Process) {
				act.Choice = killAtOnce
				out = append(out, act)
			}
			// In a cleanup where no kill would reach it either of two clauses may count.
			if s.open && s.get(act.Process, processPhase) == phaseEnding && !s.late(act.Process) && s.inScope(act.Process, scopeUninterrupted) {
				act.Choice = killInScope
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			late := s.late(act.Process)
			switch ending := s.get(act.Process, processPhase) == phaseEnding; {
			case act.Choice == killReturns, late && act.Choice != killAtOnce:
				s.cite("PROC-EXIT-6")
				s.returns(act.Frame, NilTerm)
			case act.Choice == killInScope && s.inScope(act.Process, scopeAlone):
				s.cite("PROC-EXIT-8")
				s.returns(act.Frame, unspecified)
			case act.Choice == killInScope:
				s.cite("PROC-EXIT-7")
				s.signalPlain(act.Frame, "interrupts are blocked")
			case ending && !late:
				s.law.killsItselfInCleanup(s, act)
			case s.inScope(act.Process, scopeUninterrupted):
				s.law.killsItselfInScope(s, act)
			default:
				s.law.killsItself(s, act)
			}
		},
	},
	{
		op:      "process-kill",
		decode:  decodeObject(KindProcess),
		enabled: killActs,
		effect: func(s *State, act Act) {
			p := s.subject(act.Frame)
			s.citeKill(act.Process, p)
			switch act.Choice {
			case killRefused:
				s.signal(act.Frame, s.deadProcess())
			case killBlocked:
				s.refuseBlocked(act)
			case killAtOnce:
				s.leaveAll(act.Process)
				s.finish(act.Frame, statusGone)
			default:
				s.kill(p)
				s.returns(act.Frame, NilTerm)
			}
		},
	},
}

// killItself leaves by a throw.
func killItself(s *State, act Act) {
	s.cite("PROC-EXIT-2")
	if s.cited != nil && s.protected(act.Process) {
		s.cite("PROC-EXIT-5")
	}
	s.leaveAll(act.Process)
	if s.cleansFirst(act) {
		return
	}
	s.finish(act.Frame, statusGone)
}

// answerKillInCleanup: inside a form it merely returns.
func answerKillInCleanup(s *State, act Act) {
	s.cite("CLEAN-STATE-2", "PROC-EXIT-6")
	s.returns(act.Frame, NilTerm)
}

// Ways in which a kill may go: of a dead process, of oneself.
const (
	killAsks = iota
	killRefused
	killAtOnce
	killReturns
	killBlocked          // as current-process-kill where interrupts are blocked: an error
	killInScope = 1 << 8 // above those of [State.leaveActs]
)

func killActs(s *State, act Act, out []Act) []Act {
	p := s.subject(act.Frame)
	act.Touches = onlyWrites(p)
	out = append(out, act)
	switch {
	case s.get(p, processPhase) == phaseDead:
		act.Choice = killRefused
		out = append(out, act)
	case p == act.Process && s.runsYet(p) && !s.inScope(p, scopeUninterrupted):
		act.Choice = killAtOnce
		out = append(out, act)
	case s.refusesBlocked(act.Process, p):
		act.Choice = killBlocked
		out = append(out, act)
	}
	return out
}

// refusesBlocked tells whether a kill may be refused because it is one of oneself where interrupts are blocked: it may be like
// current-process-kill. Where the process runs alone that is none to be refused.
func (s *State) refusesBlocked(by, p ID) bool {
	return s.open && by == p && s.inScope(p, scopeUninterrupted) && !s.inScope(p, scopeAlone)
}

func (s *State) refuseBlocked(act Act) {
	s.cite("PROC-KILL-7", "PROC-EXIT-7")
	s.signalPlain(act.Frame, "interrupts are blocked")
}

// citeKill cites what is said of who is killed; of a process that is ending kill does.
func (s *State) citeKill(by, p ID) {
	switch phase := s.get(p, processPhase); {
	case phase == phaseDead:
		s.cite("PROC-KILL-6")
	case phase == phaseEnding:
	case p == by:
		s.cite("PROC-KILL-7")
	case phase == phaseCreated:
		s.cite("PROC-KILL-8")
	case s.inScope(p, scopeUninterrupted):
		s.cite("PROC-KILL-3")
	default:
		s.cite("PROC-KILL-1")
	}
}

// kill asks a process to end.
func (s *State) kill(p ID) {
	if s.halted(p) {
		s.cite("PROC-STOP-1")
	}
	if s.get(p, processStop) != runs {
		s.law.killUnstops(s, p)
	}
	switch {
	case s.get(p, processPhase) < phaseEnding:
		s.law.asksToEnd(s, p)
	case s.late(p): // which may cut the form short that it is in
		s.cite("PROC-KILL-4")
		s.set(p, processKilled, 1)
	case s.get(p, processPhase) == phaseEnding:
		s.noReturn(p)
		s.law.killsAgain(s, p)
	}
}

func askToEnd(s *State, p ID) {
	s.set(p, processKilled, 1)
	s.set(p, processDying, 1)
}

// leaveCleanupsAlone: a process that is ending goes on as before.
func leaveCleanupsAlone(s *State, _ ID) { s.cite("PROC-KILL-5") }

// leaveAll begins to leave all frames of a process.
func (s *State) leaveAll(p ID) {
	s.set(p, processDying, 1)
	s.throw(p, 0)
}

// KillReaches tells whether a process has been killed and has yet to unwind for it.
func (s *State) KillReaches(p ID) bool {
	return s.get(p, processKilled) != 0 && s.interruptible(p)
}

// unwind leaves the innermost frame of a process. Where that is due to a kill which
// reaches the process only now, all its frames will be left.
func (s *State) unwind(a Act) Label {
	f := a.Frame
	if s.get(f, frameUnwound) == 0 {
		s.citeReached(a)
		s.set(a.Process, processKilled, 0)
		s.runsAgain(a.Process)
		s.throw(a.Process, 0)
		if s.cleansFirst(a) {
			return Label{}
		}
	}
	if s.get(a.Process, processFirst) == uint64(f) {
		s.set(a.Process, processFirst, firstOver)
	}
	if s.law.runsUnwindForm(s, a) {
		s.enter(f, stageCleanup, s.arg(f, codeAfter), NilTerm)
	} else {
		s.finish(f, statusGone)
	}
	return s.outcome(a)
}

// unwindsByForm: the form of an unwind-protect runs on the way.
func unwindsByForm(s *State, a Act) bool {
	if a.Kind != Unwind || rules[s.get(a.Frame, frameRule)].op != "unwind-protect" || s.get(a.Frame, frameStage) != stageBody {
		return false
	}
	if s.isGone(s.imageOf(a.Process)) {
		return false
	}
	late := s.late(a.Process)
	if s.get(a.Process, processDying) != 0 && (late || s.get(a.Process, processPhase) == phaseRunning) { // else it only leaves a handler-case
		s.cite("PROC-EXIT-5")
		if late || s.get(a.Process, processCleanups) > 0 {
			s.cite("CLEAN-UNW-1")
		}
	}
	return true
}

// citeReached cites what is said of a kill that reaches a process where it stands.
func (s *State) citeReached(a Act) {
	if s.cited == nil {
		return
	}
	if s.get(a.Frame, frameState) != frameIdle && s.movesObject(a.Frame) {
		s.cite("MBOX-READ-6")
	}
	if s.inUnwindForm(a.Process) {
		s.cite("PROC-KILL-4")
	}
	if a.Kind == Unwind && s.get(a.Frame, frameState) == frameOpen && s.isHeldBack(a.Process, a.Frame) {
		s.cite("PROC-KILL-2")
	}
	s.cite("PROC-KILL-1")
}

// movesObject tells whether an operation takes an object out of a mailbox, or waits for room to add one:
// of which a kill leaves open whether it did.
func (s *State) movesObject(f ID) bool {
	switch s.OpOf(f) {
	case "mailbox-read", "process-wait-for-event", "mailbox-send-limited":
		return true
	case "process-send":
		return s.arg(f, sendLimit) != 0
	}
	return false
}

// inUnwindForm tells whether a process is in the form of an unwind-protect.
func (s *State) inUnwindForm(p ID) bool {
	for f := s.innermost(p); f != 0; f = ID(s.get(f, frameParent)) {
		if rules[s.get(f, frameRule)].op == "unwind-protect" && s.get(f, frameState) == frameOpen && s.get(f, frameStage) == stageCleanup {
			return true
		}
	}
	return false
}

// isHeldBack tells whether the open operation of a frame waits. Asking cites nothing.
func (s *State) isHeldBack(p, f ID) bool {
	cited := s.cited
	s.cited = nil
	held := len(s.operationActs(p, f, nil)) == 0
	s.cited = cited
	return held
}
