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
	seen := c.inTime(func(moments float64) (seen, late bool) {
		child := c.StartChild()
		child = c.LeavesAfter(c.patience(), child, 7)
		one := c.toWait(key.Pid(child.PID))
		done := c.beside(one, moments, child, func(*P) {})
		one.begins(1, nil)
		one.gets(child)
		how := c.answered("REAP-WAIT-1", done, "the other process goes on at last")
		return how == spec.Keyword("beside"), how == spec.Keyword("late")
	})
	if !seen {
		c.NotApplicable("no other process goes on while one waits for a child, or the machine is too busy to tell")
	}
	c.Step(othersRunStep)
}

// duringCommand does something while another process waits for a command. While that may suspend all others, nobody
// is spoken to who has not been heard of since: so this process pauses while the call is made, and where the call
// comes too late for that, as it may on a busy machine, what follows is answered only when the command has ended.
func (c *C) duringCommand(do func(command Child)) {
	done := c.inTime(func(moments float64) (done, late bool) {
		prepared, begun, status := c.ChildPrepare(), c.Cell(nil), c.Cell(none)
		to := Child{ref: prepared.Nth(0), Code: 7}
		c.Spawn("teller", func(p *P) { // by whom it ends also where this process stands still
			p.CellSet(begun, true)
			p.LeavesAfter(c.patience(), to, to.Code)
		})
		c.AwaitFor("PROC-CREATE-1", spec.CellIs(begun, true), "process teller begins")
		c.Spawn("caller", func(p *P) {
			p.Pause(momentSeconds)
			p.CellSet(status, p.Try().RunShellCommand(prepared.Nth(1), key.Wait(true)).Primary())
		})
		c.Pause(moments * momentSeconds)
		command := to
		command.PID = c.ChildAwait(to.ref, spec.Keyword("ready")).Primary()
		paused := c.runs(command)
		c.Await(spec.Never(), 0)
		if done = c.runs(command); done {
			do(command)
		}
		c.leave(command)
		c.Expect(c.answered("REAP-RSC-1", status, "the command has ended, and the call returns")).For("REAP-RSC-1").To(BeExitStatus(command.Code), "its value is the exit status")
		c.Expect(c.stateOf(command.PID)).For("REAP-ZOMB-5").NotTo(BeEql(spec.Keyword("zombie")), "the child of a command that was waited for is collected")
		return done, paused
	})
	if !done {
		c.NotApplicable("no other process goes on while one waits for a command, or the machine is too busy to tell")
	}
}

// inTime tries something that is done beside a call, each time with more moments until it begins, as long as it
// comes too late only because the call did. It tells whether it was done.
func (c *C) inTime(try func(moments float64) (done, late bool)) bool {
	for moments := 3.0; moments < 30; moments *= 2.5 {
		if done, late := try(moments); done || !late {
			return done
		}
	}
	return false
}

// runs tells whether a child still runs. Nobody else is asked: that the child has ended when a pause is over which
// should have been long before says that the pause was answered late.
func (p *P) runs(child Child) bool { return p.stateOf(child.PID) == spec.Keyword("alive") }

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

// beside makes a process that after so many moments does something beside a wait that has begun, unless it stood
// still and the child has ended meanwhile; then it has the child leave. The cell is none until then, and says whether
// it was done beside the wait, or not done: because it came too late, or stood still.
func (c *C) beside(w *waiting, moments float64, child Child, do func(p *P)) (done spec.Ref) {
	done = c.Cell(none)
	c.pauses("other", moments, func(p *P) {
		how := spec.Keyword("stood-still")
		if p.runs(child) {
			how = spec.Keyword("late")
		}
		open := spec.Truth(p.CellGet(w.open).Primary()) // answered late where this process stands still
		for tries := 0; !open && tries < 20; tries++ {  // the machine may be slow
			p.Pause(momentSeconds)
			open = spec.Truth(p.CellGet(w.open).Primary())
		}
		if open {
			// The call is about to be made. Only who has been answered since is known to run beside it, and is served.
			p.Pause(momentSeconds)
		}
		if open && p.runs(child) {
			how = spec.Keyword("beside")
			do(p)
		}
		p.leave(child)
		p.lull()
		p.CellSet(done, how)
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
