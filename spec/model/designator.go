package model

import "github.com/mpcheck/mpcheck/spec"

// A send to what is no process may be refused, or find the process that is meant: by its
// name, nil being the caller; or add its object to a mailbox. What it may mean beside is unknown.

// Ways of a send to a mailbox; and to one of the processes that have a name, by its number.
const (
	sendToBox = 1 << 10
	sendTo    = sendToBox + 1
)

func (s *State) designatorActs(act Act, out []Act) []Act {
	act.Touches = everything
	act.Choice = doubtInVain
	out = append(out, act)
	if _, ok := s.u.Object(s.u.Value(Term(s.arg(act.Frame, sendGiven))), KindMailbox); ok {
		act.Choice = sendToBox
		out = append(out, act)
	}
	for i := range s.meant(act) {
		act.Choice = uint16(sendTo + i)
		out = append(out, act)
	}
	return out
}

// meant lists the processes that an argument may designate.
func (s *State) meant(act Act) []ID {
	switch v := s.u.Value(Term(s.arg(act.Frame, sendGiven))).(type) {
	case spec.Nil:
		return []ID{act.Process}
	case spec.String, spec.Symbol:
		listed, open := s.law.fitting(s, act.Process, v)
		return append(listed, open...)
	}
	return nil
}

// resolveDesignator makes the argument the process that it means.
func (s *State) resolveDesignator(act Act) {
	s.cite("SEND-ARG-1")
	f := act.Frame
	if act.Choice == sendToBox {
		m, _ := s.u.Object(s.u.Value(Term(s.arg(f, sendGiven))), KindMailbox)
		s.deliver(m, Term(s.arg(f, argObject)), 0, act)
		s.returns(f, TrueTerm)
		return
	}
	p := s.meant(act)[act.Choice-sendTo]
	s.note(f, argSubject, uint64(p))
	s.note(f, sendGiven, 0)
	s.set(f, frameDoubt, 0)
}
