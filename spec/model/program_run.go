package model

import "github.com/mpcheck/mpcheck/spec"

// How run waits, and what it returns.

// runActs: run starts its program, and then waits for its end. Meanwhile the others run, or are suspended.
func runActs(s *State, act Act, out []Act) []Act {
	c := ID(s.arg(act.Frame, programRuns))
	if c == 0 {
		act.Touches = everything
		return s.beginActsOf(act, out)
	}
	act.Touches = onlyWrites(allChildren)
	if s.arg(act.Frame, notedSuspends) != 0 {
		act.Touches = everything
	}
	if s.law.runOver(s, act.Frame, c) {
		return s.runOverActs(act, c, out)
	}
	s.cite("EXT-RUN-1")
	return s.waitActs(stickyRunWait, act, out)
}

// Ways to tell of the end of a program that run has waited for.
const (
	runAsDocumented = iota
	runTellsCode    // the code alone
	runTellsOther   // what was seen, which stands for an end that isn't plain
	runFails
	runTellsAnything // another call has taken its end
)

func (s *State) runOverActs(act Act, c ID, out []Act) []Act {
	if !s.open {
		return append(out, act)
	}
	if s.isTaken(c) {
		for _, act.Choice = range []uint16{runTellsAnything, runFails} {
			out = append(out, act)
		}
		return out
	}
	told, known := s.foretold(act.Frame)
	code, signal := s.get(c, childStatus)&0xffff, s.get(c, childStatus)>>16
	odd := signal != 0 || code == codeNotFound
	tells, isCode := s.u.Value(told).(spec.Int)
	if exited := told == s.u.Intern(spec.Keyword("exited")); exited && odd {
		tells, isCode = s.u.Value(Term(s.arg(act.Frame, programSecond))).(spec.Int)
	}
	switch {
	case !known: // an error, or nothing is heard
		out = append(out, act)
		if act.Choice = runFails; signal != 0 {
			out = append(out, act)
		}
		return out
	case isCode && odd && tells != 0:
		act.Choice = runTellsOther
	case isCode && !odd:
		act.Choice = runTellsCode
	}
	return append(out, act)
}

func runProgram(s *State, act Act) {
	f := act.Frame
	switch c := ID(s.arg(f, programRuns)); {
	case c == 0:
		if c, failed := s.beginProgram(act); !failed {
			s.set(c, childKind, s.get(c, childKind)|childWaitedFor)
			s.note(f, programRuns, uint64(c))
			if s.arg(f, programGetsHook) != 0 {
				s.standsFor(act, c)
			}
		}
	case s.isWaitWay(act.Choice):
		s.beginsToWait(stickyRunWait, f, act.Choice)
		s.cite("EXT-RUN-3")
	default:
		s.endReapWait(f)
		if !s.lives(c) {
			s.set(c, childPhase, childReaped)
		}
		s.endRun(act, c)
	}
}

func (s *State) endRun(act Act, c ID) {
	f := act.Frame
	code, signal := s.get(c, childStatus)&0xffff, s.get(c, childStatus)>>16
	if signal != 0 {
		s.cite("EXT-RUN-4")
	}
	switch act.Choice {
	case runTellsCode:
		s.cite("EXT-RUN-2", "EXT-RUN-1")
		s.returnsNumber(f, code)
	case runTellsOther:
		s.returns(f, s.learned(f), unspecified)
	case runTellsAnything:
		s.citeTaken(c)
		s.returnsAnything(f)
	case runFails:
		s.signalPlain(f, "the program was ended by a signal, or is no child any more")
	default:
		s.law.ran(s, f, c)
	}
}

// tellEndOfRun: how it ended, and the code or signal.
func tellEndOfRun(s *State, f, c ID) {
	if signal := s.get(c, childStatus) >> 16; signal != 0 {
		s.returns(f, s.u.Intern(spec.Keyword("signaled")), s.u.Intern(spec.Int(signal)))
		return
	}
	s.cite("EXT-RUN-2", "EXT-RUN-1")
	s.returns(f, s.u.Intern(spec.Keyword("exited")), s.u.Intern(spec.Int(s.get(c, childStatus)&0xffff)))
}
