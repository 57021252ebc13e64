package cases

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Several waits for children at a time, each for its own. Where no other process goes on while
// one waits, which is left open (REAP-WAIT-2), only the first of these cases says anything.
var reapWaitCases = []Case{
	{
		ID:      "REAP-WAIT-1/two-at-once",
		Clauses: []string{"REAP-SEL-3", "REAP-EXIT-2"},
		Needs:   reapNeeds,
		Story:   "Two processes wait for a child each, and both children end at once, time and again: each call returns, with its own child.",
		Run: func(c *C) {
			c.nothingToReap()
			for i := range c.Size(10, 10, 1) {
				a, b := c.StartChild(), c.StartChild()
				one, other := c.toWait(key.Pid(a.PID)), c.toWait(key.Pid(b.PID))
				// Told before anybody waits: the implementation may stand still meanwhile.
				a = c.LeavesAfter(settleSeconds, a, 2)
				if i%2 == 0 {
					b = c.LeavesAfter(settleSeconds, b, 3)
				} else {
					b = c.LeavesAfter(0, b, 3, a)
				}
				other.begins(2, nil)
				one.begins(1, nil)
				one.gets(a, b)
				other.gets(b, a)
			}
			c.NoneLeft()
		},
	},
	{
		ID:      "REAP-WAIT-1/beside-another",
		Clauses: []string{"REAP-DEP-1", "REAP-SEL-1"},
		Needs:   reapNeeds,
		Witness: othersRunStep,
		Story:   "One process waits for its child, which goes on running, and another for any child; a second child ends: the other call returns it, although the first still waits.",
		Run: func(c *C) {
			c.othersRun()
			for range c.Size(3, 3, 1) {
				besides(c, func() (runs, ends Child, first, second spec.Key) {
					runs, ends = c.StartChild(), c.StartChild()
					return runs, ends, key.Pid(runs.PID), key.Pid(-1)
				})
			}
			c.NoneLeft()
		},
	},
	{
		ID:      "REAP-WAIT-1/beside-a-group",
		Clauses: []string{"REAP-DEP-1", "REAP-SEL-3"},
		Needs:   reapNeeds,
		Witness: othersRunStep,
		Story:   "One process waits for a child of a group in which one goes on running, another for a child of its own, which ends: that call returns it, although the first still waits.",
		Run: func(c *C) {
			c.othersRun()
			besides(c, func() (runs, ends Child, first, second spec.Key) {
				runs, ends = c.StartChild(), c.StartChild()
				group, ok := c.Tell(runs, "own-group").Primary().(spec.Int)
				c.Expect(spec.Bool(ok)).To(BeTrue(), "the first child leads a group of its own")
				return runs, ends, key.Pid(-group), key.Pid(ends.PID)
			})
			c.NoneLeft()
		},
	},
	{
		ID:      "REAP-ZOMB-5/beside-a-wait",
		Clauses: []string{"REAP-RSC-1", "REAP-WAIT-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: othersRunStep,
		Story:   "While a process waits for any child another runs commands with wait t: each call returns its own exit status, and the wait goes on until a child ends that is left to reap.",
		Run: func(c *C) {
			c.othersRun()
			child := c.StartChild()
			child = c.LeavesAfter(c.patience(), child, 3)
			anyone := c.toWait(key.Pid(-1))
			ran, rounds := c.Log(), c.Size(25, 25, 1)
			anyone.signals = 2 + 2*rounds // a shell may end beside the command
			done := c.beside(anyone, child, func(p *P) {
				p.lull()
				for i := range rounds {
					r := p.Try().RunShellCommand(fmt.Sprintf("exit %d", 7+i), key.Wait(true))
					p.lull()
					p.LogAppend(ran, spec.NewList(r.Values...))
				}
			})
			anyone.begins(1, nil)
			c.AwaitThat(spec.CellIs(done, true), "every command that is waited for ends, and its call returns")
			anyone.returns("REAP-WAIT-1")
			for i, status := range entries(c.LogRead(ran).Primary()) {
				c.Expect(nth(entries(status), 0)).For("REAP-RSC-1").To(BeExitStatus(7+i), "the call returns the exit status of its own command")
			}
			pid, ok := nth(entries(c.CellGet(anyone.answer).Primary()), 1).(spec.Int)
			known := isIn(pid, spec.NewList(c.Ledger.Under(startedBefore)...))
			c.Expect(spec.Bool(ok && pid > 0 && !known)).To(BeNil(), "a command that was waited for is not left to reap: reaping reported %v", pid)
			anyone.gets(child)
		},
	},
	{
		ID:      "REAP-ZOMB-5/before-a-wait",
		Clauses: []string{"REAP-RSC-1", "REAP-WAIT-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: othersRunStep,
		Story:   "While a process waits for a command another begins to wait for any child; the command ends: the first returns its exit status, and the other goes on waiting until a child ends that is left to reap.",
		Run: func(c *C) {
			c.othersRun()
			for range c.Size(5, 5, 1) {
				child, prepared, status := c.StartChild(), c.ChildPrepare(), c.Cell(none)
				anyone := c.toWait(key.Pid(-1))
				anyone.begins(4, nil)
				c.pauses("caller", 1, func(p *P) {
					p.CellSet(status, p.Try().RunShellCommand(prepared.Nth(1), key.Wait(true)).Primary())
				})
				command := Child{ref: prepared.Nth(0)}
				command.PID = c.ChildAwait(command.ref, spec.Keyword("ready")).Primary()
				command = c.LeavesAfter(2*settleSeconds, command, 7)
				child = c.LeavesAfter(settleSeconds, child, 3, command)
				c.Expect(c.answered("REAP-RSC-1", status, "the call returns")).For("REAP-RSC-1").To(BeExitStatus(7), "the call returns the exit status of its own command")
				got := entries(anyone.returns("REAP-WAIT-1"))
				c.Expect(nth(got, 1)).NotTo(BeEql(command.PID), "a command that was waited for is not left to reap")
				anyone.gets(child)
			}
		},
	},
	{
		ID:      "REAP-FN-1/beside-a-command",
		Clauses: []string{"REAP-SEL-2", "REAP-SEL-3", "REAP-SEL-4", "REAP-NOHANG-3", "REAP-ZOMB-5"},
		Needs:   reapNeeds,
		Witness: "the command still runs",
		Story:   "While a process waits for a command another reaps by pid 0, by a group, by the pids of its children and of nobody: the answers are those of waitpid.",
		Run: func(c *C) {
			c.nothingToReap()
			a, b, runs := c.StartChild(), c.StartChild(), c.StartChild()
			group, ok := c.Tell(b, "own-group").Primary().(spec.Int)
			c.Expect(spec.Bool(ok)).To(BeTrue(), "the second child leads a group of its own")
			prepared := c.ChildPrepare()
			command := Child{ref: prepared.Nth(0), Code: 7}
			done := c.Cell(none)
			c.Spawn("caller", func(p *P) {
				p.Pause(momentSeconds)
				p.CellSet(done, p.Try().RunShellCommand(prepared.Nth(1), key.Wait(true)).Primary())
			})
			c.Pause(3 * momentSeconds) // until the call is open
			command.PID = c.ChildAwait(command.ref, spec.Keyword("ready")).Primary()
			command = c.LeavesAfter(c.patience(), command, 7)
			c.Await(spec.Never(), 0) // answered late where this process stands still
			if c.stateOf(command.PID) != spec.Keyword("alive") {
				c.NotApplicable("no other process goes on while one waits for a command")
			}
			own := c.inGroupOfLisp(a)
			a, b = c.End(a, 2), c.End(b, 3)
			running := c.ReapOsSubprocess(key.Pid(runs.PID), key.Wait(false))
			c.Expect(spec.Bool(spec.Truth(running.Primary()) && !spec.Eql(running.Nth(1), runs.PID))).For("REAP-SEL-3").NotTo(BeTrue(), "only the child with that pid is considered")
			c.Expect(running).For("REAP-NOHANG-3").To(ReturnFirst(nil, runs.PID), "the child runs")
			c.Ignores("REAP-NONE-2", key.Pid(unusedPID), key.Wait(false))
			if own {
				c.Reports("REAP-SEL-2", []Child{a}, key.Pid(0), key.Wait(false))
			} else {
				c.Reports("REAP-SEL-3", []Child{a}, key.Pid(a.PID), key.Wait(false))
			}
			c.Reports("REAP-SEL-4", []Child{b}, key.Pid(-group), key.Wait(false))
			c.Ignores("REAP-SEL-4", key.Pid(-group), key.Wait(false))
			c.Considers(-1, key.Pid(-1))
			if c.stateOf(command.PID) == spec.Keyword("alive") {
				c.Step("the command still runs")
			}
			c.leave(command)
			c.Expect(c.answered("REAP-RSC-1", done, "the command has ended, and the call returns")).For("REAP-RSC-1").To(BeExitStatus(7), "its value is the exit status")
			runs = c.End(runs, 4)
			c.Reports("REAP-SEL-3", []Child{runs}, key.Pid(runs.PID), key.Wait(false))
			c.Expect(c.stateOf(command.PID)).For("REAP-ZOMB-5").NotTo(BeEql(spec.Keyword("zombie")), "the child of a command that was waited for is collected")
			c.NoneLeft()
		},
	},
	{
		ID:      "REAP-ZOMB-1/killed-waiter",
		Clauses: []string{"REAP-NOHANG-2"},
		Needs:   append([]string{"process-kill", "process-join"}, reapNeeds...),
		Witness: othersRunStep,
		Story:   "A process that waits for a child is killed and dead before the child ends: the child stays until it is reaped, by its pid or by -1.",
		Run: func(c *C) {
			c.othersRun()
			for _, any := range []bool{false, true}[:c.Size(2, 2, 1)] {
				child := c.StartChild()
				which := key.Pid(child.PID)
				if any {
					which = key.Pid(-1)
				}
				child = c.LeavesAfter(c.patience(), child, 7)
				killed := c.toWait(which)
				killed.begins(1, nil)
				c.Pause(3 * momentSeconds)
				c.For("PROC-KILL-1").ProcessKill(killed.process)
				dead := spec.Truth(c.For("PROC-JOIN-1").ProcessJoin(killed.process, key.Timeout(1)).Primary())
				if !dead || c.stateOf(child.PID) != spec.Keyword("alive") {
					c.NotApplicable("a kill does not reach a process that waits for a child")
				}
				child = c.End(child, 7)
				c.Settle()
				c.Expect(c.stateOf(child.PID)).To(BeEql(spec.Keyword("zombie")), "a wait that is over takes no child")
				c.Reports("REAP-NOHANG-2", []Child{child}, which, key.Wait(false))
			}
		},
	},
	{
		ID:      "REAP-STOP-1/waited-for",
		Clauses: []string{"REAP-WAIT-1"},
		Needs:   reapNeeds,
		Expects: Absence,
		Witness: othersRunStep,
		Story:   "A child for which a process waits is stopped: the call goes on waiting, and returns once the child, continued, has ended.",
		Run: func(c *C) {
			c.othersRun()
			child := c.StartChild()
			child = c.LeavesAfter(c.patience(), child, 3)
			own := c.toWait(key.Pid(child.PID))
			early := c.Cell(none)
			done := c.beside(own, child, func(p *P) {
				p.Tell(child, "stop")
				p.ChildAwait(child.ref, spec.Keyword("stopped"))
				p.Settle()
				p.CellSet(early, p.CellGet(own.answer).Primary())
				p.Tell(child, "kill", sigcont)
			})
			own.begins(1, nil)
			c.AwaitFor("REAP-WAIT-1", spec.CellIs(done, true), "the other process goes on")
			c.Expect(c.CellGet(early)).To(BeEql(none), "a child that is stopped has not ended")
			own.gets(child)
		},
	},
}

const othersRunStep = "another process goes on while one waits for a child"

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
	signals int      // by how many other children's ends or stops the wait may be interrupted (REAP-WAIT-3)
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

// momentSeconds is how long a process lets another make its call.
const momentSeconds = settleSeconds / 3

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

// besides has one process wait for a child that runs and another, by other keys, for one that
// ends: its call must not take longer because of the first. While a wait is open nobody may be
// spoken to who has not been heard of: where the second call comes too close on the first, as it
// may on a slow machine, it is made only when that is over. So it is tried with more time between.
func besides(c *C, start func() (runs, ends Child, first, second spec.Key)) {
	moments, inTime := 3.0, false
	for range 4 {
		beside := false
		if beside, inTime = goesBeside(c, moments, start); beside {
			return
		}
		moments *= 2
	}
	if !inTime {
		c.NotApplicable("the second call was made when the first had ended: on a busy machine, or where no other process goes on")
	}
	c.tooLate("REAP-WAIT-1", "the call returns once its child has ended", "it returned when the child of another process's call had ended too",
		"a wait for a child is not held up by another process's wait")
}

// goesBeside tells whether the second call returned while the child of the first still ran, and whether
// it was made while that did.
func goesBeside(c *C, moments float64, start func() (runs, ends Child, first, second spec.Key)) (beside, inTime bool) {
	runs, ends, first, second := start()
	state, own, other := c.Cell(none), c.toWait(first), c.toWait(second)
	ends = c.LeavesAfter((moments+3)*momentSeconds, ends, 3)
	runs = c.LeavesAfter(c.patience(), runs, 2, ends)
	other.beside, other.atCall = &runs, c.Cell(none)
	other.begins(moments, func(p *P) {
		p.CellSet(state, p.stateOf(runs.PID))
		p.lull()
		p.leave(runs)
		p.lull()
	})
	own.begins(1, nil)
	other.returns("REAP-WAIT-1")
	if which := first.Value.(spec.Int); which > 0 {
		c.Expect(nth(entries(c.CellGet(own.answer).Primary()), 1)).For("REAP-SEL-3").NotTo(BeEql(ends.PID), "only the child with that pid is considered")
	}
	other.gets(ends)
	own.gets(runs, ends)
	alive := func(cell spec.Ref) bool { return c.CellGet(cell).Primary() == spec.Keyword("alive") }
	return alive(state), alive(other.atCall)
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
