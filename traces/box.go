package traces

import (
	"maps"
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A mailbox to which objects that are one of a kind are sent, from which they are read, and of
// which nothing else is asked, is a queue, and its history a [QueueHistory]: no search through
// states is needed. It is judged apart, and its operations then mean nothing to the rest of the
// trace. So a history is decided whatever its length, and however many clients it has.

// manyCalls is how many operations a mailbox has seen where a search is of no use: with fewer,
// what is not allowed is left to it, since it says more.
const manyCalls = 150

// A box is such a mailbox.
type box struct {
	calls []*call
	sends int // of them
	// size that it may have been made with, 0 where it can't be known; limit of all sends, 0 for none.
	size, limit int
	unfit       bool
	wrong       *Impossible // something that one operation can't have ended with
	// messages are the sends of those of the history.
	messages []*call
}

// A stay is that of an object in a mailbox: who sent it to there, and who read it. Those of one object
// are chained, for each mailbox one.
type stay struct {
	box        *box
	send, read *call
	next       int32
}

// stay of an object in a mailbox, valid until the next one is asked for.
func (c *checker) stay(b *box, t model.Term) *stay {
	if int(t) >= len(c.firstStay) {
		c.firstStay = append(c.firstStay, make([]int32, max(int(t)+1, 2*len(c.firstStay))-len(c.firstStay))...)
	}
	for n := c.firstStay[t]; n != 0; n = c.stays[n].next {
		if c.stays[n].box == b {
			return &c.stays[n]
		}
	}
	if len(c.stays) == 0 {
		c.stays = append(c.stays, stay{}) // 0 is none
	}
	c.stays = append(c.stays, stay{box: b, next: c.firstStay[t]})
	c.firstStay[t] = int32(len(c.stays) - 1)
	return &c.stays[len(c.stays)-1]
}

// judgeApart takes the operations on such mailboxes out of the search.
func (c *checker) judgeApart() {
	boxes := map[model.ID]*box{}
	sizes := map[model.ID]int{}
	var order []model.ID
	for _, k := range c.opens {
		if k == nil {
			continue
		}
		if k.call.Op == "make-mailbox" {
			if m, ok := c.u.Object(first(k.values), model.KindMailbox); ok {
				sizes[m] = sizeOf(k.call)
			}
		}
		for _, m := range k.needs {
			if c.u.KindOf(m) != model.KindMailbox {
				continue
			}
			b := boxes[m]
			if b == nil {
				b = &box{size: sizes[m], unfit: c.binding.isOwn[m]}
				boxes[m] = b
				order = append(order, m)
			}
			b.unfit = b.unfit || k.operation.Faulty() || !c.asksOnly(k, m) || !b.add(c, k)
		}
	}
	quiet := c.quietLabels()
	c.atOnce = c.standIn("eq", 0, 0)
	for _, m := range order {
		if b := boxes[m]; !b.unfit {
			c.judgeBox(b, quiet)
		}
	}
}

// sizeOf is a size that a mailbox may have which a call has made, 0 where the size asked for is none.
func sizeOf(call spec.Call) int {
	given, ok := call.Key("size")
	if !ok {
		return 1
	}
	if n, ok := given.(spec.Int); ok && n > 0 {
		return int(n)
	}
	return 0
}

// judgeBox judges one mailbox.
func (c *checker) judgeBox(b *box, quiet quietAt) {
	h := b.history(c, quiet)
	if h == nil {
		return
	}
	verdict, why := Forbidden, b.wrong
	if why == nil {
		verdict, why = h.Check()
	}
	if verdict == Forbidden && b.wrong == nil && b.limit != 0 {
		// With another size it might be allowed: a mailbox may be larger than was asked for, and shrink.
		if verdict, why = h.boundless().Check(); verdict != Forbidden {
			return
		}
	}
	if verdict == Undecided || verdict == Forbidden && (len(b.calls) < manyCalls && !c.o.apartOnly || !c.convictBox(b, why)) {
		return
	}
	// In their place stand operations that touch nothing: one at once and one that waits.
	for _, k := range b.calls {
		k.seen.Any, k.needs, k.apart = true, nil, true
		switch {
		case !quiet.within(k):
			k.operation, k.deadline, k.timed = c.atOnce, 0, false
			k.passed = k.seen.Status == spec.Returned
		case k.timed:
			k.operation = c.pause(k.deadline)
		default:
			k.operation, k.deadline = c.pause(ages), ages
		}
	}
}

// convictBox notes what a queue can't have done; false where nothing says so.
func (c *checker) convictBox(b *box, why *Impossible) bool {
	what := why.What
	if why.First > 0 {
		what = c.labels[b.messages[why.First-1].at].Call.Arg(1).String() + ", " + what
	}
	if k := c.closes[why.At]; k != nil {
		c.convict(why.At, k.call.Op, []string{what}, c.outcome(why.At))
		return true
	}
	// Nothing can happen there, though something waits that could go on.
	for _, k := range b.calls {
		if k.sends == why.Send && k.at < why.At && (k.end < 0 || k.end > why.At) {
			c.convict(why.At, k.call.Op, []string{k.call.Op + " returns"}, "nothing happens")
			return true
		}
	}
	return false
}

// ages is longer than any run.
const ages = 50 * 365 * 24 * time.Hour

// standIn decodes an operation that stands in for one judged apart.
func (c *checker) standIn(op string, arguments ...any) model.Operation {
	o, err := model.Decode(c.u, spec.NewCall(op, nil, arguments...))
	if err != nil {
		panic("traces: the specification has no rule for " + op)
	}
	return o
}

func (c *checker) pause(d time.Duration) model.Operation {
	return c.standIn("pause", spec.Double(d.Seconds()))
}

// asksOnly tells whether the mailbox is the first argument of a call and in no other. One that is
// also sent as an object leads a life that is not seen here.
func (c *checker) asksOnly(k *call, m model.ID) bool {
	first, ok := c.u.Object(k.call.Arg(0), model.KindMailbox)
	return ok && first == m && len(k.needs) == 1
}

// add notes a send or a read; false where it is neither, or its object is not one of a kind.
func (b *box) add(c *checker, k *call) bool {
	limit := 0
	switch k.call.Op {
	case "mailbox-send-limited":
		n, ok := k.call.Arg(2).(spec.Int)
		if limit = int(n); !ok || limit < 1 || b.size == 0 || k.call.Arg(5) != nil && spec.Truth(k.call.Arg(5)) {
			return false
		}
	case "mailbox-send":
	case "mailbox-read":
		b.calls = append(b.calls, k)
		if k.seen.Status != spec.Returned {
			return k.seen.Status == spec.Gone
		}
		if len(k.seen.Terms) < 2 {
			return false
		}
		t := k.seen.Terms[0]
		switch {
		case k.seen.Terms[1] == model.NilTerm:
			b.giveUp(k)
			return t == model.NilTerm
		}
		if its := c.stay(b, t); its.read != nil {
			b.blame(k, "an object that nobody has read yet")
		} else {
			its.read = k
		}
		return true
	default:
		return false
	}
	its := c.stay(b, k.object)
	if its.send != nil || b.sends > 0 && b.limit != limit || k.seen.Status == spec.Signalled {
		return false
	}
	its.send, b.limit = k, limit
	b.calls = append(b.calls, k)
	b.sends++
	if k.gaveUp() {
		b.giveUp(k)
	}
	return true
}

// gaveUp tells whether a limited send or a read has returned with nothing done.
func (k *call) gaveUp() bool {
	if k.end < 0 || k.seen.Status != spec.Returned {
		return false
	}
	switch k.call.Op {
	case "mailbox-send-limited":
		return len(k.seen.Terms) == 0 || k.seen.Terms[0] == model.NilTerm
	case "mailbox-read":
		return len(k.seen.Terms) < 2 || k.seen.Terms[1] == model.NilTerm
	}
	return false
}

// giveUp notes an operation that gave up, which needs a time-out that was over.
func (b *box) giveUp(k *call) {
	switch {
	case !k.timed:
		b.blame(k, "it waits: it has no time-out")
	case k.early:
		b.blame(k, "it waits: its time is not over")
	}
}

// blame notes what one operation can't have ended with, the first to end so.
func (b *box) blame(k *call, what string) {
	if b.wrong == nil || k.end < b.wrong.At {
		b.wrong = &Impossible{At: k.end, What: what}
	}
}

// history gives the mailbox's; nil where it has none that is a queue's.
func (b *box) history(c *checker, quiet quietAt) *QueueHistory {
	h := &QueueHistory{Messages: make([]Message, 0, b.sends)}
	b.messages = make([]*call, 0, b.sends)
	if b.limit != 0 {
		h.Capacity = max(b.limit, b.size) // which is as far as it grows (MBOX-LIM-3), where nothing unusual is
	}
	emptyAt, fullAt := map[int]bool{}, map[int]bool{}
	for _, k := range b.calls {
		span := quiet.span(k)
		if !k.sends {
			quiet.waits(k, emptyAt)
			switch {
			case k.seen.Status == spec.Gone:
				h.Takers = append(h.Takers, span)
			case k.gaveUp():
				h.Empty = append(h.Empty, span)
			case c.stay(b, k.seen.Terms[0]).send == nil:
				b.blame(k, "an object that was sent")
			}
			continue
		}
		if b.limit == 0 && quiet.within(k) {
			return nil // a plain send never waits (MBOX-SEND-2)
		}
		quiet.waits(k, fullAt)
		message := Message{span.Call, span.End, Never, Never}
		read := c.stay(b, k.object).read
		if read != nil {
			its := quiet.span(read)
			message.ReadCall, message.ReadReturn = its.Call, its.End
		}
		switch {
		case k.gaveUp():
			if h.Full = append(h.Full, span); read != nil {
				b.blame(read, "an object that was added: the send of this one gave up")
			}
		case read != nil || k.end >= 0 && k.seen.Status == spec.Returned:
			h.Messages = append(h.Messages, message)
			b.messages = append(b.messages, k)
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
