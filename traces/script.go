package traces

import (
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// script reads the trace for how each call ends and which code is entered: what is known of
// the future prunes what may have happened.
func (c *checker) script() {
	c.opens, c.closes, c.enters = make([]*call, len(c.labels)), make([]*call, len(c.labels)), map[model.ID]int{}
	open, foreign := map[int]*call{}, map[int]int{}
	// The harness sees no virtual time from outside: then its labels say nothing of it.
	c.timed = !c.o.Virtual || slices.ContainsFunc(c.labels, func(l spec.Label) bool { return l.Kind == spec.ClockLabel })
	over := false
	if c.tearDown = len(c.labels); !c.o.whole {
		c.tearDown = tearDown(c.labels)
	}
	for i := range c.labels {
		l := &c.labels[i]
		// What follows is how the harness ends the system: nothing that is open then ended before.
		torn := (l.Return.Status == spec.Aborted || over && l.Kind == spec.GoneLabel) && open[l.Frame] != nil
		if torn && !c.heard() {
			break
		}
		c.gather(i, l, nil)
		if over = over || torn || l.Kind == spec.LeaveLabel && l.Frame == 0; over && c.heard() {
			// But what begins there and ends may have done so before.
			if f, ok := c.binding.frames[l.Frame]; ok && l.Kind == spec.EnterLabel {
				c.enters[f] = i
			}
			continue
		}
		switch l.Kind {
		case spec.EnterLabel:
			if f, ok := c.binding.frames[l.Frame]; ok {
				c.enters[f] = i
			}
		case spec.CallLabel:
			open[l.Frame] = c.newCall(i, l)
			if k := open[l.Frame]; k != nil {
				c.opens[i] = k
			} else {
				foreign[l.Frame], c.foreign[i] = i, true
			}
		case spec.ReturnLabel, spec.GoneLabel:
			if k := open[l.Frame]; k != nil {
				c.end(k, i, l)
				c.gather(i, l, k)
			} else if l.Return.Status == spec.Absent {
				delete(c.foreign, foreign[l.Frame]) // it was not called
			}
			delete(open, l.Frame)
		}
	}
}

// newCall decodes a call, nil where the specification has no rule for it.
func (c *checker) newCall(i int, l *spec.Label) *call {
	if len(c.unused) == 0 { // in pieces: a trace may have a million
		c.unused = make([]call, min(256, (len(c.labels)-i)/2+1))
	}
	k := &c.unused[0]
	c.unused = c.unused[1:]
	*k = call{at: i, end: -1, frame: c.binding.frames[l.Frame], call: c.binding.call(l.Call), seen: model.Seen{Status: spec.Gone}}
	k.seen.Terms, k.needs = k.terms[:0], k.room[:0]
	operation, err := model.Decode(c.u, k.call)
	if err != nil {
		return nil
	}
	k.operation = operation
	if d, ok := operation.Deadline(); ok {
		k.deadline, k.timed = time.Duration(d)*time.Microsecond, true
	}
	for _, a := range l.Call.Args {
		k.needs = c.refs(a, k.needs)
	}
	for _, key := range l.Call.Keys {
		k.needs = c.refs(key.Value, k.needs)
	}
	return k
}

// refs appends the objects that a value of the trace names.
func (c *checker) refs(v spec.Value, out []model.ID) []model.ID {
	switch v := v.(type) {
	case spec.Ref:
		if id, ok := c.binding.refs[v.ID]; ok && !slices.Contains(out, id) {
			out = append(out, id)
		}
	case spec.List:
		for _, item := range v.Items {
			out = c.refs(item, out)
		}
	}
	return out
}

// end notes how a call ends.
func (c *checker) end(k *call, i int, l *spec.Label) {
	if l.Kind == spec.ReturnLabel && l.Return.Status == spec.Absent {
		c.opens[k.at] = nil
		return
	}
	k.end = i
	c.closes[i] = k
	if l.Kind == spec.GoneLabel {
		return
	}
	k.seen.Status = l.Return.Status
	if k.seen.Status == spec.Gone || k.seen.Status == spec.Aborted {
		k.seen.Status, k.end = spec.Gone, i
		if l.Return.Status == spec.Aborted {
			k.end = -1
		}
		return
	}
	op := spec.LookupOp(k.call.Op)
	k.values = c.binding.results(c.labels[k.at].Call, l.Return.Values)
	for n, v := range k.values {
		k.seen.Terms = append(k.seen.Terms, c.u.Intern(v))
		if n < len(op.Results) && op.Results[n].Type == "boolean" {
			k.seen.Truth |= 1 << n
		}
	}
	if fixed := op.Fixed(); fixed < len(op.Results) {
		k.seen.Optional = fixed
	}
	k.seen.Any = op.SaysNothing() ||
		!c.o.Virtual && op.Class == spec.Advisory && c.overlapped(k)
	if k.seen.Status == spec.Returned && !k.seen.Any {
		k.operation = k.operation.Foretold(k.seen.Terms)
	}
	if k.timed && c.timed && l.At-c.labels[k.at].At < k.deadline-c.o.Slack {
		k.early = true
		k.operation = k.operation.WithoutDeadline() // it came too early to be a time-out
	}
}

// overlapped tells whether any other operation is open during a call.
func (c *checker) overlapped(k *call) bool {
	frame := c.labels[k.at].Frame
	open := map[int]bool{}
	for i, l := range c.labels[:k.end] {
		if l.Frame == frame {
			continue
		}
		switch l.Kind {
		case spec.CallLabel:
			if i > k.at {
				return true
			}
			open[l.Frame] = true
		case spec.ReturnLabel, spec.GoneLabel:
			if i > k.at {
				return true
			}
			delete(open, l.Frame)
		}
	}
	return len(open) > 0
}

func (c *checker) isGone(k *call) bool {
	return k.end >= 0 && k.seen.Status == spec.Gone
}

// interval tells whether an operation answers for all processes.
func interval(op string) bool {
	o := spec.LookupOp(op)
	return o != nil && o.Class == spec.Interval
}

// unjudgeable tells whether a call has a predicate that records who evaluates it: the
// specification does not say who does.
func unjudgeable(call spec.Call) bool {
	recording := false
	var look func(v spec.Value)
	look = func(v spec.Value) {
		if l, ok := v.(spec.List); ok {
			if len(l.Items) > 0 && l.Items[0] == spec.Value(spec.Keyword("recording")) {
				recording = true
			}
			for _, item := range l.Items {
				look(item)
			}
		}
	}
	for _, a := range call.Args {
		look(a)
	}
	for _, k := range call.Keys {
		look(k.Value)
	}
	return recording
}
