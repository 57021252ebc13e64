package native

// Liberties: what bindings may mean where the documents are silent.

var bindingLiberties = []Liberty{
	{ID: "last-entry-counts", Shows: []string{"BIND-13 last-duplicate-wins"},
		Story: "Of two entries of *process-initial-bindings* for one symbol the last counts.",
		take:  func(d *decisions) { d.lastCounts = true }},
	{ID: "forms-see-entries", Shows: []string{"BIND-13 form-sees-new-value"},
		Story: "A form in *process-initial-bindings* sees what the entries before it bind.",
		take:  func(d *decisions) { d.formsSeeNew = true }},
	{ID: "odd-entries-ignored", Shows: []string{"BIND-13"},
		Story: "An entry of *process-initial-bindings* whose car is no variable is passed over.",
		take:  func(d *decisions) { d.oddIgnored = true }},
	{ID: "standard-variables-bound", Shows: []string{"BIND-14 own-entry"},
		Story: "A new process binds *package*.",
		take:  func(d *decisions) { d.standardOwn = true }},
	{ID: "global-default-priority", Shows: []string{"PROC-PRI-4 global-value"},
		Story: "The priority of a new process is the global value of *default-process-priority*, whatever that is bound to.",
		take:  func(d *decisions) { d.globalPriority = true }},
	{ID: "bindings-undone-in-cleanups", Shows: []string{"CLEAN-STATE-1 bindings-undone"},
		Story: "A cleanup form sees none of the bindings that its process began with.",
		take:  func(d *decisions) { d.cleansUnbound = true }},
}
