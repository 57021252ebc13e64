package model

// How many objects fit into a mailbox without growing. The documents promise that a mailbox has at
// least the size asked for (MBOX-SIZE-1), that a plain send to a full one expands it (MBOX-SEND-2), and a
// limited one up to its limit at most (MBOX-LIM-2). They leave open the size by default, whether one is
// rounded up (MBOX-MAKE-3), by how much a mailbox grows, and whether it shrinks after reads
// (MBOX-SIZE-2). So an open state keeps bounds of the size, which what happens narrows: a mailbox that
// turned out to be full has the size of what it holds, one that was told has that. In another state
// both bounds are the simulator's size.

// capacity returns the bounds of a mailbox's size. It never holds more than the upper one.
func (s *State) capacity(m ID) (least, most uint64) {
	if !s.anySizes {
		size := s.get(m, mailboxSize)
		return size, size
	}
	return max(s.get(m, mailboxSize), s.held(m)), s.get(m, mailboxMost)
}

func (s *State) held(m ID) uint64 { return s.length(m, mailboxSequence) }

func (s *State) setCapacity(m ID, least, most uint64) {
	s.set(m, mailboxSize, least)
	s.set(m, mailboxMost, most)
}

// mayBeFull and mayHaveRoom tell what is possible; in a state that isn't open, what is.
func (s *State) mayBeFull(m ID) bool {
	least, _ := s.capacity(m)
	return s.held(m) >= least
}

func (s *State) mayHaveRoom(m ID) bool {
	_, most := s.capacity(m)
	return s.held(m) < most
}

// isFull and hasFree settle it.
func (s *State) isFull(m ID) {
	if s.anySizes {
		s.setCapacity(m, s.held(m), s.held(m))
	}
}

func (s *State) hasFree(m ID) {
	if s.anySizes {
		least, most := s.capacity(m)
		s.setCapacity(m, max(least, s.held(m)+1), most)
	}
}

// hasRoom tells whether a send with that limit may add an object now: there is room, or the mailbox
// may still grow.
func (s *State) hasRoom(m ID, limit uint64) bool {
	size := s.get(m, mailboxSize)
	if s.anySizes {
		size = s.held(m) // which is that of a full one
	}
	return s.mayHaveRoom(m) || size < limit
}

// lacksRoom tells whether such a send may have to wait: the mailbox is full, and has the size of the
// limit.
func (s *State) lacksRoom(m ID, limit uint64) bool {
	if s.anySizes {
		return s.mayBeFull(m) && s.held(m) >= limit
	}
	return !s.hasRoom(m, limit)
}

// grow makes room for an object that has been added to what a mailbox held, under a limit to that size at
// most; limit 0 is none. Was there room for it, the bounds stay; else they are those of what it may
// have grown to.
func (s *State) grow(m ID, limit uint64) {
	least, most := s.get(m, mailboxSize), s.get(m, mailboxMost)
	held := s.held(m)
	switch {
	case least >= held: // there was room
		return
	case limit == 0:
		most = never
	case held <= limit:
		most = max(most, limit)
	}
	s.setCapacity(m, held, most)
}

// take removes the oldest object of a mailbox, which may shrink by that.
func (s *State) take(m ID) Term {
	object := s.pop(m, mailboxSequence)
	if s.anySizes {
		s.set(m, mailboxSize, min(s.get(m, mailboxSize), s.held(m)))
	}
	return object
}
