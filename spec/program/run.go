package program

import (
	"fmt"
	"slices"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// Run executes the program on a system, its test in the frame. A name that has no value yet is
// nil. A call that is not answered any more ends its block. The error is that of a value which
// became too large: the system is then aborted.
func Run(sys spec.System, f spec.Frame, p *Program) error {
	r := &run{sys: sys, p: p, values: map[string]spec.Value{}, callbacks: make([]spec.Callback, len(p.Blocks))}
	for n := 1; n < len(p.Blocks); n++ {
		r.callbacks[n] = sys.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
			r.block(f, n)
			return nil
		})
	}
	r.block(f, 0)
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

type run struct {
	sys       spec.System
	p         *Program
	callbacks []spec.Callback

	mu     sync.Mutex
	values map[string]spec.Value
	err    error
}

func (r *run) block(f spec.Frame, n int) {
	var previous spec.Value = spec.Nil{}
	for _, s := range r.p.Blocks[n] {
		ret := f.Do(Substitute(s.Call, func(v spec.Value) spec.Value { return r.value(v, previous) }))
		if ret.Status == spec.Gone || ret.Status == spec.Aborted {
			return
		}
		if slices.ContainsFunc(ret.Values, IsLarge) {
			r.mu.Lock()
			r.err = TooLarge()
			r.mu.Unlock()
			r.sys.Abort()
			return
		}
		previous = ret.Primary()
		if s.Name == "" {
			continue
		}
		r.mu.Lock()
		for i, v := range ret.Values {
			name := s.Name
			if i > 0 {
				name += fmt.Sprintf(".%d", i)
			}
			r.values[name] = v
		}
		r.mu.Unlock()
	}
}

// value is what an argument stands for.
func (r *run) value(v, previous spec.Value) spec.Value {
	switch v := v.(type) {
	case spec.Callback:
		return r.callbacks[v]
	case spec.Ref:
		if plus, ok := AsPrevious(v); ok {
			return Sum(previous, plus)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if known, ok := r.values[v.ID]; ok {
			return known
		}
		return spec.Nil{}
	}
	return v
}
