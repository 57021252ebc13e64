package model

// The environment of external programs.

// environOf is the environment that a child tells.
func (s *State) environOf(_, c ID) Term { return s.orEmpty(Term(s.get(c, childEnvironment))) }
