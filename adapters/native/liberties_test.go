package native

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// taking is bubble with liberties taken.
func taking(t *testing.T, ids []string, test func(c *scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { takingLive(t, ids, test) })
}

// takingLive is taking in real time, for real children.
func takingLive(t *testing.T, ids []string, test func(c *scene)) {
	t.Helper()
	a, err := NewLiberal(ids...)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := a.Open(context.Background(), spec.SystemConfig{})
	if err != nil {
		t.Fatal(err)
	}
	s := systemOf(opened.(*kit.System))
	if err := s.Run(func(f spec.Frame) { test(on(f, t, s)) }); err != nil {
		t.Errorf("run: %v", err)
	}
	if left := closed(t, s); left.Unclean {
		t.Errorf("the test left %+v", left)
	}
}

// With each liberty processes are made, send, read, are killed and joined; nothing hangs, and
// no goroutine is left.
func TestEveryLibertyLives(t *testing.T) {
	for _, l := range Liberties {
		t.Run(l.ID, func(t *testing.T) {
			taking(t, []string{l.ID}, func(c *scene) {
				m, got := c.Ref(c.MakeMailbox()), c.Ref(c.MakeMailbox())
				reader := c.Spawn(func(c *scene) {
					for i := range 5 {
						c.MailboxRead(m)
						c.MailboxSend(got, i)
					}
				})
				for i := range 5 {
					c.MailboxSendLimited(m, i, 2)
				}
				c.Is(c.ProcessJoin(reader), "t")
				c.Is(c.MailboxCount(got), "5")
				victim, _ := c.Gated()
				c.ProcessKill(victim)
				c.Is(c.ProcessJoin(victim), "t")
			})
		})
	}
}

// A process is killed while its code is about something that is no operation: it unwinds, runs
// its cleanups and is joined all the same, and learns of it when it comes back.
func TestKilledBetweenOperations(t *testing.T) {
	for _, liberty := range []string{"kills-anywhere", "kills-anywhere-cleanups-first", "gone-told-late"} {
		t.Run(liberty, func(t *testing.T) {
			taking(t, []string{liberty}, func(c *scene) {
				var log notes
				between, back, told := make(chan bool), make(chan bool), make(chan bool)
				p := c.Spawn(func(c *scene) {
					c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) { log.Add("cleanup %s", c.Eq(1, 1)) }))
					c.UnwindProtect(
						c.Code(func(c *scene, _ []spec.Value) {
							close(between)
							<-back
							log.Add("%s", c.Eq(1, 1))
							close(told)
						}),
						c.Code(func(c *scene, _ []spec.Value) { log.Add("form %s", c.Eq(1, 1)) }))
				})
				<-between
				c.Is(c.ProcessKill(p), "t")
				c.Is(c.ProcessJoin(p), "t")
				c.Is(c.ProcessAliveP(p), "nil")
				close(back)
				<-told
				if liberty == "kills-anywhere-cleanups-first" {
					log.Are(t, "cleanup t", "form t", "gone")
				} else {
					log.Are(t, "form t", "cleanup t", "gone")
				}
			})
		})
	}
}

// The readers of one mailbox are served in the order of the liberty, whatever the scheduler does.
func TestTurnsOfWaiters(t *testing.T) {
	for liberty, want := range map[string][]string{
		"first-come": {"reader 0 gets 0", "reader 1 gets 1", "reader 2 gets 2"},
		"last-come":  {"reader 2 gets 0", "reader 1 gets 1", "reader 0 gets 2"},
	} {
		taking(t, []string{liberty}, func(c *scene) {
			var log notes
			m := c.Ref(c.MakeMailbox())
			readers := make([]spec.Ref, 3)
			for i := range readers {
				readers[i] = c.Spawn(func(c *scene) { log.Add("reader %d gets %s", i, c.Must(c.MailboxRead(m))) })
				settle()
			}
			for i := range readers {
				c.MailboxSend(m, i)
				settle()
			}
			log.Are(t, want...)
		})
	}
}

// What a waiting reader was given before it is killed it tells with kills-spare-answers; without,
// it is lost.
func TestGivenThenKilled(t *testing.T) {
	for liberty, want := range map[string]string{"first-come": "gone, then gone", "kills-spare-answers": "7, t, then gone"} {
		taking(t, []string{liberty}, func(c *scene) {
			var log notes
			m := c.Ref(c.MakeMailbox())
			p := c.Spawn(func(c *scene) {
				got := c.MailboxRead(m)
				log.Add("%s, then %s", got, c.Eq(1, 1))
			})
			settle()
			c.sys.Lock() // nothing runs between the gift and the kill
			c.sys.put(c.sys.Object(m).(*mailbox), spec.Int(7), maxSize)
			c.sys.Object(p).(*process).land()
			c.sys.Unlock()
			c.Is(c.ProcessJoin(p), "t")
			c.Is(c.MailboxCount(m), "0")
			log.Are(t, want)
		})
	}
}

// A limited send has one effect also where its own adding wakes its own list.
func TestHandingOverToOneself(t *testing.T) {
	taking(t, []string{"first-come"}, func(c *scene) {
		m := c.Ref(c.MakeMailbox(key.Size(3)))
		for i := range 3 {
			c.Is(c.MailboxSendLimited(m, i, 3, 0), "t")
			c.Is(c.MailboxCount(m), fmt.Sprint(i+1))
		}
		c.Is(c.MailboxSendLimited(m, 3, 3, 0), "nil")
	})
}

// Time-outs, beginnings and kills that are late come all the same, and no later than is said.
func TestLateness(t *testing.T) {
	taking(t, []string{"everything-late"}, func(c *scene) {
		began := time.Now()
		c.Is(c.MailboxRead(c.Ref(c.MakeMailbox()), nil, 0.05), "nil, nil")
		if took := time.Since(began); took < 50*time.Millisecond || took > 70*time.Millisecond {
			t.Errorf("a time-out of 50 ms came after %v", took)
		}
		p, _ := c.Gated()
		began = time.Now()
		c.ProcessKill(p)
		c.Is(c.ProcessJoin(p), "t")
		if took := time.Since(began); took > 30*time.Millisecond {
			t.Errorf("a kill landed after %v", took)
		}
	})
}
