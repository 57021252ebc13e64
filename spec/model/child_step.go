package model

// What children do of themselves, one step after another; and how what they write gets out.

// stepWritten is added to how far a step has come that is over once all is written.
const stepWritten = 1 << 62

// copiedAtOnce is how much a child reads that copies.
const copiedAtOnce = 32 << 10

// stepActs lists what a child that runs may do of itself.
func (s *State) stepActs(c ID, out []Act) []Act {
	act := Act{Kind: Obey, Process: c, Frame: c}
	for n := uint8(1); n <= 2; n++ {
		held, t := s.unwrittenBy(c, n), s.descriptor(c, n)
		if held == 0 {
			continue
		}
		fit, broken := s.fits(t, held)
		if fit > 0 || broken {
			act.Choice, act.Touches = obeyPour+uint16(n), s.writing(c, n)
			out = append(out, act)
		}
	}
	if t := s.nextStep(c); t != NoTerm {
		out = s.nextStepActs(c, s.u.stepOf(t), act, out)
	}
	return out
}

// unwrittenBy is how many bytes a child has to write to one of its outputs.
func (s *State) unwrittenBy(c ID, n uint8) uint64 {
	t := ID(s.get(c, childOut+n-1))
	if t == 0 {
		return 0
	}
	return s.bytesHeld(t, streamBytes)
}

// hasWritten tells whether a child has written all that it was to write.
func (s *State) hasWritten(c ID) bool { return s.unwrittenBy(c, 1) == 0 && s.unwrittenBy(c, 2) == 0 }

// writing is what a child touches that writes: beside itself and the stream it asks whether anybody reads, and ends
// where nobody does.
func (s *State) writing(c ID, n uint8) Footprint {
	t := s.descriptor(c, n)
	f := Footprint{}.touching(s, t).reading(allChildren)
	if _, broken := s.fits(t, 1); broken {
		f = f.writing(allChildren)
	}
	return f
}

func (s *State) nextStepActs(c ID, it step, act Act, out []Act) []Act {
	act.Choice, act.Touches = obeyStep, onlyWrites(allChildren)
	in := s.descriptor(c, 0)
	switch it.command {
	case tellPause:
		if timer := ID(s.get(c, childPause)); timer != 0 {
			if act.Choice = obeyPaused; !s.rings(timer) {
				return out
			}
		}
	case tellEcho, tellFlood:
		if act.Touches = s.writing(c, it.output); s.get(c, childDone)&stepWritten != 0 {
			return out // until all is written
		}
	case tellCopy, tellRead:
		act.Touches = Footprint{}.touching(s, in).reading(allChildren)
		if it.command == tellCopy {
			act.Touches = act.Touches.touching(s, s.descriptor(c, 1))
			if _, broken := s.fits(s.descriptor(c, 1), 1); broken {
				act.Touches = act.Touches.writing(allChildren)
			}
		}
		n, end := s.readable(in)
		if s.get(c, childDone)&stepWritten != 0 || n == 0 && !end || it.command == tellCopy && s.unwrittenBy(c, 1) > 0 {
			return out
		}
	case tellExit:
		if !s.hasWritten(c) {
			return out
		}
	case tellClose:
		if it.descriptor > 0 && s.unwrittenBy(c, it.descriptor) > 0 {
			return out
		}
	}
	return append(out, act)
}

// step has a child do the next of what it does of itself.
func (s *State) step(c ID) {
	it := s.u.stepOf(s.nextStep(c))
	switch it.command {
	case tellPause:
		if s.get(c, childPause) == 0 {
			timer := s.timer(s.u.Name(c, 1, KindTimer), c)
			s.set(c, childPause, uint64(timer))
			s.setTimer(timer, it.delay)
			return
		}
		s.stopTimer(ID(s.get(c, childPause)))
		s.set(c, childPause, 0)
	case tellEcho, tellFlood:
		s.set(c, childDone, stepWritten)
		s.writes(c, it.output, it.text)
		return
	case tellCopy, tellRead:
		s.takesIn(c, it)
		return
	case tellExit:
		s.exits(c, it.n)
		return
	case tellDie:
		s.ends(c, it.n<<16)
		return
	case tellStop:
		s.stepDone(c)
		s.stops(c)
		return
	default:
		s.carriesOut(c, it)
	}
	s.stepDone(c)
}

// carriesOut is what needs no time and no room, told or of itself.
func (s *State) carriesOut(c ID, it step) {
	switch it.command {
	case tellExitAfter:
		s.willExit(c, it.n, it.delay, it.after)
	case tellIgnore:
		s.set(c, childIgnores, s.get(c, childIgnores)|signalBit(it.n))
	case tellReport:
		s.set(c, childReports, 1)
	case tellClose:
		s.set(c, childStdin+it.descriptor, descriptorClosed)
	}
}

// takesIn reads what there is: for good, or to write it again.
func (s *State) takesIn(c ID, it step) {
	in := s.descriptor(c, 0)
	n, end := s.readable(in)
	done := s.get(c, childDone)
	if it.command == tellCopy && n > copiedAtOnce {
		n, end = copiedAtOnce, false
	}
	if it.n > 0 && it.n-done <= n {
		n, end = it.n-done, true
	}
	to := ID(0)
	if n > 0 && it.command == tellCopy {
		to = s.heldBy(c, childOut)
	} else if n > 0 {
		to = s.heldBy(c, childInput)
	}
	s.takeParts(in, n, func(p part) { s.pushBytes(to, streamBytes, p) })
	if done += n; end {
		done |= stepWritten
	}
	s.set(c, childDone, done)
	if it.command == tellCopy {
		s.pour(c, 1)
	} else if end {
		s.stepDone(c)
	}
}

// writes has a child write: what doesn't fit waits.
func (s *State) writes(c ID, n uint8, p part) {
	if p.length() > 0 {
		s.pushBytes(s.heldBy(c, childOut+n-1), streamBytes, p)
	}
	s.pour(c, n)
}

// pour writes as much as fits. Where nobody can read it any more a signal tells the child, which ends of it as other
// programs do.
func (s *State) pour(c ID, n uint8) {
	held, t := ID(s.get(c, childOut+n-1)), s.descriptor(c, n)
	if all := s.unwrittenBy(c, n); all > 0 {
		fit, broken := s.fits(t, all)
		if broken {
			if s.signalled(c, signalPipe); !s.lives(c) {
				return
			}
			fit, t = all, 0
		}
		if t != 0 {
			s.eachPart(held, streamBytes, 0, fit, func(p part) { s.put(t, p) })
		}
		if fit > 0 {
			s.takeBytes(held, streamBytes, fit)
		}
	}
	if s.get(c, childDone)&stepWritten != 0 && s.unwrittenBy(c, s.outputOfStep(c)) == 0 {
		s.stepDone(c)
	}
}

// outputOfStep is where the step writes to that a child is at.
func (s *State) outputOfStep(c ID) uint8 { return s.u.stepOf(s.nextStep(c)).output }
