package model

import (
	"cmp"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Symbols have values: a global one in each image, and dynamic bindings, which are a process's own. A process
// begins with those that *process-initial-bindings* lists (binding_form.go); `let` adds others while its body
// runs.

// The variables of the system that rules look at.
var (
	initialBindingsVariable = spec.Symbol{Package: "MP", Name: "*PROCESS-INITIAL-BINDINGS*"}
	defaultPriorityVariable = spec.Symbol{Package: "MP", Name: "*DEFAULT-PROCESS-PRIORITY*"}
	initialProcesses        = spec.Symbol{Package: "MP", Name: "*INITIAL-PROCESSES*"}
)

// What stands for the value of a symbol that has none, and of one that may have any. No call has such callbacks.
const (
	unboundMark  = spec.Callback(-1)
	anythingMark = spec.Callback(-2)
)

func (s *State) unbound() Term  { return s.u.Intern(unboundMark) }
func (s *State) anyValue() Term { return s.u.Intern(anythingMark) }

// A binding is a symbol with its value.
type binding struct{ symbol, value Term }

// Bindings are kept in one cell, as a list of symbols and values: of a process the latest last, so that one who leaves the
// body of a let cuts off what is beyond those that there were; of an image in an order that means nothing.
func (s *State) bindings(of ID, field uint8) []binding {
	items, _ := spec.Items(s.u.Value(Term(s.get(of, field))))
	out := make([]binding, len(items)/2)
	for i := range out {
		out[i] = binding{s.u.Intern(items[2*i]), s.u.Intern(items[2*i+1])}
	}
	return out
}

func (s *State) setBindings(of ID, field uint8, all []binding) {
	if len(all) == 0 {
		s.set(of, field, 0)
		return
	}
	items := make([]spec.Value, 0, 2*len(all))
	for _, b := range all {
		items = append(items, s.u.Value(b.symbol), s.u.Value(b.value))
	}
	s.set(of, field, uint64(s.u.Intern(spec.NewList(items...))))
}

// bind adds bindings to those of a process.
func (s *State) bind(p ID, more []binding) {
	if len(more) > 0 {
		s.setBindings(p, processBindings, append(s.bindings(p, processBindings), more...))
	}
}

// unbindTo leaves a process so many of its bindings.
func (s *State) unbindTo(p ID, depth uint64) {
	if all := s.bindings(p, processBindings); uint64(len(all)) > depth {
		s.setBindings(p, processBindings, all[:depth])
	}
}

// findBinding is the place of a symbol's innermost binding, -1 where there is none.
func findBinding(all []binding, symbol Term) int {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].symbol == symbol {
			return i
		}
	}
	return -1
}

// binds tells whether a process has a binding of a symbol.
func (s *State) binds(p ID, symbol Term) bool {
	return s.get(p, processBindings) != 0 && findBinding(s.bindings(p, processBindings), symbol) >= 0
}

// valueIn is the value of a symbol where the code of a process runs.
func (s *State) valueIn(p ID, symbol Term) Term {
	if s.get(p, processBindings) != 0 {
		all := s.bindings(p, processBindings)
		if i := findBinding(all, symbol); i >= 0 {
			return all[i].value
		}
	}
	return s.globalValue(s.imageOf(p), symbol)
}

// seenValue is valueIn as a judge has it: that of a variable of which nothing is said may be any.
func (s *State) seenValue(p ID, symbol Term) Term {
	if s.open && s.isStandard(symbol) && !s.binds(p, symbol) {
		return s.anyValue()
	}
	return s.valueIn(p, symbol)
}

// globalValue is that of a symbol in an image: as it was set, or the one that it has there from the beginning.
func (s *State) globalValue(image ID, symbol Term) Term {
	if s.get(image, imageGlobals) != 0 {
		all := s.bindings(image, imageGlobals)
		if i := findBinding(all, symbol); i >= 0 {
			return all[i].value
		}
	}
	v, _ := s.u.Value(symbol).(spec.Symbol)
	return s.law.initialValue(s, v)
}

// initialValue: no symbol of the case's own has a value, and those of the system's have one that nobody knows.
func initialValue(s *State, v spec.Symbol) Term {
	switch {
	case v.Package == "":
		return s.unbound()
	case v == defaultPriorityVariable && !s.loose.priority:
		return s.u.Intern(spec.Int(0))
	case s.open:
		return s.anyValue()
	case v == initialBindingsVariable || v == initialProcesses:
		return NilTerm
	}
	return s.u.Intern(spec.Keyword("standard"))
}

// isSet tells whether a symbol has another value than at first, where the code of a process runs.
func (s *State) isSet(p ID, symbol Term) bool {
	return s.binds(p, symbol) || findBinding(s.bindings(s.imageOf(p), imageGlobals), symbol) >= 0
}

func (s *State) setGlobal(image ID, symbol, value Term) {
	s.setBinding(image, imageGlobals, symbol, value)
}

// setBinding sets one of an image's bindings.
func (s *State) setBinding(image ID, field uint8, symbol, value Term) {
	all := s.bindings(image, field)
	if i := findBinding(all, symbol); i >= 0 {
		all[i].value = value
	} else {
		at, _ := slices.BinarySearchFunc(all, symbol, func(b binding, t Term) int { return cmp.Compare(b.symbol, t) })
		all = slices.Insert(all, at, binding{symbol, value})
	}
	s.setBindings(image, field, all)
}

// assign sets a symbol where the code of a process runs: the innermost binding that the process has of it, else the
// global value.
func assign(s *State, p ID, symbol, value Term) {
	all := s.bindings(p, processBindings)
	i := findBinding(all, symbol)
	if i < 0 {
		if s.open && s.isStandard(symbol) { // of which it may have a binding
			value = s.anyValue()
		}
		s.setGlobal(s.imageOf(p), symbol, value)
		return
	}
	s.cite("BIND-1", "BIND-12")
	all[i].value = value
	s.setBindings(p, processBindings, all)
}

// isStandard tells whether a symbol is one of the implementation's that nothing is said of: a process may have a binding of
// it that nobody has listed (BIND-14).
func (s *State) isStandard(symbol Term) bool {
	v, _ := s.u.Value(symbol).(spec.Symbol)
	return v.Package != "" && v != initialBindingsVariable && v != defaultPriorityVariable && v != initialProcesses
}

// isConstant tells whether a symbol is its own value, and nothing else.
func (s *State) isConstant(symbol Term) bool {
	v, ok := s.u.Value(symbol).(spec.Symbol)
	return !ok || v.Package == "KEYWORD"
}

// A bindingLaw decides what symbols mean, and with which bindings a process begins.
type bindingLaw struct {
	// initialValue is what a symbol has globally at first, assigns sets it for a process, and setsGlobal for all.
	initialValue func(s *State, v spec.Symbol) Term
	assigns      func(s *State, p ID, symbol, value Term)
	setsGlobal   func(s *State, image ID, symbol, value Term)
	// undoesLet leaves a process so many bindings.
	undoesLet func(s *State, p ID, depth uint64)

	// initialList is the list that counts for a process that somebody makes, entryForm the form of an entry; readsInForm is
	// the value of a symbol in it, callsInForm that of a call, callsUsers of one of the user's function. copiesUnbound is what becomes of an entry that copies a symbol
	// without a value, formFails of an error.
	initialList   func(s *State, caller ID) Term
	entryForm     func(pair spec.List) spec.Value
	readsInForm   func(s *State, caller ID, symbol Term) Term
	callsInForm   func(s *State, e *evaluation, call spec.List) Term
	callsUsers    func(s *State, e *evaluation, call formCall) Term
	copiesUnbound func(s *State, e *evaluation, symbol Term) Term
	formFails     func(s *State, e *evaluation)
	// bindsAtCall evaluates the list, gives hands the bindings to the new process, and bindsAtBegin is what it does
	// about them itself.
	bindsAtCall  func(s *State, act Act) *evaluation
	gives        func(s *State, caller, p ID, made []binding)
	bindsAtBegin func(s *State, p ID)

	defaultPriority func(s *State, caller ID, way uint64) Term
}

var documentedBindings = bindingLaw{
	initialValue:  initialValue,
	assigns:       assign,
	setsGlobal:    (*State).setGlobal,
	undoesLet:     (*State).unbindTo,
	initialList:   initialList,
	entryForm:     cdrOf,
	readsInForm:   (*State).seenValue,
	callsInForm:   callInForm,
	callsUsers:    callUsers,
	copiesUnbound: copyUnbound,
	formFails:     formFails,
	bindsAtCall: func(s *State, act Act) *evaluation {
		return s.initialBindings(act.Process, act.Choice, s.foundInForms(act.Frame))
	},
	gives:           func(s *State, _, p ID, made []binding) { s.bind(p, made) },
	bindsAtBegin:    func(*State, ID) {},
	defaultPriority: valueOfDefault,
}

// initialList: the value of *process-initial-bindings* where the caller stands.
func initialList(s *State, caller ID) Term {
	if s.get(s.imageOf(caller), imageGlobals) == 0 && s.get(caller, processBindings) == 0 && !s.open {
		return NilTerm
	}
	variable := s.u.Intern(initialBindingsVariable)
	if s.binds(caller, variable) {
		s.cite("BIND-6")
	} else if s.get(s.imageOf(caller), imageGlobals) != 0 {
		s.cite("BIND-7")
	}
	return s.valueIn(caller, variable)
}
