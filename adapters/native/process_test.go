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
			cell := c.Ref(c.MakeCell(nil))
			fn := c.Function(func(c *scene, args []spec.Value) {
				c.CellSet(cell, append([]spec.Value{c.Must(c.GetCurrentProcess())}, args...))
			})
			p := c.Ref(c.ProcessRunFunction("worker", spec.Nil{}, fn, 1, 2, "three"))
			c.Is(c.ProcessJoin(p), "t")
			c.Is(c.CellGet(cell), "("+p.String()+` 1 2 "three")`)
			c.Is(c.GetCurrentProcess(), spec.ProcessOf(c.Frame).String())
		})
	})
	t.Run("a symbol names the function", func(t *testing.T) {
		bubble(t, func(c *scene) {
			cell := c.Ref(c.MakeCell(nil))
			name := spec.Symbol{Package: "USER", Name: "WORK"}
			c.Is(c.Defun(name, c.Code(func(c *scene, _ []spec.Value) { c.CellSet(cell, 1) })), "USER::WORK")
			c.Is(c.ProcessJoin(c.Ref(c.ProcessRunFunction("x", nil, name))), "t")
			c.Is(c.CellGet(cell), "1")
			c.Fails(c.ProcessRunFunction("x", nil, spec.Symbol{Name: "NOTHING"}), "undefined-function")
		})
	})
	t.Run("keywords", func(t *testing.T) {
		bubble(t, func(c *scene) {
			gate, box := c.Ref(c.MakeGate()), c.Ref(c.MakeMailbox())
			fn := c.Function(func(c *scene, _ []spec.Value) { c.GateWait(gate) })
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
				p := c.Ref(c.ProcessRunFunction("p", test.keywords, fn))
				c.Is(c.ProcessPriority(p), test.priority)
				if got := c.ProcessMailbox(p); !test.check(got) {
					t.Errorf("%v: mailbox %s", test.keywords, got)
				}
			}
			c.GateOpen(gate)
			settle()
		})
	})
	t.Run("a keyword after any other", func(t *testing.T) {
		bubble(t, func(c *scene) {
			fn, gate := c.Function(func(c *scene, _ []spec.Value) {}), c.Ref(c.MakeGate())
			held := c.Function(func(c *scene, _ []spec.Value) { c.GateWait(gate) })
			for _, first := range [][]any{
				{spec.Keyword("remote-terminator"), fn}, {spec.Keyword("local-terminator"), fn}, {spec.Keyword("terminate-by-send"), nil},
				{spec.Keyword("mailbox"), true}, {spec.Keyword("internal-server"), nil},
			} {
				p := c.ProcessRunFunction("x", append(first, spec.Keyword("priority"), 3), held).Primary()
				if got := c.ProcessPriority(p); got.Primary() != spec.Value(spec.Int(3)) {
					t.Errorf("after %v the priority is %v", first, got)
				}
			}
			c.GateOpen(gate)
			settle()
		})
	})
	t.Run("bad input", func(t *testing.T) {
		bubble(t, func(c *scene) {
			fn := c.Function(func(*scene, []spec.Value) {})
			kw := spec.Keyword
			c.Fails(c.ProcessRunFunction(7, nil, fn), "type-error")
			c.Fails(c.ProcessRunFunction("x", nil, 7), "type-error")
			c.Fails(c.ProcessRunFunction("x", nil, c.Code(func(*scene, []spec.Value) {})), "type-error")
			c.Fails(c.ProcessRunFunction("x", 7, fn), "program-error")
			c.Fails(c.ProcessRunFunction("x", []any{kw("priority")}, fn), "program-error")
			c.Fails(c.ProcessRunFunction("x", []any{1, 2}, fn), "program-error")
			c.Fails(c.ProcessRunFunction("x", []any{kw("colour"), 2}, fn), "program-error")
			c.Fails(c.ProcessRunFunction("x", []any{kw("priority"), "high"}, fn), "type-error")
			c.Fails(c.ProcessRunFunction("x", []any{kw("mailbox"), 7}, fn), "type-error")
			c.Fails(c.ProcessRunFunction("x", []any{kw("local-terminator"), true}, fn), "type-error")
			c.Is(c.ProcessesCount(), "1")
		})
	})
}

func isMailbox(r spec.Return) bool {
	ref, ok := r.Primary().(spec.Ref)
	return ok && ref.Type == "mailbox"
}

func TestProcessJoin(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.Gated()
		begin := time.Now()
		c.Is(c.ProcessJoin(p, key.Timeout(spec.NewRatio(1, 5))), "nil")
		if waited := time.Since(begin); waited != 200*time.Millisecond {
			t.Errorf("it waited %v", waited)
		}
		c.Is(c.ProcessAliveP(p), "t")
		c.Ends(p, gate)
		c.Is(c.ProcessJoin(p, key.Timeout(0)), "t")
		c.Is(c.ProcessAliveP(p), "nil")
		c.Fails(c.ProcessJoin(c.Must(c.GetCurrentProcess())), "simple-error")
		c.Fails(c.ProcessJoin(p, key.Timeout(-1)), "type-error")
		c.Fails(c.ProcessJoin(7), "type-error")
		c.Fails(c.ProcessJoin(p, key.Size(1)), "program-error")
	})
}

func TestJoinWaitsForCleanups(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.Gated()
		hold := c.Ref(c.MakeGate())
		c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) { c.GateWait(hold) }), key.Process(p))
		c.GateOpen(gate)
		c.Is(c.ProcessJoin(p, key.Timeout(1)), "nil")
		c.Is(c.ProcessAliveP(p), "t")
		c.Ends(p, hold)
	})
}

func TestLists(t *testing.T) {
	bubble(t, func(c *scene) {
		self := c.Must(c.GetCurrentProcess())
		p, gate := c.Gated()
		q, qgate := c.Gated()
		c.Is(c.ListAllProcesses(), spec.NewList(self, p, q).String())
		c.Is(c.ProcessesCount(), "3")
		c.Ends(p, gate)
		c.Is(c.ListAllProcesses(), spec.NewList(self, q).String())
		c.Ends(q, qgate)
		c.Is(c.ProcessesCount(), "1")
	})
}

func TestNames(t *testing.T) {
	bubble(t, func(c *scene) {
		gate := c.Ref(c.MakeGate())
		fn := c.Function(func(c *scene, _ []spec.Value) { c.GateWait(gate) })
		name := spec.Symbol{Package: "USER", Name: "WORK"}
		c.Defun(name, c.Code(func(c *scene, _ []spec.Value) { c.GateWait(gate) }))
		priority := func(n int) any { return []any{spec.Keyword("priority"), n} }
		low := c.Ref(c.ProcessRunFunction("Ab-1", priority(5), fn))
		high := c.Ref(c.ProcessRunFunction("Ab-1", priority(9), name))
		other := c.Ref(c.ProcessRunFunction(c.Must(c.New(spec.Keyword("string"), "aB-1")), nil, name))

		c.Is(c.GetProcess("Ab-1"), high.String())
		c.Is(c.GetProcess("aB-1"), other.String())
		c.Is(c.GetProcess("ab-1"), "nil")
		c.Is(c.GetProcess(low), low.String())
		c.Is(c.GetProcess(fn), low.String())
		c.Is(c.GetProcess(name), high.String())
		c.Is(c.GetProcess(spec.Symbol{Name: "aB-1"}), other.String())
		c.Is(c.GetProcess(2), low.String())
		c.Is(c.GetProcess(2000), "nil")
		c.Fails(c.GetProcess(spec.Double(1)), "type-error")
		c.Is(c.FindProcessFromName("Ab-1"), high.String())
		c.Is(c.FindProcessFromName("none"), "nil")
		c.Fails(c.FindProcessFromName(7), "type-error")
		c.Is(c.ProcessName(other), `"aB-1"`)
		c.Ends(low, gate)
		c.Is(c.ProcessJoin(high), "t")
		c.Is(c.GetProcess("Ab-1"), "nil")
		c.Is(c.ProcessName(low), `"Ab-1"`)
		c.Fails(c.ProcessName("Ab-1"), "type-error")
	})
}

func TestProcessArguments(t *testing.T) {
	bubble(t, func(c *scene) {
		for _, bad := range []any{nil, "p", 1, c.Ref(c.MakeLog()), spec.Ref{ID: "process-77", Type: "process"}} {
			for _, got := range []spec.Return{
				c.ProcessAliveP(bad), c.ProcessPriority(bad), c.ChangeProcessPriority(bad, 1), c.ProcessName(bad),
				c.ProcessJoin(bad), c.ProcessKill(bad), c.ProcessMailbox(bad), c.SetProcessMailbox(bad, nil),
				c.ProcessSend(bad, 1), c.EnsureProcessCleanup(spec.Symbol{Name: "F"}, key.Process(bad)),
			} {
				c.Fails(got, "type-error")
			}
		}
	})
}

func TestPriorities(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.Gated()
		c.Is(c.ChangeProcessPriority(p, 17), "17")
		c.Is(c.ProcessPriority(p), "17")
		c.Is(c.ProcessPriority(c.Must(c.GetCurrentProcess())), "0")
		c.Fails(c.ChangeProcessPriority(p, spec.Double(1)), "type-error")
		c.Ends(p, gate)
		c.Is(c.ChangeProcessPriority(p, 3), "3")
	})
}
