package native

import (
	"fmt"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

func TestProcessSend(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.Gated()
		c.Is(c.ProcessMailbox(p), "nil")
		objects := []any{
			nil, 7, "text", spec.Keyword("default"), p, gate, []any{c.Function(func(*scene, []spec.Value) {
				t.Error("the object was called")
			}), 1},
		}
		for _, kind := range []string{"cons", "structure", "hash-table", "function", "vector"} {
			objects = append(objects, c.Must(c.New(spec.Keyword(kind))))
		}
		for _, x := range objects {
			c.Is(c.ProcessSend(p, x), "t")
		}
		m := c.Ref(c.ProcessMailbox(p))
		for _, x := range objects {
			c.Is(c.MailboxRead(m), spec.Of(x).String()+", t")
		}
		c.Is(c.ProcessMailbox(p), m.String())
		self := c.Must(c.GetCurrentProcess())
		c.Is(c.ProcessSend(self, 1), "t")
		c.Is(c.ProcessWaitForEvent(), "1")
		c.Fails(c.ProcessSend("p", 1), "type-error")
		c.Fails(c.ProcessSend(nil, 1), "type-error")
		c.Ends(p, gate)
	})
}

func TestSetProcessMailbox(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.Gated()
		m := c.Ref(c.MakeMailbox())
		c.Is(c.SetProcessMailbox(p, m), m.String())
		c.Is(c.ProcessSend(p, 1), "t")
		c.Is(c.MailboxRead(m), "1, t")
		c.Is(c.SetProcessMailbox(p, nil), "nil")
		c.Is(c.ProcessMailbox(p), "nil")
		c.Fails(c.SetProcessMailbox(p, 7), "type-error")
		c.Ends(p, gate)
	})
}

func TestSendLimit(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.Gated()
		m := c.Ref(c.MakeMailbox(key.Size(2)))
		c.SetProcessMailbox(p, m)
		count := func(limit int) int {
			n := 0
			for spec.Truth(c.ProcessSend(p, n, key.Limit(limit), key.Timeout(0)).Primary()) {
				n++
			}
			return n
		}
		if got := []int{count(4), count(8), count(1)}; got[0] != 4 || got[1] != 4 || got[2] != 0 {
			t.Errorf("sends that succeeded: %v, want 4 4 0", got)
		}
		c.Is(c.ProcessSend(p, 1, key.Limit(8), key.Timeout(spec.NewRatio(1, 5))), "nil")
		c.Is(c.ProcessSend(p, 1, key.Timeout(0)), "t")
		c.Is(c.ProcessSend(p, 1, key.Timeout("ignored without a limit")), "t")
		c.Fails(c.ProcessSend(p, 1, key.Limit(8), key.Timeout("bad")), "type-error")
		c.Is(c.MailboxCount(m), "10")
		c.Ends(p, gate)
	})
}

// A waiting send is released by room, and by the death of its target.
func TestSendWaitsForRoom(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.Gated()
		m := c.Ref(c.MakeMailbox(key.Size(1)))
		c.SetProcessMailbox(p, m)
		c.ProcessSend(p, 0)
		for _, test := range []struct {
			release func()
			more    []any
			want    string
		}{
			{func() { c.MailboxRead(m) }, nil, "t"},
			{func() { c.MailboxRead(m) }, []any{key.Timeout(10)}, "t"},
			{func() { c.Ends(p, gate) }, nil, "nil"},
		} {
			var log notes
			q := c.Spawn(func(c *scene) {
				log.Add("%s", c.ProcessSend(p, 1, append(test.more, key.Limit(1))...))
			})
			settle()
			log.Are(t)
			test.release()
			c.Is(c.ProcessJoin(q), "t")
			log.Are(t, test.want)
		}
	})
}

func TestSendToTheDead(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.Gated()
		c.Is(c.ProcessSend(p, "unread", key.ErrorIfDeadP(true)), "t")
		m := c.Ref(c.ProcessMailbox(p))
		q, qgate := c.Gated()
		c.Ends(p, gate)
		c.Ends(q, qgate)
		c.Is(c.ProcessSend(p, 1), "nil")
		c.Is(c.ProcessSend(p, 1, key.ErrorIfDeadP(false)), "nil")
		c.Is(c.ProcessSend(p, 1, key.Limit(100), key.Timeout(0)), "nil")
		for _, yes := range []any{true, 1, spec.Keyword("x")} {
			got := c.ProcessSend(p, 1, key.ErrorIfDeadP(yes))
			c.Fails(got, "simple-error")
			if !got.Condition.Continuable {
				t.Error("the error is not continuable")
			}
		}
		c.Is(c.MailboxCount(m), "1")
		c.ProcessSend(q, 1)
		c.Is(c.ProcessMailbox(q), "nil")
	})
}

func TestSendPriority(t *testing.T) {
	bubble(t, func(c *scene) {
		p, gate := c.Gated()
		c.ChangeProcessPriority(p, 37)
		for _, test := range []struct {
			change any
			want   string
		}{
			{nil, "37"},
			{42, "42"},
			{nil, "42"},
			{spec.Keyword("default"), "37"},
			{true, "60000000"},
			{spec.Keyword("DEFAULT"), "37"},
			{-5, "-5"},
		} {
			c.Is(c.ProcessSend(p, 1, key.ChangePriority(test.change)), "t")
			c.Is(c.ProcessPriority(p), test.want)
		}
		c.Is(c.ProcessSend(p, 1), "t")
		c.Is(c.ProcessPriority(p), "37")
		c.Fails(c.ProcessSend(p, 1, key.ChangePriority(spec.Keyword("foo"))), "type-error")
		c.Fails(c.ProcessSend(p, 1, key.ChangePriority(spec.Double(1))), "type-error")
		c.Is(c.ProcessSend(p, 1, key.Limit(1), key.Timeout(0), key.ChangePriority(50)), "t")
		c.Is(c.ProcessPriority(c.Must(c.GetCurrentProcess())), "0")
		c.Ends(p, gate)
	})
}

// Concurrent first sends make one mailbox and lose nothing (SEND-MB-4).
func TestFirstSends(t *testing.T) {
	bubble(t, func(c *scene) {
		start := c.Ref(c.MakeGate())
		p, gate := c.Gated()
		var all []spec.Ref
		for i := range 16 {
			all = append(all, c.Spawn(func(c *scene) {
				c.GateWait(start)
				c.Is(c.ProcessSend(p, i, key.ErrorIfDeadP(true)), "t")
			}))
		}
		c.GateOpen(start)
		for _, q := range all {
			c.ProcessJoin(q)
		}
		c.Is(c.MailboxCount(c.Ref(c.ProcessMailbox(p))), "16")
		c.Ends(p, gate)
	})
}

// Readers and limited senders are killed under load: an object is delivered at most once,
// and what a send reported as added arrives (MBOX-READ-6, SEND-RET-1).
func TestKillsUnderLoad(t *testing.T) {
	bubble(t, func(c *scene) {
		var read, sent notes
		m := c.Ref(c.MakeMailbox(key.Size(2)))
		var senders, readers []spec.Ref
		for i := range 20 {
			senders = append(senders, c.Spawn(func(c *scene) {
				for n := range 20 {
					x := fmt.Sprint(i, "-", n)
					if spec.Truth(c.MailboxSendLimited(m, x, 2).Primary()) {
						sent.Add("%s", x)
					}
				}
			}))
			readers = append(readers, c.Spawn(func(c *scene) {
				for {
					r := c.MailboxRead(m)
					if r.Status != spec.Returned {
						return
					}
					read.Add("%s", r.Primary())
				}
			}))
		}
		for i := range 10 {
			c.ProcessKill(senders[2*i])
			c.ProcessKill(readers[2*i])
		}
		for _, p := range senders {
			c.ProcessJoin(p)
		}
		for _, p := range readers {
			settle()
			c.ProcessKill(p)
			c.ProcessJoin(p)
		}
		c.Is(c.MailboxCount(m), "0")
		seen := map[string]bool{}
		for _, x := range read.List() {
			if seen[x] {
				t.Errorf("%s was read twice", x)
			}
			seen[x] = true
		}
		for _, x := range sent.List() {
			if !seen[spec.String(x).String()] {
				t.Errorf("%s was sent and never read", x)
			}
		}
	})
}
