package model

import "encoding/binary"

// State is one state of the transition system. All it knows is in cells, which belong to
// objects; cells that matter are hashed as (object, field, value), cells that only lay
// things out (links of chains) are not. A State is used by one goroutine at a time.
type State struct {
	u     *Universe
	cells []uint64
	base  []uint32 // first cell of each object, 0 where it doesn't exist
	sum   hash128
	log   *UndoLog // of the latest step, nil when it can't be taken back

	parked *parking // nil while there are few processes

	patient   bool
	untimed   bool
	lossy     bool
	heard     bool
	fleeting  bool
	unhashed  bool
	open      bool
	waitWords bool
	anySizes  bool
	loose     loose
	several   bool // there are images beside the first, or were
	foreign   bool // there are threads that are no processes, or were
	enters    ID   // see [State.EnterAs]
	test      ID   // the outermost process and its first frame; constant
	root      ID
	mutant    Mutant
	law       *law
	cited     *Citations // see [State.CiteInto]
}

// Config fixes what does not change during the life of a state.
type Config struct {
	// Free lets the clock act at any time; otherwise it is patient and acts only when
	// nothing else can.
	Free bool
	// Untimed leaves time out, for judging what happened at times that are known: there are no
	// ticks, an operation with a deadline may give up whenever it waits, a child that will
	// exit may do so at once. Whoever judges checks the times.
	Untimed bool
	// Lossy lets the outcome of an operation be lost to a kill that reaches its process before
	// its code has taken it: effect without return (MBOX-READ-6).
	Lossy bool
	// Heard is for judging what is told from outside: that something happened is heard at some time
	// after it did. So a kill may reach a process between two operations, and a frame that is unwound
	// is left at once: what its code still calls, not knowing, means nothing. It includes Lossy.
	Heard bool
	// Open has everything happen that the catalogue lists of what the documents leave open (SILENT
	// clauses): for judging systems that others wrote. Otherwise a state goes those ways that the
	// simulator shows, so that all of them can be tried.
	Open bool
	// UsualSizes: beside, mailboxes have the sizes that the simulator gives them; for judging what it
	// does itself.
	UsualSizes bool
	// Judges tells whether a clause is judged, of those that only some profiles have; nil: all are.
	Judges func(clause string) bool
	// Fleeting outcomes are not hashed: each is taken, by [State.DropOutcome] and what comes
	// after it, before anybody asks for the hash.
	Fleeting bool
	// Unhashed saves the cost of the hash, which is then meaningless: for who never asks for it.
	Unhashed bool
	// Mutant breaks one rule on purpose; "" breaks none.
	Mutant Mutant
}

// NewState returns the initial state: one process, whose outermost frame runs the test.
func NewState(u *Universe, cfg Config) *State {
	s := &State{u: u, cells: make([]uint64, 1, 256)}
	s.Reset(cfg)
	return s
}

// Reset makes the state the initial one again, in the memory that it has. Its universe must be
// as new.
func (s *State) Reset(cfg Config) {
	*s = State{u: s.u, cells: s.cells[:1], base: s.base[:0], patient: !cfg.Free, untimed: cfg.Untimed, lossy: cfg.Lossy || cfg.Heard, heard: cfg.Heard, fleeting: cfg.Fleeting, unhashed: cfg.Unhashed, open: cfg.Open, waitWords: cfg.tellsWaitWords(), anySizes: cfg.Open && !cfg.UsualSizes, loose: cfg.loose(), mutant: cfg.Mutant, law: lawOf(cfg.Mutant)}
	s.create(world, kindWorld)
	s.test = s.newProcess(s.u.Name(world, 0, KindProcess), world)
	s.set(s.test, processPhase, phaseRunning)
	s.set(s.test, processName, uint64(s.u.Intern(testName)))
	if cfg.Open { // its name and priority are the adapter's
		s.set(s.test, processName, uint64(NoTerm))
		s.set(s.test, processComputed, priorityAny)
	}
	s.root = s.pushFrame(s.test, newFrame{arguments: NilTerm})
}

// Universe returns the universe the state interns in.
func (s *State) Universe() *Universe { return s.u }

// Test returns the outermost frame, also once it has been left.
func (s *State) Test() ID { return s.root }

// TestCleans tells whether the test's process still has cleanups to run, or runs one.
func (s *State) TestCleans() bool {
	return s.get(s.test, processPhase) == phaseEnding && (s.get(s.test, processCleanups) > 0 || s.innermost(s.test) != 0)
}

// Now is the simulated time in microseconds since the state was made.
func (s *State) Now() uint64 { return s.get(world, worldNow) }

type hash128 struct{ a, b uint64 }

// Hash identifies the state: two states of one universe with equal hashes are the same
// but for chance (2^-128). It is kept incrementally.
func (s *State) Hash() [16]byte {
	var out [16]byte
	binary.LittleEndian.PutUint64(out[:8], s.sum.a)
	binary.LittleEndian.PutUint64(out[8:], s.sum.b)
	return out
}

// mix spreads what one cell adds to the hash. Sums of mixes are taken, so that the order
// in which cells were written doesn't matter and a cell can be taken out again.
func mix(object ID, field uint8, value uint64) hash128 {
	if value == 0 {
		return hash128{} // a cell never written and one set back to zero are the same
	}
	where := uint64(object)<<8 | uint64(field)
	return hash128{
		Scramble(value ^ where*0x9e3779b97f4a7c15),
		Scramble(value*0xbf58476d1ce4e5b9 + where*0xc2b2ae3d27d4eb4f + 1),
	}
}

// Scramble spreads the bits of a number over all of a hash that is a sum.
func Scramble(x uint64) uint64 {
	x ^= x >> 32
	x *= 0xd6e8feb86659fd93
	x ^= x >> 29
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

func (h hash128) plus(o hash128) hash128  { return hash128{h.a + o.a, h.b + o.b} }
func (h hash128) minus(o hash128) hash128 { return hash128{h.a - o.a, h.b - o.b} }

func (s *State) exists(id ID) bool { return int(id) < len(s.base) && s.base[id] != 0 }

func (s *State) get(id ID, field uint8) uint64 { return s.cells[s.base[id]+uint32(field)] }

// set writes a hashed cell.
func (s *State) set(id ID, field uint8, value uint64) {
	s.setCell(s.base[id]+uint32(field), id, field, value)
}

// setCell writes a hashed cell, wherever it is.
func (s *State) setCell(at uint32, id ID, field uint8, value uint64) {
	old := s.cells[at]
	if old == value {
		return
	}
	if !s.unhashed {
		s.sum = s.sum.minus(mix(id, field, old)).plus(mix(id, field, value))
	}
	s.write(at, value)
	if s.parked != nil {
		s.parked.touched(s, id)
	}
}

// clear sets the hashed cells of an object from one field up to another to zero; most are.
func (s *State) clear(id ID, from, to uint8) {
	base := s.base[id]
	for i, value := range s.cells[base+uint32(from) : base+uint32(to)] {
		if value != 0 {
			s.set(id, from+uint8(i), 0)
		}
	}
}

// setLayout writes a cell of the layout, which is not hashed.
func (s *State) setLayout(id ID, field uint8, value uint64) { s.write(s.base[id]+uint32(field), value) }

func (s *State) write(at uint32, value uint64) {
	if s.log != nil {
		s.log.writes = append(s.log.writes, write{at, s.cells[at]})
	}
	s.cells[at] = value
}

var noCells [64]uint64

// create makes an object with all its cells zero.
func (s *State) create(id ID, kind Kind) {
	for int(id) >= len(s.base) {
		s.base = append(s.base, 0)
	}
	s.base[id] = uint32(len(s.cells))
	s.cells = append(s.cells, noCells[:layouts[kind].cells]...)
	if s.log != nil {
		s.log.created = append(s.log.created, id)
	}
	s.sum = s.sum.plus(mix(id, 255, uint64(kind)))
}

// make makes the object of that kind that the open call of an act's frame makes.
func (s *State) make(act Act, kind Kind) ID {
	id := s.made(act, 0, kind)
	s.create(id, kind)
	return id
}

// made names what the open call of an act's frame makes: by its thread, and the number of the call there. Bits
// beside tell apart what one call makes several of.
func (s *State) made(act Act, beside uint32, kind Kind) ID {
	return s.u.Name(ID(s.get(act.Frame, frameThread)), beside|uint32(s.callOf(act.Frame)), kind)
}

// UndoLog remembers what acts overwrote, so that they can be taken back in reverse order.
// The zero value is ready for use; it belongs to one State.
type UndoLog struct {
	marks   []mark
	writes  []write
	created []ID
}

type write struct {
	at  uint32
	old uint64
}

type mark struct {
	sum                     hash128
	writes, created, length int
}

// Depth is the number of steps that can be taken back.
func (l *UndoLog) Depth() int { return len(l.marks) }

// begin opens a step: what is written until end can be taken back by one Revert.
func (s *State) begin(log *UndoLog) {
	s.log = log
	if log != nil {
		log.marks = append(log.marks, mark{s.sum, len(log.writes), len(log.created), len(s.cells)})
	}
}

// Revert takes back the latest step in the log: an act, or an input of the environment.
func (s *State) Revert(log *UndoLog) {
	s.parked = nil
	m := log.marks[len(log.marks)-1]
	log.marks = log.marks[:len(log.marks)-1]
	for i := len(log.writes) - 1; i >= m.writes; i-- {
		s.cells[log.writes[i].at] = log.writes[i].old
	}
	log.writes = log.writes[:m.writes]
	for i := len(log.created) - 1; i >= m.created; i-- {
		s.base[log.created[i]] = 0
	}
	log.created = log.created[:m.created]
	s.cells = s.cells[:m.length]
	s.sum = m.sum
}
