package model

// Living counts the processes that have not died, the test's own apart, and the children
// that nobody has reaped; of other images none: they are ended with the system.
func (s *State) Living() (processes, children int) {
	for p := range s.processesOf(world) {
		if p != s.test {
			processes++
		}
	}
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if s.present(c) {
			children++
		}
	}
	return processes, children
}
