package traces

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// Heard is not happened. On real time a label from the adapter - a return, gone, enter - and the end of
// code say that something happened no later; a call says that it happened no earlier. Labels of one
// frame keep their order, and across frames any may be late, also those of one process: it may be
// killed between two operations, unwind, run its cleanups and be joined before its code, which makes
// one more call, hears of it.
//
// So what the labels tell of a frame is a story known beforehand, and the specification runs ahead of
// it: a frame is left as soon as its process unwinds, or once its story has no call any more. The labels
// that are still to come then mean nothing.

// A story is what the labels tell of one frame.
type story struct {
	enter, leave int // labels, -1 where there is none
	// lastCall is the label of its last call, lastReturned of the last one that returned to it; -1.
	lastCall, lastReturned int
	callback               spec.Callback
	values                 []spec.Value // that it leaves with, translated
}

// heard tells whether labels are told from outside.
func (c *checker) heard() bool { return !c.o.Virtual }

// storyOf returns the story of a frame, made where there is none yet.
func (c *checker) storyOf(f model.ID) *story {
	its := c.stories[f]
	if its == nil {
		its = &story{enter: -1, leave: -1, lastCall: -1, lastReturned: -1}
		c.stories[f] = its
	}
	return its
}

// gather notes in the stories what a label tells; k is the call that it ends, where it does.
func (c *checker) gather(i int, l *spec.Label, k *call) {
	f, bound := c.binding.frames[l.Frame]
	if !bound || !c.heard() {
		return
	}
	switch its := c.storyOf(f); l.Kind {
	case spec.EnterLabel:
		its.enter, its.callback = i, l.Callback
	case spec.CallLabel:
		its.lastCall = i
	case spec.ReturnLabel:
		if k != nil && !k.unheard() && !byHarness(k) {
			its.lastReturned = max(its.lastReturned, k.at)
		}
	case spec.LeaveLabel:
		its.leave, its.values = i, c.binding.values(l.Return.Values)
	}
}

// unheard tells whether nothing came of a call: its process unwound, or the trace ends.
func (k *call) unheard() bool { return k.end < 0 || k.seen.Status == spec.Gone }

// byHarness tells whether the harness itself executes an operation: then it answers also where the
// process has unwound meanwhile.
func byHarness(k *call) bool { return spec.LookupOp(k.call.Op).Is(spec.ByHarness) }

// silentFrames lists frames of each process to which no call returned: they may have begun before others of
// their process that are told of first, since nothing shows when. Those that are told of in the same words
// are of one kind, and the first of them that has not begun stands for all.
func (c *checker) silentFrames() {
	kinds := map[string]int{}
	c.silent = map[model.ID][][]model.ID{}
	for i := range c.labels {
		l := &c.labels[i]
		if l.Kind != spec.EnterLabel || l.Frame == 0 {
			continue
		}
		f, bound := c.binding.frames[l.Frame]
		its := c.stories[f]
		if !bound || its.lastReturned >= 0 {
			continue
		}
		p := c.binding.refs[c.binding.owner[l.Frame]]
		what := fmt.Sprint(p, its.callback, l.Args, its.lastCall >= 0, its.leave >= 0, its.values)
		n, known := kinds[what]
		if !known {
			n = len(c.silent[p])
			kinds[what] = n
			c.silent[p] = append(c.silent[p], nil)
		}
		c.silent[p][n] = append(c.silent[p][n], f)
	}
}

// steps calls visit in each state that one step leads to from s, with the act, until it returns false;
// s is as before then. The frame is that which the label at hand is of.
func (c *checker) steps(s *model.State, log *model.UndoLog, frame model.ID, visit func(model.Act) bool) {
	apply := func(a model.Act) (l model.Label, goOn bool) {
		l, goOn = model.Apply(s, a, log), true
		if c.possible(s, a, l) {
			goOn = visit(a)
		}
		s.Revert(log)
		return l, goOn
	}
	for _, a := range model.Enabled(s, nil) {
		if c.idleApart(a, frame) || c.heard() && (a.Kind == model.Unwind || a.Kind == model.Lost) && !c.mayUnwind(s, a.Frame) {
			continue
		}
		l, goOn := apply(a)
		if !goOn {
			return
		}
		if l.Kind != model.Entered || !c.heard() {
			continue
		}
		for _, kind := range c.silent[a.Process] {
			n := slices.IndexFunc(kind, func(f model.ID) bool { return !s.Exists(f) })
			if n < 0 || kind[n] == l.Frame {
				continue
			}
			s.EnterAs(kind[n])
			_, goOn := apply(a)
			s.EnterAs(0)
			if !goOn {
				return
			}
		}
	}
	for _, a := range c.endings(s, nil) {
		c.leave(s, a.Frame, log)
		goOn := visit(a)
		s.Revert(log)
		if !goOn {
			return
		}
	}
}

// ends is the kind of act by which the code of a frame ends before the labels tell of it.
const ends = model.ActKind(255)

// endings appends the acts by which code may end.
func (c *checker) endings(s *model.State, out []model.Act) []model.Act {
	if !c.heard() {
		return out
	}
	c.room = s.Running(c.room[:0])
	for _, f := range c.room {
		if c.mayLeave(s, f) {
			out = append(out, model.Act{Kind: ends, Process: s.ProcessOf(f), Frame: f})
		}
	}
	return out
}

// leave ends the code of a frame, taking the outcome of its last operation where that isn't heard of yet.
func (c *checker) leave(s *model.State, f model.ID, log *model.UndoLog) {
	taken := s.HasOutcome(f)
	if taken {
		s.Return(f, log)
	}
	s.Leave(f, c.stories[f].values, log)
	if taken {
		log.Merge()
	}
}

// mayLeave tells whether the code of a frame may have ended, of which the labels tell only later.
func (c *checker) mayLeave(s *model.State, f model.ID) bool {
	its := c.stories[f]
	if its == nil || its.leave < c.now || its.lastCall >= c.now || !c.told(s, f, its) {
		return false
	}
	if s.IsIdle(f) {
		return true
	}
	k := c.calls[f]
	return k != nil && (k.end < 0 || s.Fits(f, &k.seen))
}

// mayUnwind tells whether a frame may be unwound: no call returns to it any more, but what has happened.
func (c *checker) mayUnwind(s *model.State, f model.ID) bool {
	its := c.stories[f]
	if its == nil || f == c.free {
		return true
	}
	if its.lastReturned >= c.now || !c.told(s, f, its) {
		return false
	}
	k := c.calls[f]
	return k == nil || k.passed || k.unheard() || byHarness(k) || s.HasOutcome(f) && s.Fits(f, &k.seen)
}

// told tells whether what a frame runs is what the labels will tell of it, if they have not yet.
func (c *checker) told(s *model.State, f model.ID, its *story) bool {
	return its.enter < c.now || c.begins(s, f, its.enter)
}
