package refimpl

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A tree is what was learned of code: what it does after each sequence of answers.
type tree struct {
	starts    map[beginning]*deed
	deeds     uint64
	callbacks spec.Callback // numbers that were given
	// registered has where code was registered.
	registered map[spec.Callback]*deed
}

// A beginning is what code depends on beside the answers that it gets: where it was registered, and with which
// arguments it was called.
type beginning struct {
	callback  spec.Callback
	arguments model.Term
}

// A deed is what code does next, after the same beginning and the same answers: it calls an operation or leaves.
// Where it asks something that is no operation the search answers at once. What was noted on the way to it belongs to it.
type deed struct {
	id      uint64
	kind    deedKind
	begins  beginning // of a start
	start   *deed     // where the code began
	depth   int       // how many deeds after that
	entries []entry   // how code comes here: one, unless deeds were joined
	call    spec.Call
	op      model.Operation // of the call
	values  model.Term      // that it leaves with, as a list
	heading string          // under which it reads

	registered []spec.Callback // on the way
	notes      []note
	aborts     bool // it has given the run up

	arcs []*arc

	// Of a start:
	byDepth [][]*deed // what code does after so many
	joins   int       // how many of these were joined
	apart   bool      // none is joined any more
}

type deedKind uint8

const (
	startDeed    deedKind = iota
	callDeed              // opens an operation
	absentDeed            // calls an operation that the specification has no rule for
	leaveDeed             // the code has ended
	processDeed           // asks which process runs it
	registerDeed          // registers code, which is its own: other frames that run the same code register others
	readDeed              // reads what was noted under a heading
)

// An arc leads on from a deed by an answer; to is nil until that was learned.
type arc struct {
	by model.Answer
	to *deed
	// gives is the answer as code is given it, once it was; known whether it was.
	gives spec.Return
	known bool
}

func (a *arc) reply(u *model.Universe) spec.Return {
	if !a.known {
		a.gives, a.known = u.Return(a.by), true
	}
	return a.gives
}

// A note is what code does beside its operations. One with a heading is read by others.
type note struct {
	heading string
	text    string
	value   model.Term // beside a heading
	sum     uint64
}

func newTree() *tree {
	return &tree{starts: map[beginning]*deed{}, registered: map[spec.Callback]*deed{}}
}

// start is where code begins.
func (t *tree) start(b beginning) *deed {
	n := t.starts[b]
	if n == nil {
		n = &deed{kind: startDeed, begins: b}
		n.start = n
		t.number(n)
		t.starts[b] = n
	}
	return n
}

// learn takes down what code does after a deed and an answer.
func (t *tree) learn(n, after *deed, by *arc) {
	t.number(n)
	n.start, n.depth, n.entries = after.start, after.depth+1, []entry{{after, by}}
	for n.depth >= len(n.start.byDepth) {
		n.start.byDepth = append(n.start.byDepth, nil)
	}
	n.start.byDepth[n.depth] = append(n.start.byDepth[n.depth], n)
	for _, cb := range n.registered {
		t.registered[cb] = n
	}
	by.to = n
}

func (t *tree) number(n *deed) {
	t.deeds++
	n.id = t.deeds
}

// arc is the one with that answer, new where there was none.
func (n *deed) arc(by *model.Answer) *arc {
	for _, a := range n.arcs {
		if a.by == *by {
			return a
		}
	}
	a := &arc{by: *by}
	n.arcs = append(n.arcs, a)
	return a
}

// String says what the code does there.
func (n *deed) String() string {
	switch n.kind {
	case callDeed, absentDeed:
		return "calls " + n.call.String()
	case leaveDeed:
		return "ends"
	case readDeed:
		return "reads what was noted under " + n.heading
	case processDeed:
		return "asks for its process"
	case registerDeed:
		return "registers code"
	}
	return "begins"
}

// differs says how what code does now differs from what it did before after the same answers, "" where it doesn't.
func (n *deed) differs(now *deed) string {
	said := func(n *deed, notes bool) string {
		if notes {
			return n.String() + " having noted " + spec.BriefList(texts(n.notes), ", ", 10)
		}
		return n.String()
	}
	switch {
	case n.kind != now.kind || n.heading != now.heading || n.kind <= absentDeed && !sameCall(n.call, now.call):
		return said(now, false) + ", and before it " + said(n, false)
	case n.values != now.values:
		return "ends with other values than before"
	case len(n.registered) != len(now.registered):
		return said(now, false) + " having registered other code than before"
	case n.aborts != now.aborts || !sameNotes(n.notes, now.notes):
		return said(now, true) + ", and before it " + said(n, true)
	}
	return ""
}

func texts(notes []note) []string {
	if len(notes) == 0 {
		return []string{"nothing"}
	}
	out := make([]string, len(notes))
	for i, n := range notes {
		out[i] = n.text
	}
	return out
}

func sameNotes(a, b []note) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// sameCall tells whether two calls are written alike.
func sameCall(a, b spec.Call) bool {
	if a.Op != b.Op || len(a.Args) != len(b.Args) || len(a.Keys) != len(b.Keys) {
		return false
	}
	for i := range a.Args {
		if !sameValue(a.Args[i], b.Args[i]) {
			return false
		}
	}
	for i := range a.Keys {
		if a.Keys[i].Name != b.Keys[i].Name || !sameValue(a.Keys[i].Value, b.Keys[i].Value) {
			return false
		}
	}
	return true
}

func sameValue(a, b spec.Value) bool {
	x, ok := a.(spec.List)
	if !ok {
		_, list := b.(spec.List)
		return !list && a == b
	}
	y, ok := b.(spec.List)
	if !ok || len(x.Items) != len(y.Items) || !sameValue(x.Dotted, y.Dotted) {
		return false
	}
	for i := range x.Items {
		if !sameValue(x.Items[i], y.Items[i]) {
			return false
		}
	}
	return true
}
