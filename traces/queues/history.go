package queues

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// A Span is the time of an operation, in positions of whatever orders events: from its call to
// its end, [Never] where it has none.
type Span struct{ Call, End int }

// A History is what clients saw of a queue that holds at most Capacity messages, 0 for any
// number. Messages are one of a kind, and no two events have the same position.
type History struct {
	Capacity int
	// Messages are those whose send was acknowledged or that were read; a SendReturn is the end of
	// the send, however it ended.
	Messages []Message
	// Full are the sends that gave up: there was an instant with no room for them.
	Full []Span
	// Empty are the reads that gave up: there was an instant with nothing to read.
	Empty []Span
	// Takers are the reads whose outcome nobody saw. Each may have taken one message.
	Takers []Span
	// Maybe are the sends whose outcome nobody saw and whose message nobody read: each may have
	// added it.
	Maybe []Span

	last int // position, once they are dense
}

// An Impossible is why no queue has a history: the operation whose end can't be what it was, by
// the position of that end, and what would have to be so instead.
type Impossible struct {
	At   int
	What string
	// First is the message that What is about, by 1 + its index; 0 where it is about none.
	First int
	// Send: it is a send that gave up.
	Send bool
}

// Check tells whether a queue can have this history: why not, or nil where it can. The reason is one that is
// plain: two messages that are out of order or a number that is too large. That it can rests on an
// order of effects that was found and then checked step by step. Where there is neither it is not decided:
// the order is searched for by moving messages about, a bounded number of times.
//
// Without time-outs, kills and capacity the time is that of sorting.
func (h *History) Check() (why *Impossible, decided bool) {
	if d := CheckFIFO(h.Messages, len(h.Takers) > 0); d != nil {
		m := h.Messages[d.Second]
		if d.First == d.Second {
			return &Impossible{At: m.ReadReturn, What: "an object that has been sent"}, true
		}
		return &Impossible{At: m.ReadReturn, What: "which was sent before", First: 1 + d.First}, true
	}
	if h.Capacity == 0 && len(h.Full) > 0 {
		return &Impossible{At: h.Full[0].End, What: "it is added: there is room for any number", Send: true}, true
	}
	if h.Capacity == 0 && len(h.Empty)+len(h.Takers) == 0 || len(h.Messages)+len(h.Full)+len(h.Empty) == 0 {
		return nil, true // a matter of pairs
	}
	dense, positions := h.dense()
	if why, decided = dense.check(); why != nil {
		why.At = positions[why.At]
	}
	return why, decided
}

// boundless is the same history of a queue that holds any number, and may be full at any time.
func (h *History) boundless() *History {
	b := *h
	b.Capacity, b.Full = 0, nil
	return &b
}

// attempts bounds the searches for an order: each with other instants, and other readers of what
// is missing. Long histories have fewer, so that no more than about most messages are ordered.
const (
	attempts = 24
	most     = 200_000
)

// repairs bounds the moves of one of them.
func (h *History) repairs() int { return 200 + 20*len(h.Messages) }

func (h *History) check() (why *Impossible, decided bool) {
	if why := h.impossible(); why != nil {
		return why, true
	}
	if len(h.Takers) == 0 {
		if why := h.placeless(); why != nil {
			return why, true
		}
	}
	for attempt := range min(attempts, 2+most/(1+len(h.Messages))) {
		choose := spec.Seeded(uint64(attempt))
		messages, why := h.matched(choose, attempt%2 == 1)
		if why != nil {
			return why, true
		}
		tight := tightened(messages)
		if CheckFIFO(tight, false) != nil {
			continue // perhaps other readers took what is missing
		}
		w := h.instants(tight, choose, attempt == 0)
		if w == nil {
			continue
		}
		a := arrange(tight, h.capacity(), w, h.end(), choose)
		if a.repair(h.repairs()) && h.witnessed(messages, w.steps(h, a)) {
			return nil, true
		}
	}
	return nil, false
}

// capacity is the queue's, or one that no history fills.
func (h *History) capacity() int {
	unfilled := len(h.Messages) + len(h.Maybe) + 1
	if h.Capacity == 0 {
		return unfilled
	}
	return min(h.Capacity, unfilled)
}

// tightened has each send end before the read of its message does, and each read begin after
// the send: the effects do.
func tightened(messages []Message) []Message {
	out := slices.Clone(messages)
	for i := range out {
		m := &out[i]
		m.SendReturn, m.ReadCall = min(m.SendReturn, m.ReadReturn), max(m.ReadCall, m.SendCall)
	}
	return out
}

// dense is the history with its positions numbered from 0, and what they were.
func (h *History) dense() (*History, []int) {
	var positions []int
	note := func(at *int) {
		if *at != Never {
			positions = append(positions, *at)
		}
	}
	out := *h
	out.Messages = slices.Clone(h.Messages)
	out.Full, out.Empty, out.Takers, out.Maybe = slices.Clone(h.Full), slices.Clone(h.Empty), slices.Clone(h.Takers), slices.Clone(h.Maybe)
	out.each(note)
	slices.Sort(positions)
	positions = slices.Compact(positions)
	out.each(func(at *int) {
		if *at != Never {
			*at, _ = slices.BinarySearch(positions, *at)
		}
	})
	out.last = len(positions) - 1
	return &out, positions
}

// each goes through the positions.
func (h *History) each(do func(at *int)) {
	for i := range h.Messages {
		m := &h.Messages[i]
		do(&m.SendCall)
		do(&m.SendReturn)
		do(&m.ReadCall)
		do(&m.ReadReturn)
	}
	for _, spans := range [][]Span{h.Full, h.Empty, h.Takers, h.Maybe} {
		for i := range spans {
			do(&spans[i].Call)
			do(&spans[i].End)
		}
	}
}

// end is a position behind all; an instant is a position that effects come just before.
func (h *History) end() int { return h.last + 1 }

// placeless finds a message for which the bounds leave no place, whenever those who gave up did; it
// has to be known who took what.
func (h *History) placeless() *Impossible {
	tight := tightened(h.Messages)
	b := newArrangement(tight, h.capacity(), &instants{}, spec.Seeded(0)).bound(h.end())
	for i, m := range h.Messages {
		if b.first[i] <= b.last[i] {
			continue
		}
		if m.ReadReturn != Never {
			return &Impossible{At: m.ReadReturn, What: "no order of the objects has this one in time"}
		}
		return &Impossible{At: m.SendReturn, What: "it waits: no order of the objects has room for it in time"}
	}
	return nil
}

// occupancy counts, for each instant, the messages that are in the queue then: levels[t] just
// before the event at t. It is fed with spans at the positions of whose ends a message comes and
// goes.
type occupancy []int

func (h *History) occupancy() occupancy { return make(occupancy, h.end()+2) }

func (o occupancy) add(from, to int) {
	last := len(o) - 2
	o[min(from, last)+1]++
	o[min(to, last)+1]--
}

func (o occupancy) sum() {
	for t := 1; t < len(o); t++ {
		o[t] += o[t-1]
	}
}

// during gives the levels at the instants of a span.
func (o occupancy) during(s Span) []int { return o[s.Call+1 : min(s.End, len(o)-2)+1] }

// impossible looks for numbers that no queue can have, whatever the order of effects and whoever
// took what nobody read.
func (h *History) impossible() *Impossible {
	sure, possible := h.occupancy(), h.occupancy()
	for _, m := range h.Messages {
		out := max(m.ReadCall, m.SendCall)
		if m.ReadReturn == Never {
			for _, t := range h.Takers {
				if t.End > m.SendCall {
					out = min(out, max(t.Call, m.SendCall))
				}
			}
		}
		if in := min(m.SendReturn, m.ReadReturn); in < out {
			sure.add(in, out)
		}
		possible.add(m.SendCall, m.ReadReturn)
	}
	for _, s := range h.Maybe {
		possible.add(s.Call, Never)
	}
	sure.sum()
	possible.sum()
	for _, e := range h.Empty {
		if slices.Min(sure.during(e)) > 0 {
			return &Impossible{At: e.End, What: "an object: something is in the mailbox all the time"}
		}
	}
	if h.Capacity == 0 {
		return nil
	}
	for t, n := range sure {
		if n > h.Capacity {
			return &Impossible{At: t - 1, What: "it waits: there is no room before a read begins"} // for the send that ended last
		}
	}
	for _, f := range h.Full {
		if slices.Max(possible.during(f)) < h.Capacity {
			return &Impossible{At: f.End, What: "it is added: there is room all the time", Send: true}
		}
	}
	return nil
}
