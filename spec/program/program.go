// Package program has programs as data: what a generator makes, a search explores and a shrinker
// cuts down, where a case is a function that a person wrote.
package program

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// Program is straight-line code in blocks. Block 0 is the test's; the others are the code of
// functions: of processes, cleanup forms, bodies. An argument may be a [spec.Callback], the
// number of a block, or a [spec.Ref] whose ID is the name of an earlier step's value, or
// [Previous].
type Program struct {
	Blocks [][]Step `json:"blocks"`
}

// Step is one call. Name, where not "", stands for its primary value from then on, and name.1,
// name.2 for the further ones. Only the test's steps have names, so that a name is one thing.
type Step struct {
	Name string    `json:"name,omitempty"`
	Call spec.Call `json:"call"`
}

// Named is the reference to a name.
func Named(name string) spec.Value { return spec.Ref{ID: name} }

// Previous is the primary value of the step before in the same block; with a number other than
// 0 the sum of the two where it is a small integer, and nil where it is none. So a cell can be
// incremented: read, and set to Previous(1).
func Previous(plus int) spec.Value {
	if plus == 0 {
		return spec.Ref{ID: previous}
	}
	return spec.Ref{ID: fmt.Sprintf("%s%+d", previous, plus)}
}

// previous begins no name.
const previous = "^"

// AsPrevious tells whether a reference is that of [Previous], and of which number.
func AsPrevious(r spec.Ref) (plus int, ok bool) {
	rest, ok := strings.CutPrefix(r.ID, previous)
	if !ok || rest == "" {
		return 0, ok
	}
	plus, err := strconv.Atoi(rest)
	return plus, err == nil
}

// Sum is the value that [Previous] stands for after a step that returned v.
func Sum(v spec.Value, plus int) spec.Value {
	if plus == 0 {
		return v
	}
	n, ok := v.(spec.Int)
	if !ok {
		return spec.Nil{}
	}
	return n + spec.Int(plus)
}

// Parse reads the JSON form and validates it. Fields that mean nothing are refused: a keyword
// argument beside its call, or a name that is misspelt, would make another program.
func Parse(text []byte) (*Program, error) {
	var in struct {
		Blocks [][]json.RawMessage `json:"blocks"`
	}
	if err := decodeStrict(text, &in); err != nil {
		return nil, fmt.Errorf(`this is no program, {"blocks": [[STEP, ...], ...]}: %w`, err)
	}
	p := Program{Blocks: make([][]Step, len(in.Blocks))}
	for b, steps := range in.Blocks {
		p.Blocks[b] = make([]Step, len(steps))
		for i, step := range steps {
			if err := decodeStrict(step, &p.Blocks[b][i]); err != nil {
				return nil, fmt.Errorf(`block %d, step %d: want {"name": NAME, "call": {"op", "args", "keys"}}, with name and keys only if there are any: %w`, b, i, err)
			}
		}
	}
	return &p, p.Validate()
}

func decodeStrict(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return errors.New(spec.Brief(err.Error(), spec.LineLength))
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows it")
	}
	return nil
}

// Check says, beside what [Program.Validate] does, which step calls an operation as it can't be called: too few or too many arguments, a
// keyword that it doesn't have. Running it is no mistake - the operation signals an error - but
// most likely not what was meant.
func (p *Program) Check() error {
	if err := p.Validate(); err != nil {
		return err
	}
	for b, steps := range p.Blocks {
		for i, s := range steps {
			if err := spec.LookupOp(s.Call.Op).CheckCall(s.Call); err != nil {
				return fmt.Errorf("%s: %w (docs/operations.md)", place(b, i, s), err)
			}
		}
	}
	return nil
}

func place(block, step int, s Step) string {
	return fmt.Sprintf("block %d, step %d (%s)", block, step, spec.Brief(s.Call.Op, spec.NameLength))
}

// Encode gives the JSON form.
func (p *Program) Encode() ([]byte, error) { return json.MarshalIndent(p, "", " ") }

// Validate says which step breaks a rule: calls of operations that there are, callbacks that
// are blocks, names that a step of the test gives.
func (p *Program) Validate() error {
	if len(p.Blocks) == 0 {
		return fmt.Errorf("a program has at least the test's block")
	}
	names := map[string]bool{}
	for _, s := range p.Blocks[0] {
		if s.Name != "" {
			names[s.Name] = true
		}
	}
	for b, steps := range p.Blocks {
		for i, s := range steps {
			where := place(b, i, s)
			if spec.LookupOp(s.Call.Op) == nil {
				return fmt.Errorf("%s: there is no such operation: docs/operations.md lists them", where)
			}
			if b > 0 && s.Name != "" {
				return fmt.Errorf("%s: %q: only steps of block 0 have names", where, s.Name)
			}
			if strings.HasPrefix(s.Name, previous) {
				return fmt.Errorf("%s: %q: a name does not begin with %s", where, s.Name, previous)
			}
			var err error
			Substitute(s.Call, func(v spec.Value) spec.Value {
				switch v := v.(type) {
				case spec.Callback:
					if v <= 0 || int(v) >= len(p.Blocks) {
						err = fmt.Errorf("%s: there is no block %d that code could run", where, v)
					}
				case spec.Ref:
					if _, ok := AsPrevious(v); ok {
						return v
					}
					if name, _, _ := strings.Cut(v.ID, "."); !names[name] {
						err = fmt.Errorf("%s: no step of block 0 is named %q", where, name)
					}
				}
				return v
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Substitute returns the call with each leaf of its arguments replaced by what f makes of it.
func Substitute(c spec.Call, f func(spec.Value) spec.Value) spec.Call {
	out := spec.Call{Op: c.Op}
	for _, a := range c.Args {
		out.Args = append(out.Args, leaves(a, f))
	}
	for _, k := range c.Keys {
		out.Keys = append(out.Keys, spec.Key{Name: k.Name, Value: leaves(k.Value, f)})
	}
	return out
}

func leaves(v spec.Value, f func(spec.Value) spec.Value) spec.Value {
	l, ok := v.(spec.List)
	if !ok {
		return f(v)
	}
	items := make([]spec.Value, len(l.Items))
	for i, item := range l.Items {
		items[i] = leaves(item, f)
	}
	out := spec.List{Items: items}
	if l.Dotted != nil {
		out.Dotted = leaves(l.Dotted, f)
	}
	return out
}

// String shows the program to people, a step a line.
func (p *Program) String() string {
	var b strings.Builder
	for n, steps := range p.Blocks {
		if n == 0 {
			b.WriteString("test:\n")
		} else {
			fmt.Fprintf(&b, "block %d:\n", n)
		}
		if len(steps) == 0 {
			b.WriteString("  nothing\n")
		}
		for _, s := range steps {
			b.WriteString("  ")
			if s.Name != "" {
				b.WriteString(spec.Brief(s.Name, spec.NameLength) + " = ")
			}
			b.WriteString(Substitute(s.Call, func(v spec.Value) spec.Value {
				switch v := v.(type) {
				case spec.Ref:
					return spec.Symbol{Name: v.ID}
				case spec.Callback:
					return spec.Symbol{Name: fmt.Sprintf("block-%d", v)}
				}
				return v
			}).String() + "\n")
		}
	}
	return b.String()
}

// Operations is the number of steps, those that only make things apart: what counts as the
// size of a counterexample.
func (p *Program) Operations() int {
	n := 0
	for _, steps := range p.Blocks {
		for _, s := range steps {
			op := spec.LookupOp(s.Call.Op)
			if op != nil && !op.Is(spec.Kit) && !strings.HasPrefix(op.Name, "make-") && op.Name != "process-run-function" {
				n++
			}
		}
	}
	return n
}

// Steps is the number of all steps, which are the lines that String has beside those of blocks.
func (p *Program) Steps() int {
	n := 0
	for _, steps := range p.Blocks {
		n += len(steps)
	}
	return n
}

// Reached is the program without the blocks that no step runs which could itself run; the others are
// numbered anew, in their order. What runs a block that there isn't is left as it is.
func (p *Program) Reached() *Program {
	reached := make([]bool, len(p.Blocks))
	var visit func(b int)
	visit = func(b int) {
		if b < 0 || b >= len(p.Blocks) || reached[b] {
			return
		}
		reached[b] = true
		for _, s := range p.Blocks[b] {
			Substitute(s.Call, func(v spec.Value) spec.Value {
				if c, ok := v.(spec.Callback); ok {
					visit(int(c))
				}
				return v
			})
		}
	}
	visit(0)
	out, number := &Program{}, map[spec.Callback]spec.Callback{}
	for b, steps := range p.Blocks {
		if reached[b] {
			number[spec.Callback(b)] = spec.Callback(len(out.Blocks))
			out.Blocks = append(out.Blocks, append([]Step{}, steps...))
		}
	}
	out.callbacks(func(c spec.Callback) spec.Callback {
		if n, ok := number[c]; ok {
			return n
		}
		return c
	})
	return out
}

// Replace has each step that runs the one block run the other.
func (p *Program) Replace(one, other spec.Callback) {
	p.callbacks(func(c spec.Callback) spec.Callback {
		if c == one {
			return other
		}
		return c
	})
}

func (p *Program) callbacks(f func(spec.Callback) spec.Callback) {
	for _, steps := range p.Blocks {
		for i, s := range steps {
			steps[i].Call = Substitute(s.Call, func(v spec.Value) spec.Value {
				if c, ok := v.(spec.Callback); ok {
					return f(c)
				}
				return v
			})
		}
	}
}

// Clone returns a program that shares nothing that is ever changed with p.
func (p *Program) Clone() *Program {
	out := &Program{Blocks: make([][]Step, len(p.Blocks))}
	for i, steps := range p.Blocks {
		out.Blocks[i] = append([]Step{}, steps...)
	}
	return out
}

// Uses tells whether a call refers to a name, or to a further value of it.
func Uses(c spec.Call, name string) bool {
	used := false
	Substitute(c, func(v spec.Value) spec.Value {
		if r, ok := v.(spec.Ref); ok {
			first, _, _ := strings.Cut(r.ID, ".")
			used = used || first == name
		}
		return v
	})
	return used
}
