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
	image := s.imageOf(act.Process)
	s.set(image, imageQuits, s.get(image, imageQuits)|quitsCaller)
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
