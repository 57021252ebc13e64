package refimpl

import (
	"encoding/binary"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Machine runs a program given as data directly on the specification. Where the code stands and
// what its names stand for is state like any other: hashed incrementally, and taken back by
// Revert. So a search goes back a step instead of running all steps before it again. What a
// [System] does with the same program and the same choices it does too (package fuzz checks it).
// It is used by one goroutine at a time.
type Machine struct {
	u     *model.Universe
	state *model.State
	code  *code
	log   model.UndoLog

	places []place      // by frame
	names  []model.Term // values, by number
	// The hash: of places, names, and, where they are observed, of the outcomes of the test.
	sum      [2]uint64
	outcomes [2]uint64
	left     bool // the test's code has ended
	entered  int
	frames   int  // whose code has begun and not ended
	large    bool // a value was made that is too large to go on with
	turns    []turn
	renamed  []naming

	observe  bool
	record   bool
	unhashed bool
	labels   []spec.Label
	asked    uint // how often [Machine.Bounded] was
}

// A place is where the code of a frame stands.
type place struct {
	block, at int32 // the step whose operation is open
	number    int32 // of the frame, in order of entering
	previous  model.Term
	// sum is what the place adds to the hash.
	sum [2]uint64
}

// A turn is what a step changed but the state of the specification.
type turn struct {
	frame                    model.ID // the only one whose place changed
	was                      place
	sum, outcomes            [2]uint64
	renamed, entered, labels int32
	frames                   int32
	left, large              bool
}

// A naming is a name's value before.
type naming struct {
	slot int
	was  model.Term
}

// MachineOptions of a machine. The zero value runs the specification as it stands.
type MachineOptions struct {
	// Model is the configuration of the specification.
	Model model.Config
	// Observe makes the outcomes of the test's steps part of the state: states that differ only
	// in what the test has seen are then two.
	Observe bool
	// Record keeps the labels of the current run.
	Record bool
}

// NewMachine returns a machine before the first step of a program, or says why the program is
// none.
func NewMachine(p *program.Program, o MachineOptions) (*Machine, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	u := model.NewUniverse()
	o.Model.Fleeting = true
	m := &Machine{u: u, state: model.NewState(u, o.Model), code: compile(u, p), observe: o.Observe, record: o.Record, unhashed: o.Model.Unhashed}
	m.names = make([]model.Term, m.code.slots)
	m.enter(m.state.Test())
	m.log, m.turns = model.UndoLog{}, nil // the beginning is never taken back
	return m, nil
}

// State is the specification's part of the state, to look at.
func (m *Machine) State() *model.State { return m.state }

// Enabled appends the acts that are possible now.
func (m *Machine) Enabled(out []model.Act) []model.Act { return model.Enabled(m.state, out) }

// Ended tells whether the run is over: the test's code has ended, and so have its cleanups.
func (m *Machine) Ended() bool { return m.left && !m.state.TestCleans() }

// Now is the simulated time.
func (m *Machine) Now() time.Duration { return time.Duration(m.state.Now()) * time.Microsecond }

// Labels is the current run so far, where it is recorded. It is the machine's.
func (m *Machine) Labels() []spec.Label { return m.labels }

// Depth is the number of steps that can be taken back.
func (m *Machine) Depth() int { return len(m.turns) }

// Hash identifies the state among those of the machine, the program's part included.
func (m *Machine) Hash() [16]byte {
	var h [16]byte
	key := m.key()
	binary.LittleEndian.PutUint64(h[:8], key[0])
	binary.LittleEndian.PutUint64(h[8:], key[1])
	return h
}

func (m *Machine) key() [2]uint64 {
	a, b := m.state.Sum()
	return [2]uint64{a + m.sum[0] + m.outcomes[0], b + m.sum[1] + m.outcomes[1]}
}

// Run goes on to the end of the run, picking acts as a [System] does with the same choices.
func (m *Machine) Run(choices spec.Choices) End {
	var acts []model.Act
	for !m.Ended() {
		if acts = m.Enabled(acts[:0]); len(acts) == 0 {
			m.note(spec.Label{Kind: spec.QuietLabel})
			return Deadlocked
		}
		m.Step(acts[spec.Pick(choices, len(acts))])
	}
	return Ended
}

// Step performs an act, and has the code that it concerns go on to its next operation.
func (m *Machine) Step(act model.Act) {
	m.turns = append(m.turns, turn{
		sum: m.sum, outcomes: m.outcomes, left: m.left, frames: int32(m.frames), large: m.large,
		renamed: int32(len(m.renamed)), entered: int32(m.entered), labels: int32(len(m.labels)),
	})
	if act.Kind == model.Tick {
		m.note(spec.Label{Kind: spec.QuietLabel})
	}
	label := model.Apply(m.state, act, &m.log)
	if act.Kind == model.Tick {
		m.note(spec.Label{Kind: spec.ClockLabel})
	}
	switch label.Kind {
	case model.Outcome:
		m.changes(label.Frame)
		m.resume(label.Frame)
	case model.Entered:
		m.enter(label.Frame)
	}
}

// Revert takes the latest step back.
func (m *Machine) Revert() {
	t := &m.turns[len(m.turns)-1]
	m.state.Revert(&m.log)
	m.sum, m.outcomes, m.left, m.entered = t.sum, t.outcomes, t.left, int(t.entered)
	m.frames, m.large = int(t.frames), t.large
	m.labels = m.labels[:t.labels]
	if t.frame != 0 {
		m.places[t.frame] = t.was
	}
	for i := len(m.renamed) - 1; i >= int(t.renamed); i-- {
		m.names[m.renamed[i].slot] = m.renamed[i].was
	}
	m.renamed = m.renamed[:t.renamed]
	m.turns = m.turns[:len(m.turns)-1]
}

// changes keeps the place of a frame that is about to change.
func (m *Machine) changes(f model.ID) {
	if len(m.turns) > 0 {
		t := &m.turns[len(m.turns)-1]
		t.frame, t.was = f, m.places[f]
	}
}

// enter begins the code of a frame.
func (m *Machine) enter(f model.ID) {
	for int(f) >= len(m.places) {
		m.places = append(m.places, place{})
	}
	m.changes(f)
	block := m.state.CodeOf(f)
	m.places[f] = place{block: int32(block), at: -1, number: int32(m.entered), previous: model.NilTerm}
	m.entered++
	m.frames++
	if m.record {
		entry := m.state.Entry(f)
		m.noteOf(f, spec.Label{Kind: spec.EnterLabel, Process: entry.Process, Callback: entry.Callback, Args: entry.Arguments})
	}
	m.proceed(f)
}

// resume takes the outcome of a frame's operation and goes on with its code.
func (m *Machine) resume(f model.ID) {
	status, count, values := m.state.OutcomeTerms(f)
	if m.record {
		outcome := m.state.Outcome(f)
		if status == spec.Gone {
			m.noteOf(f, spec.Label{Kind: spec.GoneLabel})
		} else {
			m.noteOf(f, spec.Label{Kind: spec.ReturnLabel, Return: outcome})
		}
	}
	m.state.DropOutcome(f, &m.log)
	p := &m.places[f]
	if m.observe && p.block == 0 {
		m.see(status, values[:count])
	}
	if status == spec.Gone {
		m.leave(f)
		return
	}
	for _, v := range values[:count] {
		m.large = m.large || v != model.NoTerm && program.IsLarge(m.u.Value(v))
	}
	p.previous = model.NilTerm
	if count > 0 && values[0] != model.NoTerm {
		p.previous = values[0]
	}
	if p.block == 0 {
		for i, slot := range m.code.blocks[0][p.at].slots {
			if i < count && slot >= 0 {
				m.rename(slot, values[i])
			}
		}
	}
	m.proceed(f)
}

// proceed opens the next operation of a frame's code, or ends it.
func (m *Machine) proceed(f model.ID) {
	p := &m.places[f]
	block := m.code.blocks[p.block]
	for {
		p.at++
		if int(p.at) >= len(block) {
			m.leave(f)
			return
		}
		in := &block[p.at]
		if m.record {
			m.noteOf(f, spec.Label{Kind: spec.CallLabel, Call: in.substitute(m.u, m.names, p.previous)})
		}
		if !in.absent {
			m.state.ReturnAndCall(f, in.bind(m.u, m.names, p.previous), &m.log)
			m.stands(f)
			return
		}
		p.previous = model.NilTerm
		if m.record {
			m.noteOf(f, spec.Label{Kind: spec.ReturnLabel, Return: spec.Return{Status: spec.Absent}})
		}
	}
}

func (m *Machine) leave(f model.ID) {
	p := &m.places[f]
	number := int(p.number)
	m.state.Leave(f, nil, &m.log)
	m.log.Merge()
	m.sum[0] -= p.sum[0]
	m.sum[1] -= p.sum[1]
	*p = place{}
	m.frames--
	m.left = m.left || f == m.state.Test()
	if m.record {
		m.note(spec.Label{Kind: spec.LeaveLabel, Frame: number})
	}
}

// stands brings a frame's place into the hash. What the step before returned isn't in it: the
// operation that it was an argument of is.
func (m *Machine) stands(f model.ID) {
	if m.unhashed {
		return
	}
	p := &m.places[f]
	a, b := spread(1, uint64(f), uint64(p.block)<<32|uint64(p.at)+1)
	m.sum[0] += a - p.sum[0]
	m.sum[1] += b - p.sum[1]
	p.sum = [2]uint64{a, b}
}

func (m *Machine) rename(slot int, value model.Term) {
	was := m.names[slot]
	m.renamed = append(m.renamed, naming{slot, was})
	a, b := spread(2, uint64(slot), uint64(was))
	c, d := spread(2, uint64(slot), uint64(value))
	m.sum[0] += c - a
	m.sum[1] += d - b
	m.names[slot] = value
}

// see adds an outcome of the test to what it has seen.
func (m *Machine) see(status spec.Status, values []model.Term) {
	m.outcomes[0], m.outcomes[1] = spread(3, m.outcomes[0]+uint64(status), m.outcomes[1]+uint64(len(values)))
	for _, v := range values {
		m.outcomes[0], m.outcomes[1] = spread(4, m.outcomes[0]+uint64(v), m.outcomes[1])
	}
}

// spread makes two numbers of three for a hash that is a sum.
func spread(kind, what, value uint64) (a, b uint64) {
	x := (what<<3 | kind) * 0x9e3779b97f4a7c15
	return model.Scramble(x ^ value*0xff51afd7ed558ccd), model.Scramble(x*0xc2b2ae3d27d4eb4f + value*0xbf58476d1ce4e5b9 + 1)
}

// note records a label that belongs to no frame, or whose frame is known.
func (m *Machine) note(l spec.Label) {
	if m.record {
		l.At = m.Now()
		m.labels = append(m.labels, l)
	}
}

func (m *Machine) noteOf(f model.ID, l spec.Label) {
	l.Frame = int(m.places[f].number)
	m.note(l)
}
