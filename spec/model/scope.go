package model

// Code that no kill reaches, and code beside which nobody else runs (PROC-EXIT-7, PROC-EXIT-8, PROC-KILL-3). A kill that
// comes meanwhile is held until the outermost such scope ends.

var scopeRules = []rule{
	{
		op:     "with-interrupts-blocked",
		decode: decodeCode(1),
		effect: func(s *State, act Act) {
			s.cite("PROC-KILL-3")
			s.runScoped(act, s.law.blocks)
		},
		waits: waitsForCode,
	},
	{
		op:      "with-other-threads-disabled",
		decode:  decodeCode(1),
		touches: func(*State, ID) Footprint { return everything },
		effect: func(s *State, act Act) {
			s.cite("PROC-EXIT-8")
			s.runScoped(act, s.law.disablesOthers)
		},
	},
}

// runScoped runs the body of an operation in a scope.
func (s *State) runScoped(act Act, scope uint64) {
	f := act.Frame
	if s.get(f, frameStage) != 0 {
		s.returnsInner(f)
		return
	}
	s.set(f, frameStage, stageBody)
	s.pushFrame(ID(s.get(f, frameThread)), newFrame{code: s.arg(f, codeBody), scope: scope})
}

// inScope tells whether a process runs code in a scope.
func (s *State) inScope(p ID, scope uint64) bool {
	f := s.innermost(p)
	return f != 0 && s.get(f, frameScope)&scope != 0
}

// killItselfInScope answers a process that asks for its end where no kill reaches it: an error, but where it runs
// alone it is marked, and ends when it no longer does.
func killItselfInScope(s *State, act Act) {
	if s.inScope(act.Process, scopeAlone) {
		s.cite("PROC-EXIT-8")
		askToEnd(s, act.Process)
		s.returns(act.Frame, unspecified)
		return
	}
	s.cite("PROC-EXIT-7")
	s.signalPlain(act.Frame, "interrupts are blocked")
}
