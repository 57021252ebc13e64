//go:build cgo

package native

// Liberties: what becomes of the process of a foreign thread between two calls.

var foreignLiberties = []Liberty{
	{ID: "foreign-process-rests", Shows: []string{"CLEAN-FOR-5 same-process", "CLEAN-FOR-5 alive-between"},
		Story: "The process of a foreign thread is there, alive, until the thread calls in again, which has it again.",
		take:  func(d *decisions) { d.foreignRests = true }},
	{ID: "foreign-process-returns", Shows: []string{"CLEAN-FOR-5 same-process", "CLEAN-FOR-5 ended-between"},
		Story: "The process of a foreign thread counts as ended until the thread calls in again, which has it again.",
		take:  func(d *decisions) { d.foreignReturns = true }},
	{ID: "foreign-cleanups-again", Shows: []string{"CLEAN-FOR-4 runs-again", "CLEAN-FOR-5 same-process"},
		Story: "The process of a foreign thread keeps its cleanups: they run after each of its calls.",
		take:  func(d *decisions) { d.foreignRests, d.foreignAgain = true, true }},
	{ID: "foreign-bindings-kept", Shows: []string{"CLEAN-FOR-5 same-process"},
		Story: "The process of a foreign thread keeps the bindings of its first call.",
		take:  func(d *decisions) { d.foreignRests, d.foreignBound = true, true }},
	{ID: "foreign-cleanups-own-only", Shows: []string{"CLEAN-FOR-5 same-process"},
		Story: "The process of a foreign thread doesn't end with a call, and cleanups that others have registered for it don't run then.",
		take:  func(d *decisions) { d.foreignRests, d.foreignOwnOnly = true, true }},
}
