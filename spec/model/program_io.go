package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Redirections: what the standard streams of a program are.

// redirects reads what the nth redirection is given.
func (o *Operation) redirects(u *Universe, n int, v spec.Value, flags uint64) *spec.Condition {
	_, isPath := pathOf(v)
	_, isStream := u.Object(v, KindStream)
	switch {
	case !spec.Truth(v), v == spec.Value(spec.True{}), isPath, isStream:
	case v == spec.Keyword("stream"):
		if flags&programStarts == 0 {
			o.cite("EXT-RUN-8")
			o.doubts(u, &spec.Condition{Type: "program-error", Message: ":stream given to run"})
			v = spec.Nil{} // what is written to it is lost
		}
	case v == spec.Keyword("output"):
		if n != 2 {
			o.cite("EXT-IO-8")
			o.doubts(u, &spec.Condition{Type: "program-error", Message: ":output is for error"})
			v = spec.Nil{}
		}
	default:
		return wrongType("a redirection", v, "nil, t, a stream, a pathname, :stream or :output")
	}
	o.put(programIn+slot(n), uint64(u.Intern(v)))
	return nil
}

// modes is in how many ways the nth redirection may go: more than one only where an open state lists what the
// documents leave open. Which is which is below.
func (s *State) modes(f ID, n uint8) uint16 {
	if !s.open {
		return 1
	}
	given := Term(s.arg(f, programIn+slot(n)))
	path, isPath := pathOf(s.u.Value(given))
	switch {
	case given == NoTerm:
		return uint16(len(s.defaults(f, n)))
	case !isPath || path == nullDevice:
		return 1
	}
	file, option := s.fileAt(s.u.Intern(path)), Term(s.arg(f, programIfIn+slot(n)))
	there := file != 0 && s.get(file, fileExists) != 0
	switch {
	case there == (n == 0):
		return 1
	case option == NilTerm:
		return fileMissing + 1 - fileError
	case option != NoTerm:
		return 1
	}
	return 4
}

// defaults are what the nth redirection may be that is not given.
func (s *State) defaults(f ID, n uint8) []spec.Value {
	out := []spec.Value{spec.Nil{}, spec.True{}}
	if s.arg(f, programFlag)&programStarts != 0 {
		out = append(out, spec.Keyword("stream"))
	}
	if n == 2 {
		out = append(out, spec.Keyword("output"))
	}
	return out
}

// What becomes of a file that is there although it is to be made, or that isn't although it is to be read, where no option
// says so; and where that is nil.
const (
	fileError = iota
	fileSupersede
	fileAppend
	fileNone // nil is returned

	fileMissing = 1
)

// redirected is what the nth descriptor becomes; or the call has failed.
func (s *State) redirected(act Act, n uint8, before [3]ID) (d ID, failed bool) {
	f, mode := act.Frame, act.Choice>>(2*n)&3
	v := s.u.Value(Term(s.arg(f, programIn+slot(n))))
	if Term(s.arg(f, programIn+slot(n))) == NoTerm {
		s.cite("EXT-IO-9")
		v = s.defaults(f, n)[mode]
	}
	if stream, ok := s.u.Object(v, KindStream); ok {
		if s.get(stream, streamEnds)&[...]uint64{streamReads, streamWrites, streamWrites}[n] == 0 {
			s.signal(f, s.streamError("the stream is not open that way"))
			return 0, true
		}
		late := s.get(stream, streamKind) == streamString && s.arg(f, programFlag)&programStarts != 0
		if late {
			s.cite("EXT-IO-5")
		} else {
			s.cite("EXT-IO-4")
		}
		if s.open && s.get(stream, streamKind) != streamPipe {
			s.set(stream, streamGiven, max(s.get(stream, streamGiven), givenOnce+bit(late)))
		}
		return s.law.given(s, act, n, stream), false
	}
	if path, ok := pathOf(v); ok {
		return s.redirectedToFile(act, n, path, mode)
	}
	switch v {
	case spec.Value(spec.True{}):
		s.cite("EXT-IO-3")
		return s.law.standard(s, act, n), false
	case spec.Keyword("stream"):
		return s.pipeTo(act, n), false
	case spec.Keyword("output"):
		s.cite("EXT-IO-7")
		if s.arg(f, programFlag)&programStarts != 0 {
			p := s.made(act, 0, KindProgram)
			s.set(p, programFlags, errorIsOutput)
		}
		return s.law.joined(s, act, before[1]), false
	}
	if n == 0 {
		s.cite("EXT-IO-1")
	} else {
		s.cite("EXT-IO-2")
	}
	return s.law.nothing(s, act, n), false
}

// pipeTo is a pipe between the nth descriptor and the Lisp.
func (s *State) pipeTo(act Act, n uint8) ID {
	ends := uint64(streamReads)
	if n == 0 {
		ends = streamWrites
	}
	s.cite(streamClauses[n])
	p := s.made(act, 0, KindProgram)
	t := s.newStream(s.u.StreamOf(p, uint32(n)), streamPipe, ends)
	s.set(p, programStream+n, uint64(t))
	return t
}

// redirectedToFile opens the file of a path.
func (s *State) redirectedToFile(act Act, n uint8, path spec.String, mode uint16) (d ID, failed bool) {
	f := act.Frame
	if path == nullDevice {
		s.cite("EXT-IO-6")
		return 0, false
	}
	file := s.fileAt(s.u.Intern(path))
	if file == 0 {
		s.signal(f, s.noFile(s.u.Intern(path)))
		return 0, true
	}
	s.cite("EXT-IO-6")
	there, option := s.get(file, fileExists) != 0, Term(s.arg(f, programIfIn+slot(n)))
	if there == (n == 0) { // as it should be
		if s.set(file, fileExists, 1); n > 0 && !there {
			s.emptyFile(file)
		}
		return s.law.filed(s, act, n, file), false
	}
	s.cite("EXT-IF-1")
	way := mode
	if option != NoTerm {
		way = uint16(slices.Index(openWays, s.u.Value(option)))
		if way == 3 { // :create, which makes what isn't there, and is nothing that an output says
			way = fileSupersede
		}
		if option == NilTerm {
			if way = fileNone; mode == fileMissing {
				way = fileError
			}
		}
	}
	switch way {
	case fileSupersede:
		s.emptyFile(file)
	case fileAppend:
		s.set(file, fileExists, 1)
	case fileNone:
		s.returns(f, NilTerm)
		return 0, true
	default:
		s.signal(f, s.u.condition(spec.Condition{Type: "file-error", Message: "the file is there, or isn't: " + path.String()}))
		return 0, true
	}
	return s.law.filed(s, act, n, file), false
}

// openedFile opens a file for the nth descriptor.
func openedFile(s *State, act Act, n uint8, file ID) ID {
	t := s.newStream(s.made(act, besideStream|uint32(n)<<besideNumber, KindStream), streamOnFile, 0)
	s.set(t, streamFile, uint64(file))
	return t
}

// The streams that a call opens beside what it makes are told apart by these bits of their names.
const (
	besideStream = 1 << 29
	besideNumber = 26
)

// givenText tells whether start is given a stream of a string, which need not be supported.
func (s *State) givenText(f ID) bool {
	for n := range slot(3) {
		t, ok := s.u.Object(s.u.Value(Term(s.arg(f, programIn+n))), KindStream)
		if ok && s.exists(t) && s.get(t, streamKind) == streamString && s.arg(f, programFlag)&programStarts != 0 {
			return true
		}
	}
	return false
}
