package model

// Living counts the processes that have not died, the test's own apart, and the children
// that nobody has reaped.
func (s *State) Living() (processes, children int) {
	for p := ID(s.get(world, worldFirst)); p != 0; p = ID(s.get(p, processNext)) {
		if Term(s.get(p, processName)) != s.u.Intern(testName) {
			processes++
		}
	}
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if phase := s.get(c, childPhase); phase != childPrepared && phase != childReaped {
			children++
		}
	}
	return processes, children
}
