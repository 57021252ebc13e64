package conformance

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var cleanupCases = []Case{
	{
		ID:      "CLEAN-DUP-7/raise",
		Clauses: []string{"CLEAN-ORDER-1"},
		Needs:   []string{"process-run-function", "ensure-process-cleanup"},
		Story:   "A cleanup registered at priority 2 is forced to 4: it runs once, after the form at 3 and before the one at 5.",
		Run:     forcedMove(2, 4, "first", "middle", "moved", "last"),
	},
	{
		ID:      "CLEAN-DUP-7/lower",
		Clauses: []string{"CLEAN-ORDER-1"},
		Needs:   []string{"process-run-function", "ensure-process-cleanup"},
		Story:   "A cleanup registered at priority 4 is forced to 2: it runs once, after the form at 1 and before the one at 3.",
		Run:     forcedMove(4, 2, "first", "moved", "middle", "last"),
	},
}

// forcedMove registers a form among markers at 1, 3 and 5, moves it by force, and ends
// the process. Twice in the log means that the old entry stayed; the old place, that the
// new one was ignored.
func forcedMove(from, to int, order ...any) func(c *C) {
	return func(c *C) {
		log := c.Log()
		child := c.Gated("child")
		moved := c.Logger(log, "moved")
		register := func(form spec.Value, at int, more ...any) {
			c.EnsureProcessCleanup(form, append(more, key.Priority(at), key.Process(child.Process))...)
		}
		register(c.Logger(log, "last"), 5)
		register(moved, from)
		register(c.Logger(log, "first"), 1)
		register(c.Logger(log, "middle"), 3)
		cleaned := c.Cleaned(child.Process)
		register(moved, to, key.Force(true))
		c.Step("the form is registered anew by force")

		c.Open(child)
		c.AwaitThat(cleaned, "the child's cleanups have run")
		c.Settle()
		c.Expect(c.LogRead(log)).To(BeEqual(order),
			"the form that was moved by force runs once, at its new place among the others")
	}
}
