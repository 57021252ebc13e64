package native

// foreignDecisions are those about the processes of foreign threads, between two calls.
type foreignDecisions struct {
	foreignRests   bool // CLEAN-FOR-5: the process is there, alive, until the next call, which has it again
	foreignReturns bool // CLEAN-FOR-5: it counts as ended, and the next call has it again
	foreignAgain   bool // CLEAN-FOR-4: where a call has the process of the one before, its forms run again
	foreignBound   bool // and its bindings are those of the one before
	foreignOwnOnly bool // forms that another process has registered don't run when a call ends
}
