package queues

import (
	"cmp"
	"slices"

	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// A use of an object is by mailboxes: the first calls that sent and read it, wherever, and how many did. Of objects
// that are sent once and read at most once it is known when that was: a queue that holds them in an order in which
// they can't be read is none worth going on from, and a history in which two of them are out of order needs no
// search.
type use struct {
	send, read   *script.Call
	sends, reads int32
	to           place
	behind       *script.Call // the send of the object that is read before, from the same place
}

// A place is where an object is sent to: a mailbox, or the process that has one.
type place struct{ mailbox, process model.ID }

// single tells whether the object was not sent or read more than once.
func (u *use) single() bool { return u.sends <= 1 && u.reads <= 1 }

// use of an object, empty where it has none. That of nil, which is also what is returned where nothing
// was read, is never single.
func (q *Queues) use(t model.Term) *use {
	if int(t) >= len(q.uses) {
		q.uses = append(q.uses, make([]use, max(int(t)+1, 2*len(q.uses))-len(q.uses))...)
		q.uses[model.NilTerm].reads = 2
	}
	return &q.uses[t]
}

// sent notes a send.
func (q *Queues) sent(call *script.Call) {
	u := q.use(call.Sent)
	if u.sends++; u.sends > 1 {
		return
	}
	u.send = call
	kind := call.Row.Required[0].Type
	if m, ok := q.script.Universe.Object(call.Arg(0), model.KindMailbox); ok && kind == "mailbox" {
		u.to.mailbox = m
	}
	if p, ok := q.script.Universe.Object(call.Arg(0), model.KindProcess); ok && kind == "process" {
		u.to.process = p
	}
}

// taken notes a call that takes an object out of a mailbox, if it did.
func (q *Queues) taken(call *script.Call) {
	if !call.Returned() {
		q.lossy = true
		return
	}
	if len(call.Seen.Terms) == 0 {
		return
	}
	if u := q.use(call.Seen.Terms[0]); u.reads == 0 {
		u.read, u.reads = call, 1
	} else {
		u.reads++
	}
}

// chain notes, of each object that is read, the latest to be read before it from where it was sent:
// that one was sent before. Where a process is given another mailbox on the way, nothing is known of
// those sent to it. It is done when it is asked for, once it is known what is judged apart.
func (q *Queues) chain() {
	q.chained = true
	sends, moves := map[place][]*use{}, false
	for _, call := range q.script.Opens {
		if call == nil || call.Apart {
			continue
		}
		moves = moves || call.Op == "set-process-mailbox"
		if call.Sent == model.NoTerm {
			continue
		}
		if u := q.use(call.Sent); u.single() && u.read != nil {
			sends[u.to] = append(sends[u.to], u)
		}
	}
	for at, sent := range sends {
		if at.mailbox == 0 && (at.process == 0 || moves) {
			continue
		}
		byEnd := slices.Clone(sent)
		slices.SortFunc(byEnd, func(a, b *use) int { return cmp.Compare(a.read.End, b.read.End) })
		for _, u := range sent {
			n, _ := slices.BinarySearchFunc(byEnd, u.read.At, func(u *use, at int) int { return cmp.Compare(u.read.End, at) })
			if n > 0 {
				u.behind = byEnd[n-1].send
			}
		}
	}
}

// unsent tells whether a send has not had its effect yet.
func unsent(s *model.State, call *script.Call, now int) bool {
	return call.At > now || (call.End < 0 || call.End >= now) && s.IsOpen(call.Frame)
}

// OutOfOrder tells whether a mailbox holds, before the object that a send has just added, one that
// is only read after it, or whether one that is read before it has yet to be sent.
func (q *Queues) OutOfOrder(s *model.State, call *script.Call, now int) bool {
	if call.Sent == model.NoTerm {
		return false
	}
	mine := q.use(call.Sent)
	if !mine.single() || mine.read == nil {
		return false
	}
	m := mine.to.mailbox
	if p := mine.to.process; p != 0 && s.Exists(p) {
		m = s.MailboxOf(p)
	}
	if m == 0 {
		return false
	}
	q.terms = s.Queue(m, q.terms[:0])
	n := slices.Index(q.terms, call.Sent)
	if n < 0 { // it gave up
		return false
	}
	if !q.chained {
		q.chain()
	}
	if mine.behind != nil && unsent(s, mine.behind, now) {
		return true
	}
	for _, older := range q.terms[:n] {
		its := q.use(older)
		if !its.single() {
			continue
		}
		if its.read != nil && its.read.At > mine.read.End || its.read == nil && !q.lossy && its.send != nil {
			return true
		}
	}
	return false
}

// Disorder finds a mailbox whose reads are out of order: see [CheckFIFO].
func (q *Queues) Disorder() *script.Wrong {
	histories := map[model.ID][]Message{}
	reads := map[model.ID][]*script.Call{}
	var order []model.ID
	for _, call := range q.script.Opens {
		if call == nil || call.Sent == model.NoTerm || !call.Returned() || gaveUp(call) {
			continue // it was not added, perhaps
		}
		u := q.use(call.Sent)
		m := u.to.mailbox
		if m == 0 || !u.single() {
			continue
		}
		message := Message{call.At, call.End, Never, Never}
		if u.read != nil {
			message.ReadCall, message.ReadReturn = u.read.At, u.read.End
		}
		if histories[m] == nil {
			order = append(order, m)
		}
		histories[m] = append(histories[m], message)
		reads[m] = append(reads[m], u.read)
	}
	for _, m := range order {
		// What was not read may be in the mailbox still, or out by a way that is not known.
		if d := CheckFIFO(histories[m], true); d != nil {
			second := reads[m][d.Second]
			return &script.Wrong{At: second.End, Op: second.Op, Allowed: "an object that was sent before"}
		}
	}
	return nil
}
