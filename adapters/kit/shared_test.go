package kit

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestObjects(t *testing.T) {
	bubble(t, func(c *scene) {
		kw := spec.Keyword
		for _, kind := range []string{"cons", "list", "string", "vector", "structure", "hash-table", "function", "symbol", "pathname", "object"} {
			args := []any{"x"}
			a, b := c.must(c.New(kw(kind), args...)), c.must(c.New(kw(kind), args...))
			c.is(c.Eq(a, a), "t")
			c.is(c.Eq(a, b), "nil")
		}
		c.is(c.New(kw("list")), "nil")
		for _, same := range []any{nil, true, 1, spec.Char('a'), kw("a"), spec.Double(1)} {
			c.is(c.Eq(same, same), "t")
		}
		for _, other := range []any{"a", []any{1}} {
			c.is(c.Eq(other, other), "nil")
		}
		c.fails(c.New(kw("unicorn")), "type-error")
		c.fails(c.New("cons"), "type-error")
		c.fails(c.New(kw("string"), 7), "type-error")
		c.fails(c.New(kw("cons"), 1, 2, 3), "program-error")
		c.is(c.Funcall(c.must(c.New(kw("function")))), "nil")
	})
}

func TestFunctions(t *testing.T) {
	bubble(t, func(c *scene) {
		echo := c.values(func(_ *scene, args []spec.Value) []spec.Value { return args })
		fn := c.must(c.MakeFunction(echo))
		name := spec.Symbol{Name: "ECHO"}
		c.is(c.Funcall(fn, 1, "two"), `1, "two"`)
		c.is(c.Funcall(fn), "no values")
		c.fails(c.Funcall(name), "undefined-function")
		c.is(c.Defun(name, echo), "ECHO")
		c.is(c.Funcall(name, 3), "3")
		c.Defun(name, c.values(func(*scene, []spec.Value) []spec.Value { return []spec.Value{spec.Int(4)} }))
		c.is(c.Funcall(name, 3), "4")
		c.fails(c.Funcall(7), "type-error")
		c.fails(c.Funcall(echo), "type-error")
		c.fails(c.MakeFunction(fn), "type-error")
		c.fails(c.MakeFunction(spec.Callback(99)), "program-error")
		c.fails(c.Defun("echo", echo), "type-error")
		c.fails(c.UnwindProtect(7, echo), "type-error")
		c.fails(c.HandlerCase(echo, 7), "type-error")
		c.is(c.UnwindProtect(fn, name), "no values")
	})
}

func TestLogsCellsGates(t *testing.T) {
	bubble(t, func(c *scene) {
		log, cell, gate := c.ref(c.MakeLog()), c.ref(c.MakeCell("old")), c.ref(c.MakeGate())
		c.is(c.LogRead(log), "nil")
		c.is(c.LogAppend(log, 1), "nil")
		c.is(c.LogAppend(log, []any{2}), "nil")
		c.is(c.LogRead(log), "(1 (2))")
		c.is(c.CellGet(cell), `"old"`)
		c.is(c.CellSet(cell, 7), "7")
		c.is(c.CellGet(cell), "7")
		c.is(c.GateOpen(gate), "nil")
		c.is(c.GateOpen(gate), "nil")
		c.is(c.GateWait(gate), "nil")
		for _, got := range []spec.Return{
			c.LogRead(cell), c.LogAppend(gate, 1), c.CellGet(log), c.CellSet(gate, 1), c.GateOpen(log), c.GateWait(cell), c.LogRead(nil),
		} {
			c.fails(got, "type-error")
		}
	})
}

// What isn't claimed is absent.
func TestAbsent(t *testing.T) {
	bubble(t, func(c *scene) {
		h := adapterOf(t).Handshake()
		for _, op := range spec.Ops {
			if !h.Offers(op.Name) {
				c.is(c.Do(spec.Call{Op: op.Name}), "absent")
			}
		}
		c.is(c.Do(spec.Call{Op: "no-such-operation"}), "absent")
	})
}
