package traces

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// label moves on over one label; false ends the judgement.
func (c *checker) label(i int) bool {
	l := &c.script.Labels[i]
	if c.torn && l.Frame != 0 {
		return true
	}
	f, bound := c.script.Frames[l.Frame]
	if c.script.Unknown[i] {
		return c.giveUp(fmt.Sprintf("label %d: nothing says which program the object is that the code is given, or which thread runs it", i))
	}
	switch l.Kind {
	case spec.QuietLabel:
		return c.quiet(i)
	case spec.ClockLabel:
		return true
	}
	if _, named := c.script.Owner[l.Frame]; !bound && !named {
		return c.giveUp(fmt.Sprintf("label %d: frame %d names no process; in an adapter in Go its frames lack spec.ProcessFrame", i, l.Frame))
	}
	if !bound {
		return c.giveUp(fmt.Sprintf("label %d: nothing says where the process of frame %d comes from", i, l.Frame))
	}
	if pid, stranger := c.script.Strangers[i]; stranger {
		return c.giveUp(fmt.Sprintf("label %d: of several programs nothing says which one has the process id %d", i, pid))
	}
	switch l.Kind {
	case spec.EnterLabel:
		return c.entered(i, f)
	case spec.CallLabel:
		return c.called(i, f)
	case spec.ReturnLabel, spec.GoneLabel:
		if c.skipped[l.Frame] {
			delete(c.skipped, l.Frame)
			return true
		}
		if c.over && l.Kind == spec.GoneLabel || l.Return.Status == spec.Aborted {
			return c.tornDown()
		}
		return c.ended(i, f)
	case spec.LeaveLabel:
		c.leaves(i, f)
		c.over = c.over || l.Frame == 0
		if c.over && c.heard() {
			return c.tornDown()
		}
	}
	return true
}

// tornDown ends the judgement: what follows is how the harness ends the system.
func (c *checker) tornDown() bool {
	c.report.Judged = len(c.script.Labels)
	return false
}

// giveUp ends the judgement without one.
func (c *checker) giveUp(why string) bool {
	if c.report.Why == "" {
		c.report.Why = why
	}
	return false
}

// called opens an operation in every state. A state in which an object that it names has not
// been made is none that fits: the object's maker had yet to act.
func (c *checker) called(i int, f model.ID) bool {
	call := c.script.Opens[i]
	if call == nil {
		if c.script.Foreign[i] {
			return c.giveUp(fmt.Sprintf("label %d: the specification has no rule for %s, which may have changed anything", i, c.script.Labels[i].Call.Op))
		}
		c.skipped[c.script.Labels[i].Frame] = true
		return true
	}
	if other := c.sharesStream(call); other != nil {
		return c.giveUp(fmt.Sprintf("label %d: %s uses a stream that %s of another process uses at the same time, which nothing says is safe", i, call.Op, other.Op))
	}
	if missing := c.missing(call); missing != 0 {
		// Its maker, another process, has acted and its call has not returned yet.
		goal := func(s *model.State) bool { return c.doomed(s, f) || len(c.absent(s, call)) == 0 }
		if !c.advance(i, goal, nil) {
			return c.giveUp(fmt.Sprintf("label %d: %s is given an object that nothing in the trace can have made by then", i, call.Op))
		}
	}
	if call.LeftOut {
		// It returns: so its frame isn't being left.
		living := slices.DeleteFunc(slices.Clone(c.states), func(s *model.State) bool { return s.Unwinds(f) })
		if len(living) > 0 {
			c.states = living
			return true
		}
		call.LeftOut = false
	}
	c.calls[f] = call
	if c.states = slices.DeleteFunc(c.states, func(s *model.State) bool { return c.doomed(s, f) && !call.Unheard() }); len(c.states) == 0 {
		return c.giveUp(fmt.Sprintf("label %d: %s is called by code whose process has unwound", i, call.Op))
	}
	for _, s := range c.states {
		if !c.doomed(s, f) { // else its code doesn't know yet
			s.CallAs(f, call.Operation, c.script.Nth[i])
		}
	}
	return true
}

// sharesStream is the first open call that names a stream which a new one names too; nil of none. In virtual time one goes on at
// a time.
func (c *checker) sharesStream(call *script.Call) *script.Call {
	if c.o.Virtual {
		return nil
	}
	var first *script.Call
	for _, other := range c.calls {
		both := func(id model.ID) bool {
			return c.script.Universe.KindOf(id) == model.KindStream && slices.Contains(other.Needs, id)
		}
		if open := other.End < 0 || other.End > call.At; open && slices.ContainsFunc(call.Needs, both) && (first == nil || other.At < first.At) {
			first = other
		}
	}
	return first
}

func (c *checker) missing(call *script.Call) model.ID {
	for _, s := range c.states {
		if absent := c.absent(s, call); len(absent) > 0 && !c.doomed(s, call.Frame) {
			return absent[0]
		}
	}
	return 0
}

func (c *checker) absent(s *model.State, call *script.Call) []model.ID {
	for n, id := range call.Needs {
		if !s.Exists(id) {
			return call.Needs[n:]
		}
	}
	return nil
}

// entered: a frame begins its code.
func (c *checker) entered(i int, f model.ID) bool {
	if c.script.Labels[i].Frame == 0 {
		return true // the test's outermost frame is there from the beginning
	}
	goal := func(s *model.State) bool { return c.doomed(s, f) || s.Exists(f) && c.begins(s, f, i) }
	if c.advance(i, goal, nil) {
		return true
	}
	return c.convictEntry(i, f)
}

// begins tells whether what a frame runs is what the label at i says.
func (c *checker) begins(s *model.State, f model.ID, i int) bool {
	l, entry := c.script.Labels[i], s.Entry(f)
	if entry.Callback != l.Callback || len(entry.Arguments) != len(l.Args) {
		return false
	}
	if isCondition(l.Args) && isCondition(entry.Arguments) {
		return true // what a handler is told in words is the implementation's own
	}
	for n, a := range l.Args {
		if entry.Arguments[n] != nil && c.script.Universe.Intern(c.script.Value(a)) != c.script.Universe.Intern(entry.Arguments[n]) {
			return false
		}
	}
	return true
}

// isCondition tells whether arguments are those of a handler: the type and message of a condition.
func isCondition(args []spec.Value) bool {
	if len(args) != 1 {
		return false
	}
	parts, ok := spec.Items(args[0])
	if !ok || len(parts) != 2 {
		return false
	}
	_, kind := parts[0].(spec.String)
	_, message := parts[1].(spec.String)
	return kind && message
}

// leaves: the code of a frame has ended. Whoever runs it may hear of that later, once what comes between has ended: then the
// frame is left as soon as some label needs it, see endings. On virtual time nothing had begun within it that is told of later.
// So it stays where bindings end with it that another process may be looking at just then.
func (c *checker) leaves(i int, f model.ID) {
	innermost := func(s *model.State) bool { return s.Innermost(s.ProcessOf(f)) == f }
	if !c.heard() && slices.ContainsFunc(c.states, innermost) {
		c.states = slices.DeleteFunc(c.states, func(s *model.State) bool { return !innermost(s) })
	}
	between := c.lastBetween[c.ownerOf(f)] > i // or may yet have begun within it
	for _, s := range c.states {
		if c.doomed(s, f) || c.heard() && (between || !innermost(s) || s.HoldsBindings(f)) {
			continue
		}
		s.Leave(f, c.script.Values(c.script.Labels[i].Return.Values), nil)
	}
}

// harnessGaveUp tells whether an operation of the harness, which waits for a child in real
// time, ended because it waited long enough. That says nothing of the system under test, and a child may obey later.
func (c *checker) harnessGaveUp(i int, call *script.Call) bool {
	condition := c.script.Labels[i].Return.Condition
	return condition != nil && condition.Type == "timeout" && call.Row.Is(spec.ByHarness)
}

// ended: an operation returns, or never will.
func (c *checker) ended(i int, f model.ID) bool {
	if call := c.script.Closes[i]; call != nil && call.LeftOut {
		return true
	}
	call := c.calls[f]
	defer delete(c.calls, f)
	if c.harnessGaveUp(i, call) {
		for _, s := range c.states {
			if !c.doomed(s, f) {
				s.GiveUp(f, nil)
			}
		}
		return true
	}
	if !c.o.Virtual && interval(call) && call.Seen.Status == spec.Returned {
		return c.endedInterval(i, f, call)
	}
	goal := func(s *model.State) bool { return c.doomed(s, f) || s.HasOutcome(f) && s.Fits(f, &call.Seen) }
	take := func(s *model.State, log *model.UndoLog) {
		if !c.doomed(s, f) {
			s.Forget(f, log)
		}
	}
	if c.advance(i, goal, take) {
		return true
	}
	if c.torn = call.Unwound() && c.mayTear(i); c.torn {
		return true
	}
	return c.convictOutcome(i, f, call)
}
