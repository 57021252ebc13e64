package spec

import (
	"slices"
	"time"
)

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

// Positional is the parameter that the positional argument at index i is for, nil where there is
// none. What follows the keyword of a helper child's is for the parameters of that.
func (c Call) Positional(i int) *Param {
	if word := c.childWord(); word != nil && i >= childArgs {
		return word.Positional(i - childArgs)
	}
	if op := LookupOp(c.Op); op != nil {
		return op.Positional(i)
	}
	return nil
}

// Results are what the operation returns to this call: those of its row, or of the keyword of a
// helper child's that it is given. There are none of an unknown operation.
func (c Call) Results() []Param {
	if word := c.childWord(); word != nil {
		return word.Results
	}
	if op := LookupOp(c.Op); op != nil {
		return op.Results
	}
	return nil
}

// Waits tells whether a call of an operation that starts a process of the operating system waits for its end.
func (c Call) Waits() bool {
	v, given := c.Key("wait")
	return !given || Truth(v)
}

// Deals tells whether an operation is given or returns something of a type, whatever it is called with.
func (op *Op) Deals(kind string) bool {
	signatures := []*Signature{&op.Signature}
	for _, word := range childWords(op.Name) {
		signatures = append(signatures, &word.Signature)
	}
	return slices.ContainsFunc(signatures, func(s *Signature) bool {
		return slices.ContainsFunc(slices.Concat(s.Required, s.Optional, s.Keys, s.Results), func(p Param) bool { return p.Type == kind })
	})
}
