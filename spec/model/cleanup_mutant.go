package model

import (
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// The mutants of the cleanups.
const (
	KeywordOrderMatters   Mutant = "keyword-order-matters"
	RunsAtRegistration    Mutant = "runs-at-registration"
	RunsOnlyWhenKilled    Mutant = "runs-only-when-killed"
	RunsOnlyOnReturn      Mutant = "runs-only-on-return"
	RunsTwiceWhenKilled   Mutant = "runs-twice-when-killed"
	EndOfAnyRunsAll       Mutant = "end-of-any-runs-all"
	ErrorSkipsCleanups    Mutant = "error-skips-cleanups"
	FormGetsNothing       Mutant = "form-gets-nothing"
	CdrIsOneArgument      Mutant = "cdr-is-one-argument"
	ProcessComesLast      Mutant = "process-comes-last"
	ListGetsNoProcess     Mutant = "list-gets-no-process"
	SymbolInListNotFound  Mutant = "symbol-in-list-not-found"
	DefaultIsMainProcess  Mutant = "default-is-main-process"
	ProcessIgnored        Mutant = "process-ignored"
	CleanupsOfAnother     Mutant = "cleanups-of-another"
	FormOfOneProcessOnly  Mutant = "form-of-one-process-only"
	LostInRace            Mutant = "lost-in-race"
	ReservedRangeRefused  Mutant = "reserved-range-refused"
	NegativeRefused       Mutant = "negative-refused"
	BoundsExcluded        Mutant = "bounds-excluded"
	DefaultPriorityIsOne  Mutant = "default-priority-is-one"
	DescendingOrder       Mutant = "descending-order"
	OrderByAbsoluteValue  Mutant = "order-by-absolute-value"
	OrderByText           Mutant = "order-by-text"
	PrioritiesIgnored     Mutant = "priorities-ignored"
	WaitingFormOvertaken  Mutant = "waiting-form-overtaken"
	SamenessIsEq          Mutant = "sameness-is-eq"
	SamenessIsEqualp      Mutant = "sameness-is-equalp"
	SamenessIsOfFunction  Mutant = "sameness-is-of-function"
	DuplicateReturnsTrue  Mutant = "duplicate-returns-true"
	ForceRepeatsDuplicate Mutant = "force-repeats-duplicate"
	ConflictIgnored       Mutant = "conflict-ignored"
	ConflictAdds          Mutant = "conflict-adds"
	ErrorButReplaced      Mutant = "error-but-replaced"
	ErrorButRemoved       Mutant = "error-but-removed"
	ForceByDefault        Mutant = "force-by-default"
	ForceNilForces        Mutant = "force-nil-forces"
	FunctionNeverSame     Mutant = "function-never-same"

	LatestRegistrationFirst  Mutant = "latest-registration-first"
	ForcedMoveKeepsOldEntry  Mutant = "forced-move-keeps-old-entry"
	ForcedMoveIgnored        Mutant = "forced-move-ignored"
	ForcedMoveRemoves        Mutant = "forced-move-removes"
	InCleanupNever           Mutant = "in-cleanup-never"
	InCleanupAlways          Mutant = "in-cleanup-always"
	InCleanupGlobal          Mutant = "in-cleanup-global"
	InCleanupOnlyWhenKilled  Mutant = "in-cleanup-only-when-killed"
	InCleanupOnlyInFunctions Mutant = "in-cleanup-only-in-functions"
	LegacyRefused            Mutant = "legacy-refused"
	LegacyProcessIgnored     Mutant = "legacy-process-ignored"
	LegacyPriorityIsLowest   Mutant = "legacy-priority-is-lowest"
	KillInCleanupEndsPhase   Mutant = "kill-in-cleanup-ends-phase"
)

var cleanupMutants = []MutantInfo{
	{KeywordOrderMatters, []string{"CLEAN-SIG-1"}, "the keyword :process is accepted as the last one only"},
	{RunsAtRegistration, []string{"CLEAN-REG-1", "CLEAN-RUN-2", "CLEAN-RUN-3", "DEP-1"}, "a form that a process registers on itself without :priority runs at once, and again at the end"},
	{RunsOnlyWhenKilled, []string{"CLEAN-RUN-1", "DEP-8"}, "a process that ends by returning runs no forms"},
	{RunsOnlyOnReturn, []string{"CLEAN-RUN-1", "CLEAN-RUN-5", "DEP-8"}, "a process that is killed, or left by an error, runs no forms"},
	{RunsTwiceWhenKilled, []string{"CLEAN-RUN-2"}, "a process that is killed runs its forms twice"},
	{EndOfAnyRunsAll, []string{"CLEAN-RUN-3", "CLEAN-PROC-4", "DEP-6"}, "the end of any process runs the forms of all"},
	{ErrorSkipsCleanups, []string{"CLEAN-RUN-5", "DEP-8"}, "a process that an unhandled error ends runs no forms"},
	{FormGetsNothing, []string{"CLEAN-FORM-1"}, "a function is called without arguments"},
	{CdrIsOneArgument, []string{"CLEAN-FORM-2"}, "the cdr of a list is passed as one argument"},
	{ProcessComesLast, []string{"CLEAN-FORM-2", "DEP-3"}, "the process is passed after the elements of the cdr"},
	{ListGetsNoProcess, []string{"CLEAN-FORM-2"}, "the car of a list is called without the process"},
	{SymbolInListNotFound, []string{"CLEAN-FORM-3", "CLEAN-RUN-1", "DEP-1", "DEP-2", "DEP-5", "DEP-8"}, "the car of a list must be a function object: a symbol is an error at run time"},
	{DefaultIsMainProcess, []string{"CLEAN-PROC-1", "CLEAN-LEG-2", "CLEAN-RUN-1", "DEP-1", "DEP-2", "DEP-5", "DEP-8"}, "without any keyword the main process is meant"},
	{ProcessIgnored, []string{"CLEAN-PROC-2", "CLEAN-RUN-1"}, ":process is ignored where :priority isn't given"},
	{CleanupsOfAnother, []string{"CLEAN-PROC-3"}, "inside a form the current process is the main one"},
	{FormOfOneProcessOnly, []string{"CLEAN-PROC-4"}, "a form that another process has counts as a duplicate"},
	{LostInRace, []string{"CLEAN-PROC-7"}, "of two registrations at the same time the first is lost"},
	{ReservedRangeRefused, []string{"CLEAN-PRI-1"}, "priorities from 700000 to 900000 are refused"},
	{NegativeRefused, []string{"CLEAN-PRI-1"}, "negative priorities are refused"},
	{BoundsExcluded, []string{"CLEAN-PRI-1"}, "the bounds of the range of priorities are refused"},
	{DefaultPriorityIsOne, []string{"CLEAN-PRI-3", "CLEAN-LEG-1"}, "the default priority is 1"},
	{DescendingOrder, []string{"CLEAN-ORDER-1"}, "forms run in descending priority"},
	{OrderByAbsoluteValue, []string{"CLEAN-ORDER-1"}, "forms run in the order of the absolute values of their priorities"},
	{OrderByText, []string{"CLEAN-ORDER-1"}, "priorities are compared as text"},
	{PrioritiesIgnored, []string{"CLEAN-ORDER-1"}, "forms run in order of registration"},
	{LatestRegistrationFirst, []string{"CLEAN-ORDER-1"}, "forms run in reverse order of registration"},
	{WaitingFormOvertaken, []string{"CLEAN-ORDER-4"}, "while a form waits the next one begins"},
	{SamenessIsEq, []string{"CLEAN-DUP-1", "CLEAN-DUP-3", "DEP-4", "DEP-5"}, "lists that are equal and not eq are two forms"},
	{SamenessIsEqualp, []string{"CLEAN-DUP-2", "DEP-5"}, "forms that are equalp are one"},
	{SamenessIsOfFunction, []string{"CLEAN-DUP-2", "DEP-2", "DEP-5"}, "lists that begin with one function are one form"},
	{FunctionNeverSame, []string{"CLEAN-REG-1", "CLEAN-DUP-1", "CLEAN-DUP-3", "CLEAN-DUP-4", "CLEAN-DUP-11", "CLEAN-LEG-1"}, "a function registered twice runs twice"},
	{DuplicateReturnsTrue, []string{"CLEAN-DUP-3", "CLEAN-DUP-4"}, "a registration that changes nothing returns t"},
	{ForceRepeatsDuplicate, []string{"CLEAN-DUP-4"}, "with :force t a form of the same priority is registered again"},
	{ConflictIgnored, []string{"CLEAN-DUP-5", "CLEAN-DUP-8"}, "a form with another priority is silently kept as it was"},
	{ConflictAdds, []string{"CLEAN-DUP-5", "CLEAN-DUP-8"}, "a form with another priority is silently added"},
	{ErrorButReplaced, []string{"CLEAN-DUP-6"}, "a form with another priority is an error and moves all the same"},
	{ErrorButRemoved, []string{"CLEAN-DUP-6"}, "a form with another priority is an error and loses its registration"},
	{ForceByDefault, []string{"CLEAN-DUP-8", "CLEAN-DUP-5"}, "force defaults to true"},
	{ForceNilForces, []string{"CLEAN-DUP-8", "CLEAN-DUP-5"}, ":force nil forces as :force t does"},
	{ForcedMoveKeepsOldEntry, []string{"CLEAN-DUP-7"},
		"a forced re-registration adds the form anew but leaves the old entry: it runs twice"},
	{ForcedMoveIgnored, []string{"CLEAN-DUP-7"},
		"a forced re-registration does nothing: the form keeps its old place"},
	{ForcedMoveRemoves, []string{"CLEAN-DUP-7"}, "a forced re-registration removes the form and adds nothing"},
	{InCleanupNever, []string{"CLEAN-INP-1"}, "current-process-in-cleanup-p is always nil"},
	{InCleanupAlways, []string{"CLEAN-INP-2"}, "current-process-in-cleanup-p is always true"},
	{InCleanupGlobal, []string{"CLEAN-INP-2"}, "current-process-in-cleanup-p is true while any process is in its cleanups"},
	{InCleanupOnlyWhenKilled, []string{"CLEAN-INP-1"}, "current-process-in-cleanup-p is true only in a killed process"},
	{InCleanupOnlyInFunctions, []string{"CLEAN-INP-1"}, "current-process-in-cleanup-p is nil in forms that are lists"},
	{LegacyRefused, []string{"CLEAN-LEG-1"}, "a second positional argument is an error"},
	{LegacyProcessIgnored, []string{"CLEAN-LEG-1"}, "a second positional argument is ignored"},
	{LegacyPriorityIsLowest, []string{"CLEAN-LEG-1"}, "with a second positional argument the default priority is the lowest"},
	{KillInCleanupEndsPhase, []string{"CLEAN-STATE-2", "PROC-EXIT-6"}, "current-process-kill inside a form ends the phase"},
}

// sameForm is the sameness of forms: cl:equal (CLEAN-DUP-1, -2).
func (s *State) sameForm(a, b Term) bool {
	x, y := s.u.Value(a), s.u.Value(b)
	_, xList := x.(spec.List)
	_, yList := y.(spec.List)
	switch {
	case s.mutant == SamenessIsEq && xList:
		return false
	case s.mutant == SamenessIsOfFunction && xList && yList:
		return spec.Eql(x.(spec.List).Items[0], y.(spec.List).Items[0])
	case s.mutant == SamenessIsEqualp:
		return equalp(s.vectors(x), s.vectors(y))
	}
	return s.equal(a, b)
}

// vectors writes out the objects that only cl:equalp looks into.
func (s *State) vectors(v spec.Value) spec.Value {
	l, ok := s.content(v).(spec.List)
	if !ok {
		return v
	}
	items := make([]spec.Value, len(l.Items))
	for i, item := range l.Items {
		items[i] = item
		if kind, parts := s.parts(item); kind == "vector" || kind == "structure" {
			items[i] = spec.NewList(append([]spec.Value{spec.Keyword(kind)}, parts...)...)
		}
	}
	return spec.NewList(items...)
}

// equalp is cl:equalp as far as numbers, strings and lists go.
func equalp(a, b spec.Value) bool {
	if x, ok := spec.Seconds(a); ok {
		y, ok := spec.Seconds(b)
		return ok && x == y
	}
	switch a := a.(type) {
	case spec.String:
		b, ok := b.(spec.String)
		return ok && strings.EqualFold(string(a), string(b))
	case spec.List:
		b, ok := b.(spec.List)
		if !ok || len(a.Items) != len(b.Items) {
			return false
		}
		for i := range a.Items {
			if !equalp(a.Items[i], b.Items[i]) {
				return false
			}
		}
		return true
	}
	return spec.Equal(a, b)
}

// forces tells whether a registration replaces one with another priority.
func (s *State) forces(force bool, flags uint64) bool {
	given := flags&ensureForceGiven != 0
	return force || s.mutant == ForceByDefault && !given || s.mutant == ForceNilForces && given
}

// refusesByMutation tells whether a mutant signals an error for what is right.
func (s *State) refusesByMutation(priority int64, flags uint64) bool {
	switch s.mutant {
	case KeywordOrderMatters:
		return flags&ensureProcessBefore != 0
	case ReservedRangeRefused:
		return priority >= 700000 && priority <= 900000
	case NegativeRefused:
		return priority < 0
	case BoundsExcluded:
		return priority == -maxPriority || priority == maxPriority
	case LegacyRefused:
		return flags&ensureLegacy != 0
	}
	return false
}

// registersToo tells whether another process is about to register on the same one.
func (s *State) registersToo(act Act, p ID) bool {
	for q := ID(s.get(world, worldFirst)); q != 0; q = ID(s.get(q, processNext)) {
		f := ID(s.get(q, processFrame))
		if q == act.Process || f == 0 || s.get(f, frameState) != frameOpen || s.get(f, frameRule) != s.get(act.Frame, frameRule) {
			continue
		}
		if s.watched(Act{Process: q, Frame: f}) == p {
			return true
		}
	}
	return false
}

// otherHas tells whether a process other than p has the form.
func (s *State) otherHas(p ID, form Term) bool {
	for q := ID(s.get(world, worldFirst)); q != 0; q = ID(s.get(q, processNext)) {
		if q != p && s.findCleanup(q, form) != 0 {
			return true
		}
	}
	return false
}

// waitsInCleanup tells whether a form of an ending process waits for somebody.
func (s *State) waitsInCleanup(p ID) bool {
	f := ID(s.get(p, processFrame))
	return s.get(f, frameState) == frameOpen && s.get(p, processCleanups) > 0 && len(s.operationActs(p, f, nil)) == 0
}
