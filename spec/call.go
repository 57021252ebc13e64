package spec

import "strings"

// NewCall makes a call of an operation. Elements of more that are [Key] become keywords;
// all else, converted by [Of], follows the required arguments.
func NewCall(op string, more []any, required ...any) Call {
	call := Call{Op: op, Args: make([]Value, 0, len(required)+len(more))}
	for _, x := range required {
		call.Args = append(call.Args, Of(x))
	}
	for _, x := range more {
		if k, ok := x.(Key); ok {
			call.Keys = append(call.Keys, k)
		} else {
			call.Args = append(call.Args, Of(x))
		}
	}
	return call
}

// Arg is the positional argument at index i, Nil where there are fewer.
func (c Call) Arg(i int) Value {
	if i < len(c.Args) {
		return c.Args[i]
	}
	return Nil{}
}

// String gives the call in Lisp syntax: (process-send #<process p1> 7 :limit 4).
func (c Call) String() string {
	var b strings.Builder
	b.WriteString("(" + Brief(c.Op, NameLength))
	for _, a := range c.Args {
		b.WriteString(" " + a.String())
	}
	for _, k := range c.Keys {
		b.WriteString(" :" + Brief(k.Name, NameLength) + " " + k.Value.String())
	}
	b.WriteByte(')')
	return b.String()
}

// String gives the outcome in words: the values in Lisp syntax, or the condition.
func (r Return) String() string {
	switch r.Status {
	case Returned:
		if len(r.Values) == 0 {
			return "no values"
		}
		parts := make([]string, len(r.Values))
		for i, v := range r.Values {
			parts[i] = v.String()
		}
		return strings.Join(parts, ", ")
	case Signalled:
		if r.Condition != nil {
			return "error " + r.Condition.Error()
		}
		return "error"
	}
	return r.Status.String()
}
