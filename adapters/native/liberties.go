package native

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// Liberty is a behaviour or a timing that the documents allow and that native doesn't have
// by itself: a mutant's twin. A mutant does what is forbidden and must fail; an implementation
// that takes a liberty must pass, and nothing that it does may be called forbidden.
type Liberty struct {
	ID string
	// Shows are the behaviours of SILENT clauses that the liberty makes possible, each as
	// CLAUSE KEY; or, for a liberty of timing, the clauses that allow it, without a key.
	Shows []string
	Story string

	take  func(d *decisions)
	adds  []string // operations and keywords that are offered beside native's
	drops []string // profiles that have a page which says otherwise
}

// Of tells whether the liberty is one of that clause, and by which behaviours.
func (l Liberty) Of(clause string) (behaviours []string, of bool) {
	for _, shown := range l.Shows {
		if id, key, _ := strings.Cut(shown, " "); id == clause {
			of = true
			if key != "" {
				behaviours = append(behaviours, key)
			}
		}
	}
	return behaviours, of
}

// LibertyByID returns the liberty of that id.
func LibertyByID(id string) (Liberty, bool) {
	i := slices.IndexFunc(Liberties, func(l Liberty) bool { return l.ID == id })
	if i < 0 {
		return Liberty{}, false
	}
	return Liberties[i], true
}

// NewLiberal returns the adapter with liberties taken, in that order: a later one overrides
// what both decide. Ids that don't exist are an error.
func NewLiberal(ids ...string) (spec.Adapter, error) {
	a := &adapter{handshake: handshake()}
	var faults []error
	for _, id := range ids {
		l, ok := LibertyByID(id)
		if !ok {
			faults = append(faults, fmt.Errorf("there is no liberty %q", id))
			continue
		}
		l.take(&a.decide)
		a.adds = append(a.adds, l.adds...)
		for _, name := range l.adds {
			a.handshake.Operations[name] = spec.Native
		}
		a.handshake.Profile = slices.DeleteFunc(a.handshake.Profile, func(name string) bool { return slices.Contains(l.drops, name) })
	}
	return a, errors.Join(faults...)
}

// Liberties are all of them, in the order of the catalogue, those of timing last.
var Liberties = slices.Concat(processLiberties, killLiberties, cleanupLiberties, sendLiberties, mailboxLiberties, childLiberties, timingLiberties)

var (
	yes      = answers(spec.True{})
	no       = answers(spec.Nil{})
	anything = answers(spec.Int(42))
)

var processLiberties = []Liberty{
	{ID: "odd-name-kept", Shows: []string{"PROC-CREATE-5 name-kept"},
		Story: "A name that is no string is the process's name as it is.",
		take:  func(d *decisions) { d.oddName = func(v spec.Value) spec.Value { return v } }},
	{ID: "odd-name-as-string", Shows: []string{"PROC-CREATE-5 name-as-string"},
		Story: "The printed form of a name that is no string is the process's name.",
		take:  func(d *decisions) { d.oddName = func(v spec.Value) spec.Value { return spec.String(v.String()) } }},
	{ID: "odd-name-substituted", Shows: []string{"PROC-CREATE-5 substitute-name"},
		Story: "A process whose name is no string is named anonymous.",
		take:  func(d *decisions) { d.oddName = func(spec.Value) spec.Value { return spec.String("anonymous") } }},
	{ID: "namesake-refused", Shows: []string{"PROC-CREATE-6 second-call-errors"},
		Story: "A process can't be made with the name of one that lives.",
		take:  func(d *decisions) { d.namesakeRefused = true }},
	{ID: "namesake-renamed", Shows: []string{"PROC-CREATE-6 second-name-made-unique"},
		Story: "A process made with the name of one that lives gets a name of its own.",
		take:  func(d *decisions) { d.namesakeRenamed = true }},
	{ID: "creator-waits", Shows: []string{"PROC-CREATE-7 begun", "PROC-CREATE-7 ended"},
		Story: "Process-run-function returns when the new process has ended, or ten milliseconds are over.",
		take:  func(d *decisions) { d.creatorWaits = 10 * time.Millisecond }},
	{ID: "unknown-keywords-ignored", Shows: []string{"PROC-CREATE-9 unknown-keyword-ignored"},
		Story: "Process-run-function looks only at the keywords that it knows.",
		take:  func(d *decisions) { d.unknownKeywords = true }},
	{ID: "faults-in-process", Shows: []string{"PROC-CREATE-9 unknown-keyword-error-in-process",
		"PROC-CREATE-9 odd-list-error-in-process", "PROC-CREATE-9 uncallable-error-in-process"},
		Story: "What is wrong with the keywords or the function, the new process finds out, and dies of it.",
		take:  func(d *decisions) { d.faultsInProcess = true }},
	{ID: "priority-of-dead-refused", Shows: []string{"PROC-PRI-7 error"},
		Story: "Change-process-priority of a dead process is an error.",
		take:  func(d *decisions) { d.priorityOfDead = refuses("the process is dead") }},
	{ID: "priority-change-in-vain", Shows: []string{"PROC-PRI-7 returned-without-effect"},
		Story: "Change-process-priority returns a priority that is no fixnum, and sets nothing.",
		take:  func(d *decisions) { d.priorityAnything = true }},
	{ID: "error-waits-in-debugger", Shows: []string{"PROC-EXIT-4 waits-in-debugger"},
		Story: "A process whose error nobody handles waits in a debugger until it is killed.",
		take:  func(d *decisions) { d.debugs = true }},
	{ID: "error-reported", Shows: []string{"PROC-EXIT-4 reported-and-dies"},
		Story: "An error that nobody handles is written to standard error before it ends its process.",
		take:  func(d *decisions) { d.reports = true }},
	{ID: "join-self-nil", Shows: []string{"PROC-JOIN-3 self-nil"},
		Story: "A process that joins itself gets nil.",
		take:  func(d *decisions) { d.joinSelf = no }},
	{ID: "join-self-waits", Shows: []string{"PROC-JOIN-3 self-waits-for-kill"},
		Story: "A process that joins itself waits until the time is out or it is killed.",
		take:  func(d *decisions) { d.joinSelfWaits = true }},
	{ID: "negative-join-nil", Shows: []string{"PROC-JOIN-3 negative-timeout-nil"},
		Story: "A negative time-out of process-join is as good as 0.",
		take:  func(d *decisions) { d.negativeJoin = true }},
	{ID: "joins-before-cleanups", Shows: []string{"PROC-JOIN-5 returns-before-cleanups-finish"},
		Story: "Process-join returns t when the process has left its function, while its cleanups run.",
		take:  func(d *decisions) { d.joinsEarly = true }},
	{ID: "not-alive-when-asked", Shows: []string{"PROC-ALIVE-2 asked-to-die-nil"},
		Story: "A process that was asked to die is not alive, although it still unwinds.",
		take:  func(d *decisions) { d.askedIsDead, d.kills = true, 5*time.Millisecond }},
	{ID: "not-alive-in-cleanups", Shows: []string{"PROC-ALIVE-2 in-cleanups-nil", "CLEAN-STATE-1 not-alive"},
		Story: "A process in its cleanups is not alive.",
		take:  func(d *decisions) { d.cleaningIsDead = true }},
	{ID: "alive-p-fails-in-cleanups", Shows: []string{"CLEAN-STATE-1 error"},
		Story: "A cleanup form that asks whether its process is alive gets an error.",
		take:  func(d *decisions) { d.aliveInside = refuses("the process is neither alive nor dead") }},
	{ID: "list-by-priority", Shows: []string{"PROC-LIST-3 descending-priority"},
		Story: "List-all-processes has the process of the highest priority first.",
		take: func(d *decisions) {
			d.listOrder = func(l []*process) {
				slices.SortStableFunc(l, func(a, b *process) int { return int(max(-1, min(1, b.priority-a.priority))) })
			}
		}},
	{ID: "list-newest-first", Shows: []string{"PROC-LIST-3 newest-first"},
		Story: "List-all-processes has the newest process first.",
		take:  func(d *decisions) { d.listOrder = slices.Reverse[[]*process] }},
	{ID: "list-shuffled", Shows: []string{"PROC-LIST-3 another-order"},
		Story: "List-all-processes has another order each time.",
		take:  func(d *decisions) { d.listOrder = shuffle[*process] }},
	{ID: "unbegun-unlisted", Shows: []string{"PROC-LIST-4 not-begun-not-listed"},
		Story: "A process is listed and counted when it has begun, which may take a while.",
		take:  func(d *decisions) { d.newUnlisted, d.begins = true, 30*time.Millisecond }},
	{ID: "cleaning-unlisted", Shows: []string{"PROC-LIST-4 in-cleanups-not-listed", "CLEAN-STATE-1 not-listed"},
		Story: "A process in its cleanups is neither listed nor counted.",
		take:  func(d *decisions) { d.cleaningUnlisted = true }},
	{ID: "no-match-refused", Shows: []string{"PROC-NAME-7 error"},
		Story: "Get-process signals an error where nothing matches.",
		take:  func(d *decisions) { d.noMatch = refuses("no process matches") }},
	{ID: "name-of-dead-nil", Shows: []string{"PROC-NAME-8 nil"},
		Story: "The name of a dead process is nil.",
		take:  func(d *decisions) { d.nameOfDead = no }},
	{ID: "name-of-dead-refused", Shows: []string{"PROC-NAME-8 error"},
		Story: "To ask the name of a dead process is an error.",
		take:  func(d *decisions) { d.nameOfDead = refuses("the process is dead") }},
}

var killLiberties = []Liberty{
	{ID: "kill-of-dead-refused", Shows: []string{"PROC-KILL-6 error"},
		Story: "To kill a dead process is an error.",
		take:  func(d *decisions) { d.killOfDead = refuses("the process is dead") }},
	{ID: "kill-returns-nil", Shows: []string{"PROC-KILL-7 returns-nil"},
		Story: "Process-kill returns nil.",
		take:  func(d *decisions) { d.killValue = no }},
	{ID: "kill-returns-a-number", Shows: []string{"PROC-KILL-7 returns-another-value"},
		Story: "Process-kill returns 42.",
		take:  func(d *decisions) { d.killValue = anything }},
	{ID: "self-kill-later", Shows: []string{"PROC-KILL-7 self-ends-shortly-after"},
		Story: "A process that kills itself by process-kill goes on for a moment.",
		take:  func(d *decisions) { d.selfKillLater, d.kills = true, 5*time.Millisecond }},
	{ID: "killer-waits", Shows: []string{"PROC-KILL-7 target-ended-on-return"},
		Story: "Process-kill returns when its target has ended, or ten milliseconds are over.",
		take:  func(d *decisions) { d.killerWaits = 10 * time.Millisecond }},
	{ID: "unbegun-runs-to-first-operation", Shows: []string{"PROC-KILL-8 runs-to-interruptible-point"},
		Story: "A process that is killed before it has begun enters its function and is gone at its first operation.",
		take:  func(d *decisions) { d.unbegunEnters, d.begins = true, 30*time.Millisecond }},
	{ID: "unbegun-leaves-cleanups", Shows: []string{"PROC-KILL-8 outside-cleanups-not-run"},
		Story: "The cleanups of a process that is killed before it has begun don't run.",
		take:  func(d *decisions) { d.unbegunLeaves, d.begins = true, 30*time.Millisecond }},
	{ID: "cleanup-forms-completed", Shows: []string{"PROC-KILL-4"},
		Story: "A second kill leaves the forms of unwind-protect that the first one has begun to run alone.",
		take:  func(d *decisions) { d.formsCompleted = true }},
	{ID: "in-cleanup-while-unwinding", Shows: []string{"CLEAN-INP-3 unwinding-true"},
		Story: "Current-process-in-cleanup-p is true in the forms of unwind-protect of a killed process.",
		take:  func(d *decisions) { d.unwindingSeen = true }},
	{ID: "in-cleanup-while-kill-pends", Shows: []string{"CLEAN-INP-3 kill-pending-true"},
		Story: "Current-process-in-cleanup-p is true from the moment that somebody asked the process to die.",
		take:  func(d *decisions) { d.unwindingSeen, d.pendingSeen, d.kills = true, true, 5*time.Millisecond }},
	{ID: "cleanups-first", Shows: []string{"CLEAN-UNW-1 cleanups-first"},
		Story: "A killed process runs its cleanups before it unwinds.",
		take:  func(d *decisions) { d.cleanupsFirst = true }},
}

var cleanupLiberties = []Liberty{
	{ID: "symbol-refused", Shows: []string{"CLEAN-FORM-4 error-at-registration"},
		Story: "A bare symbol is refused as a cleanup form.",
		take:  func(d *decisions) { d.symbolRefused = true }},
	{ID: "symbol-fails", Shows: []string{"CLEAN-FORM-4 error-at-run-time"},
		Story: "A bare symbol is registered, and is an error when it is to run.",
		take:  func(d *decisions) { d.symbolFails = true }},
	{ID: "odd-form-fails", Shows: []string{"CLEAN-FORM-5 error-at-run-time"},
		Story: "What is no form is registered, and is an error when it is to run, after which no form runs.",
		take:  func(d *decisions) { d.oddFormFails, d.skipsAfterError = true, true }},
	{ID: "odd-form-ignored", Shows: []string{"CLEAN-FORM-5 ignored"},
		Story: "What is no form is registered, and does nothing.",
		take:  func(d *decisions) { d.oddFormIgnored = true }},
	{ID: "lambda-called", Shows: []string{"CLEAN-FORM-5 lambda-list-called"},
		Story: "A lambda expression is a form.",
		take:  func(d *decisions) { d.lambdaCalled = true }},
	{ID: "symbol-resolved-early", Shows: []string{"CLEAN-FORM-6 resolved-at-registration"},
		Story: "A form calls what its symbol named when it was registered.",
		take:  func(d *decisions) { d.resolvesEarly = true }},
	{ID: "dead-registration-nil", Shows: []string{"CLEAN-PROC-5 nil-never-run"},
		Story: "To register a cleanup on a dead process returns nil and does nothing.",
		take:  func(d *decisions) { d.registerOnDead = no }},
	{ID: "dead-registration-true", Shows: []string{"CLEAN-PROC-5 value-never-run"},
		Story: "To register a cleanup on a dead process returns t and does nothing.",
		take:  func(d *decisions) { d.registerOnDead = yes }},
	{ID: "dead-registration-runs", Shows: []string{"CLEAN-PROC-5 run-at-once"},
		Story: "A cleanup that is registered on a dead process runs at once, for that process.",
		take:  func(d *decisions) { d.runsOnDead = true }},
	{ID: "late-registration-in-order", Shows: []string{"CLEAN-PROC-6 runs-in-priority-order"},
		Story: "A cleanup that is registered while the cleanups run takes its place among those left.",
		take:  func(d *decisions) { d.registerLate = lateInOrder }},
	{ID: "late-registration-last", Shows: []string{"CLEAN-PROC-6 runs-last"},
		Story: "A cleanup that is registered while the cleanups run runs after those left.",
		take:  func(d *decisions) { d.registerLate = lateLast }},
	{ID: "late-registration-in-vain", Shows: []string{"CLEAN-PROC-6 never-runs"},
		Story: "A cleanup that is registered while the cleanups run never runs.",
		take:  func(d *decisions) { d.registerLate = lateNever }},
	{ID: "any-priority", Shows: []string{"CLEAN-PRI-2 out-of-range-accepted"},
		Story: "A cleanup may have a priority beyond a million.",
		take:  func(d *decisions) { d.anyPriority = true }},
	{ID: "fractional-priority", Shows: []string{"CLEAN-PRI-2 non-integer-accepted"},
		Story: "A cleanup may have a ratio or a float as priority.",
		take:  func(d *decisions) { d.fractions = true }},
	{ID: "equals-reversed", Shows: []string{"CLEAN-ORDER-2 reverse-registration-order", "DEP-7 reverse-order-added"},
		Story: "Of cleanups of one priority the newest runs first.",
		take:  func(d *decisions) { d.amongEquals = func(n int) int { return n - 1 } }},
	{ID: "equals-from-the-middle", Shows: []string{"CLEAN-ORDER-2 another-order", "DEP-7 another-order"},
		Story: "Of cleanups of one priority the one in the middle runs first.",
		take:  func(d *decisions) { d.amongEquals = func(n int) int { return n / 2 } }},
	{ID: "equals-shuffled", Shows: []string{"CLEAN-ORDER-2 another-order", "DEP-7 another-order"},
		Story: "Cleanups of one priority run in any order.",
		take:  func(d *decisions) { d.amongEquals = rand.IntN }},
	{ID: "moved-before-equals", Shows: []string{"CLEAN-DUP-10 before-equals"},
		Story: "A cleanup moved by force runs before those that had its new priority.",
		take:  func(d *decisions) { d.movedTo = func(int) int { return 0 } }},
	{ID: "moved-between-equals", Shows: []string{"CLEAN-DUP-10 between-equals"},
		Story: "A cleanup moved by force runs in the middle of those that had its new priority.",
		take:  func(d *decisions) { d.movedTo = func(n int) int { return n / 2 } }},
	{ID: "registration-nil", Shows: []string{"CLEAN-DUP-9 nil"},
		Story: "A registration returns nil, as a duplicate does.",
		take:  func(d *decisions) { d.registered = no }},
	{ID: "registration-number", Shows: []string{"CLEAN-DUP-9 another-value"},
		Story: "A registration returns 42.",
		take:  func(d *decisions) { d.registered = anything }},
	{ID: "registration-no-values", Shows: []string{"CLEAN-DUP-9 no-values"},
		Story: "A registration returns no values.",
		take:  func(d *decisions) { d.registered = answers() }},
	{ID: "error-skips-cleanups", Shows: []string{"CLEAN-ERR-1 remaining-forms-skipped"},
		Story: "After a cleanup that left abnormally no other runs.",
		take:  func(d *decisions) { d.skipsAfterError = true }},
	{ID: "error-stops-cleanups", Shows: []string{"CLEAN-ERR-1 waits-in-debugger"},
		Story: "After a cleanup that left abnormally the process waits in a debugger.",
		take:  func(d *decisions) { d.debugsForm = true }},
	{ID: "mail-gone-in-cleanups", Shows: []string{"CLEAN-STATE-1 mail-gone"},
		Story: "A cleanup form finds no mailbox of its process.",
		take:  func(d *decisions) { d.mailGone = true }},
	{ID: "mixture-refused", Shows: []string{"CLEAN-LEG-3 mixture-error"},
		Story: "The legacy call of ensure-process-cleanup takes no keywords.",
		take:  func(d *decisions) { d.mixture = mixtureRefused }},
	{ID: "mixture-ignored", Shows: []string{"CLEAN-LEG-3 mixture-keywords-ignored"},
		Story: "The legacy call of ensure-process-cleanup ignores its keywords.",
		take:  func(d *decisions) { d.mixture = mixtureIgnored }},
	{ID: "nil-is-current-process", Shows: []string{"CLEAN-LEG-3 nil-means-current-process"},
		Story: "Nil as the process of ensure-process-cleanup is the current one.",
		take:  func(d *decisions) { d.nilIsMe = true }},
}

var sendLiberties = []Liberty{
	{ID: "mailbox-from-birth", Shows: []string{"SEND-MB-5 mailbox-from-birth"},
		Story: "Every process has a mailbox from birth.",
		take:  func(d *decisions) { d.mailboxAtBirth = true }},
	{ID: "priority-t-unchanged", Shows: []string{"SEND-PRI-4 t-unchanged"},
		Story: "The interactive priority is the one that the target has.",
		take:  func(d *decisions) { d.prioritySentT = func(p *process) int64 { return p.priority } }},
	{ID: "priority-t-lowered", Shows: []string{"SEND-PRI-4 t-lowered"},
		Story: "The interactive priority is below the normal one.",
		take:  func(d *decisions) { d.prioritySentT = func(*process) int64 { return -1000 } }},
	{ID: "priority-default-unchanged", Shows: []string{"SEND-PRI-4 default-unchanged"},
		Story: "The normal running priority is the one that the target has.",
		take:  func(d *decisions) { d.priorityDefault = func(p *process) int64 { return p.priority } }},
	{ID: "priority-default-raised", Shows: []string{"SEND-PRI-4 default-raised"},
		Story: "The normal running priority is 1000.",
		take:  func(d *decisions) { d.priorityDefault = func(*process) int64 { return 1000 } }},
	{ID: "priority-default-lowered", Shows: []string{"SEND-PRI-4 default-lowered"},
		Story: "The normal running priority is -1000.",
		take:  func(d *decisions) { d.priorityDefault = func(*process) int64 { return -1000 } }},
	{ID: "failed-send-changes-priority", Shows: []string{"SEND-PRI-5 failed-send-changed"},
		Story: "A send that fails changes the priority of its target too.",
		take:  func(d *decisions) { d.failedSendChanges = true }},
	{ID: "odd-change-ignored", Shows: []string{"SEND-PRI-5 bad-value-ignored"},
		Story: "A change-priority that is none of the four leaves the priority alone.",
		take:  func(d *decisions) { d.oddChangeIgnored = true }},
	{ID: "continued-send-true", Shows: []string{"SEND-DEAD-3 returns-another-value"},
		Story: "A send to a dead process that was continued returns t.",
		take:  func(d *decisions) { d.continued = spec.True{} }},
	{ID: "cleaning-dead-to-send", Shows: []string{"SEND-DEAD-5 in-cleanups-as-dead"},
		Story: "A send takes a process in its cleanups for dead.",
		take:  func(d *decisions) { d.cleaningAsDead = true }},
	{ID: "asked-dead-to-send", Shows: []string{"SEND-DEAD-5 asked-to-die-as-dead"},
		Story: "A send takes a process that was asked to die for dead.",
		take:  func(d *decisions) { d.askedAsDead, d.cleaningAsDead, d.kills = true, true, 5*time.Millisecond }},
	{ID: "unbegun-dead-to-send", Shows: []string{"SEND-DEAD-5 not-begun-as-dead"},
		Story: "A send takes a process that has not begun for dead.",
		take:  func(d *decisions) { d.newAsDead, d.begins = true, 30*time.Millisecond }},
	{ID: "dead-gets-mailbox", Shows: []string{"SEND-DEAD-6 mailbox-made"},
		Story: "A send to a dead process makes a mailbox for it, and puts nothing there.",
		take:  func(d *decisions) { d.mailboxOfDead = true }},
	{ID: "dead-send-waits-out", Shows: []string{"SEND-DEAD-7 false-after-timeout"},
		Story: "A send to a dead process with a limit and a time-out waits out its time.",
		take:  func(d *decisions) { d.deadWaitsOut = true }},
	{ID: "odd-limit-no-room", Shows: []string{"SEND-LIM-3 treated-as-no-room"},
		Story: "A limit that is no positive integer leaves no room.",
		take:  func(d *decisions) { d.oddLimit = func() (int, bool) { return 0, true } }},
	{ID: "odd-limit-none", Shows: []string{"SEND-LIM-3 treated-as-nil"},
		Story: "A limit that is no positive integer is none.",
		take:  func(d *decisions) { d.oddLimit = func() (int, bool) { return maxSize, false } }},
	{ID: "odd-limit-small", Shows: []string{"SEND-LIM-3 treated-as-small-limit"},
		Story: "A limit that is no positive integer is 1.",
		take:  func(d *decisions) { d.oddLimit = func() (int, bool) { return 1, true } }},
	{ID: "send-outlives-target", Shows: []string{"SEND-LIM-6 goes-on-waiting"},
		Story: "A send goes on waiting for room although its target has died.",
		take:  func(d *decisions) { d.outlivesTarget = true }},
	{ID: "death-is-false", Shows: []string{"SEND-LIM-6 false"},
		Story: "A waiting send whose target dies returns false, also with error-if-dead-p.",
		take:  func(d *decisions) { d.deathIsFalse = true }},
	{ID: "negative-timeout-zero", Shows: []string{"SEND-TMO-4 negative-as-zero"},
		Story: "A negative time-out is 0, in every operation.",
		take:  func(d *decisions) { d.negativeIsZero = true }},
	{ID: "odd-timeout-zero", Shows: []string{"SEND-TMO-4 non-real-as-zero"},
		Story: "A time-out that is no real number is 0, in every operation.",
		take:  func(d *decisions) { d.nonRealIsZero = true }},
	{ID: "name-is-designator", Shows: []string{"SEND-ARG-1 designator-accepted"},
		Story: "Process-send finds its target by name.",
		take:  func(d *decisions) { d.designators = true }},
}

var mailboxLiberties = []Liberty{
	{ID: "reader-nil", Shows: []string{"MBOX-MAKE-2 nil", "MBOX-RDR-1 nil"}, adds: []string{"mailbox-reader-process"},
		Story: "There is mailbox-reader-process, and it says nil.",
		take:  func(*decisions) {}},
	{ID: "reader-is-creator", Shows: []string{"MBOX-MAKE-2 creator", "MBOX-RDR-1 process"}, adds: []string{"mailbox-reader-process"},
		Story: "The process that makes a mailbox is its reader; a process reads its own.",
		take:  func(d *decisions) { d.readers = true }},
	{ID: "default-size-zero", Shows: []string{"MBOX-MAKE-3 default-zero", "MBOX-MAKE-3 size-zero-works"},
		Story: "A mailbox made without a size has none.",
		take:  func(d *decisions) { d.defaultSize, d.zeroWorks = func() int { return 0 }, true }},
	{ID: "default-size-varies", Shows: []string{"MBOX-MAKE-3 default-positive"},
		Story: "A mailbox made without a size has one between 1 and 4.",
		take:  func(d *decisions) { d.defaultSize = func() int { return 1 + rand.IntN(4) } }},
	{ID: "size-below-one-is-one", Shows: []string{"MBOX-MAKE-3 size-zero-works", "MBOX-MAKE-3 negative-size-works"},
		Story: "A mailbox made with a size below 1 has the size 1.",
		take: func(d *decisions) {
			d.zeroWorks, d.negativeSize, d.rounded = true, true, func(size int) int { return max(1, size) }
		}},
	{ID: "size-rounded", Shows: []string{"MBOX-MAKE-3 size-rounded-up"},
		Story: "The size of a new mailbox is rounded up to a power of two.",
		take:  func(d *decisions) { d.rounded = powerOfTwo }},
	{ID: "grows-by-one", Shows: []string{"MBOX-SIZE-1", "MBOX-SEND-2", "MBOX-LIM-2"},
		Story: "A full mailbox grows by one.",
		take:  func(d *decisions) { d.grown = func(size int) int { return size + 1 } }},
	{ID: "grows-by-half", Shows: []string{"MBOX-SIZE-1", "MBOX-SEND-2", "MBOX-LIM-2"},
		Story: "A full mailbox grows by half of its size.",
		take:  func(d *decisions) { d.grown = func(size int) int { return size + size/2 } }},
	{ID: "grows-by-a-hundred", Shows: []string{"MBOX-SIZE-1", "MBOX-SEND-2", "MBOX-LIM-2"},
		Story: "A full mailbox grows by a hundred.",
		take:  func(d *decisions) { d.grown = func(size int) int { return size + 100 } }},
	{ID: "grows-by-whim", Shows: []string{"MBOX-SIZE-1", "MBOX-SEND-2", "MBOX-LIM-2"},
		Story: "A full mailbox grows by one, two or three.",
		take:  func(d *decisions) { d.grown = func(size int) int { return size + 1 + rand.IntN(3) } }},
	{ID: "shrinks", Shows: []string{"MBOX-SIZE-2 shrinks"},
		Story: "A mailbox that is half empty after a read shrinks, but not below the size that it was made with.",
		take: func(d *decisions) {
			d.shrunk = func(m *mailbox) int {
				if len(m.objects) <= m.size/2 {
					return max(len(m.objects), m.made)
				}
				return m.size
			}
		}},
	{ID: "shrinks-to-one", Shows: []string{"MBOX-SIZE-2 shrinks"},
		Story: "After a read a mailbox has the size of what it holds, but at least 1.",
		take:  func(d *decisions) { d.shrunk = func(m *mailbox) int { return max(1, len(m.objects)) } }},
	{ID: "size-is-room", Shows: []string{"MBOX-SIZE-2 room-left"},
		Story: "Mailbox-size tells the room that is left.",
		take:  func(d *decisions) { d.roomLeft = true }},
	{ID: "send-returns-true", Shows: []string{"MBOX-SEND-3 true"},
		Story: "Mailbox-send returns t.",
		take:  func(d *decisions) { d.sent = yes }},
	{ID: "send-returns-nil", Shows: []string{"MBOX-SEND-3 nil"},
		Story: "Mailbox-send returns nil.",
		take:  func(d *decisions) { d.sent = no }},
	{ID: "send-returns-a-number", Shows: []string{"MBOX-SEND-3 another-value"},
		Story: "Mailbox-send returns 42.",
		take:  func(d *decisions) { d.sent = anything }},
	{ID: "first-come", Shows: []string{"MBOX-LIM-7 senders-in-order", "MBOX-READ-5 longest-waiting-reader"},
		Story: "Of those that wait for one thing the one that has waited longest is served first.",
		take:  func(d *decisions) { d.handsOver = func([]*waiter) {} }},
	{ID: "last-come", Shows: []string{"MBOX-LIM-7 senders-in-another-order", "MBOX-READ-5 another-reader"},
		Story: "Of those that wait for one thing the one that came last is served first.",
		take:  func(d *decisions) { d.handsOver = slices.Reverse[[]*waiter] }},
	{ID: "any-come", Shows: []string{"MBOX-LIM-7 senders-in-another-order", "MBOX-READ-5 another-reader", "MBOX-READ-6 read-taken-and-lost"},
		Story: "Of those that wait for one thing anyone is served first; what a killed one was given is lost.",
		take:  func(d *decisions) { d.handsOver, d.kills = shuffle[*waiter], 2*time.Millisecond }},
	{ID: "wait-function-first", Shows: []string{"MBOX-LIM-7 true-at-entry-refused"},
		Story: "A limited send whose wait function holds returns false although there is room.",
		take:  func(d *decisions) { d.enoughFirst = true }},
	{ID: "kill-loses-objects", Shows: []string{"MBOX-READ-6 read-taken-and-lost", "MBOX-READ-6 send-added"},
		Story: "A read that is killed takes what is there with it; a limited send that is killed adds if it can.",
		take:  func(d *decisions) { d.killTakes = true }},
	{ID: "no-mailbox-nil", Shows: []string{"MBOX-ARG-1 nil"},
		Story: "An operation on what is no mailbox returns nil.",
		take:  func(d *decisions) { d.notMailbox = no }},
	{ID: "no-mailbox-number", Shows: []string{"MBOX-ARG-1 another-value"},
		Story: "An operation on what is no mailbox returns 42.",
		take:  func(d *decisions) { d.notMailbox = anything }},
	{ID: "waits-on-any-mailbox", Shows: []string{"EVENT-PWE-3 honoured"},
		Story: "Process-wait-for-event takes a mailbox, and waits on it.",
		take:  func(d *decisions) { d.waitsOnAny = true }},
	{ID: "wait-function-decides", Shows: []string{"EVENT-MWE-4 wait-function-decides"},
		Story: "An event wait with a wait function waits for that, not for an object.",
		take:  func(d *decisions) { d.enoughOnly = true }},
}

var childLiberties = []Liberty{
	{ID: "two-values", Shows: []string{"REAP-SIG-3 two-values"}, drops: []string{"allegro-7+"},
		Story: "Reap-os-subprocess returns two values.",
		take:  func(d *decisions) { d.values = func(v []spec.Value) []spec.Value { return v[:2] } }},
	{ID: "four-values", Shows: []string{"REAP-SIG-3 more-values"},
		Story: "Reap-os-subprocess returns a fourth value.",
		take: func(d *decisions) {
			d.values = func(v []spec.Value) []spec.Value { return append(slices.Clone(v), spec.Keyword("more")) }
		}},
	{ID: "reaping-suspends", Shows: []string{"REAP-WAIT-2 others-suspended"},
		Story: "While a process waits in reap-os-subprocess the others are suspended.",
		take:  func(d *decisions) { d.holdsOthers = true }},
	{ID: "interrupted-wait-fails", Shows: []string{"REAP-WAIT-3 error"},
		Story: "A wait for a child signals an error when another child ends.",
		take:  func(d *decisions) { d.interrupted = refuses("interrupted by a signal") }},
	{ID: "interrupted-wait-nil", Shows: []string{"REAP-WAIT-3 returns-nil"},
		Story: "A wait for a child returns nil when another child ends.",
		take:  func(d *decisions) { d.interrupted = answers(spec.Nil{}, spec.Nil{}, spec.Nil{}) }},
	{ID: "status-negative", Shows: []string{"REAP-STAT-3 negative-signal-number"},
		Story: "The status of a child that a signal ended is the negative of its number.",
		take:  func(d *decisions) { d.signalStatus = func(n, _ int64) spec.Value { return spec.Int(-n) } }},
	{ID: "status-plus-128", Shows: []string{"REAP-STAT-3 signal-plus-128"},
		Story: "The status of a child that a signal ended is 128 more than its number.",
		take:  func(d *decisions) { d.signalStatus = func(n, _ int64) spec.Value { return spec.Int(128 + n) } }},
	{ID: "status-raw", Shows: []string{"REAP-STAT-3 raw-wait-word"},
		Story: "The status of a child that a signal ended has the mark of a core dump too.",
		take:  func(d *decisions) { d.signalStatus = func(n, core int64) spec.Value { return spec.Int(n + core) } }},
	{ID: "status-zero", Shows: []string{"REAP-STAT-3 zero-with-third-value"},
		Story: "The status of a child that a signal ended is 0; the third value has the number.",
		take:  func(d *decisions) { d.signalStatus = func(int64, int64) spec.Value { return spec.Int(0) } }},
	{ID: "status-another", Shows: []string{"REAP-STAT-3 another-integer-with-third-value"},
		Story: "The status of a child that a signal ended is 1000; the third value has the number.",
		take:  func(d *decisions) { d.signalStatus = func(int64, int64) spec.Value { return spec.Int(1000) } }},
	{ID: "odd-wait-refused", Shows: []string{"REAP-ARG-1 odd-wait-error"},
		Story: "A wait that is neither t nor nil is an error.",
		take:  func(d *decisions) { d.oddWait = true }},
	{ID: "pid-of-command", Shows: []string{"REAP-RSC-3 command-pid"},
		Story: "A shell that has only one program to run becomes it.",
		take:  func(d *decisions) { d.execs = true }},
}

// Where the documents bound no time, and let a message be heard later than what it tells of.
var timingLiberties = []Liberty{
	{ID: "kills-anywhere", Shows: []string{"PROC-KILL-1", "PROC-KILL-2", "PROC-JOIN-1"},
		Story: "A killed process ends wherever it stands, also between two operations, and tells of it afterwards.",
		take:  func(d *decisions) { d.killsAnywhere, d.goners = true, 3*time.Millisecond }},
	{ID: "kills-anywhere-later", Shows: []string{"PROC-KILL-1", "PROC-KILL-7 target-alive-on-return"},
		Story: "A killed process goes on for up to five milliseconds, then ends wherever it stands.",
		take:  func(d *decisions) { d.killsAnywhere, d.kills, d.goners = true, 5*time.Millisecond, time.Millisecond }},
	{ID: "kills-late", Shows: []string{"PROC-KILL-1", "PROC-KILL-7 target-alive-on-return", "CLEAN-INP-3 kill-pending-nil"},
		Story: "A killed process goes on for up to twenty milliseconds.",
		take:  func(d *decisions) { d.kills = 20 * time.Millisecond }},
	{ID: "kills-spare-answers", Shows: []string{"PROC-KILL-1", "MBOX-READ-6 read-still-queued"},
		Story: "What a waiting process was given before a kill reached it, it still tells; the next operation is gone.",
		take: func(d *decisions) {
			d.handsOver, d.answersFirst, d.kills = func([]*waiter) {}, true, 2*time.Millisecond
		}},
	{ID: "kills-anywhere-cleanups-first", Shows: []string{"PROC-KILL-1", "CLEAN-UNW-1 cleanups-first"},
		Story: "A killed process ends wherever it stands, its cleanups first, then its forms of unwind-protect.",
		take:  func(d *decisions) { d.killsAnywhere, d.cleanupsFirst, d.goners = true, true, 3*time.Millisecond }},
	{ID: "gone-told-late", Shows: []string{"PROC-KILL-1", "PROC-JOIN-1"},
		Story: "That an operation is gone is told up to twenty milliseconds late, long after the process was joined.",
		take:  func(d *decisions) { d.killsAnywhere, d.goners = true, 20*time.Millisecond }},
	{ID: "answers-told-late", Shows: []string{"SEND-Q-5", "MBOX-READ-1"},
		Story: "Answers are told up to three milliseconds late, each process's on its own.",
		take:  func(d *decisions) { d.returns = 3 * time.Millisecond }},
	{ID: "enters-told-late", Shows: []string{"PROC-CREATE-7", "CLEAN-RUN-1"},
		Story: "That code is entered is told up to three milliseconds late.",
		take:  func(d *decisions) { d.enters = 3 * time.Millisecond }},
	{ID: "all-told-late", Shows: []string{"SEND-Q-5", "PROC-CREATE-7", "PROC-JOIN-1"},
		Story: "Everything is told late.",
		take: func(d *decisions) {
			d.killsAnywhere, d.returns, d.enters, d.goners = true, 2*time.Millisecond, 2*time.Millisecond, 5*time.Millisecond
		}},
	{ID: "woken-for-nothing", Shows: []string{"PROC-WAIT-1", "MBOX-READ-2"},
		Story: "Who waits looks every millisecond.",
		take:  func(d *decisions) { d.alarms = time.Millisecond }},
	{ID: "begins-late", Shows: []string{"PROC-CREATE-7 not-begun", "PROC-LIST-4 not-begun-listed", "SEND-DEAD-5 not-begun-as-alive",
		"PROC-KILL-8 function-never-runs", "PROC-KILL-8 outside-cleanups-run"},
		Story: "A process begins up to thirty milliseconds after it was made.",
		take:  func(d *decisions) { d.begins = 30 * time.Millisecond }},
	{ID: "timeouts-noticed-late", Shows: []string{"MBOX-READ-3", "SEND-TMO-2", "PROC-JOIN-1"},
		Story: "That its time is out a process notices up to thirty milliseconds late.",
		take:  func(d *decisions) { d.timeouts = 30 * time.Millisecond }},
	{ID: "child-ends-noticed-late", Shows: []string{"REAP-WAIT-1", "REAP-ZOMB-5"},
		Story: "Who waits for a child notices its end up to thirty milliseconds late.",
		take:  func(d *decisions) { d.childEnds = 30 * time.Millisecond }},
	{ID: "everything-late", Shows: []string{"PROC-CREATE-7 not-begun", "PROC-KILL-1", "MBOX-READ-3", "REAP-WAIT-1"},
		Story: "Processes begin and end late, kills land late, and all is told late, the last come served first.",
		take: func(d *decisions) {
			d.killsAnywhere, d.handsOver = true, slices.Reverse[[]*waiter]
			d.timing = timing{begins: 5 * time.Millisecond, kills: 5 * time.Millisecond, enters: time.Millisecond, returns: time.Millisecond,
				goners: 5 * time.Millisecond, timeouts: 10 * time.Millisecond, childEnds: 10 * time.Millisecond, alarms: time.Millisecond}
		}},
}

func shuffle[T any](list []T) {
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func powerOfTwo(size int) int {
	n := 1
	for n < size {
		n *= 2
	}
	return n
}
