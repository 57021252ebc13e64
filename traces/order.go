package traces

import (
	"cmp"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A passage is the way of an object through a mailbox: the first calls that sent and read it, and
// how many did. Of objects that are sent once and read at most once it is known when that was: a
// queue that holds them in an order in which they can't be read is none worth going on from, and a
// history in which two of them are out of order needs no search.
type passage struct {
	send, read   *call
	sends, reads int32
}

// single tells whether the object was not sent or read more than once.
func (p *passage) single() bool { return p.sends <= 1 && p.reads <= 1 }

// passage of an object, empty where it has none. Nil, which is also what is returned where nothing
// was read, is never single.
func (c *checker) passage(t model.Term) *passage {
	if int(t) >= len(c.passages) {
		c.passages = append(c.passages, make([]passage, max(int(t)+1, 2*len(c.passages))-len(c.passages))...)
		c.passages[model.NilTerm].reads = 2
	}
	return &c.passages[t]
}

// takes tells whether an operation takes an object out of a mailbox.
func takes(op string) bool {
	o := spec.LookupOp(op)
	return o != nil && o.Takes()
}

// order reads the script for what was sent and read when.
func (c *checker) order() {
	for _, k := range c.opens {
		if k == nil {
			continue
		}
		if op := spec.LookupOp(k.call.Op); op != nil && op.Sends() >= 0 {
			k.sends = true
			if m, ok := c.u.Object(k.call.Arg(0), model.KindMailbox); ok && op.Required[0].Type == "mailbox" {
				k.box = m
			}
			if p, ok := c.u.Object(k.call.Arg(0), model.KindProcess); ok && op.Required[0].Type == "process" {
				k.target = p
			}
		}
		if k.sends {
			if k.object = k.operation.Sent(); k.object == model.NoTerm {
				k.object = c.u.Intern(k.call.Arg(spec.LookupOp(k.call.Op).Sends()))
			}
			if p := c.passage(k.object); p.sends == 0 {
				p.send, p.sends = k, 1
			} else {
				p.sends++
			}
		}
		if !takes(k.call.Op) {
			continue
		}
		if k.end < 0 || k.seen.Status != spec.Returned {
			c.lossy = true
			continue
		}
		if len(k.seen.Terms) > 0 {
			if p := c.passage(k.seen.Terms[0]); p.reads == 0 {
				p.read, p.reads = k, 1
			} else {
				p.reads++
			}
		}
	}
}

// chain notes, of each object that is read, the latest to be read before it from where it was sent:
// that one was sent before. Where a process is given another mailbox on the way, nothing is known of
// those sent to it.
func (c *checker) chain() {
	type place struct{ box, target model.ID }
	sends, moves := map[place][]*call{}, false
	for _, k := range c.opens {
		if k == nil || k.apart {
			continue
		}
		moves = moves || k.call.Op == "set-process-mailbox"
		if k.sends && c.passage(k.object).single() && c.passage(k.object).read != nil {
			sends[place{k.box, k.target}] = append(sends[place{k.box, k.target}], k)
		}
	}
	for at, sent := range sends {
		if at.box == 0 && (at.target == 0 || moves) {
			continue
		}
		reads := func(k *call) *call { return c.passage(k.object).read }
		byEnd := slices.Clone(sent)
		slices.SortFunc(byEnd, func(a, b *call) int { return cmp.Compare(reads(a).end, reads(b).end) })
		for _, k := range sent {
			n, _ := slices.BinarySearchFunc(byEnd, reads(k).at, func(k *call, at int) int { return cmp.Compare(reads(k).end, at) })
			if n > 0 {
				k.behind = byEnd[n-1]
			}
		}
	}
}

// unsent tells whether a send has not had its effect yet.
func (c *checker) unsent(s *model.State, k *call) bool {
	return k.at > c.now || c.calls[k.frame] == k && s.IsOpen(k.frame)
}

// outOfOrder tells whether a mailbox holds, before the object that a send has just added, one that
// is only read after it, or whether one that is read before it has yet to be sent.
func (c *checker) outOfOrder(s *model.State, k *call) bool {
	if !k.sends || len(c.foreign) > 0 {
		return false
	}
	box := k.box
	if k.target != 0 && s.Exists(k.target) {
		box = s.MailboxOf(k.target)
	}
	if box == 0 {
		return false
	}
	mine := *c.passage(k.object)
	if !mine.single() || mine.read == nil {
		return false
	}
	c.terms = s.Queue(box, c.terms[:0])
	n := slices.Index(c.terms, k.object)
	if n < 0 { // it gave up
		return false
	}
	if k.behind != nil && c.unsent(s, k.behind) {
		return true
	}
	for _, older := range c.terms[:n] {
		its := c.passage(older)
		if !its.single() {
			continue
		}
		if its.read != nil && its.read.at > mine.read.end || its.read == nil && !c.lossy && its.send != nil {
			return true
		}
	}
	return false
}

// disorder convicts a history whose reads are out of order, without a search: see [CheckFIFO].
func (c *checker) disorder() bool {
	if len(c.foreign) > 0 {
		return false
	}
	boxes := map[model.ID][]Message{}
	reads := map[model.ID][]*call{}
	for _, k := range c.opens {
		if k == nil || !k.sends || k.box == 0 || k.end < 0 || k.seen.Status != spec.Returned || !c.passage(k.object).single() {
			continue
		}
		if k.call.Op == "mailbox-send-limited" && (len(k.seen.Terms) == 0 || k.seen.Terms[0] == model.NilTerm) {
			continue // it was not added
		}
		message := Message{k.at, k.end, Never, Never}
		its := c.passage(k.object).read
		if its != nil {
			message.ReadCall, message.ReadReturn = its.at, its.end
		}
		boxes[k.box] = append(boxes[k.box], message)
		reads[k.box] = append(reads[k.box], its)
	}
	for m, messages := range boxes {
		// What was not read may be in the mailbox still, or out by a way that is not known.
		d := CheckFIFO(messages, true)
		if d == nil {
			continue
		}
		second := reads[m][d.Second]
		c.convict(second.end, second.call.Op, []string{"an object that was sent before"}, c.outcome(second.end))
		return true
	}
	return false
}
