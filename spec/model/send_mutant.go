package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// The mutants of process-send.
const (
	SendRefusesT             Mutant = "send-refuses-t"
	SendToSender             Mutant = "send-to-sender"
	SendCopies               Mutant = "send-copies"
	SendAppliesLists         Mutant = "send-applies-lists"
	SendCallsFunctions       Mutant = "send-calls-functions"
	SendDropsDuplicates      Mutant = "send-drops-duplicates"
	SendsLoseEachOther       Mutant = "sends-lose-each-other"
	SendToSelfFails          Mutant = "send-to-self-fails"
	SendMakesMailboxEachTime Mutant = "send-makes-mailbox-each-time"
	SendReplacesSupplied     Mutant = "send-replaces-supplied-mailbox"
	FirstSendsRace           Mutant = "first-sends-race"
	SendAbsentIsNil          Mutant = "send-absent-priority-is-nil"
	SendNilSetsPriority      Mutant = "send-nil-sets-priority"
	SendIgnoresFixnum        Mutant = "send-ignores-fixnum"
	SendChangesSender        Mutant = "send-changes-sender"
	DeadSendAnswersTrue      Mutant = "dead-send-answers-true"
	DeadSendWavers           Mutant = "dead-send-wavers"
	DeadSendSignals          Mutant = "dead-send-signals"
	DeadSendErrorIsPlain     Mutant = "dead-send-error-is-plain"
	DeadSendIsSilent         Mutant = "dead-send-is-silent"
	DeadSendWantsT           Mutant = "dead-send-wants-t"
	DeadSendStores           Mutant = "dead-send-stores"
	LiveSendSignals          Mutant = "live-send-signals"
	PlainSendRefusesAtMany   Mutant = "plain-send-refuses-at-60"
	SendIgnoresLimit         Mutant = "send-ignores-limit"
	SendLimitsCount          Mutant = "send-limits-count"
	LimitedSendNeverWaits    Mutant = "limited-send-never-waits"
	LimitedSendIgnoresLimit  Mutant = "limited-send-ignores-limit"
	LimitedSendAddsTwice     Mutant = "limited-send-adds-twice"
	SendLosesOnGrowth        Mutant = "send-loses-on-growth"
	SendHeedsLoneTimeout     Mutant = "send-heeds-lone-timeout"
	GivesUpButAdds           Mutant = "gives-up-but-adds"
	GivesUpWithTrue          Mutant = "gives-up-with-true"
	TimedSendIsDeaf          Mutant = "timed-send-is-deaf"
	SendInteractiveFails     Mutant = "send-interactive-fails"
)

var sendMutants = []MutantInfo{
	{SendRefusesT, []string{"SEND-SIG-1", "SEND-PRI-1"}, "change-priority t is an error", nil},
	{SendToSender, []string{"SEND-Q-1", "SEND-Q-2", "SEND-Q-4", "SEND-MB-1", "SEND-MB-2", "SEND-LIM-2", "SEND-LIM-4", "SEND-LIM-5", "SEND-TMO-3", "SEND-RET-1", "MBOX-PM-1", "EVENT-PWE-1"}, "the object is queued in the sender's own mailbox", nil},
	{SendCopies, []string{"SEND-Q-2"}, "an object with identity arrives as a copy", nil},
	{SendAppliesLists, []string{"SEND-Q-3"}, "a list that begins with a function is applied, as in 5.x", nil},
	{SendCallsFunctions, []string{"SEND-Q-3"}, "a function is called when it is sent", nil},
	{SendDropsDuplicates, []string{"SEND-RET-1"}, "an object that is queued already is not added again, though the answer is true", nil},
	{SendsLoseEachOther, []string{"SEND-Q-5", "SEND-MB-4", "SEND-RET-1"}, "of two concurrent sends one is lost: the end of the queue is read, then written", nil},
	{SendToSelfFails, []string{"SEND-Q-6"}, "a send to oneself answers false", nil},
	{SendMakesMailboxEachTime, []string{"SEND-Q-1", "SEND-Q-5", "SEND-MB-1", "SEND-MB-2", "SEND-MB-4", "SEND-LIM-2", "SEND-LIM-4", "SEND-RET-1", "MBOX-PM-1", "EVENT-PWE-1"}, "every send makes a fresh mailbox", nil},
	{SendReplacesSupplied, []string{"SEND-MB-2", "SEND-LIM-2", "SEND-LIM-4", "SEND-RET-1", "MBOX-PM-1"}, "a mailbox that was supplied from outside is replaced by the first send", nil},
	{FirstSendsRace, []string{"SEND-MB-4"}, "concurrent first sends each make a mailbox: checked, then created", nil},
	{SendAbsentIsNil, []string{"SEND-PRI-1"}, "an absent change-priority counts as nil", nil},
	{SendNilSetsPriority, []string{"SEND-PRI-2"}, "change-priority nil sets the priority to 0", nil},
	{SendIgnoresFixnum, []string{"SEND-PRI-3"}, "a fixnum as change-priority has no effect", nil},
	{SendChangesSender, []string{"SEND-PRI-3"}, "a fixnum becomes the priority of the sender too", nil},
	{DeadSendAnswersTrue, []string{"SEND-DEAD-1"}, "a send to a dead process answers true for ever", nil},
	{DeadSendWavers, []string{"SEND-DEAD-1"}, "a send to a process in its cleanups may answer false, and the next one true", nil},
	{DeadSendSignals, []string{"SEND-DEAD-1"}, "a send to a dead process is always an error", nil},
	{DeadSendErrorIsPlain, []string{"SEND-DEAD-2"}, "the error of a send to a dead process is not continuable", nil},
	{DeadSendIsSilent, []string{"SEND-DEAD-2"}, "error-if-dead-p is ignored", nil},
	{DeadSendWantsT, []string{"SEND-DEAD-2"}, "only t counts as a true error-if-dead-p", nil},
	{DeadSendStores, []string{"SEND-DEAD-8"}, "a send to a dead process answers false and stores the object", nil},
	{LiveSendSignals, []string{"SEND-DEAD-4", "SEND-SIG-1"}, "error-if-dead-p signals for a live process too", nil},
	{PlainSendRefusesAtMany, []string{"SEND-LIM-1", "SEND-RET-2"}, "a send without limit answers false when 60 objects are queued", nil},
	{SendIgnoresLimit, []string{"SEND-LIM-2", "SEND-LIM-4"}, "the limit is ignored", nil},
	{SendLimitsCount, []string{"SEND-LIM-2", "SEND-LIM-4"}, "the limit is compared with the number of objects, although there is room", nil},
	{LimitedSendNeverWaits, []string{"SEND-LIM-5"}, "a limited send without timeout to a full mailbox returns false at once", nil},
	{LimitedSendIgnoresLimit, []string{"SEND-LIM-5"}, "a limited send without timeout to a full mailbox grows it past its limit instead of waiting", nil},
	{LimitedSendAddsTwice, []string{"SEND-RET-1"}, "a limited send that waited for room adds its object twice", nil},
	{SendLosesOnGrowth, []string{"SEND-RET-1", "SEND-LIM-2", "SEND-LIM-4"}, "a limited send for which the mailbox must grow answers true and adds nothing", nil},
	{SendHeedsLoneTimeout, []string{"SEND-TMO-1", "SEND-RET-2"}, "a timeout without limit makes a send to a full mailbox answer false", nil},
	{GivesUpButAdds, []string{"SEND-TMO-2", "SEND-RET-1"}, "a limited send that waited in vain answers false and its object is added all the same", nil},
	{GivesUpWithTrue, []string{"SEND-TMO-2", "SEND-RET-1"}, "a limited send that waited in vain answers true", nil},
	{TimedSendIsDeaf, []string{"SEND-TMO-3"}, "a limited send with a timeout waits it out without looking for room again", nil},
	{SendInteractiveFails, []string{"SEND-RET-2", "SEND-PRI-1"}, "change-priority t makes the send answer false", nil},
}

// mutateSend does what a mutant does instead of a send's effect, or before it; it tells
// whether that is all of the act.
func (s *State) mutateSend(act Act, change uint64) bool {
	f, p := act.Frame, ID(s.get(act.Frame, frameArg0))
	object, flags := s.u.Value(Term(s.get(f, frameArg1))), s.get(f, frameArg3)
	first := s.get(f, frameStage) == 0
	switch {
	case s.mutant == SendRefusesT && change == priorityInteractive, s.mutant == LiveSendSignals && flags&sendErrorIfDead != 0:
		s.signalPlain(f, "refused")
		return true
	case s.mutant == SendAppliesLists && first:
		if items, ok := spec.Items(object); ok && len(items) > 0 {
			if code, ok := s.code(s.u.Intern(items[0])); ok {
				s.enter(f, stageMutant, code, s.u.Intern(spec.NewList(items[1:]...)))
				return true
			}
		}
	case s.mutant == SendCallsFunctions && first:
		if code, ok := s.code(s.u.Intern(object)); ok {
			s.enter(f, stageMutant, code, NilTerm)
			return true
		}
	case s.mutant == FirstSendsRace && first && s.get(p, processMailbox) == 0:
		s.set(f, frameStage, stageMutant)
		return true
	case s.mutant == SendsLoseEachOther && first && s.target(act) != 0:
		s.set(f, frameStage, stageMutant)
		s.set(f, frameInner, s.length(s.target(act), mailboxSequence))
		return true
	case s.mutant == SendChangesSender && change == priorityNumber:
		s.recompute(act.Process, change, s.get(f, frameArg4), false)
	}
	return false
}

// mutateChange is what a mutant takes the change of priority for.
func (s *State) mutateChange(change, flags uint64) uint64 {
	switch {
	case s.mutant == SendAbsentIsNil && change == priorityDefault && flags&sendSaysDefault == 0,
		s.mutant == SendIgnoresFixnum && change == priorityNumber:
		return changeNothing
	case s.mutant == SendNilSetsPriority && change == changeNothing:
		return priorityNumber
	}
	return change
}

// loses tells whether a mutant answers true without adding the object.
func (s *State) loses(f, m ID, object Term) bool {
	held := s.length(m, mailboxSequence)
	switch s.mutant {
	case SendDropsDuplicates:
		return slices.Contains(s.elements(m, mailboxSequence, nil), object)
	case SendLosesOnGrowth:
		return s.get(f, frameArg2) != 0 && held >= s.get(m, mailboxSize)
	case SendsLoseEachOther:
		return s.get(f, frameStage) == stageMutant && s.get(f, frameInner) != held
	}
	return false
}
