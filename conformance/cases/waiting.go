package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

const othersRunStep = "another process goes on while one waits for a child"

// momentSeconds is how long a process lets another make its call.
const momentSeconds = settleSeconds / 3

// othersRun checks that nothing is there to reap and shows that the other processes run while
// one waits for a child with wait t. Where they don't nothing can be said of two waits at a time.
func (c *C) othersRun() {
	c.nothingToReap()
	child := c.StartChild()
	child = c.LeavesAfter(c.patience(), child, 7)
	one, seen := c.toWait(key.Pid(child.PID)), c.Cell(nil)
	done := c.beside(one, child, func(p *P) { p.CellSet(seen, true) })
	one.begins(1, nil)
	one.gets(child)
	c.AwaitFor("REAP-WAIT-1", spec.CellIs(done, true), "the other process goes on at last")
	if !spec.Truth(c.CellGet(seen).Primary()) {
		c.NotApplicable("no other process goes on while one waits for a child")
	}
	c.Step(othersRunStep)
}

// patience is after how many seconds a child leaves that somebody should have told to before:
// so that a wait on which everything stands still comes to an end.
func (c *C) patience() float64 { return max(10*settleSeconds, c.watchdog/5) }

// waiting is a process that reaps with wait t.
type waiting struct {
	c       *C
	keys    []any
	process spec.Value
	signals int      // that may interrupt the wait, beside those of the ends of children known before: see waitsThrough
	open    spec.Ref // true once the call is about to be made
	answer  spec.Ref // none, or the list of the first two values
	beside  *Child   // another's, whose state atCall has once the call has returned: as it was made; nil for none
	atCall  spec.Ref
}

// toWait is a wait for a child that is yet to begin.
func (c *C) toWait(keys ...any) *waiting {
	return &waiting{c: c, keys: append(keys, key.Wait(true)), signals: 2, open: c.Cell(nil), answer: c.Cell(none)}
}

// begins makes the process, which reaps after so many moments and then runs then. Who is to go on
// beside the wait is made before and pauses for longer: a harness that speaks to nobody who may
// stand still can speak to a process that has paused meanwhile.
func (w *waiting) begins(moments float64, then func(p *P)) {
	w.process = w.c.pauses("waiter", moments, func(p *P) {
		p.CellSet(w.open, true)
		var atCall spec.Value
		if w.beside != nil {
			atCall = p.stateOf(w.beside.PID)
		}
		r := p.Try().waitsThrough(w.signals, w.keys...)
		if w.beside != nil {
			p.CellSet(w.atCall, atCall)
		}
		if then != nil {
			then(p)
		}
		if r.Status == spec.Signalled {
			p.CellSet(w.answer, spec.Keyword("error"))
			return
		}
		p.CellSet(w.answer, spec.NewList(r.Nth(0), r.Nth(1)))
	})
}

// pauses makes a process that pauses for so many moments, then runs fn.
func (c *C) pauses(what string, moments float64, fn func(p *P)) spec.Value {
	begun := c.Cell(nil)
	process := c.Spawn(what, func(p *P) {
		p.CellSet(begun, true)
		p.Pause(moments * momentSeconds)
		fn(p)
	})
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(begun, true), "process "+what+" begins")
	c.lull()
	return process
}

// beside makes a process that does something a moment after a wait has begun, unless it stood
// still and the child has ended meanwhile; then it has the child leave. The cell is true when
// it is done.
func (c *C) beside(w *waiting, child Child, do func(p *P)) (done spec.Ref) {
	done = c.Cell(nil)
	c.pauses("other", 3, func(p *P) {
		open := spec.Truth(p.CellGet(w.open).Primary()) // answered late where this process stands still
		for tries := 0; !open && tries < 20; tries++ {  // the machine may be slow
			p.Pause(momentSeconds)
			if open = spec.Truth(p.CellGet(w.open).Primary()); open {
				p.Pause(momentSeconds) // the call is about to be made
			}
		}
		if open && p.stateOf(child.PID) == spec.Keyword("alive") {
			do(p)
		}
		p.leave(child)
		p.lull()
		p.CellSet(done, true)
	})
	return done
}

// leave has a child exit with its code, if it still runs.
func (p *P) leave(child Child) {
	if p.stateOf(child.PID) == spec.Keyword("alive") {
		p.Tell(child, "exit", child.Code)
	}
}

// returns awaits that the call returns, and gives its answer.
func (w *waiting) returns(clause string) spec.Value {
	w.c.AwaitFor(clause, spec.CellNot(w.answer, none), "the call that waits for a child returns once it has ended")
	w.c.lull()
	return w.c.CellGet(w.answer).Primary()
}

// gets awaits that the call returns, and expects that it reports the child. What is wrong where
// it doesn't depends on which children it was to consider, and on whether another had ended when
// it returned.
func (w *waiting) gets(child Child, others ...Child) {
	c := w.c
	got := entries(w.returns("REAP-WAIT-1"))
	c.Expect(spec.Bool(len(got) == 2)).For("REAP-WAIT-1").To(BeTrue(), "to wait is no error")
	status, pid := nth(got, 0), nth(got, 1)
	clause := "REAP-WAIT-1"
	switch which, _ := w.keys[0].(spec.Key).Value.(spec.Int); {
	case which == -1:
		clause = "REAP-SEL-1"
	case which < 0:
		clause = "REAP-SEL-4"
	default:
		for _, other := range others {
			c.Expect(pid).For("REAP-SEL-3").NotTo(BeEql(other.PID), "only the child with that pid is considered")
			if !spec.Truth(status) && c.stateOf(other.PID) != spec.Keyword("alive") {
				c.Expect(status).For("REAP-SEL-5").To(BeTrue(), "the end of another child does not end the wait")
			}
		}
	}
	c.reported(spec.Values(got...), clause, child)
}
