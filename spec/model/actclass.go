package model

import "slices"

// ActClass is what coverage counts of acts: their kind, and for Effect and TimeUp the operation
// whose rule they are of.
type ActClass struct {
	Kind ActKind
	Op   string
	// Signals holds of an Effect that is the error for wrong arguments, or the way of such an
	// error through its handlers: the rule itself does nothing.
	Signals bool
}

func (c ActClass) String() string {
	text := c.Kind.String()
	if c.Op != "" {
		text += " " + c.Op
	}
	if c.Signals {
		text += ", signalled"
	}
	return text
}

// ClassOf is the class of an act in the state before it.
func ClassOf(s *State, a Act) ActClass {
	switch a.Kind {
	case Effect:
		signals := s.get(a.Frame, frameFault) != 0 || s.get(a.Frame, frameStage) >= stageHandling
		return ActClass{Effect, rules[s.get(a.Frame, frameRule)].op, signals}
	case TimeUp:
		return ActClass{Kind: TimeUp, Op: rules[s.get(a.Frame, frameRule)].op}
	}
	return ActClass{Kind: a.Kind}
}

// ActClasses lists the classes of all acts that the rules have, but for errors that are
// signalled: the effects in the order of the rules, the time-ups, then what needs no operation.
func ActClasses() []ActClass {
	var out []ActClass
	for _, r := range rules[1:] {
		if r.effect != nil {
			out = append(out, ActClass{Kind: Effect, Op: r.op})
		}
	}
	for _, r := range rules[1:] {
		if r.timeUp != nil {
			out = append(out, ActClass{Kind: TimeUp, Op: r.op})
		}
	}
	for kind := Unwind; int(kind) < len(actNames); kind++ {
		out = append(out, ActClass{Kind: kind})
	}
	return out
}

// RuledClauses lists the clauses that a branch of a rule cites, in alphabetical order: those that the
// specification can be asked about.
func RuledClauses() []string { return slices.Clone(cited) }

// ClausesOf lists the clauses that the rule of an operation may cite, but for those that most rules may.
func ClausesOf(op string) []string { return citedBy[op] }
