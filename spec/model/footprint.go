package model

import (
	"fmt"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// A Footprint says what an act looks at and changes, beside the process that acts: a few objects, each read or
// written. Two acts of different processes neither of whose footprints has what the other one writes lead to the
// same state in either order; [Dependent] tells. A footprint may say too much, never too little, and it depends
// on nothing but what is in it. The zero value is that of an act which touches its own process only.
//
// Beside objects there are some that stand for more: all children, with the groups, the process ids, the times
// at which they end, the signals of that, and in which way the system starts them and tells of them; the names of all processes, where a judge minds who has which; the global values
// of all symbols; and anything at all.
type Footprint struct {
	touched [maxTouched]touch // those that are, first
}

// maxTouched is how many objects a footprint can have. What touches more touches anything.
const maxTouched = 3

// A touch is an object twice, and one more where it is written. 0 is none.
type touch uint32

func (t touch) object() ID      { return ID(t >> 1) }
func (t touch) isWritten() bool { return t&1 != 0 }

// What stands for more than one object.
const (
	anyObject   ID = 1<<31 - 1
	allChildren ID = 1<<31 - 2
	allNames    ID = 1<<31 - 3
	allSymbols  ID = 1<<31 - 4
)

// everything is the footprint of acts that may touch anything.
var everything = Footprint{[maxTouched]touch{touch(anyObject<<1 | 1)}}

func onlyReads(object ID) Footprint { return Footprint{[maxTouched]touch{touch(object << 1)}} }

func onlyWrites(object ID) Footprint {
	if object == 0 {
		return Footprint{}
	}
	return Footprint{[maxTouched]touch{touch(object<<1 | 1)}}
}

func (f Footprint) reading(object ID) Footprint { return f.with(touch(object << 1)) }
func (f Footprint) writing(object ID) Footprint { return f.with(touch(object<<1 | 1)) }

// with adds a touch of an object that it may have already. No object adds nothing.
func (f Footprint) with(t touch) Footprint {
	switch t.object() {
	case 0:
		return f
	case anyObject:
		return everything
	}
	for i := range f.touched {
		switch has := &f.touched[i]; {
		case *has == 0:
			*has = t
			return f
		case has.object() == t.object():
			*has |= t
			return f
		}
	}
	return everything
}

// writeAll has it write all that it reads.
func (f *Footprint) writeAll() {
	for i := range f.touched {
		if f.touched[i] != 0 {
			f.touched[i] |= 1
		}
	}
}

// isAnything tells whether it may touch anything: that is the first then.
func (f *Footprint) isAnything() bool { return f.touched[0].object() == anyObject }

// meets tells whether one of two footprints has what the other one writes, each that of an act of a process,
// which it writes.
func (f *Footprint) meets(p ID, o *Footprint, q ID) bool {
	for _, t := range f.touched {
		if t == 0 {
			break
		}
		if t.object() == q {
			return true
		}
		for _, u := range o.touched {
			if u.object() == t.object() && (t | u).isWritten() && u != 0 {
				return true
			}
		}
	}
	for _, u := range o.touched {
		if u != 0 && u.object() == p {
			return true
		}
	}
	return false
}

func (f Footprint) String() string {
	var out []string
	for _, t := range f.touched {
		name := fmt.Sprint(t.object())
		switch t.object() {
		case 0:
			continue
		case anyObject:
			return "anything"
		case allChildren:
			name = "children"
		case allNames:
			name = "names"
		case allSymbols:
			name = "symbols"
		}
		if t.isWritten() {
			name += "!"
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

// Dependent tells whether the order of two acts of different processes may matter. It
// errs on the side of yes.
func Dependent(a, b Act) bool {
	if a.Process == b.Process || a.Kind == Tick || b.Kind == Tick {
		return true
	}
	return a.Touches.isAnything() || b.Touches.isAnything() || a.Touches.meets(a.Process, &b.Touches, b.Process)
}

// readsSubject and writesSubject are the footprints of operations that touch what they are about.
func readsSubject(s *State, f ID) Footprint  { return onlyReads(s.subject(f)) }
func writesSubject(s *State, f ID) Footprint { return onlyWrites(s.subject(f)) }

// readingPredicate adds what a wait function looks at.
func (f Footprint) readingPredicate(s *State, predicate Term) Footprint {
	p := s.predicate(predicate)
	return f.readingParts(s, &p)
}

func (f Footprint) readingParts(s *State, p *spec.Predicate) Footprint {
	if p.Ref.ID != "" {
		id := s.u.refs[p.Ref.ID]
		if !s.exists(id) { // somebody may make it
			return everything
		}
		f = f.reading(id)
		if p.Kind == "recording" {
			f = f.writing(id)
		}
	}
	for i := range p.Parts {
		f = f.readingParts(s, &p.Parts[i])
	}
	return f
}

// Touching is the footprint of an act that writes those objects.
func Touching(objects ...ID) (f Footprint) {
	for _, o := range objects {
		f = f.writing(o)
	}
	return f
}
