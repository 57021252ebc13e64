package traces

import (
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

var takes = map[string]bool{"mailbox-read": true, "process-wait-for-event": true, "mailbox-wait-for-event": true}

// order reads the script for what was sent and read when.
func (c *checker) order() {
	for _, k := range c.opens {
		if k == nil {
			continue
		}
		switch k.call.Op {
		case "mailbox-send", "mailbox-send-limited":
			k.sends = true
			k.box, _ = c.u.Object(k.call.Arg(0), model.KindMailbox)
		case "process-send":
			k.sends = true
			k.target, _ = c.u.Object(k.call.Arg(0), model.KindProcess)
		}
		if k.sends {
			if k.object = k.operation.Sent(); k.object == model.NoTerm {
				k.object = c.u.Intern(k.call.Arg(1))
			}
			if p := c.passage(k.object); p.sends == 0 {
				p.send, p.sends = k, 1
			} else {
				p.sends++
			}
		}
		if !takes[k.call.Op] {
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

// hopeless tells whether a mailbox holds, before the object that a send has just added, one that
// is only read after it.
func (c *checker) hopeless(s *model.State, k *call) bool {
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
	for _, older := range c.terms[:max(0, slices.Index(c.terms, k.object))] { // none where it gave up
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
