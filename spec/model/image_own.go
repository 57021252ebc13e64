package model

// What the implementation itself calls: initialize-multiprocessing where an image starts with it, and
// process-run-function for each process that this makes. Such a call is open in a frame of its own, which runs no
// code and which nobody hears of.

// ownCalls is what the calls of the implementation are numbered from: each by the call of a thread that it is part
// of, and its place there.
const ownCalls = 1 << 24

// ownCall is the number of such a call.
func ownCall(call uint64, nth uint32) uint32 { return ownCalls | uint32(call)<<8 | nth }

// Startup is the ID of a process that the nth of the implementation's own calls makes, from 0, within a call of
// a thread: 0 for those of an image that starts multiprocessing itself.
func (u *Universe) Startup(thread ID, call, nth uint32) ID {
	return u.Name(thread, ownCall(uint64(call), nth), KindProcess)
}

// InitialThread is the ID of the thread with which an image begins.
func (u *Universe) InitialThread(image ID) ID { return u.Name(image, 0, KindThread) }

// callsItself opens an operation that the implementation calls on a thread, as the nth part of a call; what it makes
// is named as that of another.
func (s *State) callsItself(t ID, o *Operation, call uint64, nth, as uint32) {
	f := s.pushFrame(t, newFrame{kind: ownFrame, arguments: NilTerm, as: s.u.Name(t, ownCall(call, nth), KindFrame)})
	s.set(f, frameCall, uint64(ownCall(call, as)))
	s.opens(f, o)
}

// leaveOwn leaves the frame of such a call, which has its outcome. An error is one of the call that it is part of. Where it
// is none's the program has ended.
func (s *State) leaveOwn(f ID) {
	t, parent := ID(s.get(f, frameThread)), ID(s.get(f, frameParent))
	ends := parent == 0 && s.get(f, frameUnwound) == 0
	fault := uint64(0)
	if s.get(f, frameStatus) == statusSignalled {
		fault = s.get(f, frameFault)
	}
	s.set(t, threadFrame, uint64(parent))
	s.clearCall(f)
	s.clear(f, frameThread, frameState)
	switch {
	case ends && s.open: // no page says whether the program ends, or who types is read again
		s.set(t, processReads, readsNot)
	case ends:
		s.endImage(s.imageOf(t))
	case parent != 0 && s.OpOf(parent) == "initialize-multiprocessing":
		s.note(parent, startFault, fault)
	}
}
