package model

import "github.com/mpcheck/mpcheck/spec"

// process-run-function where multiprocessing is off (PROC-CREATE-8): an error, or a process that begins once it has
// started, or what starts it.

// isWithout tells whether multiprocessing is off where a process, or a thread, makes another.
func (s *State) isWithout(p ID) bool { return !s.runsProcesses(s.imageOf(p)) }

// withoutProcesses is the error of an operation that takes a process which runs it.
var withoutProcesses = spec.Condition{Type: "simple-error", Message: "multiprocessing is off"}

// mayRefuseOff tells whether an operation may be refused where multiprocessing is off: the pages of those that have nothing to do
// with starting it say nothing of that.
func (s *State) mayRefuseOff(f ID, op string) bool {
	if !s.several || !s.isWithout(s.processOf(f)) {
		return false
	}
	row := spec.LookupOp(op)
	switch op {
	case "get-current-process", "mailbox-wait-for-event", "process-run-function": // see PROC-CUR-2, EVENT-MWE-6, PROC-CREATE-8
		return false
	}
	return row.Area != "INIT" && row.Area != ""
}

// offDecides is a way of creating that only decides which way that goes.
const offDecides = 1 << 14

func (s *State) offActs(act Act, out []Act) []Act {
	act.Touches = everything
	if s.decided(stickyOff) != undecided || s.get(s.imageOf(act.Process), imageState) != imageOff {
		return append(out, act)
	}
	for _, way := range []uint16{first, second, third} {
		act.Choice = offDecides | way
		out = append(out, act)
	}
	return out
}

// createsWithout answers a call where multiprocessing is off; false where a process is made all the same.
func (s *State) createsWithout(act Act) bool {
	image := s.imageOf(act.Process)
	if !s.isWithout(act.Process) {
		return false
	}
	s.cite("PROC-CREATE-8")
	switch {
	case act.Choice&offDecides != 0:
		s.decide(stickyOff, uint64(act.Choice&^offDecides))
		return true
	case s.get(image, imageState) != imageOff:
		s.cite("INIT-BOOT-8")
		s.signalPlain(act.Frame, "multiprocessing can't be used")
		return true
	case s.decided(stickyOff) == first:
		s.signalPlain(act.Frame, "multiprocessing is off")
		return true
	case s.decided(stickyOff) == third:
		s.set(image, imageState, imageRuns)
		return true
	}
	return false
}
