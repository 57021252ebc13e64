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
		cell := c.Ref(c.MakeCell(nil))
		fn := c.Function(func(c *scene, args []spec.Value) {
			c.CellSet(cell, append([]spec.Value{c.Must(c.GetCurrentProcess())}, args...))
		})
		p := c.Ref(c.ProcessRunFunction("worker", spec.Nil{}, fn, 1, "two"))
		c.Is(c.ProcessJoin(p), "t")
		c.Is(c.CellGet(cell), "("+p.String()+` 1 "two")`)
		c.Is(c.ProcessAliveP(p), "nil")
		c.Is(c.ProcessKill(p), "t")

		q, gate := c.Gated()
		c.Is(c.ProcessAliveP(q), "t")
		c.Is(c.ProcessJoin(q, key.Timeout(1)), "nil")
		joiner := c.Spawn(func(c *scene) { c.Is(c.ProcessJoin(q), "t") })
		settle()
		began := time.Now()
		c.Ends(q, gate)
		c.Ends(joiner, gate)
		if waited := time.Since(began); waited != 0 { // who joins is woken, and by no watchdog
			t.Errorf("who joined looked after %v", waited)
		}

		self := c.Must(c.GetCurrentProcess())
		c.Fails(c.ProcessJoin(self), "simple-error")
		c.Fails(c.ProcessRunFunction(7, spec.Nil{}, fn), "type-error")
		c.Fails(c.ProcessRunFunction("p", []any{spec.Keyword("speed"), 1}, fn), "program-error")
		c.Fails(c.ProcessRunFunction("p", 1, fn), "program-error")
		c.Fails(c.ProcessRunFunction("p", spec.Nil{}, spec.Symbol{Name: "NOBODY"}), "undefined-function")
		for _, wrong := range []spec.Return{c.ProcessKill(fn), c.ProcessJoin(fn), c.ProcessAliveP(fn)} {
			c.Fails(wrong, "type-error")
		}
		c.Is(c.ProcessRunFunction("p", []any{spec.Keyword("priority"), 1}, fn), "absent")
	})
}

// A process that kills itself does nothing more, one that is killed before it begins nothing at all.
func TestKillsOfProcesses(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		p := c.Spawn(func(c *scene) {
			c.UnwindProtect(c.Code(func(c *scene, _ []spec.Value) {
				log.Add("%s", c.ProcessKill(c.Must(c.GetCurrentProcess())))
				log.Add("%s", c.MakeLog())
			}), c.Code(func(c *scene, _ []spec.Value) { log.Add("form: %s", c.Eq(1, 1)) }))
			log.Add("%s", c.MakeLog())
		})
		c.Is(c.ProcessJoin(p), "t")
		log.Are(t, "gone", "gone", "form: t", "gone")
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
		c.Is(c.ProcessAliveP(p.thread.Ref()), "nil")
	})
}

// A panic, or the end of a goroutine, ends the process, and the run is broken.
func TestPanicsEndProcesses(t *testing.T) {
	for want, code := range map[string]func(){"oops": func() { panic("oops") }, "Goexit": runtime.Goexit} {
		synctest.Test(t, func(t *testing.T) {
			s := open(t, spec.SystemConfig{})
			err := s.Run(func(f spec.Frame) {
				c := on(f, t, s)
				p := c.Spawn(func(c *scene) { c.Funcall(c.Function(func(*scene, []spec.Value) { code() })) })
				c.Is(c.ProcessJoin(p), "t")
			})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("run: %v", err)
			}
			closed(t, s)
		})
	}
}
