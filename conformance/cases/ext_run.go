package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var runNeeds = []string{"run"}

var _ = chapter([]Case{
	{
		ID:    "EXT-RUN-1/until-it-ends",
		Needs: runNeeds,
		Story: "A program pauses and then exits: when run returns it was run, as another process, and has ended.",
		Run: func(c *C) {
			program := c.Runs(c.Prepared(does("pause", spec.Double(settleSeconds)), exits(7)), 7, nil, apart()...)
			c.Expect(program.PID).NotTo(BeEql(c.lisp()), "the program is a process of its own")
		},
	},
	{
		ID:    "EXT-RUN-1/two-steps",
		Needs: runNeeds,
		Story: "A program writes to a file, pauses, and writes more to it: when run returns both are there.",
		Run: func(c *C) {
			f := c.NewFile()
			c.Runs(c.Prepared(does("echo", "one\n"), does("pause", spec.Double(settleSeconds)), does("echo", "two\n"), exits(7)), 7, nil, redirected(nil, f.Path, nil)...)
			f.holds(c.P, "EXT-IO-6", "one\ntwo\n", "the output is redirected to the file")
		},
	},
	{
		ID:    "EXT-RUN-2/codes",
		Needs: runNeeds,
		Story: "Programs exit with 0, 1, 7 and 255: run returns each of these.",
		Run: func(c *C) {
			for _, code := range exitCodes {
				c.Runs(c.Prepared(exits(code)), code, nil, apart()...)
			}
		},
	},
	{
		ID:      "EXT-RUN-2/beside-started",
		Clauses: []string{"EXT-STAT-3", "EXT-STAT-10"},
		Needs:   []string{"run", "start", "process-status"},
		Story:   "A program that was started ends while another is run: run returns its own program's code, and process-status shows the other's.",
		Run: func(c *C) {
			for _, after := range []float64{settleSeconds / 3, 0} {
				other := c.Starts(c.Prepared(does("pause", spec.Double(after)), exits(3)), nil, apart()...)
				c.Runs(c.Prepared(does("pause", spec.Double(2*settleSeconds/3)), exits(5)), 5, nil, apart()...)
				c.ShowsExit(other, 3)
			}
		},
	},
	{
		ID:      "EXT-RUN-2/at-once",
		Clauses: []string{"EXT-RUN-1"},
		Needs:   runNeeds,
		Story:   "Several processes run a program each, at once where that is possible: each call returns its own program's code.",
		Run: func(c *C) {
			var codes []spec.Ref
			own := c.Prepared(does("pause", spec.Double(settleSeconds/2)), exits(7))
			for i := range c.Size(3, 3, 1) {
				code, program := c.Cell(none), c.Prepared(does("pause", spec.Double(settleSeconds/3)), exits(10+i))
				codes = append(codes, code)
				c.Spawn("runner", func(p *P) {
					p.CellSet(code, result(p.For("EXT-RUN-1").Run(program.Path, nil, apart()...)))
				})
			}
			c.Runs(own, 7, nil, apart()...)
			for i, code := range codes {
				c.AwaitFor("EXT-RUN-1", spec.CellNot(code, none), "run returns when its program has ended")
				c.Expect(c.CellGet(code)).To(BeEql(10+i), "run returns the exit status of the program")
			}
		},
	},
	{
		ID:      "EXT-RUN-3/others",
		Needs:   runNeeds,
		Witness: "run has returned",
		Story:   "Another process has a pause open while one runs a program: whether it goes on before the program ends is recorded.",
		Run: func(c *C) {
			beside := false
			for moments := 1.0; !beside && moments < float64(c.Size(10, 10, 3)); moments *= 3 { // where the machine is busy the pause may be open too late
				program := c.Prepared(does("pause", spec.Double(3*settleSeconds)), exits(7)) // long after the other's pause
				seen := c.Cell(nil)
				c.pauses("other", moments+3, func(p *P) { p.CellSet(seen, p.stateOf(p.ran(program).PID)) })
				c.Pause(moments * momentSeconds)
				c.Runs(program, 7, nil, apart()...)
				c.Step("run has returned")
				c.AwaitFor("PROC-CREATE-1", spec.CellNot(seen, nil), "the other process goes on at last")
				beside = c.CellGet(seen).Primary() == spec.Keyword("alive")
			}
			if beside {
				c.Observe("EXT-RUN-3", "others-run")
			} else {
				c.Observe("EXT-RUN-3", "others-suspended")
			}
		},
	},
	{
		ID:    "EXT-RUN-4/by-signal",
		Needs: runNeeds,
		Story: "What run returns of a program that SIGTERM ends is recorded.",
		Run: func(c *C) {
			program := c.Prepared(does("die", sigterm))
			r := c.Try().Run(program.Path, nil, apart()...)
			c.ran(program)
			code, integer := result(r).(spec.Int)
			switch {
			case r.Status == spec.Signalled:
				c.Observe("EXT-RUN-4", "error")
			case r.Primary() == signaled && spec.Eql(r.Nth(1), spec.Int(sigterm)):
				c.Observe("EXT-RUN-4", "signaled-and-number")
			case !integer || code == 0:
				c.Observe("EXT-RUN-4", spec.Other)
			case code == sigterm:
				c.Observe("EXT-RUN-4", "signal-number")
			case code == -sigterm:
				c.Observe("EXT-RUN-4", "negative-signal-number")
			case code == 128+sigterm:
				c.Observe("EXT-RUN-4", "signal-plus-128")
			default:
				c.Observe("EXT-RUN-4", "another-nonzero-code")
			}
		},
	},
	{
		ID:      "EXT-RUN-6/pathname",
		Clauses: []string{"EXT-RUN-5"},
		Needs:   runNeeds,
		Story:   "A program is run by its absolute name, given as a pathname and as a string.",
		Run: func(c *C) {
			byPathname := c.Prepared(exits(7))
			r := c.For("EXT-RUN-6").Run(spec.Pathname(byPathname.Path), spec.NewList(spec.String("a")), apart()...)
			byPathname = c.For("EXT-RUN-6").ran(byPathname)
			c.Expect(c.stateOf(byPathname.PID)).For("EXT-RUN-1").To(BeEnded(), "run returns only when the program has ended")
			c.Expect(r).For("EXT-RUN-2").To(BeResult(7), "run returns the exit status of the program")
			c.Expect(c.argumentsOf(byPathname)).For("EXT-RUN-5").To(BeEqual([]any{"a"}), "each argument is one of the program's")
			c.For("EXT-RUN-6").Runs(c.Prepared(exits(3)), 3, nil, apart()...)
		},
	},
	{
		ID:    "EXT-RUN-7/run",
		Needs: runNeeds,
		Story: "What run does with a program that is missing, a folder, or not executable is recorded.",
		Run: func(c *C) {
			for _, path := range c.noPrograms() {
				r := c.Try().Run(path, nil, apart()...)
				code, integer := result(r).(spec.Int)
				switch {
				case r.Status == spec.Signalled:
					c.Observe("EXT-RUN-7", "run-error")
				case !integer || code == 0:
					c.Observe("EXT-RUN-7", spec.Other)
				case code == 127:
					c.Observe("EXT-RUN-7", "run-code-127")
				case code == 71:
					c.Observe("EXT-RUN-7", "run-code-71")
				default:
					c.Observe("EXT-RUN-7", "run-another-nonzero-code")
				}
			}
			c.Runs(c.Prepared(exits(7)), 7, nil, apart()...) // that did no harm
		},
	},
	{
		ID:    "EXT-RUN-7/start",
		Needs: []string{"start", "process-status"},
		Story: "What start does with a program that is missing, a folder, or not executable, and what process-status shows then, is recorded.",
		Run: func(c *C) {
			for _, path := range c.noPrograms() {
				r := c.Try().Start(path, nil, apart()...)
				switch {
				case r.Status == spec.Signalled:
					c.Observe("EXT-RUN-7", "start-error")
					continue
				case !spec.Truth(r.Primary()):
					c.Observe("EXT-RUN-7", spec.Other)
					continue
				}
				seen := c.asksForEnd(Program{Process: r.Primary()})
				if code, integer := seen.Nth(1).(spec.Int); seen.Primary() == exited && integer && code != 0 {
					c.Observe("EXT-RUN-7", "start-ends-nonzero")
				} else {
					c.Observe("EXT-RUN-7", spec.Other)
				}
			}
			c.ShowsExit(c.Started(exits(7)), 7) // that did no harm
		},
	},
	{
		ID:    "EXT-RUN-8/created-stream",
		Needs: runNeeds,
		Story: "What run makes of :stream, which is start's, is recorded.",
		Run: func(c *C) {
			r := c.Try().Run(c.Prepared(does("echo", "x\n"), exits(7)).Path, nil, redirected(nil, stream, nil)...)
			if r.Status == spec.Signalled {
				c.Observe("EXT-RUN-8", "error")
				return
			}
			kept := false
			for _, v := range r.Values {
				ref, object := v.(spec.Ref)
				kept = kept || object && ref.Type == "stream" || spec.Equal(v, spec.String("x\n"))
			}
			if kept {
				c.Observe("EXT-RUN-8", "accepted-output-kept")
			} else {
				c.Observe("EXT-RUN-8", "accepted-output-lost")
			}
		},
	},
	{
		ID:    "EXT-RUN-9/status-hook",
		Needs: runNeeds,
		Story: "What run makes of a status hook, which is start's, is recorded.",
		Run: func(c *C) {
			log := c.Log()
			hook := c.Hook(func(p *P, args []spec.Value) { p.LogAppend(log, args) })
			r := c.Try().Run(c.Prepared(exits(7)).Path, nil, apart(key.StatusHook(hook))...)
			c.Settle()
			switch calls, _ := spec.Items(c.LogRead(log).Primary()); {
			case len(calls) > 0:
				c.Observe("EXT-RUN-9", "called")
			case r.Status == spec.Signalled:
				c.Observe("EXT-RUN-9", "error")
			default:
				c.Observe("EXT-RUN-9", "ignored")
			}
		},
	},
})

// noPrograms are absolute names of what can't be run: nothing is there, a folder, a file that isn't executable.
func (c *C) noPrograms() []spec.Value {
	return []spec.Value{c.NewFile().Path, spec.String("/"), c.NewFile("exit 0\n").Path}
}
