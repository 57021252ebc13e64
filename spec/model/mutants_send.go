package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// stageMutant is a stage that operations come to only under mutants: one has looked and now acts, or the code that
// it should not have called has run.
const stageMutant = stageAlive + 1

// The mutants of process-send.
var sendMutants = []MutantInfo{
	{"send-refuses-t", []string{"SEND-SIG-1", "SEND-PRI-1"}, "change-priority t is an error", refusingSend(func(change, _ uint64) bool {
		return change == priorityInteractive
	})},
	{"send-to-sender", []string{"SEND-Q-1", "SEND-Q-2", "SEND-Q-4", "SEND-MB-1", "SEND-MB-2", "SEND-LIM-2", "SEND-LIM-4", "SEND-LIM-5", "SEND-TMO-3", "SEND-RET-1", "MBOX-PM-1", "EVENT-PWE-1", "EVENT-PAE-1", "EVENT-WPE-1"},
		"the object is queued in the sender's own mailbox", func(l *law) {
			l.receiver = func(_ *State, act Act) ID { return act.Process }
		}},
	{"send-copies", []string{"SEND-Q-2", "EVENT-GHE-5"}, "an object with identity arrives as a copy", func(l *law) {
		l.adds = func(s *State, act Act, m ID, object Term) {
			if _, ok := s.u.Object(s.u.Value(object), KindObject); ok {
				object = s.u.RefTerm(s.make(act, KindObject))
			}
			addObject(s, act, m, object)
		}
	}},
	{"send-applies-lists", []string{"SEND-Q-3", "EVENT-GHE-0", "EVENT-PAE-1", "EVENT-WPE-1", "EVENT-GHE-1", "SEND-RET-2"},
		"a list that begins with a function is applied, as in 5.x", calling(func(s *State, object spec.Value) (uint64, []spec.Value, bool) {
			items, ok := spec.Items(object)
			if !ok || len(items) == 0 {
				return 0, nil, false
			}
			code, ok := s.code(s.test, s.u.Intern(items[0]))
			return code, items[1:], ok
		})},
	{"send-calls-functions", []string{"SEND-Q-3"},
		"a function is called when it is sent", calling(func(s *State, object spec.Value) (uint64, []spec.Value, bool) {
			code, ok := s.code(s.test, s.u.Intern(object))
			return code, nil, ok
		})},
	{"send-drops-duplicates", []string{"SEND-RET-1"},
		"an object that is queued already is not added again, though the answer is true", losing(func(s *State, _, m ID, object Term) bool {
			return slices.Contains(s.elements(m, mailboxSequence, nil), object)
		})},
	{"sends-lose-each-other", []string{"SEND-Q-5", "SEND-MB-4", "SEND-RET-1"},
		"of two concurrent sends one is lost: the end of the queue is read, then written", func(l *law) {
			lookingFirst(func(s *State, act Act) bool {
				m := s.law.mailboxFor(s, act)
				if m == 0 {
					return false
				}
				s.set(act.Frame, frameInner, s.held(m))
				return true
			})(l)
			losing(func(s *State, f, m ID, _ Term) bool {
				return s.get(f, frameStage) == stageMutant && s.get(f, frameInner) != s.held(m)
			})(l)
		}},
	{"send-to-self-fails", []string{"SEND-Q-6"}, "a send to oneself answers false", failing(func(s *State, act Act, _ ID, _ uint64) bool {
		return s.subject(act.Frame) == act.Process
	})},
	{"send-makes-mailbox-each-time", []string{"SEND-Q-1", "SEND-Q-5", "SEND-MB-1", "SEND-MB-2", "SEND-MB-4", "SEND-LIM-2", "SEND-LIM-4", "SEND-RET-1", "MBOX-PM-1", "EVENT-PWE-1", "EVENT-PAE-1"},
		"every send makes a fresh mailbox", replacing(func(*State, Act, ID) bool {
			return true
		})},
	{"send-replaces-supplied-mailbox", []string{"SEND-MB-2", "SEND-LIM-2", "SEND-LIM-4", "SEND-RET-1", "MBOX-PM-1"},
		"a mailbox that was supplied from outside is replaced by the first send", replacing(func(s *State, _ Act, m ID) bool {
			return s.get(m, mailboxMaker) != 0
		})},
	{"first-sends-race", []string{"SEND-MB-4"}, "concurrent first sends each make a mailbox: checked, then created", func(l *law) {
		lookingFirst(func(s *State, act Act) bool {
			return s.get(s.subject(act.Frame), processMailbox) == 0
		})(l)
		replacing(func(s *State, act Act, _ ID) bool { return s.get(act.Frame, frameStage) == stageMutant })(l)
	}},
	{"send-absent-priority-is-nil", []string{"SEND-PRI-1"},
		"an absent change-priority counts as nil", changing(func(change, flags uint64) uint64 {
			if change == priorityDefault && flags&sendSaysDefault == 0 {
				return changeNothing
			}
			return change
		})},
	{"send-nil-sets-priority", []string{"SEND-PRI-2"}, "change-priority nil sets the priority to 0", changing(func(change, _ uint64) uint64 {
		if change == changeNothing {
			return priorityNumber
		}
		return change
	})},
	{"send-ignores-fixnum", []string{"SEND-PRI-3"}, "a fixnum as change-priority has no effect", changing(func(change, _ uint64) uint64 {
		if change == priorityNumber {
			return changeNothing
		}
		return change
	})},
	{"send-changes-sender", []string{"SEND-PRI-3"}, "a fixnum becomes the priority of the sender too", func(l *law) {
		l.sends = func(s *State, act Act) {
			if change := s.arg(act.Frame, sendFlags) >> sendChange; change == priorityNumber {
				s.recompute(act.Process, change, s.arg(act.Frame, sendNumber), false)
			}
			sendObject(s, act)
		}
	}},

	{"dead-send-answers-true", []string{"SEND-DEAD-1"}, "a send to a dead process answers true for ever", func(l *law) {
		l.takenForDead = func(s *State, p ID) (uint16, bool) { return sendQueues, s.get(p, processPhase) == phaseDead }
	}},
	{"dead-send-wavers", []string{"SEND-DEAD-1"},
		"a send to a process in its cleanups may answer false, and the next one true", func(l *law) { l.deadForGood = false }},
	{"dead-send-signals", []string{"SEND-DEAD-1"},
		"a send to a dead process is always an error", answeringDead(func(_ *State, _ Act, flags uint64) uint64 {
			return flags | sendErrorIfDead
		})},
	{"dead-send-error-is-plain", []string{"SEND-DEAD-2"}, "the error of a send to a dead process is not continuable", func(l *law) {
		l.answersDead = func(s *State, act Act, flags uint64) {
			if flags&sendErrorIfDead != 0 {
				s.signalDead(act.Frame, false)
				return
			}
			answerDead(s, act, flags)
		}
	}},
	{"dead-send-is-silent", []string{"SEND-DEAD-2"}, "error-if-dead-p is ignored", answeringDead(func(_ *State, _ Act, flags uint64) uint64 {
		return flags &^ sendErrorIfDead
	})},
	{"dead-send-wants-t", []string{"SEND-DEAD-2"},
		"only t counts as a true error-if-dead-p", answeringDead(func(_ *State, _ Act, flags uint64) uint64 {
			return flags &^ sendErrorIfDeadElse
		})},
	{"dead-send-stores", []string{"SEND-DEAD-8"},
		"a send to a dead process answers false and stores the object", answeringDead(func(s *State, act Act, flags uint64) uint64 {
			if m := ID(s.get(s.subject(act.Frame), processMailbox)); m != 0 {
				s.push(m, mailboxSequence, Term(s.arg(act.Frame, argObject)))
			}
			return flags
		})},
	{"live-send-signals", []string{"SEND-DEAD-4", "SEND-SIG-1"},
		"error-if-dead-p signals for a live process too", refusingSend(func(_, flags uint64) bool {
			return flags&sendErrorIfDead != 0
		})},

	{"plain-send-refuses-at-60", []string{"SEND-LIM-1", "SEND-RET-2"},
		"a send without limit answers false when 60 objects are queued", failing(func(s *State, _ Act, m ID, limit uint64) bool {
			return limit == 0 && m != 0 && s.held(m) >= 60
		})},
	{"send-ignores-limit", []string{"SEND-LIM-2", "SEND-LIM-4"}, "the limit is ignored", unlimited(func(*State, ID) bool { return true })},
	{"send-limits-count", []string{"SEND-LIM-2", "SEND-LIM-4"},
		"the limit is compared with the number of objects, although there is room", func(l *law) {
			l.fitsLimit = func(s *State, m ID, limit uint64) bool { return s.hasRoom(m, limit) && s.held(m) < limit }
		}},
	{"limited-send-never-waits", []string{"SEND-LIM-5"},
		"a limited send without timeout to a full mailbox returns false at once", failing(func(s *State, act Act, m ID, limit uint64) bool {
			return limit != 0 && s.get(act.Frame, frameDeadline) == never && !s.hasRoom(m, limit)
		})},
	{"limited-send-ignores-limit", []string{"SEND-LIM-5"},
		"a limited send without timeout to a full mailbox grows it past its limit instead of waiting", unlimited(func(s *State, f ID) bool {
			return s.get(f, frameDeadline) == never
		})},
	{"limited-send-adds-twice", []string{"SEND-RET-1"}, "a limited send that waited for room adds its object twice", func(l *law) {
		l.adds = func(s *State, act Act, m ID, object Term) {
			addObject(s, act, m, object)
			if s.get(act.Frame, frameStage) == stageWaits {
				s.deliver(m, object, never, act)
			}
		}
	}},
	{"send-loses-on-growth", []string{"SEND-RET-1", "SEND-LIM-2", "SEND-LIM-4"},
		"a limited send for which the mailbox must grow answers true and adds nothing", losing(func(s *State, f, m ID, _ Term) bool {
			return s.arg(f, sendLimit) != 0 && s.held(m) >= s.get(m, mailboxSize)
		})},
	{"send-heeds-lone-timeout", []string{"SEND-TMO-1", "SEND-RET-2"},
		"a timeout without limit makes a send to a full mailbox answer false", failing(func(s *State, act Act, m ID, limit uint64) bool {
			return limit == 0 && s.arg(act.Frame, sendFlags)&sendTimeout != 0 && m != 0 && s.held(m) >= s.get(m, mailboxSize)
		})},
	{"gives-up-but-adds", []string{"SEND-TMO-2", "SEND-RET-1"},
		"a limited send that waited in vain answers false and its object is added all the same", func(l *law) {
			l.givesUp = func(s *State, act Act) {
				giveUpSend(s, act)
				if s.get(act.Frame, frameStage) == stageWaits {
					s.push(s.law.mailboxFor(s, act), mailboxSequence, Term(s.arg(act.Frame, argObject)))
				}
			}
		}},
	{"gives-up-with-true", []string{"SEND-TMO-2", "SEND-RET-1"}, "a limited send that waited in vain answers true", func(l *law) {
		l.givesUp = func(s *State, act Act) {
			giveUpSend(s, act)
			if s.get(act.Frame, frameStage) == stageWaits {
				s.returns(act.Frame, TrueTerm)
			}
		}
	}},
	{"timed-send-is-deaf", []string{"SEND-TMO-3"}, "a limited send with a timeout waits it out without looking for room again", func(l *law) {
		l.looksForRoom = func(s *State, f ID) bool {
			return s.get(f, frameStage) != stageWaits || s.get(f, frameDeadline) == never
		}
	}},
	{"send-interactive-fails", []string{"SEND-RET-2", "SEND-PRI-1"},
		"change-priority t makes the send answer false", failing(func(s *State, act Act, _ ID, _ uint64) bool {
			return s.arg(act.Frame, sendFlags)>>sendChange == priorityInteractive
		})},
}

// refusingSend has sends that nothing is wrong with be an error.
func refusingSend(which func(change, flags uint64) bool) func(*law) {
	return func(l *law) {
		l.sends = func(s *State, act Act) {
			flags := s.arg(act.Frame, sendFlags)
			if which(flags>>sendChange, flags) {
				s.signalPlain(act.Frame, "refused")
				return
			}
			sendObject(s, act)
		}
	}
}

// calling has a send call what is found in its object, before it queues it.
func calling(found func(s *State, object spec.Value) (code uint64, arguments []spec.Value, ok bool)) func(*law) {
	return func(l *law) {
		l.sends = func(s *State, act Act) {
			f := act.Frame
			if s.get(f, frameStage) == 0 {
				if code, arguments, ok := found(s, s.u.Value(Term(s.arg(f, argObject)))); ok {
					s.enter(f, stageMutant, code, s.u.Intern(spec.NewList(arguments...)))
					return
				}
			}
			sendObject(s, act)
		}
	}
}

// lookingFirst has a send act twice where it finds something: it looks, then goes by what it has seen.
func lookingFirst(finds func(s *State, act Act) bool) func(*law) {
	return func(l *law) {
		l.sends = func(s *State, act Act) {
			if s.get(act.Frame, frameStage) == 0 && finds(s, act) {
				s.set(act.Frame, frameStage, stageMutant)
				return
			}
			sendObject(s, act)
		}
	}
}

// losing has objects not be added although the answer is true.
func losing(which func(s *State, f, m ID, object Term) bool) func(*law) {
	return func(l *law) {
		l.adds = func(s *State, act Act, m ID, object Term) {
			if !which(s, act.Frame, m, object) {
				addObject(s, act, m, object)
			}
		}
	}
}

// replacing has a send make a mailbox although there is one.
func replacing(which func(s *State, act Act, m ID) bool) func(*law) {
	return func(l *law) {
		l.mailboxFor = func(s *State, act Act) ID {
			m := s.mailboxOfReceiver(act)
			if m != 0 && which(s, act, m) {
				return 0
			}
			return m
		}
	}
}

// changing has a send take its change of priority for another.
func changing(to func(change, flags uint64) uint64) func(*law) {
	return func(l *law) {
		l.changesTo = func(_ *State, change, flags uint64) uint64 { return to(change, flags) }
	}
}

// failing has sends answer false without having waited.
func failing(which func(s *State, act Act, m ID, limit uint64) bool) func(*law) {
	return func(l *law) { l.failsAtOnce = which }
}

// unlimited has sends be held back by no limit.
func unlimited(which func(s *State, f ID) bool) func(*law) {
	return func(l *law) {
		l.limitOf = func(s *State, f ID) uint64 {
			if which(s, f) {
				return 0
			}
			return s.arg(f, sendLimit)
		}
	}
}

// answeringDead has a send to a dead process be answered as if error-if-dead-p had been given otherwise.
func answeringDead(as func(s *State, act Act, flags uint64) uint64) func(*law) {
	return func(l *law) {
		l.answersDead = func(s *State, act Act, flags uint64) { answerDead(s, act, as(s, act, flags)) }
	}
}
