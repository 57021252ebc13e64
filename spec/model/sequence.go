package model

import "github.com/mpcheck/mpcheck/spec"

// A sequence is a queue of terms inside an object: five cells beginning at a field. Its
// count and a polynomial over its elements are hashed, so that pushing and popping cost the
// same whatever the length and two sequences with equal elements hash alike, however
// they came about.
const (
	sequenceCount = iota
	sequenceA
	sequenceB
	sequenceHead // layout: first node
	sequenceTail // layout: last node
	sequenceCells

	sequenceHashed = sequenceHead
)

// The bases of the two polynomials; odd, so that every power has an inverse.
const baseA, baseB = 0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f

// A node is a link of a chain: cells that belong to no object.
const (
	nodeNext = iota
	nodeTerm
	nodeExtra
	nodeWay // of a cleanup in an open state
	nodeCells
)

// newNode takes a node from the free chain or makes one.
func (s *State) newNode(term Term, extra uint64) uint32 {
	at := uint32(s.get(world, worldFree))
	if at == 0 {
		at = uint32(len(s.cells))
		s.cells = append(s.cells, 0, uint64(term), extra, 0)
		return at // Revert shortens the cells, so nothing is to be logged
	}
	s.setLayout(world, worldFree, s.cells[at+nodeNext])
	s.write(at+nodeNext, 0)
	s.write(at+nodeTerm, uint64(term))
	s.write(at+nodeExtra, extra)
	if s.cells[at+nodeWay] != 0 {
		s.write(at+nodeWay, 0)
	}
	return at
}

func (s *State) freeNode(at uint32) {
	s.write(at+nodeNext, s.get(world, worldFree))
	s.setLayout(world, worldFree, uint64(at))
}

func (s *State) push(id ID, field uint8, term Term) {
	node := s.newNode(term, 0)
	if tail := uint32(s.get(id, field+sequenceTail)); tail != 0 {
		s.write(tail+nodeNext, uint64(node))
	} else {
		s.setLayout(id, field+sequenceHead, uint64(node))
	}
	s.setLayout(id, field+sequenceTail, uint64(node))
	m := element(term)
	s.set(id, field+sequenceCount, s.get(id, field+sequenceCount)+1)
	s.set(id, field+sequenceA, s.get(id, field+sequenceA)*baseA+m.a)
	s.set(id, field+sequenceB, s.get(id, field+sequenceB)*baseB+m.b)
}

// pop removes and returns the first element; the sequence must not be empty.
func (s *State) pop(id ID, field uint8) Term {
	node := uint32(s.get(id, field+sequenceHead))
	term := Term(s.cells[node+nodeTerm])
	next := s.cells[node+nodeNext]
	s.setLayout(id, field+sequenceHead, next)
	if next == 0 {
		s.setLayout(id, field+sequenceTail, 0)
	}
	s.freeNode(node)
	count := s.get(id, field+sequenceCount) - 1
	m := element(term)
	s.set(id, field+sequenceCount, count)
	s.set(id, field+sequenceA, s.get(id, field+sequenceA)-m.a*power(baseA, count))
	s.set(id, field+sequenceB, s.get(id, field+sequenceB)-m.b*power(baseB, count))
	return term
}

func (s *State) length(id ID, field uint8) uint64 { return s.get(id, field+sequenceCount) }

// elements appends the terms of the sequence, first to last.
func (s *State) elements(id ID, field uint8, out []Term) []Term {
	for node := uint32(s.get(id, field+sequenceHead)); node != 0; node = uint32(s.cells[node+nodeNext]) {
		out = append(out, Term(s.cells[node+nodeTerm]))
	}
	return out
}

// listed is the list of the elements.
func (s *State) listed(id ID, field uint8) spec.Value {
	terms := s.elements(id, field, nil)
	items := make([]spec.Value, len(terms))
	for i, t := range terms {
		items[i] = s.u.Value(t)
	}
	return spec.NewList(items...)
}

func element(t Term) hash128 { return mix(1, 254, uint64(t)+1) }

func power(base, n uint64) uint64 {
	result := uint64(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result *= base
		}
		base *= base
	}
	return result
}
