package model

import "github.com/mpcheck/mpcheck/spec"

// The mutants of foreign threads.
var foreignMutants = []MutantInfo{
	{"foreign-process-none", []string{"PROC-CUR-4"}, "a foreign thread that calls in has no current process", func(l *law) {
		l.ownProcess = func(s *State, p ID) ID {
			if s.get(p, processForeign) != 0 {
				return 0
			}
			return p
		}
	}},
	{"foreign-process-of-caller", []string{"PROC-CUR-4"}, "a foreign thread that calls in has the process as its current one that had it do so", func(l *law) {
		l.ownProcess = func(s *State, p ID) ID {
			if f := ID(s.get(p, processServes)); s.get(p, processForeign) != 0 && s.exists(f) {
				return s.processOf(f)
			}
			return p
		}
	}},
	{"idle-foreign-thread-counted", []string{"PROC-COUNT-3"}, "a foreign thread is counted as soon as there is one", func(l *law) { l.idleCounts = true }},
	{"foreign-process-uncounted", []string{"PROC-COUNT-3"}, "the process of a foreign thread that has called in is not counted", func(l *law) {
		l.isListed = func(s *State, caller, p ID) membership {
			if s.get(p, processForeign) != 0 {
				return isOut
			}
			return isListed(s, caller, p)
		}
	}},
	{"foreign-call-binds-nothing", []string{"BIND-10"}, "the forms of *process-initial-bindings* are not evaluated for a call of a foreign thread", func(l *law) {
		l.bindsInside = func(s *State, _ ID, _ uint16) *evaluation { return &evaluation{s: s} }
	}},
	{"foreign-call-calls-nothing", []string{"BIND-10"}, "a form that calls a function of the user's is nil for a call of a foreign thread", func(l *law) {
		calls := l.callsUsers
		l.callsUsers = func(s *State, e *evaluation, call formCall) Term {
			if e.forgives {
				return NilTerm
			}
			return calls(s, e, call)
		}
	}},
	{"foreign-call-binds-as-caller", []string{"BIND-10"}, "a call of a foreign thread has the bindings of the process that had it called", func(l *law) {
		l.bindsInside = func(s *State, p ID, _ uint16) *evaluation {
			e := &evaluation{s: s}
			if f := ID(s.get(p, processServes)); s.exists(f) && !s.HasLeft(f) {
				e.made = s.bindings(s.processOf(f), processBindings)
			}
			return e
		}
	}},
	{"foreign-cleanups-late", []string{"CLEAN-FOR-1"}, "the cleanups of a foreign thread run once control is back in the foreign code", func(l *law) {
		ends := l.ends
		l.ends = func(s *State, p ID) {
			if s.get(p, processForeign) != 0 {
				s.tellBack(p)
			}
			ends(s, p)
		}
		l.goesBack = func(s *State, p ID, _ bool) { s.die(p) }
	}},
	{"foreign-cleanups-never", []string{"CLEAN-FOR-1"}, "the cleanups of a foreign thread never run", func(l *law) {
		ends := l.ends
		l.ends = func(s *State, p ID) {
			if s.get(p, processForeign) != 0 {
				s.dropCleanups(p)
			}
			ends(s, p)
		}
	}},
	{"foreign-cleanups-at-inner-return", []string{"CLEAN-FOR-2"}, "the cleanups of a foreign thread run whenever a callable returns", func(l *law) {
		l.innerReturns = func(s *State, act Act) {
			f, p := act.Frame, act.Process
			if s.get(p, processForeign) != 0 && s.get(p, processCleanups) > 0 {
				entry := s.nextCleanups(p)[0]
				form := Term(s.cells[entry+nodeTerm])
				s.removeCleanup(p, entry)
				function, arguments := s.application(p, form)
				if code, ok := s.code(p, s.u.Intern(function)); ok {
					s.enter(f, stageBody, code, s.u.Intern(spec.NewList(arguments...)))
				}
				return
			}
			s.returnsInner(f)
		}
	}},
}
