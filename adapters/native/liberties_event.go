package native

// Liberties: what handling events may do.

var eventLiberties = []Liberty{
	{ID: "handled-nil", Shows: []string{"EVENT-GHE-7 returns-nil"},
		Story: "Whatever it calls, general-handle-event returns nil.",
		take:  func(d *decisions) { d.handled = no }},
	{ID: "handled-anything", Shows: []string{"EVENT-GHE-7 returns-another-value"},
		Story: "Whatever it calls, general-handle-event returns 42.",
		take:  func(d *decisions) { d.handled = anything }},
	{ID: "odd-list-passed", Shows: []string{"EVENT-GHE-7 returns-nil"},
		Story: "A list that can't be applied is an event of which nothing happens.",
		take:  func(d *decisions) { d.oddListPassed = true }},
	{ID: "odd-event-ignored", Shows: []string{"EVENT-WPE-2 ignored"},
		Story: "Wait-processing-events ignores what is no list.",
		take:  func(d *decisions) { d.oddEventsIgnored = true }},
	{ID: "events-at-once", Shows: []string{"EVENT-PAE-1", "EVENT-WPE-1"},
		Story: "All events of a mailbox are taken before the first of them is handled.",
		take:  func(d *decisions) { d.allAtOnce = true }},
	{ID: "events-counted", Shows: []string{"EVENT-PAE-1"},
		Story: "Process-all-events handles those events only that were there when it was called.",
		take:  func(d *decisions) { d.countsFirst = true }},
	{ID: "events-of-old-mailbox", Shows: []string{"EVENT-PAE-1", "EVENT-WPE-1"},
		Story: "A process that handles its events goes on with the mailbox that it had, also when it is given another.",
		take:  func(d *decisions) { d.keepsMailbox = true }},
}
