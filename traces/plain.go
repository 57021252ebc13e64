package traces

import (
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A mailbox to which objects that are one of a kind are sent, and from which they are read, and
// that nothing else is asked of, needs no search: whether its history is that of a queue is a
// matter of pairs ([CheckFIFO]). It is judged apart, and its operations then mean nothing to
// the rest of the trace. With that a history of any length is decided.

// plainBox is the history of such a mailbox.
type plainBox struct {
	calls    []*call
	messages []Message
	// pending are the labels of reads that never ended.
	pending []int
	sends   map[model.Term]int // index in messages
	unfit   bool
}

// judgeApart takes the operations on plain mailboxes out of the search, where their history is
// that of a queue. One that isn't is left to the search, which says more.
func (c *checker) judgeApart() {
	boxes := map[model.ID]*plainBox{}
	box := func(m model.ID) *plainBox {
		if boxes[m] == nil {
			boxes[m] = &plainBox{sends: map[model.Term]int{}}
		}
		return boxes[m]
	}
	for i := range c.labels {
		k := c.opens[i]
		if k == nil {
			continue
		}
		for _, id := range k.needs {
			if c.u.KindOf(id) != model.KindMailbox {
				continue
			}
			if b := box(id); !b.add(c, k) || !c.asksOnly(k, id) {
				b.unfit = true
			}
		}
	}
	// In their place stand operations that touch nothing, one at once and one that waits.
	atOnce, err := model.Decode(c.u, spec.NewCall("eq", nil, 0, 0))
	waits, err2 := model.Decode(c.u, spec.NewCall("pause", nil, int(ages/time.Second)))
	if err != nil || err2 != nil {
		panic("traces: the specification has no rule for eq or pause")
	}
	quiet := c.quietLabels()
	for _, b := range boxes {
		if b.unfit || quiet.duringSend(b) || CheckFIFO(b.messages, false) != nil || !c.waitsRightly(b) {
			continue
		}
		for _, k := range b.calls {
			k.operation, k.seen.Any, k.needs = atOnce, true, nil
			k.deadline, k.timed, k.apart = 0, false, true
			if quiet.within(k) {
				k.operation, k.deadline = waits, ages
			}
		}
	}
}

// ages is longer than any run.
const ages = 50 * 365 * 24 * time.Hour

// quietAt has, for each label, the number of quiet labels before it.
type quietAt []int

func (c *checker) quietLabels() quietAt {
	q := make(quietAt, len(c.labels)+1)
	for i, l := range c.labels {
		q[i+1] = q[i]
		if l.Kind == spec.QuietLabel {
			q[i+1]++
		}
	}
	return q
}

// within tells whether a call is open at a quiet label.
func (q quietAt) within(k *call) bool {
	end := k.end
	if end < 0 {
		end = len(q) - 1
	}
	return q[end] > q[k.at]
}

// duringSend tells whether a send waits, which a plain one never does (MBOX-SEND-2).
func (q quietAt) duringSend(b *plainBox) bool {
	return slices.ContainsFunc(b.calls, func(k *call) bool { return k.call.Op == "mailbox-send" && q.within(k) })
}

// asksOnly tells whether a call is a plain send to the mailbox or a plain read from it. A
// mailbox that is also sent as an object leads a life that is not seen here.
func (c *checker) asksOnly(k *call, m model.ID) bool {
	first, ok := c.u.Object(k.call.Arg(0), model.KindMailbox)
	return ok && first == m && len(k.needs) == 1
}

// add notes a send or a read; false where it is neither, or its object is not one of a kind.
func (b *plainBox) add(c *checker, k *call) bool {
	switch k.call.Op {
	case "mailbox-send":
		t := c.u.Intern(k.call.Arg(1))
		if _, twice := b.sends[t]; twice || c.ordering.twice[t] || k.seen.Status == spec.Signalled {
			return false
		}
		b.sends[t] = len(b.messages)
		m := Message{SendCall: k.at, SendReturn: Never, ReadCall: Never, ReadReturn: Never}
		if k.end >= 0 && k.seen.Status == spec.Returned {
			m.SendReturn = k.end
		}
		if read := c.ordering.read[t]; read != nil {
			if read.call.Op != "mailbox-read" || !c.asksOnly(read, c.mailboxOf(k)) {
				return false
			}
			m.ReadCall, m.ReadReturn = read.at, read.end
		} else if m.SendReturn == Never {
			m.SendCall = Never // it may have added nothing
		}
		b.messages = append(b.messages, m)
	case "mailbox-read":
		switch {
		case k.end < 0 || k.seen.Status == spec.Gone:
			b.pending = append(b.pending, k.at)
		case k.seen.Status != spec.Returned || len(k.seen.Terms) < 2 || k.seen.Terms[1] == model.NilTerm:
			return false
		case c.ordering.twice[k.seen.Terms[0]] || c.ordering.sent[k.seen.Terms[0]] == nil || c.mailboxOf(c.ordering.sent[k.seen.Terms[0]]) != c.mailboxOf(k):
			return false
		}
	default:
		return false
	}
	b.calls = append(b.calls, k)
	return true
}

func (c *checker) mailboxOf(k *call) model.ID {
	m, _ := c.u.Object(k.call.Arg(0), model.KindMailbox)
	return m
}

// waitsRightly tells whether a read that waits where nothing can happen does so at an empty
// mailbox.
func (c *checker) waitsRightly(b *plainBox) bool {
	if len(b.calls) == 0 {
		return true
	}
	ends := map[int]int{} // label: sends that ended less reads that did
	waits := map[int]int{}
	for _, k := range b.calls {
		if k.call.Op == "mailbox-send" && k.end >= 0 && k.seen.Status == spec.Returned {
			ends[k.end]++
		}
		if k.call.Op == "mailbox-read" {
			waits[k.at]++
			if k.end >= 0 {
				waits[k.end]--
				if k.seen.Status == spec.Returned {
					ends[k.end]--
				}
			}
		}
	}
	held, waiting := 0, 0
	for i, l := range c.labels {
		held += ends[i]
		waiting += waits[i]
		if l.Kind == spec.QuietLabel && waiting > 0 && held > 0 {
			return false
		}
	}
	return true
}
