package model

// The slots of an open operation: its arguments as its rule reads them, and what the rule notes while the
// operation goes on. Each rule gives names to its own. Most rules need few, which have cells in the frame; those
// beyond lie elsewhere, in cells that the frame keeps once it has them.
type slot uint8

// nearSlots have their cells in the frame, as the first valueCells values of an outcome have.
const (
	nearSlots  = 6
	valueCells = 4
)

// Slots that many rules share.
const (
	argSubject slot = iota // the object that it is about, its first argument
	argObject              // what that is given
)

// farSlots is where the hash knows slots beyond the near ones from: fields that no object has.
const farSlots = 128

func (s *State) arg(f ID, at slot) uint64 {
	if at < nearSlots {
		return s.get(f, frameSlots+uint8(at))
	}
	return s.cells[s.farSlot(f, at)]
}

// subject is the object that an operation is about.
func (s *State) subject(f ID) ID { return ID(s.get(f, frameSlots)) }

// note writes a slot.
func (s *State) note(f ID, at slot, value uint64) {
	if at < nearSlots {
		s.set(f, frameSlots+uint8(at), value)
		return
	}
	s.setCell(s.farSlot(f, at), f, farSlots+uint8(at), value)
}

// farSlot is the cell of a slot that is not near. It panics where the open operation of the frame has none
// such: its rule says too few.
func (s *State) farSlot(f ID, at slot) uint32 {
	n := uint64(at - nearSlots)
	if n >= s.get(f, frameRoom) {
		panic("the rule of " + s.OpOf(f) + " uses more slots than it says")
	}
	return uint32(s.get(f, frameMore) + n)
}

// fillSlots gives an operation that opens the slots that its rule says.
func (s *State) fillSlots(f ID, o *Operation) {
	for i, a := range o.args {
		s.set(f, frameSlots+uint8(i), a)
	}
	far := o.far
	if len(far) == 0 && s.get(f, frameRoom) == 0 {
		return
	}
	if uint64(len(far)) > s.get(f, frameRoom) {
		s.clearFar(f)
		s.setLayout(f, frameMore, uint64(len(s.cells)))
		s.setLayout(f, frameRoom, uint64(len(far)))
		s.cells = append(s.cells, make([]uint64, len(far))...) // Revert shortens the cells
	}
	for n := range s.get(f, frameRoom) {
		value := uint64(0)
		if n < uint64(len(far)) {
			value = far[n]
		}
		s.note(f, nearSlots+slot(n), value)
	}
}

// clearCall makes a frame as it was before its operation was called: what that did is in the objects.
func (s *State) clearCall(f ID) {
	s.clear(f, frameState, frameMore)
	s.clearFar(f)
}

func (s *State) clearFar(f ID) {
	for n := range s.get(f, frameRoom) {
		s.note(f, nearSlots+slot(n), 0)
	}
}
