package model

import (
	"strings"
	"unicode/utf8"

	"github.com/mpcheck/mpcheck/spec"
)

// Streams, as the Lisp has them: of strings, of files, and its ends of the pipes to external programs. What is at the
// other end is in descriptor.go.

// Kinds of streams.
const (
	streamPipe   = iota + 1
	streamString // what is written to it stays until it is asked for, or it is read to its end
	streamOnFile
	streamHeld // bytes that a child holds: nobody's stream
)

// The ends of a stream that the Lisp has open.
const (
	streamReads = 1 << iota
	streamWrites
)

// pipeCapacity is that of a pipe.
const pipeCapacity = 64 << 10

// Slots of operations on streams, beside the stream.
const (
	streamText slot = iota + 1
	streamDone      // how much of the text was written

	openPath, openWrites slot = 0, 1
)

var streamRules = []rule{
	{
		op:     "open-file-stream",
		decode: decodeOpenStream,
		touches: func(s *State, f ID) Footprint {
			return onlyWrites(s.fileAt(Term(s.arg(f, openPath)))).reading(allChildren)
		},
		effect: openFileStream,
	},
	{
		op: "make-string-input-stream",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if _, ok := call.Arg(0).(spec.String); !ok {
				return wrongType("the text", call.Arg(0), "a string")
			}
			o.args[streamText] = uint64(u.Intern(call.Arg(0)))
			return nil
		},
		effect: func(s *State, act Act) {
			t := s.makeStream(act, streamString, streamReads)
			s.pushBytes(t, streamBytes, s.textOf(Term(s.arg(act.Frame, streamText))))
			s.returns(act.Frame, s.u.RefTerm(t))
		},
	},
	{
		op: "make-string-output-stream",
		effect: func(s *State, act Act) {
			s.returns(act.Frame, s.u.RefTerm(s.makeStream(act, streamString, streamWrites)))
		},
	},
	{
		op:        "get-output-stream-string",
		decode:    decodeStream,
		foretells: true,
		enabled:   textActs,
		effect: func(s *State, act Act) {
			t := s.subject(act.Frame)
			if act.Choice == askedRefuses {
				s.cite("EXT-START-3", "EXT-IO-5")
				s.signal(act.Frame, s.streamError("the stream is closed"))
				return
			}
			if s.get(t, streamKind) != streamString || s.get(t, streamEnds)&streamReads != 0 {
				s.signal(act.Frame, s.u.condition(*wrongType("the stream", s.u.Ref(t), "one that make-string-output-stream made")))
				return
			}
			if s.get(t, streamGiven) == givenLate {
				s.cite("EXT-START-3", "EXT-IO-5")
			}
			s.returns(act.Frame, s.characters(s.takeText(t, s.textNow(act, t))))
		},
	},
	{
		op:      "stream-write",
		decode:  decodeWrite,
		enabled: writeActs,
		effect:  writeText,
		waits:   func(*State, ID) string { return "whoever reads the pipe to make room in it" },
	},
	{
		op:      "stream-read-line",
		decode:  decodeStream,
		enabled: readLineActs,
		effect:  readLine,
		waits:   func(*State, ID) string { return "the rest of a line" },
	},
	{
		// Only ps may write to the output that the Lisp binds: programs have that with which it was started (EXT-IO-3).
		op:     "with-captured-output",
		decode: decodeCode(1),
		effect: func(s *State, act Act) {
			if s.get(act.Frame, frameStage) == 0 {
				s.enter(act.Frame, stageBody, s.arg(act.Frame, codeBody), NilTerm)
				return
			}
			text := s.u.Intern(spec.String(""))
			if written := s.arg(act.Frame, captured); written != 0 {
				text = Term(written - 1)
			}
			s.returns(act.Frame, text)
		},
		waits: waitsForCode,
	},
	{
		op:     "stream-close",
		decode: decodeStream,
		touches: func(s *State, f ID) Footprint { // who is at the other end asks for this end with all children
			return writesSubject(s, f).writing(allChildren)
		},
		effect: func(s *State, act Act) {
			s.set(s.subject(act.Frame), streamEnds, 0)
			s.returns(act.Frame, NilTerm)
		},
	},
}

// captured is the slot of with-captured-output for what was written, one more than its term: 0 for nothing yet. It is
// unspecified where nobody knows.
const captured slot = codeBody + 1

func decodeOpenStream(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	path, ok := pathOf(call.Arg(0))
	if !ok {
		return wrongType("the path", call.Arg(0), "a string or a pathname")
	}
	switch call.Arg(1) {
	case spec.Keyword("output"):
		o.args[openWrites] = 1
	case spec.Keyword("input"):
	default:
		return wrongType("the direction", call.Arg(1), ":input or :output")
	}
	o.args[openPath] = uint64(u.Intern(path))
	return nil
}

// openFileStream opens a file that the harness has prepared, or the null device. Others there are none.
func openFileStream(s *State, act Act) {
	path := Term(s.arg(act.Frame, openPath))
	file, writes := s.fileAt(path), s.arg(act.Frame, openWrites) != 0
	if isNull := s.u.Value(path) == spec.Value(nullDevice); !isNull && (file == 0 || !writes && s.get(file, fileExists) == 0) {
		s.signal(act.Frame, s.noFile(path))
		return
	}
	ends := uint64(streamReads)
	if writes {
		ends = streamWrites
	}
	if writes && file != 0 {
		s.emptyFile(file)
	}
	t := s.makeStream(act, streamOnFile, ends)
	s.set(t, streamFile, uint64(file))
	s.returns(act.Frame, s.u.RefTerm(t))
}

// makeStream makes the stream that the open call of an act's frame makes.
func (s *State) makeStream(act Act, kind, ends uint64) ID {
	return s.newStream(s.made(act, 0, KindStream), kind, ends)
}

func (s *State) newStream(t ID, kind, ends uint64) ID {
	s.create(t, KindStream)
	s.set(t, streamKind, kind)
	s.set(t, streamEnds, ends)
	if kind == streamPipe {
		s.set(t, streamCapacity, pipeCapacity)
	}
	return t
}

// textOf is the run of a string.
func (s *State) textOf(t Term) part {
	text, _ := s.u.Value(t).(spec.String)
	return s.u.internRun([]byte(text))
}

// takeText takes bytes out of a stream, which has as many.
func (s *State) takeText(t ID, n uint64) string {
	var out []byte
	s.takeParts(t, n, func(p part) { out = append(out, s.u.text(p)...) })
	return string(out)
}

// textActs: a stream of a string that a program was started with may be filled late, and be closed.
func textActs(s *State, act Act, out []Act) []Act {
	t := s.subject(act.Frame)
	act.Touches = onlyWrites(t)
	out = append(out, act)
	if act.Choice = askedRefuses; s.open && s.get(t, streamGiven) == givenLate {
		out = append(out, act)
	}
	return out
}

// streamGiven is what a stream that is no pipe has in the cell of what was drained: whether a program was given it, which may
// have closed it; and a program that was started a stream of a string, which is filled late.
const streamGiven = streamDrained

const (
	givenOnce = iota + 1
	givenLate
)

// closedActs adds that a stream which was given to a program is closed.
func (s *State) closedActs(t ID, act Act, out []Act) []Act {
	if act.Choice = askedRefuses; s.open && s.get(t, streamKind) != streamPipe && s.get(t, streamGiven) != 0 {
		out = append(out, act)
	}
	return out
}

// refuseClosed signals an error where that was chosen.
func (s *State) refuseClosed(act Act) bool {
	if act.Choice != askedRefuses {
		return false
	}
	s.cite("EXT-IO-5")
	s.signal(act.Frame, s.streamError("the stream is closed"))
	return true
}

// textNow is how many of the bytes of a stream are there for the Lisp: all, or as many as are known to be told where a
// program fills it.
func (s *State) textNow(act Act, t ID) uint64 {
	all := s.bytesHeld(t, streamBytes)
	told, known := s.foretold(act.Frame)
	text, isText := s.u.Value(told).(spec.String)
	if !s.open || !known || !isText || s.get(t, streamGiven) != givenLate {
		return all
	}
	if n := uint64(len(text)); n < all && string(s.peekBytes(t, streamBytes, n, nil)) == string(text) {
		return n
	}
	return all
}

// characters is what the Lisp makes of bytes. Which encoding it reads is open.
func (s *State) characters(text string) Term {
	if s.open && strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		s.cite("EXT-IO-5")
		return unspecified
	}
	return s.u.Intern(decoded([]byte(text)))
}

// decoded is text as characters: what is no UTF-8 is told as U+FFFD.
func decoded(text []byte) spec.String {
	return spec.String(strings.ToValidUTF8(string(text), "\uFFFD"))
}

func (s *State) streamError(message string) uint32 {
	return s.u.condition(spec.Condition{Type: "stream-error", Message: message})
}

// decodeStream reads the stream that an operation is about. Lisps let nil and t stand for streams of their own: what an
// operation makes of those, no clause says.
func decodeStream(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	c := objectArg(u, call.Arg(0), KindStream, &o.args[argSubject])
	if v := call.Arg(0); c != nil && (v == spec.Value(spec.Nil{}) || v == spec.Value(spec.True{})) {
		return o.vainly(u, c)
	}
	return c
}

func decodeWrite(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if _, ok := call.Arg(1).(spec.String); !ok {
		return wrongType("the text", call.Arg(1), "a string")
	}
	o.args[streamText] = uint64(u.Intern(call.Arg(1)))
	return decodeStream(u, call, o)
}

// writeActs: what fits into a pipe is written at once, and the rest waits.
func writeActs(s *State, act Act, out []Act) []Act {
	t := s.subject(act.Frame)
	act.Touches = onlyWrites(t).writing(ID(s.get(t, streamFile))).reading(allChildren)
	fit, broken := s.fits(t, s.unwritten(act.Frame).length())
	if fit > 0 || broken || s.unwritten(act.Frame).length() == 0 || s.get(t, streamEnds)&streamWrites == 0 {
		out = append(out, act)
	}
	return s.closedActs(t, act, out)
}

// unwritten is what an open stream-write has yet to write.
func (s *State) unwritten(f ID) part {
	p := s.textOf(Term(s.arg(f, streamText)))
	p.from += uint32(s.arg(f, streamDone))
	return p
}

func writeText(s *State, act Act) {
	f, t := act.Frame, s.subject(act.Frame)
	if s.refuseClosed(act) {
		return
	}
	if s.get(t, streamEnds)&streamWrites == 0 {
		s.signal(f, s.streamError("the stream is not open for writing"))
		return
	}
	rest := s.unwritten(f)
	fit, broken := s.fits(t, rest.length())
	if broken {
		s.signal(f, s.streamError("nobody can read it any more"))
		return
	}
	s.put(t, rest.cut(fit))
	if fit < rest.length() {
		s.note(f, streamDone, s.arg(f, streamDone)+fit)
		return
	}
	s.returns(f, NilTerm)
}

// readLineActs: a line is read once it is there, or the end of the stream. Whoever waits for one takes a pipe that is
// full out, so that the rest of a long line has room.
func readLineActs(s *State, act Act, out []Act) []Act {
	t := s.subject(act.Frame)
	act.Touches = onlyWrites(t).reading(ID(s.get(t, streamFile))).reading(allChildren)
	n, end := s.readable(t)
	switch {
	case s.get(t, streamEnds)&streamReads == 0, end, s.nextLine(t) > 0, s.pipeFull(t) && n > s.get(t, streamDrained):
		out = append(out, act)
	}
	return s.closedActs(t, act, out)
}

// nextLine is how long the line is that stands in a stream, 0 where none does.
func (s *State) nextLine(t ID) uint64 {
	if file := ID(s.get(t, streamFile)); file != 0 {
		return s.lineLength(file, fileBytes, s.get(t, streamOffset))
	}
	return s.lineLength(t, streamBytes, 0)
}

func readLine(s *State, act Act) {
	f, t := act.Frame, s.subject(act.Frame)
	if s.refuseClosed(act) {
		return
	}
	n := s.nextLine(t)
	held, end := s.readable(t)
	switch {
	case s.get(t, streamEnds)&streamReads == 0:
		s.signal(f, s.streamError("the stream is not open for reading"))
		return
	case n == 0 && !end:
		s.set(t, streamDrained, held) // only of a pipe there may come more
		return
	case n == 0 && held == 0:
		s.returns(f, NilTerm)
		return
	case n == 0:
		n = held
	}
	s.returns(f, s.characters(strings.TrimSuffix(s.takeText(t, n), "\n")))
}
