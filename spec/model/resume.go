package model

import "github.com/mpcheck/mpcheck/spec"

// What a machine that runs programs as data needs of a state: it has no code that waits for
// values, so outcomes stay terms, and an outcome is taken in the same stroke as the next call
// is made: [State.Settle] and [State.Resume] belong to the latest step of the log, which Revert takes back with them.

// Taken returns the outcome of a frame's operation without taking it: its status, how many
// values it has, and their terms, four at most. A value of which the documents say nothing is [NoTerm].
func (s *State) Taken(f ID) (status spec.Status, count int, values [4]Term) {
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

// Settle makes a frame whose outcome is known one whose operation is open again, which is what
// the hash says where outcomes are fleeting. [State.Resume] or [State.Leave] must follow.
func (s *State) Settle(f ID, log *UndoLog) {
	s.log = log
	s.setLayout(f, frameState, frameOpen)
	base := s.base[f]
	for at := base + frameStatus; at < base+frameMore; at++ {
		if s.cells[at] != 0 {
			s.write(at, 0)
		}
	}
}

// Resume is [State.Return], whose outcome is thrown away, and then [State.Call].
func (s *State) Resume(f ID, o *Operation, log *UndoLog) {
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
