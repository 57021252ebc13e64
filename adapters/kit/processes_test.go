package kit

import (
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

func TestProcesses(t *testing.T) {
	bubble(t, func(c *scene) {
		cell := c.ref(c.MakeCell(nil))
		fn := c.function(func(c *scene, args []spec.Value) {
			c.CellSet(cell, append([]spec.Value{c.must(c.GetCurrentProcess())}, args...))
		})
		p := c.ref(c.ProcessRunFunction("worker", spec.Nil{}, fn, 1, "two"))
		c.is(c.ProcessJoin(p), "t")
		c.is(c.CellGet(cell), "("+p.String()+` 1 "two")`)
		c.is(c.ProcessAliveP(p), "nil")
		c.is(c.ProcessKill(p), "t")

		q, gate := c.gated()
		c.is(c.ProcessAliveP(q), "t")
		c.is(c.ProcessJoin(q, key.Timeout(1)), "nil")
		joiner := c.spawn(func(c *scene) { c.is(c.ProcessJoin(q), "t") })
		settle()
		began := time.Now()
		c.ends(q, gate)
		c.ends(joiner, gate)
		if waited := time.Since(began); waited != 0 { // who joins is woken, and by no watchdog
			t.Errorf("who joined looked after %v", waited)
		}

		self := c.must(c.GetCurrentProcess())
		c.fails(c.ProcessJoin(self), "simple-error")
		c.fails(c.ProcessRunFunction(7, spec.Nil{}, fn), "type-error")
		c.fails(c.ProcessRunFunction("p", []any{spec.Keyword("speed"), 1}, fn), "program-error")
		c.fails(c.ProcessRunFunction("p", 1, fn), "program-error")
		c.fails(c.ProcessRunFunction("p", spec.Nil{}, spec.Symbol{Name: "NOBODY"}), "undefined-function")
		for _, wrong := range []spec.Return{c.ProcessKill(fn), c.ProcessJoin(fn), c.ProcessAliveP(fn)} {
			c.fails(wrong, "type-error")
		}
		c.is(c.ProcessRunFunction("p", []any{spec.Keyword("priority"), 1}, fn), "absent")
	})
}

// A process that kills itself does nothing more, one that is killed before it begins nothing at all.
func TestKillsOfProcesses(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		p := c.spawn(func(c *scene) {
			c.UnwindProtect(c.code(func(c *scene, _ []spec.Value) {
				log.add("%s", c.ProcessKill(c.must(c.GetCurrentProcess())))
				log.add("%s", c.MakeLog())
			}), c.code(func(c *scene, _ []spec.Value) { log.add("form: %s", c.Eq(1, 1)) }))
			log.add("%s", c.MakeLog())
		})
		c.is(c.ProcessJoin(p), "t")
		log.are(t, "gone", "gone", "form: t", "gone")
	})
}

// One that is killed before it begins runs nothing, and ends.
func TestKilledBeforeItBegins(t *testing.T) {
	bubble(t, func(c *scene) {
		c.sys.Lock()
		p := newProcess(c.sys, "unbegun")
		p.killed = true
		c.sys.Unlock()
		p.live(c.sys, 1, func(spec.Frame, []spec.Value) []spec.Value { t.Error("it runs"); return nil }, nil)
		c.is(c.ProcessAliveP(p.thread.Ref()), "nil")
	})
}

// A panic, or the end of a goroutine, ends the process, and the run is broken.
func TestPanicsEndProcesses(t *testing.T) {
	for want, code := range map[string]func(){"oops": func() { panic("oops") }, "Goexit": runtime.Goexit} {
		synctest.Test(t, func(t *testing.T) {
			s := open(t, spec.SystemConfig{})
			err := s.Run(func(f spec.Frame) {
				c := &scene{spec.API{Frame: f}, t, s}
				p := c.spawn(func(c *scene) { c.Funcall(c.function(func(*scene, []spec.Value) { code() })) })
				c.is(c.ProcessJoin(p), "t")
			})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("run: %v", err)
			}
			closed(t, s)
		})
	}
}
