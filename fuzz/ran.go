package fuzz

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
)

// A ran finds the blocks that the test of a program may run itself: what it waits for in them it waits for too.
type ran struct {
	p         *program.Program
	functions map[string]int      // blocks by the names of the test that stand for their functions
	symbols   map[spec.Symbol]int // and by the symbols that name them
	blocks    []int
}

// ranByTest lists those blocks, block 0 first. Each is visited once, before what it runs is looked for.
func ranByTest(p *program.Program, visit func(block int)) {
	r := &ran{p: p, functions: map[string]int{}, symbols: map[spec.Symbol]int{}, blocks: []int{0}}
	for _, s := range p.Blocks[0] {
		for _, v := range s.Call.Args {
			if block, ok := v.(spec.Callback); ok && s.Name != "" {
				r.functions[s.Name] = int(block)
			}
		}
		symbol, named := s.Call.Arg(0).(spec.Symbol)
		if block, ok := s.Call.Arg(1).(spec.Callback); ok && named {
			r.symbols[symbol] = int(block)
		}
	}
	for n := 0; n < len(r.blocks); n++ {
		visit(r.blocks[n])
		for _, s := range p.Blocks[r.blocks[n]] {
			r.step(s)
		}
	}
}

// step adds what a step of the test runs: code that it is given, or else whatever is sent.
func (r *ran) step(s program.Step) {
	op := spec.LookupOp(s.Call.Op)
	if op == nil || !op.Is(spec.RunsCode) || makesProcess(op) { // whose function that process runs
		return
	}
	if r.values(s.Call) {
		return
	}
	for _, steps := range r.p.Blocks {
		for _, s := range steps {
			if op := spec.LookupOp(s.Call.Op); op != nil && op.Sends() >= 0 {
				r.values(s.Call)
			}
		}
	}
}

func makesProcess(op *spec.Op) bool {
	return len(op.Results) > 0 && op.Results[0].Role == spec.New && op.Results[0].Type == model.KindProcess.String()
}

// values adds the code in what a call is given, and tells whether there is any.
func (r *ran) values(c spec.Call) (code bool) {
	for _, v := range c.Args {
		code = r.value(v) || code
	}
	for _, k := range c.Keys {
		code = r.value(k.Value) || code
	}
	return code
}

func (r *ran) value(v spec.Value) (code bool) {
	block := 0
	switch v := v.(type) {
	case spec.Callback:
		block, code = int(v), true
	case spec.Ref:
		block, code = r.functions[v.ID]
	case spec.Symbol:
		block, code = r.symbols[v]
	case spec.List:
		for _, item := range v.Items {
			code = r.value(item) || code
		}
		return code
	}
	if code && block < len(r.p.Blocks) && !slices.Contains(r.blocks, block) {
		r.blocks = append(r.blocks, block)
	}
	return code
}
