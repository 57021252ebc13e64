package queues

import (
	"cmp"
	"slices"
)

// Bounds say between which places a message can be, and how many have been sent and read at an
// instant. They follow from each other: what has been sent and not read fits into the queue; who
// was sent before an instant has a place before as many as have been sent by then.
type bounds struct {
	first, last []int // places, by message
	// How many can have been sent, and read, just before the event at a position.
	leastSent, mostSent, leastRead, mostRead []int
}

// bound narrows the bounds until they stay, or are narrow enough.
func (a *arrangement) bound(end int) *bounds {
	n := len(a.messages)
	b := &bounds{first: make([]int, n), last: make([]int, n)}
	for i := range b.last {
		b.last[i] = n - 1
	}
	counts := func() []int { return make([]int, end+1) }
	b.leastSent, b.mostSent, b.leastRead, b.mostRead = counts(), counts(), counts(), counts()
	for _, m := range a.messages {
		note := func(of []int, at int) {
			if at <= end {
				of[at]++
			}
		}
		note(b.leastSent, m.SendReturn)
		note(b.leastRead, m.ReadReturn)
		note(b.mostSent, m.SendCall+1)
		if m.ReadCall != Never {
			note(b.mostRead, m.ReadCall+1)
		}
	}
	for _, of := range [][]int{b.leastSent, b.mostSent, b.leastRead, b.mostRead} {
		for t := 1; t <= end; t++ {
			of[t] += of[t-1]
		}
	}
	for range 20 {
		if !a.narrow(b, end) {
			break
		}
	}
	return b
}

// narrow goes once through all that bounds each other, and tells whether any changed.
func (a *arrangement) narrow(b *bounds, end int) bool {
	changed := false
	raise := func(at *int, to int) {
		if *at < to {
			*at, changed = to, true
		}
	}
	lower := func(at *int, to int) {
		if *at > to {
			*at, changed = to, true
		}
	}
	for t := range end + 1 {
		lower(&b.mostSent[t], b.mostRead[t]+a.capacity)
		lower(&b.mostRead[t], b.mostSent[t])
		raise(&b.leastRead[t], b.leastSent[t]-a.capacity)
		raise(&b.leastSent[t], b.leastRead[t])
	}
	for _, t := range a.fulls {
		lower(&b.mostRead[t-1], b.mostSent[t]-a.capacity)
		raise(&b.leastSent[t], b.leastRead[t-1]+a.capacity)
	}
	for _, t := range a.empties {
		raise(&b.leastRead[t], b.leastSent[t-1])
		lower(&b.mostSent[t-1], b.mostRead[t])
	}
	for i, m := range a.messages {
		raise(&b.first[i], b.leastSent[m.SendCall])
		if m.ReadCall <= end {
			raise(&b.first[i], b.leastRead[m.ReadCall])
		}
		if m.SendReturn <= end {
			lower(&b.last[i], b.mostSent[m.SendReturn]-1)
			raise(&b.leastSent[m.SendReturn], b.first[i]+1)
		}
		if m.ReadReturn <= end {
			lower(&b.last[i], b.mostRead[m.ReadReturn]-1)
			raise(&b.leastRead[m.ReadReturn], b.first[i]+1)
		}
		lower(&b.mostSent[m.SendCall], b.last[i])
		if m.ReadCall <= end {
			lower(&b.mostRead[m.ReadCall], b.last[i])
		}
	}
	for t := 1; t <= end; t++ {
		raise(&b.leastSent[t], b.leastSent[t-1])
		raise(&b.leastRead[t], b.leastRead[t-1])
	}
	for t := end - 1; t >= 0; t-- {
		lower(&b.mostSent[t], b.mostSent[t+1])
		lower(&b.mostRead[t], b.mostRead[t+1])
	}
	return changed
}

// place orders the messages: of those that nothing unplaced must be before, that which has to
// come first.
func (a *arrangement) place(b *bounds) {
	n := len(a.messages)
	sortedBy := func(at func(i int32) int) []int32 {
		out := make([]int32, n)
		for i := range out {
			out[i] = int32(i)
		}
		slices.SortFunc(out, func(x, y int32) int { return cmp.Compare(at(x), at(y)) })
		return out
	}
	calls := sortedBy(func(i int32) int { return a.messages[i].SendCall })
	placed := make([]bool, n)
	var open []int32
	ends := []*pending{
		{sortedBy(func(i int32) int { return a.messages[i].SendReturn }), func(i int32) int { return a.messages[i].SendReturn }},
		{sortedBy(func(i int32) int { return a.messages[i].ReadReturn }), func(i int32) int { return a.messages[i].ReadReturn }},
		{sortedBy(func(i int32) int { return a.cut[i] }), func(i int32) int { return a.cut[i] }},
	}
	for len(a.order) < n {
		sent, read, cut := ends[0].first(placed), ends[1].first(placed), ends[2].first(placed)
		for len(calls) > 0 && a.messages[calls[0]].SendCall < sent {
			open = append(open, calls[0])
			calls = calls[1:]
		}
		best := -1
		better := func(x, y int32) bool { // x rather than y
			late := func(i int32) bool { return b.first[i] > len(a.order) }
			if late(x) != late(y) {
				return late(y)
			}
			return cmp.Or(cmp.Compare(b.last[x], b.last[y]), cmp.Compare(a.messages[x].ReadCall, a.messages[y].ReadCall)) < 0
		}
		for at, i := range open {
			m := &a.messages[i]
			free := m.ReadCall <= read && (m.ReadCall < cut || a.cut[i] == cut)
			if free && (best < 0 || better(i, open[best])) {
				best = at
			}
		}
		if best < 0 {
			best = 0
		}
		i := open[best]
		open = slices.Delete(open, best, best+1)
		placed[i] = true
		a.order = append(a.order, i)
	}
}

// pending are messages by an end of theirs.
type pending struct {
	byEnd []int32
	end   func(i int32) int
}

// first is the first end of one that has no place yet.
func (p *pending) first(placed []bool) int {
	for len(p.byEnd) > 0 && placed[p.byEnd[0]] {
		p.byEnd = p.byEnd[1:]
	}
	if len(p.byEnd) == 0 {
		return Never
	}
	return p.end(p.byEnd[0])
}
