package queues

import (
	"cmp"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Instants say when those who gave up saw the queue full or empty.
type instants struct {
	fullAt, emptyAt []int // by the index of who gave up
	fulls, empties  []int // the same without duplicates, ascending
}

// instants chooses them: nil where there are none. One serves for as many as possible: with latest
// each is as late as can be, else anywhere.
func (h *History) instants(messages []Message, choose spec.Choices, latest bool) *instants {
	sure, possible := h.occupancy(), h.occupancy()
	for _, m := range messages {
		if m.SendReturn < m.ReadCall {
			sure.add(m.SendReturn, m.ReadCall)
		}
		possible.add(m.SendCall, m.ReadReturn)
	}
	sure.sum()
	possible.sum()
	w := &instants{}
	pick := func(spans []Span, fits func(t int) bool) (at, all []int, ok bool) {
		at = make([]int, len(spans))
		order := make([]int, len(spans))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(i, j int) int { return cmp.Compare(spans[i].End, spans[j].End) })
		last := -1
		for _, i := range order {
			s := spans[i]
			if last <= s.Call {
				var fitting []int
				for t := min(s.End, h.end()); t > s.Call && !(latest && len(fitting) > 0); t-- {
					if fits(t) {
						fitting = append(fitting, t)
					}
				}
				if len(fitting) == 0 {
					return nil, nil, false
				}
				last = fitting[spec.Pick(choose, len(fitting))]
				all = append(all, last)
			}
			at[i] = last
		}
		return at, all, true
	}
	var ok, ok2 bool
	w.fullAt, w.fulls, ok = pick(h.Full, func(t int) bool { return possible[t] >= h.Capacity })
	w.emptyAt, w.empties, ok2 = pick(h.Empty, func(t int) bool { return sure[t] == 0 && !slices.Contains(w.fulls, t) })
	if !ok || !ok2 {
		return nil
	}
	return w
}
