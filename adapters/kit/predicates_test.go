package kit

import (
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

func TestAwait(t *testing.T) {
	bubble(t, func(c *scene) {
		cell, box := c.Ref(c.MakeCell(0)), c.Ref(c.MakeMailbox())
		log := c.Ref(c.MakeLog())
		self := c.Must(c.GetCurrentProcess())
		for _, test := range []struct {
			predicate spec.Value
			want      string
		}{
			{spec.Always(), "t"},
			{spec.Never(), "nil"},
			{spec.CellIs(cell, 0), "t"},
			{spec.CellIs(cell, 1), "nil"},
			{spec.CellNot(cell, 0), "nil"},
			{spec.HasMail(box), "nil"},
			{spec.And(spec.Always(), spec.CellIs(cell, 0)), "t"},
			{spec.Or(spec.HasMail(box), spec.Never()), "nil"},
			{spec.Recording(log, spec.Always()), "t"},
		} {
			c.Is(c.Await(test.predicate, 0), test.want)
			c.Is(c.ProcessWaitWithTimeout("r", 0, test.predicate), test.want)
		}
		entry := spec.NewList(self, self)
		c.Is(c.LogRead(log), spec.NewList(entry, entry).String())

		begin := time.Now()
		c.Is(c.Await(spec.CellIs(cell, 1), spec.Double(0.5)), "nil")
		c.Is(c.Pause(2), "nil")
		if waited := time.Since(begin); waited != 2500*time.Millisecond {
			t.Errorf("it waited %v", waited)
		}
		c.Spawn(func(c *scene) {
			c.Pause(1)
			c.CellSet(cell, 1)
			c.Pause(1)
			c.MailboxSend(box, 1)
			c.Pause(1)
			c.CellSet(cell, 1)
		})
		c.Is(c.Await(spec.CellIs(cell, 1), 10), "t")
		c.Is(c.Await(spec.HasMail(box), nil), "t")
		c.Is(c.ProcessWait("r", spec.And(spec.HasMail(box), spec.CellIs(cell, 1))), "t")
		c.Pause(2)

		for _, bad := range []any{nil, 7, []any{spec.Keyword("perhaps")}, spec.CellIs(box, 1), spec.HasMail(cell), spec.Recording(box, spec.Always()), spec.And(spec.HasMail(cell))} {
			c.Fails(c.Await(bad, 0), "type-error")
			c.Fails(c.ProcessWait("r", bad), "type-error")
		}
	})
}

// A waiter misses no change that lasts, whoever makes it and whenever.
func TestAwaitMissesNothing(t *testing.T) {
	bubble(t, func(c *scene) {
		const rounds = 500
		cell := c.Ref(c.MakeCell(0))
		player := func(mine int) spec.Ref {
			return c.Spawn(func(c *scene) {
				for i := mine; i < rounds; i += 2 {
					c.Is(c.Await(spec.CellIs(cell, i), nil), "t")
					c.CellSet(cell, i+1)
				}
			})
		}
		p, q := player(0), player(1)
		c.Is(c.ProcessJoin(p), "t")
		c.Is(c.ProcessJoin(q), "t")
		c.Is(c.CellGet(cell), "500")
	})
}
