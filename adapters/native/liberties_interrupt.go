package native

import "time"

// Liberties: when an interrupt is taken, and in what.

var interruptLiberties = []Liberty{
	{ID: "interrupts-late", Shows: []string{"PROC-INT-1"},
		Story: "A process is interrupted twenty milliseconds after process-interrupt has returned.",
		take:  func(d *decisions) { d.interrupts = 20 * time.Millisecond }},
	{ID: "interrupts-before-answers", Shows: []string{"PROC-INT-1"},
		Story: "What has come until an operation is done interrupts its process before it answers.",
		take:  func(d *decisions) { d.interruptsBeforeEnd = true }},
	{ID: "interrupts-in-waits", Shows: []string{"PROC-INT-1"},
		Story: "A process is interrupted only while it waits.",
		take:  func(d *decisions) { d.interruptsOnlyWaits = true }},
	{ID: "newest-interrupt-first", Shows: []string{"PROC-INT-1"},
		Story: "Of several interrupts a process takes the latest first.",
		take:  func(d *decisions) { d.newestInterruptFirst, d.interrupts = true, time.Millisecond }},
	{ID: "interrupts-uninterrupted", Shows: []string{"PROC-INT-1"},
		Story: "While a process runs what interrupts it, interrupts are blocked: no other, and no kill, reaches it.",
		take:  func(d *decisions) { d.interruptsBlocked = true }},
	{ID: "interrupts-anywhere", Shows: []string{"PROC-INT-1"},
		Story: "A process is interrupted in its cleanup forms too, and where it is stopped.",
		take: func(d *decisions) {
			d.interruptsInCleanups, d.interruptsStopped, d.interruptsBeforeEnd = true, true, true
		}},
	{ID: "local-terminator-told", Shows: []string{"PROC-TERM-4"},
		Story: "A local terminator is called with its process.",
		take:  func(d *decisions) { d.localTerminatorTold = true }},
	{ID: "interrupt-of-dead-refused", Shows: []string{"PROC-INT-1"},
		Story: "To interrupt a dead process is an error.",
		take:  func(d *decisions) { d.interruptOfDead = refuses("the process is dead") }},
}
