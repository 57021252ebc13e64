package traces

import (
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec/model"
)

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
	if c.enough(i) {
		return false
	}
	var allowed []string
	op := ""
	ask := func(told func(model.ActKind) bool) {
		c.asking = true
		defer func() { c.asking = false }()
		for _, s := range some(before) {
			c.steps(s, &model.UndoLog{}, 0, func(a model.Act) bool {
				if a.Timed() && !c.rings(a, i) || a.Kind == codeEnds || !told(a.Kind) {
					return true
				}
				c.credit(a, c.cites.Together())
				text := a.Kind.String()
				if a.Kind == model.Effect {
					op = s.OpOf(a.Frame)
					text = op + " returns"
				}
				if !slices.Contains(allowed, text) && len(allowed) < maxAllowed {
					allowed = append(allowed, text)
				}
				return true
			})
		}
	}
	c.convicting(0, 0, func() {
		c.blind, c.direct.quiet = true, true
		// That a process without anything left to do is dead may not have shown yet: it is blamed where nothing else is.
		if ask(func(kind model.ActKind) bool { return kind != model.Die }); len(allowed) == 0 {
			ask(func(kind model.ActKind) bool { return kind == model.Die })
		}
	})
	c.convict(i, op, allowed, "nothing happens")
	return len(c.report.Findings) < maxFindings
}

// longGrace is how long processes have at most to end by their terminate methods where multiprocessing stops, before they are
// killed. That they are the documents say, not when: this is the longest that the cases wait for anything.
const longGrace = 20 * time.Second

// idle tells whether nothing can happen in a state before time passes.
func (c *checker) idle(s *model.State, i int) bool {
	for f := range c.calls {
		if s.Answers(f) {
			return false // the outcome would have been seen
		}
	}
	for f, at := range c.script.Enters {
		if at > i && s.Exists(f) {
			return false // and so would the code
		}
	}
	for _, f := range s.HoldingBack(nil) {
		if call := c.calls[f]; call != nil && c.script.Labels[call.At].At+longGrace <= c.script.Labels[i].At {
			return false
		}
	}
	c.room = s.Running(c.room[:0])
	for _, f := range c.room {
		if its := c.stories[f]; its != nil && its.leave >= 0 && its.leave < i {
			return false // its code has ended, and nothing holds it up
		}
	}
	for _, a := range model.Expected(s) {
		switch call := c.calls[a.Frame]; {
		case !a.Timed(), c.rings(a, i):
			return false
		case a.Kind == model.TimeUp && call != nil && c.script.Labels[call.At].At+call.Deadline <= c.script.Labels[i].At:
			return false
		}
	}
	return true
}

// mayRing tells whether an act may be one that a timer has made possible by the label at hand: of a call so long before.
func (c *checker) mayRing(a model.Act) bool {
	for at, call := range c.script.Opens[:c.now] {
		if call == nil {
			continue
		}
		after, p, sets := call.Operation.Rings()
		if sets && p == a.Process && c.script.Labels[at].At+time.Duration(after)*time.Microsecond <= c.script.Labels[c.now].At+c.o.Slack {
			return true
		}
	}
	return false
}

// rings tells whether an act is one that a timer has made possible by the label at i, of a call that has returned.
func (c *checker) rings(a model.Act, i int) bool {
	if a.Kind != model.Force {
		return false
	}
	for _, call := range c.script.Opens[:i] {
		if call == nil || !call.Returned() || call.End > i {
			continue
		}
		after, p, sets := call.Operation.Rings()
		if sets && p == a.Process && c.script.Labels[call.End].At+time.Duration(after)*time.Microsecond <= c.script.Labels[i].At {
			return true
		}
	}
	return false
}
