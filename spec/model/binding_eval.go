package model

import (
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// Evaluation is simple: constants, symbols, and calls of functions; of those of the system the specification knows list and
// error. One of the user's runs on the process that calls process-run-function, within that call; or, for a callable of a
// foreign thread, on the process of that, before the callable.

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
	head, symbol := v.Items[0].(spec.Symbol)
	system := head.Package == "COMMON-LISP"
	code, user := s.code(e.caller, s.u.Intern(v.Items[0]))
	if v.Dotted != nil || !symbol || !system && !user {
		return e.unheardOf(v)
	}
	var open bool // what some argument is
	var args []spec.Value
	for _, form := range v.Items[1:] {
		t := e.value(form)
		if e.isStopped() {
			return NoTerm
		}
		open = open || t == s.anyValue()
		args = append(args, s.u.Value(t))
	}
	switch {
	case !system:
		return s.law.callsUsers(s, e, formCall{code, s.u.Intern(spec.NewList(args...))})
	case head.Name == "LIST" && open:
		return s.anyValue()
	case head.Name == "LIST":
		return s.u.Intern(spec.NewList(args...))
	case head.Name == "ERROR" && len(args) > 0:
		e.fault = &spec.Condition{Type: "simple-error", Message: strings.Trim(args[0].String(), `"`)}
		return NoTerm
	}
	return e.unheardOf(v)
}

// callUsers is what a function of the user's returns, once it has.
func callUsers(s *State, e *evaluation, call formCall) Term {
	s.cite("BIND-3", "BIND-4")
	if e.asked == len(e.answers) {
		e.calls = &call
		return NoTerm
	}
	return e.once(nil)
}

// unheardOf is what a form does of which only the implementation knows what it means.
func (e *evaluation) unheardOf(form spec.Value) Term {
	if e.odd = true; !e.s.open || e.goes(createFormFails) {
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
