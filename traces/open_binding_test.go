package traces

import "github.com/mpcheck/mpcheck/spec"

// What is left open of bindings.
var bindingShowings = []showing{
	{"PROC-PRI-4/dynamic-value", "*default-process-priority* is bound to 7 around a call: the process has that priority.", priorityInLet(7), func(s *stage) {
		priorityInLet(7)(s)
		let := s.does(0, "let", alist(defaultPriority, 8), spec.Callback(10)) // and so has the next
		s.enters(10, 0, 10)
		s.does(10, "process-run-function", "p2", nil, fn(1)).is(proc(2))
		s.enters(2, 2, 1)
		s.does(10, "process-priority", proc(2)).is(3)
		s.leaves(10)
		let.is()
	}},
	{"PROC-PRI-4/global-value", "*default-process-priority* is bound to 7 around a call: the process has the priority that is its global value, 3.", priorityInLet(3), priorityInLet(4)},
	{"BIND-13/first-duplicate-wins", "Of two entries for a symbol the first counts.", bindsTwice(1), bindsTwice(3)},
	{"BIND-13/last-duplicate-wins", "Of two entries for a symbol the last counts.", bindsTwice(2), nil},
	{"BIND-13/form-sees-callers-value", "A form reads a symbol that is listed before it: it sees the caller's value.", readsListed(0), readsListed(5)},
	{"BIND-13/form-sees-new-value", "A form reads a symbol that is listed before it: it sees the new value.", readsListed(1), nil},
	{"BIND-13/bad-car-error", "The car of an entry is a keyword: that is an error.", func(s *stage) {
		s.lists(alist(spec.Keyword("constant"), 1))
		s.does(0, "process-run-function", "p1", nil, fn(1)).fails()
	}, func(s *stage) {
		s.lists(alist(own("X"), 1))
		s.does(0, "process-run-function", "p1", nil, fn(1)).fails()
	}},
	{"BIND-14/global-value", "A new process sees the global value of *package*.", packageIs("a package"), nil},
	{"BIND-14/own-entry", "A new process sees a *package* of its own.", packageIs("another package"), nil},
	{"CLEAN-STATE-1/bindings-in-force", "A cleanup form sees a binding that its process began with.", boundInCleanup(1), nil},
	{"CLEAN-STATE-1/bindings-undone", "A cleanup form sees the global value of what its process began with a binding of.", boundInCleanup(0), boundInCleanup(2)},
}

var (
	initialBindings = spec.Symbol{Package: "MP", Name: "*PROCESS-INITIAL-BINDINGS*"}
	defaultPriority = spec.Symbol{Package: "MP", Name: "*DEFAULT-PROCESS-PRIORITY*"}
	currentPackage  = spec.Symbol{Package: "COMMON-LISP", Name: "*PACKAGE*"}
)

// own is a symbol of who wrote the program.
func own(name string) spec.Symbol { return spec.Symbol{Name: name} }

// alist is one of symbols and atoms, in turn.
func alist(symbolsAndAtoms ...any) spec.Value {
	var entries []spec.Value
	for i := 0; i < len(symbolsAndAtoms); i += 2 {
		entries = append(entries, spec.List{Items: []spec.Value{spec.Of(symbolsAndAtoms[i])}, Dotted: spec.Of(symbolsAndAtoms[i+1])})
	}
	return spec.NewList(entries...)
}

// lists has the initial bindings be those globally, and function 1 there.
func (s *stage) lists(bindings spec.Value) {
	s.function(1)
	s.does(0, "set-global-value", initialBindings, bindings).is(bindings)
}

func priorityInLet(seen int) func(s *stage) {
	return func(s *stage) {
		s.function(1)
		s.does(0, "set-global-value", defaultPriority, 3).is(3)
		let := s.does(0, "let", alist(defaultPriority, 7), spec.Callback(9))
		s.enters(9, 0, 9)
		s.does(9, "process-run-function", "p1", nil, fn(1)).is(proc(1))
		s.enters(1, 1, 1)
		s.does(9, "process-priority", proc(1)).is(seen)
		s.leaves(9)
		let.is()
	}
}

// begins has process 1 begin with such a list, in which the value of a symbol is then seen.
func (s *stage) beginsWith(bindings, symbol spec.Value, seen any) {
	s.lists(bindings)
	s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(1))
	s.enters(1, 1, 1)
	s.does(1, "symbol-value", symbol).is(seen)
}

func bindsTwice(seen int) func(s *stage) {
	return func(s *stage) { s.beginsWith(alist(own("X"), 1, own("X"), 2), own("X"), seen) }
}

func readsListed(seen int) func(s *stage) {
	return func(s *stage) {
		s.does(0, "set-global-value", own("X"), 0).is(0)
		s.beginsWith(alist(own("X"), 1, own("Y"), own("X")), own("Y"), seen)
	}
}

func packageIs(seen string) func(s *stage) {
	return func(s *stage) {
		s.does(0, "global-value", currentPackage).is("a package")
		s.makes(1)
		s.enters(1, 1, 1)
		s.does(1, "symbol-value", currentPackage).is(seen)
	}
}

// behindAnEntry makes process 1 with an entry for X, 20, in front of a list that nobody understands.
func (s *stage) behindAnEntry() {
	internal := spec.Symbol{Package: "SYS", Name: "*INTERNAL*"}
	call := spec.List{Items: []spec.Value{currentPackage, spec.Symbol{Package: "SYS", Name: "INTERNAL"}, ref("object", 77)}}
	other := spec.List{Items: []spec.Value{internal}, Dotted: ref("stream", 5)}
	s.does(0, "global-value", initialBindings).is(spec.NewList(call, other))
	s.does(0, "set-global-value", own("X"), 0).is(0)
	mine := spec.List{Items: []spec.Value{own("X")}, Dotted: spec.Int(20)}
	s.does(0, "set-global-value", initialBindings, spec.NewList(mine, call, other)).is(nil)
	s.spawn(1)
	s.does(1, "symbol-value", currentPackage).is(ref("package", 9))
	s.does(1, "symbol-value", internal).is(ref("stream", 5))
}

// callsInForm has process 1 begin with a list in which X stands twice, as 1 and as what a function of one's own is called for on a
// process.
func (s *stage) callsInForm(by int) {
	s.function(1)
	s.does(0, "defun", own("F"), spec.Callback(5)).is(own("F"))
	call := spec.NewList(own("X"), own("F"), currentPackage, spec.Int(3))
	list := spec.NewList(spec.List{Items: []spec.Value{own("X")}, Dotted: spec.Int(1)}, call)
	s.does(0, "set-global-value", initialBindings, list).is(list)
	made := s.does(0, "process-run-function", "p1", nil, fn(1))
	s.enters(50, by, 5, ref("package", 9), 3)
	s.leaves(50, spec.Int(7))
	made.is(proc(1))
	s.enters(1, 1, 1)
}

// asksBeforeItBegins asks three times for X in process 1 before that begins, with a binding of X to 1 where it is 0 globally: it gets two
// values, and an error.
func (s *stage) asksBeforeItBegins(first, second int) {
	s.does(0, "set-global-value", own("X"), 0).is(0)
	s.lists(alist(own("X"), 1))
	s.does(0, "process-run-function", "p1", nil, fn(1)).is(proc(1))
	s.does(0, "symeval-in-process", own("X"), proc(1)).fails()
	s.does(0, "symeval-in-process", own("X"), proc(1)).is(first)
	s.does(0, "symeval-in-process", own("X"), proc(1)).is(second)
	s.enters(1, 1, 1)
	s.does(1, "symbol-value", own("X")).is(1)
}

// setsInCleanup has process 1, which began with a binding of X, set it to 5 in a cleanup form.
func (s *stage) setsInCleanup() {
	boundInCleanup(0)(s)
	s.does(11, "set-symbol-value", own("X"), 5).is(5)
}

func boundInCleanup(seen int) func(s *stage) {
	return func(s *stage) {
		s.does(0, "set-global-value", own("X"), 0).is(0)
		s.does(0, "make-function", spec.Callback(2)).is(fn(2))
		s.beginsWith(alist(own("X"), 1), own("X"), 1)
		s.does(1, "ensure-process-cleanup", fn(2)).is(nil)
		s.leaves(1)
		s.enters(11, 1, 2, proc(1))
		s.does(11, "symbol-value", own("X")).is(seen)
	}
}
