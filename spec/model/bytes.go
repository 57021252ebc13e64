package model

import "strings"

// A byte queue is a queue of bytes inside an object: five cells beginning at a field, as those of a sequence. It
// holds runs and parts of runs, so a write and a read cost by the run and not by the byte. How many bytes there
// are and a polynomial over them are hashed: two queues with equal bytes hash alike, however these were cut.
const (
	bytesCount = iota
	bytesA
	bytesB
	bytesHead // layout: first node
	bytesTail // layout: last node
	bytesCells

	bytesHashed = bytesHead
)

// What the nodes of a byte queue hold: a part of a run, never an empty one.
const (
	nodeRun  = nodeTerm
	nodeFrom = nodeExtra
	nodeTo   = nodeWay
)

// bytesHeld is how many bytes a queue holds.
func (s *State) bytesHeld(id ID, field uint8) uint64 { return s.get(id, field+bytesCount) }

// bytesFit is how many of n bytes may be written to a queue now: as many as fit under its capacity, 0 where
// none do. A capacity of 0 is none at all, and everything fits.
func (s *State) bytesFit(id ID, field uint8, capacity, n uint64) uint64 {
	if capacity == 0 {
		return n
	}
	held := s.bytesHeld(id, field)
	return min(n, max(capacity, held)-held)
}

// pushBytes adds bytes at the end.
func (s *State) pushBytes(id ID, field uint8, p part) {
	if p.length() == 0 {
		return
	}
	node := s.newNode(Term(p.run), uint64(p.from))
	s.write(node+nodeTo, uint64(p.to))
	if tail := uint32(s.get(id, field+bytesTail)); tail != 0 {
		s.write(tail+nodeNext, uint64(node))
	} else {
		s.setLayout(id, field+bytesHead, uint64(node))
	}
	s.setLayout(id, field+bytesTail, uint64(node))
	s.setBytes(id, field, s.bytesHeld(id, field)+p.length(), s.bytesAre(id, field).then(s.u.polynomial(p), p.length()))
}

// takeBytes removes the first n bytes; it must hold as many.
func (s *State) takeBytes(id ID, field uint8, n uint64) {
	left := s.bytesHeld(id, field) - n
	if left == 0 {
		s.emptyBytes(id, field)
		return
	}
	var taken polynomial
	node := uint32(s.get(id, field+bytesHead))
	for n > 0 {
		p := s.partAt(node)
		if n < p.length() {
			p = p.cut(n)
			s.write(node+nodeFrom, uint64(p.to))
		} else {
			next := uint32(s.cells[node+nodeNext])
			s.freeNode(node)
			node = next
		}
		taken = taken.then(s.u.polynomial(p), p.length())
		n -= p.length()
	}
	s.setLayout(id, field+bytesHead, uint64(node))
	s.setBytes(id, field, left, s.bytesAre(id, field).minus(taken.shifted(left)))
}

// emptyBytes removes all bytes, at one cost however many there are.
func (s *State) emptyBytes(id ID, field uint8) {
	head := s.get(id, field+bytesHead)
	if head == 0 {
		return
	}
	s.write(uint32(s.get(id, field+bytesTail))+nodeNext, s.get(world, worldFree))
	s.setLayout(world, worldFree, head)
	s.setLayout(id, field+bytesHead, 0)
	s.setLayout(id, field+bytesTail, 0)
	s.setBytes(id, field, 0, polynomial{})
}

// peekBytes appends the first n bytes, or all where it holds fewer, and leaves them.
func (s *State) peekBytes(id ID, field uint8, n uint64, out []byte) []byte {
	for node := uint32(s.get(id, field+bytesHead)); node != 0 && n > 0; node = uint32(s.cells[node+nodeNext]) {
		p := s.partAt(node)
		p = p.cut(min(n, p.length()))
		out = append(out, s.u.text(p)...)
		n -= p.length()
	}
	return out
}

// eachPart yields the parts of the n bytes that come after the first from, or of as many as there are.
func (s *State) eachPart(id ID, field uint8, from, n uint64, visit func(part)) {
	for node := uint32(s.get(id, field+bytesHead)); node != 0 && n > 0; node = uint32(s.cells[node+nodeNext]) {
		p := s.partAt(node)
		if from >= p.length() {
			from -= p.length()
			continue
		}
		p.from += uint32(from)
		p = p.cut(min(n, p.length()))
		from, n = 0, n-p.length()
		visit(p)
	}
}

// lineLength is how many bytes there are up to the first end of a line after the first from, that included; 0 where
// there is none.
func (s *State) lineLength(id ID, field uint8, from uint64) (n uint64) {
	before := from
	s.eachPart(id, field, from, never, func(p part) {
		if n > 0 {
			return
		}
		if i := strings.IndexByte(s.u.text(p), '\n'); i >= 0 {
			n = before - from + uint64(i) + 1
		}
		before += p.length()
	})
	return n
}

func (s *State) partAt(node uint32) part {
	return part{run(s.cells[node+nodeRun]), uint32(s.cells[node+nodeFrom]), uint32(s.cells[node+nodeTo])}
}

// bytesAre is the polynomial of what a queue holds.
func (s *State) bytesAre(id ID, field uint8) polynomial {
	return polynomial{s.get(id, field+bytesA), s.get(id, field+bytesB)}
}

func (s *State) setBytes(id ID, field uint8, count uint64, are polynomial) {
	s.set(id, field+bytesCount, count)
	s.set(id, field+bytesA, are.a)
	s.set(id, field+bytesB, are.b)
}

// How much a read returns is a choice: any number of bytes from 1 up to what it wants and what there is. Whoever
// explores can't try 65,536 of them, nor does it need to. A reader notices where a read ends by what the writer
// wrote, so readSizes lists the natural ends, and [Act.Choice] is an index into the list. It depends on how the
// bytes were cut, which the hash doesn't tell: of two states with one hash, all that either lists is possible in
// both. Whoever judges was told how many bytes there were, and has nothing listed: an open state asks mayRead
// about the number that the operation is foretold to return.

// mostEnds is how many ends of runs are listed: many small writes would have a read end everywhere.
const mostEnds = 16

// mostSizes is how long the list of readSizes may be.
const mostSizes = mostEnds + 2

// readSizes appends how many bytes a read of at most want may be tried to return, ascending and each once: 1, as
// many as end where a write ended, and all. It appends none where there are no bytes, or none are wanted.
func (s *State) readSizes(id ID, field uint8, want uint64, out []uint64) []uint64 {
	all := min(want, s.bytesHeld(id, field))
	if all == 0 {
		return out
	}
	last := uint64(1)
	out = append(out, last)
	end, node := uint64(0), uint32(s.get(id, field+bytesHead))
	for range mostEnds {
		if end += s.partAt(node).length(); end >= all {
			break
		}
		if end > last {
			last = end
			out = append(out, last)
		}
		node = uint32(s.cells[node+nodeNext])
	}
	if all > last {
		out = append(out, all)
	}
	return out
}

// readSize is how many bytes a read returns by a choice among readSizes.
func (s *State) readSize(id ID, field uint8, want uint64, choice uint16) uint64 {
	var sizes [mostSizes]uint64
	return s.readSizes(id, field, want, sizes[:0])[choice]
}

// mayRead tells whether a read of at most want may return n bytes, which is more than none.
func (s *State) mayRead(id ID, field uint8, want, n uint64) bool {
	return 0 < n && n <= min(want, s.bytesHeld(id, field))
}
