package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What comes to the mailbox of the current process while it waits.
var _ = chapter([]Case{
	{
		ID:    "EVENT-WPE-1/wait-function",
		Needs: []string{"process-run-function", "wait-processing-events", "process-send"},
		Story: "Wait-processing-events handles the lists that come, one after the other; it returns t once one of them has set the cell at which its wait function looks.",
		Run: func(c *C) {
			flag, count := c.Cell(nil), c.Cell(0)
			answer, target := c.waitsProcessing(nil, spec.CellIs(flag, true))
			counts := c.Func(func(p *P, args []spec.Value) any {
				p.CellSet(count, spec.Values(args...).Primary())
				return nil
			})
			for i := range 2 {
				c.sendsTrue("SEND-RET-2", target, spec.NewList(counts, spec.Int(i+1)))
				c.AwaitThat(spec.CellIs(count, i+1), "an event that comes is handled")
			}
			c.stillWaits("EVENT-WPE-1", answer, "the wait function is false")
			sets := c.Func(func(p *P, _ []spec.Value) any { p.CellSet(flag, true); return nil })
			c.sendsTrue("SEND-RET-2", target, spec.NewList(sets))
			c.Expect(c.answered("EVENT-WPE-1", answer, "the wait ends")).To(BeEql(true), "its wait function is true")
		},
	},
	{
		ID:    "EVENT-WPE-1/timeout",
		Needs: []string{"wait-processing-events", "process-send", "get-current-process"},
		Story: "Where nothing is sent wait-processing-events returns nil once its time is up, with a wait function that stays false and without one; with one that is true it returns t.",
		Run: func(c *C) {
			c.Expect(c.WaitProcessingEvents(c.watchdog, key.WaitFunction(spec.Always()))).To(BeEql(true), "the wait function is true")
			c.Expect(c.WaitProcessingEvents(0.2)).To(BeNil(), "its time is up")
			c.Expect(c.WaitProcessingEvents(0.2, key.WaitReason("waiting"), key.WaitFunction(spec.Never()))).To(BeNil(), "its time is up")
			n := c.noter()
			c.sendsTrue("SEND-Q-6", c.GetCurrentProcess().Primary(), spec.NewList(n.notes, spec.Int(1)))
			c.Expect(c.WaitProcessingEvents(0.2)).To(BeNil(), "its time is up, whatever has been handled")
			n.has("the event was handled", call{1})
		},
	},
	{
		ID:    "EVENT-WPE-2/observed",
		Needs: []string{"process-run-function", "wait-processing-events", "process-send"},
		Story: "Records whether wait-processing-events handles a function that was sent, or ignores it because it is no list.",
		Run: func(c *C) {
			n := c.noter()
			flag := c.Cell(nil)
			answer, target := c.waitsProcessing(nil, spec.CellIs(flag, true))
			c.sendsTrue("SEND-RET-2", target, n.notes)
			c.Settle()
			behaviour := "ignored"
			if c.CellGet(answer).Primary() == spec.Value(spec.Keyword("error")) {
				c.Observe("EVENT-WPE-2", spec.Other)
				return
			}
			if calls, _ := spec.Items(c.LogRead(n.log).Primary()); len(calls) > 0 {
				behaviour = "handled"
			}
			c.Observe("EVENT-WPE-2", behaviour)
			c.CellSet(flag, true)
			c.answered("EVENT-WPE-1", answer, "the wait ends once its wait function is true")
		},
	},
})

// waitsProcessing has a process wait, processing events, and returns the cell in which its answer will be.
func (c *C) waitsProcessing(timeout any, until spec.Value) (answer spec.Ref, target spec.Value) {
	answer = c.Cell(none)
	waiting := c.GatedThen("target", func(p *P) {
		r := p.Try().WaitProcessingEvents(timeout, key.WaitFunction(until))
		if r.Status == spec.Signalled {
			p.CellSet(answer, spec.Keyword("error"))
			return
		}
		p.CellSet(answer, r.Primary())
	})
	c.Open(waiting)
	return answer, waiting.Process
}
