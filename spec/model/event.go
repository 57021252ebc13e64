package model

import "github.com/mpcheck/mpcheck/spec"

var eventRules = []rule{
	{
		op:      "process-wait-for-event",
		clauses: []string{"EVENT-PWE-1", "EVENT-PWE-2", "EVENT-MWE-1", "EVENT-MWE-2", "EVENT-INT-1", "SEND-EV-1"},
		decode: func(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
			if v, ok := call.Key("no-hang-p"); ok && spec.Truth(v) {
				o.args[0] = 1
			}
			return nil
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Object = ID(s.get(act.Process, processMailbox))
			if s.get(act.Frame, frameArg0) != 0 || act.Object != 0 && s.length(act.Object, mailboxSequence) > 0 {
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			m := ID(s.get(act.Process, processMailbox))
			if m == 0 {
				m = s.newMailbox(act.Process, defaultSize)
				s.set(act.Process, processMailbox, uint64(m))
			}
			if s.length(m, mailboxSequence) == 0 {
				s.returns(act.Frame, NilTerm)
				return
			}
			s.returns(act.Frame, s.pop(m, mailboxSequence))
		},
		waits: func(s *State, f ID) string { return "an object in its mailbox, which is empty" },
	},
}

// The mutants of this chapter.
var eventMutants = []MutantInfo{}
