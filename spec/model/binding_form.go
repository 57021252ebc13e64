package model

import (
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// *process-initial-bindings* is an alist of symbols and forms. When process-run-function is called the forms are
// evaluated, one after the other, where the caller stands, and the new process begins with these bindings. Evaluation
// is simple: constants, symbols, and calls of functions; of those the specification knows list and error.

// An evaluation is that of the list of one process. What it finds undecided it notes, for creationActs to list the ways.
type evaluation struct {
	s      *State
	caller ID
	way    uint16
	made   []binding
	fault  *spec.Condition

	twice    bool // a symbol stands twice (BIND-13)
	listed   bool // a form reads a symbol that is listed before (BIND-13)
	forgives bool // an error makes the value nil
	odd      bool // an entry has no variable as its car (BIND-13), or the value is no list of entries
	unknown  bool // nobody knows what a form does
}

// initialBindings evaluates the list that a call of process-run-function finds, going that way.
func (s *State) initialBindings(caller ID, way uint16) *evaluation {
	e := &evaluation{s: s, caller: caller, way: way}
	e.all()
	return e
}

// all evaluates the list that counts.
func (e *evaluation) all() {
	s, caller := e.s, e.caller
	list := s.law.initialList(s, caller)
	if list == NilTerm {
		return
	}
	if list == s.anyValue() { // what it lists is the implementation's own
		return
	}
	entries, ok := spec.Items(s.listOf(s.u.Value(list)))
	if !ok {
		e.oddly("the value of *process-initial-bindings*", s.u.Value(list))
	}
	for _, entry := range entries {
		if e.entry(entry); e.fault != nil {
			break
		}
	}
}

// oddly meets what is none of what the list has: an error, or it is passed over.
func (e *evaluation) oddly(what string, got spec.Value) {
	e.odd = true
	if !e.s.open || e.way&createOdd == 0 {
		e.fault = wrongType(what, got, "a list of conses of a symbol and a form")
	}
}

func (e *evaluation) entry(v spec.Value) {
	s := e.s
	pair, ok := s.listOf(v).(spec.List)
	if !ok {
		e.oddly("an entry", v)
		return
	}
	symbol, c := variableArg(s.u, pair.Items[0])
	if c != nil {
		s.cite("BIND-13")
		e.oddly("the car of an entry", pair.Items[0])
		return
	}
	form := s.law.entryForm(pair)
	value := NoTerm
	switch {
	case form == s.u.Value(symbol) && e.read(symbol) == s.unbound():
		s.cite("BIND-5")
		value = s.law.copiesUnbound(s, e, symbol)
	default:
		value = e.value(form)
	}
	if e.fault != nil {
		switch {
		case e.forgives:
			e.fault = nil
		default:
			s.law.formFails(s, e)
		}
		if e.fault != nil {
			return
		}
		value = NilTerm
	}
	s.cite("BIND-1", "BIND-2")
	if at := findBinding(e.made, symbol); at >= 0 {
		s.cite("BIND-13")
		e.twice = true
		if e.way&createLast != 0 {
			e.made[at].value = value
		}
		return
	}
	e.made = append(e.made, binding{symbol, value})
}

// read is the value of a symbol where a form is evaluated.
func (e *evaluation) read(symbol Term) Term {
	if i := findBinding(e.made, symbol); i >= 0 && e.made[i].value != e.s.valueIn(e.caller, symbol) {
		e.listed = true
		e.s.cite("BIND-13")
		if e.way&createSees != 0 {
			return e.made[i].value
		}
	}
	return e.s.law.readsInForm(e.s, e.caller, symbol)
}

// value is what a form evaluates to.
func (e *evaluation) value(form spec.Value) Term {
	s := e.s
	switch v := s.listOf(form).(type) {
	case spec.Symbol:
		if v.Package == "KEYWORD" {
			return s.u.Intern(v)
		}
		s.cite("BIND-3", "BIND-4")
		t := e.read(s.u.Intern(v))
		if t == s.unbound() {
			e.fault = &spec.Condition{Type: "unbound-variable", Message: v.String() + " has no value"}
		}
		return t
	case spec.List:
		s.cite("BIND-3", "BIND-4")
		return s.law.callsInForm(s, e, v)
	}
	return s.u.Intern(form)
}

// callInForm is what a call of a function in a form returns: its arguments are forms.
func callInForm(s *State, e *evaluation, v spec.List) Term {
	head, _ := v.Items[0].(spec.Symbol)
	if v.Dotted != nil || head.Package != "COMMON-LISP" {
		return e.unheardOf(v)
	}
	var known bool
	var args []spec.Value
	for _, form := range v.Items[1:] {
		t := e.value(form)
		if e.fault != nil {
			return NoTerm
		}
		known = known || t == s.anyValue()
		args = append(args, s.u.Value(t))
	}
	switch {
	case head.Name == "LIST" && known:
		return s.anyValue()
	case head.Name == "LIST":
		return s.u.Intern(spec.NewList(args...))
	case head.Name == "ERROR" && len(args) > 0:
		e.fault = &spec.Condition{Type: "simple-error", Message: strings.Trim(args[0].String(), `"`)}
		return NoTerm
	}
	return e.unheardOf(v)
}

// unheardOf is what a form does of which only the implementation knows what it means.
func (e *evaluation) unheardOf(form spec.Value) Term {
	e.unknown = true
	if !e.s.open || e.way&createFormFails != 0 {
		e.fault = &spec.Condition{Type: "undefined-function", Message: "nothing that can be called: " + form.String()}
		return NoTerm
	}
	return e.s.anyValue()
}

// formFails: an error in a form is one in the caller.
func formFails(s *State, e *evaluation) { s.cite("BIND-8", "BIND-3") }

// copyUnbound: a symbol that copies itself has no value in the process either.
func copyUnbound(s *State, _ *evaluation, _ Term) Term { return s.unbound() }

// cdrOf is the cdr of a list.
func cdrOf(l spec.List) spec.Value {
	if len(l.Items) > 1 {
		return spec.List{Items: l.Items[1:], Dotted: l.Dotted}
	}
	if l.Dotted != nil {
		return l.Dotted
	}
	return spec.Nil{}
}

// Ways of making a process that has to do with bindings: bits of the choice of the act, above the ways of createPlainly and others.
const (
	createWays      = 1<<4 - 1
	createLast      = 1 << iota << 3 // of two entries for a symbol the last counts, not the first
	createSees                       // forms see what earlier entries bind
	createOdd                        // what is no entry is passed over
	createFormFails                  // a form that nobody knows fails
	createGlobal                     // the priority is the global value of its variable
	createDynamic                    // or the dynamic one, where that differs
)

// bindingActs lists each of the acts, ways of making a process, in all the ways in which bindings may go.
func (s *State) bindingActs(acts []Act, from int) []Act {
	caller := acts[from].Process
	for i := range acts[from:] {
		acts[from+i].Touches = acts[from+i].Touches.reading(allSymbols)
	}
	if s.priorityDiffers(acts[from]) && s.decided(stickyPriority) == undecided {
		acts = either(acts, from, createDynamic, createGlobal)
		for i := range acts[from:] {
			acts[from+i].Touches = everything
		}
	}
	return s.listActs(caller, acts, from)
}

// listActs lists them in all the ways in which the list of initial bindings may be read.
func (s *State) listActs(caller ID, acts []Act, from int) []Act {
	if s.law.initialList(s, caller) == NilTerm {
		return acts
	}
	cited := s.cited
	s.cited = nil
	e := s.initialBindings(caller, createOdd)
	s.cited = cited
	if e.twice {
		acts = either(acts, from, 0, createLast)
	}
	if e.listed {
		acts = either(acts, from, 0, createSees)
	}
	if e.odd && s.open {
		acts = either(acts, from, 0, createOdd)
	}
	if e.unknown && s.open {
		acts = either(acts, from, 0, createFormFails)
	}
	return acts
}

// either doubles the acts: one with either way.
func either(acts []Act, from int, a, b uint16) []Act {
	more := slices.Clone(acts[from:])
	for i := range more {
		acts[from+i].Choice |= a
		more[i].Choice |= b
	}
	return append(acts, more...)
}
