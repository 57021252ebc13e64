package native

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// blocking lists the operations that wait, each as a call that waits for ever.
var blocking = map[string]func(c *scene) spec.Return{
	"process-join": func(c *scene) spec.Return {
		p := c.spawn(func(c *scene) { c.GateWait(c.ref(c.MakeGate())) })
		defer c.ProcessKill(p)
		return c.ProcessJoin(p)
	},
	"process-wait":              func(c *scene) spec.Return { return c.ProcessWait("r", spec.Never()) },
	"process-wait-with-timeout": func(c *scene) spec.Return { return c.ProcessWaitWithTimeout("r", nil, spec.Never()) },
	"process-send": func(c *scene) spec.Return {
		p, _ := c.full()
		return c.ProcessSend(p, 1, key.Limit(1))
	},
	"mailbox-send-limited": func(c *scene) spec.Return {
		_, m := c.full()
		return c.MailboxSendLimited(m, 1, 1)
	},
	"mailbox-read":           func(c *scene) spec.Return { return c.MailboxRead(c.ref(c.MakeMailbox())) },
	"mailbox-wait":           func(c *scene) spec.Return { return c.MailboxWait(c.ref(c.MakeMailbox())) },
	"process-wait-for-event": func(c *scene) spec.Return { return c.ProcessWaitForEvent() },
	"mailbox-wait-for-event": func(c *scene) spec.Return { return c.MailboxWaitForEvent(c.ref(c.MakeMailbox())) },
	"process-terminate": func(c *scene) spec.Return {
		c.CurrentProcessSetTerminateMethod(key.RemoteTerminator(c.function(stands)))
		return c.ProcessTerminate(c.must(c.GetCurrentProcess()))
	},
	"wait-processing-events": func(c *scene) spec.Return { return c.WaitProcessingEvents(nil) },
	"process-all-events": func(c *scene) spec.Return {
		c.ProcessSend(c.must(c.GetCurrentProcess()), c.function(stands))
		return c.ProcessAllEvents()
	},
	"general-handle-event": func(c *scene) spec.Return { return c.GeneralHandleEvent(c.function(stands)) },
	"gate-wait":            func(c *scene) spec.Return { return c.GateWait(c.ref(c.MakeGate())) },
	"await":                func(c *scene) spec.Return { return c.Await(spec.Never(), nil) },
	"pause":                func(c *scene) spec.Return { return c.Pause(nil) },
	"funcall":              func(c *scene) spec.Return { return c.Funcall(c.function(stands)) },
	"unwind-protect": func(c *scene) spec.Return {
		return c.UnwindProtect(c.code(stands), c.code(func(*scene, []spec.Value) {}))
	},
	"handler-case": func(c *scene) spec.Return {
		return c.HandlerCase(c.code(stands), c.code(func(*scene, []spec.Value) {}))
	},
	"handler-bind": func(c *scene) spec.Return {
		return c.HandlerBind(c.code(stands), c.code(func(*scene, []spec.Value) {}))
	},
	"with-continue-restart":   func(c *scene) spec.Return { return c.WithContinueRestart(c.code(stands)) },
	"with-interrupts-blocked": func(c *scene) spec.Return { return c.WithInterruptsBlocked(c.code(stands)) },
	"with-captured-output":    func(c *scene) spec.Return { return c.WithCapturedOutput(c.code(stands)) },
	"let":                     func(c *scene) spec.Return { return c.Let(nil, c.code(stands)) },
}

func stands(c *scene, _ []spec.Value) { c.GateWait(c.ref(c.MakeGate())) }

// full gives the current process a mailbox without room.
func (c *scene) full() (process, mailbox spec.Value) {
	p, m := c.must(c.GetCurrentProcess()), c.ref(c.MakeMailbox(key.Size(1)))
	c.SetProcessMailbox(p, m)
	c.MailboxSend(m, 0)
	return p, m
}

func TestTheBlockingAreAllTested(t *testing.T) {
	for _, name := range slices.Concat(slices.Collect(maps.Keys(operations)), kit.Operations()) {
		switch name {
		case "signal-error": // it may wait in a debugger, which native doesn't have
			continue
		case "stream-write", "stream-read-line": // for who is at the other end, in real time: TestStreamsThatWait
			continue
		case "call-on-foreign-thread": // what C runs is in no bubble: TestForeignThreadKilled
			continue
		}
		op := spec.LookupOp(name)
		if op == nil || op.Is(spec.ByHarness) {
			t.Errorf("%s is no operation of the table for adapters", name)
		} else if _, image := imageOperations[name]; image {
			continue // in a program of its own: TestKillWakesWhoeverWaitsForImages
		} else if _, child := childOperations[name]; op.Is(spec.MayWait) && blocking[name] == nil && !child {
			t.Errorf("%s may wait: it needs its call that waits for ever", name)
		}
	}
}

func TestKillWakes(t *testing.T) {
	for name, call := range blocking {
		if name == "with-interrupts-blocked" { // PROC-KILL-3
			continue
		}
		t.Run(name, func(t *testing.T) {
			bubble(t, func(c *scene) {
				var log notes
				p := c.spawn(func(c *scene) {
					log.add("%s", call(c))
					log.add("%s", c.MakeLog())
				})
				settle()
				log.are(t)
				c.ProcessKill(p)
				c.is(c.ProcessJoin(p), "t")
				log.are(t, "gone", "gone")
				settle()
				for _, q := range c.sys.processes[1:] {
					c.ProcessKill(q.ref)
					c.ProcessJoin(q.ref)
				}
			})
		})
	}
}

func TestAbortWakes(t *testing.T) {
	for name, call := range blocking {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log notes
				s := open(t, spec.SystemConfig{})
				go func() {
					synctest.Wait()
					log.are(t)
					s.Abort()
				}()
				err := s.Run(func(f spec.Frame) {
					c := &scene{spec.API{Frame: f}, t, s}
					log.add("%s", call(c))
					log.add("%s", c.MakeLog())
				})
				log.are(t, "aborted", "aborted")
				if left := closed(t, s); err != nil || left.Unclean {
					t.Errorf("run: %v, left %+v", err, left)
				}
			})
		})
	}
}

func TestCloseWakes(t *testing.T) {
	for name, call := range blocking {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log notes
				s := open(t, spec.SystemConfig{})
				s.Run(func(f spec.Frame) {
					c := &scene{spec.API{Frame: f}, t, s}
					c.spawn(func(c *scene) {
						c.EnsureProcessCleanup(c.function(func(c *scene, _ []spec.Value) { log.add("cleanup") }))
						log.add("%s", call(c))
						log.add("%s", c.MakeLog())
					})
				})
				left := closed(t, s)
				log.are(t, "gone", "gone")
				if left.Processes < 1 || left.Children > 0 || left.Unclean {
					t.Errorf("it left %+v", left)
				}
				if again := closed(t, s); again != (spec.Leftover{}) {
					t.Errorf("the second close ended %+v", again)
				}
			})
		})
	}
}

func TestWatchdog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log notes
		s := open(t, spec.SystemConfig{Watchdog: time.Minute})
		begin := time.Now()
		err := s.Run(func(f spec.Frame) {
			c := &scene{spec.API{Frame: f}, t, s}
			gate := c.ref(c.MakeGate())
			c.spawn(func(c *scene) { c.MailboxRead(c.ref(c.MakeMailbox(key.Name("box")))) })
			log.add("%s", c.Pause(90))
			log.add("%s", c.GateWait(gate))
			log.add("%s", c.GateOpen(gate))
		})
		log.are(t, "nil", "aborted", "aborted")
		var stuck *spec.Stuck
		if !errors.As(err, &stuck) || stuck.Op != "gate-wait" || stuck.Proven {
			t.Fatalf("run: %v", err)
		}
		if waits := strings.Join(stuck.Waits, "\n"); !strings.Contains(waits, `"outermost" waits for #<gate`) ||
			!strings.Contains(waits, `"p" waits for an object in mailbox #<mailbox`) {
			t.Errorf("waits:\n%s", waits)
		}
		if waited := time.Since(begin); waited != 150*time.Second {
			t.Errorf("it waited %v", waited)
		}
		if left := closed(t, s); left.Processes != 1 {
			t.Errorf("it left %+v", left)
		}
	})
}
