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
	process                model.ID
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

// testEnds is the label after which the test has nothing to call any more, the number of labels where it
// never ends. On a real clock the harness may be ending the system from then on.
func (c *checker) testEnds() int {
	if c.lastOfTest == 0 {
		c.lastOfTest = len(c.labels)
		if leave := slices.IndexFunc(c.labels, func(l spec.Label) bool { return l.Frame == 0 && l.Kind == spec.LeaveLabel }); c.heard() && leave >= 0 {
			for c.lastOfTest = leave - 1; c.lastOfTest > 0 && c.labels[c.lastOfTest].Frame != 0; {
				c.lastOfTest--
			}
		}
	}
	return c.lastOfTest
}

// mayTear tells whether code of another process that never goes on may be the harness's doing: the test has
// nothing to call any more, or has made its last call and nobody was killed. Then what that call returned
// is all that is left to judge.
func (c *checker) mayTear(i int) bool {
	kills := func(l spec.Label) bool {
		op := spec.LookupOp(l.Call.Op)
		return l.Kind == spec.CallLabel && op != nil && op.Is(spec.Kills)
	}
	if !c.heard() || c.testEnds() == len(c.labels) || i < c.storyOf(c.binding.frames[0]).lastCall {
		return false
	}
	return i > c.testEnds() || !slices.ContainsFunc(c.labels[:i], kills)
}

// cut tells whether the trace ends before the test does: then much of what happened is not heard at all,
// unless nothing happens any more.
func (c *checker) cut() bool { return c.testEnds() == len(c.labels) && !c.o.Settled }

// gather notes in the stories what a label tells; k is the call that it ends, where it does.
func (c *checker) gather(i int, l *spec.Label, k *call) {
	f, bound := c.binding.frames[l.Frame]
	if !bound || !c.heard() {
		return
	}
	switch its := c.storyOf(f); l.Kind {
	case spec.EnterLabel:
		its.enter, its.callback = i, l.Callback
		its.process = c.binding.refs[c.binding.owner[l.Frame]]
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
	c.silent, c.told = map[model.ID][][]model.ID{}, map[model.ID]uint32{}
	for i := range c.labels {
		l := &c.labels[i]
		if l.Kind != spec.EnterLabel || l.Frame == 0 {
			continue
		}
		f, bound := c.binding.frames[l.Frame]
		if !bound {
			continue
		}
		its, p := c.stories[f], c.binding.refs[c.binding.owner[l.Frame]]
		if c.told[p]++; its.lastReturned >= 0 {
			continue
		}
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
	for _, a := range model.Enabled(s, nil) {
		if c.idleApart(a, frame) || c.heard() && (a.Kind == model.Unwind || a.Kind == model.Lost) && !c.mayUnwind(s, a.Frame) {
			continue
		}
		if ofLife(a.Kind) && !c.concerned(a.Process) {
			continue
		}
		l, goOn := apply(a, 0)
		if !goOn {
			return
		}
		if l.Kind != model.Entered || !c.heard() {
			continue
		}
		for _, f := range c.otherFrames(s, a.Process, l.Frame) {
			if _, goOn := apply(a, f); !goOn {
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
	if _, told := c.enters[first]; told && (c.cut() || s.KillReaches(p)) {
		nth := c.told[p]
		for s.Exists(c.u.Name(p, nth, model.KindFrame)) {
			nth++
		}
		out = append(out, c.u.Name(p, nth, model.KindFrame))
	}
	return out
}

// ofLife tells whether an act is of the life of a process, and not of an operation.
func ofLife(k model.ActKind) bool {
	switch k {
	case model.Begin, model.Unwind, model.Lost, model.Cleanup, model.Die:
		return true
	}
	return false
}

// concerns collects the processes of whose life it matters to a label how far it has come: the one that the
// label is of, and those that open operations of such processes name. Of others it can as well be later. So
// what many clients leave open is not gone through in every order.
func (c *checker) concerns(i int) {
	c.concern = nil
	l := &c.labels[i]
	p, ok := c.binding.refs[c.binding.owner[l.Frame]]
	if !c.heard() || !ok || l.Kind == spec.QuietLabel || l.Kind == spec.CallLabel { // which an object is missing for, whoever makes it
		return
	}
	for _, k := range c.calls {
		if spec.LookupOp(k.call.Op).Is(spec.StopsWorld) { // until its process unwinds, perhaps
			return
		}
	}
	c.concern = map[model.ID]bool{p: true}
	for grown := true; grown; {
		grown = false
		for f, k := range c.calls {
			if !c.concern[c.ownerOf(f)] {
				continue
			}
			if interval(k.call.Op) {
				c.concern = nil
				return
			}
			for _, id := range k.needs {
				if c.u.KindOf(id) == model.KindProcess && !c.concern[id] {
					c.concern[id], grown = true, true
				}
			}
		}
	}
}

// concerned tells whether it may matter to the label at hand that code of a process has ended.
func (c *checker) concerned(p model.ID) bool { return c.concern == nil || c.concern[p] }

// ownerOf is the process of a frame that labels tell of.
func (c *checker) ownerOf(f model.ID) model.ID {
	if its := c.stories[f]; its != nil {
		return its.process
	}
	return 0
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
		if c.concerned(s.ProcessOf(f)) && c.mayLeave(s, f) {
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
	if its := c.stories[f]; its != nil && its.leave >= 0 {
		s.Leave(f, its.values, log)
	} else {
		s.LeaveUnheard(f, log)
	}
	if taken {
		log.Merge()
	}
}

// mayLeave tells whether the code of a frame may have ended, of which the labels tell only later.
func (c *checker) mayLeave(s *model.State, f model.ID) bool {
	its := c.stories[f]
	if its == nil {
		return c.cut() && s.IsIdle(f)
	}
	if its.leave < c.now && (its.leave >= 0 || !c.cut()) || its.lastCall >= c.now || !c.matches(s, f, its) {
		return false
	}
	if s.IsIdle(f) {
		return true
	}
	k := c.calls[f]
	return k != nil && (k.end < 0 || s.Fits(f, &k.seen))
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
	k := c.calls[f]
	return k == nil || k.passed || k.unheard() || byHarness(k) || s.HasOutcome(f) && s.Fits(f, &k.seen)
}

// matches tells whether what a frame runs is what the labels will tell of it, if they have not yet.
func (c *checker) matches(s *model.State, f model.ID, its *story) bool {
	return its.enter < 0 || its.enter < c.now || c.begins(s, f, its.enter)
}
