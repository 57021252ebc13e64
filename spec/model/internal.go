package model

// Internal servers: processes that are marked when they are made (PROC-CREATE-11), and don't count when it is
// asked whether there is anybody beside the caller.

var internalRules = []rule{
	{
		op:        "process-internal-server-p",
		foretells: true,
		decode:    decodeObject(KindProcess),
		enabled: func(s *State, act Act, out []Act) []Act {
			p := s.subject(act.Frame)
			act.Touches = onlyReads(p)
			out = append(out, act)
			if s.open && (s.mark(p) == markUnknown || s.get(p, processPhase) == phaseDead) { // no page says what it answers of a dead one
				act.Choice = markRefused
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			p := s.subject(act.Frame)
			switch mark := s.mark(p); {
			case act.Choice == markRefused:
				s.returns(act.Frame, unspecified)
			case mark == markUnknown:
				s.returns(act.Frame, NilTerm)
			default:
				s.cite("PROC-CREATE-11")
				s.returns(act.Frame, truth(s.law.isInternal(s, p)))
			}
		},
	},
	{
		op: "any-other-process-non-internal-server-p",
		throughout: func(s *State, f ID, there []Lasting, answer Term) string {
			caller := s.processOf(f)
			for _, p := range there {
				if answer == NilTerm && p.Process != caller && s.mark(p.Process) == markNot {
					return "a true value, as " + printed(s.u.Value(Term(s.get(p.Process, processName)))) + " is there throughout"
				}
			}
			return ""
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			sure, perhaps := s.others(act.Process)
			act.Touches = everything
			if !sure {
				out = append(out, act)
			}
			if act.Choice = first; sure || perhaps {
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			s.cite("PROC-CREATE-11")
			s.returns(act.Frame, truth(act.Choice == first))
		},
	},
}

// What is known of a process's mark.
const (
	markUnknown = iota // it was there before: of the processes that the system makes for itself no page tells
	markNot
	markInternal
)

// markRefused is a way of telling the mark: any, or an error.
const markRefused = 1

func (s *State) mark(p ID) uint64 { return s.get(p, processMark) }

// isInternal tells whether a process is marked.
func isInternal(s *State, p ID) bool { return s.mark(p) == markInternal }

// others tells whether there is surely, or perhaps, a process beside the caller that is no internal server.
func (s *State) others(caller ID) (sure, perhaps bool) {
	listed, open := s.population(caller)
	for _, p := range listed {
		switch {
		case p == caller && !s.law.countsCaller:
		case s.open && s.mark(p) == markUnknown:
			perhaps = true
		case !s.law.isInternal(s, p):
			sure = true
		}
	}
	for _, p := range open {
		perhaps = perhaps || p != caller && !s.law.isInternal(s, p)
	}
	return sure, perhaps
}

// markOfKeyword is what :internal-server gives a new process.
func markOfKeyword(s *State, f ID) uint64 {
	if s.arg(f, createdFlags)&createInternal != 0 {
		return markInternal
	}
	return markNot
}
