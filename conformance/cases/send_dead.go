package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

const liveStep = "a send to the live target answers true"

// Dead targets.
var _ = chapter([]Case{
	{
		ID:      "SEND-DEAD-1/returned",
		Needs:   sendNeeds,
		Expects: Absence,
		Witness: liveStep,
		Story:   "The target's function returns: sooner or later a send to it answers false, and from then on every one does; none signals an error.",
		Run:     func(c *C) { c.staysDead(func(target *Gated) { c.Open(target) }) },
	},
	{
		ID:      "SEND-DEAD-1/killed",
		Needs:   sendNeedsAnd("process-kill"),
		Expects: Absence,
		Witness: liveStep,
		Story:   "The target is killed: sooner or later a send to it answers false, and from then on every one does; none signals an error.",
		Run: func(c *C) {
			c.staysDead(func(target *Gated) {
				c.ProcessKill(target.Process)
				if c.Offers("process-join") { // else a kill without effect is charged to the send
					c.Expect(c.ProcessJoin(target.Process, key.Timeout(c.watchdog))).For("PROC-KILL-1").To(BeTrue(), "the killed process ends")
				}
			})
		},
	},
	{
		ID:    "SEND-DEAD-2/continue",
		Needs: sendNeeds,
		Story: "With a true error-if-dead-p a send to a dead process signals an error; a handler invokes the restart named continue, and that makes this very send return.",
		Run: func(c *C) {
			target := c.Gated("target")
			c.dies(target)
			for _, yes := range []any{true, 1, spec.Keyword("x")} {
				c.continued(target.Process, yes)
			}
		},
	},
	{
		ID:    "SEND-DEAD-3/observed",
		Needs: sendNeedsAnd("get-current-process"),
		Story: "Records what a send to a dead process returns after continue; the object is in no live process's mailbox.",
		Run: func(c *C) {
			target := c.Gated("target")
			c.dies(target)
			value := c.continued(target.Process, true)
			c.Observe("SEND-DEAD-3", called(spec.Values(value), "", "returns-false", "returns-another-value"))
			c.hasNothing("SEND-Q-1", c.GetCurrentProcess().Primary(), "the object is not queued for the sender")
		},
	},
	{
		ID:    "SEND-DEAD-4/live",
		Needs: sendNeeds,
		Story: "For a live target error-if-dead-p makes no difference: true answers, and the objects arrive.",
		Run: func(c *C) {
			target := c.Gated("target")
			for i, yes := range []any{true, 1, spec.Keyword("x")} {
				c.sendsTrue("SEND-DEAD-4", target.Process, i, key.ErrorIfDeadP(yes))
			}
			c.holds("SEND-RET-1", c.boxOf(target.Process), numbers(3), "the objects are added as ever")
		},
	},
	{
		ID:    "SEND-DEAD-5/in-cleanups",
		Needs: sendNeedsAnd("ensure-process-cleanup"),
		Story: "Records what a send to a process that is in its cleanups answers; where it is true the object is in the mailbox, else not.",
		Run: func(c *C) {
			cleaning, leave := c.Cell(nil), c.MakeGate().Primary()
			target := c.Gated("target")
			c.EnsureProcessCleanup(c.Func(func(p *P, _ []spec.Value) any {
				p.CellSet(cleaning, true)
				p.GateWait(leave)
				return nil
			}), of(target.Process))
			c.Open(target)
			c.AwaitFor("CLEAN-RUN-1", spec.CellIs(cleaning, true), "the cleanup form begins")
			answer := c.ProcessSend(target.Process, 7)
			c.Observe("SEND-DEAD-5", called(answer, "", "in-cleanups-as-dead", "in-cleanups-as-alive"))
			c.holdsIf(answer, target.Process, 7)
			c.GateOpen(leave)
		},
	},
	{
		ID:    "SEND-DEAD-5/asked-to-die",
		Needs: sendNeedsAnd("process-kill"),
		Story: "Records what a send answers whose target was killed and is in the cleanup form of an unwind-protect; where it is true the object is in the mailbox, else not.",
		Run: func(c *C) {
			unwinding, never, leave := c.Cell(nil), c.MakeGate().Primary(), c.MakeGate().Primary()
			inside := c.Cell(nil)
			target := c.Spawn("target", func(p *P) {
				p.UnwindProtect(p.Code(func(p *P) {
					p.CellSet(inside, true)
					p.GateWait(never)
				}), p.Code(func(p *P) {
					p.CellSet(unwinding, true)
					p.GateWait(leave)
				}))
			})
			c.AwaitFor("PROC-CREATE-1", spec.CellIs(inside, true), "the target begins")
			c.ProcessKill(target)
			c.AwaitFor("PROC-KILL-1", spec.CellIs(unwinding, true), "the target unwinds")
			answer := c.ProcessSend(target, 7)
			c.Observe("SEND-DEAD-5", called(answer, "", "asked-to-die-as-dead", "asked-to-die-as-alive"))
			c.holdsIf(answer, target, 7)
			c.GateOpen(leave)
		},
	},
	{
		ID:    "SEND-DEAD-5/not-begun",
		Needs: sendNeeds,
		Story: "Records what a send answers that has returned before its target began; where it is true the object is in the mailbox, else not.",
		Run: func(c *C) {
			begun := c.Cell(nil)
			target := c.Spawn("target", func(p *P) { p.CellSet(begun, true) })
			answer := c.ProcessSend(target, 7)
			if !spec.Truth(c.CellGet(begun).Primary()) {
				c.Observe("SEND-DEAD-5", called(answer, "", "not-begun-as-dead", "not-begun-as-alive"))
			}
			c.holdsIf(answer, target, 7)
		},
	},
	{
		ID:    "SEND-DEAD-6/observed",
		Needs: sendNeeds,
		Story: "Records whether a send to a dead process that had no mailbox makes one.",
		Run: func(c *C) {
			target := c.Gated("target")
			c.Open(target)
			c.Settle()
			before := c.ProcessMailbox(target.Process).Primary()
			if !spec.Truth(before) && !spec.Truth(c.ProcessSend(target.Process, 7).Primary()) {
				c.Observe("SEND-DEAD-6", called(c.ProcessMailbox(target.Process), "", "no-mailbox-made", "mailbox-made"))
			}
		},
	},
	{
		ID:    "SEND-DEAD-7/observed",
		Needs: sendNeeds,
		Story: "Records what a send with limit and timeout 0 to a dead process does, with and without error-if-dead-p.",
		Run: func(c *C) {
			target := c.Gated("target")
			c.dies(target)
			for _, wants := range []bool{false, true} {
				r := c.Try().ProcessSend(target.Process, 7, key.Limit(limit), key.Timeout(0), key.ErrorIfDeadP(wants))
				c.Observe("SEND-DEAD-7", called(r, "error", "false-at-once", spec.Other))
			}
		},
	},
	{
		ID:      "SEND-DEAD-8/unread",
		Needs:   sendNeeds,
		Expects: Absence,
		Witness: liveStep,
		Story:   "The mailbox that a dead process leaves holds exactly the unread objects of sends that answered true; sends after its death put nothing in it.",
		Run: func(c *C) {
			target := c.Gated("target")
			want := c.livesFirst(target)
			box := c.boxOf(target.Process)
			want = append(want, c.dies(target)...)
			for range 3 {
				for _, keys := range [][]any{{}, {key.Limit(1000), key.Timeout(0)}} {
					c.Expect(c.ProcessSend(target.Process, none, keys...)).For("SEND-DEAD-1").To(BeNil(), "the target is dead")
				}
			}
			c.Expect(c.takes(box, len(want))).For("SEND-RET-1").To(BeAll(want), "what was sent with true is still there")
			c.Expect(c.take(box)).To(BeNil(), "the object of a send to a dead process is put in no mailbox")
		},
	},
})

// livesFirst sends to a live process, three times, and returns what was sent.
func (c *C) livesFirst(target *Gated) []spec.Value {
	c.Control(liveStep, func() {
		for i := range 3 {
			c.sendsTrue("SEND-RET-2", target.Process, i)
		}
	})
	return numbers(3)
}

// dies ends a gated process and returns once a send to it has answered false: there is no
// other observation of death. It returns the objects of those that answered true.
func (c *C) dies(target *Gated) []spec.Value {
	c.Open(target)
	return c.isDead(target)
}

func (c *C) isDead(target *Gated) (sent []spec.Value) {
	c.Until("SEND-DEAD-1", "a send to the ended process answers false", func() bool {
		object := spec.Int(1000 + len(sent))
		if !spec.Truth(c.For("SEND-DEAD-1").ProcessSend(target.Process, object).Primary()) {
			return true
		}
		sent = append(sent, object)
		return false
	})
	c.Step("the target is dead")
	return sent
}

// staysDead ends the target in some way and expects that once a send has answered false
// all do.
func (c *C) staysDead(end func(target *Gated)) {
	target := c.Gated("target")
	c.livesFirst(target)
	end(target)
	c.isDead(target)
	for range 20 {
		c.Expect(c.ProcessSend(target.Process, none)).To(BeNil(), "once a send to a dead process has answered false, all do")
	}
}

// continued sends to a dead process with that error-if-dead-p, continues the error from a
// handler, and returns what the send then returned. An outer restart of the same name shows
// whether the send had one of its own.
func (c *C) continued(target spec.Value, yes any) spec.Value {
	const clause = "SEND-DEAD-2"
	seen, value := c.Cell(nil), c.Cell(none)
	outer := c.WithContinueRestart(c.Code(func(p *P) {
		p.HandlerBind(p.Code(func(p *P) {
			r := p.Try().ProcessSend(target, 7, key.ErrorIfDeadP(yes))
			if r.Status == spec.Returned {
				p.CellSet(value, r.Primary())
			}
		}), p.Code(func(p *P) {
			p.CellSet(seen, true)
			p.InvokeRestart(spec.Symbol{Name: "continue"})
		}))
	}))
	c.Expect(c.CellGet(seen)).For(clause).To(BeTrue(), "with error-if-dead-p %s the send signals an error", spec.Of(yes))
	c.Expect(outer.Nth(1)).For(clause).To(BeNil(), "the innermost restart named continue is the send's own, not the one around the call")
	got := c.CellGet(value).Primary()
	c.Expect(got).For(clause).NotTo(BeEql(none), "continuing makes the send return")
	return got
}
