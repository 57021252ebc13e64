package model

import "github.com/mpcheck/mpcheck/spec"

// The status hook: it is called when the status changes. In a closed state that is settled once for all: somebody
// watches, and calls it on a thread of its own; or whoever asks for the status calls it. In an open one it may be called
// whenever there was a change that it may be told of.

// isUntold tells whether the hook of a process object, where it has one, has yet to be told of a change.
func (s *State) isUntold(p ID) bool {
	return s.get(p, programHook) != 0 && s.law.notices(s, p, currentStatus(s, p))
}

// mayCallHook tells whether an open state may call the hook: once for the start and once for each change, and as often
// as it likes once the program has ended, if there is code to be called.
func (s *State) mayCallHook(p ID) bool {
	if !s.open || s.get(p, programHook) == 0 {
		return false
	}
	if s.get(p, programCalled) <= s.get(p, programChanges) {
		return true
	}
	_, calls := s.code(s.test, Term(s.get(p, programHook)))
	return calls && isFinal(currentStatus(s, p))
}

// RepeatsHook tells whether a frame, which has just begun, is that of a status hook which was called although there was
// no change that it had yet to be told of. Of such calls there may be any number: whoever follows them has to bound it.
func (s *State) RepeatsHook(f ID) bool {
	if s.hookAround(f) != f {
		return false
	}
	arguments, _ := spec.Items(s.u.Value(Term(s.get(f, frameArguments))))
	if len(arguments) == 0 {
		return false
	}
	p, ok := s.u.Object(arguments[0], KindProgram)
	return ok && s.get(p, programCalled) > s.get(p, programChanges)+1
}

// changes notes that the status of a child's program is another.
func (s *State) changes(c ID) {
	if p := ID(s.get(c, childProgram)); p != 0 && s.exists(p) {
		s.set(p, programChanges, s.get(p, programChanges)+1)
		s.passes(p)
	}
}

// watchActs lists what is done without anybody asking about a program whose status has changed.
func (s *State) watchActs(c ID, out []Act) []Act {
	p := ID(s.get(c, childProgram))
	if p == 0 || !s.exists(p) {
		return out
	}
	act := Act{Kind: Obey, Process: c, Frame: c, Touches: everything}
	untold, ended := s.isUntold(p), s.get(c, childPhase) == childZombie
	if s.open {
		if act.Choice = obeyMayWatch; s.mayCallHook(p) {
			out = append(out, act)
			act.Choice = obeyInterrupts
			for q := range s.processes {
				if s.runsCode(q) {
					out = append(out, act)
				}
				act.Choice++
			}
		}
		if act.Choice = obeyCollected; ended {
			out = append(out, act)
		}
		// Once the end was seen nothing but the call is left to wait for.
		if act.Choice = obeyWatch; !untold || !isFinal(s.get(p, programShown)) {
			return out
		}
		return append(out, act)
	}
	if !untold && !ended || s.decided(stickyWatch) == second {
		return out
	}
	act.Choice = obeyWatch
	out = append(out, act)
	if s.decided(stickyWatch) == undecided {
		act.Choice = obeyLeave
		out = append(out, act)
	}
	return out
}

// watch is what a watcher does: it collects a child that has ended, and calls the hook.
func (s *State) watch(a Act) Label {
	c := a.Frame
	p := ID(s.get(c, childProgram))
	switch a.Choice {
	case obeyLeave:
		s.decide(stickyWatch, second)
		return Label{}
	case obeyCollected:
		s.collectUnasked(c)
		return Label{}
	}
	if a.Choice >= obeyInterrupts {
		return s.callHookOn(p, int(a.Choice-obeyInterrupts))
	}
	if !s.open {
		s.decide(stickyWatch, first)
		if s.get(c, childPhase) == childZombie {
			s.collectUnasked(c)
		}
		if !s.isUntold(p) {
			return Label{}
		}
	}
	return s.callHookThere(p)
}

// collectUnasked takes a child that has ended out of the system, though nobody has asked about it.
func (s *State) collectUnasked(c ID) {
	s.cite("EXT-STAT-11", "EXT-START-5")
	s.set(c, childPhase, childReaped)
}

// callHookThere calls a hook on a thread that is no process.
func (s *State) callHookThere(p ID) Label {
	code, ok := s.code(s.test, Term(s.get(p, programHook)))
	nth := uint32(0)
	f := s.enters
	if f == 0 {
		for s.exists(s.u.Hook(p, nth)) {
			nth++
		}
		f = s.u.Hook(p, nth)
	} else {
		for s.u.Hook(p, nth) != f {
			nth++
		}
	}
	s.enters = 0
	s.told(p)
	if !ok { // it is a symbol that names nothing
		return Label{}
	}
	t := s.u.HookThread(p, nth)
	s.newThread(t, world)
	s.pushFrame(t, newFrame{kind: hookFrame, code: code, arguments: s.hookArguments(p), as: f})
	return Label{Kind: Entered, Frame: f}
}

// runsCode tells whether a process may be made to call something: also before it begins, while it ends and runs a cleanup, and
// before another one.
func (s *State) runsCode(q ID) bool {
	if s.suspended(q) || s.halted(q) {
		return false
	}
	if f := s.innermost(q); f != 0 {
		return s.get(f, frameUnwound) == 0
	}
	phase := s.get(q, processPhase)
	return phase == phaseCreated || phase == phaseEnding && s.get(q, processCleanups) > 0
}

// callHookOn calls it on the process of that number, between what that does.
func (s *State) callHookOn(p ID, number int) Label {
	for q := range s.processes {
		if number--; number >= 0 {
			continue
		}
		code, ok := s.code(q, Term(s.get(p, programHook)))
		if s.told(p); !ok {
			return Label{}
		}
		return Label{Kind: Entered, Frame: s.pushFrame(s.threadOf(q), newFrame{kind: hookFrame, code: code, arguments: s.hookArguments(p)})}
	}
	return Label{}
}

// callHookHere calls it for an operation that is open, on the process of that.
func (s *State) callHookHere(f, p ID) {
	code, ok := s.code(s.processOf(f), Term(s.get(p, programHook)))
	if s.told(p); ok {
		s.enter(f, stageBody, code, s.hookArguments(p))
	}
}

// hookAround is the frame of a status hook that an operation of a frame is within, 0 for none.
func (s *State) hookAround(f ID) ID {
	for ; f != 0; f = ID(s.get(f, frameParent)) {
		parent := ID(s.get(f, frameParent))
		if s.get(f, frameKind) == hookFrame || parent != 0 && s.get(parent, frameStage) == stageBody && callsHooks(s.OpOf(parent)) {
			return f
		}
	}
	return 0
}

// callsHooks tells whether an operation may call a hook itself.
func callsHooks(op string) bool {
	return op == "run" || op == "start" || op == "signal-process" || op == "process-status"
}

// told notes that the hook is called.
func (s *State) told(p ID) {
	status := currentStatus(s, p)
	if isFinal(s.get(p, programTold)) {
		s.cite("EXT-HOOK-6")
	}
	s.cite("EXT-HOOK-4", "EXT-HOOK-5")
	s.cite("EXT-HOOK-1", "EXT-HOOK-2", "EXT-HOOK-3")
	s.set(p, programTold, status)
	s.set(p, programShown, status)
	if passed := s.get(p, programPassed); passed > 3 { // of what it has left the first is known, and the rest may be news yet
		s.set(p, programPassed, (passed-2)^1)
	} else {
		s.set(p, programPassed, 0)
	}
	s.set(p, programCalled, s.get(p, programCalled)+1)
}

func (s *State) hookArguments(p ID) Term { return s.u.Intern(spec.NewList(s.law.hookGets(s, p)...)) }
