package model

import "github.com/mpcheck/mpcheck/spec"

// What is asked of the values of symbols, and let.

// Slots of these operations, beside the symbol.
const (
	symbolProcess slot = 1 // of symeval-in-process
	symbolSecond  slot = 1 // a value was given to defvar

	letBindings slot = 1
	letDepth    slot = 2 // how many bindings there were before
)

// Ways of an operation on a symbol, beside its own.
const (
	symbolUndone  = iota + 1 // in a cleanup: the bindings of the process are undone (CLEAN-STATE-1)
	symbolRefused            // an error
	symbolKept               // defvar: it has a value, if not a global one
)

var bindingRules = []rule{
	{
		op:        "symbol-value",
		foretells: true,
		decode:    decodeSymbol,
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Touches = onlyReads(allSymbols)
			return s.symbolActs(act, act.Process, out)
		},
		effect: func(s *State, act Act) { s.tellSymbol(act, act.Process) },
	},
	{
		op:        "symeval-in-process",
		foretells: true,
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if c := decodeSymbol(u, call, o); c != nil {
				return c
			}
			return objectArg(u, call.Arg(1), KindProcess, &o.args[symbolProcess])
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			p := ID(s.arg(act.Frame, symbolProcess))
			if act.Touches = onlyReads(allSymbols).reading(p); s.open {
				act.Touches = act.Touches.writing(p)
			}
			out = s.symbolActs(act, p, out)
			if s.saysNothing(p, act.Frame) || s.open && s.mayBindYet(p) {
				act.Choice = symbolRefused
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			p := ID(s.arg(act.Frame, symbolProcess))
			s.cite("BIND-11")
			if act.Choice == 0 && s.saysNothing(p, act.Frame) {
				s.returns(act.Frame, unspecified)
				return
			}
			s.tellSymbol(act, p)
		},
	},
	{
		op:     "set-symbol-value",
		decode: decodeSetting,
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Touches = onlyWrites(allSymbols)
			if s.binds(act.Process, Term(s.arg(act.Frame, argSubject))) && s.law.watched {
				act.Touches = Footprint{}
			}
			return s.symbolActs(act, act.Process, out)
		},
		effect: func(s *State, act Act) {
			if s.lacks(act) {
				return
			}
			symbol, value := Term(s.arg(act.Frame, argSubject)), Term(s.arg(act.Frame, argObject))
			if act.Choice == symbolUndone {
				s.cite("CLEAN-STATE-1")
				s.setGlobal(s.imageOf(act.Process), symbol, value)
			} else {
				s.law.assigns(s, act.Process, symbol, value)
			}
			s.returns(act.Frame, value)
		},
	},
	{
		op:        "global-value",
		foretells: true,
		decode:    decodeSymbol,
		enabled: func(s *State, act Act, out []Act) []Act {
			if act.Touches = onlyReads(allSymbols); s.open {
				act.Touches = onlyWrites(allSymbols)
			}
			symbol := Term(s.arg(act.Frame, argSubject))
			out = append(out, act)
			if s.mayLack(act.Process, symbol) || s.open && s.isStandard(symbol) && s.globalValue(s.imageOf(act.Process), symbol) == s.anyValue() {
				act.Choice = symbolRefused
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			f, symbol := act.Frame, Term(s.arg(act.Frame, argSubject))
			if s.isConstant(symbol) {
				s.returns(f, symbol)
				return
			}
			image := s.imageOf(act.Process)
			s.citeFirst(image, symbol)
			value := s.globalValue(image, symbol)
			if value == s.anyValue() && act.Choice != symbolRefused {
				if value = s.learned(f); value != unspecified {
					s.setGlobal(image, symbol, value)
				}
				s.returns(f, value)
				return
			}
			s.tellValue(act, value)
		},
	},
	{
		op:     "set-global-value",
		decode: decodeSetting,
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Touches = onlyWrites(allSymbols)
			return s.lackActs(act, out, Term(s.arg(act.Frame, argSubject)))
		},
		effect: func(s *State, act Act) {
			if s.lacks(act) {
				return
			}
			value := Term(s.arg(act.Frame, argObject))
			s.cite("BIND-1", "BIND-7")
			s.law.setsGlobal(s, s.imageOf(act.Process), Term(s.arg(act.Frame, argSubject)), value)
			s.returns(act.Frame, value)
		},
	},
	{
		op: "defvar",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.args[symbolSecond+1] = bit(len(call.Args) > 1)
			o.args[argObject] = uint64(u.Intern(call.Arg(1)))
			return decodeVariable(u, call.Arg(0), o)
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Touches = onlyWrites(allSymbols)
			out = append(out, act)
			if s.open && s.binds(act.Process, Term(s.arg(act.Frame, argSubject))) { // whether that counts
				act.Choice = symbolKept
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			image, symbol := s.imageOf(act.Process), Term(s.arg(act.Frame, argSubject))
			if s.arg(act.Frame, symbolSecond+1) != 0 && act.Choice != symbolKept && s.globalValue(image, symbol) == s.unbound() {
				s.setGlobal(image, symbol, Term(s.arg(act.Frame, argObject)))
			}
			s.cite("BIND-1")
			s.returns(act.Frame, symbol)
		},
	},
	{
		op: "let",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			code, ok := call.Arg(1).(spec.Callback)
			if !ok {
				return wrongType("the code", call.Arg(1), "a callback")
			}
			o.args[codeBody] = uint64(code) + 1
			entries, ok := spec.Items(call.Arg(0))
			if !ok {
				return wrongType("the bindings", call.Arg(0), "an alist")
			}
			for _, e := range entries {
				pair, ok := e.(spec.List)
				if !ok {
					return wrongType("a binding", e, "a cons of a symbol and its value")
				}
				if _, c := variableArg(u, pair.Items[0]); c != nil {
					return c
				}
			}
			o.args[letBindings] = uint64(u.Intern(call.Arg(0)))
			return nil
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			if s.get(act.Frame, frameStage) != 0 || !s.open {
				return append(out, act)
			}
			var symbols []Term
			entries, _ := spec.Items(s.u.Value(Term(s.arg(act.Frame, letBindings))))
			for _, e := range entries {
				symbols = append(symbols, s.u.Intern(e.(spec.List).Items[0]))
			}
			return s.lackActs(act, out, symbols...)
		},
		effect: func(s *State, act Act) {
			f := act.Frame
			if s.get(f, frameStage) != 0 {
				s.returnsInner(f)
				return
			}
			if s.lacks(act) {
				return
			}
			s.cite("BIND-11")
			s.note(f, letDepth, uint64(len(s.bindings(act.Process, processBindings))))
			entries, _ := spec.Items(s.u.Value(Term(s.arg(f, letBindings))))
			var more []binding
			for _, e := range entries {
				more = append(more, binding{s.u.Intern(e.(spec.List).Items[0]), s.u.Intern(cdrOf(e.(spec.List)))})
			}
			s.bind(act.Process, more)
			s.enter(f, stageBody, s.arg(f, codeBody), NilTerm)
		},
		waits: waitsForCode,
	},
}

// saysNothing tells whether no page says what symeval-in-process gives: of a process that is dead or none of whose code runs, and of a symbol without a
// value.
func (s *State) saysNothing(p, f ID) bool {
	return s.open && (s.get(p, processPhase) == phaseDead || s.get(p, processPhase) == phaseResting || s.valueIn(p, Term(s.arg(f, argSubject))) == s.unbound())
}

// letRule is the number of the rule of let.
var letRule uint64

// leaveLet undoes the bindings of a let whose body has been left, however that was.
func (s *State) leaveLet(p, f ID) {
	if s.get(f, frameRule) == letRule && s.get(f, frameStage) == stageBody {
		s.law.undoesLet(s, p, s.arg(f, letDepth))
	}
}

// HoldsBindings tells whether bindings end with the code of a frame, before its process ends. Others may see that they do.
func (s *State) HoldsBindings(f ID) bool {
	to := s.handsTo(f)
	return to != 0 && s.get(to, frameRule) == letRule && s.get(s.processOf(f), processBindings) != 0
}

// variableArg reads a symbol that may have a value of its own, which nil, t and keywords have not.
func variableArg(u *Universe, v spec.Value) (Term, *spec.Condition) {
	if symbol, ok := v.(spec.Symbol); !ok || symbol.Package == "KEYWORD" {
		return NoTerm, wrongType("the variable", v, "a symbol that is no constant")
	}
	return u.Intern(v), nil
}

// decodeVariable reads a symbol that is to be set.
func decodeVariable(u *Universe, v spec.Value, o *Operation) *spec.Condition {
	symbol, c := variableArg(u, v)
	o.args[argSubject] = uint64(symbol)
	return c
}

func decodeSetting(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	o.args[argObject] = uint64(u.Intern(call.Arg(1)))
	return decodeVariable(u, call.Arg(0), o)
}

// decodeSymbol reads a symbol of which the value is asked for.
func decodeSymbol(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	switch call.Arg(0).(type) {
	case spec.Symbol, spec.Nil, spec.True:
		o.args[argSubject] = uint64(u.Intern(call.Arg(0)))
		return nil
	}
	return wrongType("the symbol", call.Arg(0), "a symbol")
}
