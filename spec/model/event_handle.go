package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// Handling events: what general-handle-event makes of an object, by its class.

var handlingRules = []rule{
	{
		op: "general-handle-event",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.args[handledEvent] = uint64(u.Intern(call.Arg(0)))
			return nil
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			if s.get(act.Frame, frameStage) == stageBody {
				return append(out, act)
			}
			return s.deedActs(s.law.interprets(s, act.Process, Term(s.arg(act.Frame, handledEvent))), act, out)
		},
		effect: func(s *State, act Act) {
			s.cite("EVENT-GHE-0")
			f := act.Frame
			if s.get(f, frameStage) != stageBody && s.carryOut(act, s.law.interprets(s, act.Process, Term(s.arg(f, handledEvent)))) {
				return
			}
			s.law.tellsHandled(s, f)
		},
		waits: waitsForCode,
	},
	{
		// A method on the class of the objects that new makes of a type.
		op: "define-event-handler",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			class := call.Arg(0)
			if class != spec.Value(spec.Keyword("object")) && class != spec.Value(spec.Keyword("structure")) {
				return wrongType("the class", class, "one of :object and :structure")
			}
			o.args[methodClass] = uint64(u.Intern(class))
			return objectArg(u, call.Arg(1), KindFunction, &o.args[methodFunction])
		},
		touches: func(*State, ID) Footprint { return everything },
		effect: func(s *State, act Act) {
			s.cite("EVENT-GHE-5")
			method := s.method(s.imageOf(act.Process), Term(s.arg(act.Frame, methodClass)))
			if !s.exists(method) {
				s.create(method, KindFunction)
			}
			s.set(method, functionCode, s.get(ID(s.arg(act.Frame, methodFunction)), functionCode))
			s.returns(act.Frame, unspecified)
		},
	},
}

// Slots of these.
const (
	handledEvent slot = 0

	methodClass, methodFunction = argSubject, argObject
)

// method is what handles the events of a class in an image, if it exists.
func (s *State) method(image ID, class Term) ID {
	return s.u.Name(image, 1<<31|1<<30|uint32(class), KindFunction)
}

// A deed is what the handling of an event comes to: a call, nothing, or an error.
type deed struct {
	class     eventClass
	code      uint64 // one more than the callback, 0 for no call
	arguments Term
	fault     *spec.Condition
}

// eventClass is what an event is taken for.
type eventClass uint8

const (
	eventOfAnyClass eventClass = iota
	eventList
	eventFunction
	eventSymbol
	eventNil
	eventOfUser // an instance of a class that has a method
	eventEnd    // what process-terminate sends
)

// interpret finds what an event comes to by its class: that of nil is a symbol's before it is a list's.
func interpret(s *State, p ID, event Term) deed {
	v := s.u.Value(event)
	if event == NilTerm || event == NoTerm {
		return deed{class: eventNil}
	}
	if l, ok := s.listOf(v).(spec.List); ok {
		return s.applied(p, l)
	}
	code, _ := s.code(p, event)
	if _, symbol := v.(spec.Symbol); symbol {
		return deed{class: eventSymbol, code: code, arguments: NilTerm}
	}
	if _, function := s.u.Object(v, KindFunction); function {
		return deed{class: eventFunction, code: code, arguments: NilTerm}
	}
	switch kind, _ := s.parts(v); kind {
	case "object", "structure":
		method := s.method(s.imageOf(p), s.u.Intern(spec.Keyword(kind)))
		if s.exists(method) {
			return deed{class: eventOfUser, code: s.get(method, functionCode), arguments: s.u.Intern(spec.NewList(v))}
		}
	}
	return deed{}
}

// applied applies the car of a list to its cdr. What is no proper list, and a car that names no function, is an error.
func (s *State) applied(p ID, l spec.List) deed {
	if spec.Equal(l, theEnd) {
		if s.isForeign(p) { // which nothing ends
			return deed{class: eventEnd, fault: &spec.Condition{Type: "simple-error", Message: "this thread is no process"}}
		}
		return deed{class: eventEnd}
	}
	d := deed{class: eventList}
	code, ok := s.code(p, s.u.Intern(l.Items[0]))
	kind, _ := s.parts(l.Items[0])
	switch {
	case l.Dotted != nil:
		d.fault = &spec.Condition{Type: "type-error", Message: fmt.Sprintf("%s is no proper list", l)}
	case kind == "function": // which does nothing
	case !ok:
		d.fault = s.u.conditions[s.undefined(s.u.Intern(l.Items[0]))]
	default:
		d.code, d.arguments = code, s.u.Intern(spec.NewList(l.Items[1:]...))
	}
	return d
}

// Ways of handling an event.
const (
	eventHandled = 1 << 8
	eventPassed  = 1<<8 + 1 // what can't be done is not done, without an error
	eventEnds    = 1<<8 + 2 // it is what ends the process, of which is not known what it looks like
	eventBlocked = 1<<8 + 3 // the same where interrupts are blocked: an error, as of current-process-kill
	eventEndsFor = 1<<8 + 4 // or it ends the one that it was sent to, the first such of the image; and so on
)

// deedActs lists how an operation may handle an event.
func (s *State) deedActs(d deed, act Act, out []Act) []Act {
	act.Choice = eventHandled
	out = append(out, act)
	if s.open && d.fault != nil {
		act.Choice = eventPassed
		out = append(out, act)
	}
	image := s.imageOf(act.Process)
	sent := s.get(image, imageSent) != 0
	if s.open && (sent || d.class == eventEnd) && s.inScope(act.Process, scopeUninterrupted) {
		act.Choice = eventBlocked
		out = append(out, act)
	}
	if !s.open || !sent {
		return out
	}
	if act.Choice = eventEnds; !s.isForeign(act.Process) {
		out = append(out, act)
	}
	act.Choice, act.Touches = eventEndsFor, everything
	for p := range s.sentTo(image) {
		if p != act.Process {
			out = append(out, act)
		}
		act.Choice++
	}
	return out
}

// sentTo yields the processes of an image that were sent what may end them: somebody else may read that, and handle it.
func (s *State) sentTo(image ID) func(func(ID) bool) {
	return func(yield func(ID) bool) {
		for p := range s.processesOf(image) {
			if s.get(p, processSent) != 0 && !yield(p) {
				return
			}
		}
	}
}

// carryOut begins what an event comes to, for the open operation of a frame; false where that is nothing.
func (s *State) carryOut(act Act, d deed) bool {
	f := act.Frame
	s.citeDeed(d)
	switch {
	case act.Choice == eventPassed:
		return false
	case act.Choice == eventBlocked:
		s.cite("PROC-EXIT-7")
		s.signalPlain(f, "interrupts are blocked")
		return true
	case act.Choice >= eventEndsFor:
		s.endOther(s.imageOf(act.Process), int(act.Choice-eventEndsFor))
		return false
	case act.Choice == eventEnds, d.class == eventEnd && d.fault == nil:
		s.law.endsByEvent(s, act.Process)
		return false
	case d.fault != nil:
		s.signal(f, s.u.condition(*d.fault))
		return true
	case d.code == 0:
		return false
	}
	s.enter(f, stageBody, d.code, d.arguments)
	return true
}

// endOther ends the process of that number of those that were sent what ends them.
func (s *State) endOther(image ID, number int) {
	for p := range s.sentTo(image) {
		if number--; number < 0 {
			s.law.endsByEvent(s, p)
			return
		}
	}
}

// citeDeed cites what is said of the class of an event.
func (s *State) citeDeed(d deed) {
	if d.fault != nil {
		s.cite("EVENT-GHE-7")
		return
	}
	switch d.class {
	case eventList:
		s.cite("EVENT-GHE-1")
	case eventFunction:
		s.cite("EVENT-GHE-2")
	case eventSymbol:
		s.cite("EVENT-GHE-3")
	case eventNil:
		s.cite("EVENT-GHE-6")
	case eventOfUser:
		s.cite("EVENT-GHE-5")
	case eventEnd:
		s.cite("PROC-TERM-5")
	default:
		s.cite("EVENT-GHE-4")
	}
}

// tellHandled: the value may be any. Here it is that of the code that was called, or nil.
func tellHandled(s *State, f ID) {
	s.cite("EVENT-GHE-7")
	switch {
	case s.open:
		s.returnsAnything(f)
	case s.get(f, frameStage) == stageBody:
		s.returnsInner(f)
	default:
		s.returns(f, NilTerm)
	}
}
