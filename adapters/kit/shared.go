package kit

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// What cases are built with: functions, logs, cells and gates.

// eq compares identities; a literal has none, so characters and numbers are compared by
// value and strings and lists are never the same.
func eq(_ *Frame, c spec.Call) ([]spec.Value, error) {
	return One(spec.Bool(spec.Eql(c.Args[0], c.Args[1]))), nil
}

func makeFunction(f *Frame, c spec.Call) ([]spec.Value, error) {
	code, err := f.sys.CallbackOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	return One(f.sys.Name("function", Function{code})), nil
}

func defun(f *Frame, c spec.Call) ([]spec.Value, error) {
	name, ok := c.Args[0].(spec.Symbol)
	if !ok {
		return nil, TypeError("the name", c.Args[0], "a symbol")
	}
	code, err := f.sys.CallbackOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	f.sys.functions[name] = code
	return One(name), nil
}

// CallbackOf reads code that the harness has registered.
func (s *System) CallbackOf(v spec.Value) (spec.Callback, error) {
	if _, ok := v.(spec.Callback); !ok {
		return 0, TypeError("the code", v, "a callback")
	}
	return s.CodeOf(v)
}

// funcall calls a function on the current process and returns all of its values.
func funcall(f *Frame, c spec.Call) ([]spec.Value, error) {
	code, err := f.sys.FunctionOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	values, _ := f.Call(code, c.Args[1:])
	return values, nil
}

func makeLog(f *Frame, _ spec.Call) ([]spec.Value, error) {
	return One(f.sys.Name("log", &log{})), nil
}

func logAppend(f *Frame, c spec.Call) ([]spec.Value, error) {
	l, err := Lookup[*log](f.sys, "log", c.Args[0])
	if err != nil {
		return nil, err
	}
	l.entries = append(l.entries, c.Args[1])
	return One(spec.Nil{}), nil
}

func logRead(f *Frame, c spec.Call) ([]spec.Value, error) {
	l, err := Lookup[*log](f.sys, "log", c.Args[0])
	if err != nil {
		return nil, err
	}
	return One(spec.NewList(slices.Clone(l.entries)...)), nil
}

func makeCell(f *Frame, c spec.Call) ([]spec.Value, error) {
	return One(f.sys.Name("cell", &cell{c.Args[0]})), nil
}

func cellGet(f *Frame, c spec.Call) ([]spec.Value, error) {
	x, err := Lookup[*cell](f.sys, "cell", c.Args[0])
	if err != nil {
		return nil, err
	}
	return One(x.value), nil
}

func cellSet(f *Frame, c spec.Call) ([]spec.Value, error) {
	x, err := Lookup[*cell](f.sys, "cell", c.Args[0])
	if err != nil {
		return nil, err
	}
	x.value = c.Args[1]
	f.sys.Changed()
	return One(x.value), nil
}

func makeGate(f *Frame, _ spec.Call) ([]spec.Value, error) {
	return One(f.sys.Name("gate", &gate{})), nil
}

// gateOpen opens a gate for good.
func gateOpen(f *Frame, c spec.Call) ([]spec.Value, error) {
	g, err := Lookup[*gate](f.sys, "gate", c.Args[0])
	if err != nil {
		return nil, err
	}
	g.open = true
	g.waiters.Wake()
	return One(spec.Nil{}), nil
}

func gateWait(f *Frame, c spec.Call) ([]spec.Value, error) {
	g, err := Lookup[*gate](f.sys, "gate", c.Args[0])
	if err != nil {
		return nil, err
	}
	f.Wait(c.Args[0].String()+" to be opened", Forever, func() bool { return g.open }, &g.waiters)
	return One(spec.Nil{}), nil
}
