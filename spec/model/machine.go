package model

import "github.com/mpcheck/mpcheck/spec"

// What a machine needs of a state that runs programs as data, or code that was learned: it has no
// code that waits for values, so outcomes stay terms, and an outcome is taken in the same stroke as
// the next call is made: [State.DropOutcome] and [State.ReturnAndCall] belong to the latest step of the log, which Revert takes
// back with them.

// OutcomeTerms is [State.Outcome] in terms: the status of a frame's operation, how many values it
// has, and these, four at most. A value of which the documents say nothing is [NoTerm].
func (s *State) OutcomeTerms(f ID) (status spec.Status, count int, values [4]Term) {
	switch s.get(f, frameStatus) {
	case statusSignalled:
		return spec.Signalled, 0, values
	case statusGone:
		return spec.Gone, 0, values
	}
	var room [valueCells]Term
	count = copy(values[:], s.values(f, room[:0]))
	return spec.Returned, count, values
}

// An Answer is the outcome of an operation as terms: two that are the same are equal.
type Answer struct {
	Status spec.Status
	// Count is the number of values. More than there is room for stand in one list, the first of Values.
	Count  uint16
	fault  uint32
	Values [valueCells]Term
}

// AnswerOf returns the outcome of a frame's operation without taking it.
func (s *State) AnswerOf(f ID) (a Answer) {
	switch s.get(f, frameStatus) {
	case statusSignalled:
		return Answer{Status: spec.Signalled, fault: uint32(s.get(f, frameFault))}
	case statusGone:
		return Answer{Status: spec.Gone}
	}
	a.Count = uint16(s.get(f, frameCount))
	for i := range min(uint8(a.Count), valueCells) {
		a.Values[i] = Term(s.get(f, frameValues+i))
	}
	if a.Count > valueCells {
		a.Values = [valueCells]Term{a.Values[0]}
	}
	return a
}

// Return is the answer as code is given it.
func (u *Universe) Return(a Answer) spec.Return {
	r := spec.Return{Status: a.Status}
	switch a.Status {
	case spec.Signalled:
		r.Condition = u.conditions[a.fault]
	case spec.Returned:
		if a.Count > valueCells {
			r.Values, _ = spec.Items(u.Value(a.Values[0]))
			break
		}
		r.Values = make([]spec.Value, a.Count)
		for i := range r.Values {
			r.Values[i] = u.Value(a.Values[i])
		}
	}
	return r
}

// ArgumentsOf is the list of the arguments of a frame's code.
func (s *State) ArgumentsOf(f ID) Term { return Term(s.get(f, frameArguments)) }

// LeaveWith is [State.Leave] with the list of the values as a term.
func (s *State) LeaveWith(f ID, values Term, log *UndoLog) {
	s.begin(log)
	s.leave(f, values)
}

// DropOutcome takes the outcome of a frame's operation out of the state: the operation is open again,
// which is what the hash says where outcomes are fleeting. [State.ReturnAndCall] or [State.Leave]
// must follow.
func (s *State) DropOutcome(f ID, log *UndoLog) {
	s.log = log
	s.setLayout(f, frameState, frameOpen)
	base := s.base[f]
	for at := base + frameStatus; at < base+frameMore; at++ {
		if s.cells[at] != 0 {
			s.write(at, 0)
		}
	}
}

// ReturnAndCall is [State.Return], whose outcome is thrown away, and then [State.Call].
func (s *State) ReturnAndCall(f ID, o *Operation, log *UndoLog) {
	s.log = log
	s.clear(f, frameCall, frameDeadline)
	s.clear(f, frameStatus, frameMore)
	s.begins(f, o)
}

// CodeOf returns the number of the callback that a frame runs, 0 for the outermost.
func (s *State) CodeOf(f ID) spec.Callback {
	if code := s.get(f, frameCode); code != 0 {
		return spec.Callback(code - 1)
	}
	return 0
}

// Merge makes the latest two steps one, which one Revert takes back.
func (l *UndoLog) Merge() { l.marks = l.marks[:len(l.marks)-1] }

// Sum is [State.Hash] as two numbers, to which others of the like may be added.
func (s *State) Sum() (a, b uint64) { return s.sum.a, s.sum.b }
