package refimpl

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
)

// code is a program as a machine runs it: calls decoded where their arguments are constants,
// names numbered.
type code struct {
	blocks [][]instruction
	slots  int // numbers of names
	// A name that the test gives and code of other blocks uses is memory that they share, and
	// that no act of the specification shows. givesShared says of each step of the test
	// whether it gives one; readsShared of each block and step whether it uses one, and
	// entryReads whether the first step of some block does.
	givesShared []bool
	readsShared [][]bool
	entryReads  bool
}

// An instruction is a step of a block.
type instruction struct {
	call      spec.Call
	operation model.Operation
	absent    bool // the specification has no rule for it
	// arguments are the leaves of the call that are no constants. Where there are none the
	// operation is decoded; else bound has what was decoded so far.
	arguments []argument
	bound     []binding
	// slots are the numbers of the names that the step's values have, -1 for none.
	slots []int
}

// An argument is the value of a name, by its number, or where that is -1 the value of the step
// before, plus a number.
type argument struct{ slot, plus int }

// terms are those of an instruction's arguments, as many as there are at most for decoding
// to be remembered.
type terms [4]model.Term

type binding struct {
	terms     terms
	operation model.Operation
}

// compile decodes what can be; the program must be valid.
func compile(u *model.Universe, p *program.Program) *code {
	c := &code{blocks: make([][]instruction, len(p.Blocks)), readsShared: make([][]bool, len(p.Blocks))}
	slots := map[string]int{}
	shared := map[int]bool{}
	for b, steps := range p.Blocks {
		c.blocks[b] = make([]instruction, len(steps))
		c.readsShared[b] = make([]bool, len(steps)+1)
		for n, s := range steps {
			in := &c.blocks[b][n]
			in.call = s.Call
			program.Substitute(s.Call, func(v spec.Value) spec.Value {
				r, ok := v.(spec.Ref)
				if !ok {
					return v
				}
				if plus, ok := program.AsPrevious(r); ok {
					in.arguments = append(in.arguments, argument{-1, plus})
					return v
				}
				slot, known := slots[r.ID]
				if !known {
					slot = len(slots)
					slots[r.ID] = slot
				}
				in.arguments = append(in.arguments, argument{slot, 0})
				if b > 0 {
					shared[slot], c.readsShared[b][n] = true, true
				}
				return v
			})
			if in.absent = !model.HasRule(s.Call.Op); !in.absent && len(in.arguments) == 0 {
				in.operation, _ = model.Decode(u, s.Call)
			}
		}
	}
	// Code runs on over an operation that is absent, to the one behind it.
	for b := 1; b < len(c.blocks); b++ {
		for n := len(c.blocks[b]) - 2; n >= 0; n-- {
			c.readsShared[b][n] = c.readsShared[b][n] || c.blocks[b][n].absent && c.readsShared[b][n+1]
		}
		c.entryReads = c.entryReads || len(c.blocks[b]) > 0 && c.readsShared[b][0]
	}
	c.slots = len(slots)
	c.givesShared = make([]bool, len(p.Blocks[0])+1)
	for n, s := range p.Blocks[0] {
		in := &c.blocks[0][n]
		if s.Name == "" {
			continue
		}
		for i := range len(terms{}) { // an operation has no more values
			name := s.Name
			if i > 0 {
				name += "." + itoa(i)
			}
			slot, used := slots[name]
			if !used {
				slot = -1
			}
			in.slots = append(in.slots, slot)
			c.givesShared[n] = c.givesShared[n] || used && shared[slot]
		}
	}
	return c
}

// bind decodes the instruction with the values of its arguments. They are looked up among
// those of before: a search comes by with the same ones again and again.
func (in *instruction) bind(u *model.Universe, names []model.Term, previous model.Term) *model.Operation {
	if len(in.arguments) == 0 {
		return &in.operation
	}
	if len(in.arguments) > len(terms{}) {
		decoded, _ := model.Decode(u, in.substitute(u, names, previous))
		return &decoded
	}
	// The terms are as they are before adding: what is added is the same each time.
	var key terms
	for i, a := range in.arguments {
		if key[i] = previous; a.slot >= 0 {
			key[i] = names[a.slot]
		}
	}
	for i := range in.bound {
		if in.bound[i].terms == key {
			return &in.bound[i].operation
		}
	}
	decoded, _ := model.Decode(u, in.substitute(u, names, previous)) // it has a rule
	if len(in.bound) == maxBound {
		in.bound = in.bound[:0]
	}
	in.bound = append(in.bound, binding{key, decoded})
	return &in.bound[len(in.bound)-1].operation
}

// maxBound bounds what an instruction remembers: it is searched from one end to the other.
const maxBound = 64

// substitute returns the call with values for its arguments that are none.
func (in *instruction) substitute(u *model.Universe, names []model.Term, previous model.Term) spec.Call {
	next := 0
	return program.Substitute(in.call, func(v spec.Value) spec.Value {
		if _, ok := v.(spec.Ref); !ok {
			return v
		}
		a := in.arguments[next]
		next++
		if a.slot >= 0 {
			return u.Value(names[a.slot])
		}
		return program.Sum(u.Value(previous), a.plus)
	})
}
