package native

import (
	"time"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// decisions are what the documents leave to an implementation (docs/behaviours.md), and how
// long native takes over what it may take long over. The zero value is native; a [Liberty]
// sets some of them. They are constant in a system's life.
type decisions struct {
	processDecisions
	bindingDecisions
	killDecisions
	cleanupDecisions
	sendDecisions
	mailboxDecisions
	eventDecisions
	childDecisions
	programDecisions
	stopDecisions
	interruptDecisions
	foreignDecisions
	imageDecisions
	timing
	kit.Decisions // of the kit
}

// reply is what an operation answers where native would do something else; nil: native's way.
type reply func() ([]spec.Value, error)

// answers makes the reply of some values.
func answers(values ...spec.Value) reply {
	return func() ([]spec.Value, error) { return values, nil }
}

// refuses makes the reply that signals an error.
func refuses(why string) reply {
	return func() ([]spec.Value, error) { return nil, kit.SimpleError("%s", why) }
}

// processDecisions are those about processes, their names and lists.
type processDecisions struct {
	oddName          func(spec.Value) spec.Value // PROC-CREATE-5: the name instead of one that is no string; nil: an error
	namesakeRefused  bool                        // PROC-CREATE-6
	namesakeRenamed  bool                        // PROC-CREATE-6
	creatorWaits     time.Duration               // PROC-CREATE-7: the creator waits for the end of the new process, but not longer
	unknownKeywords  bool                        // PROC-CREATE-9: they are ignored
	faultsInProcess  bool                        // PROC-CREATE-9: what is wrong in the call is found by the new process
	priorityOfDead   reply                       // PROC-PRI-7
	priorityAnything bool                        // PROC-PRI-7: a priority that is no fixnum is returned, without effect
	joinSelf         reply                       // PROC-JOIN-3
	joinSelfWaits    bool                        // PROC-JOIN-3
	negativeJoin     bool                        // PROC-JOIN-3: a negative time-out is 0
	joinsEarly       bool                        // PROC-JOIN-5: while cleanups run
	askedIsDead      bool                        // PROC-ALIVE-2
	cleaningIsDead   bool                        // PROC-ALIVE-2
	aliveInside      reply                       // CLEAN-STATE-1: process-alive-p of itself in a cleanup form
	listOrder        func([]*process)            // PROC-LIST-3: sorts those that are listed
	psOrder          func([]*process)            // PROC-PS-2: sorts them anew, those of the highest priority first and of equal ones the oldest
	psReturns        bool                        // ps returns a list and prints nothing
	psInARow         bool                        // PROC-PS-3: ps prints them on one line
	newUnlisted      bool                        // PROC-LIST-4
	cleaningUnlisted bool                        // PROC-LIST-4
	noMatch          reply                       // PROC-NAME-7
	nameOfDead       reply                       // PROC-NAME-8
	mailboxAtBirth   bool                        // SEND-MB-5
	mailGone         bool                        // CLEAN-STATE-1: a cleanup form doesn't see its process's mailbox
	debugs           bool                        // PROC-EXIT-4: an unhandled error waits in a debugger
	reports          bool                        // PROC-EXIT-4: an unhandled error is reported
}

// killDecisions are those about what a kill does, and where it lands.
type killDecisions struct {
	killOfDead     reply         // PROC-KILL-6
	killValue      reply         // PROC-KILL-7
	selfKillLater  bool          // PROC-KILL-7: a process that kills itself is killed as by another
	killerWaits    time.Duration // PROC-KILL-7: process-kill waits for the target's end, but not longer
	unbegunEnters  bool          // PROC-KILL-8: the function runs to its first operation
	unbegunLeaves  bool          // PROC-KILL-8: cleanups of a process that never began don't run
	formsCompleted bool          // PROC-KILL-4: a second kill leaves the forms of unwind-protect alone
	unwindingSeen  bool          // CLEAN-INP-3: current-process-in-cleanup-p is true in them
	pendingSeen    bool          // CLEAN-INP-3: and where a kill has arrived but not landed
	cleanupsFirst  bool          // CLEAN-UNW-1
	killsAnywhere  bool          // PROC-KILL-1: wherever the process stands, its life goes on without the code it was in
}

// cleanupDecisions are those about registering and running cleanups.
type cleanupDecisions struct {
	symbolRefused   bool             // CLEAN-FORM-4: a bare symbol is an error at registration
	symbolFails     bool             // CLEAN-FORM-4: and at run time
	oddFormFails    bool             // CLEAN-FORM-5: what is no form is an error at run time
	oddFormIgnored  bool             // CLEAN-FORM-5
	lambdaCalled    bool             // CLEAN-FORM-5
	resolvesEarly   bool             // CLEAN-FORM-6: what a symbol names is looked up at registration
	registerOnDead  reply            // CLEAN-PROC-5
	runsOnDead      bool             // CLEAN-PROC-5: a form registered on a dead process runs at once
	registerLate    lateRegistration // CLEAN-PROC-6
	anyPriority     bool             // CLEAN-PRI-2: out of range
	fractions       bool             // CLEAN-PRI-2: no integer
	amongEquals     func(n int) int  // CLEAN-ORDER-2: the next of n of one priority in the order of registration
	movedTo         func(n int) int  // CLEAN-DUP-10: where a forced move goes among n others
	registered      reply            // CLEAN-DUP-9
	skipsAfterError bool             // CLEAN-ERR-1
	debugsForm      bool             // CLEAN-ERR-1: the process waits in a debugger
	mixture         mixture          // CLEAN-LEG-3
	nilIsMe         bool             // CLEAN-LEG-3
}

// lateRegistration says what becomes of a form that is registered on a process in its
// cleanups (CLEAN-PROC-6).
type lateRegistration uint8

const (
	lateRefused lateRegistration = iota
	lateInOrder
	lateLast
	lateNever
)

// mixture says what the legacy call does with keywords (CLEAN-LEG-3).
type mixture uint8

const (
	mixtureHonoured mixture = iota
	mixtureIgnored
	mixtureRefused
)

// sendDecisions are those about process-send, its priorities, limits and time-outs.
type sendDecisions struct {
	prioritySentT     func(*process) int64 // SEND-PRI-4: for t
	priorityDefault   func(*process) int64 // SEND-PRI-4: for :default
	failedSendChanges bool                 // SEND-PRI-5
	oddChangeIgnored  bool                 // SEND-PRI-5
	cleaningAsDead    bool                 // SEND-DEAD-5
	askedAsDead       bool                 // SEND-DEAD-5
	newAsDead         bool                 // SEND-DEAD-5
	mailboxOfDead     bool                 // SEND-DEAD-6
	deadWaitsOut      bool                 // SEND-DEAD-7: false after the time-out
	oddLimit          func() (int, bool)   // SEND-LIM-3: the limit instead, and whether there is one; nil: an error
	outlivesTarget    bool                 // SEND-LIM-6: the wait goes on
	deathIsFalse      bool                 // SEND-LIM-6: false also with error-if-dead-p
	designators       bool                 // SEND-ARG-1: a name stands for its process
}

// mailboxDecisions are those about mailboxes and events.
type mailboxDecisions struct {
	readers      bool                 // MBOX-MAKE-2: the creator is the reader
	defaultSize  func() int           // MBOX-MAKE-3
	zeroWorks    bool                 // MBOX-MAKE-3
	negativeSize bool                 // MBOX-MAKE-3: as 0, which is 1 unless zeroWorks
	rounded      func(size int) int   // MBOX-MAKE-3
	grown        func(size int) int   // MBOX-SIZE-1: the size after size is exhausted
	shrunk       func(m *mailbox) int // MBOX-SIZE-2: the size after a read
	roomLeft     bool                 // MBOX-SIZE-2: mailbox-size tells the room that is left
	sent         reply                // MBOX-SEND-3
	enoughFirst  bool                 // MBOX-LIM-7: a wait function that holds refuses though there is room
	killTakes    bool                 // MBOX-READ-6: a killed read takes what is there, a killed send adds
	notMailbox   reply                // MBOX-ARG-1
	waitsOnAny   bool                 // EVENT-PWE-3: process-wait-for-event takes a mailbox
	enoughOnly   bool                 // EVENT-MWE-4: the wait function replaces the test of the mailbox
}

// childDecisions are those about reaping.
type childDecisions struct {
	values       func([]spec.Value) []spec.Value     // REAP-SIG-3: cuts or adds
	holdsOthers  bool                                // REAP-WAIT-2
	interrupted  reply                               // REAP-WAIT-3: what a wait answers when another child ends
	signalStatus func(signal, core int64) spec.Value // REAP-STAT-3
	oddWait      bool                                // REAP-ARG-1: a wait that is not t or nil is an error
	execs        bool                                // REAP-RSC-3: the shell becomes the command
}

// programDecisions are those about run and start.
type programDecisions struct {
	runHolds        bool                          // EXT-RUN-3
	runSignaled     func(signal int64) reply      // EXT-RUN-4
	launcher        string                        // EXT-RUN-7: a shell's command that becomes the program, $0, with its arguments
	runStreams      streamsOfRun                  // EXT-RUN-8
	runHooks        hooksOfRun                    // EXT-RUN-9
	textRefused     bool                          // EXT-IO-5: start takes no stream but a file's
	textAfterEnd    bool                          // EXT-IO-5: what a program writes to a stream arrives once it has ended
	textClosed      bool                          // EXT-IO-5: a stream that took it is closed then
	latin           bool                          // EXT-IO-5: its characters are bytes
	outputAnywhere  bool                          // EXT-IO-8: elsewhere it is nil
	defaults        func(op string) [3]spec.Value // EXT-IO-9: what input, output and error are
	missingNil      bool                          // EXT-IF-1: a nil option gives nil instead of a process
	existsDefault   spec.Value                    // EXT-IF-1
	createDefault   bool                          // EXT-IF-1: an input is made
	optionsRefused  bool                          // EXT-IF-1
	variables       bool                          // EXT-ENV-5: names and values are converted
	repeatedRefused bool                          // EXT-ENV-5
	repeatedLast    bool                          // EXT-ENV-5
	unasked         bool                          // EXT-START-5, EXT-STAT-11: nobody looks until somebody asks
	hookAsks        bool                          // EXT-HOOK-4: the hook runs in the process that asks
	stopsUnseen     bool                          // EXT-HOOK-5: by the hook
	continuesUnseen bool                          // EXT-HOOK-5: by the hook
	startSeen       bool                          // EXT-HOOK-5: by the hook
	endRepeated     bool                          // EXT-HOOK-6
	hookFirst       time.Duration                 // EXT-HOOK-7: start waits for a call of the hook, but not longer
	noStream        reply                         // EXT-STRM-4
	merged          reply                         // EXT-STRM-6; nil: nil
	mergedOutput    bool                          // EXT-STRM-6: the output's stream
	idOfEnded       reply                         // EXT-PID-3
	platformSignals bool                          // EXT-SIG-3
	signalsZombies  bool                          // EXT-SIG-5
	zeroRefused     bool                          // EXT-SIG-7
	signalled       reply                         // EXT-SIG-7
	stopCode        spec.Value                    // EXT-STAT-6
}

// streamsOfRun says what run makes of :stream (EXT-RUN-8).
type streamsOfRun uint8

const (
	runRefusesStreams streamsOfRun = iota
	runLosesStreams
	runReturnsStreams
)

// hooksOfRun says what run makes of a status hook (EXT-RUN-9).
type hooksOfRun uint8

const (
	runRefusesHooks hooksOfRun = iota
	runIgnoresHooks
	runCallsHooks
)

// timing holds the most that something is late; each delay is drawn anew.
type timing struct {
	begins    time.Duration // a new process begins
	kills     time.Duration // a kill lands
	childEnds time.Duration // the end of a child is noticed
	hooks     time.Duration // a status hook is called
	carries   time.Duration // what a program writes, or is to read, is carried to or from a string stream
}
