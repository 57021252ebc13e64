package native

import (
	"fmt"
	"sort"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

func TestMailbox(t *testing.T) {
	bubble(t, func(c *scene) {
		m := c.Ref(c.MakeMailbox(key.Size(2), key.Name("m")))
		c.Is(c.MailboxEmptyP(m), "t")
		c.Is(c.MailboxNotEmptyP(m), "nil")
		c.Is(c.MailboxSize(m), "2")
		c.Is(c.MailboxFullP(m), "nil")
		c.Is(c.MailboxPeek(m), "nil, nil")
		for i := range 10000 {
			c.Must(c.MailboxSend(m, i))
		}
		c.Is(c.MailboxCount(m), "10000")
		c.Is(c.MailboxNotEmptyP(m), "t")
		c.Is(c.MailboxPeek(m), "0, t")
		c.Is(c.MailboxWait(m), "t")
		for i := range 10000 {
			c.Is(c.MailboxRead(m), fmt.Sprintf("%d, t", i))
		}
		c.Is(c.MailboxEmptyP(m), "t")
		c.MailboxSend(m, nil)
		c.Is(c.MailboxPeek(m), "nil, t")
		c.Is(c.MailboxRead(m), "nil, t")
		begin := time.Now()
		c.Is(c.MailboxRead(m, "for a test", spec.Double(0.2)), "nil, nil")
		c.Is(c.MailboxRead(m, nil, 0), "nil, nil")
		c.Is(c.MailboxWait(m, nil, 1), "nil")
		if waited := time.Since(begin); waited != 1200*time.Millisecond {
			t.Errorf("it waited %v", waited)
		}
	})
}

// From empty, max(size, limit) limited sends succeed (MBOX-LIM-3).
func TestMailboxSendLimited(t *testing.T) {
	bubble(t, func(c *scene) {
		for _, test := range []struct{ size, limit, want int }{
			{1, 1, 1}, {1, 5, 5}, {4, 2, 4}, {4, 4, 4}, {3, 10, 10}, {8, 1, 8},
		} {
			m := c.Ref(c.MakeMailbox(key.Size(test.size)))
			sent := 0
			for spec.Truth(c.MailboxSendLimited(m, sent, test.limit, 0).Primary()) {
				sent++
			}
			if sent != test.want {
				t.Errorf("size %d, limit %d: %d sends succeeded, want %d", test.size, test.limit, sent, test.want)
			}
			c.Is(c.MailboxFullP(m), "t")
			c.Is(c.MailboxCount(m), fmt.Sprint(sent))
			c.Is(c.MailboxSize(m), fmt.Sprint(test.want))
		}
	})
}

func TestLimitedSendWaits(t *testing.T) {
	bubble(t, func(c *scene) {
		m, stop := c.Ref(c.MakeMailbox(key.Size(1))), c.Ref(c.MakeCell(nil))
		c.MailboxSend(m, "old")
		var log notes
		send := func(object string, more ...any) spec.Ref {
			return c.Spawn(func(c *scene) {
				log.Add("%s %s", object, c.MailboxSendLimited(m, object, 1, more...))
			})
		}
		p := send("room", nil, "a reason")
		settle()
		c.Is(c.MailboxRead(m), `"old", t`)
		c.Is(c.ProcessJoin(p), "t")
		q := send("stopped", nil, nil, spec.CellIs(stop, true))
		r := send("late", 10)
		settle()
		c.CellSet(stop, true)
		c.Is(c.ProcessJoin(q), "t")
		c.Is(c.MailboxSendLimited(m, "never", 1, nil, nil, spec.Always(), 1, 2), "nil")
		c.Is(c.ProcessJoin(r), "t")
		c.Is(c.MailboxCount(m), "1")
		log.Are(t, "room t", "stopped nil", "late nil")
	})
}

func TestMailboxArguments(t *testing.T) {
	bubble(t, func(c *scene) {
		m := c.Ref(c.MakeMailbox())
		for _, bad := range []any{0, -1, spec.Double(2), "8", spec.NewRatio(1, 2)} {
			c.Fails(c.MailboxSendLimited(m, 1, bad, 0), "type-error")
			c.Fails(c.MakeMailbox(key.Size(bad)), "type-error")
			c.Fails(c.ProcessSend(c.Must(c.GetCurrentProcess()), 1, key.Limit(bad)), "type-error")
		}
		for _, bad := range []any{-1, spec.NewRatio(-1, 2), "8", spec.Keyword("never")} {
			c.Fails(c.MailboxRead(m, nil, bad), "type-error")
			c.Fails(c.MailboxWait(m, nil, bad), "type-error")
			c.Fails(c.MailboxSendLimited(m, 1, 1, bad), "type-error")
			c.Fails(c.Await(spec.Never(), bad), "type-error")
			c.Fails(c.Pause(bad), "type-error")
		}
		huge, _ := spec.ParseInt("100000000000000000000")
		c.Is(c.MailboxSendLimited(m, 1, huge, huge), "t")
		for _, bad := range []any{nil, 7, "m", c.Must(c.GetCurrentProcess()), spec.Ref{ID: "mailbox-99"}} {
			for _, got := range []spec.Return{
				c.MailboxSend(bad, 1), c.MailboxRead(bad), c.MailboxPeek(bad), c.MailboxWait(bad), c.MailboxCount(bad),
				c.MailboxSize(bad), c.MailboxFullP(bad), c.MailboxEmptyP(bad), c.MailboxNotEmptyP(bad),
				c.MailboxSendLimited(bad, 1, 1), c.MailboxWaitForEvent(bad),
			} {
				c.Fails(got, "type-error")
			}
		}
		c.Fails(c.Do(spec.NewCall("mailbox-send", nil, m, 1, 2)), "program-error")
		c.Fails(c.Do(spec.Call{Op: "mailbox-send", Args: []spec.Value{m}}), "program-error")
	})
}

// Several readers and senders: every object arrives once, and each sender's in order.
func TestMailboxContention(t *testing.T) {
	bubble(t, func(c *scene) {
		const senders, readers, each = 4, 4, 500
		m := c.Ref(c.MakeMailbox(key.Size(3)))
		got := make([][]int, readers)
		var all []spec.Ref
		for r := range readers {
			all = append(all, c.Spawn(func(c *scene) {
				for {
					n := int(c.Must(c.MailboxRead(m)).(spec.Int))
					if n < 0 {
						return
					}
					got[r] = append(got[r], n)
				}
			}))
		}
		var sending []spec.Ref
		for s := range senders {
			sending = append(sending, c.Spawn(func(c *scene) {
				for i := range each {
					c.Is(c.MailboxSendLimited(m, s*each+i, 4), "t")
				}
			}))
		}
		for _, p := range sending {
			c.ProcessJoin(p)
		}
		for range readers {
			c.MailboxSend(m, -1)
		}
		for _, p := range all {
			c.ProcessJoin(p)
		}
		var union []int
		for _, list := range got {
			last := map[int]int{}
			for _, n := range list {
				if n < last[n/each] {
					t.Errorf("%d was read after %d", n, last[n/each])
				}
				last[n/each] = n
			}
			union = append(union, list...)
		}
		sort.Ints(union)
		for i, n := range union {
			if i != n {
				t.Fatalf("the objects are not 0 to %d, each once: %d stands at %d", senders*each-1, n, i)
			}
		}
		if len(union) != senders*each {
			t.Errorf("%d objects arrived, want %d", len(union), senders*each)
		}
	})
}

func TestWaitForEvent(t *testing.T) {
	bubble(t, func(c *scene) {
		self := c.Must(c.GetCurrentProcess())
		c.Is(c.ProcessMailbox(self), "nil")
		c.Is(c.ProcessWaitForEvent(key.NoHangP(true)), "nil")
		m := c.Ref(c.ProcessMailbox(self))
		flag := c.Ref(c.MakeCell(nil))
		fn := c.Function(func(*scene, []spec.Value) { t.Error("the event was called") })
		c.MailboxSend(m, fn)
		c.MailboxSend(m, []any{fn, 1})
		c.Is(c.ProcessWaitForEvent(key.WaitReason("r"), key.ProcessOtherMessagesP(true), key.StopAtUserOperationP(true)), fn.String())
		c.Is(c.MailboxWaitForEvent(m, key.NoHangP(true)), fmt.Sprintf("(%s 1)", fn))
		c.Is(c.MailboxWaitForEvent(m, key.NoHangP(true)), "nil")
		c.Is(c.ProcessWaitForEvent(key.WaitFunction(spec.Always())), "nil")
		c.Fails(c.ProcessWaitForEvent(key.WaitFunction(7)), "type-error")
		c.Fails(c.ProcessWaitForEvent(m), "program-error")
		var log notes
		p := c.Spawn(func(c *scene) {
			log.Add("%s", c.ProcessWaitForEvent(key.WaitFunction(spec.CellIs(flag, 1))))
			log.Add("%s", c.ProcessWaitForEvent(key.WaitFunction(spec.CellIs(flag, 2))))
		})
		settle()
		c.CellSet(flag, 1)
		settle()
		c.ProcessSend(p, "event")
		c.Is(c.ProcessJoin(p), "t")
		log.Are(t, "nil", `"event"`)
	})
}
