package cases

// NotTestable lists clauses that no case can witness, with the reason. A clause stands here
// only where no adapter could be told right from wrong.
var NotTestable = map[string]string{
	"PROC-EXIT-3": "no page has an accessor by which a function's values could be found again",
	"PROC-PS-4":   "that it takes no argument says nothing of one that is called with some",
	"BIND-9":      "it is about processes that the system makes for itself, of which no operation can make one, and foreign threads' restarts, which nobody sees",
	"SEND-EV-2":   "it is about a process that a window system has started, and no operation of the table starts one: what such a process does is asked of a loop of the core (EVENT-GHE)",
	"MBOX-FULL-2": "it only allows the answer to be out of date: none can contradict it",
	"REAP-ZOMB-3": "what becomes of a zombie whose parent has exited is the operating system's doing: it says nothing of the Lisp",
}
