package traces

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// maxFindings bounds what one report tells: what comes after so many says little.
const maxFindings = 10

// maxAllowed bounds the alternatives that a finding lists.
const maxAllowed = 8

// convict notes a finding for which there is nothing to go on from.
func (c *checker) convict(i int, op string, allowed []string, seen string) bool {
	if c.report.Why != "" || c.stopped {
		return false // the budget is used up: no verdict
	}
	if i >= c.tearDown {
		return c.tornDown()
	}
	if !c.judged(model.ClausesOf(op)) {
		return c.giveUp(fmt.Sprintf("label %d: %s ends as none of its clauses has it, and none of them is judged in this profile", i, op))
	}
	c.report.Verdict = Forbidden
	if len(c.report.Findings) == maxFindings {
		return false
	}
	c.report.Findings = append(c.report.Findings, Finding{
		Step: i, Op: op, Clauses: c.clauses(i, op), Through: c.through(i), Allowed: allowed, Seen: seen})
	return false
}

// clauses are those of an operation that may say something of its call, where a label ends one.
func (c *checker) clauses(i int, op string) []string {
	if k := c.closes[i]; k != nil && k.call.Op == op {
		return model.ClausesOfCall(k.call)
	}
	return model.ClausesOf(op)
}

// judged tells whether any of these clauses is. What is only SILENT may be answered in ways that nobody
// has thought of.
func (c *checker) judged(clauses []string) bool {
	return len(clauses) == 0 || slices.ContainsFunc(clauses, c.o.judges)
}

// convictEntry notes that code begins which may not, or not here.
func (c *checker) convictEntry(i int, f model.ID) bool {
	if c.report.Why != "" || c.stopped {
		return false
	}
	p := c.binding.refs[c.binding.owner[c.labels[i].Frame]]
	op, kind := "", model.Begin
	for _, s := range c.states {
		if outer := s.Innermost(p); outer != 0 && s.IsOpen(outer) {
			op = s.OpOf(outer)
		}
		if s.HasBegun(p) {
			kind = model.Cleanup
		}
	}
	c.convict(i, op, nil, "code begins: "+c.labels[i].Callback.String())
	if n := len(c.report.Findings); n > 0 && c.report.Findings[n-1].Step == i {
		last := &c.report.Findings[n-1]
		last.Clauses = slices.Concat(last.Clauses, model.ClausesOfKind(kind))
	}
	return false
}

// through collects the clauses of the operations before a label on the objects that it is
// about, and on those that these were given to.
func (c *checker) through(i int) []string {
	about := map[model.ID]bool{}
	l := c.labels[i]
	if p, ok := c.binding.refs[c.binding.owner[l.Frame]]; ok && l.Frame != 0 {
		about[p] = true
	}
	if k := c.closes[i]; k != nil {
		for _, id := range k.needs {
			about[id] = true
		}
	}
	if l.Kind == spec.QuietLabel { // it is about whatever could act, or waits
		for _, a := range model.Enabled(c.states[0], nil) {
			about[a.Process] = true
		}
		for _, k := range c.calls {
			for _, id := range k.needs {
				about[id] = true
			}
		}
	}
	var out []string
	add := func(call spec.Call) {
		for _, id := range model.ClausesOfCall(call) {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	for range 2 { // a second round for what the first found
		for at := range i {
			k := c.opens[at]
			if k == nil || k.at != at {
				continue
			}
			touches := slices.ContainsFunc(k.needs, func(id model.ID) bool { return about[id] })
			if k.call.Op == "process-wait-for-event" { // its process's own mailbox
				touches = touches || about[c.binding.refs[c.binding.owner[c.labels[at].Frame]]]
			}
			for _, id := range c.binding.objects(k.values) {
				touches = touches || about[id]
			}
			if !touches {
				continue
			}
			add(k.call)
			for _, id := range slices.Concat(k.needs, c.binding.objects(k.values)) {
				about[id] = true
			}
		}
	}
	if aboutChildren(c.closes[i]) { // which are all of one operating system
		for at := range i {
			if k := c.opens[at]; aboutChildren(k) {
				add(k.call)
			}
		}
		out = append(out, model.ClausesOfKind(model.Obey)...)
	}
	return out
}

func aboutChildren(k *call) bool {
	if k == nil {
		return false
	}
	op := spec.LookupOp(k.call.Op)
	return op.Area == "REAP" || op.Is(spec.ByHarness)
}

// convictOutcome notes that an operation may not end as it did, and goes on from how it may.
func (c *checker) convictOutcome(i int, f model.ID, k *call) bool {
	if c.report.Why != "" || c.stopped {
		return false
	}
	var allowed []string
	seen := c.outcome(i)
	take := func(s *model.State) {
		r := spec.Return{Status: spec.Gone}
		if !c.doomed(s, f) {
			r = s.Return(f, nil)
		}
		for n, v := range r.Values {
			r.Values[n] = c.binding.back(v, aboutChildren(k))
		}
		text := r.String()
		if r.Status == spec.Signalled { // in what words is the implementation's own
			text = "an error"
		}
		if !slices.Contains(allowed, text) && len(allowed) < maxAllowed {
			allowed = append(allowed, text)
		}
	}
	c.free = f
	found := c.advance(i, func(s *model.State) bool { return c.doomed(s, f) || s.HasOutcome(f) }, take)
	c.free = 0
	if !found {
		allowed = []string{"nothing yet: the operation still waits"}
	}
	slices.Sort(allowed)
	c.convict(i, k.call.Op, allowed, seen)
	return found && len(c.report.Findings) < maxFindings
}

// outcome says how the operation at a label ended.
func (c *checker) outcome(i int) string {
	l := c.labels[i]
	if l.Kind == spec.GoneLabel {
		return "gone: its process unwinds"
	}
	return l.Return.String()
}

// quiet: nothing could happen. So whatever the specification says must happen has happened.
func (c *checker) quiet(i int) bool {
	if !c.o.Virtual && !c.o.Settled {
		return true
	}
	before := c.states
	if c.advance(i, func(s *model.State) bool { return c.idle(s, i) }, nil) {
		return true
	}
	if c.report.Why != "" || c.stopped {
		return false
	}
	var allowed, clauses []string
	op := ""
	for _, a := range model.Enabled(before[0], nil) {
		if a.Timed() {
			continue
		}
		text := a.Kind.String()
		if a.Kind == model.Effect {
			op = before[0].OpOf(a.Frame)
			text = op + " returns"
		}
		if !slices.Contains(allowed, text) && len(allowed) < maxAllowed {
			allowed = append(allowed, text)
			clauses = append(clauses, model.Clauses(before[0], a)...)
		}
	}
	c.convict(i, op, allowed, "nothing happens")
	if n := len(c.report.Findings); n > 0 && c.report.Findings[n-1].Step == i {
		c.report.Findings[n-1].Clauses = clauses
	}
	return len(c.report.Findings) < maxFindings
}

// idle tells whether nothing can happen in a state before time passes.
func (c *checker) idle(s *model.State, i int) bool {
	for f := range c.calls {
		if s.HasOutcome(f) {
			return false // the outcome would have been seen
		}
	}
	for f, at := range c.enters {
		if at > i && s.Exists(f) {
			return false // and so would the code
		}
	}
	for _, a := range model.Expected(s) {
		switch k := c.calls[a.Frame]; {
		case !a.Timed():
			return false
		case a.Kind == model.TimeUp && k != nil && c.labels[k.at].At+k.deadline <= c.labels[i].At:
			return false
		}
	}
	return true
}

// endedInterval judges an operation that answers for all processes and is not atomic: it must
// tell of those that were there throughout.
func (c *checker) endedInterval(i int, f model.ID, k *call) bool {
	problem := c.intervalProblem(c.states[0], k)
	if !c.advance(i, func(s *model.State) bool { return c.intervalProblem(s, k) == "" }, nil) {
		c.convict(i, k.call.Op, []string{problem}, c.outcome(i))
	}
	for _, s := range c.states {
		s.Forget(f)
	}
	return c.report.Why == "" && len(c.states) > 0
}

func (c *checker) intervalProblem(s *model.State, k *call) string {
	present := 0
	var listed []spec.Value
	if len(k.values) > 0 {
		listed, _ = spec.Items(k.values[0])
	}
	for ref, p := range c.binding.refs {
		at, made := c.binding.returned[ref]
		if !made || at > k.at || !s.HasBegun(p) || s.MayEnd(p) {
			continue
		}
		present++
		if k.call.Op == "list-all-processes" && !slices.Contains(listed, c.u.Ref(p)) {
			return fmt.Sprintf("a list that has %s, which is there throughout", ref)
		}
	}
	if n, ok := first(k.values).(spec.Int); ok && k.call.Op == "processes-count" && int(n) < present {
		return fmt.Sprintf("at least %d, as many as are there throughout", present)
	}
	return ""
}

func first(values []spec.Value) spec.Value {
	if len(values) == 0 {
		return spec.Nil{}
	}
	return values[0]
}
