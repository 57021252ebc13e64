package traces

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// The specification runs ahead of the labels: code may begin and end, and a process unwind, before what is told of
// it comes; but only if that agrees with the story that the labels will tell.

// steps calls visit in each state that one step leads to from s, with the act, until it returns false;
// s is as before then. The frame is that which the label at hand is of.
func (c *checker) steps(s *model.State, log *model.UndoLog, frame model.ID, visit func(model.Act) bool) {
	c.stepsBy(c.chances(s, nil), s, log, frame, visit)
}

// chances appends the acts that are possible in a state, and those by which code may end.
func (c *checker) chances(s *model.State, out []model.Act) []model.Act {
	return c.endings(s, model.Enabled(s, out))
}

// stepsBy is steps by those acts, which are the chances of s.
func (c *checker) stepsBy(acts []model.Act, s *model.State, log *model.UndoLog, frame model.ID, visit func(model.Act) bool) {
	apply := func(a model.Act, as model.ID) (l model.Label, goOn bool) {
		s.EnterAs(as)
		if c.citing {
			c.cites.Clear()
			s.CiteInto(&c.cites)
		}
		l, goOn = model.Apply(s, a, log), true
		s.CiteInto(nil)
		s.EnterAs(0) // where it began no code
		if c.possible(s, a, l) {
			goOn = visit(a)
		}
		s.Revert(log)
		return l, goOn
	}
	for _, a := range acts {
		if a.Kind == codeEnds {
			c.leave(s, a.Frame, log)
			goOn := visit(a)
			s.Revert(log)
			if !goOn {
				return
			}
			continue
		}
		if c.idleApart(a, frame) || c.heard() && (a.Kind == model.Unwind || a.Kind == model.Lost) && !c.mayUnwind(s, a.Frame) {
			continue
		}
		if ofLife(a.Kind) && !c.concerned(s, a.Process) || a.Kind == model.Force && !c.mayRing(a) {
			continue
		}
		if a.Kind == model.TimeUp && !c.mayTimeOut(a) {
			continue
		}
		if s.OnlySuspends(a) && c.script.Labels[c.now].Kind != spec.QuietLabel { // up to which it can wait
			continue
		}
		l, goOn := apply(a, 0)
		if !goOn {
			return
		}
		if l.Kind != model.Entered || !c.heard() {
			continue
		}
		var others []model.ID
		p := a.Process
		if a.Kind == model.Obey { // it calls a hook, between what a process does or on a thread of its own
			p = c.ownerOf(l.Frame)
		}
		if c.hooks[l.Frame] {
			others = c.otherHooks(s, l.Frame)
		} else if p != 0 {
			others = c.otherFrames(s, p, l.Frame)
		}
		for _, f := range others {
			if _, goOn := apply(a, f); !goOn {
				return
			}
		}
	}
}

// mayTimeOut tells whether the time of an operation may be over by the label at hand.
func (c *checker) mayTimeOut(a model.Act) bool {
	call := c.calls[a.Frame]
	return call == nil || call.Apart || call.End == c.now || c.script.TimeIsOver(call, c.now)
}

// otherHooks lists the frames in which a hook may run beside the first that is free: those of one process object are told
// of in any order. Before a label of one of them no other is needed, see later.
func (c *checker) otherHooks(s *model.State, first model.ID) []model.ID {
	wanted := c.frameAt(c.now)
	for _, frames := range c.script.Hooks {
		if !slices.Contains(frames, first) {
			continue
		}
		return slices.DeleteFunc(slices.Clone(frames), func(f model.ID) bool {
			return f == first || s.Exists(f) || f != wanted && c.later(f)
		})
	}
	return nil
}

// otherFrames lists the frames that code which begins in a process may begin in, beside the first that is
// free: silent ones, and one of which nothing is heard.
func (c *checker) otherFrames(s *model.State, p, first model.ID) []model.ID {
	var out []model.ID
	for _, kind := range c.silent[p] {
		n := slices.IndexFunc(kind, func(f model.ID) bool { return !s.Exists(f) })
		if n >= 0 && kind[n] != first {
			out = append(out, kind[n])
		}
	}
	if _, told := c.script.Enters[first]; told && (c.cut() || s.KillReaches(p)) {
		nth := c.told[p]
		for s.Exists(c.script.Universe.Name(p, nth, model.KindFrame)) {
			nth++
		}
		out = append(out, c.script.Universe.Name(p, nth, model.KindFrame))
	}
	return out
}

// ofLife tells whether an act is of the life of a process, and not of an operation.
func ofLife(kind model.ActKind) bool {
	switch kind {
	case model.Begin, model.Unwind, model.Lost, model.Cleanup, model.Die, model.Halt, model.Force, model.Interrupt:
		return true
	}
	return false
}

// concerns collects the processes of whose life it matters to a label how far it has come: the one that the
// label is of, and those that open operations of such processes name. Of others it can as well be later. So
// what many clients leave open is not gone through in every order.
func (c *checker) concerns(i int) {
	c.concern = nil
	if c.script.Images { // an image ends once its processes have
		return
	}
	l := &c.script.Labels[i]
	p, ok := c.script.Refs[c.script.Owner[l.Frame]]
	if !c.heard() || !ok || l.Kind == spec.QuietLabel || l.Kind == spec.CallLabel { // which an object is missing for, whoever makes it
		return
	}
	if slices.ContainsFunc(c.states, (*model.State).AnySuspended) { // until a process unwinds, perhaps
		return
	}
	for _, call := range c.calls {
		if call.Row.Is(spec.StopsWorld) && call.Row.Is(spec.RunsCode) { // a wait begins to suspend others at a quiet label only
			return
		}
	}
	c.concern = map[model.ID]bool{p: true}
	for f := range c.calls { // the label may be of a process that one of them makes
		for _, id := range c.namesakes(f) {
			c.concern[id] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for f, call := range c.calls {
			if !c.concern[c.ownerOf(f)] {
				continue
			}
			if interval(call) {
				c.concern = nil
				return
			}
			for _, id := range call.Needs {
				if kind := c.script.Universe.KindOf(id); (kind == model.KindProcess || kind == model.KindForeign) && !c.concern[id] {
					c.concern[id], grown = true, true
				}
			}
		}
		for p, thread := range c.script.Threads { // of which one process comes after the other
			if c.concern[p] != c.concern[thread] {
				c.concern[p], c.concern[thread], grown = true, true, true
			}
		}
	}
}

// namesakes lists the processes that have the name which the open operation of a frame gives, though it doesn't name them.
func (c *checker) namesakes(f model.ID) (out []model.ID) {
	for _, s := range some(c.states) {
		out = s.Namesakes(f, out)
	}
	return out
}

// concerned tells whether it may matter to the label at hand that code of a process has ended.
func (c *checker) concerned(s *model.State, p model.ID) bool {
	return c.concern == nil || c.concern[p] || c.concern[s.ThreadOf(p)]
}

// codeEnds is the kind of act by which a frame is left before its label or after it.
const codeEnds = model.ActKind(255)

// endings appends the acts by which code may end. Where it holds up an operation, that goes on then and may matter to
// whatever comes, be its process concerned or not.
func (c *checker) endings(s *model.State, out []model.Act) []model.Act {
	if !c.heard() && !c.o.silent {
		return out
	}
	c.room = s.Running(c.room[:0])
	for _, f := range c.room {
		if (c.concerned(s, s.ProcessOf(f)) || s.ComesBetween(f)) && c.mayLeave(s, f) {
			out = append(out, model.Act{Kind: codeEnds, Process: s.ProcessOf(f), Frame: f})
		}
	}
	return out
}

// leave ends the code of a frame, taking the outcome of its last operation where that isn't heard of yet.
func (c *checker) leave(s *model.State, f model.ID, log *model.UndoLog) {
	taken := s.HasOutcome(f)
	if taken {
		s.Forget(f, log)
	}
	if its := c.stories[f]; its != nil && its.leave >= 0 {
		s.Leave(f, its.values, log)
	} else {
		s.LeaveUnheard(f, log)
	}
	if taken {
		log.Merge()
	}
}

// mayLeave tells whether a frame may be left: its code may have ended, of which the labels have told or tell later.
func (c *checker) mayLeave(s *model.State, f model.ID) bool {
	its := c.stories[f]
	if its == nil {
		return (c.cut() || c.o.silent) && s.IsIdle(f)
	}
	if its.leave < 0 && !c.cut() || its.lastCall >= c.now || !c.matches(s, f, its) {
		return false
	}
	if s.IsIdle(f) {
		return true
	}
	call := c.calls[f]
	return call != nil && (call.End < 0 || s.Fits(f, &call.Seen))
}

// doomed tells whether what labels still tell of a frame means nothing any more.
func (c *checker) doomed(s *model.State, f model.ID) bool { return c.heard() && s.Doomed(f) }

// mayUnwind tells whether a frame may be unwound: no call returns to it any more, but what has happened.
func (c *checker) mayUnwind(s *model.State, f model.ID) bool {
	its := c.stories[f]
	if its == nil || f == c.free {
		return true
	}
	if its.lastReturned >= c.now || !c.matches(s, f, its) {
		return false
	}
	call := c.calls[f]
	return call == nil || call.LeftOut || call.Unheard() || byHarness(call) || s.HasOutcome(f) && s.Fits(f, &call.Seen)
}

// matches tells whether what a frame runs is what the labels will tell of it, if they have not yet.
func (c *checker) matches(s *model.State, f model.ID, its *story) bool {
	return its.enter < 0 || its.enter < c.now || c.begins(s, f, its.enter)
}
