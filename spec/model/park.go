package model

import "math/bits"

// Enabled asks every process what it can do. Where there are thousands that is most of the
// work of a run, and nearly all of them wait. So, from parkFrom processes on, one that waits
// for an object is parked beside it: it is asked again once the object, or the process
// itself, has been written. Parking changes the cost of Enabled and never its answer.

// parkFrom is the number of processes from which on it pays. A variable for the tests.
var parkFrom = 64

// parking knows which processes need to be asked. It is thrown away when a step is taken
// back, and rebuilt: a search that goes back and forth has few processes.
type parking struct {
	order   []ID        // the processes in order of creation, dead ones among them
	place   map[ID]int  // where in order
	awake   []uint64    // bits by place
	waiting map[ID][]ID // object: the processes parked beside it
	timed   map[ID]bool // the frames whose operation has a deadline, and some that had one
}

func (k *parking) add(p ID) {
	n := len(k.order)
	k.place[p] = n
	k.order = append(k.order, p)
	if n%64 == 0 {
		k.awake = append(k.awake, 0)
	}
	k.awake[n/64] |= 1 << (n % 64)
}

// touched wakes whoever waits for an object, or is it.
func (k *parking) touched(s *State, id ID) {
	switch s.u.kinds[id] {
	case kindWorld, KindImage: // what is everybody's: the time, who suspends whom
		k.wakeAll()
		return
	case KindTimer:
		id = ID(s.get(id, timerOwner))
	case KindFrame:
		if d := s.get(id, frameDeadline); d != never && d != 0 {
			k.timed[id] = true
		}
		id = s.processOf(id)
	}
	if n, ok := k.place[id]; ok {
		k.awake[n/64] |= 1 << (n % 64)
	}
	if waiting := k.waiting[id]; len(waiting) > 0 {
		for _, p := range waiting {
			n := k.place[p]
			k.awake[n/64] |= 1 << (n % 64)
		}
		k.waiting[id] = waiting[:0]
	}
}

func (k *parking) wakeAll() {
	for i := range k.awake {
		k.awake[i] = 1<<64 - 1
	}
	if n := len(k.order) % 64; n != 0 {
		k.awake[len(k.awake)-1] = 1<<n - 1
	}
	clear(k.waiting)
}

// processActs appends the acts of all processes, in order of creation.
func (s *State) processActs(out []Act) []Act {
	if s.parked == nil {
		n := 0
		for image := ID(world); ; { // loops, where they cost least
			for p := ID(s.get(image, imageOldest)); p != 0; p = ID(s.get(p, processNext)) {
				out = s.enabledOf(p, out)
				n++
			}
			if image = s.nextImage(image); image == 0 {
				break
			}
		}
		if n >= parkFrom && s.law.watched && s.nextImage(world) == 0 { // which alone has processes in one order

			s.park()
		}
		return out
	}
	k := s.parked
	for i, word := range k.awake {
		for ; word != 0; word &= word - 1 {
			n := i*64 + bits.TrailingZeros64(word)
			p := k.order[n]
			before := len(out)
			if s.get(p, processPhase) != phaseDead {
				out = s.enabledOf(p, out)
			}
			if len(out) == before {
				s.parkOne(p, n)
			}
		}
	}
	return out
}

func (s *State) park() {
	s.parked = &parking{place: map[ID]int{}, waiting: map[ID][]ID{}, timed: map[ID]bool{}}
	for p := range s.processes {
		s.parked.add(p)
	}
	for p := range s.everybody {
		for f := s.innermost(p); f != 0; f = ID(s.get(f, frameParent)) { // what comes between may leave any of them
			s.parked.timed[f] = true
		}
	}
}

// nextDeadline is the earliest deadline to come among innermost frames, or never.
func (k *parking) nextDeadline(s *State) uint64 {
	next := uint64(never)
	for f := range k.timed {
		d := s.get(f, frameDeadline)
		switch p := s.processOf(f); {
		case s.get(f, frameState) != frameOpen || d == never:
			delete(k.timed, f)
		case d > s.Now() && s.innermost(p) == f && s.get(p, processPhase) != phaseDead:
			next = min(next, d)
		}
	}
	return next
}

// parkOne lets a process without acts sleep, if what will wake it is known.
func (s *State) parkOne(p ID, n int) {
	k := s.parked
	if s.suspended(p) || s.halted(p) {
		return
	}
	if f := s.innermost(p); f != 0 && s.get(f, frameState) == frameOpen {
		r := &rules[s.get(f, frameRule)]
		if r.waitsOn == nil {
			return
		}
		object := r.waitsOn(s, f)
		if object == anyObject {
			return
		}
		k.waiting[object] = append(k.waiting[object], p)
	}
	k.awake[n/64] &^= 1 << (n % 64)
}
