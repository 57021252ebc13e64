package cases

import (
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
	sighup  = 1
	sigint  = 2
	sigquit = 3
	sigabrt = 6
	sigkill = 9
	sigterm = 15
	sigcont = 18
	sigstop = 19
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
