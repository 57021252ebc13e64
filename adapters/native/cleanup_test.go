package native

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

func TestCleanupForms(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		p, gate := c.Gated()
		fn := c.Function(func(c *scene, args []spec.Value) {
			log.Add("%s in %s", spec.NewList(args...), c.Must(c.GetCurrentProcess()))
		})
		name := spec.Symbol{Name: "CLEAN"}
		c.Defun(name, c.Code(func(_ *scene, args []spec.Value) { log.Add("named %s", spec.NewList(args[1:]...)) }))
		cons := c.Must(c.New(spec.Keyword("cons"), name, []any{5}))
		for i, form := range []any{
			fn, []any{fn}, []any{fn, 1, "two"}, []any{name, 3}, name, cons, spec.Symbol{Name: "UNBOUND"},
			[]any{name, 4},
		} {
			c.Is(c.EnsureProcessCleanup(form, key.Process(p), key.Priority(i)), "t")
		}
		for _, bad := range []any{nil, 7, "f", []any{[]any{name}}, []any{7}, spec.List{Items: []spec.Value{name}, Dotted: spec.Int(1)}} {
			c.Fails(c.EnsureProcessCleanup(bad, key.Process(p)), "type-error")
		}
		c.Fails(c.EnsureProcessCleanup(fn, key.Process(p), spec.Key{Name: "no-such-keyword", Value: spec.True{}}), "program-error")
		c.Ends(p, gate)
		log.Are(t,
			fmt.Sprintf("(%s) in %s", p, p), fmt.Sprintf("(%s) in %s", p, p),
			fmt.Sprintf(`(%s 1 "two") in %s`, p, p), "named (3)", "named nil", "named (5)", "named (4)")
	})
}

func TestCleanupOrder(t *testing.T) {
	bubble(t, func(c *scene) {
		priorities := []int{-1000000, -10, -2, -1, 0, 9, 10, 699999, 700000, 900000, 1000000}
		for seed := range int64(5) {
			var log notes
			p, gate := c.Gated()
			var want []string
			for _, n := range priorities {
				want = append(want, fmt.Sprint(n))
			}
			for _, i := range rand.New(rand.NewSource(seed)).Perm(len(priorities)) {
				n := priorities[i]
				fn := c.Function(func(*scene, []spec.Value) { log.Add("%d", n) })
				if n == 0 {
					c.Is(c.EnsureProcessCleanup(fn, key.Process(p)), "t")
				} else {
					c.Is(c.EnsureProcessCleanup(fn, key.Priority(n), key.Process(p)), "t")
				}
			}
			c.Ends(p, gate)
			log.Are(t, want...)
		}
		for _, bad := range []any{1000001, -1000001, spec.Double(1), nil, "0"} {
			c.Fails(c.EnsureProcessCleanup(c.Function(func(*scene, []spec.Value) {}), key.Priority(bad)), "type-error")
		}
	})
}

func TestCleanupDuplicates(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		p, gate := c.Gated()
		name := spec.Symbol{Name: "CLEAN"}
		c.Defun(name, c.Code(func(_ *scene, args []spec.Value) { log.Add("%s", args[1]) }))
		ensure := func(arg any, more ...any) spec.Return {
			return c.EnsureProcessCleanup([]any{name, arg}, append(more, key.Process(p))...)
		}
		c.Is(ensure("a"), "t")
		c.Is(ensure("a"), "nil")
		c.Is(ensure("a", key.Priority(0)), "nil")
		c.Is(ensure("a", key.Force(true)), "nil")
		c.Is(c.EnsureProcessCleanup([]any{name, "a"}, p), "nil")
		c.Fails(ensure("a", key.Priority(1)), "simple-error")
		c.Fails(ensure("a", key.Priority(1), key.Force(false)), "simple-error")
		c.Is(ensure("A"), "t")
		c.Is(ensure(1), "t")
		c.Is(ensure(spec.Double(1)), "t")
		c.Is(ensure("last", key.Priority(2)), "t")
		c.Is(ensure(1, key.Priority(3), key.Force(true)), "t")
		c.Is(ensure("last", key.Priority(-2), key.Force(true)), "t")

		// Conses and strings of new are looked into, vectors are not.
		made := c.Must(c.New(spec.Keyword("string"), "x"))
		cons := func() spec.Value { return c.Must(c.New(spec.Keyword("list"), name, made)) }
		vector := func() spec.Value { return c.Must(c.New(spec.Keyword("vector"), 1)) }
		v := vector()
		c.Is(c.EnsureProcessCleanup(cons(), key.Process(p), key.Priority(5)), "t")
		c.Is(c.EnsureProcessCleanup(cons(), key.Process(p), key.Priority(5)), "nil")
		c.Is(ensure("x", key.Priority(5)), "nil")
		c.Is(ensure(v, key.Priority(6)), "t")
		c.Is(ensure(v, key.Priority(6)), "nil")
		w := vector()
		c.Is(ensure(w, key.Priority(6)), "t")

		c.Ends(p, gate)
		log.Are(t, `"last"`, `"a"`, `"A"`, "1.0d0", "1", made.String(), v.String(), w.String())
	})
}

func TestCleanupProcesses(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		form := c.Function(func(_ *scene, args []spec.Value) { log.Add("%s", args[0]) })
		p, pgate := c.Gated()
		q, qgate := c.Gated()
		c.Is(c.EnsureProcessCleanup(form, key.Process(p)), "t")
		c.Is(c.EnsureProcessCleanup(form, q), "t")
		c.Is(c.EnsureProcessCleanup(form, q, key.Priority(0)), "nil")
		c.Fails(c.EnsureProcessCleanup(form, q, key.Process(q)), "program-error")
		c.Fails(c.EnsureProcessCleanup(form, nil), "type-error")
		c.Fails(c.EnsureProcessCleanup(form, key.Process(nil)), "type-error")
		settle()
		log.Are(t)
		c.Ends(q, qgate)
		c.Ends(p, pgate)
		r := c.Spawn(func(c *scene) { c.Is(c.EnsureProcessCleanup(form), "t") })
		c.Is(c.ProcessJoin(r), "t")
		log.Are(t, q.String(), p.String(), r.String())
		c.Fails(c.EnsureProcessCleanup(form, key.Process(p)), "simple-error")
		c.Is(c.CurrentProcessInCleanupP(), "nil")
	})
}

// A form that ensures itself again must not run for ever.
func TestCleanupFromCleanup(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		p, gate := c.Gated()
		var form spec.Ref
		form = c.Function(func(c *scene, _ []spec.Value) {
			got := c.EnsureProcessCleanup(form)
			log.Add("%s", got.Status)
		})
		c.EnsureProcessCleanup(form, key.Process(p))
		c.Ends(p, gate)
		log.Are(t, "signalled")
	})
}

// The outermost process runs its cleanups when the test returns.
func TestCleanupOfTheOutermost(t *testing.T) {
	var log notes
	bubble(t, func(c *scene) {
		c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) {
			log.Add("%s", c.CurrentProcessInCleanupP())
		}))
	})
	log.Are(t, "t")
}

// Registrations race with each other and none is lost (CLEAN-PROC-7).
func TestCleanupRace(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		start := c.Ref(c.MakeGate())
		p, gate := c.Gated()
		var all []spec.Ref
		for i := range 8 {
			all = append(all, c.Spawn(func(c *scene) {
				c.GateWait(start)
				for j := range 50 {
					fn := c.Function(func(*scene, []spec.Value) { log.Add("run") })
					c.Is(c.EnsureProcessCleanup([]any{fn, i, j}, key.Process(p), key.Priority(j)), "t")
				}
			}))
		}
		c.GateOpen(start)
		for _, q := range all {
			c.ProcessJoin(q)
		}
		c.Ends(p, gate)
		if ran := len(log.List()); ran != 400 {
			t.Errorf("%d forms ran, want 400", ran)
		}
	})
}
