package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// The kit: logs, cells, gates, functions, waiting. It is part of the specification so
// that what a case shares between its processes is visible to a search.

// Slots of the kit, beside those of others.
const (
	codeGiven slot = 0 // of a function

	defunName, defunCode = argSubject, argObject
	newType, newParts    = argSubject, argObject

	eqAnswer slot = 0
)

var kitRules = []rule{
	{
		op: "make-function",
		decode: func(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
			code, ok := call.Arg(0).(spec.Callback)
			if !ok {
				return wrongType("the code", call.Arg(0), "a callback")
			}
			o.args[codeGiven] = uint64(code) + 1
			return nil
		},
		effect: func(s *State, act Act) {
			f := s.make(act, KindFunction)
			s.set(f, functionCode, s.arg(act.Frame, codeGiven))
			s.returns(act.Frame, s.u.RefTerm(f))
		},
	},
	{
		op: "defun",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			code, ok := call.Arg(1).(spec.Callback)
			if _, symbol := call.Arg(0).(spec.Symbol); !ok || !symbol {
				return wrongType("the definition", call.Arg(1), "a symbol and a callback")
			}
			o.args[defunName], o.args[defunCode] = uint64(u.Intern(call.Arg(0))), uint64(code)+1
			return nil
		},
		touches: func(*State, ID) Footprint { return everything },
		effect: func(s *State, act Act) {
			name := Term(s.arg(act.Frame, defunName))
			code := s.u.Intern(spec.Callback(s.arg(act.Frame, defunCode)))
			s.setBinding(s.imageOf(act.Process), imageFunctions, name, code)
			s.returns(act.Frame, name)
		},
	},
	{
		op: "new",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if _, ok := call.Arg(0).(spec.Symbol); !ok {
				return wrongType("the type", call.Arg(0), "a keyword")
			}
			o.args[newType] = uint64(u.Intern(call.Arg(0)))
			o.args[newParts] = uint64(u.Intern(spec.NewList(call.Args[1:]...)))
			return nil
		},
		effect: func(s *State, act Act) {
			if s.u.isEmptyList(Term(s.arg(act.Frame, newType)), Term(s.arg(act.Frame, newParts))) {
				s.returns(act.Frame, NilTerm)
				return
			}
			o := s.make(act, KindObject)
			s.set(o, objectType, s.arg(act.Frame, newType))
			s.set(o, objectParts, s.arg(act.Frame, newParts))
			s.returns(act.Frame, s.u.RefTerm(o))
		},
	},
	{
		op: "eq",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.args[eqAnswer] = uint64(truth(spec.Eql(call.Arg(0), call.Arg(1))))
			return nil
		},
		effect: func(s *State, act Act) { s.returns(act.Frame, Term(s.arg(act.Frame, eqAnswer))) },
	},
	{op: "make-log", effect: makeEmpty(KindLog)},
	{op: "log-append", decode: decodeObjectAndValue(KindLog), touches: writesSubject, effect: appendToLog},
	{op: "log-read", decode: decodeObject(KindLog), touches: readsSubject, effect: readLog},
	{
		op: "make-cell",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.args[argObject] = uint64(u.Intern(call.Arg(0)))
			return nil
		},
		effect: func(s *State, act Act) {
			c := s.make(act, KindCell)
			s.set(c, cellValue, s.arg(act.Frame, argObject))
			s.returns(act.Frame, s.u.RefTerm(c))
		},
	},
	{
		op:      "cell-get",
		decode:  decodeObject(KindCell),
		touches: readsSubject,
		effect: func(s *State, act Act) {
			s.returns(act.Frame, Term(s.get(s.subject(act.Frame), cellValue)))
		},
	},
	{
		op:      "cell-set",
		decode:  decodeObjectAndValue(KindCell),
		touches: writesSubject,
		effect: func(s *State, act Act) {
			v := s.arg(act.Frame, argObject)
			s.set(s.subject(act.Frame), cellValue, v)
			s.returns(act.Frame, Term(v))
		},
	},
	{op: "make-gate", effect: makeEmpty(KindGate)},
	{
		op:      "gate-open",
		decode:  decodeObject(KindGate),
		touches: writesSubject,
		effect: func(s *State, act Act) {
			s.set(s.subject(act.Frame), gateOpen, 1)
			s.returns(act.Frame, NilTerm)
		},
	},
	{
		op:     "gate-wait",
		decode: decodeObject(KindGate),
		enabled: func(s *State, act Act, out []Act) []Act {
			gate := s.subject(act.Frame)
			act.Touches = onlyReads(gate)
			if s.get(gate, gateOpen) != 0 {
				out = append(out, act)
			}
			return out
		},
		effect:  func(s *State, act Act) { s.returns(act.Frame, NilTerm) },
		waitsOn: firstArgument,
		waits: func(s *State, f ID) string {
			return fmt.Sprintf("%s to be opened", s.u.Ref(s.subject(f)))
		},
	},
	{
		op: "await",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if _, err := spec.ParsePredicate(call.Arg(0)); err != nil {
				return &spec.Condition{Type: "type-error", Message: err.Error()}
			}
			o.args[waitPredicate] = uint64(u.Intern(call.Arg(0)))
			return o.within(call.Arg(1))
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Touches = Footprint{}.readingPredicate(s, Term(s.arg(act.Frame, waitPredicate)))
			if s.holds(Term(s.arg(act.Frame, waitPredicate))) {
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) { s.returns(act.Frame, TrueTerm) },
		timeUp: func(s *State, act Act) { s.returns(act.Frame, NilTerm) },
		waits: func(s *State, f ID) string {
			return fmt.Sprintf("%s to hold", s.u.Value(Term(s.arg(f, waitPredicate))))
		},
	},
	{
		op: "pause",
		decode: func(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
			return o.within(call.Arg(0))
		},
		enabled: func(_ *State, _ Act, out []Act) []Act { return out },
		timeUp:  func(s *State, act Act) { s.returns(act.Frame, NilTerm) },
		waitsOn: func(*State, ID) ID { return world },
		waits:   func(*State, ID) string { return "its time to pass" },
	},
}

// makeEmpty makes an object of a kind, with nothing in it.
func makeEmpty(kind Kind) func(*State, Act) {
	return func(s *State, act Act) { s.returns(act.Frame, s.u.RefTerm(s.make(act, kind))) }
}

// appendToLog and readLog are of a log, or of what is one in all but who shares it.
func appendToLog(s *State, act Act) {
	s.push(s.subject(act.Frame), logSequence, Term(s.arg(act.Frame, argObject)))
	s.returns(act.Frame, NilTerm)
}

func readLog(s *State, act Act) {
	s.returns(act.Frame, s.u.Intern(s.listed(s.subject(act.Frame), logSequence)))
}

// named is the code that a symbol names in an image, one more than its number.
func (s *State) named(image ID, symbol Term) (code uint64, ok bool) {
	if s.get(image, imageFunctions) == 0 {
		return 0, false
	}
	all := s.bindings(image, imageFunctions)
	i := findBinding(all, symbol)
	if i < 0 {
		return 0, false
	}
	return uint64(s.u.Value(all[i].value).(spec.Callback)), true
}

func decodeObject(kind Kind) func(*Universe, spec.Call, *Operation) *spec.Condition {
	return func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
		return objectArg(u, call.Arg(0), kind, &o.args[argSubject])
	}
}

func decodeObjectAndValue(kind Kind) func(*Universe, spec.Call, *Operation) *spec.Condition {
	return func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
		o.args[argObject] = uint64(u.Intern(call.Arg(1)))
		return objectArg(u, call.Arg(0), kind, &o.args[argSubject])
	}
}

// holds evaluates a predicate. One that names what doesn't exist never holds.
func (s *State) holds(predicate Term) bool {
	held, err := s.predicate(predicate).Eval(host{s})
	return held && err == nil
}

// predicate reads a predicate; what is none never holds.
func (s *State) predicate(t Term) spec.Predicate {
	p, known := s.u.predicates[t]
	if !known {
		var err error
		if p, err = spec.ParsePredicate(s.u.Value(t)); err != nil {
			p = spec.Predicate{Kind: "never"}
		}
		s.u.predicates[t] = p
	}
	return p
}

type host struct{ s *State }

func (h host) CellValue(cell spec.Ref) (spec.Value, error) {
	id, ok := h.s.u.Object(cell, KindCell)
	if !ok || !h.s.exists(id) {
		return nil, fmt.Errorf("%s is no cell", cell)
	}
	return h.s.u.Value(Term(h.s.get(id, cellValue))), nil
}

func (h host) HasMail(mailbox spec.Ref) (bool, error) {
	id, ok := h.s.u.Object(mailbox, KindMailbox)
	if !ok || !h.s.exists(id) {
		return false, fmt.Errorf("%s is no mailbox", mailbox)
	}
	return h.s.length(id, mailboxSequence) > 0, nil
}

// Record does nothing: how often a wait function is evaluated is left open, and what the simulator's records is written where
// the wait is over.
func (h host) Record(spec.Ref) error { return nil }
