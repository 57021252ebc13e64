package queues

import "sort"

// A step of a witness: an effect at an instant between calls and returns.
type step struct {
	kind stepKind
	// before is the position that the effect comes just before.
	before int
	// of is the index of the message, or of the send or read that gives up.
	of int
}

type stepKind uint8

const (
	stepSend stepKind = iota + 1
	stepRead
	stepFull
	stepEmpty
)

// steps gives each effect the latest instant that the order of the messages leaves it.
func (w *instants) steps(h *History, a *arrangement) []step {
	var steps []step
	capacity := h.capacity()
	sent, read, now := 0, 0, 0
	add := func(kind stepKind, of int) { steps = append(steps, step{kind, now, of}) }
	reach := func(s, r int) {
		for sent < s || read < r {
			if sent < s && sent-read < capacity {
				add(stepSend, int(a.order[sent]))
				sent++
			} else {
				if read == sent {
					return // no queue; whoever checks the steps will say so
				}
				add(stepRead, int(a.order[read]))
				read++
			}
		}
	}
	ended := func(ends []int, t int) int { // how many places are before one with an end before t
		return sort.Search(len(ends), func(p int) bool { return ends[p] >= t })
	}
	fulls, empties := w.fulls, w.empties
	for now = range h.end() + 1 {
		if len(fulls) > 0 && fulls[0] == now {
			fulls = fulls[1:]
			reads := max(ended(a.readEnds, now), ended(a.sendEnds, now)-capacity, read, sent-capacity)
			reach(min(reads+capacity, len(a.order)), reads)
			for i, t := range w.fullAt {
				if t == now {
					add(stepFull, i)
				}
			}
		}
		if len(empties) > 0 && empties[0] == now {
			empties = empties[1:]
			both := max(ended(a.sendEnds, now), ended(a.readEnds, now), sent, read)
			reach(both, both)
			for i, t := range w.emptyAt {
				if t == now {
					add(stepEmpty, i)
				}
			}
		}
		s, r := max(sent, ended(a.sendEnds, now+1)), max(read, ended(a.readEnds, now+1))
		if now == h.end() {
			s = len(a.order)
		}
		s = max(s, r)
		reach(s, max(r, s-capacity))
	}
	return steps
}

// witnessed checks an order of effects by following it: that each is within its operation, that
// the queue is one, and that all have their effect. It is all that "allowed" rests on.
func (h *History) witnessed(messages []Message, steps []step) bool {
	within := func(call, end, before int) bool { return call < before && before <= end }
	var queue []int
	sent, read := make([]bool, len(messages)), make([]bool, len(messages))
	full, empty := make([]bool, len(h.Full)), make([]bool, len(h.Empty))
	taken := map[Span]int{}
	last := 0
	for _, s := range steps {
		if s.before < last {
			return false
		}
		last = s.before
		switch s.kind {
		case stepSend:
			m := messages[s.of]
			if sent[s.of] || !within(m.SendCall, m.SendReturn, s.before) || h.Capacity != 0 && len(queue) == h.Capacity {
				return false
			}
			sent[s.of] = true
			queue = append(queue, s.of)
		case stepRead:
			m := messages[s.of]
			if read[s.of] || len(queue) == 0 || queue[0] != s.of || !within(m.ReadCall, m.ReadReturn, s.before) {
				return false
			}
			read[s.of] = true
			queue = queue[1:]
		case stepFull:
			if h.Capacity == 0 || len(queue) != h.Capacity || !within(h.Full[s.of].Call, h.Full[s.of].End, s.before) {
				return false
			}
			full[s.of] = true
		case stepEmpty:
			if len(queue) != 0 || !within(h.Empty[s.of].Call, h.Empty[s.of].End, s.before) {
				return false
			}
			empty[s.of] = true
		}
	}
	for i, m := range messages {
		was := h.Messages[i]
		if !sent[i] || !read[i] && was.ReadReturn != Never {
			return false
		}
		if m != was { // a read that nobody saw the outcome of has taken it
			if m.SendCall != was.SendCall || m.SendReturn != was.SendReturn || was.ReadReturn != Never {
				return false
			}
			taken[Span{m.ReadCall, m.ReadReturn}]++
		}
	}
	for _, t := range h.Takers {
		taken[t]--
	}
	for _, n := range taken {
		if n > 0 {
			return false
		}
	}
	for _, all := range [][]bool{full, empty} {
		for _, done := range all {
			if !done {
				return false
			}
		}
	}
	return true
}
