package refimpl

import (
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// DefaultSample is how many runs that were searched there are, by default, to one that is rehearsed.
const DefaultSample = 100

// Unlearnable says that code is no function of what its operations answered: what that of a frame did, in the same place
// and after the same answers as before.
type Unlearnable struct {
	// Frame is in the order in which code was entered, from 0, in the run at hand; Callback is what it runs.
	Frame    int
	Callback spec.Callback
	// Did says what it did then and now.
	Did string

	broke bool // it did not come to its next operation
}

func (e *Unlearnable) Error() string {
	if e.broke {
		return fmt.Sprintf("the code of frame %d (callback %d) %s", e.Frame, e.Callback, e.Did)
	}
	return fmt.Sprintf("code is no function of what its operations answered: that of frame %d (callback %d) %s. "+
		"Does it share a Go variable with other code, read a clock, draw a random number, go through a map, start a goroutine? "+
		"Processes of a case share logs, cells, gates and the ledger", e.Frame, e.Callback, e.Did)
}

// A rehearsal is one set of closures, which share what Go variables they do, and have been brought along the present run, or
// one that it began with, all in the order of the run. The closures stay where they are until they are needed further.
type rehearsal struct {
	l       *Learned
	done    []uint64 // serials of the turns it has made
	code    func(spec.Frame)
	funcs   map[spec.Callback]spec.Func
	actors  []*actor // by frame; nil where no code runs
	current *actor
	entered int
	dead    bool
}

// An actor is the code of one frame, which stands before its next operation.
type actor struct {
	*coroutine
	r        *rehearsal
	callback spec.Callback
	at       *deed
	by       model.Answer // that it goes on with
	asked    bool         // which process runs it
	owns     bool         // it has registered code
	// What it did since.
	registered []spec.Callback
	notes      []note
	aborts     bool
}

// learn finds out where an arc of the latest turn leads; false means that the code can't be learned.
func (l *Learned) learn(a *arc) bool {
	if l.fault == nil {
		l.bring()
		if a.to == nil && l.fault == nil {
			// The rehearsal has made this turn, and came by another arc.
			t := &l.turns[len(l.turns)-1]
			l.refuse(t.frame, 0, "has read other notes than those that were kept")
		}
	}
	return l.fault == nil
}

// Rehearse runs the closures of the present run from its beginning, and compares. It returns what [Learned.Fault] does.
func (l *Learned) Rehearse() *Unlearnable {
	l.drop()
	if l.fault == nil {
		l.bring()
	}
	return l.fault
}

// bring brings a rehearsal to the end of the present run.
func (l *Learned) bring() {
	r := l.rehearsal
	if r != nil && (len(r.done) > len(l.turns) || l.turns[len(r.done)-1].serial != r.done[len(r.done)-1]) {
		l.drop()
		r = nil
	}
	if r == nil {
		l.rehearsals++
		r = &rehearsal{l: l, funcs: map[spec.Callback]spec.Func{}}
		l.rehearsal = r
		r.code = l.code(r)
	}
	for i := len(r.done); i < len(l.turns) && l.fault == nil; i++ {
		r.turn(&l.turns[i])
	}
}

// drop ends the closures of the rehearsal: their operations answer gone, and what they do on their way out is no matter.
func (l *Learned) drop() {
	r := l.rehearsal
	if r == nil {
		return
	}
	l.rehearsal, r.dead = nil, true
	r.stop()
}

// stop ends the closures, all of them, also where the code of one ends the goroutine on its way out.
func (r *rehearsal) stop() {
	defer func() {
		if len(r.actors) > 0 {
			r.stop()
		}
	}()
	for len(r.actors) > 0 {
		a := r.actors[0]
		r.actors = r.actors[1:]
		if a != nil {
			a.stop()
		}
	}
}

func (l *Learned) refuse(f model.ID, callback spec.Callback, format string, args ...any) {
	if l.fault != nil {
		return
	}
	e := &Unlearnable{Callback: callback, Did: fmt.Sprintf(format, args...)}
	for i := range l.turns {
		if t := &l.turns[i]; t.begins != nil {
			if t.frame == f {
				break
			}
			e.Frame++
		}
	}
	l.fault = e
}

// turn has the closures make a step of the run.
func (r *rehearsal) turn(t *turnLearned) {
	r.done = append(r.done, t.serial)
	switch {
	case t.frame == 0:
	case t.begins != nil:
		r.enter(t)
	default:
		a := r.actors[t.frame]
		if a == nil {
			r.l.refuse(t.frame, 0, "has ended, and goes on where it did before")
			return
		}
		a.reply, a.by = t.by.reply(r.l.u), t.by.by
		r.drive(a)
	}
}

// enter begins the code of a frame.
func (r *rehearsal) enter(t *turnLearned) {
	b := t.begins.begins
	fn := r.funcs[b.callback]
	if b.callback == 0 {
		fn = func(f spec.Frame, _ []spec.Value) []spec.Value { r.code(f); return nil }
	}
	if fn == nil {
		r.l.refuse(t.frame, b.callback, "was not registered now, and was before")
		return
	}
	arguments, _ := spec.Items(r.l.u.Value(b.arguments))
	var process spec.Value
	if r.l.u.KindOf(t.process) == model.KindProcess {
		process = r.l.u.Ref(t.process)
	}
	a := &actor{r: r, callback: b.callback, at: t.begins}
	a.coroutine = &coroutine{frame: t.frame, number: r.entered, process: process}
	r.l.runners.coroutine(a.coroutine, func(spec.Frame) []spec.Value { return fn(a, arguments) })
	r.entered++
	for int(t.frame) >= len(r.actors) {
		r.actors = append(r.actors, nil)
	}
	r.actors[t.frame] = a
	r.drive(a)
}

// drive lets an actor go on to its next operation, or its end.
func (r *rehearsal) drive(a *actor) {
	r.current = a
	defer func() { r.current = nil }()
	for r.l.fault == nil {
		call, more := a.next()
		if more && a.repeats(call) {
			return
		}
		switch {
		case !more && a.crash != nil:
			if r.l.fault == nil {
				r.l.refuse(a.frame, a.callback, "broke: %v", a.crash)
				r.l.fault.broke = true
			}
		case !more:
			a.does(&deed{kind: leaveDeed, values: r.l.u.Intern(spec.NewList(a.values...))})
		case !model.HasRule(call.Op):
			a.does(&deed{kind: absentDeed, call: call})
			a.reply, a.by = spec.Return{Status: spec.Absent}, model.Answer{Status: spec.Absent}
			continue
		default:
			a.does(&deed{kind: callDeed, call: call})
			return
		}
		r.actors[a.frame] = nil
		return
	}
}

// does takes down what an actor does next, or compares it with what it did there before.
func (a *actor) does(now *deed) {
	now.registered, now.notes, now.aborts = a.registered, a.notes, a.aborts
	from := a.at.arc(&a.by)
	if n := from.to; n != nil {
		if did := n.differs(now); did != "" {
			a.r.l.refuse(a.frame, a.callback, "%s, after %s", did, a.at)
		}
	} else {
		now.registered, now.notes = slices.Clone(now.registered), slices.Clone(now.notes)
		if same := a.r.l.joined(a.at, from, now); same != nil {
			same.entries = append(same.entries, entry{a.at, from})
			from.to = same
		} else {
			a.r.l.tree.learn(now, a.at, from)
			if now.kind == callDeed {
				now.op, _ = model.Decode(a.r.l.u, now.call) // it has a rule
			}
		}
	}
	a.stands(from.to)
}

// repeats tells whether an actor does next what it is known to, which is to call that; if so it stands there.
func (a *actor) repeats(call spec.Call) bool {
	n := a.at.arc(&a.by).to
	if n == nil || n.kind != callDeed || n.aborts != a.aborts || len(n.registered) != len(a.registered) || !sameNotes(n.notes, a.notes) || !sameCall(n.call, call) {
		return false
	}
	a.stands(n)
	return true
}

func (a *actor) stands(at *deed) {
	a.at, a.by, a.aborts = at, model.Answer{}, false
	a.registered, a.notes = a.registered[:0], a.notes[:0]
}

// Process implements [spec.ProcessFrame]. Code that depends on it is told apart by it.
func (a *actor) Process() spec.Value {
	if !a.asked && a.r.current == a && !a.r.dead {
		a.asked = true
		a.does(&deed{kind: processDeed})
		a.by = model.Answer{Count: 1, Values: [4]model.Term{a.r.l.u.Intern(a.process)}}
	}
	return a.process
}

// Register implements [spec.System]. The number belongs to the place in the tree where code does so: the same code
// has the same one in each run that comes by. Frames that run the same code part there: the variables of one are not those of
// another. The outermost frame is the only one that runs its code.
func (r *rehearsal) Register(fn spec.Func) spec.Callback {
	a := r.current
	if r.dead || a == nil {
		return 0
	}
	if !a.owns && a.callback != 0 {
		a.owns = true
		a.does(&deed{kind: registerDeed})
		a.by = model.Answer{Count: 1, Values: [4]model.Term{r.l.u.RefTerm(a.frame)}}
	}
	var cb spec.Callback
	if n := a.at.arc(&a.by).to; n == nil {
		r.l.tree.callbacks++
		cb = r.l.tree.callbacks
	} else if len(a.registered) < len(n.registered) {
		cb = n.registered[len(a.registered)]
	} else {
		r.l.refuse(a.frame, a.callback, "registers more code than before, after %s", a.at)
		return 0
	}
	a.registered = append(a.registered, cb)
	r.funcs[cb] = fn
	return cb
}

// Abort implements [spec.System].
func (r *rehearsal) Abort() {
	if a := r.current; a != nil && !r.dead {
		a.aborts = true
	}
}

// Note implements [spec.Notebook].
func (r *rehearsal) Note(what string) {
	if a := r.current; a != nil && !r.dead {
		a.notes = append(a.notes, note{text: what, sum: maphash.String(noteSeed, what)})
	}
}

// Add implements [spec.Notebook].
func (r *rehearsal) Add(heading string, v spec.Value) {
	if a := r.current; a != nil && !r.dead {
		a.notes = append(a.notes, added(r.l.u, heading, v))
	}
}

// added is the note that a value was put under a heading.
func added(u *model.Universe, heading string, v spec.Value) note {
	n := note{heading: heading, text: heading + ": " + spec.Of(v).String(), value: u.Intern(v)}
	n.sum = maphash.String(noteSeed, heading) + model.Scramble(uint64(n.value))
	return n
}

// Under implements [spec.Notebook].
func (r *rehearsal) Under(heading string, values []spec.Value) {
	if a := r.current; a != nil && !r.dead {
		a.does(&deed{kind: readDeed, heading: heading})
		a.by = model.Answer{Count: 1, Values: [4]model.Term{r.l.u.Intern(spec.NewList(values...))}}
	}
}

var noteSeed = maphash.MakeSeed()

var _ spec.Notebook = (*rehearsal)(nil)

// Run implements [spec.System]; code runs step by step.
func (r *rehearsal) Run(func(spec.Frame)) error { panic("refimpl: a rehearsal is not run") }

// Close implements [spec.System].
func (r *rehearsal) Close() (spec.Leftover, error) { return spec.Leftover{}, nil }
