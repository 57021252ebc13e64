package model

// The mutants of the mailboxes.
const (
	MakeMailboxTooSmall   Mutant = "make-mailbox-too-small"
	MakeMailboxOnce       Mutant = "make-mailbox-once"
	QueueIsStack          Mutant = "queue-is-stack"
	PlainMailboxSendWaits Mutant = "mailbox-send-waits"
	LimitedCounts         Mutant = "mailbox-limit-counts"
	LimitedNeverGrows     Mutant = "mailbox-limit-never-grows"
	LimitedRefusesBelow   Mutant = "mailbox-limit-refuses-below"
	LimitedGrowsOn        Mutant = "mailbox-limit-is-none"
	LimitedNeverWaits     Mutant = "mailbox-limit-never-waits"
	LimitedIsNotStopped   Mutant = "mailbox-limit-is-not-stopped"
	LimitedStopsAndAdds   Mutant = "mailbox-limit-stops-and-adds"
	ReadLeaves            Mutant = "read-leaves"
	ReadTimesOutWithTrue  Mutant = "read-times-out-with-true"
	ReadDeniesNil         Mutant = "read-denies-nil"
	ReadersShare          Mutant = "readers-share"
	PeekRemoves           Mutant = "peek-removes"
	PeekFindsNothing      Mutant = "peek-finds-nothing"
	WaitRemoves           Mutant = "wait-removes"
	WaitAlwaysFinds       Mutant = "wait-always-finds"
	CountSkipsFour        Mutant = "count-skips-four"
	NotEmptyMeansEmpty    Mutant = "not-empty-means-empty"
	FullMeansEmpty        Mutant = "full-means-empty"
	SetMailboxIsLost      Mutant = "set-process-mailbox-is-lost"
)

var mailboxMutants = []MutantInfo{
	{MakeMailboxTooSmall, []string{"MBOX-SIZE-1"}, "a mailbox is made one smaller than asked for", nil},
	{MakeMailboxOnce, []string{"MBOX-MAKE-1", "MBOX-SIZE-1", "MBOX-LIM-3", "SEND-LIM-4"}, "every mailbox that a process makes is the same one", nil},
	{QueueIsStack, []string{"SEND-Q-5", "MBOX-SEND-1", "MBOX-READ-1", "EVENT-MWE-1"}, "what was sent last is read first", nil},
	{PlainMailboxSendWaits, []string{"MBOX-SEND-2"}, "mailbox-send to a full mailbox waits", nil},
	{LimitedCounts, []string{"MBOX-LIM-1", "MBOX-LIM-3", "SEND-LIM-4"}, "mailbox-send-limited compares the limit with the count, although there is room", nil},
	{LimitedNeverGrows, []string{"MBOX-LIM-2", "MBOX-LIM-3", "SEND-LIM-4"}, "mailbox-send-limited never enlarges a mailbox", nil},
	{LimitedRefusesBelow, []string{"MBOX-LIM-2", "MBOX-LIM-3", "SEND-LIM-4"}, "mailbox-send-limited stops growing one below the limit", nil},
	{LimitedGrowsOn, []string{"MBOX-LIM-3", "MBOX-LIM-4", "SEND-LIM-4"}, "mailbox-send-limited ignores its limit", nil},
	{LimitedNeverWaits, []string{"MBOX-LIM-4"}, "mailbox-send-limited answers false at once, whatever the timeout", nil},
	{LimitedIsNotStopped, []string{"MBOX-LIM-5"}, "the wait function of mailbox-send-limited is not looked at", nil},
	{LimitedStopsAndAdds, []string{"MBOX-LIM-5"}, "a true wait function makes mailbox-send-limited add its object", nil},
	{ReadLeaves, []string{"MBOX-READ-1", "MBOX-READ-4"}, "mailbox-read without a timeout leaves the object in the mailbox", nil},
	{ReadTimesOutWithTrue, []string{"MBOX-READ-3"}, "a mailbox-read that times out has the second value t", nil},
	{ReadDeniesNil, []string{"MBOX-READ-3"}, "a nil that was sent is read with the second value nil", nil},
	{ReadersShare, []string{"MBOX-READ-4"}, "two readers may get one object: it is looked at, then removed", nil},
	{PeekRemoves, []string{"MBOX-PEEK-1"}, "mailbox-peek removes the object", nil},
	{PeekFindsNothing, []string{"MBOX-PEEK-1"}, "mailbox-peek on an empty mailbox has the second value t", nil},
	{WaitRemoves, []string{"MBOX-WAIT-1"}, "mailbox-wait removes the object", nil},
	{WaitAlwaysFinds, []string{"MBOX-WAIT-1"}, "mailbox-wait answers t when its time is up", nil},
	{CountSkipsFour, []string{"MBOX-PRED-1"}, "mailbox-count answers 3 for four objects", nil},
	{NotEmptyMeansEmpty, []string{"MBOX-PRED-1"}, "mailbox-not-empty-p means empty", nil},
	{FullMeansEmpty, []string{"MBOX-FULL-1"}, "mailbox-full-p means empty, as its page says by mistake", nil},
	{SetMailboxIsLost, []string{"MBOX-PM-1"}, "setting a process's mailbox has no effect", nil},
}
