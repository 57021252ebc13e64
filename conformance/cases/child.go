package cases

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Child is a helper child: started by the system under test, told by the harness what to do.
type Child struct {
	// PID is its process id as the operating system knows it.
	PID spec.Value
	// Code is the exit code that it was told to end with.
	Code int
	ref  spec.Value
	// collected is true where the child had ended and was no zombie, although nobody had reaped it.
	collected bool
}

// StartChild has the system under test start a helper child in the background and returns
// once the child runs.
func (p *P) StartChild() Child {
	child, _ := p.startChild(func(command spec.Value) any { return command })
	return child
}

// startChild also returns what run-shell-command answered; edit may change the command.
func (p *P) startChild(edit func(command spec.Value) any) (Child, spec.Return) {
	prepared := p.ChildPrepare()
	p.c.Ledger.Add(preparedBefore, prepared.Nth(0))
	ref, command := prepared.Nth(0), prepared.Nth(1)
	answer := p.For("REAP-RSC-1").RunShellCommand(edit(command), key.Wait(false))
	ready := p.For("REAP-RSC-1").Try().ChildAwait(ref, spec.Keyword("ready"))
	if ready.Status != spec.Returned {
		p.c.neverHappened("REAP-RSC-1", spec.NewCall("run-shell-command", []any{key.Wait(false)}, command), ready)
	}
	p.c.Ledger.Add(startedBefore, ready.Primary())
	return Child{PID: ready.Primary(), ref: ref}, answer
}

// Tell has the harness tell the child something.
func (p *P) Tell(child Child, command string, arguments ...any) spec.Return {
	return p.ChildTell(child.ref, spec.Keyword(command), arguments...)
}

// End has a child exit, and returns once the operating system says that it has.
func (p *P) End(child Child, code int) Child {
	child.Code = code
	p.Tell(child, "exit", code)
	return p.hasEnded(child)
}

// Ended starts a child and has it exit.
func (p *P) Ended(code int) Child { return p.End(p.StartChild(), code) }

// Killed starts a child that ends by SIGKILL.
func (p *P) Killed() Child {
	child := p.StartChild()
	p.Tell(child, "kill", sigkill)
	return p.hasEnded(child)
}

const (
	sigkill = 9
	sigcont = 18
)

// hasEnded waits until the child has ended. Whether something has collected it is noted, and no
// matter of a case that only needs an end: an implementation that collects its children, and
// reports them all the same, breaks REAP-ZOMB-1 and nothing else.
func (p *P) hasEnded(child Child) Child {
	child.collected = spec.Eql(p.ChildAwait(child.ref, spec.Keyword("ended")).Primary(), spec.Keyword("absent"))
	return child
}

// unlessLost is the clause that is charged where a child which has ended is not reported: one
// that was collected was lost before anybody asked.
func (child Child) unlessLost(clause string) string {
	if child.collected {
		return "REAP-ZOMB-1"
	}
	return clause
}

// isZombie expects that a child which has ended is the system's until it is reported: nothing
// may have collected it.
func (p *P) isZombie(child Child) {
	p.Expect(p.stateOf(child.PID)).For("REAP-ZOMB-1").To(BeEql(spec.Keyword("zombie")),
		"a child that has ended stays in the system until it is reaped")
}

// Leaves has a child exit of itself while the implementation may stand still: a while from
// now, or after another child has ended. It depends on nothing that happens meanwhile.
func (p *P) Leaves(child Child, code int, after ...Child) Child {
	return p.LeavesAfter(settleSeconds, child, code, after...)
}

// LeavesAfter is Leaves with the seconds that the while lasts.
func (p *P) LeavesAfter(seconds float64, child Child, code int, after ...Child) Child {
	child.Code = code
	arguments := []any{code, spec.Double(seconds)}
	for _, other := range after {
		arguments = append(arguments, other.ref)
	}
	p.Tell(child, "exit-after", arguments...)
	return child
}

// stateOf is what the operating system says of a process: alive, stopped, zombie or absent.
func (p *P) stateOf(pid any) spec.Value { return p.PidState(pid).Nth(0) }

// groupOf and parentOf are read from the operating system too.
func (p *P) groupOf(pid any) spec.Value  { return p.read(pid, 1, "group") }
func (p *P) parentOf(pid any) spec.Value { return p.read(pid, 2, "parent") }

func (p *P) read(pid any, i int, what string) spec.Value {
	v := p.PidState(pid).Nth(i)
	if !spec.Truth(v) {
		p.c.Inconclusive("%v names no process: its %s can't be read", pid, what)
	}
	return v
}

// lisp is the process id of the implementation.
func (c *C) lisp() spec.Value { return spec.Int(c.Handshake().PID) }

// inGroupOfLisp tells whether a child is in the implementation's own process group.
func (c *C) inGroupOfLisp(child Child) bool {
	return spec.Eql(c.groupOf(child.PID), c.groupOf(c.lisp()))
}

// nothingToReap checks the precondition of every case about reaping: the image has no
// children of its own. Where it has, nothing can be concluded. What is neither a child nor
// the answer for one is the implementation's fault.
func (c *C) nothingToReap() {
	first := c.For("REAP-NOHANG-1").ReapOsSubprocess(key.Wait(false))
	_, status := first.Nth(0).(spec.Int)
	running := !spec.Truth(first.Nth(0)) && spec.Eql(first.Nth(1), spec.Int(-1))
	if running || status && namesChild(first) {
		c.Inconclusive("before the first child reaping answered %s: the implementation has children of its own", first)
	}
	c.Expect(first).For("REAP-NOHANG-1").To(ReturnFirst(nil, nil), "without children reaping returns nil and nil")
}

// ReapOsSubprocess is the operation. Whatever the case makes of the answer, a status comes with
// the pid of a child.
func (p *P) ReapOsSubprocess(more ...any) spec.Return {
	return p.namesItsChild(p.API.ReapOsSubprocess(more...))
}

// OsWait is the operation, looked at like [P.ReapOsSubprocess].
func (p *P) OsWait(more ...any) spec.Return { return p.namesItsChild(p.API.OsWait(more...)) }

// namesItsChild expects that an answer which has a status names a child: no pid is below 1.
// Where the case asks without a child to report, the answer should have been that there is none.
func (p *P) namesItsChild(r spec.Return) spec.Return {
	_, status := r.Nth(0).(spec.Int)
	if _, integer := r.Nth(1).(spec.Int); !status || !integer || namesChild(r) {
		return r
	}
	clause, why := "REAP-EXIT-1", "a status comes with the pid of the child, and no child has a pid below 1"
	charged := p.Frame.(checked).clause
	nobody := len(p.c.Ledger.Under(preparedBefore)) <= len(p.c.Ledger.Under(reapedBefore))
	if nobody {
		clause, why = "REAP-NOHANG-1", "without such children reaping returns nil and nil: no child has a pid below 1"
		if slices.Contains([]string{"REAP-NONE-1", "REAP-NONE-2"}, charged) {
			clause = charged
		}
	}
	p.Expect(r).For(clause).To(matcher{"no status, or the pid of a child", func(any) (bool, error) { return false, nil }}, "%s", why)
	return r
}

// namesChild tells whether the second value can be the pid of a child.
func namesChild(r spec.Return) bool {
	pid, ok := r.Nth(1).(spec.Int)
	return ok && pid >= 1
}

// Reports calls reap-os-subprocess and expects that it reports one of these children, which
// have ended or will. It returns which; clause is charged where it reports none of them.
func (p *P) Reports(clause string, among []Child, keys ...any) Child {
	answer := p.For(clause).ReapOsSubprocess(keys...)
	for _, keyword := range keys {
		if keyword, ok := keyword.(spec.Key); ok && keyword.Name == "pid" {
			if pid, ok := keyword.Value.(spec.Int); ok && pid > 0 && spec.Truth(answer.Primary()) && !spec.Eql(answer.Primary(), pid) {
				p.Expect(answer.Nth(1)).For("REAP-SEL-3").To(BeEql(pid), "only the child with that pid is considered")
			}
		}
	}
	return p.reported(answer, clause, among...)
}

// waitsThrough waits for a child while others end, at most so many. The signal of such an end
// may interrupt the wait, which then answers nil or is an error (REAP-WAIT-3); it is called again, a while later:
// while a wait is open that may suspend all others nobody is spoken to, and whoever else waited has yet to be.
func (p *P) waitsThrough(ends int, keys ...any) spec.Return {
	for range ends {
		if answer := p.Try().ReapOsSubprocess(keys...); answer.Status != spec.Signalled && spec.Truth(answer.Primary()) {
			return answer
		}
		p.lull()
	}
	return p.ReapOsSubprocess(keys...)
}

// reported is the second half of Reports. What is wrong with an answer decides which
// sentence it breaks.
func (p *P) reported(r spec.Return, clause string, among ...Child) Child {
	status, pid := r.Nth(0), r.Nth(1)
	_, integer := status.(spec.Int)
	for _, child := range among {
		if spec.Eql(pid, child.PID) {
			if !spec.Truth(status) && p.stateOf(pid) == spec.Keyword("alive") {
				p.Expect(r).For(clause).To(BeExitStatus(child.Code), "the child is reported once it has ended")
			}
			p.Expect(r).For("REAP-EXIT-1").To(BeTrue(), "nil is no status: it would say that the child still runs")
			for _, other := range among {
				if other.Code != child.Code && spec.Eql(status, spec.Int(other.Code)) {
					p.Expect(r).For("REAP-EXIT-2").To(BeExitStatus(child.Code), "status and pid are those of one child")
				}
			}
			p.Expect(r).For("REAP-STAT-1").To(BeExitStatus(child.Code), "the first value is the status of the child")
			p.c.Ledger.Add(reapedBefore, pid)
			return child
		}
	}
	p.notAgain(r)
	for _, child := range among {
		if spec.Eql(status, child.PID) {
			p.Expect(r).For("REAP-EXIT-1").To(ReturnFirst(child.Code, child.PID), "first comes the status, then the pid")
		}
	}
	state := p.stateOf(pidAt(r, 1))
	another := isIn(pid, spec.NewList(p.c.Ledger.Under(startedBefore)...))
	switch {
	case another:
		// A child, with a status of its own, that was not to be considered.
	case integer && state == spec.Keyword("absent"):
		clause = "REAP-EXIT-1" // no child's pid at all
	case slices.ContainsFunc(among, func(child Child) bool { return child.collected }):
		clause = "REAP-ZOMB-1" // what collected it has lost it
	case !integer && p.allGone(among):
		clause = "REAP-EXIT-2" // a call that reported another took these too
	}
	p.Expect(r.Nth(1)).For(clause).To(beOneOf(among), "a child that has ended is reported, with its own pid")
	return Child{}
}

// Headings of the ledger: under them stand the children that were prepared, and the pids of those that
// were started, and reported.
const (
	preparedBefore = "prepared before"
	startedBefore  = "started before"
	reapedBefore   = "reported before"
)

// notAgain expects that an answer reports no child that was reported before.
func (p *P) notAgain(r spec.Return) {
	if !spec.Truth(r.Primary()) {
		return
	}
	for _, pid := range p.c.Ledger.Under(reapedBefore) {
		p.Expect(r.Nth(1)).For("REAP-EXIT-3").NotTo(BeEql(pid), "a child is reported once")
	}
}

// pidAt is the value at index i where it can be a pid, else one that nobody has.
func pidAt(r spec.Return, i int) spec.Value {
	if pid, ok := r.Nth(i).(spec.Int); ok {
		return pid
	}
	return spec.Int(unusedPID)
}

func (p *P) allGone(children []Child) bool {
	for _, child := range children {
		if p.stateOf(child.PID) != spec.Keyword("absent") {
			return false
		}
	}
	return true
}

func beOneOf(among []Child) types.GomegaMatcher {
	var pids []spec.Value
	for _, child := range among {
		pids = append(pids, child.PID)
	}
	return onValue("one of "+spec.NewList(pids...).String(), func(v spec.Value) bool {
		for _, pid := range pids {
			if spec.Eql(v, pid) {
				return true
			}
		}
		return false
	})
}

// NoneLeft expects that no child at all is left, neither running nor unreaped: with wait nil,
// or with the keys given.
func (p *P) NoneLeft(keys ...any) {
	clause := "REAP-NOHANG-1"
	for _, keyword := range keys {
		if keyword, ok := keyword.(spec.Key); ok && keyword.Name == "wait" && spec.Truth(keyword.Value) {
			clause = "REAP-NONE-1"
		}
	}
	if len(keys) == 0 {
		keys = []any{key.Wait(false)}
	}
	r := p.For(clause).ReapOsSubprocess(keys...)
	p.notAgain(r)
	p.Expect(r).For(clause).To(ReturnFirst(nil, nil), "no child is left that is running or unreaped")
}

// Considers expects that reaping without waiting considers children that run, and none that
// has ended: nil and the pid argument.
func (p *P) Considers(argument any, keys ...any) {
	r := p.For("REAP-NOHANG-4").ReapOsSubprocess(append(keys, key.Wait(false))...)
	p.notAgain(r)
	p.Expect(r).For("REAP-NOHANG-3").To(ReturnFirst(nil, argument), "the second value is the pid argument")
}

// Ignores expects that reaping considers no child, although there are some; clause is the
// one that says why.
func (p *P) Ignores(clause string, keys ...any) {
	r := p.For(clause).ReapOsSubprocess(keys...)
	p.notAgain(r)
	p.Expect(r).For(clause).To(ReturnFirst(nil, nil), "no child is considered")
}

// BeExitStatus matches the first value of a normal end: the exit code, or the wait word
// (REAP-STAT-1).
func BeExitStatus(code int) types.GomegaMatcher {
	return onValue(fmt.Sprintf("%d, or %d as a wait word", code, code<<8), func(v spec.Value) bool {
		return spec.Eql(v, spec.Int(code)) || spec.Eql(v, spec.Int(code<<8))
	})
}
