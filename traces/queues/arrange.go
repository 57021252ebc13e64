package queues

import (
	"slices"
	"sort"

	"github.com/mpcheck/mpcheck/spec"
)

// An arrangement is an order of the messages of a bounded queue, in which they are sent and read,
// together with the instants at which those who gave up found it full or empty. An instant t comes
// just before the event at position t.
//
// Given both, whether every effect has an instant is a matter of pairs again: lower bounds of
// instants only ever flow forward along the order. Let a message be at place p. Then
//
//   - a message whose send, or whose read, ends before that of another begins has a place before it;
//   - where the send of j ends before the read of i begins, both are in the queue in between:
//     j's place is less than capacity behind i's;
//   - at an instant at which the queue is empty, where the send of j has ended and the read of i
//     has yet to begin, j's place is before i's;
//   - at an instant at which it is full, where the read of i has ended and the send of j has yet
//     to begin, there are capacity places between them.
//
// The first and the third are kept from the beginning on. The others are got by moving messages,
// where the order that follows from the bounds of places does not have them already.
type arrangement struct {
	messages []Message
	capacity int
	empties  []int // instants, ascending
	fulls    []int // instants, ascending
	choose   spec.Choices
	cut      []int // of each message: the first instant of empties after the end of its send

	order []int32 // places to messages

	// What is known at a place: the latest call of a send and of a read up to it, and the
	// earliest end of a send and of a read from it on.
	sendCalls, readCalls, sendEnds, readEnds []int

	taken, left, saved []int32
}

// must tells whether x is before y in every order.
func (a *arrangement) must(x, y int32) bool {
	m, o := &a.messages[x], &a.messages[y]
	return m.SendReturn < o.SendCall || m.ReadReturn < o.ReadCall || a.cut[x] <= o.ReadCall
}

// arrange makes a first order: what must be before another is, where the pairs of [CheckFIFO] are
// in order and no message is sure to be in the queue at an instant of empties. end is a position
// behind all.
func arrange(messages []Message, capacity int, w *instants, end int, choose spec.Choices) *arrangement {
	a := newArrangement(messages, capacity, w, choose)
	a.place(a.bound(end))
	n := len(messages)
	a.sendCalls, a.readCalls, a.sendEnds, a.readEnds = make([]int, n), make([]int, n), make([]int, n), make([]int, n)
	a.survey(0, n-1)
	return a
}

// newArrangement is one without an order.
func newArrangement(messages []Message, capacity int, w *instants, choose spec.Choices) *arrangement {
	a := &arrangement{messages: messages, capacity: capacity, fulls: w.fulls, empties: w.empties, choose: choose}
	a.cut = make([]int, len(messages))
	for i, m := range messages {
		a.cut[i] = Never
		if at := sort.SearchInts(w.empties, m.SendReturn+1); m.SendReturn != Never && at < len(w.empties) {
			a.cut[i] = w.empties[at]
		}
	}
	return a
}

// survey finds out what is known at the places from lo to hi, among which the order has changed.
func (a *arrangement) survey(lo, hi int) {
	sendCall, readCall, sendEnd, readEnd := -1, -1, Never, Never
	if lo > 0 {
		sendCall, readCall = a.sendCalls[lo-1], a.readCalls[lo-1]
	}
	if hi+1 < len(a.order) {
		sendEnd, readEnd = a.sendEnds[hi+1], a.readEnds[hi+1]
	}
	for p := lo; p <= hi; p++ {
		m := &a.messages[a.order[p]]
		sendCall, readCall = max(sendCall, m.SendCall), max(readCall, m.ReadCall)
		a.sendCalls[p], a.readCalls[p] = sendCall, readCall
	}
	for p := hi; p >= lo; p-- {
		m := &a.messages[a.order[p]]
		sendEnd, readEnd = min(sendEnd, m.SendReturn), min(readEnd, m.ReadReturn)
		a.sendEnds[p], a.readEnds[p] = sendEnd, readEnd
	}
}

// crowded is by how much the read of what is at p, or before, begins too late for the sends from
// capacity places behind it on; 0 where it is in time.
func (a *arrangement) crowded(p int) int {
	if p < 0 || p+a.capacity >= len(a.order) {
		return 0
	}
	return max(0, min(a.readCalls[p], len(a.order)*8)-a.sendEnds[p+a.capacity])
}

// around gives the places that an instant at which the queue is full lies between: the last one
// that has been read from, -1 for none, and the first one that nobody can have sent to.
func (a *arrangement) around(t int) (read, unsent int) {
	n := len(a.order)
	read = sort.Search(n, func(p int) bool { return a.readEnds[p] >= t }) - 1
	unsent = sort.Search(n, func(p int) bool { return a.sendCalls[p] >= t })
	return read, unsent
}

// missing is how many messages are missing for a full queue at an instant.
func (a *arrangement) missing(t int) int {
	read, unsent := a.around(t)
	return max(0, read+1+a.capacity-unsent)
}

// missingWeighs is what a message that is missing for a full queue weighs, in positions by which a
// read begins too late.
const missingWeighs = 50

// excess measures what is wrong with the places from lo to hi.
func (a *arrangement) excess(lo, hi int) int {
	sum := 0
	for p := lo - a.capacity; p <= hi; p++ {
		if p <= hi-a.capacity || p >= lo {
			sum += a.crowded(p)
		}
	}
	if len(a.fulls) == 0 {
		return sum
	}
	// The instants for which a place in between is the last read from, or the first unsent to.
	from, to := a.readEnds[lo], a.sendCalls[hi]
	if lo > 0 {
		from = min(from, a.sendCalls[lo-1])
	}
	if hi+1 < len(a.order) {
		to = max(to, a.readEnds[hi+1])
	} else {
		to = Never
	}
	for at := sort.SearchInts(a.fulls, from); at < len(a.fulls) && a.fulls[at] <= to; at++ {
		sum += missingWeighs * a.missing(a.fulls[at])
	}
	return sum
}

// move takes the message at one place to another, and with it those in between that it must stay
// before, or after.
func (a *arrangement) move(from, to int) {
	lo, hi := min(from, to), max(from, to)
	a.taken, a.left = append(a.taken[:0], a.order[from]), a.left[:0]
	if from < to {
		for _, z := range a.order[from+1 : to+1] {
			if slices.ContainsFunc(a.taken, func(m int32) bool { return a.must(m, z) }) {
				a.taken = append(a.taken, z)
			} else {
				a.left = append(a.left, z)
			}
		}
		copy(a.order[lo+copy(a.order[lo:], a.left):], a.taken)
	} else {
		for _, z := range slices.Backward(a.order[to:from]) {
			if slices.ContainsFunc(a.taken, func(m int32) bool { return a.must(z, m) }) {
				a.taken = append(a.taken, z)
			} else {
				a.left = append(a.left, z)
			}
		}
		slices.Reverse(a.taken)
		slices.Reverse(a.left)
		copy(a.order[lo+copy(a.order[lo:], a.taken):], a.left)
	}
	a.survey(lo, hi)
}

// repair moves messages until nothing is wrong; false if it doesn't get there in so many moves.
func (a *arrangement) repair(moves int) bool {
	p, f := 0, 0 // all before them was seen to be right
	for done := false; moves > 0; {
		for p+a.capacity < len(a.order) && a.crowded(p) == 0 {
			p++
		}
		for f < len(a.fulls) && a.missing(a.fulls[f]) == 0 {
			f++
		}
		switch {
		case p+a.capacity < len(a.order):
			p = max(0, min(p, a.improve(a.readSooner(p))-a.capacity))
			done = false
		case f < len(a.fulls):
			p = max(0, min(p, a.improve(a.fillUp(a.fulls[f]))-a.capacity))
			done = false
		case done:
			return true
		default: // a move may have spoilt what was right
			p, f, done = 0, 0, true
			continue
		}
		moves--
	}
	return false
}

type relocation struct{ from, to int }

// readSooner lists moves that could help where a read begins too late: what is in the way of the
// place goes behind it, or something that isn't comes before it; and likewise with the sends that
// end too early.
func (a *arrangement) readSooner(p int) []relocation {
	var moves []relocation
	q, reach, n := p+a.capacity, 2*a.capacity, len(a.order)
	late, early := a.readCalls[p], a.sendEnds[q]
	few := func() int { return 1 + a.choose.Choose(a.choose.Choose(reach)+2) }
	for i := max(0, p-reach); i < min(n, p+reach); i++ {
		switch inTheWay := a.messages[a.order[i]].ReadCall > early; {
		case i <= p && inTheWay:
			moves = append(moves, relocation{i, min(n-1, p+few())})
		case i > p && !inTheWay:
			moves = append(moves, relocation{i, max(0, p+1-few())})
		}
	}
	for i := max(0, q-reach); i < min(n, q+reach); i++ {
		switch urgent := a.messages[a.order[i]].SendReturn < late; {
		case i < q && !urgent:
			moves = append(moves, relocation{i, min(n-1, q-1+few())})
		case i >= q && urgent:
			moves = append(moves, relocation{i, max(0, q-few())})
		}
	}
	return moves
}

// fillUp lists moves that could help where the queue should be full and isn't.
func (a *arrangement) fillUp(t int) []relocation {
	var moves []relocation
	n, reach := len(a.order), 2*a.capacity
	read, unsent := a.around(t)
	for d := 1; d < reach; d++ {
		if read-d >= 0 {
			moves = append(moves, relocation{read, read - d}) // is read earlier
			if a.messages[a.order[read-d]].ReadReturn >= t {
				moves = append(moves, relocation{read - d, read}) // has yet to be read
			}
		}
		if unsent+d < n {
			moves = append(moves, relocation{unsent, unsent + d}) // is sent later
			if a.messages[a.order[unsent+d]].SendCall < t {
				moves = append(moves, relocation{unsent + d, unsent}) // has been sent
			}
		}
	}
	return moves
}

// tries bounds the moves that are compared.
const tries = 60

// improve makes the best of some moves, now and then any, and returns the first place that it
// touched.
func (a *arrangement) improve(moves []relocation) int {
	if len(moves) == 0 {
		return len(a.order)
	}
	best, leastExcess := moves[a.choose.Choose(len(moves))], Never
	if a.choose.Choose(20) != 0 {
		for n := range min(tries, len(moves)) {
			m := moves[n]
			if len(moves) > tries {
				m = moves[a.choose.Choose(len(moves))]
			}
			lo, hi := min(m.from, m.to), max(m.from, m.to)
			before := a.excess(lo, hi)
			a.saved = append(a.saved[:0], a.order[lo:hi+1]...)
			a.move(m.from, m.to)
			more := a.excess(lo, hi) - before
			copy(a.order[lo:], a.saved)
			a.survey(lo, hi)
			if more < leastExcess || more == leastExcess && a.choose.Choose(3) == 0 {
				best, leastExcess = m, more
			}
		}
	}
	a.move(best.from, best.to)
	return min(best.from, best.to)
}
