package queues

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// Queues are the mailboxes of a script. They tell the oracle which of them are decided by themselves, and which
// states have an order that can't be read any more. They are of one goroutine.
type Queues struct {
	script *script.Script
	uses   []use // by term
	// lossy: a reader never returned, or handled what it took, and may have taken what nobody read.
	lossy   bool
	chained bool // see chain

	deliveries []delivery // chained for each object, from
	first      []int32    // by term; 0 is none
	terms      []model.Term
}

// Of reads a script for what is sent and read when. All its calls have to be known to the specification.
func Of(s *script.Script) *Queues {
	q := &Queues{script: s}
	for _, call := range s.Opens {
		if call == nil {
			continue
		}
		if call.Sent != model.NoTerm {
			q.sent(call)
		}
		if call.Takes() {
			q.taken(call)
		}
		q.lossy = q.lossy || handles(call)
	}
	return q
}

// handles tells whether a call takes objects out of the mailbox of its process without telling which.
func handles(call *script.Call) bool {
	return call.Op == "process-all-events" || call.Op == "wait-processing-events"
}

// Parts judges the mailboxes of which nothing is asked but sends and reads, of objects that are one of a kind: each
// is a queue, and its history a [History]. Those that are decided are parts of their own.
func (q *Queues) Parts() []script.Part {
	var parts []script.Part
	for _, m := range q.mailboxes() {
		if m.unfit {
			continue
		}
		if part, decided := q.judge(m); decided {
			parts = append(parts, part)
		}
	}
	return parts
}

// mailboxes are all that calls name, in the order in which they do first.
func (q *Queues) mailboxes() []*mailbox {
	known := map[model.ID]*mailbox{}
	sizes := map[model.ID]int{}
	var order []*mailbox
	for _, call := range q.script.Opens {
		if call == nil {
			continue
		}
		if call.Op == "make-mailbox" && len(call.Values) > 0 {
			if id, ok := q.script.Universe.Object(call.Values[0], model.KindMailbox); ok {
				sizes[id] = sizeOf(call)
			}
		}
		for _, id := range call.Needs {
			if q.script.Universe.KindOf(id) != model.KindMailbox {
				continue
			}
			m := known[id]
			if m == nil {
				m = &mailbox{size: sizes[id], unfit: q.script.IsOwn[id]}
				known[id] = m
				order = append(order, m)
			}
			m.unfit = m.unfit || call.Operation.Faulty() || !q.asksOnly(call, id) || !q.add(m, call)
		}
	}
	return order
}

// sizeOf is a size that a mailbox may have which a call has made, 0 where the size asked for is none.
func sizeOf(call *script.Call) int {
	given, ok := call.Key("size")
	if !ok {
		return 1
	}
	if n, ok := given.(spec.Int); ok && n > 0 {
		return int(n)
	}
	return 0
}

// asksOnly tells whether the mailbox is the first argument of a call and in no other. One that is
// also sent as an object leads a life that is not seen here.
func (q *Queues) asksOnly(call *script.Call, m model.ID) bool {
	first, ok := q.script.Universe.Object(call.Arg(0), model.KindMailbox)
	return ok && first == m && len(call.Needs) == 1
}

// judge judges one mailbox; false where it isn't decided.
func (q *Queues) judge(m *mailbox) (script.Part, bool) {
	h := q.history(m)
	if h == nil {
		return script.Part{}, false
	}
	why, decided := m.wrong, true
	if why == nil {
		why, decided = h.Check()
	}
	if why != nil && m.wrong == nil && m.limit != 0 {
		// With another size it might be allowed: a mailbox may be larger than was asked for, and shrink.
		if why, decided = h.boundless().Check(); why == nil {
			return script.Part{}, false
		}
	}
	part := script.Part{Calls: m.calls}
	if why != nil {
		if part.Wrong = q.wrong(m, why); part.Wrong == nil {
			return script.Part{}, false
		}
	}
	return part, decided
}

// wrong says what a queue can't have done; nil where nothing says so.
func (q *Queues) wrong(m *mailbox, why *Impossible) *script.Wrong {
	what := why.What
	if why.First > 0 {
		what = q.script.Labels[m.messages[why.First-1].At].Call.Arg(1).String() + ", " + what
	}
	if call := q.script.Closes[why.At]; call != nil {
		return &script.Wrong{At: why.At, Op: call.Op, Allowed: what}
	}
	// Nothing can happen there, though something waits that could go on.
	for _, call := range m.calls {
		if (call.Sent != model.NoTerm) == why.Send && call.At < why.At && (call.End < 0 || call.End > why.At) {
			return &script.Wrong{At: why.At, Op: call.Op, Allowed: call.Op + " returns", Silence: true}
		}
	}
	return nil
}
