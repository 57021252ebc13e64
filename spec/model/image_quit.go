package model

// A quit that ends its caller as well, before the others or after them ("remaining processes", INIT-STOP-1): only open
// states do so. The program ends once the others have had their chance.

// Ways of a quit that leaves its caller: above those of [State.leaveActs].
const (
	quitLeaves = 1 << 8
	quitDrops  = 1 << 9 // and the caller's own cleanups don't run
)

// quitsToo lists the acts by which whoever quits begins to be left.
func (s *State) quitsToo(act Act, out []Act) []Act {
	from := len(out)
	out = s.leaveActs(act, out)
	for i := range out[from:] {
		out[from+i].Choice |= quitLeaves
	}
	if s.get(act.Process, processCleanups) > 0 {
		act.Choice = quitLeaves | quitDrops
		out = append(out, act)
	}
	return out
}

// leavesByQuit leaves the caller.
func (s *State) leavesByQuit(act Act) {
	s.cite("INIT-STOP-1")
	s.set(s.imageOf(act.Process), imageQuits, 1)
	if act.Choice&quitDrops != 0 {
		s.dropCleanups(act.Process)
	}
	act.Choice &= quitLeaves - 1
	s.leaveAll(act.Process)
	if s.cleansFirst(act) {
		return
	}
	s.finish(act.Frame, statusGone)
}

// quitActs lists the ends of programs in which whoever has quit is left.
func (s *State) quitActs(out []Act) []Act {
	for image := s.nextImage(world); image != 0; image = s.nextImage(image) {
		if s.get(image, imageQuits) != 0 && !s.isGone(image) && s.hadTheirChance(image, 0) {
			out = append(out, Act{Kind: Begin, Process: s.u.InitialThread(image), Choice: beginExits, Touches: everything})
		}
	}
	return out
}
