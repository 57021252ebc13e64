package cases

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/mpcheck/mpcheck/spec"
)

// What the cases about sends, mailboxes and events share.

// none is what a cell holds until an answer is in it.
var none = spec.Keyword("none")

// late is an object for which there was no room at first.
var late = spec.Keyword("late")

// boxOf is the mailbox of a process to which something was sent.
func (p *P) boxOf(process spec.Value) spec.Value {
	box := p.ProcessMailbox(process).Primary()
	p.Expect(box).For("SEND-MB-1").To(BeTrue(), "a process to which something was sent has a mailbox")
	return box
}

// take reads the oldest object without waiting; nil where there is none.
func (p *P) take(box spec.Value) spec.Value { return p.MailboxRead(box, nil, 0).Primary() }

// put adds an object to a mailbox, which never waits (MBOX-SEND-2).
func (p *P) put(box spec.Value, object any) { p.For("MBOX-SEND-2").MailboxSend(box, object) }

// takes reads n objects without waiting.
func (p *P) takes(box spec.Value, n int) []spec.Value {
	var out []spec.Value
	for range n {
		out = append(out, p.take(box))
	}
	return out
}

// holds empties a mailbox and charges clause where it did not hold exactly these objects,
// none of them nil, in whatever order.
func (p *P) holds(clause string, box spec.Value, want []spec.Value, why string) {
	p.Expect(p.takes(box, len(want))).For(clause).To(BeAll(want), "%s", why)
	p.Expect(p.take(box)).For(clause).To(BeNil(), "the mailbox holds nothing more: %s", why)
}

// hasNothing charges clause where the mailbox of a process, if it has one, holds an object.
func (p *P) hasNothing(clause string, process spec.Value, why string) {
	if box := p.ProcessMailbox(process).Primary(); spec.Truth(box) {
		p.Expect(p.take(box)).For(clause).To(BeNil(), "%s", why)
	}
}

// holdsIf charges SEND-RET-1 where the mailbox of a process that nobody reads doesn't hold the object of a
// send that answered true, or holds that of one that answered false.
func (p *P) holdsIf(answer spec.Return, process spec.Value, object spec.Int) {
	if spec.Truth(answer.Primary()) {
		p.holds("SEND-RET-1", p.boxOf(process), []spec.Value{object}, "the send answered true")
	} else {
		p.hasNothing("SEND-RET-1", process, "the send answered false")
	}
}

// sendsTrue sends and expects a true answer; clause is charged with a false one, where a plain send to
// another process answers true: else no send does, and SEND-RET-2 is. An error is charged to clause too,
// unless it is merely the clause about false answers.
func (p *P) sendsTrue(clause string, process spec.Value, object any, more ...any) {
	refusal := clause
	if clause == "SEND-RET-2" {
		refusal = "SEND-SIG-1"
	}
	r := p.For(refusal).ProcessSend(process, object, more...)
	if spec.Truth(r.Primary()) {
		return
	}
	cause := p.c.caused(p.Frame.(checked).process(), r)
	if clause != "SEND-RET-2" && p.c.Offers("process-run-function") && !spec.Truth(p.Try().ProcessSend(p.Gated("bystander").Process, object).Primary()) {
		clause = "SEND-RET-2"
	}
	p.c.charge(clause, "a true value", r.String(), "a send to a live process with room in its mailbox answers true", cause)
}

// gatedAt is like Gated, for a process that is made with a mailbox.
func (p *P) gatedAt(box spec.Value) spec.Value {
	ready, gate := p.Cell(nil), p.MakeGate().Primary()
	function := p.Func(func(p *P, _ []spec.Value) any {
		p.CellSet(ready, true)
		p.GateWait(gate)
		return nil
	})
	process := p.ProcessRunFunction(p.c.name("target"), spec.NewList(spec.Keyword("mailbox"), box), function).Primary()
	p.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the target begins")
	if _, mailbox := box.(spec.Ref); mailbox && p.c.Offers("process-mailbox") {
		p.Expect(p.Eq(p.ProcessMailbox(process).Primary(), box)).For("PROC-CREATE-10").To(BeTrue(), "a mailbox that is given is used as it is")
	}
	return process
}

// together runs fn in n processes that a gate lets go at once, and returns when all are done.
func (p *P) together(n int, what string, fn func(p *P, i int)) {
	start := p.MakeGate().Primary()
	var done []spec.Value
	for i := range n {
		ready, finished := p.Cell(nil), p.Cell(nil)
		p.Spawn(what, func(p *P) {
			p.CellSet(ready, true)
			p.GateWait(start)
			fn(p, i)
			p.CellSet(finished, true)
		})
		p.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "process "+what+" begins")
		done = append(done, spec.CellIs(finished, true))
	}
	p.GateOpen(start)
	p.AwaitThat(spec.And(done...), fmt.Sprintf("%d processes have done their part (%s)", n, what))
}

// answers runs an operation in a process of its own and returns the cell in which its answer
// will be: none as long as it hasn't returned, :error where it signalled one.
func (p *P) answers(what string, operation func(p *P) spec.Return) spec.Ref {
	started, answer := p.Cell(nil), p.Cell(none)
	p.Spawn(what, func(p *P) {
		p.CellSet(started, true)
		r := operation(p.Try())
		if r.Status == spec.Signalled {
			p.CellSet(answer, spec.Keyword("error"))
			return
		}
		p.CellSet(answer, r.Primary())
	})
	p.AwaitFor("PROC-CREATE-1", spec.CellIs(started, true), "process "+what+" begins")
	return answer
}

// answered waits until the operation of [P.answers] has returned, and gives its answer.
func (p *P) answered(clause string, answer spec.Ref, what string) spec.Value {
	p.AwaitFor(clause, spec.CellNot(answer, none), what)
	return p.CellGet(answer).Primary()
}

// stillWaits gives an operation of [P.answers] time and charges clause where it returns.
func (p *P) stillWaits(clause string, answer spec.Ref, why string) {
	p.Settle()
	p.Expect(p.CellGet(answer)).For(clause).To(BeEql(none), "%s", why)
}

// numbers lists 0 to n-1.
func numbers(n int) []spec.Value {
	out := make([]spec.Value, n)
	for i := range out {
		out[i] = spec.Int(i)
	}
	return out
}

// BeAll matches values that are these by cl:eql, each as often, in any order.
func BeAll(want []spec.Value) types.GomegaMatcher {
	return matcher{"in any order " + spec.NewList(want...).String(), func(actual any) (bool, error) {
		got, ok := actual.([]spec.Value)
		if !ok {
			return false, fmt.Errorf("a %T is no list of values", actual)
		}
		count := map[string]int{}
		for _, v := range want {
			count[v.String()]++
		}
		for _, v := range got {
			count[v.String()]--
		}
		for _, n := range count {
			if n != 0 {
				return false, nil
			}
		}
		return true, nil
	}}
}

// called names what a SILENT clause lists: prefix and the outcome's word.
func called(r spec.Return, signalled, nothing, something string) string {
	switch {
	case r.Status == spec.Signalled:
		return signalled
	case spec.Truth(r.Primary()):
		return something
	}
	return nothing
}
