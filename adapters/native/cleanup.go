package native

import (
	"math"
	"slices"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// cleanup is a registered form with its priority.
type cleanup struct {
	form     spec.Value
	priority float64       // an integer, unless decisions.fractions
	ofOther  bool          // another process has registered it
	code     spec.Callback // what the form calls, where that was looked up at registration, or 0
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
	if len(c.Args) > 1 && len(c.Keys) > 0 {
		switch s.decide.mixture {
		case mixtureIgnored:
			c.Keys = nil
		case mixtureRefused:
			return nil, kit.ProgramError("%s: keywords after the process as second argument", c.Op)
		}
	}
	p, err := f.cleanupProcess(c)
	if err != nil {
		return nil, err
	}
	priority, err := s.cleanupPriority(c)
	if err != nil {
		return nil, err
	}
	entry := cleanup{form: form, priority: priority, ofOther: p != f.proc}
	if s.decide.resolvesEarly {
		entry.code, _ = s.FunctionOf(s.head(form))
	}
	if p.phase != living {
		return s.registerAfterLife(p, entry)
	}
	at := slices.IndexFunc(p.cleanups, func(old cleanup) bool { return s.Equal(old.form, form) })
	if at < 0 {
		p.cleanups = append(p.cleanups, entry)
		return s.added()
	}
	switch old := p.cleanups[at]; {
	case old.priority == priority: // CLEAN-DUP-3, -4
		return kit.One(spec.Nil{}), nil
	case !spec.Truth(kit.Keyword(c, "force")): // CLEAN-DUP-5, -6
		return nil, kit.SimpleError("the cleanup %s is registered for %s %q with priority %v: priority %v needs :force",
			form, p.ref, p.name, old.priority, priority)
	}
	p.cleanups = slices.Delete(p.cleanups, at, at+1) // CLEAN-DUP-7
	at = len(p.cleanups)
	if s.decide.movedTo != nil {
		at = s.decide.movedTo(at)
	}
	p.cleanups = slices.Insert(p.cleanups, at, entry)
	return s.added()
}

// added is what a registration answers that did add or move (CLEAN-DUP-9).
func (s *system) added() ([]spec.Value, error) {
	if s.decide.registered != nil {
		return s.decide.registered()
	}
	return kit.One(spec.True{}), nil
}

// cleanupProcess is the process that a registration is about.
func (f *frame) cleanupProcess(c spec.Call) (*process, error) {
	named, given := c.Key("process")
	if len(c.Args) > 1 {
		if given {
			return nil, kit.ProgramError("%s: the process is given twice", c.Op)
		}
		named, given = c.Args[1], true
	}
	if !given || f.sys.decide.nilIsMe && !spec.Truth(named) {
		return f.current(c)
	}
	return f.sys.processOf(named)
}

// cleanupPriority reads :priority (CLEAN-PRI-2).
func (s *system) cleanupPriority(c spec.Call) (float64, error) {
	v, given := c.Key("priority")
	if !given {
		return 0, nil
	}
	n, real := spec.Seconds(v)
	_, integer := v.(spec.Int)
	switch {
	case !real || math.IsNaN(n) || !integer && !s.decide.fractions && !s.decide.anyPriority,
		n != math.Trunc(n) && !s.decide.fractions,
		(n < minPriority || n > maxPriority) && !s.decide.anyPriority:
		return 0, kit.TypeError("the priority", v, "an integer from -1000000 to 1000000")
	}
	return n, nil
}

// registerAfterLife registers a form on a process that is in its cleanups (CLEAN-PROC-6) or
// past them (CLEAN-PROC-5). A form that has run doesn't run again.
func (s *system) registerAfterLife(p *process, entry cleanup) ([]spec.Value, error) {
	d := &s.decide
	switch {
	case p.phase != cleaning && d.runsOnDead:
		s.runAtOnce(p, entry)
		return s.added()
	case p.phase != cleaning && d.registerOnDead != nil:
		return d.registerOnDead()
	case p.phase != cleaning || d.registerLate == lateRefused:
		return nil, kit.SimpleError("%s %q is ending or dead: the cleanup would not run", p.ref, p.name)
	}
	same := func(old cleanup) bool { return s.Equal(old.form, entry.form) }
	if slices.ContainsFunc(p.cleanups, same) || slices.ContainsFunc(p.ran, same) {
		return kit.One(spec.Nil{}), nil
	}
	switch d.registerLate {
	case lateNever:
		return s.added()
	case lateLast:
		for _, other := range p.cleanups {
			entry.priority = max(entry.priority, other.priority+1) // after its equals too, whatever their order
		}
	}
	p.cleanups = append(p.cleanups, entry)
	return s.added()
}

// runAtOnce runs a form for a process that is dead, on a goroutine that lasts as long.
func (s *system) runAtOnce(p *process, entry cleanup) {
	s.Go(func() {
		s.Lock()
		defer s.Unlock()
		if !s.IsClosed() {
			p.late++
			p.runForm(entry)
			p.late--
		}
	})
}

// head is what a form calls.
func (s *system) head(form spec.Value) spec.Value {
	if items, ok := spec.Items(s.Structure(form)); ok && len(items) > 0 {
		return items[0]
	}
	return form
}

// checkForm refuses what can't be called whatever it names later: a form is a function, a
// symbol, or a proper list of one of them and arguments (CLEAN-FORM-1 to -5).
func (s *system) checkForm(form spec.Value) error {
	d := &s.decide
	switch head := s.head(form).(type) {
	case spec.Symbol:
		if head == form && d.symbolRefused {
			break
		}
		return nil
	case spec.Ref:
		if _, ok := s.Object(head).(kit.Function); ok {
			return nil
		}
	}
	if d.oddFormFails || d.oddFormIgnored {
		return nil
	}
	return kit.TypeError("the cleanup form", form, "a function, or a list of a function and arguments")
}

// cleanUp is the cleanup phase, lived through by the ending process itself: its forms run
// one after the other in ascending priority, equal ones in the order of registration
// (CLEAN-ORDER-1, -2, -4; CLEAN-PROC-3). A form that leaves abnormally is over; the
// next one runs (CLEAN-ERR-1). In a closing system nothing runs: no operation would work.
// The monitor is held, but not while a form runs.
func (p *process) cleanUp() {
	s, top := p.sys, p.Top()
	if p.phase != living {
		return
	}
	p.phase, p.outside = cleaning, len(p.bound)
	p.joiners.Wake() // Who may take it for ended now, looks.
	for len(p.cleanups) > 0 && !s.IsClosed() && !(s.IsAborted() && p.IsMain()) {
		p.standStill()
		at := p.next()
		entry := p.cleanups[at]
		p.cleanups = slices.Delete(p.cleanups, at, at+1)
		p.ran = append(p.ran, entry)
		if complete := p.runForm(entry); complete {
			continue
		}
		if s.decide.debugsForm {
			p.Root().Wait("the debugger", kit.Forever, kit.Never)
		}
		if s.decide.skipsAfterError {
			break
		}
	}
	p.standStill()
	p.phase = cleaned
	p.SetTop(top)
}

// next is the index of the form that is to run now.
func (p *process) next() int {
	var first []int // those of the least priority
	for i, entry := range p.cleanups {
		if len(first) == 0 || entry.priority < p.cleanups[first[0]].priority {
			first = append(first[:0], i)
		} else if entry.priority == p.cleanups[first[0]].priority {
			first = append(first, i)
		}
	}
	if among := p.sys.decide.amongEquals; among != nil {
		return first[among(len(first))]
	}
	return first[0]
}

// runForm calls a form with its process, and tells whether it left normally.
func (p *process) runForm(entry cleanup) (complete bool) {
	s := p.sys
	root := frameOf(p.Root())
	defer p.SetTop(nil)
	args := []spec.Value{p.ref}
	if items, ok := spec.Items(s.Structure(entry.form)); ok && len(items) > 0 {
		args = append(args, items[1:]...)
	}
	head := s.head(entry.form)
	_, symbol := entry.form.(spec.Symbol)
	switch code, err := s.FunctionOf(head); {
	case entry.code != 0:
		_, complete = root.Call(entry.code, args)
	case symbol && s.decide.symbolFails:
	case err == nil:
		_, complete = root.Call(code, args)
	case s.decide.lambdaCalled && isLambda(head):
		complete = root.callLambda(args[1:], p.ref)
	default: // A symbol that names nothing, or no form at all: it leaves by an error.
		complete = s.decide.oddFormIgnored
	}
	return complete
}

// currentProcessInCleanupP is true inside registered cleanups, and nil in the forms of
// unwind-protect of a process that is being killed (CLEAN-INP-1 to -3).
func currentProcessInCleanupP(f *frame, _ spec.Call) ([]spec.Value, error) {
	p, d := f.proc, &f.sys.decide
	in := p.phase == cleaning || p.late > 0
	if p.phase == living && p.asked { // CLEAN-INP-3
		in = p.killed && d.unwindingSeen || !p.killed && d.pendingSeen
	}
	return kit.One(spec.Bool(in)), nil
}
