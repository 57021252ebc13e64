package script

import (
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A Call is an operation of the trace, with its end, known beforehand.
type Call struct {
	spec.Call          // in terms of the specification's objects
	Row       *spec.Op // of the table of operations
	At, End   int      // labels; End is -1 where it never ended
	Frame     model.ID
	Operation model.Operation
	Needs     []model.ID // objects that the call names
	Seen      model.Seen
	Values    []spec.Value // that it returned, as Call
	Deadline  time.Duration
	Timed     bool       // it has a deadline
	Early     bool       // it returned before its time-out was over
	Sent      model.Term // the object that it sends, NoTerm where it is no send

	// What whoever judges the trace notes.
	Cited   []string // clauses, by what it did
	Apart   bool     // it is judged apart from the rest
	LeftOut bool     // and the rest need not know that it was called

	terms [2]model.Term // room for what was seen,
	room  [2]model.ID   // and for what it needs
}

// Unheard tells whether nothing came of a call: its process unwound, or the trace ends.
func (c *Call) Unheard() bool { return c.End < 0 || c.Seen.Status == spec.Gone }

// Unwound tells whether it never returned because its process unwound.
func (c *Call) Unwound() bool { return c.End >= 0 && c.Seen.Status == spec.Gone }

// Returned tells whether it returned values, with or without a meaning.
func (c *Call) Returned() bool { return c.End >= 0 && c.Seen.Status == spec.Returned }

// Takes tells whether it takes an object out of a mailbox.
func (c *Call) Takes() bool { return c.Row != nil && c.Row.Takes() }

// TakesOwn tells whether it takes an object out of its own process's mailbox, which it doesn't name.
func (c *Call) TakesOwn() bool {
	return c.Takes() && (len(c.Row.Required) == 0 || c.Row.Required[0].Type != "mailbox")
}

// OfSystem tells whether it is about processes of the operating system, so that integers may be their ids; false of nil.
func (c *Call) OfSystem() bool { return c != nil && system[c.Op] != nil }

// newCall decodes the call at a label, nil where the specification has no rule for it, or doesn't follow what it does.
func (s *Script) newCall(i int) *Call {
	if len(s.unused) == 0 { // in pieces: a trace may have a million
		s.unused = make([]Call, min(256, (len(s.Labels)-i)/2+1))
	}
	l, c := &s.Labels[i], &s.unused[0]
	s.unused = s.unused[1:]
	*c = Call{Call: s.call(l.Call), Row: spec.LookupOp(l.Call.Op), At: i, End: -1, Frame: s.Frames[l.Frame], Seen: model.Seen{Status: spec.Gone}}
	c.Seen.Terms, c.Needs = c.terms[:0], c.room[:0]
	operation, err := model.Decode(s.Universe, c.Call)
	if err != nil || !s.options.Virtual && !operation.Follows(s.Universe) { // the simulator says itself that it doesn't
		return nil
	}
	c.Operation = operation
	if d, ok := operation.Deadline(); ok {
		c.Deadline, c.Timed = time.Duration(d)*time.Microsecond, true
	}
	for _, a := range l.Call.Args {
		c.Needs = s.refs(a, c.Needs)
	}
	for _, key := range l.Call.Keys {
		c.Needs = s.refs(key.Value, c.Needs)
	}
	return c
}

// refs appends the objects that a value of the trace names.
func (s *Script) refs(v spec.Value, out []model.ID) []model.ID {
	switch v := v.(type) {
	case spec.Ref:
		if id, ok := s.Refs[v.ID]; ok && !slices.Contains(out, id) {
			out = append(out, id)
		}
	case spec.List:
		for _, item := range v.Items {
			out = s.refs(item, out)
		}
	}
	return out
}

// list notes what a call has listed that the trace tells nothing else of.
func (s *Script) list(c *Call, values []spec.Value) {
	if s.options.Virtual || len(values) == 0 || c.Row == nil || len(c.Row.Results) == 0 || c.Row.Results[0].Of == "" {
		return
	}
	items, _ := spec.Items(values[0])
	for _, item := range items {
		ref, ok := item.(spec.Ref)
		if _, known := s.Refs[ref.ID]; !ok || known {
			continue
		}
		if s.listed == nil {
			s.listed = map[string]bool{}
		}
		s.listed[ref.ID] = true
	}
}

// asksListed tells whether a call is about an object of the system's own, of which nothing is known: what it
// answers, whatever it is, says nothing.
func (s *Script) asksListed(c *Call) bool {
	ref, ok := s.Labels[c.At].Call.Arg(0).(spec.Ref)
	return ok && s.listed[ref.ID]
}

// end notes how a call ends, by the label at which it does.
func (s *Script) end(c *Call, i int) {
	l := &s.Labels[i]
	if l.Kind == spec.ReturnLabel && l.Return.Status == spec.Absent {
		s.Opens[c.At] = nil
		return
	}
	if s.asksListed(c) {
		s.Opens[c.At] = nil
		return
	}
	c.End = i
	s.Closes[i] = c
	if l.Kind == spec.GoneLabel {
		return
	}
	c.Seen.Status = l.Return.Status
	if c.Seen.Status == spec.Gone || c.Seen.Status == spec.Aborted {
		c.Seen.Status, c.End = spec.Gone, i
		if l.Return.Status == spec.Aborted {
			c.End = -1
		}
		return
	}
	s.list(c, l.Return.Values)
	returns := spec.Signature{Results: s.Labels[c.At].Call.Results()} // of the word, where a child is told one
	c.Values = s.results(s.Labels[c.At].Call, l.Return.Values)
	for n, v := range c.Values {
		c.Seen.Terms = append(c.Seen.Terms, s.Universe.Intern(v))
		if n < len(returns.Results) && returns.Results[n].Type == "boolean" {
			c.Seen.Truth |= 1 << n
		}
	}
	if fixed := returns.Fixed(); fixed < len(returns.Results) {
		c.Seen.Optional = fixed
	}
	c.Seen.Any = returns.SaysNothing() || s.tellsRecorded(s.Labels[c.At].Call, l.Return.Values) ||
		!s.options.Virtual && c.Row.Class == spec.Advisory && s.overlapped(c)
	if c.Seen.Status == spec.Returned && !c.Seen.Any {
		c.Operation = c.Operation.Foretold(c.Seen.Terms)
	}
	if c.Timed && s.timed && l.At-s.Labels[c.At].At < c.Deadline-s.options.Slack {
		c.Early = true
		c.Operation = c.Operation.WithoutDeadline() // it came too early to be a time-out
	}
}

// overlapped tells whether any other operation is open during a call.
func (s *Script) overlapped(c *Call) bool {
	frame := s.Labels[c.At].Frame
	open := map[int]bool{}
	for i, l := range s.Labels[:c.End] {
		if l.Frame == frame {
			continue
		}
		switch l.Kind {
		case spec.CallLabel:
			if i > c.At {
				return true
			}
			open[l.Frame] = true
		case spec.ReturnLabel, spec.GoneLabel:
			if i > c.At {
				return true
			}
			delete(open, l.Frame)
		}
	}
	return len(open) > 0
}

// send notes the object that a call sends.
func (s *Script) send(c *Call) {
	if c.Row == nil || c.Row.Sends() < 0 {
		return
	}
	if c.Sent = c.Operation.Sent(); c.Sent == model.NoTerm {
		c.Sent = s.Universe.Intern(c.Arg(c.Row.Sends()))
	}
}
