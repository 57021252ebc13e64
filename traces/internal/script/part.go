package script

// A Part of a trace means nothing to the rest of it, and was decided by itself: calls on objects of which
// nothing else is asked.
type Part struct {
	Calls []*Call
	// Wrong is what can't have been, nil where the part is allowed.
	Wrong *Wrong
}

// Wrong is why no run shows a trace: a label, and what is allowed there instead, in words.
type Wrong struct {
	At      int
	Op      string
	Allowed string
	// Silence: the label is a quiet one, at which something could go on.
	Silence bool
}
