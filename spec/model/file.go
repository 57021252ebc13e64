package model

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Files, which the harness prepares for the programs that a case starts; and those that the implementation itself
// was started with.

var fileRules = []rule{
	{
		op: "file-prepare",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			return o.fileText(u, call, 0)
		},
		touches: func(*State, ID) Footprint { return onlyWrites(allChildren) }, // programs name it by its path
		effect: func(s *State, act Act) {
			file := s.make(act, KindFile)
			s.fill(file, Term(s.arg(act.Frame, fileGiven)))
			s.returns(act.Frame, s.u.RefTerm(file), s.u.Intern(Path(file)))
		},
	},
	{
		op:      "file-text",
		decode:  decodeObject(KindFile),
		touches: readsSubject,
		effect: func(s *State, act Act) {
			file := s.subject(act.Frame)
			if s.get(file, fileExists) == 0 {
				s.returns(act.Frame, NilTerm)
				return
			}
			if s.open && s.get(file, fileImage) != 0 {
				s.returns(act.Frame, unspecified)
				return
			}
			s.returns(act.Frame, s.u.Intern(decoded(s.peekBytes(file, fileBytes, never, nil))))
		},
	},
	{
		op: "standard-file",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			name, _ := call.Arg(0).(spec.Symbol)
			which := slices.Index(redirections, name.Name)
			if which < 0 || name.Package != "KEYWORD" {
				return wrongType("the stream", call.Arg(0), ":input, :output or :error")
			}
			o.args[fileStandard] = uint64(which)
			return o.fileText(u, call, 1)
		},
		touches: func(*State, ID) Footprint { return onlyWrites(allChildren) },
		effect: func(s *State, act Act) {
			n := s.arg(act.Frame, fileStandard)
			file, t := s.make(act, KindFile), s.standardStream(n)
			text := Term(s.arg(act.Frame, fileGiven))
			if n > 0 || text == NoTerm {
				text = s.u.Intern(spec.String(""))
			}
			s.fill(file, text)
			s.set(t, streamFile, uint64(file))
			s.set(t, streamOffset, 0)
			s.returns(act.Frame, s.u.RefTerm(file))
		},
	},
}

// Slots of operations on files.
const (
	fileGiven    slot = 1 // its text, NoTerm for none
	fileStandard slot = 2
)

// Path is the path of a file that the harness has prepared.
func Path(file ID) spec.String { return spec.String(fmt.Sprintf("/mpcheck/file-%d", file)) }

// fileText reads the text of a file, an optional argument.
func (o *Operation) fileText(u *Universe, call spec.Call, at int) *spec.Condition {
	v := call.Arg(at)
	if _, ok := v.(spec.String); !ok && spec.Truth(v) {
		return wrongType("the text", v, "a string")
	} else if ok {
		o.args[fileGiven] = uint64(u.Intern(v))
	}
	return nil
}

// fill gives a file, which is new, its text. Without one it doesn't exist.
func (s *State) fill(file ID, text Term) {
	if text != NoTerm {
		s.set(file, fileExists, 1)
		s.pushBytes(file, fileBytes, s.textOf(text))
	}
}

// emptyFile has a file exist, and be empty.
func (s *State) emptyFile(file ID) {
	s.set(file, fileExists, 1)
	s.emptyBytes(file, fileBytes)
}

// standardStream is the nth of the streams that the implementation was started with, which are there once they are
// needed. What is written to it before anybody asks is nobody's.
func (s *State) standardStream(n uint64) ID {
	t := s.u.Name(world, 1<<31|uint32(n), KindStream)
	if !s.exists(t) {
		s.newStream(t, streamOnFile, 0)
	}
	return t
}

// nullDevice is the path at which nothing is to be read, and what is written is gone.
const nullDevice = spec.String("/dev/null")

// pathOf is the path that a pathname designator names.
func pathOf(v spec.Value) (spec.String, bool) {
	switch v := v.(type) {
	case spec.String:
		return v, true
	case spec.Pathname:
		return spec.String(v), true
	}
	return "", false
}

// fileAt is the file of a path, 0 where the harness has prepared none there.
func (s *State) fileAt(path Term) ID {
	var n ID
	text, _ := s.u.Value(path).(spec.String)
	if _, err := fmt.Sscanf(string(text), "/mpcheck/file-%d", &n); err != nil || int(n) >= len(s.u.kinds) || s.u.kinds[n] != KindFile || !s.exists(n) {
		return 0
	}
	return n
}

func (s *State) noFile(path Term) uint32 {
	return s.u.condition(spec.Condition{Type: "file-error", Message: fmt.Sprintf("there is no file %s", s.u.Value(path))})
}
