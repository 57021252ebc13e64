package model

// The mutants of the mailboxes.
var mailboxMutants = []MutantInfo{
	{"make-mailbox-too-small", []string{"MBOX-SIZE-1"}, "a mailbox is made one smaller than asked for", func(l *law) {
		l.makesMailbox = func(s *State, act Act, size uint64) ID {
			if size > 1 {
				size--
			}
			return newMadeMailbox(s, act, size)
		}
	}},
	{"make-mailbox-once", []string{"MBOX-MAKE-1", "MBOX-SIZE-1", "MBOX-LIM-3", "SEND-LIM-4"},
		"every mailbox that a process makes is the same one", func(l *law) {
			l.makesMailbox = func(s *State, act Act, size uint64) ID {
				m := ID(s.get(act.Process, processMailbox))
				if m == 0 {
					m = newMadeMailbox(s, act, size)
					s.set(act.Process, processMailbox, uint64(m))
				}
				return m
			}
		}},
	{"queue-is-stack", []string{"SEND-Q-5", "MBOX-SEND-1", "MBOX-READ-1", "EVENT-MWE-1", "EVENT-PAE-1", "MBOX-PEEK-1"}, "what was sent last is read first", func(l *law) {
		l.enqueues = func(s *State, m ID, object Term) {
			s.push(m, mailboxSequence, object)
			for range s.held(m) - 1 {
				s.push(m, mailboxSequence, s.pop(m, mailboxSequence))
			}
		}
	}},
	{"mailbox-send-waits", []string{"MBOX-SEND-2"}, "mailbox-send to a full mailbox waits", func(l *law) {
		l.sendWaitsFor = func(s *State, m ID) bool { return s.held(m) >= s.get(m, mailboxSize) }
	}},

	{"mailbox-limit-counts", []string{"MBOX-LIM-1", "MBOX-LIM-3", "SEND-LIM-4"},
		"mailbox-send-limited compares the limit with the count, although there is room", fitting(func(s *State, m ID, limit uint64) bool {
			return s.held(m) < limit
		})},
	{"mailbox-limit-never-grows", []string{"MBOX-LIM-2", "MBOX-LIM-3", "SEND-LIM-4"},
		"mailbox-send-limited never enlarges a mailbox", fitting(func(s *State, m ID, _ uint64) bool {
			return s.held(m) < s.get(m, mailboxSize)
		})},
	{"mailbox-limit-refuses-below", []string{"MBOX-LIM-2", "MBOX-LIM-3", "SEND-LIM-4"},
		"mailbox-send-limited stops growing one below the limit", fitting(func(s *State, m ID, limit uint64) bool {
			return s.held(m) < s.get(m, mailboxSize) || limit-s.held(m) != 1
		})},
	{"mailbox-limit-is-none", []string{"MBOX-LIM-3", "MBOX-LIM-4", "SEND-LIM-4"}, "mailbox-send-limited ignores its limit", func(l *law) {
		l.fits = func(*State, ID, uint64) bool { return true }
	}},
	{"mailbox-limit-never-waits", []string{"MBOX-LIM-4"},
		"mailbox-send-limited answers false at once, whatever the timeout", func(l *law) { l.limitedWaits = false }},
	{"mailbox-limit-is-not-stopped", []string{"MBOX-LIM-5"}, "the wait function of mailbox-send-limited is not looked at", func(l *law) {
		l.stopsLimited = func(*State, Term) bool { return false }
	}},
	{"mailbox-limit-stops-and-adds", []string{"MBOX-LIM-5"},
		"a true wait function makes mailbox-send-limited add its object", func(l *law) { l.stopped = sendQueues }},

	{"read-leaves", []string{"MBOX-READ-1", "MBOX-READ-4"}, "mailbox-read without a timeout leaves the object in the mailbox", func(l *law) {
		l.reads = func(s *State, act Act) {
			if s.get(act.Frame, frameDeadline) == never {
				s.returns(act.Frame, s.oldest(s.subject(act.Frame)), TrueTerm)
				return
			}
			readMailbox(s, act)
		}
	}},
	{"read-times-out-with-true", []string{"MBOX-READ-3"},
		"a mailbox-read that times out has the second value t", func(l *law) { l.readInVain = TrueTerm }},
	{"read-denies-nil", []string{"MBOX-READ-3"}, "a nil that was sent is read with the second value nil", func(l *law) {
		l.reads = func(s *State, act Act) {
			object := s.take(s.subject(act.Frame))
			s.returns(act.Frame, object, truth(object != NilTerm))
		}
	}},
	{"readers-share", []string{"MBOX-READ-4"},
		"two readers may get one object: it is looked at, then removed", func(l *law) { l.reads = readShared }},
	{"peek-removes", []string{"MBOX-PEEK-1"}, "mailbox-peek removes the object", func(l *law) {
		l.peeks = func(s *State, act Act) {
			if m := s.subject(act.Frame); s.held(m) > 0 {
				s.returns(act.Frame, s.pop(m, mailboxSequence), TrueTerm)
				return
			}
			peekMailbox(s, act)
		}
	}},
	{"peek-finds-nothing", []string{"MBOX-PEEK-1"}, "mailbox-peek on an empty mailbox has the second value t", func(l *law) {
		l.peeks = func(s *State, act Act) {
			if s.held(s.subject(act.Frame)) == 0 {
				s.returns(act.Frame, NilTerm, TrueTerm)
				return
			}
			peekMailbox(s, act)
		}
	}},
	{"wait-removes", []string{"MBOX-WAIT-1"}, "mailbox-wait removes the object", func(l *law) {
		l.findsMail = func(s *State, act Act) {
			s.pop(s.subject(act.Frame), mailboxSequence)
			s.returns(act.Frame, TrueTerm)
		}
	}},
	{"wait-always-finds", []string{"MBOX-WAIT-1"}, "mailbox-wait answers t when its time is up", func(l *law) { l.noMailInTime = TrueTerm }},

	{"count-skips-four", []string{"MBOX-PRED-1"}, "mailbox-count answers 3 for four objects", func(l *law) {
		l.counts = func(s *State, m ID) uint64 {
			if n := s.held(m); n != 4 {
				return n
			}
			return 3
		}
	}},
	{"not-empty-means-empty", []string{"MBOX-PRED-1"}, "mailbox-not-empty-p means empty", func(l *law) {
		l.hasMail = func(s *State, m ID) bool { return s.held(m) == 0 }
	}},
	{"full-means-empty", []string{"MBOX-FULL-1"}, "mailbox-full-p means empty, as its page says by mistake", func(l *law) {
		l.tellsFull = func(s *State, m ID, _ bool) bool { return s.held(m) == 0 }
	}},
	{"set-process-mailbox-is-lost", []string{"MBOX-PM-1"}, "setting a process's mailbox has no effect", func(l *law) {
		l.givesMailbox = func(*State, ID, ID) {}
	}},
}

// fitting has a limited send wait where there is room, too, unless something more holds.
func fitting(also func(s *State, m ID, limit uint64) bool) func(*law) {
	return func(l *law) {
		l.fits = func(s *State, m ID, limit uint64) bool {
			return also(s, m, limit) && documentedMailboxes.fits(s, m, limit)
		}
	}
}

// readShared looks in one act at what it removes in the next: another may have read it meanwhile.
func readShared(s *State, act Act) {
	f, m := act.Frame, s.subject(act.Frame)
	if s.get(f, frameStage) == 0 {
		s.set(f, frameStage, stageMutant)
		s.note(f, argObject, uint64(s.oldest(m)))
		return
	}
	s.take(m)
	s.returns(f, Term(s.arg(f, argObject)), TrueTerm)
}
