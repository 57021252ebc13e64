package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// An ordering knows of objects that are sent once and read at most once when that was: a queue
// that holds them in an order in which they can't be read is none worth going on from, and a
// history in which two of them are out of order needs no search.
type ordering struct {
	sent map[model.Term]*call
	read map[model.Term]*call
	// twice are terms that are no use: sent or read more than once.
	twice map[model.Term]bool
	// lossy: a reader never returned, and may have taken what nobody read.
	lossy bool
}

// sentTerm gives the object that a call sends, and to which mailbox where that is sure.
func (c *checker) sentTerm(k *call) (t model.Term, m model.ID, ok bool) {
	switch k.call.Op {
	case "process-send", "mailbox-send", "mailbox-send-limited":
		t, ok = c.u.Intern(k.call.Arg(1)), true
		if k.call.Op != "process-send" {
			m, _ = c.u.Object(k.call.Arg(0), model.KindMailbox)
		}
	}
	return t, m, ok
}

var takes = map[string]bool{"mailbox-read": true, "process-wait-for-event": true, "mailbox-wait-for-event": true}

// order reads the script for what was sent and read when.
func (c *checker) order() {
	o := &c.ordering
	o.sent, o.read, o.twice = map[model.Term]*call{}, map[model.Term]*call{}, map[model.Term]bool{}
	for i := range c.labels {
		k := c.opens[i]
		if k == nil {
			continue
		}
		if t, _, ok := c.sentTerm(k); ok {
			o.twice[t] = o.twice[t] || o.sent[t] != nil
			o.sent[t] = k
		}
		if !takes[k.call.Op] {
			continue
		}
		if k.end < 0 || k.seen.Status != spec.Returned {
			o.lossy = true
			continue
		}
		if len(k.seen.Terms) > 0 {
			t := k.seen.Terms[0]
			o.twice[t] = o.twice[t] || o.read[t] != nil
			o.read[t] = k
		}
	}
}

// hopeless tells whether a mailbox holds, before the object that a send has just added, one that
// is only read after it.
func (c *checker) hopeless(s *model.State, k *call) bool {
	t, m, ok := c.sentTerm(k)
	if !ok || m == 0 || c.ordering.twice[t] {
		return false
	}
	mine := c.ordering.read[t]
	if mine == nil {
		return false
	}
	c.terms = s.Queue(m, c.terms[:0])
	for _, older := range c.terms {
		if older == t || c.ordering.twice[older] {
			continue
		}
		if its := c.ordering.read[older]; its != nil && its.at > mine.end || its == nil && !c.ordering.lossy && c.ordering.sent[older] != nil {
			return true
		}
	}
	return false
}

// disorder convicts a history whose reads are out of order, without a search: see [CheckFIFO].
func (c *checker) disorder() bool {
	boxes := map[model.ID][]Message{}
	reads := map[model.ID][]*call{}
	for i := range c.labels {
		k := c.opens[i]
		if k == nil {
			continue
		}
		t, m, ok := c.sentTerm(k)
		if !ok || m == 0 || c.ordering.twice[t] || k.end < 0 || k.seen.Status != spec.Returned {
			continue
		}
		if k.call.Op == "mailbox-send-limited" && (len(k.seen.Terms) == 0 || k.seen.Terms[0] == model.NilTerm) {
			continue // it was not added
		}
		message := Message{k.at, k.end, Never, Never}
		its := c.ordering.read[t]
		if its != nil {
			message.ReadCall, message.ReadReturn = its.at, its.end
		}
		boxes[m] = append(boxes[m], message)
		reads[m] = append(reads[m], its)
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
