package cases

import "github.com/mpcheck/mpcheck/spec"

// What a process object is, and its number.
var _ = chapter([]Case{
	{
		ID:      "EXT-P-1/only-started",
		Clauses: []string{"EXT-START-4"},
		Needs:   append([]string{"process-p"}, startNeeds...),
		Witness: "it is t of what start returned",
		Story:   "Process-p is t of what start returned, while the program runs and after its end, and nil of anything else.",
		Run: func(c *C) {
			program := c.Started()
			c.Control("it is t of what start returned", func() {
				c.Expect(c.ProcessP(program.Process)).To(BeEql(true), "it is a process, which runs")
			})
			lisps := c.Spawn("other", func(*P) {})
			for _, other := range []any{3, "x", nil, true, c.MakeStringOutputStream().Primary(), lisps, program.PID, spec.NewList(program.Process)} {
				c.Expect(c.ProcessP(other)).To(BeNil(), "start has not returned it")
			}
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
			c.Expect(c.ProcessP(program.Process)).To(BeEql(true), "it is a process, which has ended")
		},
	},
	{
		ID:    "EXT-PID-1/the-systems",
		Needs: append([]string{"process-id"}, startNeeds...),
		Story: "Process-id is the number that each of several programs itself has as its process id.",
		Run: func(c *C) {
			for range 3 {
				program := c.Started()
				c.isPID(c.ProcessId(program.Process).Primary(), program)
				c.isPID(c.ProcessId(program.Process).Primary(), program) // each time
				c.Tell(program.Child, "exit", 7)
				c.ShowsExit(program, 7)
			}
		},
	},
	{
		ID:      "EXT-PID-2/positive",
		Clauses: []string{"EXT-PID-1"},
		Needs:   append([]string{"process-id"}, startNeeds...),
		Story:   "Process-id is a positive integer, and where the system's is of more than 16 bits, all of it.",
		Run: func(c *C) {
			program := c.Started()
			id := c.ProcessId(program.Process).Primary()
			n, integer := id.(spec.Int)
			c.Expect(id).To(onValue("a positive integer", func(spec.Value) bool { return integer && n > 0 }), "it is a number of the operating system's")
			c.isPID(id, program)
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-PID-3/after-the-end",
		Needs: append([]string{"process-id"}, startNeeds...),
		Story: "What process-id is after the end is recorded.",
		Run: func(c *C) {
			program := c.Started(exits(7))
			c.ShowsExit(program, 7)
			switch r := c.Try().ProcessId(program.Process); {
			case r.Status == spec.Signalled:
				c.Observe("EXT-PID-3", "error")
			case spec.Eql(r.Primary(), program.PID):
				c.Observe("EXT-PID-3", "same-number")
			case !spec.Truth(r.Primary()):
				c.Observe("EXT-PID-3", "nil")
			default:
				c.Observe("EXT-PID-3", spec.Other)
			}
		},
	},
})

// isPID expects that an id is the one that the operating system has given a program, as that itself says.
func (c *C) isPID(id spec.Value, program Program) {
	if pid, ok := program.PID.(spec.Int); ok && pid > 0xffff {
		c.Expect(id).For("EXT-PID-2").NotTo(BeEql(pid&0xffff), "16 bits are no bound")
	}
	c.Expect(id).For("EXT-PID-1").To(BeEql(program.PID), "it is the id that the operating system has given")
}
