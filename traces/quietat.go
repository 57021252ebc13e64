package traces

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// quietAt has, for each label, the label after the last quiet one before it, 0 for none. Nil has none
// at all, as on real time, where a quiet label convicts nothing unless it is settled.
type quietAt []int

func (c *checker) quietLabels() quietAt {
	if !c.o.Virtual && !c.o.Settled || !slices.ContainsFunc(c.labels, func(l spec.Label) bool { return l.Kind == spec.QuietLabel }) {
		return nil
	}
	q := make(quietAt, len(c.labels)+1)
	for i, l := range c.labels {
		if q[i+1] = q[i]; l.Kind == spec.QuietLabel {
			q[i+1] = i + 1
		}
	}
	return q
}

// last is the label after the last quiet one while a call is open, 0 for none.
func (q quietAt) last(k *call) int {
	if q == nil {
		return 0
	}
	end := k.end
	if end < 0 {
		end = len(q) - 1
	}
	if q[end] > k.at {
		return q[end]
	}
	return 0
}

// within tells whether a call is open at a quiet label.
func (q quietAt) within(k *call) bool { return q.last(k) != 0 }

// span is when an operation may have its effect: not while nothing could happen, and so not
// before.
func (q quietAt) span(k *call) Span {
	s := Span{k.at, k.end}
	if k.end < 0 {
		s.End = Never
	}
	if last := q.last(k); last != 0 {
		s.Call = last - 1
	}
	return s
}

// waits notes the quiet labels at which an operation can't go on.
func (q quietAt) waits(k *call, at map[int]bool) {
	for last := q.last(k); last > k.at+1; last = q[last-1] {
		at[last-1] = true
	}
}
