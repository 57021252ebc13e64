package native

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

var inLet = spec.Symbol{Name: "*IN-LET*"}

// bindingOf is the alist of one binding.
func bindingOf(symbol spec.Symbol, value spec.Value) spec.Value {
	return spec.NewList(spec.List{Items: []spec.Value{symbol}, Dotted: value})
}

// letKilled has a process killed that waits in a let, within an unwind-protect whose form looks at the variable, as does a
// cleanup.
func letKilled(t *testing.T, c *scene) {
	var log notes
	c.Defvar(inLet, 0)
	gate, outer := c.Ref(c.MakeGate()), bindingOf(inLet, spec.Int(1))
	c.SetGlobalValue(initialBindings, outer)
	p := c.Spawn(func(c *scene) {
		c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) { log.Add("cleanup %s", c.SymbolValue(inLet)) }))
		c.UnwindProtect(
			c.Code(func(c *scene, _ []spec.Value) {
				c.Let(bindingOf(inLet, spec.Int(2)), c.Code(func(c *scene, _ []spec.Value) {
					c.SetSymbolValue(inLet, 3)
					c.UnwindProtect(
						c.Code(func(c *scene, _ []spec.Value) { c.GateWait(gate) }),
						c.Code(func(c *scene, _ []spec.Value) { log.Add("inside %s", c.SymbolValue(inLet)) }))
				}))
			}),
			c.Code(func(c *scene, _ []spec.Value) { log.Add("outside %s", c.SymbolValue(inLet)) }))
	})
	settle()
	c.Is(c.SymevalInProcess(inLet, p), "3")
	c.ProcessKill(p)
	c.Is(c.ProcessJoin(p), "t")
	c.Is(c.SymbolValue(inLet), "0")
	log.Are(t, "inside 3", "outside 1", "cleanup 1")
}

func TestLetIsUndoneByAKill(t *testing.T) {
	bubble(t, func(c *scene) { letKilled(t, c) })
	for _, liberty := range []string{"kills-anywhere"} {
		taking(t, []string{liberty}, func(c *scene) { letKilled(t, c) })
	}
}

func TestFormsOfInitialBindings(t *testing.T) {
	bubble(t, func(c *scene) {
		common := func(name string) spec.Symbol { return spec.Symbol{Package: "COMMON-LISP", Name: name} }
		x := spec.Symbol{Name: "X"}
		for _, test := range []struct {
			form  spec.Value
			fault string
		}{
			{spec.NewList(common("ERROR"), spec.String("x")), "simple-error"},
			{spec.NewList(common("LIST"), x), "unbound-variable"},
			{spec.NewList(common("IF"), x, x), "undefined-function"},
			{spec.Symbol{Name: "Y"}, "unbound-variable"},
		} {
			entry := spec.List{Items: []spec.Value{x}, Dotted: test.form}
			if l, ok := test.form.(spec.List); ok {
				entry = spec.List{Items: append([]spec.Value{x}, l.Items...)}
			}
			c.SetGlobalValue(initialBindings, spec.NewList(entry))
			c.Fails(c.ProcessRunFunction("p", nil, c.Function(func(*scene, []spec.Value) {})), test.fault)
		}
		c.SetGlobalValue(initialBindings, bindingOf(spec.Keyword("k"), x))
		c.Fails(c.ProcessRunFunction("p", nil, c.Function(func(*scene, []spec.Value) {})), "type-error")
	})
}
