package native

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Liberties: what reaping may do.

var childLiberties = []Liberty{
	{ID: "two-values", Shows: []string{"REAP-SIG-3 two-values"}, drops: []string{"allegro-7+"},
		Story: "Reap-os-subprocess returns two values.",
		take:  func(d *decisions) { d.values = func(v []spec.Value) []spec.Value { return v[:2] } }},
	{ID: "four-values", Shows: []string{"REAP-SIG-3 more-values"},
		Story: "Reap-os-subprocess returns a fourth value.",
		take: func(d *decisions) {
			d.values = func(v []spec.Value) []spec.Value { return append(slices.Clone(v), spec.Keyword("more")) }
		}},
	{ID: "reaping-suspends", Shows: []string{"REAP-WAIT-2 others-suspended"},
		Story: "While a process waits in reap-os-subprocess the others are suspended.",
		take:  func(d *decisions) { d.holdsOthers = true }},
	{ID: "interrupted-wait-fails", Shows: []string{"REAP-WAIT-3 error"},
		Story: "A wait for a child signals an error when another child ends.",
		take:  func(d *decisions) { d.interrupted = refuses("interrupted by a signal") }},
	{ID: "interrupted-wait-nil", Shows: []string{"REAP-WAIT-3 returns-nil"},
		Story: "A wait for a child returns nil when another child ends.",
		take:  func(d *decisions) { d.interrupted = answers(spec.Nil{}, spec.Nil{}, spec.Nil{}) }},
	{ID: "status-negative", Shows: []string{"REAP-STAT-3 negative-signal-number"},
		Story: "The status of a child that a signal ended is the negative of its number.",
		take:  func(d *decisions) { d.signalStatus = func(n, _ int64) spec.Value { return spec.Int(-n) } }},
	{ID: "status-plus-128", Shows: []string{"REAP-STAT-3 signal-plus-128"},
		Story: "The status of a child that a signal ended is 128 more than its number.",
		take:  func(d *decisions) { d.signalStatus = func(n, _ int64) spec.Value { return spec.Int(128 + n) } }},
	{ID: "status-raw", Shows: []string{"REAP-STAT-3 raw-wait-word"},
		Story: "The status of a child that a signal ended has the mark of a core dump too.",
		take:  func(d *decisions) { d.signalStatus = func(n, core int64) spec.Value { return spec.Int(n + core) } }},
	{ID: "status-zero", Shows: []string{"REAP-STAT-3 zero-with-third-value"},
		Story: "The status of a child that a signal ended is 0; the third value has the number.",
		take:  func(d *decisions) { d.signalStatus = func(int64, int64) spec.Value { return spec.Int(0) } }},
	{ID: "status-another", Shows: []string{"REAP-STAT-3 another-integer-with-third-value"},
		Story: "The status of a child that a signal ended is 1000; the third value has the number.",
		take:  func(d *decisions) { d.signalStatus = func(int64, int64) spec.Value { return spec.Int(1000) } }},
	{ID: "odd-wait-refused", Shows: []string{"REAP-ARG-1 odd-wait-error"},
		Story: "A wait that is neither t nor nil is an error.",
		take:  func(d *decisions) { d.oddWait = true }},
	{ID: "pid-of-command", Shows: []string{"REAP-RSC-3 command-pid"},
		Story: "A shell that has only one program to run becomes it.",
		take:  func(d *decisions) { d.execs = true }},
}
