package model

import (
	"github.com/mpcheck/mpcheck/spec"
)

// CLEAN-DUP: a form that is there already, and what sameness is.

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
	s.addCleanupIn(r.on, r.form, r.priority, s.wayOf(r.act.Process, r.on, r.form, r.priority, r.act.Choice == registerLast))
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
	for q := range s.processes {
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
