package model

import (
	"cmp"
	"fmt"
	"slices"

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
			act.Object = s.law.cleaningShownBy
			out = append(out, act)
			if s.get(act.Process, processPhase) == phaseRunning && s.ending(act.Process) {
				act.Choice = cleaningTrue
				out = append(out, act)
			}
			if s.late(act.Process) {
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

// Answers while a process unwinds (CLEAN-INP-3).
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
	code func(s *State, form Term, function spec.Value) (uint64, bool)

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

// The range of cleanup priorities (CLEAN-PRI-1).
const maxPriority = 1000000

// What decoding found of a registration, in its fifth argument.
const (
	ensureLegacy        = 1 << iota // the process was given as second argument
	ensureMixed                     // and keywords beside it (CLEAN-LEG-3)
	ensureNilProcess                // nil as second argument (CLEAN-LEG-3), or as :process, of which nothing is said either
	ensureBadForm                   // no function, symbol or list of one (CLEAN-FORM-5)
	ensureBareSymbol                // CLEAN-FORM-4
	ensureBeyond                    // a priority out of range (CLEAN-PRI-2)
	ensureNoPriority                // the keyword :priority was not given
	ensureForceGiven                // the keyword :force was
	ensureProcessBefore             // :process stood before another keyword
	ensureTwice                     // the process was given by position and by :process (CLEAN-LEG-3)

	// With one of these the call may be refused.
	ensureRefusable = ensureMixed | ensureNilProcess | ensureBadForm | ensureBareSymbol | ensureBeyond
)

// unknownKeyword has a call doubtful that is right but for keywords nobody documents: in Common Lisp it is an
// error, and who has more keywords, or ignores them, breaks no call that the documents know.
func unknownKeyword(u *Universe, call spec.Call, o *Operation) bool {
	op := spec.LookupOp(call.Op)
	known := call
	known.Keys = slices.DeleteFunc(slices.Clone(call.Keys), func(k spec.Key) bool {
		return !slices.ContainsFunc(op.Keys, func(p spec.Param) bool { return p.Name == k.Name })
	})
	if op.CheckCall(known) != nil {
		return false
	}
	o.cite("CLEAN-SIG-1")
	o.doubts(u, &spec.Condition{Type: "program-error", Message: "a keyword is unknown"})
	return true
}

// Arguments of ensure-process-cleanup: form, priority as an int64, force, process or 0 for the
// current one, what decoding found, the positional process where :process is given too.
func decodeEnsureCleanup(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	flags := uint64(ensureNoPriority)
	switch form := call.Arg(0).(type) {
	case spec.List:
		if form.Dotted != nil || !callable(u, form.Items[0]) {
			flags |= ensureBadForm
		}
	case spec.Symbol:
		flags |= ensureBareSymbol
	default:
		// What `new` made may be a list: only the state can tell.
		if _, made := u.Object(form, KindObject); !made && !callable(u, form) {
			flags |= ensureBadForm
		}
	}
	o.args[0] = uint64(u.Intern(call.Arg(0)))
	if len(call.Args) > 1 { // CLEAN-LEG-1
		flags |= ensureLegacy
		if len(call.Keys) > 0 {
			flags |= ensureMixed
		}
		if !spec.Truth(call.Args[1]) {
			flags |= ensureNilProcess
		} else if c := objectArg(u, call.Args[1], KindProcess, &o.args[3]); c != nil {
			return c
		}
	}
	for i, k := range call.Keys {
		switch k.Name {
		case "priority":
			n, ok := k.Value.(spec.Int)
			if !ok { // CLEAN-PRI-2
				o.doubts(u, wrongType("the priority", k.Value, "an integer from -1000000 to 1000000"))
				n = spec.Int(oddPriority(u.Intern(k.Value)))
			} else if n < -maxPriority || n > maxPriority {
				flags |= ensureBeyond
				n = max(n, oddest)
			}
			flags &^= ensureNoPriority
			o.args[1] = uint64(n)
		case "force":
			flags |= ensureForceGiven
			o.args[2] = uint64(truth(spec.Truth(k.Value))) - uint64(NilTerm)
		case "process":
			if i+1 < len(call.Keys) {
				flags |= ensureProcessBefore
			}
			if flags&ensureLegacy != 0 {
				flags |= ensureTwice
				o.args[5] = o.args[3]
			}
			if !spec.Truth(k.Value) {
				flags |= ensureNilProcess
			} else if c := objectArg(u, k.Value, KindProcess, &o.args[3]); c != nil {
				return c
			}
		default:
			// CLEAN-SIG-1 says what is accepted; that anything else is refused is not said.
			o.doubts(u, &spec.Condition{Type: "program-error", Message: "ensure-process-cleanup knows no keyword :" + k.Name})
		}
	}
	o.args[4] = flags
	return nil
}

// Ways in which a registration may go that the documents leave open: on a process that is
// ending or dead (CLEAN-PROC-5, -6), or of a doubtful form.
const (
	registerDone = iota
	registerRefused
	registerIgnored
	registerLast   // it runs after all others (CLEAN-PROC-6)
	registerPlain  // the keywords beside a positional process are ignored (CLEAN-LEG-3)
	registerAtOnce // the form of a dead process is run now, by whoever calls (CLEAN-PROC-5)
	registerSame   // its priority counts as the one that the form has (CLEAN-PRI-2)

	// One of these, and the process is the positional one though :process names another (CLEAN-LEG-3).
	registerPositional = 1 << 8
)

func ensureCleanupActs(s *State, act Act, out []Act) []Act {
	out = s.registerActs(act, out)
	if s.open && s.get(act.Frame, frameArg4)&ensureTwice != 0 && s.get(act.Frame, frameStage) == 0 {
		ways := len(out)
		act.Choice = registerPositional
		out = s.registerActs(act, out)
		for i := ways; i < len(out); i++ {
			out[i].Choice |= registerPositional
		}
	}
	return out
}

func (s *State) registerActs(act Act, out []Act) []Act {
	p, flags := s.law.watches(s, act), s.get(act.Frame, frameArg4)
	act.Object = cmp.Or(s.law.registeringShownBy, p)
	phase := s.get(p, processPhase)
	// A form that registers itself anew while it runs is not run without end (CLEAN-PROC-6); an open state
	// may go on with that for as long as anybody does.
	itself := !s.open && phase == phaseEnding && s.law.same(s, Term(s.get(p, processForm)), Term(s.get(act.Frame, frameArg0)))
	if phase != phaseDead && !itself || s.get(act.Frame, frameStage) != 0 {
		out = append(out, act)
	}
	add := func(way uint16) {
		act.Choice = way
		out = append(out, act)
	}
	if s.open && s.get(act.Frame, frameStage) == 0 {
		if phase == phaseEnding && !itself {
			add(registerLast)
		}
		if phase != phaseDead && flags&ensureMixed != 0 && !itself {
			add(registerPlain)
		}
		if entry := s.findCleanup(p, Term(s.get(act.Frame, frameArg0))); entry != 0 && !itself {
			old, priority := int64(s.cells[entry+nodeExtra]), int64(s.get(act.Frame, frameArg1))
			if old != priority && s.samePriority(old, priority) {
				add(registerSame)
			}
		}
		if phase == phaseDead && s.callableForm(Term(s.get(act.Frame, frameArg0))) {
			add(registerAtOnce)
		}
		if phase < phaseEnding && !s.callableForm(Term(s.get(act.Frame, frameArg0))) { // CLEAN-FORM-5
			add(registerRefused)
			add(registerIgnored)
			return out
		}
	}
	// Once a process has been asked to die nothing says that its end has not begun (CLEAN-PROC-7).
	late := phase >= phaseEnding || s.open && s.ending(p)
	if late || flags&ensureRefusable != 0 {
		act.Choice = registerRefused
		out = append(out, act)
	}
	if late || flags&ensureBadForm != 0 {
		act.Choice = registerIgnored
		out = append(out, act)
	}
	return out
}

// watches is the process that a registration is for: the one given, else the current one.
func (s *State) watches(act Act) ID {
	p := ID(s.get(act.Frame, frameArg3))
	if act.Choice&registerPositional != 0 {
		p = ID(s.get(act.Frame, frameArg5))
	}
	return cmp.Or(p, act.Process)
}

// A registration is one that takes effect.
type registration struct {
	act      Act
	on       ID
	form     Term
	priority int64
	force    bool
	flags    uint64
}

func (s *State) registration(act Act) *registration {
	f := act.Frame
	r := &registration{act: act, on: s.law.watches(s, act), form: Term(s.get(f, frameArg0)), priority: int64(s.get(f, frameArg1)),
		force: s.get(f, frameArg2) != 0, flags: s.get(f, frameArg4)}
	r.act.Choice &^= registerPositional
	if r.act.Choice == registerPlain {
		r.priority, r.force = 0, false
	}
	return r
}

// refuse answers with an error.
func (r *registration) refuse(s *State, format string, args ...any) {
	s.signal(r.act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: fmt.Sprintf(format, args...)}))
}

// citeCall cites what is said of the way in which a registration is called.
func (r *registration) citeCall(s *State) {
	given := s.get(r.act.Frame, frameArg3) != 0
	switch phase := s.get(r.on, processPhase); {
	case phase == phaseDead:
		s.cite("CLEAN-PROC-5")
	case phase == phaseEnding:
		s.cite("CLEAN-PROC-6")
	case r.flags&(ensureMixed|ensureNilProcess) != 0:
		s.cite("CLEAN-LEG-3")
	case r.flags&ensureLegacy != 0:
		s.cite("CLEAN-LEG-1")
	case given:
		s.cite("CLEAN-PROC-2")
	case r.flags&ensureNoPriority != 0 && r.flags&ensureForceGiven == 0:
		s.cite("CLEAN-PROC-1", "CLEAN-LEG-2")
	default:
		s.cite("CLEAN-PROC-1")
	}
	switch {
	case r.flags&ensureBadForm != 0, s.open && !s.callableForm(r.form):
		s.cite("CLEAN-FORM-5")
	case r.flags&ensureBareSymbol != 0:
		s.cite("CLEAN-FORM-4")
	}
	if r.flags&ensureBeyond != 0 {
		s.cite("CLEAN-PRI-2")
	}
}

func ensureCleanup(s *State, act Act) {
	r := s.registration(act)
	r.citeCall(s)
	act = r.act
	switch {
	case act.Choice == registerRefused:
		r.refuse(s, "the form, its priority or its process is not one that this implementation accepts")
		return
	case act.Choice == registerIgnored, s.get(act.Frame, frameStage) != 0:
		s.returns(act.Frame, unspecified)
		return
	case act.Choice == registerSame:
		s.returns(act.Frame, NilTerm)
		return
	case !s.law.accepts(s, r):
		return
	case act.Choice == registerAtOnce:
		function, arguments := s.application(r.on, r.form)
		code, _ := s.code(s.u.Intern(function))
		s.enter(act.Frame, stageBody, code, s.u.Intern(spec.NewList(arguments...)))
		return
	}
	r.priority, r.force = s.law.priority(s, r), s.law.forces(s, r)
	switch entry := s.findCleanup(r.on, r.form); {
	case entry == 0:
		s.law.registers(s, r)
	case int64(s.cells[entry+nodeExtra]) == r.priority:
		s.law.keeps(s, r, entry)
	case !r.force:
		s.law.conflicts(s, r, entry)
	default:
		s.law.moves(s, r, entry)
	}
}

// acceptsRegistration: keywords come in any order, and any priority of the range is one.
func acceptsRegistration(s *State, r *registration) bool {
	if r.flags&ensureProcessBefore != 0 {
		s.cite("CLEAN-SIG-1")
	}
	if r.flags&ensureNoPriority == 0 {
		s.cite("CLEAN-PRI-1")
	}
	return true
}

func registeredPriority(s *State, r *registration) int64 {
	if r.flags&ensureNoPriority != 0 {
		s.cite("CLEAN-PRI-3")
	}
	return r.priority
}

func forcesRegistration(s *State, r *registration) bool { return r.force }

// registerForm adds a form that is new.
func registerForm(s *State, r *registration) {
	s.cite("CLEAN-REG-1", "CLEAN-PROC-7")
	if s.isDependent(r.form) {
		s.cite("DEP-1")
	}
	if s.otherHas(r.on, r.form) {
		s.cite("CLEAN-PROC-4")
	}
	if s.hasAlike(r.on, r.form) {
		s.cite("CLEAN-DUP-2")
	}
	s.addCleanupIn(r.on, r.form, r.priority, s.wayOf(r.form, r.priority, r.act.Choice == registerLast))
	r.done(s)
}

// done answers that a form was registered.
func (r *registration) done(s *State) {
	s.cite("CLEAN-DUP-9")
	s.returns(r.act.Frame, unspecified)
}

// keepForm: of the same form with the same priority nothing happens, whatever force is.
func keepForm(s *State, r *registration, entry uint32) {
	if r.force {
		s.cite("CLEAN-DUP-4")
	} else {
		s.cite("CLEAN-DUP-3")
	}
	r.citeSame(s)
	s.returns(r.act.Frame, NilTerm)
}

// citeSame cites what makes two forms the same.
func (r *registration) citeSame(s *State) {
	if s.isDependent(r.form) {
		s.cite("DEP-4", "DEP-5")
	}
	if s.isList(r.form) {
		s.cite("CLEAN-DUP-1")
	} else {
		s.cite("CLEAN-DUP-11")
	}
	s.cite("CLEAN-REG-1")
}

// isDependent tells whether a form is what add-process-dependent registers: the list of the function that
// informs, by its name, and the dependent.
func (s *State) isDependent(form Term) bool {
	if s.cited == nil {
		return false
	}
	l, _ := s.u.Value(form).(spec.List)
	if len(l.Items) != 2 {
		return false
	}
	symbol, ok := l.Items[0].(spec.Symbol)
	return ok && symbol.Name == "DELETE-PROCESS-DEPENDENT"
}

func (s *State) isList(form Term) bool {
	_, list := s.u.Value(form).(spec.List)
	return list
}

// refuseForm: another priority without force is an error, and the registration is as before.
func refuseForm(s *State, r *registration, entry uint32) {
	if r.flags&ensureForceGiven == 0 {
		s.cite("CLEAN-DUP-8")
	}
	s.cite("CLEAN-DUP-5", "CLEAN-DUP-6")
	r.refuseConflict(s, int64(s.cells[entry+nodeExtra]))
}

func (r *registration) refuseConflict(s *State, priority int64) {
	r.refuse(s, "%s is already a cleanup of the process, with priority %d", s.u.Value(r.form), priority)
}

// moveForm removes the old entry and registers the form anew.
func moveForm(s *State, r *registration, entry uint32) {
	s.cite("CLEAN-DUP-7")
	if s.hasAtPriority(r.on, r.priority) {
		s.cite("CLEAN-DUP-10")
	}
	s.removeCleanup(r.on, entry)
	s.addCleanupIn(r.on, r.form, r.priority, s.wayOf(r.form, r.priority, r.act.Choice == registerLast))
	r.done(s)
}

// sameForm is the sameness of forms: cl:equal.
func (s *State) sameForm(a, b Term) bool { return s.equal(a, b) }

func (s *State) findCleanup(p ID, form Term) uint32 {
	for at := uint32(s.get(p, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
		if s.law.same(s, Term(s.cells[at+nodeTerm]), form) {
			return at
		}
	}
	return 0
}

// otherHas tells whether a process other than p has the form; only who listens to citations minds.
func (s *State) otherHas(p ID, form Term) bool {
	if s.cited == nil {
		return false
	}
	for q := ID(s.get(world, worldOldest)); q != 0; q = ID(s.get(q, processNext)) {
		if q != p && s.findCleanup(q, form) != 0 {
			return true
		}
	}
	return false
}

// hasAlike tells whether p has a form that is like another and not the same: equalp, or with the same function.
func (s *State) hasAlike(p ID, form Term) bool {
	if s.cited == nil {
		return false
	}
	for at := uint32(s.get(p, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
		x, y := s.u.Value(Term(s.cells[at+nodeTerm])), s.u.Value(form)
		a, aList := x.(spec.List)
		b, bList := y.(spec.List)
		if aList && bList && spec.Eql(a.Items[0], b.Items[0]) {
			return true
		}
	}
	return false
}

func (s *State) hasAtPriority(p ID, priority int64) bool {
	for at := uint32(s.get(p, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
		if int64(s.cells[at+nodeExtra]) == priority {
			return true
		}
	}
	return false
}
