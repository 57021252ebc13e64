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
		p, gate := c.gated()
		fn := c.function(func(c *scene, args []spec.Value) {
			log.add("%s in %s", spec.NewList(args...), c.must(c.GetCurrentProcess()))
		})
		name := spec.Symbol{Name: "CLEAN"}
		c.Defun(name, c.code(func(_ *scene, args []spec.Value) { log.add("named %s", spec.NewList(args[1:]...)) }))
		cons := c.must(c.New(spec.Keyword("cons"), name, []any{5}))
		for i, form := range []any{
			fn, []any{fn}, []any{fn, 1, "two"}, []any{name, 3}, name, cons, spec.Symbol{Name: "UNBOUND"},
			[]any{name, 4},
		} {
			c.is(c.EnsureProcessCleanup(form, key.Process(p), key.Priority(i)), "t")
		}
		for _, bad := range []any{nil, 7, "f", []any{[]any{name}}, []any{7}, spec.List{Items: []spec.Value{name}, Dotted: spec.Int(1)}} {
			c.fails(c.EnsureProcessCleanup(bad, key.Process(p)), "type-error")
		}
		c.fails(c.EnsureProcessCleanup(fn, key.Process(p), spec.Key{Name: "no-such-keyword", Value: spec.True{}}), "program-error")
		c.ends(p, gate)
		log.are(t,
			fmt.Sprintf("(%s) in %s", p, p), fmt.Sprintf("(%s) in %s", p, p),
			fmt.Sprintf(`(%s 1 "two") in %s`, p, p), "named (3)", "named nil", "named (5)", "named (4)")
	})
}

func TestCleanupOrder(t *testing.T) {
	bubble(t, func(c *scene) {
		priorities := []int{-1000000, -10, -2, -1, 0, 9, 10, 699999, 700000, 900000, 1000000}
		for seed := range int64(5) {
			var log notes
			p, gate := c.gated()
			var want []string
			for _, n := range priorities {
				want = append(want, fmt.Sprint(n))
			}
			for _, i := range rand.New(rand.NewSource(seed)).Perm(len(priorities)) {
				n := priorities[i]
				fn := c.function(func(*scene, []spec.Value) { log.add("%d", n) })
				if n == 0 {
					c.is(c.EnsureProcessCleanup(fn, key.Process(p)), "t")
				} else {
					c.is(c.EnsureProcessCleanup(fn, key.Priority(n), key.Process(p)), "t")
				}
			}
			c.ends(p, gate)
			log.are(t, want...)
		}
		for _, bad := range []any{1000001, -1000001, spec.Double(1), nil, "0"} {
			c.fails(c.EnsureProcessCleanup(c.function(func(*scene, []spec.Value) {}), key.Priority(bad)), "type-error")
		}
	})
}

func TestCleanupDuplicates(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		p, gate := c.gated()
		name := spec.Symbol{Name: "CLEAN"}
		c.Defun(name, c.code(func(_ *scene, args []spec.Value) { log.add("%s", args[1]) }))
		ensure := func(arg any, more ...any) spec.Return {
			return c.EnsureProcessCleanup([]any{name, arg}, append(more, key.Process(p))...)
		}
		c.is(ensure("a"), "t")
		c.is(ensure("a"), "nil")
		c.is(ensure("a", key.Priority(0)), "nil")
		c.is(ensure("a", key.Force(true)), "nil")
		c.is(c.EnsureProcessCleanup([]any{name, "a"}, p), "nil")
		c.fails(ensure("a", key.Priority(1)), "simple-error")
		c.fails(ensure("a", key.Priority(1), key.Force(false)), "simple-error")
		c.is(ensure("A"), "t")
		c.is(ensure(1), "t")
		c.is(ensure(spec.Double(1)), "t")
		c.is(ensure("last", key.Priority(2)), "t")
		c.is(ensure(1, key.Priority(3), key.Force(true)), "t")
		c.is(ensure("last", key.Priority(-2), key.Force(true)), "t")

		// Conses and strings of new are looked into, vectors are not.
		made := c.must(c.New(spec.Keyword("string"), "x"))
		cons := func() spec.Value { return c.must(c.New(spec.Keyword("list"), name, made)) }
		vector := func() spec.Value { return c.must(c.New(spec.Keyword("vector"), 1)) }
		v := vector()
		c.is(c.EnsureProcessCleanup(cons(), key.Process(p), key.Priority(5)), "t")
		c.is(c.EnsureProcessCleanup(cons(), key.Process(p), key.Priority(5)), "nil")
		c.is(ensure("x", key.Priority(5)), "nil")
		c.is(ensure(v, key.Priority(6)), "t")
		c.is(ensure(v, key.Priority(6)), "nil")
		w := vector()
		c.is(ensure(w, key.Priority(6)), "t")

		c.ends(p, gate)
		log.are(t, `"last"`, `"a"`, `"A"`, "1.0d0", "1", made.String(), v.String(), w.String())
	})
}

func TestCleanupProcesses(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		form := c.function(func(_ *scene, args []spec.Value) { log.add("%s", args[0]) })
		p, pgate := c.gated()
		q, qgate := c.gated()
		c.is(c.EnsureProcessCleanup(form, key.Process(p)), "t")
		c.is(c.EnsureProcessCleanup(form, q), "t")
		c.is(c.EnsureProcessCleanup(form, q, key.Priority(0)), "nil")
		c.fails(c.EnsureProcessCleanup(form, q, key.Process(q)), "program-error")
		c.fails(c.EnsureProcessCleanup(form, nil), "type-error")
		c.fails(c.EnsureProcessCleanup(form, key.Process(nil)), "type-error")
		settle()
		log.are(t)
		c.ends(q, qgate)
		c.ends(p, pgate)
		r := c.spawn(func(c *scene) { c.is(c.EnsureProcessCleanup(form), "t") })
		c.is(c.ProcessJoin(r), "t")
		log.are(t, q.String(), p.String(), r.String())
		c.fails(c.EnsureProcessCleanup(form, key.Process(p)), "simple-error")
		c.is(c.CurrentProcessInCleanupP(), "nil")
	})
}

// A form that ensures itself again must not run for ever.
func TestCleanupFromCleanup(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		p, gate := c.gated()
		var form spec.Ref
		form = c.function(func(c *scene, _ []spec.Value) {
			got := c.EnsureProcessCleanup(form)
			log.add("%s", got.Status)
		})
		c.EnsureProcessCleanup(form, key.Process(p))
		c.ends(p, gate)
		log.are(t, "signalled")
	})
}

// The outermost process runs its cleanups when the test returns.
func TestCleanupOfTheOutermost(t *testing.T) {
	var log notes
	bubble(t, func(c *scene) {
		c.EnsureProcessCleanup(c.function(func(c *scene, _ []spec.Value) {
			log.add("%s", c.CurrentProcessInCleanupP())
		}))
	})
	log.are(t, "t")
}

// Registrations race with each other and none is lost (CLEAN-PROC-7).
func TestCleanupRace(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		start := c.ref(c.MakeGate())
		p, gate := c.gated()
		var all []spec.Ref
		for i := range 8 {
			all = append(all, c.spawn(func(c *scene) {
				c.GateWait(start)
				for j := range 50 {
					fn := c.function(func(*scene, []spec.Value) { log.add("run") })
					c.is(c.EnsureProcessCleanup([]any{fn, i, j}, key.Process(p), key.Priority(j)), "t")
				}
			}))
		}
		c.GateOpen(start)
		for _, q := range all {
			c.ProcessJoin(q)
		}
		c.ends(p, gate)
		if len(log.list) != 400 {
			t.Errorf("%d forms ran, want 400", len(log.list))
		}
	})
}
