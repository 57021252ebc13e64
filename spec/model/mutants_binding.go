package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// The mutants of the values of symbols.
var bindingMutants = []MutantInfo{
	{"initial-values-are-global", []string{"BIND-1", "BIND-12", "BIND-6"}, "what *process-initial-bindings* lists is assigned globally when a process is made", func(l *law) {
		l.gives = func(s *State, caller, _ ID, made []binding) {
			for _, b := range made {
				s.setGlobal(s.imageOf(caller), b.symbol, b.value)
			}
		}
	}},
	{"initial-bindings-ignored", []string{"BIND-1", "BIND-7"}, "*process-initial-bindings* means nothing", func(l *law) {
		l.gives = func(*State, ID, ID, []binding) {}
	}},
	{"set-is-global", []string{"BIND-1", "BIND-11", "BIND-12"}, "to set a symbol sets its global value, and that of each binding that there is", func(l *law) {
		l.assigns = func(s *State, p ID, symbol, value Term) {
			s.setGlobal(s.imageOf(p), symbol, value)
			for q := range s.processes {
				all := s.bindings(q, processBindings)
				for i := range all {
					if all[i].symbol == symbol {
						all[i].value = value
					}
				}
				s.setBindings(q, processBindings, all)
			}
		}
	}},
	{"bindings-shared", []string{"BIND-12"}, "the bindings that processes begin with are one for all of them", func(l *law) {
		l.assigns = func(s *State, p ID, symbol, value Term) {
			assign(s, p, symbol, value)
			for q := range s.processes {
				if all := s.bindings(q, processBindings); q != p && s.binds(p, symbol) && len(all) > 0 && all[0].symbol == symbol {
					all[0].value = value
					s.setBindings(q, processBindings, all)
				}
			}
		}
	}},
	{"entries-are-lists", []string{"BIND-2"}, "an entry is read as the list of a symbol and a form", func(l *law) {
		l.entryForm = func(pair spec.List) spec.Value {
			if len(pair.Items) > 1 {
				return pair.Items[1]
			}
			return spec.Nil{}
		}
	}},
	{"forms-are-constants", []string{"BIND-3"}, "a form that is a list stands for itself", func(l *law) {
		l.callsInForm = func(s *State, _ *evaluation, call spec.List) Term { return s.u.Intern(call) }
	}},
	{"arguments-are-constants", []string{"BIND-3"}, "the arguments of a call in a form stand for themselves", func(l *law) {
		l.callsInForm = func(s *State, e *evaluation, call spec.List) Term {
			if head, _ := call.Items[0].(spec.Symbol); head.Name == "LIST" {
				return s.u.Intern(spec.NewList(call.Items[1:]...))
			}
			return callInForm(s, e, call)
		}
	}},
	{"functions-in-forms-mean-nothing", []string{"BIND-3", "BIND-4", "BIND-8"}, "a function of the user's that a form calls is not called, and the value is nil", func(l *law) {
		l.callsUsers = func(*State, *evaluation, formCall) Term { return NilTerm }
	}},
	{"function-in-form-called-once", []string{"BIND-4"}, "what a function of the user's returned in a form is what it returns in later ones", func(l *law) {
		l.callsUsers = func(s *State, e *evaluation, call formCall) Term {
			for q := range s.processesOf(s.imageOf(e.caller)) {
				if made := s.bindings(q, processBindings); q != e.caller && len(made) > 0 && e.asked == len(e.answers) {
					return made[0].value
				}
			}
			return callUsers(s, e, call)
		}
	}},
	{"function-in-form-gets-forms", []string{"BIND-3", "BIND-4"}, "a function of the user's that a form calls gets its arguments as they stand", func(l *law) {
		l.callsInForm = func(s *State, e *evaluation, call spec.List) Term {
			if code, users := s.code(e.caller, s.u.Intern(call.Items[0])); users {
				return s.law.callsUsers(s, e, formCall{code, s.u.Intern(spec.NewList(call.Items[1:]...))})
			}
			return callInForm(s, e, call)
		}
	}},
	{"forms-read-global-values", []string{"BIND-4", "BIND-5"}, "a form is evaluated in the global environment", func(l *law) {
		l.readsInForm = func(s *State, caller ID, symbol Term) Term { return s.globalValue(s.imageOf(caller), symbol) }
	}},
	{"forms-evaluated-late", []string{"BIND-4", "BIND-5", "BIND-6", "BIND-8", "BIND-3"}, "the new process evaluates the forms when it begins, and calls no function of the user's", func(l *law) {
		l.bindsAtCall = func(*State, Act) *evaluation { return &evaluation{} }
		l.bindsAtBegin = func(s *State, p ID) {
			if s.get(p, processPhase) == phaseRunning {
				s.bind(p, s.initialBindings(p, 0, nil).made)
			}
		}
	}},
	{"copy-of-unbound-fails", []string{"BIND-5"}, "an entry that copies a symbol without a value is an error", func(l *law) {
		l.copiesUnbound = func(s *State, e *evaluation, symbol Term) Term {
			e.fault = &spec.Condition{Type: "unbound-variable", Message: s.u.Value(symbol).String()}
			return NoTerm
		}
	}},
	{"copy-of-unbound-is-nil", []string{"BIND-5"}, "an entry that copies a symbol without a value makes it nil", func(l *law) {
		l.copiesUnbound = func(*State, *evaluation, Term) Term { return NilTerm }
	}},
	{"bound-list-ignored", []string{"BIND-6"}, "only the global value of *process-initial-bindings* counts", func(l *law) {
		l.initialList = func(s *State, caller ID) Term {
			return s.globalValue(s.imageOf(caller), s.u.Intern(initialBindingsVariable))
		}
	}},
	{"let-is-global", []string{"BIND-4", "BIND-6", "BIND-11"}, "let sets the global values, and leaves them so", func(l *law) {
		l.undoesLet = func(s *State, p ID, depth uint64) {
			for _, b := range s.bindings(p, processBindings)[depth:] {
				s.setGlobal(s.imageOf(p), b.symbol, b.value)
			}
			s.unbindTo(p, depth)
		}
	}},
	{"bindings-left-by-let", []string{"BIND-6", "BIND-11"}, "the bindings of a let hold on after its body", func(l *law) {
		l.undoesLet = func(*State, ID, uint64) {}
	}},
	{"first-list-counts", []string{"BIND-1", "BIND-7"}, "what *process-initial-bindings* is set to globally counts for nobody", func(l *law) {
		l.initialList = func(s *State, caller ID) Term {
			if s.binds(caller, s.u.Intern(initialBindingsVariable)) {
				return initialList(s, caller)
			}
			return NilTerm
		}
	}},
	{"failed-form-is-nil", []string{"BIND-8"}, "where a form fails the symbol is nil, and the process is made", func(l *law) {
		l.formFails = func(_ *State, e *evaluation) { e.fault = nil }
	}},
	{"bindings-inherited", []string{"BIND-11"}, "a new process begins with the bindings of who made it", func(l *law) {
		l.gives = func(s *State, caller, p ID, made []binding) {
			s.bind(p, slices.Concat(s.bindings(caller, processBindings), made))
		}
	}},
	{"default-priority-is-constant", []string{"PROC-PRI-2"}, "the default priority is 0, whatever *default-process-priority* says", func(l *law) {
		l.defaultPriority = func(s *State, _ ID, _ uint64) Term { return s.u.Intern(spec.Int(0)) }
	}},
	{"default-priority-is-of-creator", []string{"PROC-PRI-2"}, "the default priority is that of the process that makes the new one", func(l *law) {
		l.defaultPriority = func(s *State, caller ID, _ uint64) Term {
			return s.u.Intern(spec.Int(int64(s.get(caller, processPriority))))
		}
	}},
	{"default-priority-begins-elsewhere", []string{"PROC-PRI-3"}, "*default-process-priority* is 850000 at first", func(l *law) {
		l.initialValue = func(s *State, v spec.Symbol) Term {
			if v == defaultPriorityVariable {
				return s.u.Intern(spec.Int(850000))
			}
			return initialValue(s, v)
		}
	}},
}
