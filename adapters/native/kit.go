package native

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// eq compares identities; a literal has none, so characters and numbers are compared by
// value and strings and lists are never the same.
func eq(_ *frame, c spec.Call) ([]spec.Value, error) {
	return one(spec.Bool(spec.Eql(c.Args[0], c.Args[1]))), nil
}

func makeFunction(f *frame, c spec.Call) ([]spec.Value, error) {
	code, err := f.sys.callbackOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	return one(f.sys.name("function", function{code})), nil
}

func defun(f *frame, c spec.Call) ([]spec.Value, error) {
	name, ok := c.Args[0].(spec.Symbol)
	if !ok {
		return nil, typeError("the name", c.Args[0], "a symbol")
	}
	code, err := f.sys.callbackOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	f.sys.functions[name] = code
	return one(name), nil
}

func (s *system) callbackOf(v spec.Value) (spec.Callback, error) {
	if _, ok := v.(spec.Callback); !ok {
		return 0, typeError("the code", v, "a callback")
	}
	return s.codeOf(v)
}

// funcall calls a function on the current process and returns all of its values.
func funcall(f *frame, c spec.Call) ([]spec.Value, error) {
	code, err := f.sys.functionOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	values, _ := f.call(code, c.Args[1:])
	return values, nil
}

func makeLog(f *frame, _ spec.Call) ([]spec.Value, error) {
	return one(f.sys.name("log", &log{})), nil
}

func logAppend(f *frame, c spec.Call) ([]spec.Value, error) {
	l, err := lookup[*log](f.sys, "log", c.Args[0])
	if err != nil {
		return nil, err
	}
	l.entries = append(l.entries, c.Args[1])
	return one(spec.Nil{}), nil
}

func logRead(f *frame, c spec.Call) ([]spec.Value, error) {
	l, err := lookup[*log](f.sys, "log", c.Args[0])
	if err != nil {
		return nil, err
	}
	return one(spec.NewList(slices.Clone(l.entries)...)), nil
}

func makeCell(f *frame, c spec.Call) ([]spec.Value, error) {
	return one(f.sys.name("cell", &cell{c.Args[0]})), nil
}

func cellGet(f *frame, c spec.Call) ([]spec.Value, error) {
	x, err := lookup[*cell](f.sys, "cell", c.Args[0])
	if err != nil {
		return nil, err
	}
	return one(x.value), nil
}

func cellSet(f *frame, c spec.Call) ([]spec.Value, error) {
	x, err := lookup[*cell](f.sys, "cell", c.Args[0])
	if err != nil {
		return nil, err
	}
	x.value = c.Args[1]
	f.sys.predicate.wake()
	return one(x.value), nil
}

func makeGate(f *frame, _ spec.Call) ([]spec.Value, error) {
	return one(f.sys.name("gate", &gate{})), nil
}

// gateOpen opens a gate for good.
func gateOpen(f *frame, c spec.Call) ([]spec.Value, error) {
	g, err := lookup[*gate](f.sys, "gate", c.Args[0])
	if err != nil {
		return nil, err
	}
	g.open = true
	g.waiters.wake()
	return one(spec.Nil{}), nil
}

func gateWait(f *frame, c spec.Call) ([]spec.Value, error) {
	g, err := lookup[*gate](f.sys, "gate", c.Args[0])
	if err != nil {
		return nil, err
	}
	f.wait(c.Args[0].String()+" to be opened", forever, func() bool { return g.open }, &g.waiters)
	return one(spec.Nil{}), nil
}
