package model

import (
	"cmp"

	"github.com/mpcheck/mpcheck/spec"
)

// A process's cleanups are a set of (form, priority) in which no form stands twice. It is
// kept as a chain of nodes and hashed as a sum, since the order of registration means nothing.

var cleanupRules = []rule{
	{
		op:      "ensure-process-cleanup",
		decode:  decodeEnsureCleanup,
		beyond:  unknownKeyword,
		enabled: ensureCleanupActs,
		effect:  ensureCleanup,
	},
	{
		op: "current-process-in-cleanup-p",
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Touches = onlyReads(s.law.cleaningShownBy)
			out = append(out, act)
			if s.get(act.Process, processPhase) == phaseRunning && (s.ending(act.Process) || s.formRunsHere(act.Process)) {
				act.Choice = cleaningTrue
				out = append(out, act)
			}
			if s.late(act.Process) || s.betweenForms(act.Process) {
				act.Choice = cleaningNil
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			cleaning := s.law.cleaning(s, act)
			switch act.Choice {
			case cleaningTrue, cleaningNil:
				s.cite("CLEAN-INP-3")
				cleaning = act.Choice == cleaningTrue
			}
			s.returns(act.Frame, truth(cleaning))
		},
	},
}

// Answers while a process unwinds (CLEAN-INP-3), and where no page says whether what runs counts as a form of its own.
const (
	cleaningTrue = iota + 1
	cleaningNil
)

// A cleanupLaw decides what becomes of registrations, and how cleanups run.
type cleanupLaw struct {
	// watches is the process that a registration is for.
	watches func(s *State, act Act) ID
	// accepts tells whether a registration is looked at at all; where not it has answered.
	accepts func(s *State, r *registration) bool
	// priority and forces say what is meant where a keyword is absent.
	priority func(s *State, r *registration) int64
	forces   func(s *State, r *registration) bool
	// same is the sameness of forms.
	same func(s *State, a, b Term) bool
	// registers adds a form that is new; of one that is there already keeps leaves it, conflicts refuses,
	// moves gives it another priority. Each answers.
	registers func(s *State, r *registration)
	// registeringShownBy is what a registration depends on beside the process that it is for, where it does.
	registeringShownBy ID
	keeps              func(s *State, r *registration, entry uint32)
	conflicts          func(s *State, r *registration, entry uint32)
	moves              func(s *State, r *registration, entry uint32)

	// ends has the cleanups of a process whose function is over begin.
	ends func(s *State, p ID)
	// compare orders priorities, and next chooses from the entries of the lowest those that may run next.
	compare func(x, y int64) int
	next    func(s *State, entries []uint32) []uint32
	// overtakes tells whether the next form may begin while one runs.
	overtakes func(s *State, p ID) bool
	// applies says with which arguments the function of a form is called.
	applies func(s *State, form Term, function, process spec.Value, cdr []spec.Value, list bool) []spec.Value
	// code finds what the function of a form is.
	code func(s *State, p ID, form Term, function spec.Value) (uint64, bool)

	// cleaning tells whether a process runs its cleanups; cleaningShownBy is what that depends on beside it.
	cleaning        func(s *State, act Act) bool
	cleaningShownBy ID
}

var documentedCleanups = cleanupLaw{
	watches:   (*State).watches,
	accepts:   acceptsRegistration,
	priority:  registeredPriority,
	forces:    forcesRegistration,
	same:      (*State).sameForm,
	registers: registerForm,
	keeps:     keepForm,
	conflicts: refuseForm,
	moves:     moveForm,
	ends:      beginCleanups,
	compare:   cmp.Compare[int64],
	next:      anyOfThem,
	overtakes: func(*State, ID) bool { return false },
	applies:   applyForm,
	code:      (*State).codeOfForm,
	cleaning:  isCleaning,
}

// isCleaning: true inside every form, nil in ordinary running.
func isCleaning(s *State, act Act) bool {
	if s.get(act.Process, processPhase) == phaseEnding {
		s.cite("CLEAN-INP-1")
		return true
	}
	s.cite("CLEAN-INP-2")
	return false
}
