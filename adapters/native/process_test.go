package native

import (
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

func TestProcessRunFunction(t *testing.T) {
	t.Run("a new process runs the function with the arguments", func(t *testing.T) {
		bubble(t, func(c *scene) {
			cell := c.ref(c.MakeCell(nil))
			fn := c.function(func(c *scene, args []spec.Value) {
				c.CellSet(cell, append([]spec.Value{c.must(c.GetCurrentProcess())}, args...))
			})
			p := c.ref(c.ProcessRunFunction("worker", spec.Nil{}, fn, 1, 2, "three"))
			c.is(c.ProcessJoin(p), "t")
			c.is(c.CellGet(cell), "("+p.String()+` 1 2 "three")`)
			c.is(c.GetCurrentProcess(), spec.ProcessOf(c.Frame).String())
		})
	})
	t.Run("a symbol names the function", func(t *testing.T) {
		bubble(t, func(c *scene) {
			cell := c.ref(c.MakeCell(nil))
			name := spec.Symbol{Package: "USER", Name: "WORK"}
			c.is(c.Defun(name, c.code(func(c *scene, _ []spec.Value) { c.CellSet(cell, 1) })), "USER::WORK")
			c.is(c.ProcessJoin(c.ref(c.ProcessRunFunction("x", nil, name))), "t")
			c.is(c.CellGet(cell), "1")
			c.fails(c.ProcessRunFunction("x", nil, spec.Symbol{Name: "NOTHING"}), "undefined-function")
		})
	})
	t.Run("keywords", func(t *testing.T) {
		bubble(t, func(c *scene) {
			gate, box := c.ref(c.MakeGate()), c.ref(c.MakeMailbox())
			fn := c.function(func(c *scene, _ []spec.Value) { c.GateWait(gate) })
			for _, test := range []struct {
				keywords []spec.Value
				priority string
				check    func(box spec.Return) bool
			}{
				{nil, "0", func(r spec.Return) bool { return !spec.Truth(r.Primary()) }},
				{[]spec.Value{spec.Keyword("priority"), spec.Int(42)}, "42", func(r spec.Return) bool { return !spec.Truth(r.Primary()) }},
				{[]spec.Value{spec.Keyword("mailbox"), box}, "0", func(r spec.Return) bool { return r.Primary() == box }},
				{[]spec.Value{spec.Keyword("mailbox"), spec.True{}, spec.Keyword("priority"), spec.Int(-3)}, "-3", isMailbox},
				{[]spec.Value{spec.Keyword("mailbox"), spec.String("m")}, "0", isMailbox},
				{[]spec.Value{spec.Keyword("mailbox"), spec.Nil{}}, "0", func(r spec.Return) bool { return !spec.Truth(r.Primary()) }},
				{[]spec.Value{spec.Keyword("priority"), spec.Int(1), spec.Keyword("priority"), spec.Int(2)}, "1", func(spec.Return) bool { return true }},
			} {
				p := c.ref(c.ProcessRunFunction("p", test.keywords, fn))
				c.is(c.ProcessPriority(p), test.priority)
				if got := c.ProcessMailbox(p); !test.check(got) {
					t.Errorf("%v: mailbox %s", test.keywords, got)
				}
			}
			c.GateOpen(gate)
			settle()
		})
	})
	t.Run("bad input", func(t *testing.T) {
		bubble(t, func(c *scene) {
			fn := c.function(func(*scene, []spec.Value) {})
			kw := spec.Keyword
			c.fails(c.ProcessRunFunction(7, nil, fn), "type-error")
			c.fails(c.ProcessRunFunction("x", nil, 7), "type-error")
			c.fails(c.ProcessRunFunction("x", nil, c.code(func(*scene, []spec.Value) {})), "type-error")
			c.fails(c.ProcessRunFunction("x", 7, fn), "program-error")
			c.fails(c.ProcessRunFunction("x", []any{kw("priority")}, fn), "program-error")
			c.fails(c.ProcessRunFunction("x", []any{1, 2}, fn), "program-error")
			c.fails(c.ProcessRunFunction("x", []any{kw("colour"), 2}, fn), "program-error")
			c.fails(c.ProcessRunFunction("x", []any{kw("priority"), "high"}, fn), "type-error")
			c.fails(c.ProcessRunFunction("x", []any{kw("mailbox"), 7}, fn), "type-error")
			c.fails(c.ProcessRunFunction("x", []any{kw("local-terminator"), true}, fn), "type-error")
			c.is(c.ProcessesCount(), "1")
		})
	})
}

func isMailbox(r spec.Return) bool {
	ref, ok := r.Primary().(spec.Ref)
	return ok && ref.Type == "mailbox"
}

func TestProcessJoin(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.gated()
		begin := time.Now()
		c.is(c.ProcessJoin(p, key.Timeout(spec.NewRatio(1, 5))), "nil")
		if waited := time.Since(begin); waited != 200*time.Millisecond {
			t.Errorf("it waited %v", waited)
		}
		c.is(c.ProcessAliveP(p), "t")
		c.ends(p, gate)
		c.is(c.ProcessJoin(p, key.Timeout(0)), "t")
		c.is(c.ProcessAliveP(p), "nil")
		c.fails(c.ProcessJoin(c.must(c.GetCurrentProcess())), "simple-error")
		c.fails(c.ProcessJoin(p, key.Timeout(-1)), "type-error")
		c.fails(c.ProcessJoin(7), "type-error")
		c.fails(c.ProcessJoin(p, key.Size(1)), "program-error")
	})
}

func TestJoinWaitsForCleanups(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.gated()
		hold := c.ref(c.MakeGate())
		c.EnsureProcessCleanup(c.function(func(c *scene, _ []spec.Value) { c.GateWait(hold) }), key.Process(p))
		c.GateOpen(gate)
		c.is(c.ProcessJoin(p, key.Timeout(1)), "nil")
		c.is(c.ProcessAliveP(p), "t")
		c.ends(p, hold)
	})
}

func TestLists(t *testing.T) {
	bubble(t, func(c *scene) {
		self := c.must(c.GetCurrentProcess())
		p, gate := c.gated()
		q, qgate := c.gated()
		c.is(c.ListAllProcesses(), spec.NewList(self, p, q).String())
		c.is(c.ProcessesCount(), "3")
		c.ends(p, gate)
		c.is(c.ListAllProcesses(), spec.NewList(self, q).String())
		c.ends(q, qgate)
		c.is(c.ProcessesCount(), "1")
	})
}

func TestNames(t *testing.T) {
	bubble(t, func(c *scene) {
		gate := c.ref(c.MakeGate())
		fn := c.function(func(c *scene, _ []spec.Value) { c.GateWait(gate) })
		name := spec.Symbol{Package: "USER", Name: "WORK"}
		c.Defun(name, c.code(func(c *scene, _ []spec.Value) { c.GateWait(gate) }))
		priority := func(n int) any { return []any{spec.Keyword("priority"), n} }
		low := c.ref(c.ProcessRunFunction("Ab-1", priority(5), fn))
		high := c.ref(c.ProcessRunFunction("Ab-1", priority(9), name))
		other := c.ref(c.ProcessRunFunction(c.must(c.New(spec.Keyword("string"), "aB-1")), nil, name))

		c.is(c.GetProcess("Ab-1"), high.String())
		c.is(c.GetProcess("aB-1"), other.String())
		c.is(c.GetProcess("ab-1"), "nil")
		c.is(c.GetProcess(low), low.String())
		c.is(c.GetProcess(fn), low.String())
		c.is(c.GetProcess(name), high.String())
		c.is(c.GetProcess(spec.Symbol{Name: "aB-1"}), other.String())
		c.is(c.GetProcess(2), low.String())
		c.is(c.GetProcess(2000), "nil")
		c.fails(c.GetProcess(spec.Double(1)), "type-error")
		c.is(c.FindProcessFromName("Ab-1"), high.String())
		c.is(c.FindProcessFromName("none"), "nil")
		c.fails(c.FindProcessFromName(7), "type-error")
		c.is(c.ProcessName(other), `"aB-1"`)
		c.ends(low, gate)
		c.is(c.ProcessJoin(high), "t")
		c.is(c.GetProcess("Ab-1"), "nil")
		c.is(c.ProcessName(low), `"Ab-1"`)
		c.fails(c.ProcessName("Ab-1"), "type-error")
	})
}

func TestProcessArguments(t *testing.T) {
	bubble(t, func(c *scene) {
		for _, bad := range []any{nil, "p", 1, c.ref(c.MakeLog()), spec.Ref{ID: "process-77", Type: "process"}} {
			for _, got := range []spec.Return{
				c.ProcessAliveP(bad), c.ProcessPriority(bad), c.ChangeProcessPriority(bad, 1), c.ProcessName(bad),
				c.ProcessJoin(bad), c.ProcessKill(bad), c.ProcessMailbox(bad), c.SetProcessMailbox(bad, nil),
				c.ProcessSend(bad, 1), c.EnsureProcessCleanup(spec.Symbol{Name: "F"}, key.Process(bad)),
			} {
				c.fails(got, "type-error")
			}
		}
	})
}

func TestPriorities(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.gated()
		c.is(c.ChangeProcessPriority(p, 17), "17")
		c.is(c.ProcessPriority(p), "17")
		c.is(c.ProcessPriority(c.must(c.GetCurrentProcess())), "0")
		c.fails(c.ChangeProcessPriority(p, spec.Double(1)), "type-error")
		c.ends(p, gate)
		c.is(c.ChangeProcessPriority(p, 3), "3")
	})
}
