package model

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Reap-os-subprocess, and os-wait, which it replaced: what becomes of a call by the decision table. What it
// asks for is in reap_sig.go, who is considered in reap_sel.go, how a call waits in reap_wait.go, and how an
// end is told in reap_stat.go.

var reapRules = []rule{
	{
		op:        "reap-os-subprocess",
		decode:    decodeReap,
		enabled:   reapActs,
		effect:    func(s *State, act Act) { s.law.reaps(s, act) },
		waits:     waitsForChild,
		foretells: true,
		reaps:     true,
	},
	{
		op:        "os-wait",
		decode:    decodeOsWait,
		enabled:   reapActs,
		effect:    func(s *State, act Act) { s.law.reaps(s, act) },
		waits:     waitsForChild,
		foretells: true,
		reaps:     true,
	},
}

// A reapLaw decides what a call asks for, whom it considers, how long it waits, and what it answers.
type reapLaw struct {
	// reapPID is the pid that a call asks for, and reapWaits whether it would wait.
	reapPID   func(s *State, f ID) int64
	reapWaits func(s *State, f ID) bool
	// selects tells whether a pid selects a child, and unreaped whether there is something to report of one.
	selects  func(s *State, c ID, pid int64) bool
	unreaped func(s *State, c ID) bool
	// holdsReaper tells whether a call waits that has nothing to report; reaperActs lists what may happen while
	// it does.
	holdsReaper func(waits, running bool) bool
	reaperActs  func(s *State, r reaping, act Act, out []Act) []Act

	// reaps is what becomes of a call.
	reaps func(s *State, act Act)
	// collects takes a child that is reported out of the system, and tellsEnd says which values tell of it.
	collects func(s *State, r reaping, c ID)
	tellsEnd func(s *State, r reaping, c ID, status, signal spec.Value) childReport
	// answersRunning and answersNone answer a call that has nothing to report: while considered children run,
	// and where there are none.
	answersRunning func(s *State, r reaping)
	answersNone    func(s *State, r reaping)
}

var documentedReaping = reapLaw{
	reapPID:        (*State).reapPID,
	reapWaits:      (*State).reapWaits,
	selects:        (*State).selects,
	unreaped:       (*State).isZombie,
	holdsReaper:    func(waits, running bool) bool { return waits && running },
	reaperActs:     (*State).reaperActs,
	reaps:          reap,
	collects:       func(s *State, _ reaping, c ID) { s.set(c, childPhase, childReaped) },
	tellsEnd:       tellEnd,
	answersRunning: answerRunning,
	answersNone:    answerNone,
}

// A reaping is an open call and what it finds.
type reaping struct {
	f       ID
	pid     int64
	waits   bool
	osWait  bool
	zombies []ID // of the considered children, those to report
	running ID   // and one that runs, or 0
	maybe   []ID // those that may be reported, or not
}

func (s *State) reaping(f ID) reaping {
	r := reaping{f: f, pid: s.law.reapPID(s, f), waits: s.law.reapWaits(s, f), osWait: s.arg(f, askedFlags)&reapOsWait != 0}
	r.zombies, r.running = s.considered(r.pid)
	if s.open {
		for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
			if s.law.unreaped(s, c) && s.mayConsider(c, r.pid) {
				r.maybe = append(r.maybe, c)
			}
		}
	}
	return r
}

// reported is the nth of the children that may be reported.
func (r *reaping) reported(n uint16) ID {
	if int(n) < len(r.zombies) {
		return r.zombies[n]
	}
	return r.maybe[int(n)-len(r.zombies)]
}

// cite cites what is said of reap-os-subprocess; of os-wait only one thing is: that it does the same.
func (r *reaping) cite(s *State, ids ...string) {
	if s.cited != nil {
		s.cited.add(r.speaking(ids), -1)
	}
}

func (r *reaping) citeValue(s *State, n int, ids ...string) {
	if s.cited != nil {
		s.cited.add(r.speaking(ids), n)
	}
}

func (r *reaping) speaking(ids []string) []string {
	if r.osWait {
		return []string{"REAP-SIG-2"}
	}
	return ids
}

// The ways of a reap: a zombie to report, by its place among the considered ones and how
// its status is told; none to report; or the beginning of the wait, in one of two ways.
const (
	reapNone = 1<<16 - 1 - iota
	reapSuspends
	reapMaySuspend
	reapLetsRun
	reapRefuses
	reapInterrupted  // by a signal: an error
	reapCutShort     // by a signal: nil
	reapMistaken     // a mutant's
	reapTakesAll     // the children of run and start are considered,
	reapLeavesThem   // or they are not
	reapTakesOrphans // orphans are the adapter's children,
	reapLeavesOrphans
	reapNoneYet // none to report, but one runs that another call waits for
)

func reapActs(s *State, act Act, out []Act) []Act {
	r := s.reaping(act.Frame)
	act.Touches = onlyWrites(allChildren)
	if s.arg(r.f, notedSuspends) != 0 { // it lets the others go on
		act.Touches = everything
	}
	if s.arg(r.f, askedOddly) != 0 { // an error, or as true
		refused := act
		refused.Choice = reapRefuses
		out = append(out, refused)
	}
	if s.decided(stickyScope) == undecided && s.consideredIf(r.pid, s.isOfProgram) {
		for _, act.Choice = range []uint16{reapTakesAll, reapLeavesThem} {
			out = append(out, act)
		}
		return out
	}
	if s.consideredWere(r.pid) {
		for _, act.Choice = range []uint16{reapTakesOrphans, reapLeavesOrphans} {
			out = append(out, act)
		}
		return out
	}
	for i, c := range slices.Concat(r.zombies, r.maybe) {
		for _, way := range s.statusWays(r.f, c) {
			act.Choice = uint16(i*statusWayCount + way)
			out = append(out, act)
		}
	}
	if len(r.zombies) > 0 {
		return out
	}
	if !s.law.holdsReaper(r.waits, r.running != 0) {
		act.Choice = reapNone
		out = append(out, act)
		if act.Choice = reapNoneYet; !r.waits && r.running == 0 && s.maybeRuns(r.pid) {
			out = append(out, act)
		}
		return out
	}
	return s.law.reaperActs(s, r, act, out)
}

// reap follows the decision table: a zombie's status and pid, or nil and the pid argument
// while considered children run, or nil and nil where there are none.
func reap(s *State, act Act) {
	r := s.reaping(act.Frame)
	switch act.Choice {
	case reapLetsRun, reapSuspends, reapMaySuspend:
		s.beginReapWait(&r, act.Choice)
		return
	case reapTakesAll, reapLeavesThem:
		r.cite(s, "REAP-SCOPE-1")
		way := uint64(first)
		if act.Choice == reapLeavesThem {
			way = second
		}
		s.decide(stickyScope, way)
		return
	case reapTakesOrphans:
		r.cite(s, "REAP-NONE-2")
		s.decide(stickyOrphans, second)
		return
	case reapLeavesOrphans:
		s.decide(stickyOrphans, first)
		return
	}
	s.endReapWait(r.f)
	switch act.Choice {
	case reapRefuses:
		r.cite(s, "REAP-ARG-1")
		s.signal(r.f, s.u.condition(spec.Condition{Type: "type-error", Message: "wait is neither t nor nil"}))
	case reapInterrupted:
		r.interrupt(s)
		s.signal(r.f, s.u.condition(spec.Condition{Type: "simple-error", Message: "interrupted by a signal"}))
	case reapCutShort:
		r.interrupt(s)
		s.returns(r.f, NilTerm, unspecified, unspecified, unspecified)
	case reapNone, reapNoneYet:
		if r.running != 0 || act.Choice == reapNoneYet {
			s.law.answersRunning(s, r)
		} else {
			s.law.answersNone(s, r)
		}
	default:
		s.reportChild(r, r.reported(act.Choice/statusWayCount), int(act.Choice)%statusWayCount)
	}
}

// A childReport is what a call returns of a child.
type childReport struct{ status, pid, signal spec.Value }

// reportChild returns a child's status and pid, and takes it out of the system.
func (s *State) reportChild(r reaping, c ID, way int) {
	r.citeChoice(s, c)
	status, signal := s.status(&r, c, way)
	r.citeReport(s)
	s.law.collects(s, r, c)
	if s.open && s.isOfProgram(c) {
		s.cite("REAP-SCOPE-1")
		s.set(c, childKind, s.get(c, childKind)|childTaken)
	}
	told := s.law.tellsEnd(s, r, c, status, signal)
	s.returns(r.f, s.u.Intern(told.status), s.u.Intern(told.pid), s.u.Intern(told.signal))
}

// tellEnd: the status comes first, then the child's own pid.
func tellEnd(s *State, _ reaping, c ID, status, signal spec.Value) childReport {
	return childReport{status, spec.Int(s.get(c, childPID)), signal}
}

// citeChoice cites why it is this child that is reported.
func (r *reaping) citeChoice(s *State, c ID) {
	if s.cited == nil {
		return
	}
	if s.reapedBeside(r.f, c) {
		r.cite(s, "REAP-CONC-1")
	}
	if s.splits(r.pid) {
		r.citeSelection(s)
	}
	if len(r.zombies) > 1 || s.unreapedBeside(r.pid) { // one child per call
		r.cite(s, "REAP-EXIT-2")
	}
	r.citeValue(s, 1, "REAP-EXIT-1")
	r.cite(s, "REAP-EXIT-1")
}

// citeReport cites what else is said of a report.
func (r *reaping) citeReport(s *State) {
	if s.cited == nil {
		return
	}
	if !r.waits {
		r.cite(s, "REAP-NOHANG-2")
	}
	r.cite(s, "REAP-ZOMB-2")
	if s.reportedBefore() {
		r.cite(s, "REAP-ZOMB-4")
	}
	r.citeSelection(s)
	r.cite(s, "REAP-FN-1", "REAP-SIG-3") // the third value may be left out
}

// reapedBeside tells whether another process's call might report the child instead.
func (s *State) reapedBeside(f, c ID) bool {
	for p := range s.everybody {
		if g := s.innermost(p); g != 0 && g != f && s.isReaping(g) && s.considers(c, s.law.reapPID(s, g)) {
			return true
		}
	}
	return false
}

// isReaping tells whether a frame's open operation is a call that reaps.
func (s *State) isReaping(f ID) bool {
	return s.get(f, frameState) == frameOpen && s.get(f, frameFault) == 0 && rules[s.get(f, frameRule)].reaps
}

// answerRunning: nil and the pid argument, whoever runs.
func answerRunning(s *State, r reaping) {
	r.citeRunning(s)
	s.answerNothing(r, spec.Int(r.pid))
}

// answerNone: nil and nil, whether the call would wait or not.
func answerNone(s *State, r reaping) {
	r.citeNone(s)
	s.answerNothing(r, spec.Nil{})
}

func (s *State) answerNothing(r reaping, second spec.Value) {
	s.returns(r.f, NilTerm, s.u.Intern(second), NilTerm)
}

// citeRunning cites what is said of an answer while considered children run.
func (r *reaping) citeRunning(s *State) {
	if s.cited == nil {
		return
	}
	if s.splits(r.pid) {
		r.citeSelection(s)
	}
	if s.considersStopped(r.pid) {
		r.cite(s, "REAP-STOP-1")
	}
	r.cite(s, "REAP-NOHANG-3", "REAP-NOHANG-4")
	r.citeOthers(s)
	r.citeSelection(s)
}

// citeNone cites what is said of an answer where there is nobody to consider.
func (r *reaping) citeNone(s *State) {
	if s.cited == nil {
		return
	}
	if s.consideredIf(r.pid, s.waitedFor) {
		r.cite(s, "REAP-ZOMB-5")
	}
	if s.isStranger(r.pid) {
		r.cite(s, "REAP-NONE-2")
	}
	if s.splits(r.pid) {
		r.citeSelection(s)
	}
	reported := s.consideredIf(r.pid, func(c ID) bool { return !s.waitedFor(c) && s.get(c, childPhase) == childReaped })
	if reported && r.pid > 0 {
		r.citeValue(s, 1, "REAP-EXIT-3")
	}
	if r.waits {
		r.cite(s, "REAP-NONE-1")
	} else {
		r.cite(s, "REAP-NOHANG-1")
	}
	if reported {
		r.citeValue(s, 1, "REAP-EXIT-3")
	}
	r.citeOthers(s)
}

// citeOthers cites what is said of any answer that reports nobody.
func (r *reaping) citeOthers(s *State) {
	if s.unreapedBeside(r.pid) {
		r.cite(s, "REAP-SEL-5")
	}
	if s.reportedBefore() {
		r.cite(s, "REAP-DEP-1")
	}
	r.cite(s, "REAP-FN-1")
}

func waitsForChild(s *State, f ID) string {
	return fmt.Sprintf("the end of a child that pid %d considers", s.reapPID(f))
}
