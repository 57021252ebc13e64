package script

import (
	"math"
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// Quiet has, for each label, the label after the last quiet one before it, 0 for none. Nil has none
// at all, as on real time, where a quiet label convicts nothing unless it is settled.
type Quiet []int

func quietLabels(labels []spec.Label) Quiet {
	if !slices.ContainsFunc(labels, func(l spec.Label) bool { return l.Kind == spec.QuietLabel }) {
		return nil
	}
	q := make(Quiet, len(labels)+1)
	for i, l := range labels {
		if q[i+1] = q[i]; l.Kind == spec.QuietLabel {
			q[i+1] = i + 1
		}
	}
	return q
}

// last is the label after the last quiet one while a call is open, 0 for none.
func (q Quiet) last(c *Call) int {
	if q == nil {
		return 0
	}
	end := c.End
	if end < 0 {
		end = len(q) - 1
	}
	if q[end] > c.At {
		return q[end]
	}
	return 0
}

// lateLook is how long before its time is over a wait on a real clock may have looked last: it may look from time to time, and be
// kept from it.
const lateLook = 2 * time.Second

// TimeIsOver tells whether the time of a call may be over before a label. On virtual time, quiet labels tell what had to happen before.
func (s *Script) TimeIsOver(c *Call, at int) bool {
	return s.options.Virtual || s.Labels[at].At+s.options.Slack+lateLook >= s.Labels[c.At].At+c.Deadline
}

// LateSpan is when an operation may have given up, as [Quiet.Span].
func (s *Script) LateSpan(c *Call) (after, before int) {
	after, before = s.Quiet.Span(c)
	for c.Timed && after+1 < c.End && !s.TimeIsOver(c, after+1) {
		after++
	}
	return after, before
}

// Within tells whether a call is open at a quiet label.
func (q Quiet) Within(c *Call) bool { return q.last(c) != 0 }

// Span is when an operation may have its effect, after one label and before another, [math.MaxInt] where it has no
// end: not while nothing could happen, and so not before.
func (q Quiet) Span(c *Call) (after, before int) {
	after, before = c.At, c.End
	if c.End < 0 {
		before = math.MaxInt
	}
	if last := q.last(c); last != 0 {
		after = last - 1
	}
	return after, before
}

// Waits notes the quiet labels at which an operation can't go on.
func (q Quiet) Waits(c *Call, at map[int]bool) {
	for last := q.last(c); last > c.At+1; last = q[last-1] {
		at[last-1] = true
	}
}
