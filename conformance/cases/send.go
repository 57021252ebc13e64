package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var sendNeeds = []string{"process-run-function", "process-send", "process-mailbox", "mailbox-read"}

// What process-send takes.
var _ = chapter([]Case{
	{
		ID:      "SEND-SIG-1/keywords",
		Clauses: []string{"SEND-RET-2"},
		Needs:   sendNeeds,
		Story:   "Every subset of the four keywords is accepted; each send to a live process answers true, and its object arrives.",
		Run: func(c *C) {
			target := c.Gated("target")
			options := []spec.Key{key.ChangePriority(spec.Keyword("default")), key.Limit(100), key.Timeout(0), key.ErrorIfDeadP(true)}
			subsets := 1 << len(options)
			for subset := range subsets {
				var keys []any
				for i, option := range options {
					if subset>>i&1 == 1 {
						keys = append(keys, option)
					}
				}
				c.sendsTrue("SEND-RET-2", target.Process, subset, keys...)
			}
			c.holds("SEND-RET-1", c.boxOf(target.Process), numbers(subsets), "each subset of the keywords sends the object")
		},
	},
	{
		ID:    "SEND-ARG-1/observed",
		Needs: sendNeedsAnd("make-mailbox", "process-name"),
		Story: "Records what a send to the name of a process, to nil and to a mailbox does.",
		Run: func(c *C) {
			for _, designator := range []spec.Value{c.ProcessName(c.Gated("target").Process).Primary(), spec.Nil{}, c.MakeMailbox().Primary()} {
				c.Observe("SEND-ARG-1", called(c.Try().ProcessSend(designator, 7), "error", spec.Other, "designator-accepted"))
			}
		},
	},
})

// sendNeedsAnd adds to what nearly every case about sends needs.
func sendNeedsAnd(more ...string) []string { return append(slices.Clone(sendNeeds), more...) }
