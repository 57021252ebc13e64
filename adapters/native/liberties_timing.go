package native

import (
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/adapters/kit"
)

// Liberties: what may come when.

// Where the documents bound no time, and let a message be heard later than what it tells of.
var timingLiberties = []Liberty{
	{ID: "kills-anywhere", Shows: []string{"PROC-KILL-1", "PROC-KILL-2", "PROC-JOIN-1"},
		Story: "A killed process ends wherever it stands, also between two operations, and tells of it afterwards.",
		take:  func(d *decisions) { d.killsAnywhere, d.Goners = true, 3*time.Millisecond }},
	{ID: "kills-anywhere-later", Shows: []string{"PROC-KILL-1", "PROC-KILL-7 target-alive-on-return"},
		Story: "A killed process goes on for up to five milliseconds, then ends wherever it stands.",
		take:  func(d *decisions) { d.killsAnywhere, d.kills, d.Goners = true, 5*time.Millisecond, time.Millisecond }},
	{ID: "kills-late", Shows: []string{"PROC-KILL-1", "PROC-KILL-7 target-alive-on-return", "CLEAN-INP-3 kill-pending-nil"},
		Story: "A killed process goes on for up to twenty milliseconds.",
		take:  func(d *decisions) { d.kills = 20 * time.Millisecond }},
	{ID: "stops-late", Shows: []string{"PROC-STOP-1"},
		Story: "A process stops twenty milliseconds after process-stop has returned.",
		take:  func(d *decisions) { d.stops = 20 * time.Millisecond }},
	{ID: "stops-slowly", Shows: []string{"PROC-STOP-1"},
		Story: "A process does nothing from process-stop on, and is stopped 0.8 seconds later, process-unstop or not, which answers nil until then.",
		take:  func(d *decisions) { d.stops, d.windsDown, d.stopsAllTheSame = 800*time.Millisecond, true, true }},
	{ID: "stop-pending-counts", Shows: []string{"PROC-STOP-1"},
		Story: "A process stops half a second after process-stop; process-unstop calls that off, and answers t.",
		take:  func(d *decisions) { d.stops, d.pendingCounts = 500*time.Millisecond, true }},
	{ID: "stops-between-operations", Shows: []string{"PROC-STOP-1"},
		Story: "A process that is stopped while it waits ends its wait, and stands still before its next operation.",
		take:  func(d *decisions) { d.waitsEnd = true }},
	{ID: "kills-spare-answers", Shows: []string{"PROC-KILL-1", "MBOX-READ-6 read-still-queued"},
		Story: "What a waiting process was given before a kill reached it, it still tells; the next operation is gone.",
		take: func(d *decisions) {
			d.HandsOver, d.AnswersFirst, d.kills = func([]*kit.Waiter) {}, true, 2*time.Millisecond
		}},
	{ID: "kills-anywhere-cleanups-first", Shows: []string{"PROC-KILL-1", "CLEAN-UNW-1 cleanups-first"},
		Story: "A killed process ends wherever it stands, its cleanups first, then its forms of unwind-protect.",
		take:  func(d *decisions) { d.killsAnywhere, d.cleanupsFirst, d.Goners = true, true, 3*time.Millisecond }},
	{ID: "gone-told-late", Shows: []string{"PROC-KILL-1", "PROC-JOIN-1"},
		Story: "That an operation is gone is told up to twenty milliseconds late, long after the process was joined.",
		take:  func(d *decisions) { d.killsAnywhere, d.Goners = true, 20*time.Millisecond }},
	{ID: "answers-told-late", Shows: []string{"SEND-Q-5", "MBOX-READ-1"},
		Story: "Answers are told up to three milliseconds late, each process's on its own.",
		take:  func(d *decisions) { d.Returns = 3 * time.Millisecond }},
	{ID: "enters-told-late", Shows: []string{"PROC-CREATE-7", "CLEAN-RUN-1"},
		Story: "That code is entered is told up to three milliseconds late.",
		take:  func(d *decisions) { d.Enters = 3 * time.Millisecond }},
	{ID: "all-told-late", Shows: []string{"SEND-Q-5", "PROC-CREATE-7", "PROC-JOIN-1"},
		Story: "Everything is told late.",
		take: func(d *decisions) {
			d.killsAnywhere, d.Returns, d.Enters, d.Goners = true, 2*time.Millisecond, 2*time.Millisecond, 5*time.Millisecond
		}},
	{ID: "woken-for-nothing", Shows: []string{"PROC-WAIT-1", "MBOX-READ-2"},
		Story: "Who waits looks every millisecond.",
		take:  func(d *decisions) { d.Alarms = time.Millisecond }},
	{ID: "begins-late", Shows: []string{"PROC-CREATE-7 not-begun", "PROC-LIST-4 not-begun-listed", "SEND-DEAD-5 not-begun-as-alive",
		"PROC-KILL-8 function-never-runs", "PROC-KILL-8 outside-cleanups-run"},
		Story: "A process begins up to thirty milliseconds after it was made.",
		take:  func(d *decisions) { d.begins = 30 * time.Millisecond }},
	{ID: "timeouts-noticed-late", Shows: []string{"MBOX-READ-3", "SEND-TMO-2", "PROC-JOIN-1"},
		Story: "That its time is out a process notices up to thirty milliseconds late.",
		take:  func(d *decisions) { d.Timeouts = 30 * time.Millisecond }},
	{ID: "child-ends-noticed-late", Shows: []string{"REAP-WAIT-1", "REAP-ZOMB-5", "EXT-RUN-1", "EXT-HOOK-1"},
		Story: "Who waits for a child, or a program, notices its end up to thirty milliseconds late.",
		take:  func(d *decisions) { d.childEnds = 30 * time.Millisecond }},
	{ID: "hooks-called-late", Shows: []string{"EXT-HOOK-1", "EXT-HOOK-3", "EXT-HOOK-5 changes-merged"},
		Story: "A status hook is called up to 0.2 seconds after the change, and what changes meanwhile is seen in the same call.",
		take:  func(d *decisions) { d.hooks = 200 * time.Millisecond }},
	{ID: "text-carried-late", Shows: []string{"EXT-IO-4", "EXT-IO-5"},
		Story: "What a program writes to a string stream, or reads from one, is carried up to ten milliseconds late.",
		take:  func(d *decisions) { d.carries = 10 * time.Millisecond }},
	{ID: "everything-late", Shows: []string{"PROC-CREATE-7 not-begun", "PROC-KILL-1", "MBOX-READ-3", "REAP-WAIT-1"},
		Story: "Processes begin and end late, kills land late, and all is told late, the last come served first.",
		take: func(d *decisions) {
			d.killsAnywhere, d.HandsOver = true, slices.Reverse[[]*kit.Waiter]
			d.timing = timing{begins: 5 * time.Millisecond, kills: 5 * time.Millisecond, childEnds: 10 * time.Millisecond,
				hooks: 5 * time.Millisecond, carries: time.Millisecond}
			d.Enters, d.Returns, d.Goners = time.Millisecond, time.Millisecond, 5*time.Millisecond
			d.Timeouts, d.Alarms = 10*time.Millisecond, time.Millisecond
		}},
}
