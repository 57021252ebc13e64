package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var _ = chapter([]Case{
	{
		ID:    "REAP-CONC-1/ended",
		Needs: reapNeeds,
		Story: "Two processes reap at once until nothing is left: no child is reported to both.",
		Run: func(c *C) {
			c.nothingToReap()
			var all []Child
			for i := range c.Size(50, 50, 1) {
				all = append(all, c.Ended(1+i))
			}
			bothReap(c, func(p *P) {
				for range len(all) + 1 {
					answer := p.ReapOsSubprocess(key.Wait(false))
					if !spec.Truth(answer.Primary()) {
						return
					}
					p.c.Ledger.Add("reported", answer.Nth(1))
				}
			})
			reportedOnce(c, "REAP-DEF-1", all)
		},
	},
	{
		ID:      "REAP-CONC-1/one-for-two",
		Needs:   reapNeeds,
		Witness: "one caller has reaped the child",
		Story:   "Two processes wait for the same child, by its pid and for any, and it ends after a while: one gets it, what the other gets is recorded, and both calls return.",
		Run: func(c *C) {
			c.nothingToReap()
			var all []Child
			for _, any := range []bool{false, true}[:c.Size(2, 2, 1)] {
				child := c.LeavesAfter(2*settleSeconds, c.StartChild(), 7) // told before anybody waits
				all = append(all, child)
				pid := spec.Value(spec.Int(-1))
				if !any {
					pid = child.PID
				}
				one, other := c.toWait(key.Pid(pid)), c.toWait(key.Pid(pid))
				other.begins(2, nil)
				one.begins(1, nil)
				for _, w := range []*waiting{one, other} {
					switch answer := entries(w.returns("REAP-NONE-1")); {
					case spec.Truth(nth(answer, 0)):
						c.Ledger.Add("reported", nth(answer, 1))
					case len(answer) == 2 && !spec.Truth(nth(answer, 1)):
						c.Observe("REAP-CONC-1", "late-caller-gets-nil-nil")
					default:
						c.Observe("REAP-CONC-1", spec.Other)
					}
				}
			}
			reportedOnce(c, "REAP-WAIT-1", all)
			c.Step("one caller has reaped the child")
		},
	},
})

// bothReap has another process run code at the same time as this one.
func bothReap(c *C, code func(p *P)) {
	begun, done := c.Cell(nil), c.Cell(nil)
	c.Spawn("reaper", func(p *P) {
		p.CellSet(begun, true)
		code(p.For("REAP-NONE-1"))
		p.CellSet(done, true)
	})
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(begun, true), "the other process begins")
	code(c.For("REAP-NONE-1"))
	c.AwaitFor("REAP-NONE-1", spec.CellIs(done, true), "every call returns once no child is left")
}

// reportedOnce looks into the ledger: each child stands there once. Clause is charged where
// one is still there and nobody got it.
func reportedOnce(c *C, clause string, all []Child) {
	reported := c.Ledger.Under("reported")
	for _, pid := range reported {
		c.Expect(pid).For("REAP-EXIT-1").To(beOneOf(all), "the second value is the pid of a child")
	}
	for _, child := range all {
		count := 0
		for _, pid := range reported {
			if spec.Eql(pid, child.PID) {
				count++
			}
		}
		if count == 0 && c.stateOf(child.PID) == spec.Keyword("absent") {
			clause = "REAP-EXIT-2" // a call that reported another took it too
		}
		c.Expect(spec.Bool(count > 0)).For(child.unlessLost(clause)).To(BeTrue(), "child %s has ended and is reported", child.PID)
		c.Expect(spec.Int(count)).For("REAP-EXIT-3").To(BeEql(1), "child %s is reported once", child.PID)
	}
	c.Observe("REAP-CONC-1", "each-reported-once")
}
