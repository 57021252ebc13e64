package conformance

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Child is a helper child: started by the system under test, told by the harness what to do.
type Child struct {
	// PID is its process id as the operating system knows it.
	PID spec.Value
	ref spec.Value
}

// StartChild has the system under test start a helper child in the background and returns
// once the child runs.
func (p *P) StartChild() Child {
	prepared := p.ChildPrepare()
	ref, command := prepared.Nth(0), prepared.Nth(1)
	p.RunShellCommand(command, key.Wait(false))
	ready := p.Try().ChildAwait(ref, spec.Keyword("ready"))
	if ready.Status != spec.Returned {
		p.c.charge("REAP-RSC-1", "run-shell-command starts the command", ready.String(), "the child that run-shell-command was to start never came", p.c.handshake.Clock == spec.Real)
	}
	return Child{PID: ready.Primary(), ref: ref}
}

// groupOf is the process group of a process, read from the operating system.
func (p *P) groupOf(pid spec.Value) spec.Value { return p.PidState(pid).Nth(1) }

// nothingToReap checks the precondition of every case about reaping: the image has no
// children of its own. Where it has, nothing can be concluded. What is neither a child nor
// the answer for one is the implementation's fault.
func (c *C) nothingToReap() {
	first := c.ReapOsSubprocess(key.Wait(false))
	_, status := first.Nth(0).(spec.Int)
	_, pid := first.Nth(1).(spec.Int)
	if pid && (status || !spec.Truth(first.Nth(0))) {
		c.Inconclusive("before the first child reaping answered %s: the implementation has children of its own", first)
	}
	c.Expect(first).For("REAP-NOHANG-1").To(ReturnFirst(nil, nil), "without children reaping returns nil and nil")
}

// BeExitStatus matches the first value of a normal end: the exit code, or the wait word
// (REAP-STAT-1).
func BeExitStatus(code int) types.GomegaMatcher {
	return onValue(fmt.Sprintf("%d, or %d as a wait word", code, code<<8), func(v spec.Value) bool {
		return spec.Eql(v, spec.Int(code)) || spec.Eql(v, spec.Int(code<<8))
	})
}
