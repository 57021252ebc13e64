package cases

import (
	"cmp"
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// checked is a frame of a case whose operations are checked: what an implementation may not
// answer ends the case, on account of whoever is to blame.
type checked struct {
	spec.Frame
	c       *C
	root    bool // the outermost frame
	lenient bool
	clause  string // that is charged, "" for the case's own
}

// Do implements [spec.Frame].
func (f checked) Do(call spec.Call) spec.Return {
	c, op := f.c, spec.LookupOp(call.Op)
	harness := op != nil && op.Is(spec.ByHarness)
	if !harness && !c.handshake.OffersCall(call) {
		c.end(func() { c.shown.Absent = call.String() })
	}
	if fault := FaultOf(c.kit, call.Op); fault != nil {
		c.breaks(fault)
	}
	o := c.opens(f, call, op)
	r := f.ask(call)
	c.closes(o, r)
	switch {
	case r.Status == spec.Gone && f.root:
		c.end(func() {
			c.shown.Failure = &Failure{
				Clause: f.harmed(), Step: c.step, Cause: &Cause{call.Manner(), "never returns: its process was unwound", c.calls.issued},
				Allowed: "the process of the test lives on", Seen: call.String() + " never returned: its process was unwound",
				Message: "nothing that a case does ends the process of the test", Convicts: true, Unwound: true,
			}
		})
	case r.Status == spec.Gone, r.Status == spec.Aborted:
		panic(unwind{})
	case r.Status == spec.Absent:
		f.unclaimed(call, op)
	case r.Status == spec.Signalled && r.Condition == nil:
		c.breaks(fmt.Errorf("%s signalled an error without a condition", call))
	case r.Status == spec.Signalled && r.Condition.Type == spec.OutOfResources:
		c.NotApplicable("the machine gives less than the case needs: %s signalled %s", spec.Brief(call.String(), spec.NameLength), r.Condition)
	case r.Status == spec.Signalled && harness && r.Condition.Type != "timeout":
		// The fault of the harness, or of where it runs: a pid namespace, /proc.
		c.breaks(fmt.Errorf("the harness can't do %s: %w", call, r.Condition))
	case r.Status == spec.Signalled && !f.lenient && harness:
		c.neverHappened(f.answerable(call), call, r)
	case r.Status == spec.Signalled && op != nil && op.Is(spec.Kit) && !harness && !maySignal(op.Name):
		c.breaks(&KitFault{Operation: op.Name, Fault: fmt.Sprintf("%s signalled %s", call, r.Condition)})
	case r.Status == spec.Signalled && !f.lenient:
		clause := f.refused(call)
		c.end(func() {
			c.shown.Failure = &Failure{Clause: clause, Step: c.step, Allowed: call.String() + " returns", Seen: r.String(),
				Message: "an operation signalled an error that the case did not expect", Cause: &Cause{call.Manner(), outcomeOf(r), c.calls.issued}}
		})
	}
	if op != nil && !op.Is(spec.Kit) && c.handshake.Composes(call) {
		c.mu.Lock()
		c.shown.Composed = true
		c.mu.Unlock()
	}
	return r
}

// ask issues an operation. While one of the outermost frame is open its clause is the one
// that is charged should it hang: only those hang.
func (f checked) ask(call spec.Call) spec.Return {
	if !f.root {
		return f.Frame.Do(call)
	}
	c := f.c
	c.mu.Lock()
	c.blame = f.clause
	c.mu.Unlock()
	stop := c.watchKnown()
	r := f.Frame.Do(call)
	stop()
	if r.Status != spec.Aborted {
		c.mu.Lock()
		c.blame = ""
		c.mu.Unlock()
	}
	return r
}

// answerable is the clause that is charged where the operation signals an error.
func (f checked) answerable(call spec.Call) string { return f.c.answerable(f.clause, call) }

// harmed is the clause that is charged where the process of the test was ended, which no case has
// asked for: where its own leaves open what it asks, still no process ends but by its function's
// return, or its own doing.
func (f checked) harmed() string {
	if charged := cmp.Or(f.clause, f.c.theCase.Clause()); !isSilent(charged) {
		return charged
	}
	return "PROC-EXIT-1"
}

// unclaimed ends a case whose adapter answered absent to what it claims: an untrue claim is
// a failure, not a skip.
func (f checked) unclaimed(call spec.Call, op *spec.Op) {
	c := f.c
	if op == nil || op.Is(spec.Kit) || op.Is(spec.ByHarness) {
		c.breaks(&KitFault{Operation: call.Op, Fault: fmt.Sprintf("%s is absent, which the adapter claims", call)})
	}
	c.end(func() {
		c.shown.Failure = &Failure{
			Clause: c.convictable(f.clause, call), Step: c.step, Allowed: "an answer: the adapter claims " + op.Name, Seen: call.String() + " is absent",
			Message: "the adapter claims what it doesn't have", Cause: &Cause{call.Manner(), "is absent", c.calls.issued}, Convicts: true,
		}
	})
}
