package refimpl

import (
	"hash/maphash"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// Code that has read 3 and goes on as if it had read 4 stands in the same place: of what it was answered only that
// matters which it still does something with. So two deeds are joined where the code does the same after either, whatever it
// is answered: the tree becomes a graph, and states that differ in nothing else are one.
//
// That two deeds are the same nobody is believed. The code itself is run apart from the search, by answers alone, along
// each history that leads to the one, and from there along each way that is known to go on from the other; and
// whenever the graph grows, along each history that leads to the new place. Where code does another thing than the graph
// says, nothing is joined any more: the search begins again. Code that registers code, or reads what others have noted,
// is not joined: what it hands on may differ.

// Code is joined where that is little work: a question takes at most so many histories with ways, none of which is longer than
// so many deeds, and all questions of a search so many deeds.
const (
	mostStrings = 500
	mostJoined  = 200
	mostPlayed  = 1_000_000
)

// entry is an arc that leads to a deed.
type entry struct {
	from *deed
	arc  *arc
}

// joinable tells whether deeds of the code that began there may be joined.
func (l *Learned) joinable(start *deed) bool {
	return l.joins && !start.apart && start.begins.callback != 0
}

// isApart tells whether what code does keeps it from being joined.
func (d *deed) isApart() bool {
	return len(d.registered) > 0 || d.kind == registerDeed || d.kind == readDeed || d.aborts
}

// isAnswered tells whether a search answers the deed at once, while the code runs on.
func (d *deed) isAnswered() bool {
	return d.kind == processDeed || d.kind == registerDeed || d.kind == readDeed
}

// joined finds the deed that is the same as what code does now, having come from a deed by an arc; nil where none is known.
// It fails where the graph says something of other histories that isn't so.
func (l *Learned) joined(from *deed, by *arc, now *deed) *deed {
	start := from.start
	if !l.joinable(start) {
		return nil
	}
	if now.isApart() || from.depth >= mostJoined || l.played > mostPlayed {
		start.apart = true
		l.misjoined = l.misjoined || start.joins > 0
		return nil
	}
	var alike []*deed
	if now.kind == callDeed && from.depth+1 < len(start.byDepth) {
		for _, other := range start.byDepth[from.depth+1] {
			if other.differs(now) == "" {
				alike = append(alike, other)
			}
		}
	}
	if start.joins == 0 && len(alike) == 0 {
		return nil
	}
	histories := l.histories(from)
	// Whatever is known now of this place has to be so after every history that leads to it.
	if len(histories) != 1 && (len(histories) == 0 || !l.sameAfter(start, histories, by, now, [][]*arc{nil})) {
		l.misjoined = true
		return nil
	}
	for _, other := range alike {
		ways := waysFrom(other, nil, nil)
		if len(ways)*len(histories) <= mostStrings && l.sameAfter(start, histories, by, now, ways) {
			l.joinings++
			start.joins++
			return other
		}
	}
	return nil
}

// sameAfter tells whether code does the same after each history and the arc as it is known to, each way.
func (l *Learned) sameAfter(start *deed, histories [][]*arc, by *arc, now *deed, ways [][]*arc) bool {
	for _, h := range histories {
		for _, w := range ways {
			if !l.same(start, h, by, now, w) {
				return false
			}
		}
	}
	return true
}

// histories are the ways that lead from the beginning to a deed; nil where there are too many.
func (l *Learned) histories(to *deed) [][]*arc {
	if to.kind == startDeed {
		return [][]*arc{nil}
	}
	var single []*arc
	for len(to.entries) == 1 {
		single = append(single, to.entries[0].arc)
		to = to.entries[0].from
	}
	slices.Reverse(single)
	if to.kind == startDeed {
		return [][]*arc{single}
	}
	var all [][]*arc
	for _, e := range to.entries {
		before := l.histories(e.from)
		if before == nil || len(all)+len(before) > mostStrings {
			return nil
		}
		for _, h := range before {
			all = append(all, slices.Concat(h, []*arc{e.arc}, single))
		}
	}
	return all
}

// waysFrom appends the ways that are known to go on from a deed, each to where nothing more is known: more than [mostStrings]
// where there are too many.
func waysFrom(d *deed, sofar []*arc, ways [][]*arc) [][]*arc {
	ends := true
	for _, a := range d.arcs {
		if a.to != nil && len(ways) <= mostStrings {
			ends = false
			ways = waysFrom(a.to, append(sofar[:len(sofar):len(sofar)], a), ways)
		}
	}
	if ends {
		ways = append(ways, sofar)
	}
	return ways
}

// same runs code by answers alone, and tells whether after a history and one more answer it does now, and then goes on
// the way.
func (l *Learned) same(start *deed, history []*arc, by *arc, now *deed, way []*arc) bool {
	l.played += len(history) + 1 + len(way)
	s := l.soloist(start)
	if s == nil {
		return false
	}
	defer s.leave()
	for _, a := range history {
		if !s.does(a, a.to) {
			return false
		}
	}
	if !s.does(by, now) {
		return false
	}
	for _, a := range way {
		if !s.does(a, a.to) {
			return false
		}
	}
	return true
}

// An understudy is the system for code that is run by answers alone. Code is brought to where it registers other code, once,
// and stays there.
type understudy struct {
	l       *Learned
	code    func(spec.Frame)
	funcs   map[spec.Callback]spec.Func
	current *soloist
	waiting []*soloist // whose code has registered what is in funcs
}

// A soloist runs the code of one frame by answers alone.
type soloist struct {
	*coroutine
	u       *understudy
	at      *deed
	process spec.Value
	// What it has done since the latest answer.
	notes  []note
	made   int // pieces of code registered
	aborts bool
	// What it is to do before the next answer: on the way it may ask for its process, and read what was noted.
	before  []note
	numbers []spec.Callback // of the code that it registers
	early   int             // of them those before it asks or reads
	read    []model.Term    // what it reads
	wrong   bool            // it has done what is in no graph
	over    bool
}

// soloist is the code that began there, before its first answer; nil where its closure can't be made.
func (l *Learned) soloist(start *deed) *soloist {
	if l.understudy == nil {
		u := &understudy{l: l, funcs: map[spec.Callback]spec.Func{}}
		u.code = l.code(u)
		l.understudy = u
	}
	u := l.understudy
	cb := start.begins.callback
	fn := u.funcs[cb]
	switch {
	case cb == 0:
		fn = func(f spec.Frame, _ []spec.Value) []spec.Value { u.code(f); return nil }
	case fn == nil:
		at := l.tree.registered[cb]
		histories := l.histories(at)
		if len(histories) == 0 {
			return nil
		}
		other := l.soloist(at.start)
		if other == nil {
			return nil
		}
		u.waiting = append(u.waiting, other)
		for _, a := range histories[0] {
			if !other.does(a, a.to) {
				return nil
			}
		}
		if fn = u.funcs[cb]; fn == nil {
			return nil
		}
	}
	arguments, _ := spec.Items(l.u.Value(start.begins.arguments))
	s := &soloist{coroutine: &coroutine{}, u: u, at: start}
	l.runners.coroutine(s.coroutine, func(spec.Frame) []spec.Value { return fn(s, arguments) })
	return s
}

// does gives the code an answer, and tells whether it then does what is wanted. Where it is to ask for its process, to
// register code or to read, it goes on with the next answer, which is that.
func (s *soloist) does(by *arc, want *deed) bool {
	switch {
	case s.wrong || s.over:
		return false
	case s.at.kind == processDeed:
		s.process = s.u.l.u.Value(by.by.Values[0])
	case s.at.kind == readDeed:
		s.read = append(s.read, by.by.Values[0])
	case s.at.kind == registerDeed:
	default:
		s.reply = by.reply(s.u.l.u)
	}
	s.at = want
	s.numbers = append(s.numbers, want.registered...)
	if want.isAnswered() {
		s.before = append(s.before, want.notes...)
		s.early += len(want.registered)
		return true
	}
	s.u.current = s
	call, more := s.coroutine.next()
	s.u.current = nil
	did := deed{kind: callDeed, call: call, registered: make([]spec.Callback, max(0, s.made-s.early)), aborts: s.aborts}
	switch {
	case !more:
		s.over = true
		did.kind, did.call, did.values = leaveDeed, spec.Call{}, s.u.l.u.Intern(spec.NewList(s.values...))
	case !model.HasRule(call.Op):
		did.kind = absentDeed
	}
	did.notes = s.notes[min(len(s.before), len(s.notes)):]
	right := !s.wrong && s.crash == nil && sameNotes(s.notes[:min(len(s.before), len(s.notes))], s.before) && want.differs(&did) == ""
	right = right && len(s.read) == 0
	s.notes, s.before, s.numbers, s.read, s.made, s.early, s.aborts = nil, nil, nil, nil, 0, 0, false
	return right
}

// leave ends the code.
func (s *soloist) leave() {
	if !s.over {
		s.wrong = true
		s.coroutine.stop()
	}
}

// Process implements [spec.ProcessFrame].
func (s *soloist) Process() spec.Value {
	if s.process == nil {
		s.wrong = true
		return spec.Nil{}
	}
	return s.process
}

// playing is whose code runs, nil where what it does is nobody's matter.
func (u *understudy) playing() *soloist {
	if s := u.current; s != nil && !s.wrong {
		return s
	}
	return nil
}

// Register implements [spec.System]: the numbers are those of the place.
func (u *understudy) Register(fn spec.Func) spec.Callback {
	s := u.playing()
	if s == nil {
		return 0
	}
	s.made++
	if s.made > len(s.numbers) {
		s.wrong = true
		return 0
	}
	cb := s.numbers[s.made-1]
	if u.funcs[cb] == nil {
		u.funcs[cb] = fn
	}
	return cb
}

// Abort implements [spec.System].
func (u *understudy) Abort() {
	if s := u.playing(); s != nil {
		s.aborts = true
	}
}

// Note implements [spec.Notebook].
func (u *understudy) Note(what string) {
	if s := u.playing(); s != nil {
		s.notes = append(s.notes, note{text: what, sum: maphash.String(noteSeed, what)})
	}
}

// Add implements [spec.Notebook].
func (u *understudy) Add(heading string, v spec.Value) {
	if s := u.playing(); s != nil {
		s.notes = append(s.notes, added(u.l.u, heading, v))
	}
}

// Under implements [spec.Notebook]. What others have noted is not there.
func (u *understudy) Under(_ string, values []spec.Value) {
	s := u.playing()
	if s == nil {
		return
	}
	if len(s.read) == 0 || s.read[0] != u.l.u.Intern(spec.NewList(values...)) {
		s.wrong = true
		return
	}
	s.read = s.read[1:]
}

// Run implements [spec.System]; code runs step by step.
func (u *understudy) Run(func(spec.Frame)) error { panic("refimpl: an understudy is not run") }

// Close implements [spec.System].
func (u *understudy) Close() (spec.Leftover, error) { return spec.Leftover{}, nil }

// dismiss ends the code that waits, all of it, also where some ends the goroutine on its way out.
func (u *understudy) dismiss() {
	defer func() {
		if len(u.waiting) > 0 {
			u.dismiss()
		}
	}()
	for len(u.waiting) > 0 {
		s := u.waiting[0]
		u.waiting = u.waiting[1:]
		s.leave()
	}
}
