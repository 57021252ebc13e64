package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Frames: code that runs on a thread, one nested in the other.

// Kinds of frames.
const (
	// bodyFrame runs code for the operation of the frame around it, to which it hands on what that returns; or
	// it is the outermost one, the function of a process or a cleanup form.
	bodyFrame = iota
	// The others come between: what they return is nobody's, and the frame around them goes on as if they had
	// not been, be its operation open, its outcome not yet taken, or none called.
	handlerFrame // of an error
	interruptFrame
	hookFrame // a status hook, on whatever thread
	formFrame // code that a form of *process-initial-bindings* calls on a foreign thread: see foreign_form.go
	// ownFrame runs no code, but one operation that the implementation itself calls: see image_own.go.
	ownFrame
)

// How a throw leads past a frame: frameUnwound.
const (
	unwound       = iota + 1
	unwoundBehind // it was the innermost, and the cleanups of its process come first: see cleansFirst
)

// What holds in the scope of a frame: bits of frameScope. Frames nested in it inherit it.
const (
	scopeUninterrupted = 1 << iota // no kill and no interrupt reaches its process
	scopeAlone                     // no other process runs
	scopeThoughStopped             // it runs although its process is stopped
)

// A newFrame is how a frame begins.
type newFrame struct {
	kind      uint64
	code      uint64 // one more than the callback, 0 for that of the test
	arguments Term
	scope     uint64 // beside what it inherits
	// as is its name where it has one; else it is the next of its thread.
	as ID
}

// pushFrame begins code on a thread, nested in the frame that it runs.
func (s *State) pushFrame(t ID, e newFrame) ID {
	f := e.as
	if f == 0 {
		f = s.nameFrame(t)
	}
	s.create(f, KindFrame)
	parent := ID(s.get(t, threadFrame))
	inherited := uint64(0)
	if parent != 0 {
		inherited = s.get(parent, frameScope)
		if s.get(parent, frameState) == frameOpen {
			s.set(parent, frameCall, s.callOf(parent))
		}
	}
	if e.scope&^inherited&scopeAlone != 0 {
		s.set(s.imageOf(t), imageSuspender, uint64(f))
	}
	s.set(f, frameThread, uint64(t))
	s.set(f, frameParent, uint64(parent))
	s.set(f, frameKind, e.kind)
	s.set(f, frameScope, e.scope|inherited)
	s.set(f, frameCode, e.code)
	s.set(f, frameArguments, uint64(e.arguments))
	s.set(t, threadFrame, uint64(f))
	return f
}

// callOf is which of its thread's calls the open one of a frame is. It is the latest until code begins within it,
// which may call too.
func (s *State) callOf(f ID) uint64 {
	if nth := s.get(f, frameCall); nth != 0 {
		return nth
	}
	return s.get(ID(s.get(f, frameThread)), threadCalls)
}

// nameFrame names the next frame that a thread enters: by its number, or as [State.EnterAs] has it.
func (s *State) nameFrame(t ID) ID {
	if as := s.enters; as != 0 {
		s.enters = 0
		return as
	}
	nth := s.get(t, threadEntered)
	f := s.u.Name(t, uint32(nth), KindFrame)
	for s.heard && s.exists(f) { // it was entered by name
		nth++
		f = s.u.Name(t, uint32(nth), KindFrame)
	}
	s.set(t, threadEntered, nth+1)
	return f
}

// EnterAs has the next act, which begins code, do so in the frame of that name instead of the first
// of its thread that is free: in what is told from outside, frames of one thread may be told of in
// another order than that in which they began. It needs [Config.Heard].
func (s *State) EnterAs(f ID) { s.enters = f }

// Hook returns the ID of the frame in which code runs for the nth event, from 0, of a child: nobody says on
// which thread it does.
func (u *Universe) Hook(child ID, nth uint32) ID { return u.Name(child, nth, KindFrame) }

// Entry is what a frame begins with. A frame on a thread of no process has Process nil, an argument that may be any is nil.
type Entry struct {
	Process   spec.Value
	Callback  spec.Callback
	Arguments []spec.Value
}

// Entry returns what the frame runs. The outermost frame has callback 0.
func (s *State) Entry(f ID) Entry {
	var e Entry
	if p := s.processOf(f); !s.isForeign(p) {
		e.Process = s.u.Ref(p)
	}
	if code := s.get(f, frameCode); code != 0 {
		e.Callback = spec.Callback(code - 1)
	}
	e.Arguments, _ = spec.Items(s.u.Value(Term(s.get(f, frameArguments))))
	for i, a := range e.Arguments {
		if a == spec.Value(anythingMark) {
			e.Arguments = slices.Clone(e.Arguments)
			e.Arguments[i] = nil
		}
	}
	return e
}

// Leave ends the code of a frame, whose operations are all closed, with what it returned.
// The innermost frame of a process that is not ending yet is its function: the process
// begins to end.
func (s *State) Leave(f ID, values []spec.Value, log *UndoLog) {
	s.begin(log)
	s.leave(f, s.u.Intern(spec.NewList(values...)))
}

// LeaveUnheard is [State.Leave] where nobody has heard with what: of those values nothing is known.
func (s *State) LeaveUnheard(f ID, log *UndoLog) {
	s.begin(log)
	s.leave(f, unspecified)
}

// handsTo is the frame to whose operation a frame hands on what its code returns, 0 for none.
func (s *State) handsTo(f ID) ID {
	if s.get(f, frameKind) != bodyFrame && s.get(f, frameKind) != ownFrame {
		return 0
	}
	return ID(s.get(f, frameParent))
}

func (s *State) leave(f ID, values Term) {
	t, to := ID(s.get(f, frameThread)), s.handsTo(f)
	p := ID(s.get(t, threadProcess))
	s.set(t, threadFrame, s.get(f, frameParent))
	if to != 0 && s.get(p, processBindings) != 0 {
		s.leaveLet(p, to)
	}
	switch {
	case to != 0:
		s.set(to, frameInner, uint64(values))
	case s.get(f, frameKind) == interruptFrame && s.get(f, frameParent) != 0:
		s.law.resumes(s, ID(s.get(f, frameParent)))
	case s.get(f, frameKind) == formFrame:
		s.leavesForm(p, f, values)
	case s.get(f, frameKind) != bodyFrame:
	case s.isForeign(p):
		s.leavesThread(p)
	case s.get(p, processReads) != 0 && s.get(p, processDying) == 0: // it reads on
	case s.get(p, processPhase) != phaseEnding: // else it was a cleanup form
		s.returnsOutside(p, values)
		s.beginEnding(p)
	}
	if s.get(t, threadFrame) == 0 {
		s.killIfDying(p)
	}
	if image := s.imageOf(p); ID(s.get(image, imageSuspender)) == f {
		s.set(image, imageSuspender, 0)
	}
	s.clearCall(f)
	s.clear(f, frameThread, frameState)
}
