package model

// Descriptors: what the standard streams of a child are. 0 is the null stream; else a stream, which may be the Lisp's
// own. Who has which end open is asked of all children, so nobody counts.

// descriptorClosed is a standard stream that the child has closed.
const descriptorClosed = 1 << 32

// descriptor is a standard stream of a child, 0 to 2; no stream where it is null or closed.
func (s *State) descriptor(c ID, n uint8) ID {
	if d := s.get(c, childStdin+n); d != descriptorClosed {
		return ID(d)
	}
	return 0
}

// lives tells whether a child runs, or is stopped: only then it has anything open.
func (s *State) lives(c ID) bool {
	phase := s.get(c, childPhase)
	return phase == childRunning || phase == childStopped
}

// hasWriter tells whether anybody has the end of a pipe open at which one writes.
func (s *State) hasWriter(t ID) bool {
	return s.get(t, streamEnds)&streamWrites != 0 || s.anyChild(func(c ID) bool {
		return s.lives(c) && (s.descriptor(c, 1) == t || s.descriptor(c, 2) == t)
	}) || s.law.keepsWriting(s, t)
}

// hasReader is the same of the other end.
func (s *State) hasReader(t ID) bool {
	return s.get(t, streamEnds)&streamReads != 0 || s.anyChild(func(c ID) bool { return s.lives(c) && s.descriptor(c, 0) == t })
}

// readable is how many bytes may be read now, and whether the end of file comes after them.
func (s *State) readable(t ID) (n uint64, end bool) {
	if t == 0 {
		return 0, true
	}
	switch s.get(t, streamKind) {
	case streamOnFile:
		if file := ID(s.get(t, streamFile)); file != 0 {
			all := s.bytesHeld(file, fileBytes)
			return all - min(all, s.get(t, streamOffset)), true
		}
		return 0, true
	case streamPipe:
		return s.bytesHeld(t, streamBytes), !s.hasWriter(t)
	}
	return s.bytesHeld(t, streamBytes), true
}

// fits is how many of n bytes may be written now, and whether nobody can read them any more.
func (s *State) fits(t ID, n uint64) (fit uint64, broken bool) {
	switch {
	case t == 0 || s.get(t, streamKind) != streamPipe:
		return n, false
	case !s.hasReader(t):
		return 0, true
	case s.open: // a reader may have taken them out already
		return n, false
	}
	return s.bytesFit(t, streamBytes, s.get(t, streamCapacity)+s.get(t, streamDrained), n), false
}

// pipeFull tells whether nothing fits into a pipe.
func (s *State) pipeFull(t ID) bool {
	return s.get(t, streamKind) == streamPipe && s.bytesHeld(t, streamBytes) >= s.get(t, streamCapacity)+s.get(t, streamDrained)
}

// put writes to a stream, which has room.
func (s *State) put(t ID, p part) {
	switch {
	case t == 0:
	case s.get(t, streamKind) != streamOnFile:
		s.pushBytes(t, streamBytes, p)
	default:
		if file := ID(s.get(t, streamFile)); file != 0 {
			s.pushBytes(file, fileBytes, p)
		}
	}
}

// takeParts takes bytes out of a stream that has as many.
func (s *State) takeParts(t ID, n uint64, visit func(part)) {
	switch file := ID(s.get(t, streamFile)); {
	case file != 0:
		s.eachPart(file, fileBytes, s.get(t, streamOffset), n, visit)
		s.set(t, streamOffset, s.get(t, streamOffset)+n)
	case n > 0:
		s.eachPart(t, streamBytes, 0, n, visit)
		s.takeBytes(t, streamBytes, n)
		if s.get(t, streamKind) == streamPipe {
			s.set(t, streamDrained, max(n, s.get(t, streamDrained))-n)
		}
	}
}

// touching adds what is touched by whoever reads or writes a stream.
func (f Footprint) touching(s *State, t ID) Footprint {
	if t == 0 || !s.exists(t) {
		return f
	}
	return f.writing(t).writing(ID(s.get(t, streamFile)))
}
