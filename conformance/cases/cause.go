package cases

import (
	"path"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Cause is the event that decided a verdict: an operation and how it ended. Cases with the same
// cause are grouped in reports.
type Cause struct {
	// Operation is how it was called, as in "mailbox-read with timeout" ([spec.Call.Manner]).
	Operation string `json:"operation"`
	// Outcome is how it ended, in general words.
	Outcome string `json:"outcome"`
	// After counts the operations of the system under test that the case had issued by then: the
	// fewer, the nearer the case is to the cause.
	After int `json:"after"`
}

// outcomeOf puts an answer in general words: which object or number it has is no matter.
func outcomeOf(r spec.Return) string {
	switch {
	case r.Status == spec.Signalled && r.Condition != nil:
		return "signals " + spec.Brief(r.Condition.Type, spec.NameLength)
	case r.Status != spec.Returned:
		return r.Status.String()
	case len(r.Values) == 0:
		return "returns no values"
	}
	text := "returns "
	for i, v := range r.Values {
		if i > 0 {
			text += ", "
		}
		text += classOf(v)
	}
	return text
}

func classOf(v spec.Value) string {
	switch v := v.(type) {
	case spec.Nil, spec.True:
		return v.String()
	case spec.Int:
		if v < 1 {
			return v.String() // these often mean something
		}
		return "an integer"
	case spec.Symbol:
		return v.String()
	case spec.Ref:
		return "a " + spec.Brief(v.Type, spec.NameLength)
	case spec.String:
		return "a string"
	case spec.List:
		return "a list"
	}
	return "another value"
}

// caused is the cause where an answer was not what was expected: the latest operation of the
// process, where what was looked at is its answer. It is nil where something else was.
func (c *C) caused(process spec.Ref, actual any) *Cause {
	c.mu.Lock()
	defer c.mu.Unlock()
	last, ok := c.calls.latest[process]
	if !ok {
		return nil
	}
	switch x := actual.(type) {
	case spec.Return:
		ok = x.Status == last.ret.Status && x.Condition == last.ret.Condition && slices.EqualFunc(x.Values, last.ret.Values, spec.Eql)
	case spec.Value:
		ok = slices.ContainsFunc(last.ret.Values, func(v spec.Value) bool { return spec.Eql(v, x) }) ||
			len(last.ret.Values) == 0 && !spec.Truth(x)
	default:
		ok = false
	}
	if !ok {
		return nil
	}
	return &Cause{last.call.Manner(), outcomeOf(last.ret), c.calls.issued}
}

// About tells whether the table says that an operation serves one of these clauses.
func About(op *spec.Op, clauses ...string) bool {
	return slices.ContainsFunc(op.Clauses, func(pattern string) bool {
		return slices.ContainsFunc(clauses, func(id string) bool {
			matches, err := path.Match(pattern, id)
			return err == nil && matches
		})
	})
}

// isSilent tells whether the documents leave open what a clause is about.
func isSilent(clause string) bool {
	c := spec.Clauses().Lookup(clause)
	return c != nil && c.Level == spec.Silent
}

// answerable is the clause that is charged where an operation signals an error: the one that the
// code has named, else the one of the case's that the operation serves. What a case needs only for
// its scenery is held against the sentence about that operation.
func (c *C) answerable(named string, call spec.Call) string {
	own := c.theCase.Clause()
	op := spec.LookupOp(call.Op)
	switch {
	case named != "":
		return named
	case op == nil || op.Is(spec.Kit), isSilent(own):
		return own
	}
	for _, id := range c.theCase.Witnesses() {
		if About(op, id) {
			return id
		}
	}
	if clause := sentence(call, false); clause != "" {
		return clause
	}
	return own
}

// convictable is the clause that is charged with what is never allowed: an operation that hangs,
// or that an adapter claims and doesn't have. Where the documents are silent about the case's own
// question, that isn't what they are silent about.
func (c *C) convictable(named string, call spec.Call) string {
	charged := c.answerable(named, call)
	if isSilent(charged) {
		if clause := sentence(call, true); clause != "" {
			return clause
		}
	}
	return charged
}

// sentence is the clause that says that such a call comes to an end, in general that it returns;
// hanging asks for the one that says when. It is "" for an operation that none is about.
func sentence(call spec.Call, hanging bool) string {
	given := func(name string, at int) bool {
		if v, ok := call.Key(name); ok {
			return spec.Truth(v)
		}
		return at >= 0 && spec.Truth(call.Arg(at))
	}
	pick := func(is bool, yes, no string) string {
		if is {
			return yes
		}
		return no
	}
	switch call.Op {
	case "mailbox-read":
		return pick(given("", 2), "MBOX-READ-3", pick(hanging, "MBOX-READ-2", "MBOX-READ-1"))
	case "mailbox-send":
		return pick(hanging, "MBOX-SEND-2", "MBOX-SEND-1")
	case "mailbox-send-limited":
		return pick(given("", 3), "MBOX-LIM-4", "MBOX-LIM-1")
	case "mailbox-wait-for-event":
		return pick(given("no-hang-p", -1), "EVENT-MWE-2", "EVENT-MWE-1")
	case "process-send":
		if !hanging {
			return "SEND-SIG-1"
		}
		return pick(given("limit", -1), pick(given("timeout", -1), "SEND-TMO-2", "SEND-LIM-5"), "MBOX-SEND-2")
	case "reap-os-subprocess":
		wait, named := call.Key("wait")
		return pick(hanging && named && !spec.Truth(wait), "REAP-NOHANG-4", "REAP-SIG-1")
	}
	if op := spec.LookupOp(call.Op); op != nil && !isSilent(op.Sentence()) {
		return op.Sentence()
	}
	return ""
}
