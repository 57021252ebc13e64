package model

import (
	"cmp"
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// What becomes of a registration: who is watched (CLEAN-PROC), in which ways it may go, and a form that is new (CLEAN-REG).

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
	if s.open && s.arg(act.Frame, ensuredFlags)&ensureTwice != 0 && s.get(act.Frame, frameStage) == 0 {
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
	p, flags := s.law.watches(s, act), s.arg(act.Frame, ensuredFlags)
	act.Touches = onlyWrites(p).reading(s.law.registeringShownBy)
	phase := s.get(p, processPhase)
	// A form that registers itself anew while it runs is not run without end (CLEAN-PROC-6); an open state
	// may go on with that for as long as anybody does.
	itself := !s.open && phase == phaseEnding && s.law.same(s, Term(s.get(p, processForm)), Term(s.arg(act.Frame, ensuredForm)))
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
		if entry := s.findCleanup(p, Term(s.arg(act.Frame, ensuredForm))); entry != 0 && !itself {
			old, priority := int64(s.cells[entry+nodeExtra]), int64(s.arg(act.Frame, ensuredPriority))
			if old != priority && s.samePriority(old, priority) {
				add(registerSame)
			}
		}
		if phase == phaseDead && s.callableForm(p, Term(s.arg(act.Frame, ensuredForm))) {
			add(registerAtOnce)
		}
		if phase < phaseEnding && !s.callableForm(p, Term(s.arg(act.Frame, ensuredForm))) { // CLEAN-FORM-5
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
	p := ID(s.arg(act.Frame, ensuredProcess))
	if act.Choice&registerPositional != 0 {
		p = ID(s.arg(act.Frame, ensuredPositional))
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
	r := &registration{act: act, on: s.law.watches(s, act), form: Term(s.arg(f, ensuredForm)), priority: int64(s.arg(f, ensuredPriority)),
		force: s.arg(f, ensuredForce) != 0, flags: s.arg(f, ensuredFlags)}
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
	given := s.arg(r.act.Frame, ensuredProcess) != 0
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
	case r.flags&ensureBadForm != 0, s.open && !s.callableForm(r.on, r.form):
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
		code, _ := s.code(r.on, s.u.Intern(function))
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
	s.addCleanupIn(r.on, r.form, r.priority, s.wayOf(r.act.Process, r.on, r.form, r.priority, r.act.Choice == registerLast))
	r.done(s)
}

// done answers that a form was registered.
func (r *registration) done(s *State) {
	s.cite("CLEAN-DUP-9")
	s.returns(r.act.Frame, unspecified)
}
