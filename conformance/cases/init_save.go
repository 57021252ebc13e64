package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Saving an image, while multiprocessing runs and while it doesn't.
var _ = chapter([]Case{
	{
		ID:      "INIT-SAVE-1/while-running",
		Needs:   saveNeeds,
		Expects: Absence,
		Witness: runningStep,
		Story:   "A process that runs, and another that waits, are listed; the first calls save-image. If that leaves an image which can be launched, the process that waits doesn't run there.",
		Run: func(c *C) {
			s := c.savesRunning()
			r := c.Try().Launch(s.path)
			if r.Status == spec.Signalled { // there is no image
				return
			}
			stopped := s.stopped(c)
			c.letPass(s.gate)
			c.ImageWait(r.Primary(), settleSeconds)
			all := entries(c.BoardRead(s.board).Primary())
			goOn := 1
			if stopped { // what begins anew there, in an image that starts of itself what is listed, was not resumed
				goOn = len(posts(all, "waits")) - 1
			}
			c.Expect(boolean(len(posts(all, "goes on")) > goOn)).To(BeNil(), "no image that is launched goes on with a process that ran when it was saved")
		},
	},
	{
		ID:    "INIT-SAVE-2/refusal",
		Needs: saveNeeds,
		Story: "A process calls save-image while another one waits: there is an error or a message, and the other one goes on; or it is ended, with its cleanup, before the image is saved.",
		Run: func(c *C) {
			s := c.savesRunning()
			stopped := s.stopped(c)
			c.letPass(s.gate)
			c.lull()
			switch {
			case stopped:
				ended := "INIT-STOP-1" // is killed, so that its cleanup gets a chance
				if !cleansUpSaved(c) {
					ended = "PROC-KILL-1" // and unwinds
				}
				c.Until(ended, "the process that was ended has run its cleanup", func() bool { return c.has(s.board, "cleanup") })
				c.Observe("INIT-SAVE-2", "stops-then-saves")
				return
			case c.has(s.board, "signalled"):
				c.Observe("INIT-SAVE-2", "error-still-running")
			default:
				c.Observe("INIT-SAVE-2", "refusal-message")
			}
			c.Until("INIT-SAVE-1", "the process that waits goes on, or has been ended", func() bool { return c.has(s.board, "goes on") || s.stopped(c) })
		},
	},
	{
		ID:    "INIT-SAVE-3/file",
		Needs: saveNeeds,
		Story: "A process calls save-image while multiprocessing runs; where that is refused a part of the file is left, or none.",
		Run: func(c *C) {
			s := c.savesRunning()
			if s.lisp.HasEnded() {
				c.NotApplicable("the Lisp has ended multiprocessing, and saved")
			}
			c.observeWhether("INIT-SAVE-3", c.FileText(s.file).Primary(), "file-left", "no-file-left")
			c.letPass(s.gate)
		},
	},
})

const runningStep = "the process that waits runs, where it was made"

// savesRunning is an image in which a process has called save-image while another one waits.
type savesRunning struct {
	lisp  *Lisp
	board spec.Value
	gate  spec.Value // where both wait after the call
	file  spec.Value
	path  spec.Value
}

// cleansUpSaved tells whether the process that waits has a process cleanup; else it is in an unwind-protect.
func cleansUpSaved(c *C) bool { return c.Offers("ensure-process-cleanup") }

// stopped tells whether saving has ended the process that waits.
func (s savesRunning) stopped(c *C) bool { return s.lisp.HasEnded() || c.has(s.board, "cleanup") }

// savesRunning begins one, and returns once the call is over, or the Lisp has ended.
func (c *C) savesRunning() savesRunning {
	r := c.FilePrepare()
	s := savesRunning{c.Fresh(), c.Board(), c.Board(), r.Primary(), r.Nth(1)}
	board, gate, ready, path := s.board, s.gate, c.Board(), s.path
	s.lisp.Starts(board, func(p *P) []any {
		waits := p.FuncAnywhere(func(p *P) {
			p.turn(0)
			waits := func(p *P) {
				p.BoardPost(board, list("waits"))
				p.BoardPost(ready, true)
				if p.passes(gate) { // and not that it has waited too long, where saving takes its time
					p.BoardPost(board, list("goes on"))
				}
			}
			if cleansUpSaved(c) {
				cleansUp(p, board, nil)
				waits(p)
				return
			}
			p.UnwindProtect(c.anywhere(waits), c.anywhere(func(p *P) { p.BoardPost(board, list("cleanup")) }))
		})
		saves := p.FuncAnywhere(func(p *P) {
			p.turn(1)
			p.passes(ready)
			if r := p.Try().SaveImage(path, key.Environment(nil)); r.Status == spec.Signalled {
				p.BoardPost(board, list("signalled"))
			}
			p.BoardPost(board, list("over"))
			p.passes(gate)
			p.turn(2)
		})
		return []any{element("Waits", waits), element("Saves", saves)}
	})
	c.Control(runningStep, func() { c.mark("INIT-START-1", board, "waits", "the process that is listed runs") })
	c.lull()
	c.Until("INIT-SAVE-1", "save-image returns, or the Lisp ends", func() bool { return c.has(board, "over") || s.lisp.HasEnded() })
	return s
}
