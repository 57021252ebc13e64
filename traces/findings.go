package traces

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// maxFindings bounds what one report tells: what comes after so many says little.
const maxFindings = 10

// mostAsked bounds the states that are asked what is allowed.
const mostAsked = 64

// maxAllowed bounds the alternatives that a finding lists.
const maxAllowed = 8

// convict notes a finding; what is known of why is in c.direct, see [checker.cause].
func (c *checker) convict(i int, op string, allowed []string, seen string) bool {
	if c.report.Why != "" || c.stopped {
		return false // the budget is used up: no verdict
	}
	if i >= c.script.TearDown {
		return c.tornDown()
	}
	all, like, deciding, judged := c.cause(i)
	if !judged {
		return c.giveUp(fmt.Sprintf("label %d: %s is not as %s has it, which is not judged here", i, cmp.Or(op, "it"), deciding))
	}
	c.report.Verdict = Forbidden
	if len(c.report.Findings) == maxFindings {
		return false
	}
	most := min(len(all), mostClauses)
	f := Finding{Step: i, Op: op, Clauses: all[:most:most], Through: all[most:], Like: like, Allowed: allowed, Seen: seen}
	c.report.Findings = append(c.report.Findings, f)
	return false
}

// enough tells whether it is all that is asked of a label that it is wrong, and notes so: what should be there instead, and
// what else is wrong, is for a look that cites.
func (c *checker) enough(i int) bool {
	if c.citing || i >= c.script.TearDown {
		return false
	}
	c.report.Verdict = Forbidden
	return true
}

// convictEntry notes that code begins which may not, or not here.
func (c *checker) convictEntry(i int, f model.ID) bool {
	if c.report.Why != "" || c.stopped {
		return false
	}
	if c.enough(i) {
		return false
	}
	p := c.script.Refs[c.script.Owner[c.script.Labels[i].Frame]]
	op := ""
	var allowed []string
	c.convicting(p, 0, func() {
		c.asking = true
		defer func() { c.asking = false }()
		var log model.UndoLog
		for _, s := range some(c.states) {
			if outer := s.Innermost(p); outer != 0 && s.IsOpen(outer) {
				op = s.OpOf(outer)
			}
			not := s.NotBegun(p, c.script.Labels[i].Callback, c.script.Values(c.script.Labels[i].Args))
			c.direct.cited = append(c.direct.cited, not...)
			c.direct.process = p
			if len(not) > 0 { // else what may begin there says it
				c.direct.process = nobody
			}
			c.blind = true
			look := func(a model.Act) bool {
				hooks := c.hooks[f] && a.Kind == model.Obey && s.Exists(f) // on a thread that is no process
				if a.Process != p && !hooks || a.Kind == codeEnds {
					return true
				}
				if hooks {
					c.direct.process = a.Process
				}
				c.credit(a, c.cites.Together())
				text := "nothing begins"
				if entered := s.Innermost(p); entered != 0 && s.IsIdle(entered) {
					text = c.entry(s, entered)
				}
				if !slices.Contains(allowed, text) && len(allowed) < maxAllowed {
					allowed = append(allowed, text)
				}
				return true
			}
			unmade := c.script.Threads[p] != 0 && !s.Exists(p) // the process of a foreign thread, which a call makes
			c.steps(s, &log, f, func(a model.Act) bool {
				if unmade && s.Exists(p) { // by that act: what is allowed comes after it
					c.steps(s, &log, f, look)
					return true
				}
				return look(a)
			})
		}
	})
	if len(allowed) == 0 {
		allowed = []string{"nothing begins: the process " + c.stands(p)}
	}
	slices.Sort(allowed)
	c.convict(i, op, allowed, "code begins: "+c.began(c.script.Labels[i].Callback, c.script.Labels[i].Args))
	return false
}

// some are the first of many states: they say what is allowed as well as all.
func some(states []*model.State) []*model.State { return states[:min(len(states), mostAsked)] }

// entry tells which code a frame runs.
func (c *checker) entry(s *model.State, f model.ID) string {
	e := s.Entry(f)
	args := slices.Clone(e.Arguments)
	for n, v := range args {
		if args[n] = spec.Value(spec.Symbol{Name: "anything"}); v != nil {
			args[n] = c.script.Back(v, false)
		}
	}
	return "code begins: " + c.began(e.Callback, args)
}

func (c *checker) began(code spec.Callback, args []spec.Value) string {
	return strings.TrimSpace(code.String() + " " + spec.NewList(args...).String())
}

// stands tells where a process is.
func (c *checker) stands(p model.ID) string {
	for _, s := range c.states {
		switch f := s.Innermost(p); {
		case f == 0:
		case s.IsOpen(f):
			return "is in " + s.OpOf(f)
		default:
			return "runs code"
		}
	}
	return "has none to run"
}

// convictOutcome notes that an operation may not end as it did, and goes on from how it may.
func (c *checker) convictOutcome(i int, f model.ID, call *script.Call) bool {
	if c.report.Why != "" || c.stopped {
		return false
	}
	if c.enough(i) {
		return false
	}
	var allowed []string
	seen := c.outcome(i)
	before := c.states
	take := func(s *model.State, log *model.UndoLog) {
		c.differs(s, f, call)
		text := c.outcomeOf(s, f, call, log)
		if !slices.Contains(allowed, text) && len(allowed) < maxAllowed {
			allowed = append(allowed, text)
		}
	}
	c.free = f
	found := false
	c.convicting(c.ownerOf(f), f, func() {
		blind := c.blind
		defer func() { c.blind = blind }()
		found = c.advance(i, func(s *model.State) bool { return c.doomed(s, f) || s.HasOutcome(f) }, take)
		for _, s := range some(before) {
			if c.doomed(s, f) || s.HasOutcome(f) {
				continue
			}
			c.citeHeld(s, s.ProcessOf(f))
			if c.blind = true; !found { // it may go on, though not end
				c.steps(s, &model.UndoLog{}, f, func(a model.Act) bool {
					c.credit(a, c.cites.Together())
					return true
				})
			}
		}
	})
	c.free = 0
	if !found {
		allowed = []string{"nothing yet: the operation still waits"}
	}
	slices.Sort(allowed)
	c.convict(i, call.Op, allowed, seen)
	return found && len(c.report.Findings) < maxFindings
}

// differs notes in which values an outcome that is allowed is not what was seen: those of the outcome that differs in
// the fewest.
func (c *checker) differs(s *model.State, f model.ID, call *script.Call) {
	if c.doomed(s, f) || call.Seen.Status != spec.Returned {
		return
	}
	if d := s.Differs(f, &call.Seen); d != nil && (c.direct.differs == nil || len(d) < len(c.direct.differs)) {
		c.direct.differs = d
	}
}

// outcomeOf takes an outcome that an operation may have, and says it: "anything" is where the documents say
// nothing.
func (c *checker) outcomeOf(s *model.State, f model.ID, call *script.Call, log *model.UndoLog) string {
	r, open := spec.Return{Status: spec.Gone}, []bool(nil)
	if !c.doomed(s, f) {
		open = s.Unspecified(f)
		r = s.Return(f, log)
	}
	if r.Status == spec.Signalled { // in what words is the implementation's own
		return "an error"
	}
	for n, v := range r.Values {
		if r.Values[n] = c.script.Back(v, call.OfSystem()); open[n] || call.Seen.Any {
			r.Values[n] = spec.Symbol{Name: "anything"}
		}
	}
	if len(r.Values) == 0 && call.Seen.Any {
		return "anything"
	}
	return r.String()
}

// outcome says how the operation at a label ended.
func (c *checker) outcome(i int) string {
	l := c.script.Labels[i]
	if l.Kind == spec.GoneLabel {
		return "gone: its process unwinds"
	}
	return l.Return.String()
}
