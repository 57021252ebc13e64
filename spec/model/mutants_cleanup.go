package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// The mutants of the cleanups.
var cleanupMutants = []MutantInfo{
	{"keyword-order-matters", []string{"CLEAN-SIG-1"}, "the keyword :process is accepted as the last one only", refusing(func(r *registration) bool { return r.flags&ensureProcessBefore != 0 })},
	{"runs-at-registration", []string{"CLEAN-REG-1", "CLEAN-RUN-2", "CLEAN-RUN-3", "DEP-1"}, "a form that a process registers on itself without :priority runs at once, and again at the end", func(l *law) { l.registers = runAtRegistration }},
	{"runs-only-when-killed", []string{"CLEAN-RUN-1", "DEP-8"}, "a process that ends by returning runs no forms", func(l *law) {
		l.ends = func(s *State, p ID) {
			if s.get(p, processDying) == 0 {
				s.dropCleanups(p)
			}
		}
	}},
	{"runs-only-on-return", []string{"CLEAN-RUN-1", "CLEAN-RUN-5", "DEP-8", "INIT-STOP-1"}, "a process that is killed, or left by an error, runs no forms", func(l *law) {
		l.ends = func(s *State, p ID) {
			if s.get(p, processDying) != 0 {
				s.dropCleanups(p)
			}
		}
	}},
	{"runs-twice-when-killed", []string{"CLEAN-RUN-2"}, "a process that is killed runs its forms twice", func(l *law) {
		l.ends = func(s *State, p ID) {
			if s.get(p, processDying) != 0 {
				s.addCleanupsOf(p, p)
			}
		}
	}},
	{"end-of-any-runs-all", []string{"CLEAN-RUN-3", "CLEAN-PROC-4", "DEP-6"}, "the end of any process runs the forms of all", func(l *law) { l.ends = takeAllAlong }},
	{"error-skips-cleanups", []string{"CLEAN-RUN-5", "DEP-8"}, "a process that an unhandled error ends runs no forms", func(l *law) {
		l.endsInError = func(s *State, p ID) {
			endInError(s, p)
			s.dropCleanups(p)
		}
	}},
	{"form-gets-nothing", []string{"CLEAN-FORM-1"}, "a function is called without arguments", func(l *law) {
		l.applies = func(s *State, form Term, function, process spec.Value, cdr []spec.Value, list bool) []spec.Value {
			if !list {
				return nil
			}
			return applyForm(s, form, function, process, cdr, list)
		}
	}},
	{"cdr-is-one-argument", []string{"CLEAN-FORM-2"}, "the cdr of a list is passed as one argument", applying(func(process spec.Value, cdr []spec.Value) []spec.Value {
		return []spec.Value{process, spec.NewList(cdr...)}
	})},
	{"process-comes-last", []string{"CLEAN-FORM-2", "DEP-3"}, "the process is passed after the elements of the cdr", applying(func(process spec.Value, cdr []spec.Value) []spec.Value { return append(slices.Clone(cdr), process) })},
	{"list-gets-no-process", []string{"CLEAN-FORM-2"}, "the car of a list is called without the process", applying(func(_ spec.Value, cdr []spec.Value) []spec.Value { return cdr })},
	{"symbol-in-list-not-found", []string{"CLEAN-FORM-3", "CLEAN-RUN-1", "DEP-1", "DEP-2", "DEP-5", "DEP-8"}, "the car of a list must be a function object: a symbol is an error at run time", func(l *law) {
		l.code = func(s *State, p ID, form Term, function spec.Value) (uint64, bool) {
			if _, symbol := function.(spec.Symbol); symbol && s.isList(form) {
				return 0, false
			}
			return s.codeOfForm(p, form, function)
		}
	}},
	{"default-is-main-process", []string{"CLEAN-PROC-1", "CLEAN-LEG-2", "CLEAN-RUN-1", "DEP-1", "DEP-2", "DEP-5", "DEP-8"}, "without any keyword the main process is meant", watching(func(s *State, act Act, given bool, flags uint64) (ID, bool) {
		return ID(s.get(s.imageOf(act.Process), imageOldest)), !given && flags&(ensureNoPriority|ensureForceGiven) == ensureNoPriority
	})},
	{"process-ignored", []string{"CLEAN-PROC-2", "CLEAN-RUN-1"}, ":process is ignored where :priority isn't given", watching(func(s *State, act Act, _ bool, flags uint64) (ID, bool) {
		return act.Process, flags&(ensureNoPriority|ensureLegacy) == ensureNoPriority
	})},
	{"cleanups-of-another", []string{"CLEAN-PROC-3"}, "inside a form the current process is the main one", func(l *law) {
		l.currentProcess = func(s *State, act Act) ID {
			if s.get(act.Process, processPhase) == phaseEnding {
				return ID(s.get(s.imageOf(act.Process), imageOldest))
			}
			return currentProcess(s, act)
		}
	}},
	{"form-of-one-process-only", []string{"CLEAN-PROC-4"}, "a form that another process has counts as a duplicate", func(l *law) {
		l.accepts = func(s *State, r *registration) bool {
			if s.anotherHas(r.on, r.form) {
				s.returns(r.act.Frame, NilTerm)
				return false
			}
			return true
		}
	}},
	{"lost-in-race", []string{"CLEAN-PROC-7"}, "of two registrations at the same time the first is lost", func(l *law) {
		l.registeringShownBy = anyObject // who else registers
		l.registers = func(s *State, r *registration) {
			if s.registersToo(r.act, r.on) {
				s.returns(r.act.Frame, NilTerm)
				return
			}
			registerForm(s, r)
		}
	}},
	{"reserved-range-refused", []string{"CLEAN-PRI-1"}, "priorities from 700000 to 900000 are refused", refusing(func(r *registration) bool { return r.priority >= 700000 && r.priority <= 900000 })},
	{"negative-refused", []string{"CLEAN-PRI-1", "CLEAN-DUP-7"}, "negative priorities are refused", refusing(func(r *registration) bool { return r.priority < 0 })},
	{"bounds-excluded", []string{"CLEAN-PRI-1"}, "the bounds of the range of priorities are refused", refusing(func(r *registration) bool { return r.priority == -maxPriority || r.priority == maxPriority })},
	{"default-priority-is-one", []string{"CLEAN-PRI-3", "CLEAN-LEG-1"}, "the default priority is 1", defaultPriority(ensureNoPriority, 1)},
	{"descending-order", []string{"CLEAN-ORDER-1"}, "forms run in descending priority", comparing(func(x, y int64) int { return cmp.Compare(y, x) })},
	{"order-by-absolute-value", []string{"CLEAN-ORDER-1", "CLEAN-DUP-7"}, "forms run in the order of the absolute values of their priorities", comparing(func(x, y int64) int { return cmp.Compare(max(x, -x), max(y, -y)) })},
	{"order-by-text", []string{"CLEAN-ORDER-1"}, "priorities are compared as text", comparing(func(x, y int64) int { return cmp.Compare(fmt.Sprint(x), fmt.Sprint(y)) })},
	{"priorities-ignored", []string{"CLEAN-ORDER-1"}, "forms run in order of registration", func(l *law) { // the chain begins with the latest
		l.compare = func(int64, int64) int { return 0 }
		l.next = func(_ *State, entries []uint32) []uint32 { return entries[len(entries)-1:] }
	}},
	{"latest-registration-first", []string{"CLEAN-ORDER-1"}, "forms run in reverse order of registration", func(l *law) {
		l.compare = func(int64, int64) int { return 0 }
		l.next = func(_ *State, entries []uint32) []uint32 { return entries[:1] }
	}},
	{"waiting-form-overtaken", []string{"CLEAN-ORDER-4"}, "while a form waits the next one begins", func(l *law) { l.overtakes = (*State).waitsInCleanup }},
	{"sameness-is-eq", []string{"CLEAN-DUP-1", "CLEAN-DUP-3", "DEP-4", "DEP-5"}, "lists that are equal and not eq are two forms", func(l *law) {
		l.same = func(s *State, a, b Term) bool { return !s.isList(a) && s.sameForm(a, b) }
	}},
	{"sameness-is-equalp", []string{"CLEAN-DUP-2", "DEP-5"}, "forms that are equalp are one", func(l *law) {
		l.same = func(s *State, a, b Term) bool {
			return equalp(s.vectors(s.u.Value(a)), s.vectors(s.u.Value(b)))
		}
	}},
	{"sameness-is-of-function", []string{"CLEAN-DUP-2", "DEP-2", "DEP-5"}, "lists that begin with one function are one form", func(l *law) {
		l.same = func(s *State, a, b Term) bool {
			if s.isList(a) && s.isList(b) {
				return spec.Eql(s.u.Value(a).(spec.List).Items[0], s.u.Value(b).(spec.List).Items[0])
			}
			return s.sameForm(a, b)
		}
	}},
	{"function-never-same", []string{"CLEAN-REG-1", "CLEAN-DUP-1", "CLEAN-DUP-3", "CLEAN-DUP-4", "CLEAN-DUP-11", "CLEAN-LEG-1"}, "a function registered twice runs twice", func(l *law) {
		l.keeps = func(s *State, r *registration, entry uint32) {
			if !s.isList(r.form) {
				s.addCleanup(r.on, r.form, r.priority)
			}
			keepForm(s, r, entry)
		}
	}},
	{"duplicate-returns-true", []string{"CLEAN-DUP-3", "CLEAN-DUP-4"}, "a registration that changes nothing returns t", func(l *law) {
		l.keeps = func(s *State, r *registration, _ uint32) { s.returns(r.act.Frame, TrueTerm) }
	}},
	{"force-repeats-duplicate", []string{"CLEAN-DUP-4"}, "with :force t a form of the same priority is registered again", func(l *law) {
		l.keeps = func(s *State, r *registration, entry uint32) {
			if r.force {
				s.addCleanup(r.on, r.form, r.priority)
			}
			keepForm(s, r, entry)
		}
	}},
	{"conflict-ignored", []string{"CLEAN-DUP-5", "CLEAN-DUP-8"}, "a form with another priority is silently kept as it was", conflicting(func(s *State, r *registration, entry uint32) { s.returns(r.act.Frame, unspecified) })},
	{"conflict-adds", []string{"CLEAN-DUP-5", "CLEAN-DUP-8"}, "a form with another priority is silently added", conflicting(func(s *State, r *registration, entry uint32) {
		s.addCleanup(r.on, r.form, r.priority)
		s.returns(r.act.Frame, unspecified)
	})},
	{"error-but-replaced", []string{"CLEAN-DUP-6"}, "a form with another priority is an error and moves all the same", conflicting(func(s *State, r *registration, entry uint32) {
		defer r.refuseConflict(s, int64(s.cells[entry+nodeExtra]))
		s.removeCleanup(r.on, entry)
		s.addCleanup(r.on, r.form, r.priority)
	})},
	{"error-but-removed", []string{"CLEAN-DUP-6"}, "a form with another priority is an error and loses its registration", conflicting(func(s *State, r *registration, entry uint32) {
		defer r.refuseConflict(s, int64(s.cells[entry+nodeExtra]))
		s.removeCleanup(r.on, entry)
	})},
	{"force-by-default", []string{"CLEAN-DUP-8", "CLEAN-DUP-5"}, "force defaults to true", func(l *law) {
		l.forces = func(_ *State, r *registration) bool { return r.force || r.flags&ensureForceGiven == 0 }
	}},
	{"force-nil-forces", []string{"CLEAN-DUP-8", "CLEAN-DUP-5"}, ":force nil forces as :force t does", func(l *law) {
		l.forces = func(_ *State, r *registration) bool { return r.force || r.flags&ensureForceGiven != 0 }
	}},
	{"forced-move-keeps-old-entry", []string{"CLEAN-DUP-7"}, "a forced re-registration adds the form anew but leaves the old entry: it runs twice", func(l *law) {
		l.moves = func(s *State, r *registration, _ uint32) {
			s.addCleanup(r.on, r.form, r.priority)
			r.done(s)
		}
	}},
	{"forced-move-ignored", []string{"CLEAN-DUP-7"}, "a forced re-registration does nothing: the form keeps its old place", func(l *law) {
		l.moves = func(s *State, r *registration, _ uint32) { r.done(s) }
	}},
	{"forced-move-removes", []string{"CLEAN-DUP-7"}, "a forced re-registration removes the form and adds nothing", func(l *law) {
		l.moves = func(s *State, r *registration, entry uint32) {
			s.removeCleanup(r.on, entry)
			r.done(s)
		}
	}},
	{"in-cleanup-never", []string{"CLEAN-INP-1"}, "current-process-in-cleanup-p is always nil", cleaning(func(*State, Act) bool { return false })},
	{"in-cleanup-always", []string{"CLEAN-INP-2"}, "current-process-in-cleanup-p is always true", cleaning(func(*State, Act) bool { return true })},
	{"in-cleanup-global", []string{"CLEAN-INP-2"}, "current-process-in-cleanup-p is true while any process is in its cleanups", func(l *law) {
		l.cleaningShownBy = anyObject
		l.cleaning = func(s *State, _ Act) bool {
			for p := range s.processes {
				if s.get(p, processPhase) == phaseEnding {
					return true
				}
			}
			return false
		}
	}},
	{"in-cleanup-only-when-killed", []string{"CLEAN-INP-1"}, "current-process-in-cleanup-p is true only in a killed process", cleaning(func(s *State, act Act) bool {
		return isCleaning(s, act) && s.get(act.Process, processDying) != 0
	})},
	{"in-cleanup-only-in-functions", []string{"CLEAN-INP-1"}, "current-process-in-cleanup-p is nil in forms that are lists", cleaning(func(s *State, act Act) bool {
		arguments, _ := spec.Items(s.u.Value(Term(s.get(act.Frame, frameArguments))))
		return isCleaning(s, act) && len(arguments) == 1
	})},
	{"legacy-refused", []string{"CLEAN-LEG-1"}, "a second positional argument is an error", refusing(func(r *registration) bool { return r.flags&ensureLegacy != 0 })},
	{"legacy-process-ignored", []string{"CLEAN-LEG-1"}, "a second positional argument is ignored", watching(func(s *State, act Act, _ bool, flags uint64) (ID, bool) {
		return act.Process, flags&ensureLegacy != 0
	})},
	{"legacy-priority-is-lowest", []string{"CLEAN-LEG-1"}, "with a second positional argument the default priority is the lowest", defaultPriority(ensureLegacy, -maxPriority)},
	{"kill-in-cleanup-ends-phase", []string{"CLEAN-STATE-2", "PROC-EXIT-6"}, "current-process-kill inside a form ends the phase", func(l *law) {
		l.killsItselfInCleanup = func(s *State, act Act) {
			s.dropCleanups(act.Process)
			s.throw(act.Process, 0)
			s.finish(act.Frame, statusGone)
		}
	}},
}

// refusing has registrations be an error that are right.
func refusing(which func(*registration) bool) func(*law) {
	return func(l *law) {
		l.accepts = func(s *State, r *registration) bool {
			if which(r) {
				r.refuse(s, "this mutant refuses what is right")
				return false
			}
			return true
		}
	}
}

// watching has registrations be for another process, where instead says so.
func watching(instead func(s *State, act Act, given bool, flags uint64) (ID, bool)) func(*law) {
	return func(l *law) {
		l.watches = func(s *State, act Act) ID {
			given, flags := s.arg(act.Frame, ensuredProcess) != 0, s.arg(act.Frame, ensuredFlags)
			if p, ok := instead(s, act, given, flags); ok {
				return p
			}
			return s.watches(act)
		}
	}
}

// applying has the function of a list be called with other arguments.
func applying(arguments func(process spec.Value, cdr []spec.Value) []spec.Value) func(*law) {
	return func(l *law) {
		l.applies = func(s *State, form Term, function, process spec.Value, cdr []spec.Value, list bool) []spec.Value {
			if list {
				return arguments(process, cdr)
			}
			return applyForm(s, form, function, process, cdr, list)
		}
	}
}

// defaultPriority has another one where a flag is found.
func defaultPriority(flag uint64, priority int64) func(*law) {
	return func(l *law) {
		l.priority = func(_ *State, r *registration) int64 {
			if r.flags&flag != 0 {
				return priority
			}
			return r.priority
		}
	}
}

func comparing(compare func(x, y int64) int) func(*law) {
	return func(l *law) { l.compare = compare }
}

func conflicting(answer func(s *State, r *registration, entry uint32)) func(*law) {
	return func(l *law) { l.conflicts = answer }
}

func cleaning(tells func(*State, Act) bool) func(*law) {
	return func(l *law) { l.cleaning = tells }
}

// runAtRegistration runs a form at once that a process registers on itself without a priority, beside.
func runAtRegistration(s *State, r *registration) {
	if r.on == r.act.Process && r.flags&ensureNoPriority != 0 {
		function, arguments := s.application(r.on, r.form)
		if code, ok := s.code(r.on, s.u.Intern(function)); ok {
			s.addCleanup(r.on, r.form, r.priority)
			s.enter(r.act.Frame, stageBody, code, s.u.Intern(spec.NewList(arguments...)))
			return
		}
	}
	registerForm(s, r)
}

// takeAllAlong gives a process that ends the cleanups of all others.
func takeAllAlong(s *State, p ID) {
	for q := range s.processes {
		if s.get(q, processPhase) != phaseEnding { // p itself, and those that have taken theirs along: copies of copies double
			s.addCleanupsOf(p, q)
		}
	}
}

// addCleanupsOf gives p the cleanups of q as well.
func (s *State) addCleanupsOf(p, q ID) {
	for at := uint32(s.get(q, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
		s.addCleanup(p, Term(s.cells[at+nodeTerm]), int64(s.cells[at+nodeExtra]))
	}
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

// registersToo tells whether another process is about to register on the same one.
func (s *State) registersToo(act Act, p ID) bool {
	for q := range s.processes {
		f := s.innermost(q)
		if q == act.Process || f == 0 || s.get(f, frameState) != frameOpen || s.get(f, frameRule) != s.get(act.Frame, frameRule) {
			continue
		}
		if s.law.watches(s, Act{Process: q, Frame: f}) == p {
			return true
		}
	}
	return false
}

// anotherHas tells whether a process other than p has the form.
func (s *State) anotherHas(p ID, form Term) bool {
	for q := range s.processes {
		if q != p && s.findCleanup(q, form) != 0 {
			return true
		}
	}
	return false
}

// waitsInCleanup tells whether a form of an ending process waits for somebody.
func (s *State) waitsInCleanup(p ID) bool {
	f := s.innermost(p)
	return s.get(f, frameState) == frameOpen && s.get(p, processCleanups) > 0 && len(s.operationActs(p, f, nil)) == 0
}
