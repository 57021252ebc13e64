package queues

import (
	"cmp"
	"slices"
	"sort"

	"github.com/mpcheck/mpcheck/spec"
)

// matched gives each message that must have been taken, though nobody read it, the span of a read
// whose outcome nobody saw: a bipartite matching. With more, further messages get what is left of
// them.
func (h *History) matched(choose spec.Choices, more bool) ([]Message, *Impossible) {
	messages := slices.Clone(h.Messages)
	if len(h.Takers) == 0 {
		return messages, nil
	}
	earliest, latest := h.takenBetween()
	readersOf := h.likelyReaders(choose)
	taker := make([]int, len(h.Takers)) // 1 + index of its message
	var try func(m int, seen []bool) bool
	try = func(m int, seen []bool) bool {
		for _, t := range readersOf(m) {
			if seen[t] || h.Takers[t].Call > latest[m] || h.Takers[t].End < earliest[m] {
				continue
			}
			seen[t] = true
			if taker[t] == 0 || try(taker[t]-1, seen) {
				taker[t] = m + 1
				return true
			}
		}
		return false
	}
	for m := range messages {
		if latest[m] != Never && !try(m, make([]bool, len(h.Takers))) {
			return nil, &Impossible{At: latest[m], What: "which was sent before, and which nobody can have read", First: 1 + m}
		}
	}
	for m := range messages {
		if more && latest[m] == Never && messages[m].ReadReturn == Never && slices.Contains(taker, 0) {
			try(m, make([]bool, len(h.Takers)))
		}
	}
	for t, m := range taker {
		if m != 0 {
			messages[m-1].ReadCall, messages[m-1].ReadReturn = h.Takers[t].Call, h.Takers[t].End
		}
	}
	return messages, nil
}

// likelyReaders lists the readers that may have taken a message, those first that read when what
// was sent at about the same time was read.
func (h *History) likelyReaders(choose spec.Choices) func(m int) []int {
	var known []Span // the end of a send, and of the read of its message
	for _, m := range h.Messages {
		if m.ReadReturn != Never {
			known = append(known, Span{m.SendReturn, m.ReadReturn})
		}
	}
	slices.SortFunc(known, func(a, b Span) int { return cmp.Compare(a.Call, b.Call) })
	shuffled := make([]int, len(h.Takers))
	for i := range shuffled {
		shuffled[i] = i
	}
	spec.Shuffle(choose, shuffled)
	sorted := map[int][]int{}
	return func(m int) []int {
		if readers, ok := sorted[m]; ok {
			return readers
		}
		readers := slices.Clone(shuffled)
		sorted[m] = readers
		at := sort.Search(len(known), func(at int) bool { return known[at].Call >= h.Messages[m].SendReturn })
		if at == len(known) {
			return readers
		}
		usual := known[at].End
		away := func(t int) int { return max(0, h.Takers[t].Call-usual, usual-h.Takers[t].End) }
		slices.SortStableFunc(readers, func(t, u int) int { return cmp.Compare(away(t), away(u)) })
		return readers
	}
}

// takenBetween bounds when messages that nobody read were taken: latest is Never where one may
// be in the queue still.
func (h *History) takenBetween() (earliest, latest []int) {
	n := len(h.Messages)
	earliest, latest = make([]int, n), make([]int, n)
	// What was read, by the call of its send, with the least end of a read from there on; by the
	// end of its send, with the greatest call of a read up to there.
	var later, before []Span
	for _, m := range h.Messages {
		if m.ReadReturn != Never {
			later = append(later, Span{m.SendCall, m.ReadReturn})
			before = append(before, Span{m.SendReturn, m.ReadCall})
		}
	}
	later = append(later, h.Empty...)
	byFirst := func(a, b Span) int { return cmp.Compare(a.Call, b.Call) }
	slices.SortFunc(later, byFirst)
	slices.SortFunc(before, byFirst)
	for i := len(later) - 2; i >= 0; i-- {
		later[i].End = min(later[i].End, later[i+1].End)
	}
	for i := 1; i < len(before); i++ {
		before[i].End = max(before[i].End, before[i-1].End)
	}
	for i, m := range h.Messages {
		latest[i] = Never
		if m.ReadReturn != Never {
			continue
		}
		earliest[i] = m.SendCall
		if at := sort.Search(len(later), func(at int) bool { return later[at].Call > m.SendReturn }); at < len(later) {
			latest[i] = later[at].End
		}
		if at := sort.Search(len(before), func(at int) bool { return before[at].Call > m.SendCall }); at > 0 {
			earliest[i] = max(earliest[i], before[at-1].End)
		}
	}
	return earliest, latest
}
