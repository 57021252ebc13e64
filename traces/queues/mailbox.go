package queues

import (
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// A mailbox is what the script tells of one.
type mailbox struct {
	calls []*script.Call
	sends int // of them
	// size that it may have been made with, 0 where it can't be known; limit of all sends, 0 for none.
	size, limit int
	unfit       bool        // it is no queue, or the objects are not one of a kind
	wrong       *Impossible // something that one operation can't have ended with
	// messages are the sends of those of the history.
	messages []*script.Call
}

// A delivery is that of an object by way of a mailbox: who sent it to there, and who read it. Those of one object
// are chained, for each mailbox one.
type delivery struct {
	in         *mailbox
	send, read *script.Call
	next       int32
}

// delivery of an object by way of a mailbox, valid until the next one is asked for.
func (q *Queues) delivery(m *mailbox, t model.Term) *delivery {
	if int(t) >= len(q.first) {
		q.first = append(q.first, make([]int32, max(int(t)+1, 2*len(q.first))-len(q.first))...)
	}
	for n := q.first[t]; n != 0; n = q.deliveries[n].next {
		if q.deliveries[n].in == m {
			return &q.deliveries[n]
		}
	}
	if len(q.deliveries) == 0 {
		q.deliveries = append(q.deliveries, delivery{}) // 0 is none
	}
	q.deliveries = append(q.deliveries, delivery{in: m, next: q.first[t]})
	q.first[t] = int32(len(q.deliveries) - 1)
	return &q.deliveries[len(q.deliveries)-1]
}

// add notes a send or a read; false where it is neither, or its object is not one of a kind.
func (q *Queues) add(m *mailbox, call *script.Call) bool {
	limit := 0
	switch call.Op {
	case "mailbox-send-limited":
		n, ok := call.Arg(2).(spec.Int)
		if limit = int(n); !ok || limit < 1 || m.size == 0 || call.Arg(5) != nil && spec.Truth(call.Arg(5)) {
			return false
		}
	case "mailbox-send":
	case "mailbox-read":
		m.calls = append(m.calls, call)
		if call.Seen.Status != spec.Returned {
			return call.Seen.Status == spec.Gone
		}
		if len(call.Seen.Terms) < 2 {
			return false
		}
		t := call.Seen.Terms[0]
		if call.Seen.Terms[1] == model.NilTerm {
			m.giveUp(call)
			return t == model.NilTerm
		}
		if its := q.delivery(m, t); its.read != nil {
			m.blame(call, "an object that nobody has read yet")
		} else {
			its.read = call
		}
		return true
	default:
		return false
	}
	its := q.delivery(m, call.Sent)
	if its.send != nil || m.sends > 0 && m.limit != limit || call.Seen.Status == spec.Signalled {
		return false
	}
	its.send, m.limit = call, limit
	m.calls = append(m.calls, call)
	m.sends++
	if gaveUp(call) {
		m.giveUp(call)
	}
	return true
}

// gaveUp tells whether a limited send or a read has returned with nothing done.
func gaveUp(call *script.Call) bool {
	if !call.Returned() {
		return false
	}
	switch call.Op {
	case "mailbox-send-limited":
		return len(call.Seen.Terms) == 0 || call.Seen.Terms[0] == model.NilTerm
	case "mailbox-read":
		return len(call.Seen.Terms) < 2 || call.Seen.Terms[1] == model.NilTerm
	}
	return false
}

// giveUp notes an operation that gave up, which needs a time-out that was over.
func (m *mailbox) giveUp(call *script.Call) {
	switch {
	case !call.Timed:
		m.blame(call, "it waits: it has no time-out")
	case call.Early:
		m.blame(call, "it waits: its time is not over")
	}
}

// blame notes what one operation can't have ended with, the first to end so.
func (m *mailbox) blame(call *script.Call, what string) {
	if m.wrong == nil || call.End < m.wrong.At {
		m.wrong = &Impossible{At: call.End, What: what}
	}
}

// span is when an operation may have its effect.
func (q *Queues) span(call *script.Call) Span {
	after, before := q.script.Quiet.Span(call)
	return Span{after, before}
}

// lateSpan is when one may have given up.
func (q *Queues) lateSpan(call *script.Call) Span {
	after, before := q.script.LateSpan(call)
	return Span{after, before}
}

// history gives the mailbox's; nil where it has none that is a queue's.
func (q *Queues) history(m *mailbox) *History {
	quiet := q.script.Quiet
	h := &History{Messages: make([]Message, 0, m.sends)}
	m.messages = make([]*script.Call, 0, m.sends)
	if m.limit != 0 {
		h.Capacity = max(m.limit, m.size) // which is as far as it grows (MBOX-LIM-3), where nothing unusual is
	}
	emptyAt, fullAt := map[int]bool{}, map[int]bool{}
	for _, call := range m.calls {
		span := q.span(call)
		if call.Sent == model.NoTerm {
			quiet.Waits(call, emptyAt)
			switch {
			case call.Seen.Status == spec.Gone:
				h.Takers = append(h.Takers, span)
			case gaveUp(call):
				h.Empty = append(h.Empty, q.lateSpan(call))
			case q.delivery(m, call.Seen.Terms[0]).send == nil:
				m.blame(call, "an object that was sent")
			}
			continue
		}
		if m.limit == 0 && quiet.Within(call) {
			return nil // a plain send never waits (MBOX-SEND-2)
		}
		quiet.Waits(call, fullAt)
		message := Message{span.Call, span.End, Never, Never}
		read := q.delivery(m, call.Sent).read
		if read != nil {
			its := q.span(read)
			message.ReadCall, message.ReadReturn = its.Call, its.End
		}
		switch {
		case gaveUp(call):
			if h.Full = append(h.Full, q.lateSpan(call)); read != nil {
				m.blame(read, "an object that was added: the send of this one gave up")
			}
		case read != nil || call.Returned():
			h.Messages = append(h.Messages, message)
			m.messages = append(m.messages, call)
		default:
			h.Maybe = append(h.Maybe, span)
		}
	}
	instant := func(at int) Span { return Span{at - 1, at} }
	for _, at := range slices.Sorted(maps.Keys(emptyAt)) {
		h.Empty = append(h.Empty, instant(at))
	}
	for _, at := range slices.Sorted(maps.Keys(fullAt)) {
		h.Full = append(h.Full, instant(at))
	}
	return h
}
