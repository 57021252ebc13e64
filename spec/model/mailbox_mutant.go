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
	{MakeMailboxTooSmall, []string{"MBOX-SIZE-1"}, "a mailbox is made one smaller than asked for"},
	{MakeMailboxOnce, []string{"MBOX-MAKE-1", "MBOX-SIZE-1", "MBOX-LIM-3", "SEND-LIM-4"}, "every mailbox that a process makes is the same one"},
	{QueueIsStack, []string{"SEND-Q-5", "MBOX-SEND-1", "MBOX-READ-1", "EVENT-MWE-1"}, "what was sent last is read first"},
	{PlainMailboxSendWaits, []string{"MBOX-SEND-2"}, "mailbox-send to a full mailbox waits"},
	{LimitedCounts, []string{"MBOX-LIM-1", "MBOX-LIM-3", "SEND-LIM-4"}, "mailbox-send-limited compares the limit with the count, although there is room"},
	{LimitedNeverGrows, []string{"MBOX-LIM-2", "MBOX-LIM-3", "SEND-LIM-4"}, "mailbox-send-limited never enlarges a mailbox"},
	{LimitedRefusesBelow, []string{"MBOX-LIM-2", "MBOX-LIM-3", "SEND-LIM-4"}, "mailbox-send-limited stops growing one below the limit"},
	{LimitedGrowsOn, []string{"MBOX-LIM-3", "MBOX-LIM-4", "SEND-LIM-4"}, "mailbox-send-limited ignores its limit"},
	{LimitedNeverWaits, []string{"MBOX-LIM-4"}, "mailbox-send-limited answers false at once, whatever the timeout"},
	{LimitedIsNotStopped, []string{"MBOX-LIM-5"}, "the wait function of mailbox-send-limited is not looked at"},
	{LimitedStopsAndAdds, []string{"MBOX-LIM-5"}, "a true wait function makes mailbox-send-limited add its object"},
	{ReadLeaves, []string{"MBOX-READ-1", "MBOX-READ-4"}, "mailbox-read without a timeout leaves the object in the mailbox"},
	{ReadTimesOutWithTrue, []string{"MBOX-READ-3"}, "a mailbox-read that times out has the second value t"},
	{ReadDeniesNil, []string{"MBOX-READ-3"}, "a nil that was sent is read with the second value nil"},
	{ReadersShare, []string{"MBOX-READ-4"}, "two readers may get one object: it is looked at, then removed"},
	{PeekRemoves, []string{"MBOX-PEEK-1"}, "mailbox-peek removes the object"},
	{PeekFindsNothing, []string{"MBOX-PEEK-1"}, "mailbox-peek on an empty mailbox has the second value t"},
	{WaitRemoves, []string{"MBOX-WAIT-1"}, "mailbox-wait removes the object"},
	{WaitAlwaysFinds, []string{"MBOX-WAIT-1"}, "mailbox-wait answers t when its time is up"},
	{CountSkipsFour, []string{"MBOX-PRED-1"}, "mailbox-count answers 3 for four objects"},
	{NotEmptyMeansEmpty, []string{"MBOX-PRED-1"}, "mailbox-not-empty-p means empty"},
	{FullMeansEmpty, []string{"MBOX-FULL-1"}, "mailbox-full-p means empty, as its page says by mistake"},
	{SetMailboxIsLost, []string{"MBOX-PM-1"}, "setting a process's mailbox has no effect"},
}
