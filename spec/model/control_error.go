package model

// Where an error goes that nobody handles.

// Ways in which an error that nobody handles may go.
const (
	errorLeaves        = iota // the process dies; in a cleanup form, the form is left
	errorDebugger             // the process waits in a debugger
	errorSkips                // in a cleanup form: the remaining forms are not run
	errorCleans               // the process dies, and its cleanups run before it is unwound
	errorLeavesHook           // in a status hook: whoever calls that gets it, or nobody
	errorLoops                // who evaluates what is typed in leaves the form, and reads on
	errorLeavesForeign        // foreign code that called in gets it, and so does who called that
	errorLeavesEarly          // what ran before the function of its process is left, and that begins
)

// signalErrorActs: what nobody handles may go in several ways.
func signalErrorActs(s *State, act Act, out []Act) []Act {
	switch stage := s.get(act.Frame, frameStage); {
	case stage == stageBody: // it waits in the debugger
		s.citeUnhandled(act.Process)
		return out
	case stage == 0 && s.handler(act.Frame) != 0:
		return append(out, act)
	}
	p := act.Process
	if act.Choice = errorLeavesHook; s.open && s.hookAround(act.Frame) != 0 {
		out = append(out, act)
	}
	if act.Choice = errorLeavesForeign; s.open && s.foreignAround(act.Frame) != 0 {
		out = append(out, act)
	}
	if act.Choice = errorLeavesEarly; s.open && s.get(p, processPhase) == phaseCreated {
		out = append(out, act)
	}
	loops := s.get(p, processReads) == readsNow && s.get(p, processPhase) == phaseRunning
	if act.Choice = errorLoops; loops {
		out = append(out, act)
		if !s.open {
			return out
		}
	}
	act.Choice = errorLeaves
	cleans := s.ordersEnd(p)
	if !cleans || s.decided(stickyUnwinding) != second {
		out = append(out, act)
	}
	if cleans && s.decided(stickyUnwinding) != first {
		act.Choice = errorCleans
		out = append(out, act)
	}
	act.Choice = errorDebugger
	out = append(out, act)
	if s.get(p, processPhase) == phaseEnding {
		act.Choice = errorSkips
		out = append(out, act)
	}
	return out
}

func signalError(s *State, act Act) {
	f, p := act.Frame, act.Process
	if s.get(f, frameStage) == 0 && s.handler(f) != 0 {
		s.signal(f, uint32(s.arg(f, signalCondition)))
		return
	}
	if act.Choice == errorLeavesHook {
		s.cite("EXT-HOOK-7")
		s.throw(p, ID(s.get(s.hookAround(f), frameParent)))
		s.finish(f, statusGone)
		return
	}
	switch act.Choice {
	case errorLoops:
		s.cite("PROC-EXIT-4", "INIT-REPL-1")
		s.throw(p, 0)
		s.finish(f, statusGone)
		return
	case errorLeavesForeign:
		s.cite("PROC-EXIT-4", "PROC-CUR-4")
		h := s.foreignAround(f)
		s.set(h, frameStage, stageCaught)
		s.note(h, codeKept, s.arg(f, signalCondition))
		s.throw(p, h)
		s.finish(f, statusGone)
		return
	case errorDebugger, errorLeavesEarly:
	default:
		if s.runsYet(p) {
			s.law.endsInError(s, p)
		} else {
			s.noReturn(p)
		}
	}
	s.citeUnhandled(p)
	switch act.Choice {
	case errorDebugger:
		s.set(f, frameStage, stageBody)
		return
	case errorSkips:
		s.dropCleanups(p)
	}
	s.throw(p, 0)
	if s.ordersEnd(p) {
		way := act
		if way.Choice = first; act.Choice == errorCleans {
			way.Choice = second
		}
		if s.cleansFirst(way) {
			return
		}
	}
	s.finish(f, statusGone)
}
