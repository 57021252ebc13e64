package model

// What a whole system does in one way, without the documents saying which (scope system):
// it is open until an act shows it, and from then on the same.

type sticky uint8

const (
	stickyBirth        sticky = iota // SEND-MB-5: a process has a mailbox before its first use, or not
	stickyDeadMailbox                // SEND-DEAD-6: a send to a dead process makes it one, or not
	stickyDefault                    // SEND-PRI-4: :default keeps the priority, or sets it
	stickyGrowth                     // MBOX-SIZE-1: a full mailbox grows by what is needed, or doubles
	stickySize                       // MBOX-SIZE-2: mailbox-size is the capacity, or the room left
	stickyReader                     // MBOX-MAKE-2: a new mailbox has no reader process, or its maker
	stickyWaitFunction               // EVENT-MWE-4: a wait function adds to the mailbox test, or replaces it
	stickyGroups                     // REAP-SEL-2: a child shares the process group of the adapter, or leads one
	stickySameName                   // PROC-CREATE-6: two processes may have one name, or the second call is refused, or names it anew
	stickyEventMailbox               // EVENT-PWE-3: where process-wait-for-event takes a mailbox it reads that, or its process's own all the same
	stickyUnwinding                  // CLEAN-UNW-1: a process that is killed is unwound before its cleanups run, or after
	stickyStatus                     // REAP-STAT-1: the status of a normal end is the exit code, or the wait word
	stickyReapWait                   // REAP-WAIT-2: other processes run while one waits for a child, or are suspended; an open state doesn't say
	stickyRunWait                    // EXT-RUN-3: the same while one waits in run
	stickyWatch                      // EXT-HOOK-4: somebody watches programs and calls their hooks, or whoever asks for a status does; an open state doesn't say
	stickyProgramGroup               // a program shares the process group of the adapter, or leads one: no document says; only an open state asks
	stickyScope                      // REAP-SCOPE-1: programs are children that are reaped, or not
	stickyPriority                   // PROC-PRI-4: the default priority is the dynamic value of its variable, or the global one
	stickyOff                        // PROC-CREATE-8: while multiprocessing is off process-run-function is refused, or makes a process that begins later, or starts it
	stickyAgain                      // INIT-START-5: initialize-multiprocessing where it runs is an error, or returns at once, or waits
	stickySave                       // INIT-SAVE-2: save-image while multiprocessing runs is an error, or says no, or ends it first
	stickyOddEvent                   // EVENT-WPE-2: wait-processing-events handles an event that is no list, or ignores it
	stickyOrphans                    // REAP-NONE-2: the parent of an orphan is process 1, or the adapter; a closed state has process 1
	stickyForeign                    // CLEAN-FOR-5: the process of a foreign thread ends with its call, or rests until the next; an open state doesn't say
)

// The states of a sticky choice. What first and second mean stands beside the choice.
const (
	undecided = iota
	first
	second
	third
)

func (s *State) decided(c sticky) uint64 { return s.get(world, worldSticky) >> (2 * c) & 3 }

func (s *State) decide(c sticky, way uint64) {
	all := s.get(world, worldSticky)
	s.set(world, worldSticky, all&^(3<<(2*c))|way<<(2*c))
}

// either appends the acts of an open choice, one for each way, or the act alone where the
// choice is made. The way is the choice of the act.
func (s *State) either(c sticky, act Act, out []Act) []Act {
	if s.decided(c) != undecided {
		return append(out, act)
	}
	act.Touches = everything
	a, b := act, act
	a.Choice, b.Choice = first, second
	return append(out, a, b)
}

// way makes the choice that the act carries, where it carries one, and returns how it stands.
func (s *State) way(c sticky, act Act) uint64 {
	if act.Choice != undecided {
		s.decide(c, uint64(act.Choice))
	}
	return s.decided(c)
}
