package spec

import "time"

// longWait is how long a time-out may be that a case waits out. One that asks for more means
// "for ever".
const longWait = time.Hour

// Requested is the time that the call itself asks for: the sum of its parameters of type
// seconds, as in (process-terminate p :join-timeout 2 :force-timeout 3). What asks for more than
// an hour asks for ever, which counts as 0 here.
func (c Call) Requested() time.Duration {
	var sum time.Duration
	for p, v := range c.params {
		if p.Type != "seconds" {
			continue
		}
		if s, ok := Seconds(v); ok && s > 0 && s <= longWait.Seconds() {
			sum += time.Duration(s * float64(time.Second))
		}
	}
	return sum
}

// Manner says how an operation is called, as far as that decides whether it may wait: by its
// name, with the parameters that limit or forbid a wait, as in "mailbox-read with timeout". Calls
// of one manner are alike to one who asks what hangs.
func (c Call) Manner() string {
	text, word := c.Op, " with "
	for p, v := range c.params {
		switch {
		case p.Type == "seconds" && Truth(v):
			text += word + p.Name
		case p.Name == "wait" || p.Name == "nowait" || p.Name == "no-hang-p":
			text += word + p.Name
			if !Truth(v) {
				text += " nil"
			}
		default:
			continue
		}
		word = ", "
	}
	return text
}

// params yields the parameters that the call gives, with their values: positional ones in order,
// then the keywords that the operation knows. There are none of an unknown operation.
func (c Call) params(yield func(Param, Value) bool) {
	op := LookupOp(c.Op)
	if op == nil {
		return
	}
	for i, v := range c.Args {
		var p Param
		switch {
		case i < len(op.Required):
			p = op.Required[i]
		case i-len(op.Required) < len(op.Optional):
			p = op.Optional[i-len(op.Required)]
		default:
			continue
		}
		if !yield(p, v) {
			return
		}
	}
	for _, k := range c.Keys {
		for _, p := range op.Keys {
			if p.Name == k.Name && !yield(p, k.Value) {
				return
			}
		}
	}
}
