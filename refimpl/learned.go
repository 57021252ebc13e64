package refimpl

import (
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// Learned runs code, which is closures, as fast as a [Machine] runs a program that is data. What the
// code of a frame does next is a function of what its operations have answered so far, since
// processes share state by operations alone. So it is learned, once, as a tree; from then on
// the code of a frame is a place in the tree, a step moves it along an arc, and is taken back. Where
// an arc leads nobody knows yet the code itself is run along the whole present run, so that it
// learns from the very state in which it will be asked ([rehearsal]); everything known that it comes
// by on the way is compared.
//
// Code that shares more than operations - a Go variable, a clock - is no such function.
// That is found out where a rehearsal takes another way than the tree: [Learned.Fault]. Who
// searches has to rehearse now and then, [Learned.Rehearse].
//
// It is used by one goroutine at a time. Close it.
type Learned struct {
	u     *model.Universe
	state *model.State
	log   model.UndoLog
	code  func(sys spec.System) func(spec.Frame)
	tree  *tree

	spots []spot // by frame
	turns []turnLearned
	noted []*note
	lists map[lists]model.Term // that code has read
	// The hash: of the places of frames, and of what was noted. The outermost frame's last place stays in it.
	sum, notes    [2]uint64
	left, aborted bool
	reads         bool // code in the latest step has read what others noted
	writes        bool // code in the latest step has noted something that others read

	coverage *Coverage
	cited    model.Citations
	acts     map[model.ActClass]bool

	rehearsal  *rehearsal
	rehearsals int
	runners    runners
	joins      bool // deeds that are the same are joined
	joinings   int  // how many were
	misjoined  bool // some were that aren't: nothing is to be trusted
	played     int  // deeds for which code was run by answers alone
	understudy *understudy
	serial     uint64
	unhashed   bool
	fault      *Unlearnable
}

// A spot is where the code of a frame stands.
type spot struct {
	at  *deed
	sum [2]uint64 // what it adds to the hash
}

// A turnLearned is a step: what it did with code, and what to restore when it is taken back.
type turnLearned struct {
	serial        uint64   // tells it from any other
	frame         model.ID // whose code went on, 0 for none
	process       model.ID // where its code has begun
	begins        *deed
	by            *arc
	was           spot
	sum, notes    [2]uint64
	noted         int32
	left, aborted bool
}

// NewLearned returns code before its first step. code makes the code of the outermost frame for a
// system: of closures that share nothing with those that another call has made. The system may
// only be used to register code, to abort, and as a [spec.Notebook]. coverage may be nil.
func NewLearned(cfg model.Config, code func(sys spec.System) func(spec.Frame), coverage *Coverage) *Learned {
	cfg.Fleeting = true
	u := model.NewUniverse()
	l := &Learned{u: u, state: model.NewState(u, cfg), code: code, tree: newTree(), lists: map[lists]model.Term{}, unhashed: cfg.Unhashed, coverage: coverage}
	if coverage != nil {
		l.acts = map[model.ActClass]bool{}
		l.cited.Gather()
		l.state.CiteInto(&l.cited)
	}
	l.turns = append(l.turns, turnLearned{})
	l.enter(l.state.Test())
	l.log = model.UndoLog{} // the beginning is never taken back
	return l
}

// State is the specification's part of the state, to look at.
func (l *Learned) State() *model.State { return l.state }

// Enabled appends the acts that are possible now.
func (l *Learned) Enabled(out []model.Act) []model.Act { return model.Enabled(l.state, out) }

// Ended tells whether the run is over: the test's code has ended, and so have its cleanups, or code has given it up.
func (l *Learned) Ended() bool { return l.aborted || l.left && !l.state.TestCleans() }

// Left tells whether the test's code has ended.
func (l *Learned) Left() bool { return l.left }

// Aborted tells whether code has given the run up.
func (l *Learned) Aborted() bool { return l.aborted }

// Now is the simulated time.
func (l *Learned) Now() time.Duration { return time.Duration(l.state.Now()) * time.Microsecond }

// Depth is the number of steps that can be taken back.
func (l *Learned) Depth() int { return len(l.turns) - 1 }

// Join has deeds joined, from now on, where code does the same after either: see joining.go. It is for searches that keep
// what they have visited.
func (l *Learned) Join() { l.joins = true }

// Deeds is the size of what was learned.
func (l *Learned) Deeds() int { return int(l.tree.deeds) }

// Rehearsals is how often closures were run from their beginning.
func (l *Learned) Rehearsals() int { return l.rehearsals }

// Fault says why the code can't be learned, nil while it can.
func (l *Learned) Fault() *Unlearnable { return l.fault }

// Close ends the closures that still run, and hands on what was covered.
func (l *Learned) Close() {
	defer l.runners.end()
	if l.understudy != nil {
		defer l.understudy.dismiss()
	}
	l.drop()
	if l.coverage != nil {
		l.coverage.noteCited(&l.cited)
		l.coverage.addActs(l.acts)
	}
}

// key identifies the state but for chance.
func (l *Learned) key() [2]uint64 {
	a, b := l.state.Sum()
	k := [2]uint64{a + l.sum[0] + l.notes[0], b + l.sum[1] + l.notes[1]}
	if l.aborted {
		k[0] ^= 0x9e3779b97f4a7c15
	}
	return k
}

// standing identifies where all code stands and what was noted: less than key, and there also where states aren't hashed.
func (l *Learned) standing() [2]uint64 {
	k := l.notes
	for f := range l.spots {
		if n := l.spots[f].at; n != nil {
			a, b := spread(6, uint64(f), n.id)
			k[0], k[1] = k[0]+a, k[1]+b
		}
	}
	return k
}

// useOf implements [walk]: what code will do is known afterwards.
func (l *Learned) useOf(model.Act) use { return 0 }

// used says what code has done with what others note, or read, in the latest step.
func (l *Learned) used() (u use) {
	if l.reads {
		u |= readsShared
	}
	if l.writes {
		u |= givesShared
	}
	return u
}

// Step performs an act, and has the code that it concerns go on to its next operation.
func (l *Learned) Step(act model.Act) {
	if l.acts != nil {
		l.acts[model.ClassOf(l.state, act)] = true
	}
	l.serial++
	l.reads, l.writes = false, false
	l.turns = append(l.turns, turnLearned{serial: l.serial, sum: l.sum, notes: l.notes, noted: int32(len(l.noted)), left: l.left, aborted: l.aborted})
	label := model.Apply(l.state, act, &l.log)
	switch label.Kind {
	case model.Outcome:
		l.resume(label.Frame)
	case model.Entered:
		l.enter(label.Frame)
	}
}

// Revert takes the latest step back.
func (l *Learned) Revert() {
	t := &l.turns[len(l.turns)-1]
	l.state.Revert(&l.log)
	l.sum, l.notes, l.left, l.aborted = t.sum, t.notes, t.left, t.aborted
	l.noted = l.noted[:t.noted]
	if t.frame != 0 {
		l.spots[t.frame] = t.was
	}
	l.turns = l.turns[:len(l.turns)-1]
}

// enter begins the code of a frame.
func (l *Learned) enter(f model.ID) {
	for int(f) >= len(l.spots) {
		l.spots = append(l.spots, spot{})
	}
	t := &l.turns[len(l.turns)-1]
	t.frame, t.was, t.process = f, l.spots[f], l.state.ProcessOf(f)
	t.begins = l.tree.start(beginning{l.state.CodeOf(f), l.state.ArgumentsOf(f)})
	l.spots[f] = spot{}
	l.advance(f, t.begins, &model.Answer{})
}

// resume takes the outcome of a frame's operation and goes on with its code.
func (l *Learned) resume(f model.ID) {
	t := &l.turns[len(l.turns)-1]
	t.frame, t.was = f, l.spots[f]
	answer := l.state.AnswerOf(f)
	l.state.DropOutcome(f, &l.log)
	l.advance(f, l.spots[f].at, &answer)
}

// advance goes on with the code of a frame, from where it got an answer, to its next operation or its end.
func (l *Learned) advance(f model.ID, from *deed, by *model.Answer) {
	a := from.arc(by)
	l.turns[len(l.turns)-1].by = a
	for {
		if a.to == nil && !l.learn(a) {
			l.aborted = true
			l.leave(f, nil)
			return
		}
		n := a.to
		for i := range n.notes {
			l.note(f, &n.notes[i])
		}
		l.aborted = l.aborted || n.aborts
		switch n.kind {
		case callDeed:
			l.state.ReturnAndCall(f, &n.op, &l.log)
			l.stands(f, n)
			return
		case leaveDeed:
			l.leave(f, n)
			return
		case processDeed:
			a = n.arc(&model.Answer{Count: 1, Values: [4]model.Term{l.processOf(f)}})
		case registerDeed:
			a = n.arc(&model.Answer{Count: 1, Values: [4]model.Term{l.u.RefTerm(f)}})
		case readDeed:
			l.reads = true
			a = n.arc(&model.Answer{Count: 1, Values: [4]model.Term{l.under(n.heading)}})
		case absentDeed:
			a = n.arc(&model.Answer{Status: spec.Absent})
		}
	}
}

// processOf is the process that runs a frame, nil for a thread of none.
func (l *Learned) processOf(f model.ID) model.Term { return l.u.Intern(l.state.Entry(f).Process) }

func (l *Learned) note(f model.ID, n *note) {
	l.noted = append(l.noted, n)
	l.writes = l.writes || n.heading != ""
	a, b := spread(5, uint64(f), n.sum)
	l.notes[0], l.notes[1] = l.notes[0]+a, l.notes[1]+b
}

// under is the list of what was noted under a heading, in the order in which code reads it.
func (l *Learned) under(heading string) model.Term {
	var key lists
	for _, n := range l.noted {
		if n.heading == heading {
			a, b := spread(7, 0, uint64(n.value))
			key.count, key.sum[0], key.sum[1] = key.count+1, key.sum[0]+a, key.sum[1]+b
		}
	}
	list, known := l.lists[key]
	if !known {
		var values []spec.Value
		for _, n := range l.noted {
			if n.heading == heading {
				values = append(values, l.u.Value(n.value))
			}
		}
		list = l.u.Intern(spec.NewList(spec.Sorted(values)...))
		l.lists[key] = list
	}
	return list
}

// lists identifies a list by what it has, in whatever order: to sort and intern one costs more than a run.
type lists struct {
	count int
	sum   [2]uint64
}

// stands brings a frame's place into the hash.
func (l *Learned) stands(f model.ID, n *deed) {
	s := &l.spots[f]
	s.at = n
	if l.unhashed {
		return
	}
	a, b := spread(1, uint64(f), n.id)
	l.sum[0] += a - s.sum[0]
	l.sum[1] += b - s.sum[1]
	s.sum = [2]uint64{a, b}
}

// leave ends the code of a frame; last is nil where nobody knows how.
func (l *Learned) leave(f model.ID, last *deed) {
	values := model.NilTerm
	if last != nil {
		values = last.values
	}
	l.state.LeaveWith(f, values, &l.log)
	l.log.Merge()
	if f == l.state.Test() {
		// What the test has seen is part of what a run has shown.
		l.left = true
		if last != nil {
			l.stands(f, last)
		}
		return
	}
	s := &l.spots[f]
	l.sum[0] -= s.sum[0]
	l.sum[1] -= s.sum[1]
	*s = spot{}
}

// Answers are the outcomes of the operations of the outermost frame in the present run.
func (l *Learned) Answers() []spec.Return {
	var out []spec.Return
	for i := range l.turns {
		if t := &l.turns[i]; t.frame == l.state.Test() && t.begins == nil {
			out = append(out, l.u.Return(t.by.by))
		}
	}
	return out
}
