package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// The script of the seed.
var _ = chapter([]Case{
	{
		ID:      "INIT-SCRIPT-1/end-to-end",
		Clauses: []string{"INIT-IP-4"},
		Needs:   saveNeeds,
		Story:   "The script of the seed: (\"Start Server\" () start-my-server) is pushed on *initial-processes*, and the image saved with remarks, initialize-multiprocessing as its restart function, and :environment nil. What is launched of it runs start-my-server in a process of that name, and stays while that runs.",
		Run: func(c *C) {
			board, gate := c.Board(), c.Board()
			server := spec.Symbol{Name: "START-MY-SERVER"}
			path := c.Saved(func(p *P, path spec.Value) {
				p.Defun(server, c.anywhere(func(p *P) {
					p.postWho(board, "runs")
					p.passes(gate)
				}))
				p.SetGlobalValue(initialProcesses, []any{element("Start Server", server)})
				p.SaveImage(path, append(c.restartsMultiprocessing(), key.Remarks("a server"))...)
			})
			l := c.Of(path)
			c.Expect(l.serves("INIT-SCRIPT-1", "INIT-IP-4", board, "start-my-server runs")).To(BeEqual([]any{"Start Server"}), "it runs in a process of the name that was pushed")
			c.Expect(c.ImageWait(l.lisp, settleSeconds)).To(BeNil(), "the Lisp stays up while the function runs")
			c.letPass(gate)
		},
	},
})
