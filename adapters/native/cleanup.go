package native

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// cleanup is a registered form with its priority.
type cleanup struct {
	form     spec.Value
	priority int64
}

// The range of a cleanup's priority, both ends included (CLEAN-PRI-1).
const minPriority, maxPriority = -1_000_000, 1_000_000

// ensureProcessCleanup registers a form once (CLEAN-REG-1, CLEAN-DUP-1 to -11). It returns
// nil for a duplicate and t for a form that it added or moved. The legacy call with the
// process as second positional argument is accepted (CLEAN-LEG-1); mixed with the
// keyword :process it is refused (CLEAN-LEG-3).
func ensureProcessCleanup(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	form := c.Args[0]
	if err := s.checkForm(form); err != nil {
		return nil, err
	}
	p := f.proc
	named, byKey := c.Key("process")
	if len(c.Args) > 1 {
		if byKey {
			return nil, programError("%s: the process is given twice", c.Op)
		}
		named, byKey = c.Args[1], true
	}
	if byKey {
		var err error
		if p, err = s.processOf(named); err != nil {
			return nil, err
		}
	}
	priority := int64(0)
	if v, ok := c.Key("priority"); ok {
		n, isInt := v.(spec.Int)
		if !isInt || n < minPriority || n > maxPriority { // CLEAN-PRI-2
			return nil, typeError("the priority", v, "an integer from -1000000 to 1000000")
		}
		priority = int64(n)
	}
	if p.phase != living { // CLEAN-PROC-5, CLEAN-PROC-6
		return nil, simpleError("%s %q is ending or dead: the cleanup would not run", p.ref, p.name)
	}
	at := slices.IndexFunc(p.cleanups, func(old cleanup) bool { return s.equal(old.form, form) })
	if at >= 0 {
		switch old := p.cleanups[at]; {
		case old.priority == priority: // CLEAN-DUP-3, -4
			return one(spec.Nil{}), nil
		case !spec.Truth(keyword(c, "force")): // CLEAN-DUP-5, -6
			return nil, simpleError("the cleanup %s is registered for %s %q with priority %d: priority %d needs :force",
				form, p.ref, p.name, old.priority, priority)
		}
		p.cleanups = slices.Delete(p.cleanups, at, at+1) // CLEAN-DUP-7
	}
	p.cleanups = append(p.cleanups, cleanup{form, priority})
	return one(spec.True{}), nil
}

// checkForm refuses what can't be called whatever it names later: a form is a function, a
// symbol, or a proper list of one of them and arguments (CLEAN-FORM-1 to -5).
func (s *system) checkForm(form spec.Value) error {
	head := form
	if items, ok := spec.Items(s.structure(form)); ok && len(items) > 0 {
		head = items[0]
	}
	switch v := head.(type) {
	case spec.Symbol:
		return nil
	case spec.Ref:
		if _, ok := s.objects[v.ID].(function); ok {
			return nil
		}
	}
	return typeError("the cleanup form", form, "a function, or a list of a function and arguments")
}

// cleanUp is the cleanup phase, lived through by the ending process itself: its forms run
// one after the other in ascending priority, equal ones in the order of registration
// (CLEAN-ORDER-1, -2, -4; CLEAN-PROC-3). A form that leaves abnormally is over; the
// next one runs (CLEAN-ERR-1). In a closing system nothing runs: no operation would work.
func (p *process) cleanUp() {
	s := p.sys
	s.mu.Lock()
	defer s.mu.Unlock()
	p.phase = cleaning
	slices.SortStableFunc(p.cleanups, func(a, b cleanup) int { return int(a.priority - b.priority) })
	for len(p.cleanups) > 0 && !s.closed && !(s.aborted && p == s.main) {
		form := p.cleanups[0].form
		p.cleanups = p.cleanups[1:]
		args := []spec.Value{p.ref}
		if items, ok := spec.Items(s.structure(form)); ok && len(items) > 0 {
			form = items[0]
			args = append(args, items[1:]...)
		}
		code, err := s.functionOf(form)
		if err != nil {
			continue // An unbound symbol: the form leaves by an error.
		}
		root := frame{sys: s, proc: p}
		root.call(code, args)
		p.top = nil
	}
}

// currentProcessInCleanupP is true inside registered cleanups, and nil in the forms of
// unwind-protect of a process that is being killed (CLEAN-INP-1 to -3).
func currentProcessInCleanupP(f *frame, _ spec.Call) ([]spec.Value, error) {
	return one(spec.Bool(f.proc.phase == cleaning)), nil
}
