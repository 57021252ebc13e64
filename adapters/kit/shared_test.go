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
			a, b := c.Must(c.New(kw(kind), args...)), c.Must(c.New(kw(kind), args...))
			c.Is(c.Eq(a, a), "t")
			c.Is(c.Eq(a, b), "nil")
		}
		c.Is(c.New(kw("list")), "nil")
		for _, same := range []any{nil, true, 1, spec.Char('a'), kw("a"), spec.Double(1)} {
			c.Is(c.Eq(same, same), "t")
		}
		for _, other := range []any{"a", []any{1}} {
			c.Is(c.Eq(other, other), "nil")
		}
		c.Fails(c.New(kw("unicorn")), "type-error")
		c.Fails(c.New("cons"), "type-error")
		c.Fails(c.New(kw("string"), 7), "type-error")
		c.Fails(c.New(kw("cons"), 1, 2, 3), "program-error")
		c.Is(c.Funcall(c.Must(c.New(kw("function")))), "nil")
	})
}

func TestFunctions(t *testing.T) {
	bubble(t, func(c *scene) {
		echo := c.Values(func(_ *scene, args []spec.Value) []spec.Value { return args })
		fn := c.Must(c.MakeFunction(echo))
		name := spec.Symbol{Name: "ECHO"}
		c.Is(c.Funcall(fn, 1, "two"), `1, "two"`)
		c.Is(c.Funcall(fn), "no values")
		c.Fails(c.Funcall(name), "undefined-function")
		c.Is(c.Defun(name, echo), "ECHO")
		c.Is(c.Funcall(name, 3), "3")
		c.Defun(name, c.Values(func(*scene, []spec.Value) []spec.Value { return []spec.Value{spec.Int(4)} }))
		c.Is(c.Funcall(name, 3), "4")
		c.Fails(c.Funcall(7), "type-error")
		c.Fails(c.Funcall(echo), "type-error")
		c.Fails(c.MakeFunction(fn), "type-error")
		c.Fails(c.MakeFunction(spec.Callback(99)), "program-error")
		c.Fails(c.Defun("echo", echo), "type-error")
		c.Fails(c.UnwindProtect(7, echo), "type-error")
		c.Fails(c.HandlerCase(echo, 7), "type-error")
		c.Is(c.UnwindProtect(fn, name), "no values")
	})
}

func TestLogsCellsGates(t *testing.T) {
	bubble(t, func(c *scene) {
		log, cell, gate := c.Ref(c.MakeLog()), c.Ref(c.MakeCell("old")), c.Ref(c.MakeGate())
		c.Is(c.LogRead(log), "nil")
		c.Is(c.LogAppend(log, 1), "nil")
		c.Is(c.LogAppend(log, []any{2}), "nil")
		c.Is(c.LogRead(log), "(1 (2))")
		c.Is(c.CellGet(cell), `"old"`)
		c.Is(c.CellSet(cell, 7), "7")
		c.Is(c.CellGet(cell), "7")
		c.Is(c.GateOpen(gate), "nil")
		c.Is(c.GateOpen(gate), "nil")
		c.Is(c.GateWait(gate), "nil")
		for _, got := range []spec.Return{
			c.LogRead(cell), c.LogAppend(gate, 1), c.CellGet(log), c.CellSet(gate, 1), c.GateOpen(log), c.GateWait(cell), c.LogRead(nil),
		} {
			c.Fails(got, "type-error")
		}
	})
}

// What isn't claimed is absent.
func TestAbsent(t *testing.T) {
	bubble(t, func(c *scene) {
		h := adapterOf(t).Handshake()
		for _, op := range spec.Ops {
			if !h.Offers(op.Name) {
				c.Is(c.Do(spec.Call{Op: op.Name}), "absent")
			}
		}
		c.Is(c.Do(spec.Call{Op: "no-such-operation"}), "absent")
	})
}
