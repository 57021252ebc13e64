package traces

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// Heard is not happened. On real time a label from the adapter - a return, gone, enter - says that
// something happened no later; a call says that it happened no earlier. The end of code says neither: over the wire
// the adapter hears of it later, once what came between on the same thread has ended, and in Go it has left the frame
// before. Labels of one frame keep their order, and across frames any may be late, also those of one process: it may be
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
		c.lastOfTest = len(c.script.Labels)
		if leave := slices.IndexFunc(c.script.Labels, func(l spec.Label) bool { return l.Frame == 0 && l.Kind == spec.LeaveLabel }); c.heard() && leave >= 0 {
			for c.lastOfTest = leave - 1; c.lastOfTest > 0 && c.script.Labels[c.lastOfTest].Frame != 0; {
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
	if !c.heard() || c.testEnds() == len(c.script.Labels) || i < c.storyOf(c.script.Frames[0]).lastCall {
		return false
	}
	return i > c.testEnds() || !slices.ContainsFunc(c.script.Labels[:i], kills)
}

// cut tells whether the trace ends before the test does: then much of what happened is not heard at all,
// unless nothing happens any more.
func (c *checker) cut() bool { return c.testEnds() == len(c.script.Labels) && !c.o.Settled }

// tellStories notes in the stories what the labels tell.
func (c *checker) tellStories() {
	c.lastBetween = map[model.ID]int{}
	for i := range c.script.Labels {
		if l := &c.script.Labels[i]; l.Kind < spec.QuietLabel {
			c.gather(i, l)
		}
	}
}

// gather notes what a label tells.
func (c *checker) gather(i int, l *spec.Label) {
	f, bound := c.script.Frames[l.Frame]
	if !bound {
		return
	}
	switch its := c.storyOf(f); l.Kind {
	case spec.EnterLabel:
		its.enter, its.callback = i, l.Callback
		its.process = c.script.Refs[c.script.Owner[l.Frame]]
		if c.script.Between[l.Callback] && !c.hooks[f] {
			c.lastBetween[its.process] = i
		}
	case spec.CallLabel:
		its.lastCall = i
	case spec.ReturnLabel:
		if call := c.script.Closes[i]; call != nil && !call.Unheard() && !byHarness(call) {
			its.lastReturned = max(its.lastReturned, call.At)
		}
	case spec.LeaveLabel:
		its.leave, its.values = i, c.script.Values(l.Return.Values)
	}
}

// byHarness tells whether the harness itself executes an operation: then it answers also where the
// process has unwound meanwhile.
func byHarness(call *script.Call) bool { return call.Row.Is(spec.ByHarness) }

// silentFrames lists frames of each process to which no call returned: they may have begun before others of
// their process that are told of first, since nothing shows when. So may what comes between, and all that is told of after such
// code, which may have begun and ended within it; each is a kind of its own. Those that are told of in the same words
// are of one kind, and the first of them that has not begun stands for all.
func (c *checker) silentFrames() {
	kinds, parted := map[string]int{}, map[model.ID]bool{}
	c.silent, c.told = map[model.ID][][]model.ID{}, map[model.ID]uint32{}
	for i := range c.script.Labels {
		l := &c.script.Labels[i]
		if l.Kind != spec.EnterLabel || l.Frame == 0 {
			continue
		}
		f, bound := c.script.Frames[l.Frame]
		if !bound {
			continue
		}
		its, p := c.stories[f], c.script.Refs[c.script.Owner[l.Frame]]
		what := fmt.Sprint(p, its.callback, l.Args, its.lastCall >= 0, its.leave >= 0, its.values)
		if c.told[p]++; its.lastReturned >= 0 {
			if parted[p] = parted[p] || c.script.Between[its.callback]; !parted[p] {
				continue
			}
			what = fmt.Sprint("frame ", f)
		}
		parted[p] = parted[p] || c.script.Between[its.callback]
		n, known := kinds[what]
		if !known {
			n = len(c.silent[p])
			kinds[what] = n
			c.silent[p] = append(c.silent[p], nil)
		}
		c.silent[p][n] = append(c.silent[p][n], f)
	}
}

// ownerOf is the process of a frame that labels tell of.
func (c *checker) ownerOf(f model.ID) model.ID {
	if its := c.stories[f]; its != nil {
		return its.process
	}
	return 0
}
